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
}
