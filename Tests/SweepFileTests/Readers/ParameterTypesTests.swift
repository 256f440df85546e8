import SweepFile
import SweepSearch
import Testing

@Suite struct ParameterTypesTests {
    @Test(
        arguments: [
            ("{type: uniform, min: 0, max: 1}", .uniform(min: 0, max: 1)),
            ("{type: loguniform, min: 1e-4, max: 1}", .logUniform(min: 1e-4, max: 1)),
            ("{type: quniform, min: 0, max: 1, step: 0.1}", .quantized(.linear, min: 0, max: 1, step: 0.1)),
            ("{type: qloguniform, min: 1, max: 64, step: 2}", .quantized(.logarithmic, min: 1, max: 64, step: 2)),
            ("{type: normal, mean: 1, std: 2}", .normal(mean: 1, std: 2, min: -15, max: 17)),
            ("{type: normal, mean: 1, std: 2, min: 0}", .normal(mean: 1, std: 2, min: 0, max: 17)),
            ("{type: normal, mean: 1, std: 2, max: -20}", .normal(mean: 1, std: 2, min: -20, max: -20)),
            (
                "{type: lognormal, mean: 0, std: 1, min: 0.1, max: 9}",
                .logNormal(mean: 0, std: 1, min: 0.1, max: 9)
            ),
            (
                "{type: qnormal, mean: 0, std: 1, step: 0.5}",
                .quantized(.normal(mean: 0, std: 1), min: -8, max: 8, step: 0.5)
            ),
            (
                "{type: qlognormal, mean: 3, std: 1, min: 1, max: 100, step: 1}",
                .quantized(.logNormal(mean: 3, std: 1), min: 1, max: 100, step: 1)
            ),
            ("{type: int, min: 1, max: 9, step: 2, log: true}", .integer(min: 1, max: 9, step: 2, log: true)),
            ("{type: choice, values: [a, b], weights: [1, 2]}", .choice(values: ["a", "b"], weights: [1, 2])),
            ("{type: ordinal, values: [64, 128]}", .ordinal([64, 128])),
            ("{type: constant, value: sgd}", .choice(["sgd"])),
        ] as [(String, Distribution)])
    func `every type is read`(text: String, distribution: Distribution) throws {
        let space = try SweepText(parameters: "x: \(text)").read().sweep.space
        #expect(space["x"]?.distribution == distribution)
    }

    @Test(
        arguments: [
            ("a", [.equals("a")]), ("3", [.equals(3)]), ("true", [.equals(true)]), ("[1, a]", [.isOneOf([1, "a"])]),
            ("'< 3'", [.comparison(.less, 3)]), ("< 3", [.comparison(.less, 3)]),
            ("'>= -1.5e3'", [.comparison(.greaterOrEqual, -1500)]), ("'>2'", [.comparison(.greater, 2)]),
            ("{'>=': 2, '<': 9}", [.comparison(.greaterOrEqual, 2), .comparison(.less, 9)]), ("<=", [.equals("<=")]),
            ("< pad >", [.equals("< pad >")]),
        ] as [(String, [Condition.Test])])
    func `every condition is read`(text: String, tests: [Condition.Test]) throws {
        let sweep = SweepText(
            parameters: """
                x: {type: choice, values: [a, 3, true, -2000, 2.5, '<=', '< pad >']}
                y: {type: uniform, min: 0, max: 1, when: {x: \(text)}}
                """)
        #expect(try sweep.read().sweep.space["y"]?.conditions == tests.map { Condition("x", $0) })
    }

    @Test func `an ordinal is compared by the place of its values`() throws {
        let sweep = SweepText(
            parameters: """
                late: {type: uniform, min: 0, max: 1, when: {size: {'>': small, '<=': large}}}
                numeric: {type: uniform, min: 0, max: 1, when: {batch: '>= 128'}}
                size: {type: ordinal, values: [small, medium, large, huge]}
                batch: {type: ordinal, values: [64, 128, 256]}
                """)
        let space = try sweep.read().sweep.space
        #expect(
            space["late"]?.conditions == [
                Condition("size", .isOneOf(["medium", "large", "huge"])),
                Condition("size", .isOneOf(["small", "medium", "large"])),
            ])
        #expect(space["numeric"]?.conditions == [Condition("batch", .comparison(.greaterOrEqual, 128))])
    }

    @Test(arguments: [
        Mistake(
            "without a step", SweepText(parameters: "x: {type: quniform, min: 0, max: 1}"),
            """
            s.yaml:5:6: error: 'parameters.x.step' is missing
            5 |   x: {type: quniform, min: 0, max: 1}
              |      ^
            """),
        Mistake(
            "a step of no range", SweepText(parameters: "x: {type: qnormal, mean: 0.5, std: 0.01, step: 1}"),
            """
            s.yaml:5:50: error: 'parameters.x': no multiple of 1.0 lies between 0.42 and 0.58
            5 |   x: {type: qnormal, mean: 0.5, std: 0.01, step: 1}
              |                                                  ^
            """),
        Mistake(
            "without a deviation", SweepText(parameters: "x: {type: normal, mean: 0, max: 1}"),
            """
            s.yaml:5:6: error: 'parameters.x.std' is missing
            5 |   x: {type: normal, mean: 0, max: 1}
              |      ^
            """),
        Mistake(
            "a negative deviation", SweepText(parameters: "x: {type: lognormal, mean: 0, std: -1}"),
            """
            s.yaml:5:38: error: 'parameters.x': std must be greater than 0, and is -1.0
            5 |   x: {type: lognormal, mean: 0, std: -1}
              |                                      ^
            """),
        Mistake(
            "weights of an ordinal", SweepText(parameters: "x: {type: ordinal, values: [1, 2], weights: [1, 1]}"),
            """
            s.yaml:5:38: error: unknown key 'parameters.x.weights'
            5 |   x: {type: ordinal, values: [1, 2], weights: [1, 1]}
              |                                      ^
              = help: known are type, values, points, default, when
            """),
        Mistake(
            "a constant that is no number", SweepText(parameters: "x: {type: constant, value: .nan}"),
            """
            s.yaml:5:30: error: 'parameters.x.value' must be a value without '.nan', found the number .nan
            5 |   x: {type: constant, value: .nan}
              |                              ^
            """),
        Mistake(
            "a comparison without a number",
            SweepText(
                parameters: """
                    x: {type: int, min: 1, max: 9}
                    s: {type: ordinal, values: [a, b]}
                    y: {type: constant, value: 1, when: {x: < many, s: {'<': c}}}
                    z: {type: constant, value: 1, when: {x: {'=>': 3}}}
                    """),
            """
            s.yaml:7:43: error: 'x <' needs a finite number, found 'many'
            7 |   y: {type: constant, value: 1, when: {x: < many, s: {'<': c}}}
              |                                           ^
              = help: what 'x' is compared with is a number
            s.yaml:7:60: error: 's <' needs a finite number, found the string 'c'
            7 |   y: {type: constant, value: 1, when: {x: < many, s: {'<': c}}}
              |                                                            ^
              = help: what 's' is compared with is a number, or one of its values
            s.yaml:8:44: error: '=>' is not a comparison
            8 |   z: {type: constant, value: 1, when: {x: {'=>': 3}}}
              |                                            ^
              = help: known are <, <=, >, >=
            """),
    ])
    func `a mistake in a type's settings is explained`(mistake: Mistake) {
        mistake.check()
    }
}
