/// A 32-bit cyclic redundancy check over bits in the order of ISO-HDLC: lowest first, begun with ones, inverted at the
/// end.
///
///     CyclicRedundancyCheck.zip("123456789".utf8)             // 0xCBF43926
///     CyclicRedundancyCheck.castagnoli("123456789".utf8)      // 0xE3069283
public struct CyclicRedundancyCheck: Sendable {
    /// Of zip archives.
    public static let zip = CyclicRedundancyCheck(polynomial: 0xEDB8_8320)
    /// Castagnoli's, of TensorFlow's records.
    public static let castagnoli = CyclicRedundancyCheck(polynomial: 0x82F6_3B78)

    /// What each value of a byte adds, so that the check takes one step a byte and not eight.
    private let table: [UInt32]

    /// - Parameter polynomial: with its highest power in the lowest bit.
    init(polynomial: UInt32) {
        table = (0..<256).map { byte in
            (0..<8).reduce(UInt32(byte)) { rest, _ in rest & 1 == 1 ? rest >> 1 ^ polynomial : rest >> 1 }
        }
    }

    /// The sum of the bytes.
    public func callAsFunction(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(~0) { rest, byte in rest >> 8 ^ table[Int(UInt8(truncatingIfNeeded: rest) ^ byte)] }
    }
}
