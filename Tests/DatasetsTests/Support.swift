import CZlib
import Foundation
import Testing

/// An IDX file of the given dimensions, with as many bytes as they say or as many as asked for.
func idx(_ dimensions: [Int], count: Int? = nil) -> [UInt8] {
    let header: [UInt8] = [0, 0, 8, UInt8(dimensions.count)]
    let sizes = dimensions.flatMap { size in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: size >> $0) } }
    return header + sizes + (0..<(count ?? dimensions.reduce(1, *))).map { UInt8(truncatingIfNeeded: $0 * 37) }
}

func compressed(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    deflateInit2_(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    var output = [UInt8](repeating: 0, count: bytes.count + 1000)
    var input = bytes
    let left = input.withUnsafeMutableBufferPointer { input in
        output.withUnsafeMutableBufferPointer { output in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            stream.next_out = output.baseAddress
            stream.avail_out = UInt32(output.count)
            #expect(deflate(&stream, Z_FINISH) == Z_STREAM_END)
            return Int(stream.avail_out)
        }
    }
    return Array(output.dropLast(left))
}

/// The error that reading ends with; nil if it does not.
func failure(_ body: () throws -> Void) -> String? {
    do {
        try body()
        return nil
    } catch {
        return "\(error)"
    }
}
