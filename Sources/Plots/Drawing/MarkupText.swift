/// Text as it may stand in SVG and in HTML.
public enum MarkupText {
    /// Text that neither markup nor a terminal nor a reader takes for something else.
    ///
    /// Control characters (NUL, ESC) are not allowed in XML. Those that turn the direction of writing are, but
    /// with them a name can look like another one.
    ///
    ///     MarkupText.escaped("a < b")        // a &lt; b
    public static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: if !isRemoved(scalar) { result.unicodeScalars.append(scalar) }
            }
        }
        return result
    }

    private static func isRemoved(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x61C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFF:
            true
        default: false
        }
    }
}
