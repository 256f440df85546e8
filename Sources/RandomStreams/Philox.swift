/// The counter-based generator Philox4x64-10: a bijection of a 256-bit counter under a 128-bit key.
///
/// Any block of any stream is computed from its coordinates alone, with integer arithmetic only, so the numbers are
/// the same on every platform, in every release, and in whatever order they are asked for.
///
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011. The test vectors are
/// those the authors publish with Random123 (`kat_vectors`).
public enum Philox {
    /// Four 64-bit words, lowest first.
    public typealias Block = SIMD4<UInt64>

    /// The block that `counter` is mapped to under `key`.
    @inlinable
    public static func block(counter: Block, key: SIMD2<UInt64>) -> Block {
        var state = counter
        var key = key
        for round in 0..<10 {
            if round > 0 { key = key &+ SIMD2(0x9E37_79B9_7F4A_7C15, 0xBB67_AE85_84CA_A73B) }
            let first = state[0].multipliedFullWidth(by: 0xD2E7_470E_E14C_6C93)
            let second = state[2].multipliedFullWidth(by: 0xCA5A_8263_9512_1157)
            state = Block(
                second.high ^ state[1] ^ key[0], second.low,
                first.high ^ state[3] ^ key[1], first.low)
        }
        return state
    }
}
