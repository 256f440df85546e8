import Files

/// The forms of a file of weights.
///
///     try WeightFormat.npz.write(run.tensors(at: .last), to: "weights.npz")
public enum WeightFormat: String, Hashable, Sendable, CaseIterable {
    /// NumPy's: a zip archive with one `.npy` for each tensor.
    case npz
    /// Hugging Face's: a header of JSON, then the numbers.
    case safetensors

    /// By the end of a file's name.
    ///
    ///     WeightFormat(path: "weights.NPZ")       // .npz
    ///     WeightFormat(path: "weights.bin")       // nil
    public init?(path: String) {
        guard let dot = path.lastIndex(of: ".") else { return nil }
        self.init(rawValue: path[path.index(after: dot)...].lowercased())
    }
}

/// Why a file of weights cannot be read.
public struct WeightFileError: Error, Hashable, Sendable, CustomStringConvertible {
    public var path: String
    /// What is wrong, to follow the path and a colon.
    public var problem: String

    public init(path: String, problem: String) {
        self.path = path
        self.problem = problem
    }

    public var description: String { "\(path): \(problem)" }
}

extension WeightFormat {
    /// Writes tensors to a file, whole or not at all.
    ///
    /// - Throws: `WeightFileError`, `FileError`; a file that was there is then as it was.
    public func write(_ tensors: [NamedTensor], to path: String) throws {
        switch self {
        case .npz:
            guard NPZFile.canHold(tensors) else {
                throw WeightFileError(path: path, problem: "an npz holds less than 4 GiB here; safetensors holds more")
            }
            try AtomicFile.write(NPZFile.encoded(tensors), to: path)
        case .safetensors: try AtomicFile.write(SafetensorsFile.encoded(tensors), to: path)
        }
    }

    /// Reads all tensors of a file: of an npz in the order of its directory, of a safetensors file sorted by name.
    ///
    /// - Throws: `WeightFileError`, `FileError`.
    public func read(_ path: String) throws -> [NamedTensor] {
        guard let bytes = try readAll(path) else {
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
