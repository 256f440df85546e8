import ConfigFile
import Testing

@Suite struct AliasTests {
    @Test(arguments: [
        ("a: &x {b: 1}\nc: *x", "a: {b: 1}\nc: {b: 1}"),
        ("[&x 1, *x, &x 2, *x]", "[1, 1, 2, 2]"),
        ("a: &x-1_y [1]\nb: [*x-1_y, *x-1_y]", "a: [1]\nb: [[1], [1]]"),
        ("a: &x [&y 1, *y]\nb: *x", "a: [1, 1]\nb: [1, 1]"),
        ("a: '*x'\nb: a*b\nc: 2 * 3\nd: \"*\"\ne: |\n  *x\n*f: g", nil),
        ("base: &b {x: 1, y: 2}\nrun: {<<: *b, y: 3}", "base: {x: 1, y: 2}\nrun: {y: 3, x: 1}"),
        (
            "a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*a, *b], z: 3}",
            "a: {x: 1}\nb: {x: 2, y: 2}\nc: {z: 3, x: 1, y: 2}"
        ),
        ("'<<': 1", "\"<<\": 1"),
        ("&k a: 1\nb: *k", "a: 1\nb: a"),
        ("[&x 1, &x [*x, 2], *x]", "[1, [1, 2], [1, 2]]"),
    ])
    func `an alias stands for what its anchor names`(text: String, expanded: String?) throws {
        guard let expanded else {
            #expect(throws: DiagnosticsError.self) { try readConfig(text) }
            return
        }
        #expect(try readConfig(text) == readConfig(expanded))
    }

    @Test func `an asterisk in text is text`() throws {
        let root = try readConfig("a: '*x'\nb: a*b\nc: 2 * 3\nd: \"*\"\ne: |\n  *x\nf*: g # *")
        #expect(root.entries.map(\.key) == ["a", "b", "c", "d", "e", "f*"])
        #expect(root.entries.map(\.node.value) == ["*x", "a*b", "2 * 3", "*", "*x\n", "g"].map { .string($0) })
    }

    @Test(arguments: [
        (
            "a: &rate 1\nb: *rat",
            """
            c.yaml:2:4: error: there is no '&rat' before '*rat'
            2 | b: *rat
              |    ^
              = help: did you mean '*rate'?
            """
        ),
        (
            "files: *.png",
            """
            c.yaml:1:8: error: no anchor's name follows this '*'
            1 | files: *.png
              |        ^
              = help: text that begins with '*' needs quotes
            """
        ),
        (
            "files: [a, *_*.png]",
            """
            c.yaml:1:12: error: no anchor's name follows this '*'
            1 | files: [a, *_*.png]
              |            ^
              = help: text that begins with '*' needs quotes
            """
        ),
        (
            "a: 1\nb: &amp;",
            """
            c.yaml:2:4: error: no anchor's name follows this '&'
            2 | b: &amp;
              |    ^
              = help: text that begins with '&' needs quotes
            """
        ),
        (
            "a: &a [*a]",
            """
            c.yaml:1:8: error: there is no '&a' before '*a'
            1 | a: &a [*a]
              |        ^
              = help: text that begins with '*' needs quotes
            """
        ),
        (
            "a: &a {b: 1}\n*a : 2",
            """
            c.yaml:2:1: error: a key must be a plain name
            2 | *a : 2
              | ^
              = help: text that begins with '[', '{' or '*' needs quotes
            """
        ),
        (
            "<<: 3",
            """
            c.yaml:1:5: error: '<<' must merge a mapping, found the integer 3
            1 | <<: 3
              |     ^
              = help: write '<<' in quotes for a key of that name
            """
        ),
    ])
    func `an alias of nothing is refused`(text: String, report: String) { expect(report, of: text) }

    @Test func `characters that Unicode does not assign are read like others`() throws {
        let noncharacters = (0xFDD1...0xFDEF).compactMap(Unicode.Scalar.init).map(String.init).joined()
        let root = try readConfig("'\(noncharacters)': '*'\na: &x '*'\nb: *x")
        #expect(root.entries.map(\.key) == [noncharacters, "a", "b"])
        #expect(root.entries.map(\.node.value) == [.string("*"), .string("*"), .string("*")])
    }
}
