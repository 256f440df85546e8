/// Text for a terminal that shows nothing but ASCII.
///
/// What this package draws has a likeness in ASCII. Anything else becomes `?`, as many as the columns it takes, so that
/// columns stay in line. Sent as it is, it would appear as several wrong characters, and parts of it could even be
/// commands: many terminals without UTF-8 act on the byte 9B.
///
///     ASCIIText.replacing("━━╸── ▁▃█")    // "==>-- _:#"
public enum ASCIIText {
    public static func replacing(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
        return text.map { character -> String in
            if character.isASCII { return String(character) }
            if let likeness = likenesses[character] { return String(likeness) }
            if let dots = BrailleCanvas.dots(of: character) { return String(likeness(ofDots: dots)) }
            return String(repeating: "?", count: TextWidth.columns(of: character))
        }.joined()
    }

    private static let likenesses: [Character: Character] = [
        "…": "~", "━": "=", "╸": ">", "─": "-", "│": "|", "┤": "|", "├": "|", "└": "+", "┌": "+", "┐": "+", "┘": "+",
        "┬": "+", "┴": "+", "┼": "+", "★": "*", "·": "-", "•": "*", "–": "-", "—": "-", "−": "-", "×": "x", "→": ">",
        "←": "<", "↑": "^", "↓": "v", "▲": "^", "▼": "v", "✓": "+", "✗": "x", "∞": "8", "≤": "<", "≥": ">", "±": "~",
        " ": " ", "▁": "_", "▂": ".", "▃": ":", "▄": "-", "▅": "=", "▆": "+", "▇": "*", "█": "#", "▌": "#",
        "▏": "|", "▎": "|", "▍": "|", "▋": "#", "▊": "#", "▉": "#", "░": ".", "▒": ":", "▓": "#",
    ]

    /// A cell of a plot: where its dots are, as far as one character tells.
    private static func likeness(ofDots dots: UInt8) -> Character {
        let isAbove = dots & 0b0001_1011 != 0
        let isBelow = dots & 0b1110_0100 != 0
        return isAbove ? isBelow ? ":" : "'" : isBelow ? "." : " "
    }
}
