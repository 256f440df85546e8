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
    /// No column of words is narrower.
    private static let leastOfBroken = 6
    private static let gap = 2

    private func cells(_ column: Int) -> [String] { [columns[column].title] + rows.map { $0[column] } }

    /// How wide the cells of a column are below its title.
    private func cellWidth(_ column: Int) -> Int {
        let cells = rows.map { $0[column] }
        let numbers = columns[column].alignment == .decimal ? DecimalColumn(cells) : nil
        return cells.reduce(0) { max($0, TextWidth.columns(of: numbers?.aligned($1) ?? $1)) }
    }

    private func width(_ column: Int) -> Int { max(cellWidth(column), TextWidth.columns(of: columns[column].title)) }

    /// The least width of a column in which no word and no number has to be broken.
    private func leastWidth(_ column: Int) -> Int {
        let isText = columns[column].alignment == .left
        let words = (isText ? cells(column) : [columns[column].title]).flatMap { $0.split(separator: " ") }
        let longest = words.reduce(0) { max($0, TextWidth.columns(of: String($1))) }
        return isText ? min(longest, Self.longestWord) : max(longest, cellWidth(column))
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
        // Words are broken only where two columns do not fit otherwise, which are not taken apart.
        let least = chosen.map(leastWidth)
        let broken = zip(chosen, least).map { columns[$0].alignment == .left ? min($1, Self.leastOfBroken) : $1 }
        for least in [least, broken] {
            var surplus = widths.reduce(Self.gap * (chosen.count - 1), +) - limit
            while surplus > 0 {
                let narrowable = widths.indices.filter { widths[$0] > least[$0] }
                guard let widest = narrowable.max(by: { widths[$0] < widths[$1] }) else { break }
                widths[widest] -= 1
                surplus -= 1
            }
        }
        func lines(_ cell: String, _ place: Int, isTitle: Bool) -> [String] {
            guard isTitle || columns[chosen[place]].alignment == .left else { return [cell] }
            return StyledText(cell).wrapped(to: widths[place]).map(\.text)
        }
        func spread(_ cells: [String], isTitle: Bool = false) -> [[String]] {
            let columns = cells.enumerated().map { lines($1, $0, isTitle: isTitle) }
            let height = columns.reduce(1) { max($0, $1.count) }
            return (0..<height).map { line in columns.map { line < $0.count ? $0[line] : "" } }
        }
        let titles = spread(chosen.map { columns[$0].title }, isTitle: true)
        var table = TextTable(zip(titles.first ?? [], chosen).map { ($0, columns[$1].alignment) })
        for line in titles.dropFirst() { table.add(line) }
        for row in rows { for line in spread(chosen.map { row[$0] }) { table.add(line) } }
        return table
    }
}
