/// A check sum that is the same in every run and on every machine, unlike Swift's own hashes: FNV-1a with 64 bits.
///
///     var sum = StableHash()
///     sum.combine(record.name)
///     sum.combine(record.file.text)
///     sum.value
///
/// It tells apart what differs by accident. Whoever wants two texts with one sum can make them.
package struct StableHash: Sendable, Hashable {
    package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    package init() {}

    /// Takes in a text with its length, so that neighbouring texts do not run into each other.
    package mutating func combine(_ text: String) {
        combine(UInt64(text.utf8.count))
        for byte in text.utf8 { combine(byte) }
    }

    /// Takes in bytes without their number.
    package mutating func combine(bytes: some Sequence<UInt8>) { for byte in bytes { combine(byte) } }

    private mutating func combine(_ number: UInt64) {
        for shift in stride(from: 0, to: 64, by: 8) { combine(UInt8(truncatingIfNeeded: number >> shift)) }
    }

    private mutating func combine(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
}
