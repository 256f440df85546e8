/// Reads comma-separated values, as RFC 4180 describes them and as programs write them: also with semicolons or tabs,
/// with the line ends of Unix, and with a byte order mark in front.
///
///     let table = try CSVReader.rows(of: "a,b\n1,\"\"\n")
///     table[1].cells[1]               // an empty text in quotes, not an empty cell
public enum CSVReader {
    /// One cell; a text in quotes may be empty, and is then not the same as nothing.
    public struct Cell: Sendable, Hashable {
        public var text: String
        public var isQuoted: Bool

        public init(_ text: String, isQuoted: Bool = false) {
            self.text = text
            self.isQuoted = isQuoted
        }

        /// Whether there is nothing, not even an empty text.
        public var isEmpty: Bool { text.isEmpty && !isQuoted }
    }

    public struct Row: Sendable, Hashable {
        /// The number of the line in which the row begins, from 1.
        public var line: Int
        public var cells: [Cell]

        public init(line: Int, cells: [Cell]) {
            self.line = line
            self.cells = cells
        }
    }

    /// A quoted cell that never ends.
    public struct OpenQuote: Error, Sendable, Hashable {
        /// The line in which it begins, from 1.
        public var line: Int
    }

    /// All rows but empty lines, the first being the names of the columns.
    ///
    /// - Throws: `OpenQuote`.
    public static func rows(of text: String) throws(OpenQuote) -> [Row] {
        let bytes = Array(text.utf8.starts(with: [0xEF, 0xBB, 0xBF]) ? text.utf8.dropFirst(3) : text.utf8[...])
        let separator = separator(bytes)
        var (rows, cells, cell): ([Row], [Cell], [UInt8]) = ([], [], [])
        var (line, begin, isQuoted, place) = (1, 1, false, 0)
        func endCell() {
            cells.append(Cell(String(decoding: cell, as: UTF8.self), isQuoted: isQuoted))
            cell.removeAll(keepingCapacity: true)
            isQuoted = false
        }
        func endRow() {
            endCell()
            if cells.count > 1 || !cells[0].isEmpty { rows.append(Row(line: begin, cells: cells)) }
            cells.removeAll(keepingCapacity: true)
        }
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            switch byte {
            case UInt8(ascii: "\"") where cell.isEmpty && !isQuoted:
                isQuoted = true
                let start = line
                var hasEnded = false
                while place < bytes.count {
                    let inner = bytes[place]
                    place += 1
                    if inner == UInt8(ascii: "\"") {
                        // Two quotes stand for one.
                        guard place < bytes.count, bytes[place] == inner else {
                            hasEnded = true
                            break
                        }
                        place += 1
                    }
                    if inner == UInt8(ascii: "\n") { line += 1 }
                    cell.append(inner)
                }
                if !hasEnded { throw OpenQuote(line: start) }
            case separator: endCell()
            case UInt8(ascii: "\r") where place < bytes.count && bytes[place] == UInt8(ascii: "\n"): continue
            case UInt8(ascii: "\n"):
                endRow()
                line += 1
                begin = line
            default: cell.append(byte)
            }
        }
        if !cell.isEmpty || isQuoted || !cells.isEmpty { endRow() }
        return rows
    }

    /// What stands most often in the first line.
    private static func separator(_ bytes: [UInt8]) -> UInt8 {
        var counts: [UInt8: Int] = [:]
        var isInQuotes = false
        for byte in bytes {
            if byte == UInt8(ascii: "\"") { isInQuotes.toggle() }
            if isInQuotes { continue }
            if byte == UInt8(ascii: "\n") { break }
            if byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "\t") {
                counts[byte, default: 0] += 1
            }
        }
        let comma = UInt8(ascii: ",")
        return [UInt8(ascii: ";"), UInt8(ascii: "\t")]
            .first { (counts[$0] ?? 0) > (counts[comma] ?? 0) } ?? comma
    }
}
