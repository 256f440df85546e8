import SweepSearch
import Testing

/// Filters choose trials, in the language of constraints with a few additions.
@Suite struct FilterTests {
    private static func variable(_ name: String) -> FilterVariable? {
        switch name {
        case "state": .values(.choice(["waiting", "complete", "failed"]))
        case "value", "number", "metric.acc", "a/b": .number
        case "reason": .text
        case "lr": .values(.uniform(min: 0, max: 1))
        case "kind": .values(.choice(["sgd", "adam"]))
        case "flag": .values(.choice([true, false]))
        case "shape", "schedule": .values(.choice([.null, .list([1]), "auto"]))
        case "size": .values(.ordinal(["small", "medium", "large"]))
        case "gone": .anything
        default: nil
        }
    }

    private static func filter(_ text: String) throws(ConstraintError) -> Filter {
        try Filter(parsing: text, words: ["waiting", "complete", "failed", "sgd", "adam"], variable: variable)
    }

    private static let complete: [String: ParameterValue] = [
        "state": "complete", "value": 0.25, "number": 3, "metric.acc": 0.75, "kind": "sgd", "flag": true,
        "shape": .list([1]), "a/b": 2, "size": "medium", "schedule": .null,
    ]
    private static let failed: [String: ParameterValue] = [
        "state": "failed", "number": 4, "reason": "crash: exit 3", "lr": 0.5, "kind": "adam", "shape": "auto",
        "metric.acc": .number(.nan), "gone": "old", "size": "large",
    ]

    @Test(arguments: [
        ("state == complete", true, false), ("state != complete", false, true), ("state in [failed]", false, true),
        ("state == 'failed'", false, true), ("value < 0.3", true, false), ("0.2 < value < 0.3", true, false),
        ("kind == adam or number == 3", true, true), ("metric.acc > 0.5", true, false),
        ("`a/b` * 2 == 4", true, false), ("max(number, 4) == 4", true, true), ("flag", true, false),
        // What a trial does not have makes each comparison false, also those that deny something.
        ("lr < 1", false, true), ("lr != 0.5", false, false), ("lr == 0.5", false, true),
        ("lr not in [0.5]", false, false),
        ("lr not in [0.1]", false, true), ("not lr < 1", true, false), ("not (value < 0.3)", false, true),
        ("value < 1 and lr < 1", false, false), ("value < 1 or lr < 1", true, true), ("not flag", false, false),
        ("value + lr < 9", false, false), ("reason == 'crash: exit 3'", false, true),
        // NaN is a value that satisfies no comparison but `!=`.
        ("metric.acc <= 1", true, false), ("metric.acc != 1", true, true),
        ("'exit' in reason", false, true), ("'memory' in reason", false, false), ("'' in reason", false, true),
        ("'memory' not in reason", false, true), ("shape == 'auto'", false, true), ("gone == 'old'", false, true),
        ("reason > 'crash'", false, true), ("reason < 'crash'", false, false), ("'a' <= reason <= 'd'", false, true),
        ("size >= 'medium'", true, true), ("size > 'medium'", false, true), ("'large' > size", true, false),
        ("'small' < size <= 'medium'", true, false), ("size < 'small'", false, false),
        ("schedule == null", true, false), ("schedule != null", false, false), ("shape in [null]", false, false),
        ("shape != null", true, true), ("schedule in [null, auto]", true, false), ("not schedule == null", false, true),
        ("gone > 3", false, false), ("true", true, true), ("false", false, false),
    ])
    func `a filter chooses the trials for which it is true`(text: String, first: Bool, second: Bool) throws {
        let filter = try Self.filter(text)
        let results = [Self.complete, Self.failed].map { trial in filter.matches { trial[filter.names[$0]] } }
        #expect(results == [first, second])
    }

    @Test(arguments: [
        ("valu < 1", 0, "'valu' is not a parameter of this sweep"),
        ("value < 1 and stat == complete", 14, "'stat' is not a parameter of this sweep"),
        ("state == complet", 9, "'complet' is not a parameter of this sweep"),
        ("state == 'complet'", 9, "'state' is never complet"),
        ("state < 3", 0, "a number is expected here, found text"),
        ("value", 0, "a condition is expected here, found a number"), ("value =< 1", 6, "'=' is written '=='"),
        ("1 in reason", 0, "text is expected here, found a number"),
        ("reason == adam and value == sgd", 28, "a number is expected here, found text"),
    ])
    func `a mistake is found at its place`(text: String, offset: Int, message: String) {
        do throws(ConstraintError) {
            _ = try Self.filter(text)
            Issue.record("it was accepted")
        } catch {
            #expect(error.problems.first?.description == message)
            #expect(error.problems.first?.offset == offset)
        }
    }

    @Test func `in a constraint, words still need quotes, and text is not searched`() {
        let parameters = [Parameter("kind", .choice(["sgd", "adam"]))]
        for text in ["kind == adam", "'a' in kind"] {
            #expect(throws: ConstraintError.self) { try Constraint(parsing: text, over: parameters) }
        }
    }
}
