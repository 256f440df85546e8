import JSONWriting

/// Text made safe for a terminal: nothing in it can command the terminal, or show something other than what it says.
///
/// What a trainer prints, what a database holds and what a file is called may contain anything: sequences that clear
/// the screen or set the clipboard, and invisible characters that reverse the order of the text around them.
///
///     TerminalText.line("loss\u{1B}[2J")    // "loss�[2J"
public enum TerminalText {
    /// Text of several lines: line breaks and tabs stay, and every other character that could do harm becomes `�`.
    public static func lines(_ text: String) -> String { replacing(in: text) { $0 == "\n" || $0 == "\t" } }

    /// Text on one line, whatever it holds: for a cell of a table, or a part of a sentence. Line breaks become `�`
    /// too.
    public static func line(_ text: String) -> String { replacing(in: text) { _ in false } }

    /// The text with each of its lines cut to a number of characters, and `…` where one was: what a message quotes from
    /// a file may be all of it.
    public static func shortened(_ text: String, most: Int = 2000) -> String {
        if text.utf8.count <= most { return text }
        return text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.utf8.count > most && $0.count > most ? $0.prefix(most) + "…" : $0 }
            .joined(separator: "\n")
    }

    /// Plain ASCII, the usual case, is returned as it is.
    private static func replacing(in text: String, except isKept: (Unicode.Scalar) -> Bool) -> String {
        if text.isPrintableASCII { return text }
        var result = String.UnicodeScalarView()
        var last: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            result.append(isKept(scalar) || !scalar.isHidden(after: last) ? scalar : "�")
            last = scalar
        }
        return String(result)
    }
}

extension StringProtocol {
    /// Whether each character is ASCII and visible, or a blank.
    ///
    /// A table of ten thousand trials asks this of some hundred thousand cells, so the bytes are looked at where they
    /// lie.
    var isPrintableASCII: Bool {
        func isPrintable(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
            for byte in bytes where byte < 0x20 || byte >= 0x7F { return false }
            return true
        }
        return utf8.withContiguousStorageIfAvailable(isPrintable)
            ?? utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
    }
}
