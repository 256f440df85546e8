/// Reads a number as programs print it for people.
///
///     PrintedNumber.read(Array("1.5e-3, next".utf8)[...], before: nil)      // 0.0015, up to the comma
///     PrintedNumber.read(Array("2.1s".utf8)[...], before: nil)              // nil: the unit belongs to it
enum PrintedNumber {
    /// The number at the beginning of some bytes, and where it ends: decimal, with an exponent or without, also one of
    /// Fortran's such as `1.5D-3`, or what languages print for one that is not finite. One of more than `longestNumber`
    /// characters is none, and one that a comma and a digit follow: whether they are a fraction or thousands is not
    /// known.
    ///
    /// - Parameter next: what the pattern has behind the number; nil for anything. A point or a comma then belongs to
    ///   that.
    static func read(_ bytes: ArraySlice<UInt8>, before next: UInt8?) -> (value: Double, end: Int)? {
        let bytes = bytes.prefix(longestNumber + 1)
        var position = bytes.startIndex
        func byte(_ offset: Int = 0) -> UInt8? {
            position + offset < bytes.endIndex ? bytes[position + offset] : nil
        }
        func isDigit(_ byte: UInt8?) -> Bool { byte?.isDigit ?? false }
        func isSign(_ byte: UInt8?) -> Bool { byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") }
        let isNegative = byte() == UInt8(ascii: "-")
        if isSign(byte()) { position += 1 }
        let digits = position
        while isDigit(byte()) { position += 1 }
        let hasDigits = position > digits
        if byte() == UInt8(ascii: "."), isDigit(byte(1)) || hasDigits && next != UInt8(ascii: ".") {
            position += 1
            while isDigit(byte()) { position += 1 }
        }
        if position > digits {
            var text = String(decoding: bytes[..<position], as: UTF8.self)
            if text.hasSuffix(".") { text += "0" }
            if let letter = byte(), "eEdD".utf8.contains(letter),
                isDigit(byte(1)) || isSign(byte(1)) && isDigit(byte(2))
            {
                let exponent = position + 1
                position += 2
                while isDigit(byte()) { position += 1 }
                text += "e" + String(decoding: bytes[exponent..<position], as: UTF8.self)
            }
            if position - bytes.startIndex > longestNumber { return nil }
            if next == nil, !isEnd(bytes[position...]) { return nil }
            if byte() == UInt8(ascii: ","), isDigit(byte(1)), next != UInt8(ascii: ",") { return nil }
            return Double(text).map { ($0, position) }
        }
        let word = bytes[position...].prefix(9).prefix(while: \.isOfWord)
        switch String(decoding: word, as: UTF8.self).lowercased() {
        case "nan": return (.nan, word.endIndex)
        case "inf", "infinity": return (isNegative ? -.infinity : .infinity, word.endIndex)
        default: return nil
        }
    }

    /// Whether a number may end before these bytes, where the pattern does not say what follows: not in `2.1s`, `3/4`,
    /// `1:02` or `2026-01-01`, of which it would be a part.
    private static func isEnd(_ rest: ArraySlice<UInt8>) -> Bool {
        guard let byte = rest.first else { return true }
        let next = rest.dropFirst().first
        switch byte {
        case _ where byte.isBlank || ")]}>|'\"%;!".utf8.contains(byte): return true
        case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "."):
            return !(next?.isDigit ?? false)
        // Lines of tables, and ±.
        case 0xE2: return next == 0x94 || next == 0x95
        case 0xC2: return next == 0xB1
        default: return false
        }
    }

    private static let longestNumber = 400
}

extension UInt8 {
    /// Whether the byte is a blank or a tab.
    var isBlank: Bool { self == 32 || self == 9 }

    /// Whether the byte is a digit of ASCII.
    var isDigit: Bool { (48...57).contains(self) }

    /// Whether the byte is a letter or digit of ASCII, or an underscore.
    var isOfWord: Bool { isDigit || (65...90).contains(self) || (97...122).contains(self) || self == 95 }
}
