import Tables
import TerminalDrawing

extension TextTable {
    /// A table whose titles are safe on a terminal: they may be names from a sweep file, which another person wrote.
    init(safe columns: [(title: String, alignment: Alignment)]) {
        self.init(columns.map { (TerminalText.line($0.title), $0.alignment) })
    }

    /// Adds a row after making its cells safe on a terminal.
    mutating func add(safe row: [String]) { add(row.map(TerminalText.line)) }
}
