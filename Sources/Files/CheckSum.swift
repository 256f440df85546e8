/// Tells whether bytes are the same as before: it guards against damage and mistakes, not against intent.
///
/// FNV-1a over words of 8 bytes, the last one filled up with zeros. Every step is a bijection of the sum, so that a
/// change within one word always shows.
///
///     CheckSum.digits(ofParts: [CheckSum.of(images), CheckSum.of(labels)])     // as "5be4f2a90c1d7733"
package enum CheckSum {
    package static func of(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.withUnsafeBytes { raw in
            var sum: UInt64 = 0xCBF2_9CE4_8422_2325
            let words = raw.count / 8
            for word in 0..<words {
                sum ^= UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 8 * word, as: UInt64.self))
                sum = sum &* 0x100_0000_01B3
                // The multiplication moves bits up only.
                sum ^= sum >> 32
            }
            var last: UInt64 = 0
            for index in 8 * words..<raw.count { last |= UInt64(raw[index]) << UInt64(8 * (index - 8 * words)) }
            return (sum ^ last) &* 0x100_0000_01B3
        }
    }

    /// The sum of several sums in their order, as 16 hexadecimal digits.
    package static func digits(ofParts sums: [UInt64]) -> String {
        let bytes = sums.map(\.littleEndian).withUnsafeBytes { [UInt8]($0) }
        let digits = String(of(bytes[...]), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Whether a text has the form of `digits(ofParts:)`.
    package static func isDigits(_ text: String) -> Bool {
        text.utf8.count == 16 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }
}
