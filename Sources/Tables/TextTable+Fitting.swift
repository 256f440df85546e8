import TerminalDrawing

/// A table that is no wider than a terminal.
extension TextTable {
    /// The table within so many columns of a terminal.
    ///
    /// Where it is too wide, cells of words are broken at spaces, those of the widest column first. What is too wide
    /// all the same stands in a table below, which begins with the first column again.
    ///
    /// - Parameter columns: nil for as many as it needs.
    public func text(columns: Int?) -> String {
        guard let limit = columns, totalWidth(of: Array(self.columns.indices)) > limit else { return text }
        var parts: [String] = []
        var rest = Array(self.columns.indices.dropFirst())
        repeat {
            var count = rest.count
            while count > 1, leastWidth(of: [0] + rest.prefix(count)) > limit { count -= 1 }
            parts.append(part([0] + rest.prefix(count), within: limit).text)
            rest.removeFirst(count)
        } while !rest.isEmpty
        return parts.joined(separator: "\n\n")
    }

    /// A word that is longer is broken, too.
    private static let longestWord = 30
    private static let gap = 2

    private func cells(_ column: Int) -> [String] { [columns[column].title] + rows.map { $0[column] } }

    private func width(_ column: Int) -> Int {
        let numbers = columns[column].alignment == .decimal ? DecimalColumn(rows.map { $0[column] }) : nil
        return cells(column).reduce(0) { max($0, TextWidth.columns(of: numbers?.aligned($1) ?? $1)) }
    }

    /// The least width of a column in which no word has to be broken.
    private func leastWidth(_ column: Int) -> Int {
        guard columns[column].alignment == .left else { return width(column) }
        let words = cells(column).flatMap { $0.split(separator: " ") }
        return min(words.reduce(0) { max($0, TextWidth.columns(of: String($1))) }, Self.longestWord)
    }

    private func totalWidth(of chosen: [Int]) -> Int {
        chosen.reduce(Self.gap * (chosen.count - 1)) { $0 + width($1) }
    }

    private func leastWidth(of chosen: [Int]) -> Int {
        chosen.reduce(Self.gap * (chosen.count - 1)) { $0 + leastWidth($1) }
    }

    /// Some of the columns, with lines for what is broken.
    private func part(_ chosen: [Int], within limit: Int) -> TextTable {
        var widths = chosen.map(width)
        let least = chosen.map(leastWidth)
        var surplus = widths.reduce(Self.gap * (chosen.count - 1), +) - limit
        while surplus > 0 {
            let narrowable = widths.indices.filter { widths[$0] > least[$0] }
            guard let widest = narrowable.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
            surplus -= 1
        }
        func lines(_ cell: String, _ place: Int) -> [String] {
            guard columns[chosen[place]].alignment == .left else { return [cell] }
            return StyledText(cell).wrapped(to: widths[place]).map(\.text)
        }
        func broken(_ cells: [String]) -> [[String]] {
            let columns = cells.enumerated().map { lines($1, $0) }
            let height = columns.reduce(1) { max($0, $1.count) }
            return (0..<height).map { line in columns.map { line < $0.count ? $0[line] : "" } }
        }
        let titles = broken(chosen.map { columns[$0].title })
        var table = TextTable(zip(titles.first ?? [], chosen).map { ($0, columns[$1].alignment) })
        for line in titles.dropFirst() { table.add(line) }
        for row in rows { for line in broken(chosen.map { row[$0] }) { table.add(line) } }
        return table
    }
}
