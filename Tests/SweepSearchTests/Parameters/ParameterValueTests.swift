import SweepSearch
import Testing

@Suite struct ParameterValueTests {
    @Test(
        arguments: [
            (1, "1"), (-3, "-3"), (0.1, "0.1"), (.number(1), "1.0"), (1e-5, "1e-05"),
            (.number(1.0 / 3), "0.3333333333333333"),
            (.number(.infinity), ".inf"), (.number(-.infinity), "-.inf"), (.number(.nan), ".nan"), (true, "true"),
            (false, "false"), ("adam", "adam"), ("gauss_newton", "gauss_newton"),
            ("data/mnist-2.gz", "data/mnist-2.gz"),
            ("true", "'true'"), ("No", "'No'"), ("null", "'null'"), ("", "''"), ("1e-3", "'1e-3'"), ("1", "'1'"),
            ("a b", "'a b'"), ("it's", "'it''s'"), ("a: b", "'a: b'"), ("-x", "'-x'"),
            ("a\n\"b\"\u{1}", "\"a\\n\\\"b\\\"\\x01\""),
        ] as [(ParameterValue, String)])
    func `a value is written as YAML reads it back`(value: ParameterValue, text: String) {
        #expect(value.description == text)
    }

    @Test(
        arguments: [
            (1, 1.0, true), (.number(-0.0), 0, true), (0.5, 0.5, true), (1, "1", false), (1, true, false),
            (0.5, 0, false),
            (.integer(.max), .number(0x1p63), false),
        ] as [(ParameterValue, ParameterValue, Bool)])
    func `numbers match by value and nothing else does`(left: ParameterValue, right: ParameterValue, match: Bool) {
        #expect(left.matches(right) == match)
        #expect(right.matches(left) == match)
    }
}
