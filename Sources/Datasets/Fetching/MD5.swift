import Files
import Foundation

/// The check sum that the publishers of data sets state; it tells damage, not intent.
///
///     var digest = MD5()
///     digest.update(Array("abc".utf8)[...])
///     digest.finish()                         // "900150983cd24fb0d6963f7d28e17f72"
///
/// Source: RFC 1321.
package struct MD5 {
    private var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476]
    /// Bytes that do not fill a block of 64 yet.
    private var rest: [UInt8] = []
    private var length: UInt64 = 0

    /// The digest of nothing; its `finish()` is `d41d8cd98f00b204e9800998ecf8427e`.
    package init() {}

    /// Adds bytes at the end. It does not matter in which pieces they come.
    package mutating func update(_ bytes: ArraySlice<UInt8>) {
        length += UInt64(bytes.count)
        rest += bytes
        let whole = rest.count / 64 * 64
        rest.withUnsafeBytes { buffer in
            for start in stride(from: 0, to: whole, by: 64) {
                process(UnsafeRawBufferPointer(rebasing: buffer[start..<start + 64]))
            }
        }
        rest.removeFirst(whole)
    }

    /// 32 hexadecimal digits, of everything that was handed over.
    package consuming func finish() -> String {
        let bits = length &* 8
        let zeros = (119 - Int(length % 64)) % 64
        let size = (0..<8).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt64($0))) }
        update(([0x80] + [UInt8](repeating: 0, count: zeros) + size)[...])
        return state.map { word in
            (0..<4).map { index in
                let byte = UInt8(truncatingIfNeeded: word >> (8 * UInt32(index)))
                return (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }.joined()
        }.joined()
    }

    /// Mixes one block of 64 bytes into the state.
    private mutating func process(_ block: UnsafeRawBufferPointer) {
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        for step in 0..<64 {
            var mixed: UInt32
            let word: Int
            switch step / 16 {
            case 0: (mixed, word) = ((b & c) | (~b & d), step)
            case 1: (mixed, word) = ((d & b) | (~d & c), (5 * step + 1) % 16)
            case 2: (mixed, word) = (b ^ c ^ d, (3 * step + 5) % 16)
            default: (mixed, word) = (c ^ (b | ~d), 7 * step % 16)
            }
            mixed &+= a &+ constants[step]
            mixed &+= UInt32(littleEndian: block.loadUnaligned(fromByteOffset: 4 * word, as: UInt32.self))
            let turn = turns[step / 16 * 4 + step % 4]
            (a, d, c) = (d, c, b)
            b &+= mixed << turn | mixed >> (32 - turn)
        }
        state[0] &+= a
        state[1] &+= b
        state[2] &+= c
        state[3] &+= d
    }
}

extension MD5 {
    /// Of a file's content, from its beginning.
    ///
    /// - Throws: `FetchError.cannotRead`.
    package static func digest(ofFile path: String) throws(FetchError) -> String {
        var digest = MD5()
        do {
            try readPieces(of: path) { digest.update($0) }
        } catch {
            throw FetchError(error)
        }
        return digest.finish()
    }
}

/// The first 32 bits after the point of |sin 1|, |sin 2|, …
private let constants = (1...64).map { UInt32(4_294_967_296 * abs(sin(Double($0)))) }

/// By how many bits a word is rotated: four numbers for each of the four rounds, used in turn.
private let turns: [UInt32] = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]
