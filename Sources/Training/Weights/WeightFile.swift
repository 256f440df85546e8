import Foundation

/// The forms of a file of weights.
public enum WeightFormat: String, Hashable, Sendable, CaseIterable {
    /// NumPy's: a zip archive with one `.npy` for each tensor.
    case npz
    /// Hugging Face's: a header of JSON, then the numbers.
    case safetensors

    /// By the end of a file's name.
    public init?(path: String) {
        guard let dot = path.lastIndex(of: ".") else { return nil }
        self.init(rawValue: path[path.index(after: dot)...].lowercased())
    }
}

/// Why a file of weights cannot be read.
public struct WeightFileError: Error, Hashable, Sendable, CustomStringConvertible {
    public var path: String
    public var problem: String

    public init(path: String, problem: String) {
        self.path = path
        self.problem = problem
    }

    public var description: String { "\(path): \(problem)" }
}

extension WeightFormat {
    /// - Throws: `WeightFileError`, or `RunFolderError.cannotWrite`; a file that was there is then as it was.
    public func write(_ tensors: [NamedTensor], to path: String) throws {
        switch self {
        case .npz:
            guard NPZFile.canHold(tensors) else {
                throw WeightFileError(path: path, problem: "an npz holds less than 4 GiB here; safetensors holds more")
            }
            try RunFolder.replaceFile(path, with: NPZFile.encoded(tensors))
        case .safetensors: try RunFolder.replaceFile(path, with: SafetensorsFile.encoded(tensors))
        }
    }

    /// - Throws: `WeightFileError`, or `CheckpointError.unreadable`.
    public func read(_ path: String) throws -> [NamedTensor] {
        guard let bytes = try RunFolder(path: "").bytes(of: path) else {
            throw WeightFileError(path: path, problem: "there is no such file")
        }
        do {
            switch self {
            case .npz: return try NPZFile.decoded(bytes)
            case .safetensors: return try SafetensorsFile.decoded(bytes)
            }
        } catch let error as MalformedWeights {
            throw WeightFileError(path: path, problem: error.problem)
        }
    }
}

/// A text file that a command was asked for.
public enum ExportedFile {
    /// Replaces the file as a whole or not at all.
    public static func write(_ text: String, to path: String) throws {
        try RunFolder.replaceFile(path, with: text.utf8)
    }
}

/// What is wrong with the bytes of a file of weights.
struct MalformedWeights: Error {
    var problem: String
}

extension ArraySlice<UInt8> {
    /// The little-endian number of so many bytes at an offset from the beginning; `nil` where the bytes end before.
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
    mutating func append(_ number: Int, bytes count: Int) {
        for index in 0..<count { append(UInt8(truncatingIfNeeded: number >> (8 * index))) }
    }

    mutating func append(_ values: [Float]) {
        reserveCapacity(self.count + 4 * values.count)
        for value in values {
            Swift.withUnsafeBytes(of: value.bitPattern.littleEndian) { append(contentsOf: $0) }
        }
    }
}
