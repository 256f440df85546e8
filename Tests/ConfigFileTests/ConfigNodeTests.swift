import ConfigFile
import Testing

@Suite struct ConfigNodeTests {
    private let root: ConfigNode

    init() throws {
        root = try Self.node("model: {hidden: 64, layers: [1, 2]}\noptimizer: {sgd: {rate: 0.1}, none: {}}\nseed: ")
    }

    private static func node(_ text: String) throws -> ConfigNode {
        try ConfigDocument(parsing: SourceFile(path: "c.yaml", text: text)).root
    }

    @Test(
        arguments: [
            ("model.hidden", .integer(64)), ("optimizer.sgd.rate", .number(0.1)), ("seed", .null),
            ("optimizer.none", .mapping([])), ("model.width", nil), ("model.hidden.size", nil), ("hidden", nil),
            ("", nil),
            ("model.", nil), (".model", nil), ("model..hidden", nil), ("model.layers.0", nil),
        ] as [(String, ConfigNode.Value?)])
    func `a dotted path leads to a value, or nowhere`(path: String, value: ConfigNode.Value?) {
        #expect(root[path: path]?.value == value)
    }

    @Test func `leaves are what is no mapping, in the order of the text`() {
        #expect(root.leafPaths == ["model.hidden", "model.layers", "optimizer.sgd.rate", "optimizer.none", "seed"])
        #expect(ConfigNode(.integer(1)).leafPaths == [])
    }

    @Test(arguments: [
        ("model.hidden", "model: {hidden: 9, layers: [1, 2]}\noptimizer: {sgd: {rate: 0.1}, none: {}}\nseed: "),
        ("seed", "model: {hidden: 64, layers: [1, 2]}\noptimizer: {sgd: {rate: 0.1}, none: {}}\nseed: 9"),
        ("optimizer", "model: {hidden: 64, layers: [1, 2]}\noptimizer: 9\nseed: "),
        (
            "a.b.c",
            "model: {hidden: 64, layers: [1, 2]}\noptimizer: {sgd: {rate: 0.1}, none: {}}\nseed: \na: {b: {c: 9}}"
        ),
        (
            "optimizer.none.x",
            "model: {hidden: 64, layers: [1, 2]}\noptimizer: {sgd: {rate: 0.1}, none: {x: 9}}\nseed: "
        ),
    ])
    func `setting a path changes it and nothing else`(path: String, expected: String) throws {
        #expect(try root.setting(path, to: .integer(9)) == Self.node(expected))
    }

    @Test(arguments: ["model.hidden.size", "seed.x", "model.layers.0"])
    func `a path through a value cannot be set`(path: String) {
        #expect(root.setting(path, to: .integer(9)) == nil)
    }

    @Test func `equal values are equal wherever they stand`() throws {
        let block = try Self.node("a: 1 # one\n\nb: [x]\n")
        let flow = try Self.node("{a: 1, b: ['x']}")
        #expect(block == flow)
        #expect(block.hashValue == flow.hashValue)
        #expect(try block != Self.node("{b: [x], a: 1}"))
        #expect(try block != Self.node("{a: 1.0, b: [x]}"))
    }
}
