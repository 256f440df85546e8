import JSONWriting

/// A text as one word of a command line that a person may copy into a shell.
///
///     ShellWord.text("my run")                        // 'my run'
///     ShellWord.text("two\nlines")                    // $'two\nlines'
///     "revsweep run \(shell: "sweeps/a b.yaml")"      // revsweep run 'sweeps/a b.yaml'
public enum ShellWord {
    /// In quotes if it has anything but letters, digits and a few signs.
    ///
    /// What a terminal would act on or not show, line breaks and tabs included, is written as bash, zsh and ksh read it
    /// back from `$'…'`: the result is safe to print, and means the same when it is pasted.
    public static func text(_ word: String) -> String {
        // zsh takes `=name` for the path of a program.
        var isPlain = !word.isEmpty && word.utf8.first != UInt8(ascii: "=")
        var last: Unicode.Scalar?
        for scalar in word.unicodeScalars {
            if scalar.isHidden(after: last) { return escaped(word) }
            if !Self.isPlain(scalar) { isPlain = false }
            last = scalar
        }
        return isPlain ? word : quoted(word)
    }

    /// Whether a shell takes the character for itself, wherever it stands in a word.
    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", ".", "/", "-", "=", ":", ",", "+", "@", "%": true
        default: !scalar.isASCII && !scalar.properties.isWhitespace
        }
    }

    /// By code points, as a shell reads: to Swift a quote with an accent behind it is another character.
    private static func quoted(_ word: String) -> String {
        var result = "'"
        for scalar in word.unicodeScalars {
            if scalar == "'" { result += "'\\''" } else { result.unicodeScalars.append(scalar) }
        }
        return result + "'"
    }

    /// In the form in which escapes stand for characters. Bytes have three octal digits each: after fewer digits, or
    /// after hexadecimal ones in some shells, what follows could be taken for another digit.
    private static func escaped(_ word: String) -> String {
        var result = "$'"
        var last: Unicode.Scalar?
        for scalar in word.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case "\\": result += "\\\\"
            case "'": result += "\\'"
            case let hidden where hidden.isHidden(after: last):
                for byte in String(hidden).utf8 {
                    let digits = String(byte, radix: 8)
                    result += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
                }
                // What follows stands behind a digit now.
                last = nil
                continue
            default: result.unicodeScalars.append(scalar)
            }
            last = scalar
        }
        return result + "'"
    }
}

extension DefaultStringInterpolation {
    /// Adds a word as a shell reads it.
    public mutating func appendInterpolation(shell word: String) { appendLiteral(ShellWord.text(word)) }
}
