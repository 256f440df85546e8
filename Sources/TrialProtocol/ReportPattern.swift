import Foundation

/// What a line looks like in which a trainer prints numbers as text, so that they can be read as a report.
///
///     let pattern = try ReportPattern("Epoch {step}/{}: val_loss={val_loss}")
///     pattern.report(in: Array("Epoch 3/20: val_loss=0.41 (2.1s)".utf8)[...])     // step 3, val_loss 0.41
///     pattern.names                                                              // ["val_loss"]
///
/// `{NAME}` stands for a number, `{step}` for the whole number that is the step, and `{}` for any text, as little of it
/// as possible; before white space, for one word at least. White space stands for any amount of it, also none beside
/// punctuation, and may also stand before a number. All else stands for itself; `{{` and `}}` are braces.
///
/// A pattern is looked for anywhere in a line, at the beginning of a word: `loss={loss}` is not found in
/// `val_loss=0.41`. The first place counts. A number ends where no letter or digit follows it: `{t}` does not read
/// `2.1s`, and `{t}s` does. A pattern without any text begins the line, and one without `{}` is the whole of it:
/// `{val_loss}` reads `0.41`, and `{step} {} {val_loss}` the third column.
///
/// The time that a line takes grows with its length, whatever is in it.
public struct ReportPattern: Sendable, Hashable {
    /// Why a text is no pattern.
    public struct Problem: Error, Hashable {
        /// What is wrong, to follow the name of the setting: "has a '{' that is not closed".
        public let words: String
        /// What would be right; nil where the words say it.
        public let help: String?
    }

    private enum Element: Hashable {
        /// Bytes that stand for themselves.
        case text([UInt8])
        case space
        /// A number, under this name.
        case number(String)
    }

    /// What stands between two `{}`, which is looked for behind the piece before it.
    private struct Piece: Hashable {
        enum Start { case atWord, behindAnotherWord, anywhere }

        var elements: [Element] = []
        var start: Start

        mutating func append(_ character: Character) {
            if character.isWhitespace {
                // White space after `{}` ends the word that this stands for.
                if elements.isEmpty {
                    start = .behindAnotherWord
                } else if elements.last != .space {
                    elements.append(.space)
                }
            } else if case .text(let bytes) = elements.last {
                elements[elements.count - 1] = .text(bytes + Array(character.utf8))
            } else {
                elements.append(.text(Array(character.utf8)))
            }
        }
    }

    /// The pattern as it was written.
    public let text: String
    private let pieces: [Piece]
    /// Whether anything in the pattern stands for itself.
    private let hasText: Bool
    /// Whether `{}` is the end of it.
    private let isOpen: Bool

    /// The names of the numbers besides the step, in the order of the pattern; empty where it reads the step alone.
    public var names: [String] { numbers.filter { $0 != Self.step } }

    /// All names in the pattern.
    private var numbers: [String] {
        pieces.flatMap(\.elements).compactMap { if case .number(let name) = $0 { name } else { nil } }
    }

    private static let step = "step"

    /// Reads a pattern.
    ///
    /// - Throws: ``Problem`` for a brace without its partner, two placeholders with nothing between them, a format such
    ///   as `{loss:.3f}`, a name that occurs twice, and a text without a number to read.
    public init(_ text: String) throws(Problem) {
        var pieces: [Piece] = []
        var piece = Piece(start: .atWord)
        var isBehindPlaceholder = false
        var rest = text.trimmingCharacters(in: .whitespaces)[...]
        while let character = rest.popFirst() {
            if character == "{", rest.first != "{" {
                guard let end = rest.firstIndex(where: { $0 == "}" || $0 == "{" }), rest[end] == "}" else {
                    throw Problem(words: "has a '{' that is not closed", help: "{{ is a brace that stands for itself")
                }
                if isBehindPlaceholder {
                    throw Problem(words: "has two placeholders with nothing between them", help: nil)
                }
                let name = rest[..<end].trimmingCharacters(in: .whitespaces)
                if let plain = Self.withoutFormat(name) {
                    throw Problem(
                        words: "has '{\(name)}', a way to print a number",
                        help: "{\(plain.isEmpty ? "NAME" : plain)} reads it however it is printed")
                }
                rest = rest[rest.index(after: end)...]
                if name.isEmpty {
                    pieces.append(piece)
                    piece = Piece(start: .anywhere)
                } else {
                    piece.elements.append(.number(name))
                }
                isBehindPlaceholder = true
                continue
            }
            if character == "}", rest.first != "}" {
                throw Problem(words: "has a '}' without a '{'", help: "}} is a brace that stands for itself")
            }
            isBehindPlaceholder = false
            if character == "{" || character == "}" { rest = rest.dropFirst() }
            piece.append(character)
        }
        self.text = text
        isOpen = piece.elements.isEmpty
        self.pieces = (pieces + [piece]).filter { !$0.elements.isEmpty || $0.start == .behindAnotherWord }
        hasText = self.pieces.flatMap(\.elements).contains { if case .text = $0 { true } else { false } }
        if let twice = numbers.first(where: { name in numbers.count { $0 == name } > 1 }) {
            throw Problem(words: "has '{\(twice)}' twice", help: "{} stands for text that is not read")
        }
        if numbers.isEmpty {
            throw Problem(
                words: "reads no number", help: "a pattern is no regular expression: val_loss={val_loss}, for instance")
        }
    }

    /// The name before a format of Python's, as in `{loss:.3f}` or `{loss!r}`; nil if there is no format.
    private static func withoutFormat(_ name: String) -> String? {
        if ["!r", "!s", "!a"].contains(where: name.hasSuffix) { return String(name.dropLast(2)) }
        guard let colon = name.lastIndex(of: ":"), let last = name.last, "eEfFgGdn%".contains(last),
            name[name.index(after: colon)...].dropLast().allSatisfy({ "<>^=+- #0123456789,_.".contains($0) })
        else { return nil }
        return String(name[..<colon])
    }

    // MARK: Matching

    /// The numbers in a line; nil if the pattern is not in it.
    ///
    /// - Parameter line: as a terminal would show it, without its line end.
    func report(in line: ArraySlice<UInt8>) -> MetricReport? {
        let line = line.drop(while: \.isBlank)
        var position = line.startIndex
        var report = MetricReport(metrics: [])
        for (index, piece) in pieces.enumerated() {
            let isAnchored = !hasText && index == 0 && piece.start == .atWord
            guard
                let found = isAnchored
                    ? Self.match(piece.elements, in: line, at: position)
                    : Self.first(piece, in: line, from: position)
            else { return nil }
            position = found.end
            for (name, value) in found.numbers {
                if name == Self.step {
                    report.step = Int(exactly: value)
                    report.hasUnusableStep = report.step == nil
                } else {
                    report.metrics.append(.init(name, value))
                }
            }
        }
        let isWholeLine = !hasText && !isOpen && pieces.count == 1
        return isWholeLine && !line[position...].allSatisfy(\.isBlank) ? nil : report
    }

    private typealias Match = (numbers: [(String, Double)], end: Int)

    /// The first place at or behind a position where a piece stands.
    private static func first(_ piece: Piece, in line: ArraySlice<UInt8>, from position: Int) -> Match? {
        let first: UInt8? = if case .text(let bytes) = piece.elements.first { bytes.first } else { nil }
        var start = position
        if piece.start == .behindAnotherWord {
            while start < line.endIndex, line[start].isBlank { start += 1 }
            if start == line.endIndex { return nil }
            while start < line.endIndex, !line[start].isBlank { start += 1 }
            if piece.elements.isEmpty { return ([], start) }
        }
        while start < line.endIndex {
            defer { start += 1 }
            if let first, line[start] != first { continue }
            let isPlace =
                switch piece.start {
                case .anywhere: true
                case .behindAnotherWord: line[start - 1].isBlank
                case .atWord:
                    first.map { !$0.isOfWord } ?? false || beginsWord(start, in: line, isNumber: first == nil)
                }
            if isPlace, let match = match(piece.elements, in: line, at: start) { return match }
        }
        return nil
    }

    /// Whether no word or name goes on at a place; for a number, also no other number.
    private static func beginsWord(_ start: Int, in line: ArraySlice<UInt8>, isNumber: Bool) -> Bool {
        guard start > line.startIndex else { return true }
        let before = line[start - 1]
        if isNumber { return before.isBlank || "([{|'\":=<>;".utf8.contains(before) }
        if before < 0x80 { return !before.isOfWord && !isJoint(before) }
        // A letter beyond ASCII; what begins with these two bytes are signs, arrows and lines of tables.
        let scalar = line[..<start].suffix(4)
        let lead = scalar.lastIndex { $0 & 0xC0 != 0x80 }.map { line[$0] }
        return lead == 0xE2 || lead == 0xC2
    }

    private static func match(_ elements: [Element], in line: ArraySlice<UInt8>, at start: Int) -> Match? {
        var numbers: [(String, Double)] = []
        var position = start
        func skipSpaces() {
            while position < line.endIndex, line[position].isBlank { position += 1 }
        }
        for (index, element) in elements.enumerated() {
            switch element {
            case .text(let bytes):
                guard line[position...].starts(with: bytes) else { return nil }
                position += bytes.count
            case .space:
                let before = position
                skipSpaces()
                // Two words, or a word and a number, are not one.
                if position == before, index > 0, position < line.endIndex, line[position - 1].isOfWord,
                    line[position].isOfWord || "+-.".utf8.contains(line[position])
                {
                    return nil
                }
            case .number(let name):
                // At the beginning they would be passed over again from each of them.
                if index > 0 { skipSpaces() }
                var next: UInt8?
                if index + 1 < elements.count, case .text(let bytes) = elements[index + 1] { next = bytes.first }
                guard let number = PrintedNumber.read(line[position...], before: next) else { return nil }
                numbers.append((name, number.value))
                position = number.end
            }
        }
        return (numbers, position)
    }

    /// Whether names have the byte between their words: `val/loss`, `val-loss`, `val.loss`.
    private static func isJoint(_ byte: UInt8) -> Bool {
        [UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: ".")].contains(byte)
    }
}
