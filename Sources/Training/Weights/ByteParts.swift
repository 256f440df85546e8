/// What is wrong with the bytes of a file of weights.
///
/// It has no path: the caller, who knows it, makes a `WeightFileError` of it.
struct MalformedWeights: Error {
    var problem: String
}

extension ArraySlice<UInt8> {
    /// The little-endian number of `count` bytes at an offset from the beginning; `nil` where the bytes end before.
    ///
    ///     ([0x34, 0x12] as [UInt8])[...].number(at: 0, bytes: 2)      // 0x1234
    ///     ([0x34, 0x12] as [UInt8])[...].number(at: 1, bytes: 2)      // nil
    ///
    /// Eight bytes may be a negative number: callers compare it with the number of bytes there are.
    func number(at offset: Int, bytes count: Int) -> Int? {
        guard offset >= 0, count <= self.count, offset <= self.count - count else { return nil }
        let part = self[startIndex + offset..<startIndex + offset + count]
        return Int(truncatingIfNeeded: part.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    /// A part of the bytes; `nil` where they end before.
    func part(at offset: Int, count: Int) -> ArraySlice<UInt8>? {
        guard offset >= 0, count >= 0, offset <= self.count, count <= self.count - offset else { return nil }
        return self[startIndex + offset..<startIndex + offset + count]
    }

    /// The numbers that little-endian bytes stand for; the count is whole.
    ///
    /// Numbers of 8 bytes are rounded to single precision.
    ///
    /// - Parameter width: 4 or 8.
    func floats(ofBytes width: Int) -> [Float] {
        withUnsafeBytes { bytes in
            (0..<bytes.count / width).map { index in
                width == 4
                    ? Float(
                        bitPattern: UInt32(
                            littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)))
                    : Float(
                        Double(
                            bitPattern: UInt64(
                                littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))))
            }
        }
    }
}

extension [UInt8] {
    /// Adds the lowest `count` bytes of a number, the lowest first.
    mutating func append(_ number: Int, bytes count: Int) {
        for index in 0..<count { append(UInt8(truncatingIfNeeded: number >> (8 * index))) }
    }

    /// Adds numbers of 4 bytes each, little-endian.
    mutating func append(_ values: [Float]) {
        reserveCapacity(self.count + 4 * values.count)
        for value in values {
            Swift.withUnsafeBytes(of: value.bitPattern.littleEndian) { append(contentsOf: $0) }
        }
    }
}

/// How many bytes a tensor takes; `nil` where the number overflows.
///
/// - Parameters:
///   - shape: the length along each axis.
///   - width: the bytes of one number.
func byteCount(_ shape: [Int], _ width: Int) -> Int? {
    shape.reduce(Optional(width)) { product, length in
        guard let (result, overflow) = product?.multipliedReportingOverflow(by: length), !overflow else { return nil }
        return result
    }
}
