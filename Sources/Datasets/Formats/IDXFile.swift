/// An array of bytes in the IDX form, as MNIST is distributed: a magic number, the dimensions, the bytes.
///
///     00 00 08 k      bytes (08), k dimensions
///     k times         a dimension, 32 bits, most significant byte first
///     the bytes, the last dimension fastest
public struct IDXFile: Hashable, Sendable {
    /// The size of the array in each direction: `[60000, 28, 28]` for MNIST's training images.
    public let dimensions: [Int]
    /// The elements, the last dimension fastest; as many as the product of the dimensions.
    public let bytes: [UInt8]

    /// Reads a file, compressed by gzip or not.
    ///
    ///     let labels = try IDXFile(readingFrom: "data/mnist/train-labels-idx1-ubyte.gz", dimensions: 1)
    ///     labels.bytes.prefix(3)          // [5, 0, 4]
    ///
    /// - Throws: `DatasetError`, naming `path`, unless the file holds exactly one array of that many dimensions.
    public init(readingFrom path: String, dimensions count: Int) throws(DatasetError) {
        let file = try CompressedFile(path: path)
        let header = 4 + 4 * count
        let head = try file.read(atMost: header, announced: nil)
        let magic: [UInt8] = [0, 0, 8, UInt8(count)]
        guard head.count >= 4, Array(head[..<4]) == magic else {
            throw .wrongMagic(path: path, expected: hexadecimal(magic), found: hexadecimal(head.prefix(4)))
        }
        guard head.count == header else { throw .wrongSize(path: path, expected: header, found: head.count) }
        let dimensions = (0..<count).map { index in
            head[4 + 4 * index..<8 + 4 * index].reduce(0) { $0 << 8 | Int($1) }
        }
        var size = 1
        for dimension in dimensions {
            let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
            guard !overflow, product <= Int.max - header else {
                throw .unreadable(path: path, reason: "its header announces \(dimensions) bytes")
            }
            size = product
        }
        // One byte more than there should be tells a file that is too long.
        let body = try file.read(atMost: size + 1, announced: header + size)
        guard body.count == size else {
            throw .wrongSize(path: path, expected: header + size, found: header + body.count)
        }
        self.dimensions = dimensions
        bytes = body
    }
}

/// Bytes for a message: `00 00 08 03`.
private func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let text = bytes.map { byte in
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }.joined(separator: " ")
    return text.isEmpty ? "nothing" : text
}
