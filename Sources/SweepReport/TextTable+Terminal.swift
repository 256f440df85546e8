import Tables

extension TextTable {
    /// A table whose titles, which may be names from a sweep file, are safe on a terminal.
    init(safe columns: [(title: String, alignment: Alignment)]) {
        self.init(columns.map { (TerminalText.line($0.title), $0.alignment) })
    }

    /// Adds a row such that its cells are safe on a terminal.
    mutating func add(safe row: [String]) { add(row.map(TerminalText.line)) }
}
