import ConfigFile
import Testing

@Suite struct TagTests {
    @Test(
        arguments: [
            ("!!float 1e-5", .number(1e-5)), ("!!float 1", .number(1)), ("!!float '0.5'", .number(0.5)),
            ("!!float 1_000.5", .number(1000.5)), ("!!float .inf", .number(.infinity)),
            ("!!int 7", .integer(7)), ("!!int '7'", .integer(7)), ("!!int 1_000", .integer(1000)),
            ("!!int 0x1F", .integer(31)), ("!!int 99999999999999999999", .number(1e20)),
            ("!!bool true", .boolean(true)), ("!!bool yes", .boolean(true)), ("!!bool Off", .boolean(false)),
            ("!!null ", .null), ("!!null null", .null), ("!!null ~", .null),
            ("!!str 1", .string("1")), ("!!str true", .string("true")), ("!!str", .string("")), ("! 1", .string("1")),
            ("!<tag:yaml.org,2002:int> 3", .integer(3)),
            ("!!seq [1]", .sequence([ConfigNode(.integer(1))])), ("! [1]", .sequence([ConfigNode(.integer(1))])),
            ("!!map {}", .mapping([])),
            ("!!map\n  a: 1", .mapping([ConfigEntry(key: "a", node: ConfigNode(.integer(1)))])),
            ("&x !!float 2", .number(2)), ("!!float &x 2", .number(2)),
        ] as [(String, ConfigNode.Value)])
    func `a tag says what its value is`(text: String, value: ConfigNode.Value) throws {
        #expect(try readConfig("key: \(text)")["key"]?.value == value)
    }

    @Test func `a handle of the file's own leads to the same tags`() throws {
        #expect(try readConfig("%TAG !y! tag:yaml.org,2002:\n--- !y!float 3").value == .number(3))
    }

    @Test(arguments: [
        (
            "a: !!float fast",
            """
            c.yaml:1:4: error: 'fast' cannot have the tag !!float
            1 | a: !!float fast
              |    ^
              = help: what has the tag is a number
            """
        ),
        (
            "a: 1\nb: !!int 1.5",
            """
            c.yaml:2:4: error: '1.5' cannot have the tag !!int
            2 | b: !!int 1.5
              |    ^
              = help: what has the tag is an integer
            """
        ),
        (
            "a: [!!bool 1, !!null x]",
            """
            c.yaml:1:5: error: '1' cannot have the tag !!bool
            1 | a: [!!bool 1, !!null x]
              |     ^
              = help: what has the tag is true or false
            c.yaml:1:15: error: 'x' cannot have the tag !!null
            1 | a: [!!bool 1, !!null x]
              |               ^
              = help: what has the tag is nothing or 'null'
            """
        ),
        (
            "a: !!map [1]",
            """
            c.yaml:1:4: error: a list cannot have the tag !!map
            1 | a: !!map [1]
              |    ^
              = help: what has the tag is a mapping
            """
        ),
        (
            "a: !!str {}",
            """
            c.yaml:1:4: error: a mapping cannot have the tag !!str
            1 | a: !!str {}
              |    ^
              = help: what has the tag is text
            """
        ),
        (
            "a: !!seq 1",
            """
            c.yaml:1:4: error: '1' cannot have the tag !!seq
            1 | a: !!seq 1
              |    ^
              = help: what has the tag is a list
            """
        ),
        (
            "a: !!timestamp 2001-12-14\nb: !mine [1]",
            """
            c.yaml:1:4: error: the tag '!!timestamp' is not understood
            1 | a: !!timestamp 2001-12-14
              |    ^
              = help: known are !!str, !!int, !!float, !!bool, !!null, !!seq, !!map
            c.yaml:2:4: error: the tag '!mine' is not understood
            2 | b: !mine [1]
              |    ^
              = help: known are !!str, !!int, !!float, !!bool, !!null, !!seq, !!map
            """
        ),
    ])
    func `a tag that does not fit is refused`(text: String, report: String) { expect(report, of: text) }
}
