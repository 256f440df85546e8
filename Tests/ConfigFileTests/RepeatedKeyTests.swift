import ConfigFile
import Testing

@Suite struct RepeatedKeyTests {
    @Test(arguments: [
        (
            "a: 1\nb: 2\na: 3",
            """
            c.yaml:3:1: error: the key 'a' is given twice
            3 | a: 3
              | ^
              = help: it is first given on line 1
            """
        ),
        (
            "{a: 1, 'a': 2, \"a\": 3}",
            """
            c.yaml:1:8: error: the key 'a' is given twice
            1 | {a: 1, 'a': 2, "a": 3}
              |        ^
              = help: it is first given on line 1
            c.yaml:1:16: error: the key 'a' is given twice
            1 | {a: 1, 'a': 2, "a": 3}
              |                ^
              = help: it is first given on line 1
            """
        ),
        (
            "x:\n  - {b: 1}\n  - {b: 1, b: 2}\nx: 3",
            """
            c.yaml:3:12: error: the key 'b' is given twice
            3 |   - {b: 1, b: 2}
              |            ^
              = help: it is first given on line 3
            c.yaml:4:1: error: the key 'x' is given twice
            4 | x: 3
              | ^
              = help: it is first given on line 1
            """
        ),
        (
            "1: a\n'1': b",
            """
            c.yaml:2:1: error: the key '1' is given twice
            2 | '1': b
              | ^
              = help: it is first given on line 1
            """
        ),
        (
            "!!str a: 1\na: 2",
            """
            c.yaml:2:1: error: the key 'a' is given twice
            2 | a: 2
              | ^
              = help: it is first given on line 1
            """
        ),
        (
            "'': 1\n'': 2",
            """
            c.yaml:2:1: error: the key '' is given twice
            2 | '': 2
              | ^
              = help: it is first given on line 1
            """
        ),
        (
            "a*: 1\na*: 2",
            """
            c.yaml:2:1: error: the key 'a*' is given twice
            2 | a*: 2
              | ^
              = help: it is first given on line 1
            """
        ),
        (
            "? a\n: 1\n? a\n: 2",
            """
            c.yaml:3:3: error: the key 'a' is given twice
            3 | ? a
              |   ^
              = help: it is first given on line 1
            """
        ),
        (
            "&k a: 1\na: 2",
            """
            c.yaml:2:1: error: the key 'a' is given twice
            2 | a: 2
              | ^
              = help: it is first given on line 1
            """
        ),
        (
            "\"\\x61b\": 1\nab: 2",
            """
            c.yaml:2:1: error: the key 'ab' is given twice
            2 | ab: 2
              | ^
              = help: it is first given on line 1
            """
        ),
    ])
    func `a key that is given twice is reported where it is given again`(text: String, report: String) {
        expect(report, of: text)
    }

    @Test func `of very many repeated keys each is reported, quickly`() {
        let half = (0..<20_000).map { "k\($0): 1\n" }.joined()
        let start = ContinuousClock.now
        let error = #expect(throws: DiagnosticsError.self) { try readConfig(half + half) }
        #expect(error?.diagnostics.first?.message == "the key 'k0' is given twice")
        #expect(error?.diagnostics.first?.location == .init(line: 20_001, column: 1))
        #expect(error?.diagnostics.count == 20_000)
        // Milliseconds where nothing else runs; a minute if the text were read again for every key.
        #expect(ContinuousClock.now - start < .seconds(30))
    }
}
