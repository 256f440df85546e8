import TrialProtocol

/// Text as it may be written to a terminal: nothing that somebody else wrote can command it, or show other than it is.
///
/// What a trainer printed, a database holds or a file is called may contain anything: sequences that clear the screen
/// or set the clipboard, and characters that are not seen and turn the order of what is.
public enum TerminalText {
    /// Lines stay lines; every character that could do harm becomes `�`.
    public static func lines(_ text: String) -> String { replacing(in: text) { $0 == "\n" || $0 == "\t" } }

    /// One line, whatever the text holds: for a cell, or a part of a sentence.
    public static func line(_ text: String) -> String { replacing(in: text) { _ in false } }

    private static func replacing(in text: String, except isKept: (Unicode.Scalar) -> Bool) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
        var result = String.UnicodeScalarView()
        var last: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            let isHarmless =
                isKept(scalar) || !scalar.isHiddenOnTerminal || isJoiner(scalar) && last.map(joins) ?? false
            result.append(isHarmless ? scalar : "�")
            last = scalar
        }
        return String(result)
    }

    private static func isJoiner(_ scalar: Unicode.Scalar) -> Bool { scalar == "\u{200C}" || scalar == "\u{200D}" }

    /// Whether a joiner after this one is what it is made for: in scripts whose letters join, and in emoji.
    private static func joins(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0600...0x0DFF, 0xFE0F, 0x1F3FB...0x1F3FF: true
        default: scalar.properties.isEmojiPresentation || scalar.properties.isEmoji && scalar.value > 0x2000
        }
    }
}
