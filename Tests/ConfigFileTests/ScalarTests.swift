import ConfigFile
import Testing

@Suite struct ScalarTests {
    /// YAML 1.2.2, section 10.3.2, and what YAML 1.1 would have read otherwise.
    @Test(
        arguments: [
            ("", .null), ("~", .null), ("null", .null), ("Null", .null), ("NULL", .null), ("nULL", .string("nULL")),
            ("true", .boolean(true)), ("True", .boolean(true)), ("TRUE", .boolean(true)), ("false", .boolean(false)),
            ("False", .boolean(false)), ("FALSE", .boolean(false)), ("tRUE", .string("tRUE")),
            ("yes", .string("yes")), ("no", .string("no")), ("on", .string("on")), ("Off", .string("Off")),
            ("y", .string("y")), ("N", .string("N")),
            ("0", .integer(0)), ("-0", .integer(0)), ("+12", .integer(12)), ("-12", .integer(-12)),
            ("017", .integer(17)),
            ("0o17", .integer(15)), ("0o8", .string("0o8")), ("0x1F", .integer(31)), ("0x1f", .integer(31)),
            ("0xG", .string("0xG")), ("-0x1F", .string("-0x1F")), ("0x-1F", .string("0x-1F")), ("0x", .string("0x")),
            ("1_000", .string("1_000")), ("1:30", .string("1:30")), ("0b1", .string("0b1")),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("9223372036854775808", .number(9_223_372_036_854_775_808)),
            ("0xFFFFFFFFFFFFFFFF", .string("0xFFFFFFFFFFFFFFFF")),
            ("1e-3", .number(0.001)), ("1E5", .number(100_000)), ("12e03", .number(12_000)),
            ("-2E+05", .number(-200_000)),
            (".5", .number(0.5)), ("-.5", .number(-0.5)), ("1.", .number(1)), ("1.10", .number(1.1)),
            ("-0.0", .number(-0.0)),
            ("1e999", .number(.infinity)), ("-1e999", .number(-.infinity)), ("1e-999", .number(0)),
            (".", .string(".")), ("e5", .string("e5")), ("1e", .string("1e")), ("1e+", .string("1e+")),
            (".e5", .string(".e5")),
            ("1.2.3", .string("1.2.3")), ("1 2", .string("1 2")), ("0x1p3", .string("0x1p3")), ("٣", .string("٣")),
            (".inf", .number(.infinity)), ("+.Inf", .number(.infinity)), ("-.INF", .number(-.infinity)),
            (".iNF", .string(".iNF")), ("inf", .string("inf")), ("nan", .string("nan")), ("-.nan", .string("-.nan")),
            ("2001-12-14", .string("2001-12-14")),
            ("'1'", .string("1")), ("\"true\"", .string("true")), ("''", .string("")), ("'~'", .string("~")),
            ("!!str 1", .string("1")), ("! 1", .string("1")), ("!!str", .string("")),
            ("|\n  1\n", .string("1\n")), (">-\n  a\n  b", .string("a b")),
            ("\"\\u00e9\\x41\\t\"", .string("éA\t")),
        ] as [(String, ConfigNode.Value)])
    func `a scalar is what YAML 1.2 says, and text in quotes is text`(text: String, value: ConfigNode.Value) throws {
        let document = try ConfigDocument(parsing: SourceFile(path: "c.yaml", text: "key: \(text)"))
        let read = try #require(document.root["key"]).value
        #expect(read == value)
        if case .number(let number) = value, case .number(let other) = read {
            #expect(number.bitPattern == other.bitPattern)
        }
    }

    @Test(arguments: [".nan", ".NaN", ".NAN"]) func `not a number is a number`(text: String) throws {
        let document = try ConfigDocument(parsing: SourceFile(path: "c.yaml", text: text))
        guard case .number(let number) = document.root.value else {
            Issue.record("\(document.root.kindDescription)")
            return
        }
        #expect(number.isNaN)
    }

    @Test func `every value and key knows where it stands`() throws {
        let text = "a: 1\r\nb:\n  - x\n  - {ü: 'z', w: [1]}\n"
        let root = try ConfigDocument(parsing: SourceFile(path: "c.yaml", text: text)).root
        #expect(root.entries.map(\.keyLocation) == [.init(line: 1, column: 1), .init(line: 2, column: 1)])
        guard case .sequence(let items) = root["b"]?.value else {
            Issue.record("no list")
            return
        }
        #expect(items.map(\.location) == [.init(line: 3, column: 5), .init(line: 4, column: 5)])
        #expect(items[1].entries.map(\.keyLocation) == [.init(line: 4, column: 6), .init(line: 4, column: 14)])
        #expect(items[1].entries.map(\.node.location) == [.init(line: 4, column: 9), .init(line: 4, column: 17)])
    }

    @Test(arguments: ["", "\n\n", "# only\n# comments", "---\n", "---\n...\n", "%YAML 1.2\n---\n", "~", "\u{FEFF}"])
    func `a text without content is null`(text: String) throws {
        #expect(try readConfig(text).value == .null)
    }

    @Test func `lines are counted as YAML counts them`() {
        expect(
            """
            c.yaml:5:1: error: the key 'c' is given twice
            5 | c: 3
              | ^
              = help: it is first given on line 4
            """, of: "# a\u{2028}b: 1\r\rc: 2\u{85}c: 3")
    }
}
