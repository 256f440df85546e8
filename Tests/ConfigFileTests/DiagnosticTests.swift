import ConfigFile
import Testing

@Suite struct DiagnosticTests {
    private func report(
        _ text: String, _ location: ConfigFile.SourceLocation?, _ message: String = "wrong", help: String? = nil
    ) -> String {
        let problems = DiagnosticCollector(source: SourceFile(path: "c.yaml", text: text))
        problems.report(message, at: location, help: help)
        let error = #expect(throws: DiagnosticsError.self) { try problems.throwIfAny() }
        return error?.description ?? ""
    }

    @Test func `a mistake is shown with its line, a caret below it, and help`() {
        #expect(
            report("a: 1\nbc: 2", .init(line: 2, column: 2), help: "try d") == """
                c.yaml:2:2: error: wrong
                2 | bc: 2
                  |  ^
                  = help: try d
                """)
        #expect(report("a: 1", nil, help: "try d") == "c.yaml: error: wrong\n  = help: try d")
    }

    @Test(arguments: [(1, 1), (9, 200), (200, 1), (Int.max, Int.max), (0, 0), (-1, -1)])
    func `a place outside the text is no reason to fail`(line: Int, column: Int) {
        #expect(report("abc", .init(line: line, column: column)).hasPrefix("c.yaml:\(line):\(column): error: wrong"))
    }

    @Test(arguments: [1, 54, 55, 56, 500, 944, 945, 1000])
    func `of a long line the part around the place is shown`(column: Int) {
        let line = (1...1000).map { $0 == column ? "X" : "-" }.joined()
        let lines = report(line, .init(line: 1, column: column)).split(separator: "\n")
        #expect(lines[1].count <= 120)
        #expect(lines[2].prefix { $0 != "^" }.count == lines[1].prefix { $0 != "X" }.count)
    }

    @Test func `control characters can neither move the caret nor command the terminal`() {
        #expect(
            report("\ta\u{1B}[31m", .init(line: 1, column: 2), "no '\u{1B}[31m\n\u{7F}\u{9B}'") == """
                c.yaml:1:2: error: no '␛[31m␊␡\u{FFFD}'
                1 |  a [31m
                  |  ^
                """)
    }

    @Test func `mistakes come in the order of the text, each once, and not more than a screen can hold`() {
        let problems = DiagnosticCollector(
            source: SourceFile(path: "c.yaml", text: String(repeating: "x\n", count: 100)))
        for line in (1...99).reversed() { problems.report("b", at: .init(line: line, column: 1)) }
        problems.report("a", at: .init(line: 1, column: 1))
        problems.report("a", at: .init(line: 1, column: 1))
        problems.report("whole", at: nil)
        let error = #expect(throws: DiagnosticsError.self) { try problems.throwIfAny() }
        #expect(error?.diagnostics.prefix(4).map(\.message) == ["whole", "b", "a", "b"])
        #expect(error?.diagnostics.count == 101)
        #expect(error?.description.hasSuffix("\n… and 51 more errors") == true)
    }
}
