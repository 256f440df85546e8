import ConfigFile
import Foundation
import Testing

/// A copy of a text in JSON, and of one in which text is in quotes.
@Suite struct JSONCopyTests {
    private static func copy(_ text: String, _ path: String, _ node: ConfigNode) throws -> String {
        try ConfigDocument(parsing: SourceFile(path: "c.json", text: text)).text(setting: [(path: path, node: node)])
    }

    @Test(arguments: [
        ("a: \"x\" # c\n", "sgd", "a: \"sgd\" # c\n"), ("a: 'x'\n", "sgd", "a: 'sgd'\n"),
        ("a: \"x\"\n", "it's \"1\"", "a: \"it's \\\"1\\\"\"\n"), ("a: 'x'\n", "it's", "a: 'it''s'\n"),
        ("a: 'x'\n", "b\n", "a: \"b\\n\"\n"), ("a: &x 'x'\n", "b", "a: &x 'b'\n"),
        ("a: !!str \"x\"\n", "b", "a: !!str \"b\"\n"), ("a: x\n", "b", "a: b\n"), ("a: x\n", "no", "a: 'no'\n"),
        ("a: |\n  x\n", "b", "a: b\n"), ("- {a: \"x\", b: y}\n", "b", "- {a: \"b\", b: y}\n"),
    ])
    func `text is in quotes where the old text was`(text: String, value: String, expected: String) throws {
        let path = text.hasPrefix("-") ? "0.a" : "a"
        #expect(try Self.copy(text, path, ConfigNode(.string(value))) == expected)
    }

    @Test(arguments: [
        ("relu", "\"relu\""), ("'no'", "\"no\""), ("[x, 'y', {k: [~]}]", "[\"x\", \"y\", {\"k\": [null]}]"),
        ("1e-5", "1.0e-05"), ("0x1F", "31"), ("+12", "12"), (".5", "0.5"), ("3.", "3.0"), ("3.10", "3.10"),
        ("007", "7"), ("18446744073709551615", "18446744073709551615"), ("+1.5", "1.5"), ("True", "true"),
        ("~", "null"), ("\"\\u2028\\U0001F98A\\U000E0041\\t\"", "\"\\u2028🦊\u{E0041}\\t\""),
    ])
    func `what is written into JSON is JSON`(text: String, expected: String) throws {
        for old in ["1", "\"x\"", "null", "[1, {}]", "{\"b\": []}"] {
            let copy = try Self.copy("{\n  \"a\": \(old),\n  \"z\": [\"w\"]\n}\n", "a", readConfig(text))
            #expect(copy == "{\n  \"a\": \(expected),\n  \"z\": [\"w\"]\n}\n")
            #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(copy.utf8)) }
        }
        #expect(try Self.copy("{}", "a", readConfig(text)) == "{\"a\": \(expected)}")
    }

    @Test(arguments: [
        ("{\"a\": 1}", true), (" {\"a\": [\"x\", true, null, -1.5e3, {}]}\n", true), ("{\"a\": NaN}", true),
        ("{\"a\": -Infinity}", true), ("{}", true), ("{a: 1}", false), ("{\"a\": x}", false), ("{\"a\": 'x'}", false),
        ("{'a': 1}", false), ("\"a\": 1", false), ("{\"a\": .5}", false), ("{\"a\": !!str \"x\"}", false),
        ("{\"a\": &x \"x\"}", false), ("{\"a\": }", false), ("{\"a\": [\"x\", 0x1F]}", false), ("", false),
    ])
    func `a text has the form of JSON or has not`(text: String, isJSON: Bool) throws {
        #expect(try ConfigDocument(parsing: SourceFile(path: "c.json", text: text)).isJSON == isJSON)
    }

    @Test(arguments: [".inf", "-.inf", "[1, .inf]", "{a: .nan}"])
    func `what JSON has no word for is refused`(text: String) throws {
        let error = #expect(throws: DiagnosticsError.self) { try Self.copy("{\"a\": 1}", "a", readConfig(text)) }
        #expect(error?.description == "c.json: error: JSON has no word for what 'a' would be")
        #expect(throws: Never.self) { try Self.copy("{a: 1}", "a", readConfig(text)) }
    }
}
