import Tables
import Testing

@Suite struct TextTableTests {
    @Test func `columns are as wide as their cells are on a terminal`() {
        var table = TextTable([("trial", .right), ("optimizer", .left), ("lr", .decimal)])
        table.add(["0", "adam", "0.01"])
        table.add(["1", "最適化", "12"])
        table.add(["100", "e\u{301}", "1e-05"])
        #expect(
            table.text == """
                trial  optimizer      lr
                    0  adam        0.01
                    1  最適化     12
                  100  e\u{301}           1e-05
                """)
    }

    @Test func `a title that is wider than its numbers stands above their right edge`() {
        var table = TextTable([("learning_rate", .decimal), ("n", .right)])
        table.add(["0.5", "1"])
        table.add(["", "22"])
        table.add(["10.25", "3"])
        #expect(
            table.text
                == """
                learning_rate   n
                         0.5    1
                               22
                        10.25   3
                """)
    }

    /// What a trainer says of its end, and what its metrics are called, may be of any length.
    @Test func `a very long cell or title is cut, and others are whole`() {
        let (long, least) = (String(repeating: "x", count: 30_000), String(repeating: "y", count: 400))
        var table = TextTable([("trial", .right), (long, .right), ("reason", .left), ("n", .decimal)])
        table.add(["0", "0.5", long, "1"])
        table.add(["1", "损" + long, least, long])
        let lines = table.text.split(separator: "\n")
        // A wide character may leave one column free.
        #expect(lines.allSatisfy { $0.count <= 5 + 3 * 502 })
        #expect(lines[0].contains("x…  reason") && lines[1].contains("x…  "))
        #expect(lines[2].contains("损") && lines[2].contains("  \(least)  ") && lines[2].hasSuffix("x…"))
        // On a terminal it is broken, and not cut.
        var single = TextTable([("reason", .left)])
        single.add([long])
        #expect(single.text(columns: 80).count { $0 == "x" } == 30_000)
    }
}
