import SweepFile
import SweepSearch
import Testing

@Suite struct ConstraintReadingTests {
    private static let parameters = """
        model.width: {type: int, min: 8, max: 512}
        kind: {type: choice, values: [sgd, adam]}
        """

    private static func sweep(_ constraints: String, rest: String = "") -> SweepText {
        SweepText(parameters: parameters, rest: "constraints: \(constraints)\n\(rest)")
    }

    @Test(arguments: [
        "[\"model.width < 100\"]", "model.width < 100", "\n- model.width < 100",
        "['model.width < 100', \"kind == 'sgd'\"]",
        ">-\n  model.width\n  < 100", "[]",
    ])
    func `constraints are a list of expressions, or one`(text: String) throws {
        let space = try Self.sweep(text).read().sweep.space
        #expect(space.constraints.first?.text == (text == "[]" ? nil : "model.width < 100"))
        let wide = Assignment(["model.width": 200, "kind": "sgd"], in: space)
        #expect(space.isFeasible(wide) == (text == "[]"))
    }

    @Test(arguments: [
        Mistake(
            "in double quotes", sweep(#"["kind == 'sdg'", "model.width <= \"a\" + widht"]"#),
            #"""
            s.yaml:7:24: error: 'kind' is never sdg
            7 | constraints: ["kind == 'sdg'", "model.width <= \"a\" + widht"]
              |                        ^
              = help: 'kind' is one of sgd, adam
            s.yaml:7:48: error: a number is expected here, found text
            7 | constraints: ["kind == 'sdg'", "model.width <= \"a\" + widht"]
              |                                                ^
            s.yaml:7:56: error: 'widht' is not a parameter of this sweep
            7 | constraints: ["kind == 'sdg'", "model.width <= \"a\" + widht"]
              |                                                        ^
              = help: text needs quotes
            """#),
        Mistake(
            "in single quotes", sweep("['kind == ''sgd'' or model.widht > 1']"),
            """
            s.yaml:7:35: error: 'model.widht' is not a parameter of this sweep
            7 | constraints: ['kind == ''sgd'' or model.widht > 1']
              |                                   ^
              = help: did you mean 'model.width'?
            """),
        Mistake(
            "plain", sweep("\n- sqr(model.width) < 3"),
            """
            s.yaml:8:3: error: 'sqr' is not a function
            8 | - sqr(model.width) < 3
              |   ^
              = help: did you mean 'sqrt'?
            """),
        Mistake(
            "over several lines", sweep(">-\n  model.width\n  < oops"),
            """
            s.yaml:7:14: error: 'oops' is not a parameter of this sweep, at character 15
            7 | constraints: >-
              |              ^
              = help: text needs quotes
            """),
        Mistake(
            "at the end", sweep("[model.width < ]"),
            """
            s.yaml:7:28: error: a value is expected here, found its end
            7 | constraints: [model.width < ]
              |                            ^
            """),
        Mistake(
            "no text", sweep("[3]"),
            """
            s.yaml:7:15: error: a constraint must be an expression, found the integer 3
            7 | constraints: [3]
              |               ^
              = help: constraints: ["PARAMETER * PARAMETER <= NUMBER", …]
            """),
        Mistake(
            "no list", sweep("{a: b}"),
            """
            s.yaml:7:14: error: 'constraints' must be a list of expressions, found a mapping
            7 | constraints: {a: b}
              |              ^
              = help: constraints: ["PARAMETER * PARAMETER <= NUMBER", …]
            """),
    ])
    func `a mistake in a constraint is reported where it stands`(mistake: Mistake) {
        mistake.check()
    }

    @Test(arguments: [
        Mistake(
            "none of finitely many", sweep("[kind == 'sgd', model.width > 512]"),
            """
            s.yaml:7:30: error: no trial can satisfy the constraints: all 1010 combinations of values were tried
            7 | constraints: [kind == 'sgd', model.width > 512]
              |                              ^
            """),
        Mistake(
            "none found in a continuum",
            SweepText(
                parameters: "x: {type: uniform, min: 0, max: 1}\ny: {type: uniform, min: 0, max: 1}",
                rest: "constraints: x + y == 1"),
            """
            s.yaml:7:14: error: no values were found that satisfy the constraints, in 20000 tries; \
            there may be some, but hardly any
            7 | constraints: x + y == 1
              |              ^
            """),
        Mistake(
            "enqueued", sweep("[model.width < 100]", rest: "enqueue: [{kind: sgd}, {model.width: 100}]"),
            """
            s.yaml:8:24: error: the values violate the constraint model.width < 100
            8 | enqueue: [{kind: sgd}, {model.width: 100}]
              |                        ^
            """),
    ])
    func `what no trial can satisfy is refused`(mistake: Mistake) {
        mistake.check()
    }

    @Test func `a grid ends by itself and needs points of every continuum`() throws {
        let sweep = SweepText(
            budget: "{}",
            parameters: "x: {type: uniform, min: 0, max: 1, points: 3}\ny: {type: choice, values: [1, 2]}",
            rest: "sampler: grid")
        let read = try sweep.read().sweep
        #expect(read.sampler.name == .grid && read.budget.trials == nil)
        #expect(GridSampler().size(in: read.space) == .points(6))
        let all = SweepText(
            budget: "{}", parameters: "x: {type: uniform, min: 0, max: 1}", rest: "sampler: {name: grid, points: 7}")
        #expect(try all.read().sweep.sampler.points == 7)
    }

    @Test(arguments: [
        Mistake(
            "without points",
            SweepText(
                parameters: """
                    n: {type: int, min: 0, max: 9}
                    x: {type: normal, mean: 0, std: 1}
                    """, rest: "sampler: grid"),
            """
            s.yaml:6:6: error: a grid needs to know how many 'points' of 'x' to try
            6 |   x: {type: normal, mean: 0, std: 1}
              |      ^
              = help: points: 5 there, or for all of them sampler: {name: grid, points: 5}
            """),
        Mistake(
            "none left by the constraints",
            SweepText(
                parameters: "x: {type: uniform, min: 0, max: 1, points: 2}",
                rest: "sampler: grid\nconstraints: 0.2 < x < 0.8"),
            """
            s.yaml:7:14: error: no point of the grid satisfies the constraints
            7 | constraints: 0.2 < x < 0.8
              |              ^
              = help: give the parameters more points
            """),
        Mistake(
            "nearly none left by the constraints",
            SweepText(
                parameters: ["a", "b", "c", "d"].map { "\($0): {type: int, min: 1, max: 1000}" }.joined(
                    separator: "\n"),
                rest: "sampler: grid\nconstraints: a + b + c + d > 3999"),
            """
            s.yaml:10:14: error: the constraints exclude nearly all of the grid: \
            none of the first 1,000,000 points that were looked at satisfies them
            10 | constraints: a + b + c + d > 3999
               |              ^
               = help: a grid looks at its points one after another, which would take too long here; \
            give fewer points, or choose another sampler, such as sampler: auto
            """),
        Mistake(
            "points of another sampler", SweepText(rest: "sampler: {name: tpe, points: 3}"),
            """
            s.yaml:6:22: error: unknown key 'sampler.points'
            6 | sampler: {name: tpe, points: 3}
              |                      ^
              = help: known are name, seed
            """),
    ])
    func `a grid without end or without points is refused`(mistake: Mistake) {
        mistake.check()
    }
}
