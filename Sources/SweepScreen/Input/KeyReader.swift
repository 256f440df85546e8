/// Turns what a terminal sends into keys.
///
/// A key may arrive as several bytes, and these in several pieces. Text that is pasted is left out: it was not meant as
/// commands.
///
///     var reader = KeyReader()
///     reader.take([0x1B])          // []: Escape, or the beginning of another key
///     reader.take([0x5B, 0x41])    // [.up]
public struct KeyReader: Sendable {
    /// The beginning of a key whose end has not arrived yet.
    private var rest: [UInt8] = []
    private var isPasting = false

    private static let escape: UInt8 = 0x1B
    /// No key is longer. What is, was not sent by a terminal.
    private static let maxLength = 32
    private static let endOfPaste = Array("\u{1B}[201~".utf8)

    public init() {}

    /// Whether what has come may be a whole key or the beginning of one. If nothing more comes for a moment, it was
    /// a whole one: see ``flush()``.
    public var isWaiting: Bool { !rest.isEmpty && !isPasting }

    /// The keys that are complete with these bytes.
    public mutating func take(_ bytes: some Sequence<UInt8>) -> [Key] {
        rest += bytes
        var keys: [Key] = []
        while !rest.isEmpty {
            if isPasting {
                guard skipPaste() else { break }
                continue
            }
            guard let (key, length) = Self.first(of: rest) else { break }
            let isPaste = rest.starts(with: Array("\u{1B}[200~".utf8))
            rest.removeFirst(length)
            if isPaste { isPasting = true }
            if let key { keys.append(key) }
        }
        return keys
    }

    /// Takes what has arrived for whole: Escape, most often.
    public mutating func flush() -> [Key] {
        defer { if !isPasting { rest = [] } }
        return isWaiting && rest.first == Self.escape ? [.escape] : []
    }

    /// Leaves out pasted text.
    ///
    /// - Returns: whether the paste has ended.
    private mutating func skipPaste() -> Bool {
        // No terminal pastes a Ctrl-C: the end of the paste was lost, and its user wants out.
        if let interrupt = rest.firstIndex(of: 0x03) {
            rest.removeFirst(interrupt)
            isPasting = false
            return true
        }
        for start in rest.indices where rest[start...].starts(with: Self.endOfPaste) {
            rest.removeFirst(start + Self.endOfPaste.count)
            isPasting = false
            return true
        }
        rest = Array(rest.suffix(Self.endOfPaste.count - 1))
        return false
    }

    /// The key that these bytes begin with, nil if it has no meaning here, and how many bytes it takes. Nil if more
    /// have to arrive.
    private static func first(of bytes: [UInt8]) -> (key: Key?, length: Int)? {
        guard let first = bytes.first else { return nil }
        switch first {
        case escape: return escaped(bytes)
        case 0x0D, 0x0A: return (.enter, 1)
        case 0x09: return (.tab, 1)
        case 0x08, 0x7F: return (.backspace, 1)
        case 0x01...0x1A: return (.control(Character(Unicode.Scalar(first + 0x60))), 1)
        case 0x00...0x1F: return (nil, 1)
        default: return character(bytes, first)
        }
    }

    /// A character of Unicode from its UTF-8.
    private static func character(_ bytes: [UInt8], _ first: UInt8) -> (key: Key?, length: Int)? {
        let length =
            switch first {
            case 0x20..<0x80: 1
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 0
            }
        if length == 0 { return (nil, 1) }
        let found = bytes.prefix(length)
        // A byte that cannot follow ends the character; it is a key of its own.
        if let wrong = found.dropFirst().firstIndex(where: { $0 & 0xC0 != 0x80 }) { return (nil, wrong) }
        if found.count < length { return nil }
        let text = String(decoding: found, as: UTF8.self)
        guard let character = text.first, text.count == 1, character != "\u{FFFD}" else { return (nil, length) }
        return (.character(character), length)
    }

    /// A key that is sent as a sequence, as `ESC [ A` and `ESC O A` for the arrow up.
    private static func escaped(_ bytes: [UInt8]) -> (key: Key?, length: Int)? {
        if bytes.count == 1 { return nil }
        switch bytes[1] {
        case UInt8(ascii: "["):
            let parameters = bytes.dropFirst(2).prefix { (0x20...0x3F).contains($0) }
            let end = 2 + parameters.count
            if end > maxLength { return (nil, end) }
            guard end < bytes.count else { return nil }
            // What is no end of a sequence begins another key.
            guard (0x40...0x7E).contains(bytes[end]) else { return (nil, end) }
            return (key(final: bytes[end], parameters), end + 1)
        case UInt8(ascii: "O"):
            if bytes.count < 3 { return nil }
            return (key(final: bytes[2], []), 3)
        default:
            return (.escape, 1)
        }
    }

    private static func key(final: UInt8, _ parameters: ArraySlice<UInt8>) -> Key? {
        let number = Int(String(decoding: parameters.prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self))
        switch (Character(Unicode.Scalar(final)), number) {
        case ("A", _): return .up
        case ("B", _): return .down
        case ("C", _): return .right
        case ("D", _): return .left
        case ("H", _), ("~", 1), ("~", 7): return .home
        case ("F", _), ("~", 4), ("~", 8): return .end
        case ("~", 3): return .delete
        case ("~", 5): return .pageUp
        case ("~", 6): return .pageDown
        case ("Z", _): return .backTab
        case ("M", nil): return .enter
        case (_, _): return nil
        }
    }
}
