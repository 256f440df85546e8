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
            ("model.", nil), (".model", nil), ("model..hidden", nil), ("model.layers.0", .integer(1)),
            ("model.layers.1", .integer(2)), ("model.layers.2", nil), ("model.layers.01", nil),
            ("model.layers.-1", nil), ("model.layers.+1", nil), ("model.layers.0.x", nil),
        ] as [(String, ConfigNode.Value?)])
    func `a dotted path leads to a value, or nowhere`(path: String, value: ConfigNode.Value?) {
        #expect(root[path: path]?.value == value)
    }

    @Test func `keys may hold dots and be numbers, and come before what they could be split into`() throws {
        let root = try Self.node("a.b: 1\na: {c: 2, c.d: 3}\n0: {1: 4}\nx: {y: 5}\nx.y: 6\nl: [{0: 7}, [8]]")
        let values: [(String, Int?)] = [
            ("a.b", 1), ("a.c", 2), ("a.c.d", 3), ("0.1", 4), ("x.y", 5), ("l.0.0", 7), ("l.1.0", 8), ("0.0", nil),
        ]
        for (path, value) in values { #expect(root[path: path]?.value == value.map { .integer($0) }, "\(path)") }
        let deep = (0..<90).reduce("1") { text, _ in "{a: \(text), a.a: \(text.count > 2000 ? "2" : text)}" }
        #expect(try Self.node(deep)[path: Array(repeating: "a", count: 200).joined(separator: ".")] == nil)
    }

    @Test func `all paths lead to what is there, elements of lists included`() {
        #expect(
            root.allPaths == [
                "model", "model.hidden", "model.layers", "model.layers.0", "model.layers.1", "optimizer",
                "optimizer.sgd",
                "optimizer.sgd.rate", "optimizer.none", "seed",
            ])
        for path in root.allPaths { #expect(root[path: path] != nil, "\(path)") }
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
        ("model.layers.1", "model: {hidden: 64, layers: [1, 9]}\noptimizer: {sgd: {rate: 0.1}, none: {}}\nseed: "),
    ])
    func `setting a path changes it and nothing else`(path: String, expected: String) throws {
        #expect(try root.setting(path, to: .integer(9)) == Self.node(expected))
    }

    @Test(arguments: ["model.hidden.size", "seed.x", "model.layers.2"])
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
