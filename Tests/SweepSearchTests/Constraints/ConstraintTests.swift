import RandomStreams
import SweepSearch
import Testing

@Suite struct ConstraintTests {
    private static let parameters = [
        Parameter("a", .uniform(min: -10, max: 10)), Parameter("b", .integer(min: -10, max: 10, step: 1, log: false)),
        Parameter("kind", .choice(["sgd", "adam", "a b"])), Parameter("flag", .choice([true, false])),
        Parameter("mixed", .choice([1, "auto", true])), Parameter("layers.0.lr-max", .uniform(min: 0, max: 1)),
        Parameter("child", .uniform(min: 0, max: 1), when: [Condition("kind", .equals("sgd"))]),
    ]

    private func isFeasible(_ text: String, _ values: [String: ParameterValue]) throws -> Bool {
        let constraint = try Constraint(parsing: text, over: Self.parameters)
        // A space in which anything goes has a place for the constraint to be evaluated in.
        let anything = try Constraint(parsing: "(\(text)) or true", over: Self.parameters)
        let space = try SearchSpace(Self.parameters, constraints: [anything])
        #expect(space.isFeasible(Assignment(values, in: space)))
        guard let narrow = try? SearchSpace(Self.parameters, constraints: [constraint]) else { return false }
        return narrow.isFeasible(Assignment(values, in: narrow))
    }

    /// a = 2.5, b = 3, kind = adam, flag = true, mixed = auto, child inactive.
    @Test(arguments: [
        ("a < b", true), ("a + 1 <= b", false), ("a < b < 4", true), ("a < b < 3", false), ("b > a > -1 < 2", true),
        ("1 + 2 * 3 == 7", true), ("(1 + 2) * 3 == 9", true), ("-2 ** 2 == -4", true), ("2 ** 3 ** 2 == 512", true),
        ("2 ** -1 == 0.5", true), ("7 % 3 == 1", true), ("-7 % 3 == 2", true), ("8 / 4 / 2 == 1", true),
        ("5 - 2 - 1 == 2", true), ("b == 3", true), ("b != 3", false), ("b == 3.0", true), ("- - b == b", true),
        ("abs(-b) == max(1, 2, b) and min(4, b) == 3", true), ("sqrt(9) == b and exp(0) == 1 and log(1) == 0", true),
        ("log2(8) == 3 and log10(1000) == 3", true), ("floor(a) == 2 and ceil(a) == 3 and round(a) == 2", true),
        ("kind == 'adam'", true), ("kind == \"sgd\"", false), ("kind != 'a b'", true), ("'adam' == kind", true),
        ("kind in [sgd, adam]", true), ("kind in ['a b', sgd]", false), ("kind not in [sgd]", true),
        ("b in [1, -2, 3]", true), ("b not in [3]", false), ("b in []", false), ("flag", true), ("not flag", false),
        ("flag == (a < b)", true), ("not flag or a > 2", true), ("not (flag and a > 2)", false),
        ("true or false and false", true), ("a > 100 or b < 100", true), ("a > 100 and b < 100", false),
        ("0 / 0 < 1", false), ("0 / 0 == 0 / 0", false), ("log(-1) >= 0", false), ("1 / 0 > 1e308", true),
        ("max(1, 0/0) > 0", false), ("1e-3 == .001 and 1.5e+2 == 150", true), ("`layers.0.lr-max` < 2", true),
        // Undecided: nothing is known of what does not exist, or is no number.
        ("child > 5", true), ("child > 5 and a > 100", false), ("child > 5 or a > 100", true),
        ("not (child < 5)", true), ("child + a > 1e9", true), ("max(child, 1) > 5", true), ("child in [7]", true),
        ("mixed > 5", true), ("mixed == 1", false), ("mixed == 'auto'", true), ("mixed + 1 > 99", true),
    ])
    func `a constraint means what its text says`(text: String, holds: Bool) throws {
        let values: [String: ParameterValue] = [
            "a": 2.5, "b": 3, "kind": "adam", "flag": true, "mixed": "auto", "layers.0.lr-max": 0.5,
        ]
        #expect(try isFeasible(text, values) == holds)
    }

    @Test(
        arguments: [
            ("", [0], "the constraint is empty"), ("  ", [0], "the constraint is empty"),
            ("a <", [3], "a value is expected here, found its end"),
            ("a < b)", [5], "an operator or the end is expected here, found ')'"),
            ("(a < b", [6], "')' is expected here, found its end"),
            ("a b", [2], "an operator or the end is expected here, found 'b'"),
            ("a < 3x", [4], "'3x' is not a number"), ("a < 1e999", [4], "'1e999' is not a number"),
            ("a < 1.2.3", [4], "'1.2.3' is not a number"), ("a < 1e", [4], "'1e' is not a number"),
            ("a = 1", [2], "'=' is written '=='"), ("a < 1 && b < 1", [6], "'&&' is written 'and'"),
            ("a < 1 || b < 1", [6], "'||' is written 'or'"), ("! flag", [0], "'!' is written 'not'"),
            ("é $ 1", [2], "'$' has no meaning here"), ("kind == 'sgd", [8], "the text after ' is never closed"),
            ("a + bee < 1", [4], "'bee' is not a parameter of this sweep"),
            ("x < y", [0, 4], "'x' is not a parameter of this sweep\n'y' is not a parameter of this sweep"),
            ("sin(a) < 1", [0], "'sin' is not a function"), ("exp(a, b) < 1", [0], "'exp' takes 1 argument, found 2"),
            ("min() < 1", [0], "'min' takes 1 argument, found 0"),
            ("max(1 2) < 1", [6], "',' or ')' is expected here, found the number 2"),
            ("a + 1", [0], "a condition is expected here, found a number"),
            ("kind", [0], "a condition is expected here, found text"),
            ("a < kind", [4], "a number is expected here, found text"),
            ("a and b > 1", [0], "a condition is expected here, found a number"),
            ("not a", [4], "a condition is expected here, found a number"),
            ("-kind == 1", [1], "a number is expected here, found text"),
            ("kind == 3", [8], "text is expected here, found a number"),
            ("(a < b) + 1 > 0", [0], "a number is expected here, found a condition"),
            ("kind == 'sdg'", [8], "'kind' is never sdg"), ("kind in [sgd, adma]", [14], "'kind' is never adma"),
            ("b in [1, two]", [9], "a number is expected here, found text"),
            ("not a + 0 in [b, 9]", [14], "a number is expected here, found text"),
            ("b + 0 in [1, true]", [13], "a number is expected here, found a condition"),
            ("b in 1", [5], "a list such as [1, 2] is expected here, found the number 1"),
            ("b in [1", [7], "',' or ']' is expected here, found its end"),
            ("b in [1 + 1]", [8], "',' or ']' is expected here, found '+'"),
            ("a < and", [4], "a value is expected here, found 'and'"),
        ] as [(String, [Int], String)])
    func `a mistake is found at its place`(text: String, offsets: [Int], words: String) {
        do {
            _ = try Constraint(parsing: text, over: Self.parameters)
            Issue.record("\(text) was parsed")
        } catch {
            if !text.hasPrefix("é") { #expect(error.problems.map(\.offset) == offsets) }
            #expect(error.description == words)
        }
    }

    @Test(arguments: ["(", "-", "not ", "abs(", "2 ** ", "1 + ", "a < b == ", "(a < a < "])
    func `no length and no depth is too much`(piece: String) {
        // Every one of them ends in a mistake: too deep, too long, or something missing.
        for count in [90, 101, 100_000] {
            #expect(throws: ConstraintError.self) {
                try Constraint(parsing: String(repeating: piece, count: count), over: Self.parameters)
            }
        }
        #expect(throws: Never.self) {
            try Constraint(parsing: String(repeating: "1 + ", count: 4000) + "1 > a", over: Self.parameters)
        }
    }

    @Test func `no text makes the parser trap`() throws {
        let tokens = [
            "a", "b", "kind", "flag", "child", "`layers.0.lr-max`", "1", "-", "+", "*", "/", "%", "**", "(", ")", "[",
            "]", ",", "<",
            "<=", "==", "!=", "in", "not", "and", "or", "'sgd'", "true", "max", "abs", "log", "é", "🦊", "\"", ".",
            "1e308",
        ]
        var random = RandomStream(seed: 1, stream: 91)
        let space = try SearchSpace(Self.parameters)
        var parsed = 0
        for _ in 0..<20_000 {
            let words = (0...random.integer(below: 9)).map { _ in
                tokens[Int(random.integer(below: UInt64(tokens.count)))]
            }
            do {
                let constraint = try Constraint(parsing: words.joined(separator: " "), over: Self.parameters)
                let anything = try Constraint(parsing: "(\(constraint.text)) or true", over: Self.parameters)
                let draw = try space.complete([:], using: &random)
                #expect(try SearchSpace(Self.parameters, constraints: [anything]).isFeasible(draw))
                parsed += 1
            } catch let error as ConstraintError {
                #expect(!error.problems.isEmpty && error.problems.allSatisfy { $0.offset <= 200 })
            }
        }
        // About one text in a thousand is a constraint.
        #expect((5..<2_000).contains(parsed), "\(parsed)")
    }
}
