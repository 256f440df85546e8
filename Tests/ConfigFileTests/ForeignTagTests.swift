import ConfigFile
import Testing

/// What only the program that reads a file understands.
@Suite struct ForeignTagTests {
    private static func read(_ text: String) throws -> ConfigDocument {
        try ConfigDocument(parsing: SourceFile(path: "c.yaml", text: text), dialect: .foreign)
    }

    private static let half = ConfigNode(.number(0.5))

    @Test(
        arguments: [
            "a: !include x.yaml", "a: !!binary aGk=", "a: !!python/tuple [32, 32]", "a: !custom {b: 1}", "a: !ref",
            "a: !!python/object/apply:m.f\n  args: [1]", "? [a, b]\n: {c: 1}", "? {a: 1}\n: 2", "*x : 1",
            "a: !!set {b, c}", "a: !!timestamp 2001-12-14", "a: !!int 0b11", "a: !!int 12:30",
            "<<: !include x.yaml", "a: [!x 1, {b: !y }]", "<<: [*y, !include x.yaml]", "a: !<tag:example.com,2000:x> 1",
        ])
    func `what is not set passes byte for byte`(text: String) throws {
        let start = "x: [&x n]\ny: &y {m: 1}\n"
        for (before, after) in [("", "\nlr: 0.1 # rate\n"), ("lr: 0.1\n", "\n"), ("lr: 'x'\n", "")] {
            let whole = before + start + text + after
            let copy = try Self.read(whole).text(setting: [(path: "lr", node: Self.half)])
            #expect(copy == whole.replacing("0.1", with: "0.5").replacing("lr: 'x'", with: "lr: 0.5"))
            #expect(throws: DiagnosticsError.self, "\(text)") { try readConfig(whole) }
        }
    }

    @Test(arguments: [
        // In the order of the text: what refers to a value that is changed is written out.
        ("a: &a {lr: 1, t: !!python/tuple [1, 2]}\nb: *a\n", "{lr: 1, t: !!python/tuple [1, 2]}"),
        ("a: &a {lr: 1, t: !x {k: !y v, l: !z , m: !w 3}}\nb: *a\n", "{lr: 1, t: !x {k: !y v, l: !z '', m: !w 3}}"),
        ("a: &a {lr: 1, ? [p, q] : 2}\nb: *a\n", "{lr: 1, ? [p, q] : 2}"),
        ("a: &a {lr: 1, <<: !include x.yaml}\nb: *a\n", "{lr: 1, <<: !include x.yaml}"),
        ("d: &d {<<: !i x, c: 3}\na: &a {lr: 1, <<: [*d, !i y]}\nb: *a\n", "{lr: 1, c: 3, <<: [!i x, !i y]}"),
    ])
    func `what is written out keeps its tags and keys`(text: String, expected: String) throws {
        let copy = try Self.read(text).text(setting: [(path: "a.lr", node: Self.half)])
        #expect(copy == text.replacing("lr: 1", with: "lr: 0.5").replacing("b: *a", with: "b: \(expected)"))
    }

    @Test(arguments: [
        ("a: !include x.yaml", "a", "a", "!include"), ("a: !include x.yaml", "a.b.c", "a", "!include"),
        ("a: {b: !x {c: {d: 1}}}", "a.b", "a.b", "!x"), ("a: [1, !x [2]]", "a.1", "a.1", "!x"),
        ("a: &a !x [1]\nb: *a", "b", "b", "!x"), ("a.b: !x 1", "a.b", "a.b", "!x"),
        ("a: !!binary aGk=", "a", "a", "!!binary"),
    ])
    func `a value with such a tag cannot be set, nor what is behind it`(
        text: String, path: String, place: String, tag: String
    ) throws {
        let document = try Self.read(text)
        let found = try #require(document.root.foreignValue(onTheWayTo: path))
        #expect(found == (place, tag))
        let error = #expect(throws: DiagnosticsError.self) {
            try document.text(setting: [(path: path, node: Self.half)])
        }
        #expect(error?.description.contains("'\(path)' leads to") == true)
    }

    @Test(arguments: [
        ("a: {b: !x {c: {d: 1}}}", "a.b.c.d"), ("a: [1, !x [2]]", "a.1.0"), ("!x {a: 1}", "a"),
        ("a: {b: !x 1, c: 2}", "a.c"), ("a: [!x 1, 2]", "a.1"), ("a: {b: !x 1}", "a"), ("a: ! x", "a"),
    ])
    func `what stands beside it or in it can be set`(text: String, path: String) throws {
        let document = try Self.read(text)
        #expect(document.root.foreignValue(onTheWayTo: path) == nil)
        let copy = try Self.read(document.text(setting: [(path: path, node: Self.half)]))
        #expect(copy.root[path: path] == Self.half)
    }

    @Test(
        arguments: [
            ("no", .boolean), ("Off", .boolean), ("1_000", .integer), ("-0b11", .integer), ("12:30", .integer),
            ("1_0.5", .number), ("'no'", nil), ("'1_000'", nil), ("!!str no", nil), ("x", nil), ("2001-12-14", nil),
            ("7", nil), ("true", nil), ("!x no", nil),
        ] as [(String, ConfigNode.OlderKind?)])
    func `a plain text may be more to a reader of YAML 1_1`(text: String, kind: ConfigNode.OlderKind?) throws {
        #expect(try Self.read("a: \(text)").root["a"]?.olderKind == kind)
    }
}
