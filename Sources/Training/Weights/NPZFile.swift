import EventFiles
import Foundation

/// The form of NumPy's `savez`: a zip archive that compresses nothing, with one array in NumPy's own form in each
/// entry.
///
/// Source: NumPy's documentation, "numpy.lib.format", for the arrays; PKWARE's APPNOTE.TXT 6.3 for the archive, whose
/// 32-bit sizes are enough for weights. NumPy reserves room for longer ones, in fields that are passed over here.
///
/// In Python, `numpy.load("weights.npz")["blocks.0.f.weight"]` is then an array of shape `(m, h)` and type float32.
enum NPZFile {
    /// The four bytes that each part of a zip archive begins with.
    private static let (localHeader, centralHeader, end) = (0x0403_4B50, 0x0201_4B50, 0x0605_4B50)

    /// Whether 32-bit sizes are enough, with a kilobyte for what surrounds each tensor.
    static func canHold(_ tensors: [NamedTensor]) -> Bool {
        tensors.reduce(0) { $0 + 4 * $1.values.count + 1024 + 2 * $1.name.utf8.count } < 1 << 32
    }

    /// The whole archive; the caller has asked `canHold`.
    static func encoded(_ tensors: [NamedTensor]) -> [UInt8] {
        var (archive, directory) = ([UInt8](), [UInt8]())
        for tensor in tensors {
            let content = array(tensor)
            let name = Array("\(tensor.name).npy".utf8)
            var fields: [UInt8] = []
            // Version 2.0, no flags, stored; 1 January 1980, so that the same weights make the same bytes.
            for number in [20, 0, 0, 0, 0x21] { fields.append(number, bytes: 2) }
            fields.append(Int(CyclicRedundancyCheck.zip(content)), bytes: 4)
            for size in [content.count, content.count] { fields.append(size, bytes: 4) }
            for length in [name.count, 0] { fields.append(length, bytes: 2) }

            directory.append(centralHeader, bytes: 4)
            directory.append(20, bytes: 2)
            directory += fields
            // No comment, disk 0, no attributes.
            for (number, width) in [(0, 2), (0, 2), (0, 2), (0, 4), (archive.count, 4)] {
                directory.append(number, bytes: width)
            }
            directory += name

            archive.append(localHeader, bytes: 4)
            archive += fields
            archive += name
            archive += content
        }
        let start = archive.count
        archive += directory
        archive.append(end, bytes: 4)
        for number in [0, 0, tensors.count, tensors.count] { archive.append(number, bytes: 2) }
        for number in [directory.count, start] { archive.append(number, bytes: 4) }
        archive.append(0, bytes: 2)
        return archive
    }

    /// One array: magic, version 1.0, a Python dictionary filled up with spaces to a multiple of 64, the numbers.
    private static func array(_ tensor: NamedTensor) -> [UInt8] {
        let lengths = tensor.shape.map { "\($0)" }.joined(separator: ", ") + (tensor.shape.count == 1 ? "," : "")
        var header = Array("{'descr': '<f4', 'fortran_order': False, 'shape': (\(lengths)), }".utf8)
        header += [UInt8](repeating: 32, count: (64 - (11 + header.count) % 64) % 64) + [10]
        var bytes = [0x93] + Array("NUMPY".utf8) + [1, 0]
        bytes.append(header.count, bytes: 2)
        bytes += header
        bytes.append(tensor.values)
        return bytes
    }

    /// The arrays of an archive, in the order of its directory. `.npy` at the end of a name is taken away.
    ///
    /// - Throws: `MalformedWeights` for what is no archive, is compressed or damaged, or holds other numbers than
    ///   floats.
    static func decoded(_ bytes: [UInt8]) throws -> [NamedTensor] {
        let bytes = bytes[...]
        let notAnArchive = MalformedWeights(problem: "this is not an npz file, or it is truncated")
        // The end record is the last thing but for a comment of up to 65,535 bytes.
        let first = max(0, bytes.count - 22 - 65_535)
        guard bytes.count >= 22,
            let last = (first...bytes.count - 22).last(where: { bytes.number(at: $0, bytes: 4) == end }),
            let count = bytes.number(at: last + 10, bytes: 2), var place = bytes.number(at: last + 16, bytes: 4)
        else { throw notAnArchive }
        var tensors: [NamedTensor] = []
        for _ in 0..<count {
            guard bytes.number(at: place, bytes: 4) == centralHeader,
                let method = bytes.number(at: place + 10, bytes: 2), let sum = bytes.number(at: place + 16, bytes: 4),
                let packed = bytes.number(at: place + 20, bytes: 4), let size = bytes.number(at: place + 24, bytes: 4),
                let nameLength = bytes.number(at: place + 28, bytes: 2),
                let extraLength = bytes.number(at: place + 30, bytes: 2),
                let commentLength = bytes.number(at: place + 32, bytes: 2),
                let start = bytes.number(at: place + 42, bytes: 4),
                let nameBytes = bytes.part(at: place + 46, count: nameLength),
                let name = String(validating: nameBytes, as: UTF8.self),
                bytes.number(at: start, bytes: 4) == localHeader,
                let ownName = bytes.number(at: start + 26, bytes: 2),
                let ownExtra = bytes.number(at: start + 28, bytes: 2)
            else { throw notAnArchive }
            guard method == 0, packed == size else {
                throw MalformedWeights(
                    problem: "the entry '\(name)' is compressed; numpy.savez writes what can be read here")
            }
            guard let content = bytes.part(at: start + 30 + ownName + ownExtra, count: size) else {
                throw notAnArchive
            }
            guard Int(CyclicRedundancyCheck.zip(content)) == sum else {
                throw MalformedWeights(problem: "the entry '\(name)' is corrupt: its check sum does not match")
            }
            let stem = name.hasSuffix(".npy") ? String(name.dropLast(4)) : name
            tensors.append(try tensor(stem, content))
            place += 46 + nameLength + extraLength + commentLength
        }
        return tensors
    }

    /// One entry of the archive, in NumPy's form of version 1, 2 or 3.
    private static func tensor(_ name: String, _ bytes: ArraySlice<UInt8>) throws -> NamedTensor {
        let notAnArray = MalformedWeights(problem: "the entry '\(name)' is not an array, or it is truncated")
        guard bytes.starts(with: [0x93] + Array("NUMPY".utf8)), let version = bytes.number(at: 6, bytes: 1),
            (1...3).contains(version)
        else { throw notAnArray }
        let width = version == 1 ? 2 : 4
        guard let length = bytes.number(at: 8, bytes: width),
            let text = bytes.part(at: 8 + width, count: length).map({ String(decoding: $0, as: UTF8.self) }),
            let shape = shape(in: text)
        else { throw notAnArray }
        guard let size = text.contains("'<f4'") ? 4 : text.contains("'<f8'") ? 8 : nil,
            text.contains("'fortran_order': False") || shape.count < 2
        else {
            throw MalformedWeights(
                problem: "the array '\(name)' must hold float32 or float64 numbers, little-endian, in C order")
        }
        let numbers = bytes.dropFirst(8 + width + length)
        guard byteCount(shape, size) == numbers.count else { throw notAnArray }
        return NamedTensor(name: name, shape: shape, values: numbers.floats(ofBytes: size))
    }

    /// The lengths in the brackets after `'shape':`.
    private static func shape(in header: String) -> [Int]? {
        guard let key = header.range(of: "'shape':"),
            let open = header[key.upperBound...].firstIndex(of: "("),
            let close = header[open...].firstIndex(of: ")")
        else { return nil }
        let parts = header[header.index(after: open)..<close].split(separator: ",")
            .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        let lengths = parts.compactMap { Int($0) }.filter { $0 >= 0 }
        return lengths.count == parts.count ? lengths : nil
    }
}
