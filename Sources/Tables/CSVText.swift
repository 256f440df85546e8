/// Comma-separated values, as RFC 4180 describes them.
public enum CSVText {
    /// One line with its end. A cell that holds a comma, a quote or a line end stands in quotes.
    ///
    /// - Parameter lineEnd: the RFC's own, or that of programs of Unix.
    public static func line(_ cells: some Sequence<String>, lineEnd: String = "\r\n") -> String {
        cells.map(field).joined(separator: ",") + lineEnd
    }

    /// A text as one cell. In a line an empty text is the same as no text; here it is told apart by quotes.
    ///
    ///     CSVText.cell("")          // ""
    ///     CSVText.cell("a, b")      // "a, b"
    ///     CSVText.cell("adam")      // adam
    public static func cell(_ text: String) -> String { text.isEmpty ? "\"\"" : field(text) }

    private static func field(_ text: String) -> String {
        // By bytes: a carriage return and a line feed are one character together.
        let needsQuotes = text.utf8.contains { byte in
            switch byte {
            case UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"): true
            default: false
            }
        }
        guard needsQuotes else { return text }
        // By scalars, for the same reason: a quote and an accent behind it are one character, too.
        var quoted = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" { quoted += "\"" }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }
}
