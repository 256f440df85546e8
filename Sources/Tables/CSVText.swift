/// Comma-separated values, as RFC 4180 describes them.
public enum CSVText {
    /// One line with its end. A cell that holds a comma, a quote or a line end stands in quotes.
    ///
    /// - Parameter lineEnd: the RFC's own, or that of programs of Unix.
    public static func line(_ cells: some Sequence<String>, lineEnd: String = "\r\n") -> String {
        cells.map(field).joined(separator: ",") + lineEnd
    }

    private static func field(_ text: String) -> String {
        // By bytes: a carriage return and a line feed are one character together.
        guard text.utf8.contains(where: { ",\"\n\r".utf8.contains($0) }) else { return text }
        // By scalars, for the same reason: a quote and an accent behind it are one character, too.
        var quoted = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" { quoted += "\"" }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }
}
