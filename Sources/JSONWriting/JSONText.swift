/// Strings as JSON: the one writer of them, for every module that writes JSON.
///
///     JSONText.quoted("a\"b\n")      // "a\"b\n", with the quotes
///     JSONText.quoted("\u{202E}x")   // "\u202ex"
///
/// Numbers are written where their rule is known: reports have `NaN` and `Infinity` as Python writes them, values of
/// parameters keep all their digits, and everything else has `null` for what JSON has no word for.
public enum JSONText {
    /// `text` as a JSON string, in quotes. Characters that a terminal would act on or not show are escaped, so the
    /// result is safe to print.
    public static func quoted(_ text: String) -> String {
        var result = ""
        write(text, to: &result)
        return result
    }

    /// Adds `text` to `result` as `quoted` gives it: for those who write much, and would join many short texts.
    public static func write(_ text: String, to result: inout String) {
        result += "\""
        // Most texts are names and words, in which nothing has to be escaped. They are looked at where they lie: to ask
        // a text for one byte after the other takes longer than all the rest.
        let isPlain = text.utf8.withContiguousStorageIfAvailable { bytes in
            bytes.allSatisfy { (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        }
        if isPlain == true {
            result += text
        } else {
            for scalar in text.unicodeScalars { write(scalar, to: &result) }
        }
        result += "\""
    }

    private static func write(_ scalar: Unicode.Scalar, to result: inout String) {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "\n": result += "\\n"
        case "\r": result += "\\r"
        case "\t": result += "\\t"
        case let hidden where hidden.isHiddenOnTerminal:
            for unit in String(hidden).utf16 {
                let digits = String(unit, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        default: result.unicodeScalars.append(scalar)
        }
    }
}
