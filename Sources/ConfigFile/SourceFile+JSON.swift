extension SourceFile {
    /// JSON as YAML can read it: a character beyond U+FFFF, for which JSON may have two escapes, becomes itself. YAML
    /// has no such pairs.
    ///
    ///     {"name": "\ud83d\ude00"}        // {"name": "😀"}
    static func joiningSurrogates(_ json: String) -> String {
        var result: [UInt8] = []
        var rest = Array(json.utf8)[...]
        let backslash = UInt8(ascii: "\\")
        while let byte = rest.first {
            guard byte == backslash else {
                result.append(byte)
                rest.removeFirst()
                continue
            }
            if let high = escaped(rest), (0xD800..<0xDC00).contains(high), let low = escaped(rest.dropFirst(6)),
                (0xDC00..<0xE000).contains(low),
                let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
            {
                result += String(Character(scalar)).utf8
                rest = rest.dropFirst(12)
            } else {
                // The character after a backslash does not begin an escape of its own.
                result += rest.prefix(2)
                rest = rest.dropFirst(2)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The number of an escape `\uXXXX` at the beginning; nil if there is none.
    private static func escaped(_ bytes: ArraySlice<UInt8>) -> UInt32? {
        let digits = bytes.dropFirst(2).prefix(4)
        let areHexadecimal = digits.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
        guard bytes.starts(with: #"\u"#.utf8), digits.count == 4, areHexadecimal else { return nil }
        return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}
