import ConfigFile
import Testing

@Suite struct JSONTests {
    @Test func `JSON keeps the order of keys, on one line, without spaces or over several lines`() throws {
        let node = try readConfig("{b: [1, 2.5, yes], a: {}, c: {d: null, e: []}}")
        #expect(node.json == #"{"b": [1, 2.5, "yes"], "a": {}, "c": {"d": null, "e": []}}"#)
        #expect(node.compactJSON == #"{"b":[1,2.5,"yes"],"a":{},"c":{"d":null,"e":[]}}"#)
        let lines = """
            {
                "b": [
                  1,
                  2.5,
                  "yes"
                ],
                "a": {},
                "c": {
                  "d": null,
                  "e": []
                }
              }
            """
        #expect(node.indentedJSON(by: 2) == lines)
    }

    @Test(arguments: [
        ("18446744073709551616", "18446744073709551616"), ("-99999999999999999999", "-99999999999999999999"),
        ("+0009223372036854775808", "9223372036854775808"), ("9223372036854775807", "9223372036854775807"),
        ("'18446744073709551616'", "\"18446744073709551616\""), ("1e300", "1e+300"), ("1e-5", "1e-05"),
        (".nan", "null"), ("-.inf", "null"),
    ])
    func `JSON holds all digits of a large integer, and null for what is not finite`(yaml: String, json: String) throws
    {
        #expect(try readConfig(yaml).json == json)
    }
}
