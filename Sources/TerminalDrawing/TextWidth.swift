/// How many columns of a terminal text takes.
///
/// Most characters take one column. Chinese, Japanese and Korean characters and emoji take two, and accents that are
/// put on the letter before take none. A table that counts characters instead is out of line where it holds such text.
///
///     TextWidth.columns(of: "loss")    // 4
///     TextWidth.columns(of: "損失")     // 4
public enum TextWidth {
    /// The columns of text on one line. It is to be made harmless first (``TerminalText``): control characters count
    /// as nothing here, whatever a terminal does with them.
    public static func columns(of text: some StringProtocol) -> Int {
        if text.isPrintableASCII { return text.utf8.count }
        return text.reduce(0) { $0 + columns(of: $1) }
    }

    /// A name that is no wider than so many columns: of a longer one the middle is left out, since names that look
    /// alike mostly differ at the end.
    ///
    ///     TextWidth.shortened("dropout_probability_of_the_residual_12", to: 16)    // "dropo…esidual_12"
    public static func shortened(_ name: String, to width: Int) -> String {
        if columns(of: name) <= width { return name }
        guard width >= 3 else { return width < 1 ? "" : String(repeating: "…", count: 1) }
        var (start, end) = ("", "")
        for character in name {
            if columns(of: start) + columns(of: character) > (width - 1) / 3 { break }
            start.append(character)
        }
        for character in name.reversed() {
            if columns(of: start) + 1 + columns(of: end) + columns(of: character) > width { break }
            end = String(character) + end
        }
        return start + "…" + end
    }

    /// The columns of one character, which may be made of several code points.
    ///
    /// Terminals add up the columns of the code points, but for combined emoji, which newer ones draw as one.
    public static func columns(of character: Character) -> Int {
        let scalars = character.unicodeScalars
        guard scalars.count > 1, let first = scalars.first else { return scalars.first.map(columns(of:)) ?? 0 }
        if isRegionalIndicator(first) { return 2 }
        var width = 0
        var isJoined = false
        for scalar in scalars {
            if scalar == emojiSelector {
                width = first.properties.isEmoji ? max(width, 2) : width
            } else if !isJoined && !(width > 0 && scalar.properties.isEmojiModifier) {
                width += columns(of: scalar)
            }
            isJoined = scalar == "\u{200D}" && first.properties.isEmoji
        }
        return width
    }

    /// The columns of a single code point.
    public static func columns(of scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0x20..<0x7F: return 1
        case 0x1160...0x11FF, 0xD7B0...0xD7FF: return 0  // Korean vowels and finals, drawn into the initial before
        case 0x00AD: return 1  // soft hyphen: a format character that terminals draw
        default: break
        }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control, .lineSeparator, .paragraphSeparator: return 0
        default: break
        }
        if scalar.properties.isEmojiPresentation && !isRegionalIndicator(scalar) { return 2 }
        return isWide(scalar.value) ? 2 : 1
    }

    private static let emojiSelector: Unicode.Scalar = "\u{FE0F}"

    private static func isRegionalIndicator(_ scalar: Unicode.Scalar) -> Bool {
        (0x1F1E6...0x1F1FF).contains(scalar.value)
    }

    /// Whether the code point is in one of the ranges of wide characters. Ranges that hold nothing but wide and
    /// unassigned characters are taken as a whole, as terminals take them.
    private static func isWide(_ value: UInt32) -> Bool {
        if value < 0x1100 { return false }
        var ranges = wide[...]
        while let middle = ranges.indices.middle {
            let range = ranges[middle]
            if range.contains(value) { return true }
            ranges = value < range.lowerBound ? ranges[..<middle] : ranges[(middle + 1)...]
        }
        return false
    }

    /// `W` and `F` of Unicode's EastAsianWidth, without emoji, in ascending order.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2329...0x232A, 0x2630...0x2637, 0x268A...0x268F, 0x2E80...0x303E, 0x3041...0x3247,
        0x3250...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19,
        0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x16FFF, 0x17000...0x18DFF,
        0x1AFF0...0x1B2FF, 0x1D300...0x1D376, 0x1F200...0x1F2FF, 0x20000...0x2FFFD, 0x30000...0x3FFFD,
    ]
}

extension Range<Int> {
    fileprivate var middle: Int? { isEmpty ? nil : lowerBound + count / 2 }
}
