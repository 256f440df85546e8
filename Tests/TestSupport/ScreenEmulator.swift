import JSONWriting
import TerminalDrawing

/// A terminal as a value: it takes what a program writes, and says what a person would see.
///
///     var screen = ScreenEmulator(columns: 80, rows: 24)
///     screen.feed(bytes)
///     screen.resize(columns: 40, rows: 24)
///     #expect(screen.scrollBack + screen.lines == ["…"])
///
/// It knows what `revsweep` uses and a little more. Whatever else it is sent is kept as an alarm: text of a trainer
/// that reaches a terminal unchanged shows there.
public struct ScreenEmulator: Sendable {
    /// What becomes of lines that are longer than a narrower window.
    public enum Resizing: Sendable, CaseIterable {
        /// They lose their end, as in xterm.
        case cuts
        /// They are broken into several, as in tmux, GNOME Terminal, kitty and others.
        case reflows
    }

    private struct Row: Sendable {
        /// A wide character is followed by an empty cell.
        var cells: [String] = []
        /// Whether the text goes on in the next row, because the window was too narrow.
        var isContinued = false

        var text: String {
            var text = cells.joined()
            while text.last == " " { text.removeLast() }
            return text
        }
    }

    private var screen: [Row]
    private var history: [Row] = []
    private var cursor = (row: 0, column: 0)
    public private(set) var columns: Int
    public private(set) var rows: Int
    private let resizing: Resizing
    private var pending = ""
    /// The first bytes of a character that was cut.
    private var cut: [UInt8] = []

    private var isWrapping = true
    /// How often text went on in the next row because the line was full.
    public private(set) var wraps = 0
    /// How often text went beyond the end of a line that could not wrap.
    public private(set) var overflows = 0
    /// Whether a frame has been begun and not ended, so that nothing of it is shown.
    public private(set) var isInFrame = false
    public private(set) var frames = 0
    /// What was last said of progress, such as `1;40`; nil before.
    public private(set) var progress: String?
    /// The addresses of links.
    public private(set) var links: Set<String> = []
    /// Whether text has been coloured.
    public private(set) var hasColors = false
    /// Whether the cursor is to be seen.
    public private(set) var isCursorShown = true
    /// Whether pasted text is marked as such.
    public private(set) var isPasteMarked = false
    /// What the first screen shows while a program has the second.
    private var firstScreen: (screen: [Row], history: [Row], row: Int, column: Int)?
    /// Whether a program has the second screen.
    public var isSecondScreen: Bool { firstScreen != nil }
    /// Sequences and control characters that no program of ours should send.
    public private(set) var alarms: [String] = []

    public init(columns: Int, rows: Int, resizing: Resizing = .reflows) {
        self.columns = columns
        self.rows = rows
        self.resizing = resizing
        screen = Array(repeating: Row(), count: rows)
    }

    /// The rows that are seen, without the spaces at their ends.
    public var lines: [String] { screen.map(\.text) }
    /// The rows that have been scrolled out.
    public var scrollBack: [String] { history.map(\.text) }
    /// All there is to be read, without the empty rows at the end.
    public var all: [String] {
        var lines = scrollBack + lines
        while lines.last == "" { lines.removeLast() }
        return lines
    }
    /// Where the cursor is, counted from the upper left.
    public var cursorRow: Int { cursor.row }
    public var cursorColumn: Int { cursor.column }

    // MARK: What a program writes

    /// The bytes may be cut anywhere: a character that is not whole yet waits for the rest.
    public mutating func feed(_ bytes: some Sequence<UInt8>) {
        let all = cut + Array(bytes)
        let whole = all.count - Self.countOfUnfinished(all)
        cut = Array(all[whole...])
        feed(String(decoding: all[..<whole], as: UTF8.self))
    }

    /// How many bytes at the end are the beginning of a character of which more bytes are to come.
    private static func countOfUnfinished(_ bytes: [UInt8]) -> Int {
        // A character has up to four bytes, of which all but the first begin with the bits 10.
        for count in 1...3 where count <= bytes.count {
            let byte = bytes[bytes.count - count]
            if byte & 0xC0 == 0x80 { continue }
            let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            return length > count ? count : 0
        }
        return 0
    }

    public mutating func feed(_ text: String) {
        var rest = (pending + text).unicodeScalars[...]
        pending = ""
        while let scalar = rest.first {
            guard scalar == "\u{1B}" else {
                rest.removeFirst()
                put(scalar)
                continue
            }
            guard let end = Self.endOfSequence(rest) else {
                pending = String(rest)
                return
            }
            obey(String(rest[..<end].dropFirst()))
            rest = rest[end...]
        }
    }

    /// Behind a sequence that begins with ESC; nil if it is not whole yet.
    private static func endOfSequence(_ text: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView.Index? {
        var index = text.index(after: text.startIndex)
        guard index < text.endIndex else { return nil }
        let kind = text[index]
        text.formIndex(after: &index)
        if kind == "[" {
            guard let last = text[index...].firstIndex(where: { (0x40...0x7E).contains($0.value) }) else { return nil }
            return text.index(after: last)
        }
        guard kind == "]" else { return index }
        var last: Unicode.Scalar?
        while index < text.endIndex {
            let scalar = text[index]
            text.formIndex(after: &index)
            if scalar == "\u{7}" || last == "\u{1B}" && scalar == "\\" { return index }
            last = scalar
        }
        return nil
    }

    private mutating func put(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\r": cursor.column = 0
        case "\n": lineFeed()
        case "\u{8}": cursor.column = max(0, cursor.column - 1)
        default:
            let width = TextWidth.columns(of: scalar)
            if scalar.isHiddenOnTerminal, scalar != "\u{200D}", scalar != "\u{200C}" {
                alarms.append("U+\(String(scalar.value, radix: 16, uppercase: true))")
            } else if width == 0 {
                attach(scalar)
            } else {
                write(scalar, width)
            }
        }
    }

    private mutating func attach(_ scalar: Unicode.Scalar) {
        let cells = screen[cursor.row].cells
        guard let last = cells.prefix(cursor.column).lastIndex(where: { !$0.isEmpty }) else { return }
        screen[cursor.row].cells[last].unicodeScalars.append(scalar)
    }

    private mutating func write(_ scalar: Unicode.Scalar, _ width: Int) {
        if cursor.column + width > columns {
            if isWrapping {
                wraps += 1
                screen[cursor.row].isContinued = true
                cursor.column = 0
                lineFeed()
            } else {
                overflows += 1
                cursor.column = max(0, columns - width)
            }
        }
        var cells = screen[cursor.row].cells
        while cells.count < cursor.column + width { cells.append(" ") }
        cells[cursor.column] = String(scalar)
        if width == 2 { cells[cursor.column + 1] = "" }
        screen[cursor.row].cells = cells
        cursor.column += width
    }

    private mutating func lineFeed() {
        if cursor.row + 1 < rows {
            cursor.row += 1
        } else {
            history.append(screen.removeFirst())
            screen.append(Row())
        }
    }

    private mutating func obey(_ sequence: String) {
        if sequence.hasPrefix("]") { return obeySystem(String(sequence.dropFirst())) }
        let parameters = sequence.dropFirst().dropLast()
        let number = Int(parameters)
        switch (sequence.first, sequence.last) {
        case ("[", "A"): cursor.row = max(0, cursor.row - max(1, number ?? 1))
        case ("[", "B"): cursor.row = min(rows - 1, cursor.row + max(1, number ?? 1))
        case ("[", "H"):
            let place = parameters.split(separator: ";").compactMap { Int($0) }
            cursor.row = min(rows - 1, max(0, (place.first ?? 1) - 1))
            cursor.column = min(columns - 1, max(0, (place.count > 1 ? place[1] : 1) - 1))
        case ("[", "K") where parameters.isEmpty: erase(cursor.row, from: cursor.column)
        case ("[", "J") where parameters.isEmpty:
            erase(cursor.row, from: cursor.column)
            for row in (cursor.row + 1)..<max(rows, cursor.row + 1) { erase(row, from: 0) }
        case ("[", "m"): hasColors = hasColors || parameters != "0"
        case ("[", "h"), ("[", "l"): set(String(parameters), isOn: sequence.hasSuffix("h"))
        default: alarms.append("ESC \(sequence)")
        }
    }

    private mutating func erase(_ row: Int, from column: Int) {
        screen[row].cells.removeLast(max(0, screen[row].cells.count - column))
        // As in tmux, a row stays part of a broken line until all of it is erased.
        if column == 0 { screen[row].isContinued = false }
    }

    private mutating func set(_ mode: String, isOn: Bool) {
        switch mode {
        case "?7": isWrapping = isOn
        case "?25": isCursorShown = isOn
        case "?2004": isPasteMarked = isOn
        case "?1049": showSecondScreen(isOn)
        case "?2026":
            isInFrame = isOn
            frames += isOn ? 1 : 0
        default: alarms.append("mode \(mode)")
        }
    }

    /// Changes to the second screen, which is empty and has no scroll-back, or back to the first as it was left.
    private mutating func showSecondScreen(_ isOn: Bool) {
        if isOn, firstScreen == nil {
            firstScreen = (screen, history, cursor.row, cursor.column)
            (screen, history) = (Array(repeating: Row(), count: rows), [])
        } else if !isOn, let first = firstScreen {
            (screen, history, cursor.row, cursor.column) = first
            firstScreen = nil
            // The window may have another size by now.
            while screen.count < rows { screen.append(Row()) }
            history += screen.prefix(screen.count - rows)
            screen.removeFirst(screen.count - rows)
            (cursor.row, cursor.column) = (min(rows - 1, cursor.row), min(columns - 1, cursor.column))
        }
    }

    private mutating func obeySystem(_ command: String) {
        let body = command.replacing("\u{1B}\\", with: "").replacing("\u{7}", with: "")
        if body.hasPrefix("9;4;") {
            progress = String(body.dropFirst(4))
        } else if body.hasPrefix("8;;") {
            if body != "8;;" { links.insert(String(body.dropFirst(3))) }
        } else {
            alarms.append("ESC ]\(body)")
        }
    }

    // MARK: The window

    public mutating func resize(columns newColumns: Int, rows newRows: Int) {
        if newColumns != columns {
            switch resizing {
            case .cuts:
                for row in screen.indices where screen[row].cells.count > newColumns {
                    screen[row].cells.removeLast(screen[row].cells.count - newColumns)
                }
            case .reflows: reflow(to: newColumns)
            }
            columns = newColumns
            cursor.column = min(cursor.column, newColumns - 1)
        }
        if newRows < rows {
            // Rows below the cursor go first, and then the uppermost.
            let surplus = rows - newRows
            let below = min(surplus, rows - 1 - cursor.row)
            screen.removeLast(below)
            history += screen.prefix(surplus - below)
            screen.removeFirst(surplus - below)
            cursor.row -= surplus - below
        } else {
            let back = min(newRows - rows, history.count)
            let empty = Array(repeating: Row(), count: newRows - rows - back)
            screen = Array(history.suffix(back)) + screen + empty
            history.removeLast(back)
            cursor.row += back
        }
        rows = newRows
    }

    private mutating func reflow(to width: Int) {
        var joined: [(cells: [String], cursor: Int?)] = []
        var isOpen = false
        for (index, row) in (history + screen).enumerated() {
            let isCursorHere = index == history.count + cursor.row
            if !isOpen { joined.append(([], nil)) }
            let last = joined.count - 1
            if isCursorHere { joined[last].cursor = joined[last].cells.count + cursor.column }
            joined[last].cells += row.cells
            isOpen = row.isContinued
        }
        var result: [Row] = []
        var place = (row: 0, column: 0)
        for line in joined {
            var rest = line.cells[...]
            let first = result.count
            repeat {
                var count = min(width, rest.count)
                if count < rest.count, count > 0, rest[rest.startIndex + count].isEmpty { count -= 1 }
                let part = rest.prefix(max(count, min(1, rest.count)))
                rest = rest.dropFirst(part.count)
                result.append(Row(cells: Array(part), isContinued: !rest.isEmpty))
            } while !rest.isEmpty
            if let column = line.cursor {
                place = (min(first + column / width, result.count - 1), column % width)
            }
        }
        while result.count < rows { result.append(Row()) }
        history = Array(result.prefix(result.count - rows))
        screen = Array(result.suffix(rows))
        cursor = (max(0, place.row - history.count), place.column)
    }
}
