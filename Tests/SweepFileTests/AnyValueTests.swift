import ConfigFile
import SweepFile
import SweepModel
import SweepSearch
import Testing

extension ParameterValue: ExpressibleByArrayLiteral {
    public init(arrayLiteral elements: ParameterValue...) { self = .list(elements) }
}

@Suite struct AnyValueTests {
    private static let base = """
        schedule: null
        layers: [128, 32]
        optimizer: {name: sgd, lr: 0.1}
        seed: 3
        """
    private static let parameters = """
        schedule: {type: choice, values: [null, cosine, .inf]}
        layers: {type: ordinal, values: [[128, 32], [64], []]}
        optimizer: {type: choice, values: [{name: sgd, lr: 0.1}, {name: adam, lr: 0.001}]}
        seed: {type: choice, values: [3, null]}
        """

    private func read(_ parameters: String = parameters, rest: String = "") throws -> SweepFile {
        try SweepText(
            trainer: "{command: [train, '{config}'], config: base.yaml}", parameters: parameters, rest: rest,
            base: Self.base
        ).read()
    }

    @Test func `null, lists and mappings may be chosen, and replace values of the base whole`() throws {
        let file = try read()
        let space = file.sweep.space
        #expect(space["schedule"]?.distribution == .choice([.null, "cosine", .number(.infinity)]))
        #expect(space["layers"]?.distribution == .ordinal([[128, 32], [64], []]))
        let adam = ParameterValue.mapping([.init("name", "adam"), .init("lr", 0.001)])
        let assignment = Assignment(
            ["schedule": .null, "layers": [64], "optimizer": adam, "seed": .null], in: space)
        #expect(space.problem(with: assignment) == nil)
        #expect(
            file.config(for: assignment, seed: 1)
                == .object([
                    "schedule": ConfigNode.Value.null, "layers": .sequence([ConfigNode(.integer(64))]),
                    "optimizer": .mapping([
                        ConfigEntry(key: "name", node: ConfigNode(.string("adam"))),
                        ConfigEntry(key: "lr", node: ConfigNode(.number(0.001))),
                    ]), "seed": .null,
                ]))
    }

    @Test func `values match whatever the order of their keys and the form of their numbers`() throws {
        let space = try read(rest: "enqueue: [{optimizer: {lr: 1e-3, name: adam}, layers: [64.0]}]").sweep
        #expect(
            space.enqueued == [["optimizer": .mapping([.init("name", "adam"), .init("lr", 0.001)]), "layers": [64]]])
    }

    @Test func `a condition may be on null, a list or a mapping`() throws {
        let parameters =
            Self.parameters + """

                a: {type: constant, value: 1, when: {schedule: null}}
                b: {type: constant, value: 1, when: {layers: [128, 32]}}
                c: {type: constant, value: 1, when: {layers: [[64], []]}}
                d: {type: constant, value: 1, when: {optimizer: {name: sgd, lr: 0.1}}}
                """
        let space = try SweepText(parameters: parameters).read().sweep.space
        #expect(space["a"]?.conditions == [Condition("schedule", .equals(.null))])
        #expect(space["b"]?.conditions == [Condition("layers", .equals([128, 32]))])
        #expect(space["c"]?.conditions == [Condition("layers", .isOneOf([[64], []]))])
        #expect(space["d"]?.conditions.count == 1)
    }

    @Test func `what a value cannot be is refused`() {
        expect(
            """
            s.yaml:5:35: error: an element of 'parameters.layers.values' must be a value without '.nan', found a list
            5 |   layers: {type: choice, values: [[.nan]]}
              |                                   ^
            """
        ) { _ = try read("layers: {type: choice, values: [[.nan]]}") }
        expect(
            """
            s.yaml:5:3: error: 'layers' is a list in base.yaml, and the parameter is not always of that kind
            5 |   layers: {type: choice, values: [[1], 2]}
              |   ^
              = help: the parameter is one of [1], 2
            """
        ) { _ = try read("layers: {type: choice, values: [[1], 2]}") }
        expect(
            """
            s.yaml:6:3: error: 'optimizer.lr' is a part of 'optimizer', which is a parameter itself
            6 |   optimizer.lr: {type: uniform, min: 0, max: 1}
              |   ^
              = help: tune the whole or its parts
            """
        ) {
            _ = try read("optimizer: {type: choice, values: [{lr: 1}]}\noptimizer.lr: {type: uniform, min: 0, max: 1}")
        }
        expect(
            """
            s.yaml:6:15: error: a constraint compares numbers, text, true and false, and 'layers' may be [1]
            6 | constraints: [layers == 3]
              |               ^
            """
        ) { _ = try read("layers: {type: choice, values: [[1], [2]]}", rest: "constraints: [layers == 3]") }
    }

    @Test func `a long value is written on one line`() {
        let value: ParameterValue = .mapping([.init("a b", [1, .null, "no"]), .init("c", .mapping([]))])
        #expect(value.description == "{'a b': [1, null, 'no'], c: {}}")
        #expect(value.argument == #"{"a b":[1,null,"no"],"c":{}}"#)
    }
}
