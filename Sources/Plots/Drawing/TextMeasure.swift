/// How wide text will be, without a font.
///
/// The font is the reader's own, so that this can only be near: the widths are those of common sans-serif
/// fonts (Helvetica, DejaVu Sans and Segoe UI agree within about 10 %), on the wide side.
enum TextMeasure {
    static func width(of text: String, size: Double) -> Double {
        text.unicodeScalars.reduce(0) { $0 + width(of: $1) } * size
    }

    private static func width(of scalar: Unicode.Scalar) -> Double {
        switch scalar {
        case "i", "j", "l", "I", "'", "|", ".", ",", ":", ";", "!", " ", "t", "f", "r", "(", ")", "[", "]", "-": 0.36
        case "m", "w", "M", "W", "@", "%": 0.92
        case "A"..."Z": 0.7
        default: scalar.value >= 0x1100 ? 1.05 : 0.6
        }
    }

    /// The name of a parameter: where it does not fit, the last parts of "optimizer.momentum" say more than
    /// the first.
    static func shortenedName(_ name: String, toWidth room: Double, size: Double) -> String {
        var parts = name.split(separator: ".", omittingEmptySubsequences: false)
        while parts.count > 1, width(of: parts.joined(separator: "."), size: size) > room { parts.removeFirst() }
        return shortened(parts.joined(separator: "."), toWidth: room, size: size)
    }

    /// The text, or as much of its end as fits, after "…".
    static func shortenedAtStart(_ text: String, toWidth room: Double, size: Double) -> String {
        let reversed = String(String.UnicodeScalarView(text.unicodeScalars.suffix(500).reversed()))
        let kept = shortened(reversed, toWidth: room, size: size)
        return String(String.UnicodeScalarView(kept.unicodeScalars.reversed()))
    }

    /// The text, or as much of it as fits with "…" at its end.
    static func shortened(_ text: String, toWidth room: Double, size: Double) -> String {
        var used = 0.0
        var kept = String.UnicodeScalarView()
        let mark = 0.8 * size
        var keptWithMark = kept
        for scalar in text.unicodeScalars {
            used += width(of: scalar) * size
            if used > room { return keptWithMark.isEmpty ? "" : String(keptWithMark) + "…" }
            kept.append(scalar)
            if used + mark <= room { keptWithMark = kept }
        }
        return text
    }
}
