/// Finds the part of a line that may be a report: what a terminal would show of it, without colours.
///
/// If the line overwrote itself (`50%\r100%\r{"loss": 0.5}`), that is what follows the last carriage return. A byte
/// order mark and the escape sequences of terminals are removed.
enum ReportLine {
    private static let escape: UInt8 = 27
    private static let carriageReturn: UInt8 = 13
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The text as a terminal would show it; nil if that does not end with a brace, so that it cannot be a report.
    ///
    /// The last byte is looked at first: it rules out nearly all lines of a trainer that prints much.
    static func text(of line: some BidirectionalCollection<UInt8>) -> ArraySlice<UInt8>? {
        guard let end = line.lastIndex(where: { !isSpace($0) }) else { return nil }
        guard line[end] == UInt8(ascii: "}") || endsEscaped(line[...end]) else { return nil }
        let text = shown(of: line[...end])
        return text.last == UInt8(ascii: "}") ? text : nil
    }

    /// The text as a terminal would show it, without the white space at its end; empty if there is nothing else.
    static func shown(of line: some BidirectionalCollection<UInt8>) -> ArraySlice<UInt8> {
        var bytes = Array(line)
        if bytes.contains(escape) { bytes = withoutEscapes(bytes) }
        guard let last = bytes.lastIndex(where: { !isSpace($0) }) else { return [] }
        var text = bytes[...last]
        if let overwritten = text.lastIndex(of: carriageReturn) { text = text[(overwritten + 1)...] }
        if text.starts(with: byteOrderMark) { text = text.dropFirst(byteOrderMark.count) }
        return text
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == carriageReturn
    }

    /// Whether the line ends with an escape sequence: `ESC [ 0 m`, or what `tput sgr0` prints.
    private static func endsEscaped(_ line: some BidirectionalCollection<UInt8>) -> Bool {
        guard let last = line.last, (0x40...0x7E).contains(last) || last == 15 else { return false }
        return line.suffix(20).contains(escape)
    }

    private static func withoutEscapes(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var position = 0
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte != escape {
                // On some terminals "shift in" (15) is the last byte of a sequence, after its escape is over.
                if byte != 15 { text.append(byte) }
                continue
            }
            guard position < bytes.count else { break }
            let kind = bytes[position]
            position += 1
            switch kind {
            case UInt8(ascii: "["):
                while position < bytes.count, !(0x40...0x7E).contains(bytes[position]) { position += 1 }
                position += 1
            case UInt8(ascii: "]"):
                // A window title or a link, which ends with BEL or with ESC and a backslash.
                while position < bytes.count, bytes[position] != 7, bytes[position] != escape { position += 1 }
                position += position < bytes.count && bytes[position] == escape ? 2 : 1
            case UInt8(ascii: "("), UInt8(ascii: ")"): position += 1
            default: break
            }
        }
        return text
    }
}
