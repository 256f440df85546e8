import SweepSearch

/// Values in the grammar that Hydra reads after `NAME=`.
enum PlainText {
    static func text(of value: ParameterValue, _ written: String, isInside: Bool = false) -> String {
        switch value {
        case .null: "null"
        case .integer, .number, .boolean, .largeInteger: written
        case .string(let text): isWord(text, isInside: isInside) ? text : quoted(text)
        case .list(let elements):
            "[" + elements.map { text(of: $0, $0.argument, isInside: true) }.joined(separator: ",") + "]"
        case .mapping(let entries):
            "{"
                + entries.map { "\(key($0.key)):\(text(of: $0.value, $0.value.argument, isInside: true))" }
                .joined(separator: ",") + "}"
        }
    }

    /// Whether a text needs no quotes: Hydra would neither read it as another kind of value nor end it early.
    private static func isWord(_ text: String, isInside: Bool) -> Bool {
        if text.isEmpty || ["null", "true", "false", "nan", "inf"].contains(text.lowercased()) { return false }
        let number = text.replacing("_", with: "")
        if Double(number) != nil || number.isEmpty { return false }
        return text.utf8.allSatisfy { isLetterOrDigit($0) || (isInside ? "_-/." : "_-/.+:").utf8.contains($0) }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    /// The text in single quotes. Inside them a backslash is special only before a quote, and `${` would begin an
    /// interpolation, so these get a backslash.
    private static func quoted(_ text: String) -> String {
        var result = "'"
        var backslashes = 0
        let characters = Array(text.unicodeScalars)
        for (position, character) in characters.enumerated() {
            if character == "'" { result += String(repeating: "\\", count: backslashes + 1) }
            if character == "$", position + 1 < characters.count, characters[position + 1] == "{" { result += "\\" }
            result.unicodeScalars.append(character)
            backslashes = character == "\\" ? backslashes + 1 : 0
        }
        return result + String(repeating: "\\", count: backslashes) + "'"
    }

    /// The key of a mapping. Keys cannot be quoted; each character that would end one gets a backslash.
    private static func key(_ text: String) -> String {
        text.unicodeScalars.map { $0.isASCII && "\\()[]{}:=, \t".unicodeScalars.contains($0) ? "\\\($0)" : String($0) }
            .joined()
    }
}
