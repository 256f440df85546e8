import ConfigFile
import Files
import LinearAlgebra
import ReversibleCore
import TrialProtocol

/// A run between two batches: its config and its state.
///
///     bytes 0..<8     "REVMLPCK"
///     8..<16          version, 1
///     16..<24         length of what follows the head
///     24..<32         its check sum
///     then            the config as YAML, the position, the tally, the log, the parameters, the optimizer's memory
///
/// Numbers are little-endian and 8 bytes wide, those of matrices 4; texts and matrices are preceded by their sizes.
/// What the config determines (projections, read-out, data, order of samples) is not stored.
///
///     let bytes = Checkpoint(config: config, state: state).encoded
///     let read = try Checkpoint(decoding: bytes, path: "checkpoint") { _ in (features: 64, classes: 10) }
///     read.state.network.parameters == state.network.parameters      // true, to the last bit
struct Checkpoint {
    var config: TrainingConfig
    var state: TrainingState

    /// The form that this program writes, and the only one that it reads.
    static let version = 1
    private static let magic = Array("REVMLPCK".utf8)
    private static let headSize = 32
}

/// Why a run cannot be resumed from a file.
public enum CheckpointError: Error, Hashable, Sendable {
    /// There is no such file, or the system does not let this process read it.
    case unreadable(path: String, reason: String)
    /// The file does not begin as a checkpoint does.
    case notACheckpoint(path: String)
    /// Another release of this program wrote it.
    case otherVersion(path: String, found: Int)
    /// The file is shorter than a head, or than its head says; both numbers are in bytes.
    case truncated(path: String, expected: Int, found: Int)
    /// The file is long enough, and its content is not what was written.
    case corrupt(path: String)
    /// Its run has gone on while it was looked at.
    case changed(path: String)
    /// Its parameters are not those of the network that the data and the config ask for.
    case otherShape(path: String, expected: String, found: String)
}

extension CheckpointError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadable(let path, let reason): "\(path): the checkpoint cannot be read: \(reason)"
        case .notACheckpoint(let path): "\(path): this is not a checkpoint"
        case .otherVersion(let path, let found):
            "\(path): the checkpoint has version \(found), this program reads version \(Checkpoint.version)"
        case .truncated(let path, let expected, let found):
            "\(path): the checkpoint is truncated: \(found) of \(expected) bytes"
        case .corrupt(let path): "\(path): the checkpoint is corrupt: its check sum does not match its content"
        case .changed(let path): "\(path): the run went on while it was read; the same command reads it anew"
        case .otherShape(let path, let expected, let found):
            "\(path): the checkpoint has parameters of the shape \(found), where the network has \(expected)"
        }
    }
}

// MARK: Writing

extension Checkpoint {
    /// The whole file. The same config and state always make the same bytes.
    var encoded: [UInt8] {
        var body = ByteWriter()
        body.append(config.resolved.yaml())
        body.append(state.epoch)
        body.append(state.batch)
        let tally = state.tally
        for number in [tally.loss, tally.change, tally.seconds] { body.append(number.bitPattern) }
        for number in [tally.correct, tally.samples, tally.changes] { body.append(number) }
        body.append(state.log.count)
        for report in state.log { body.append(report.line) }
        body.append(state.network.parameters)
        body.append(state.optimizer.updates)
        body.append(state.optimizer.memory.count)
        for vector in state.optimizer.memory { body.append(vector) }
        // Of an epoch under way. It came later than the rest, and is missing in checkpoints from before.
        if state.batch > 0 {
            body.append(tally.lossAfter.bitPattern)
            body.append(tally.correctAfter)
            body.append(tally.samplesAfter)
        }

        var file = ByteWriter(bytes: Self.magic)
        file.append(Self.version)
        file.append(body.bytes.count)
        file.append(CheckSum.of(body.bytes[...]))
        return file.bytes + body.bytes
    }
}

/// Puts numbers and texts one behind another, in the form that `Checkpoint` describes.
private struct ByteWriter {
    var bytes: [UInt8] = []

    mutating func append(_ number: UInt64) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func append(_ number: Int) { append(UInt64(bitPattern: Int64(number))) }

    mutating func append(_ text: String) {
        append(text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    mutating func append(_ vector: Parameters<Float>) {
        append(vector.coefficients.count)
        for matrix in vector.coefficients {
            append(matrix.rows)
            append(matrix.columns)
            bytes.reserveCapacity(bytes.count + 4 * matrix.count)
            matrix.withElements { elements in
                for index in 0..<elements.count {
                    withUnsafeBytes(of: elements[index].bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
                }
            }
        }
    }
}

// MARK: Reading

extension Checkpoint {
    /// - Parameters:
    ///   - path: for messages.
    ///   - dataset: reads the data that the config names, for the number of its features and classes.
    /// - Throws: `CheckpointError`, or what `dataset` throws.
    init(decoding bytes: [UInt8], path: String, dataset: (TrainingConfig) throws -> (features: Int, classes: Int))
        throws
    {
        var reader = ByteReader(bytes: try Self.body(of: bytes, path: path))
        do {
            let summary = try CheckpointSummary(&reader, path: path)
            config = summary.config
            let (features, classes) = try dataset(config)
            state = try TrainingState(config, features: features, classes: classes)
            try state.read(&reader, summary)
            guard reader.isAtEnd else { throw MalformedBytes() }
        } catch let error as OtherShape {
            throw CheckpointError.otherShape(path: path, expected: error.expected, found: error.found)
        } catch is MalformedBytes {
            // The check sum is right, so this was written wrong.
            throw CheckpointError.corrupt(path: path)
        }
    }

    /// What comes after the head, as long as the head says, and undamaged.
    ///
    /// - Parameter path: for messages.
    fileprivate static func body(of bytes: [UInt8], path: String) throws -> ArraySlice<UInt8> {
        guard bytes.count >= 8, Array(bytes[..<8]) == Self.magic else {
            // Of a file that is cut within its head, too, what is left is the beginning of a checkpoint.
            if Self.magic.starts(with: bytes) {
                throw CheckpointError.truncated(path: path, expected: Self.headSize, found: bytes.count)
            }
            throw CheckpointError.notACheckpoint(path: path)
        }
        guard bytes.count >= Self.headSize else {
            throw CheckpointError.truncated(path: path, expected: Self.headSize, found: bytes.count)
        }
        var head = ByteReader(bytes: bytes[8..<Self.headSize])
        let (version, length, sum) = (try head.integer(), try head.integer(), try head.word())
        guard version == Self.version else { throw CheckpointError.otherVersion(path: path, found: version) }
        let body = bytes[Self.headSize...]
        guard length >= 0, body.count >= length else {
            throw CheckpointError.truncated(
                path: path, expected: length < 0 ? Self.headSize : Self.headSize &+ length, found: bytes.count)
        }
        guard body.count == length, CheckSum.of(body) == sum else { throw CheckpointError.corrupt(path: path) }
        return body
    }
}

/// What a checkpoint says of its run before it comes to the network: a small part of it, for which no data is needed.
///
///     let summary = try CheckpointSummary(decoding: bytes, path: "checkpoint")
///     summary.log.last      // the report of the last epoch
struct CheckpointSummary {
    let config: TrainingConfig
    /// As in `TrainingState`.
    let epoch: Int
    let batch: Int
    fileprivate let tally: EpochTally
    let log: [MetricReport]

    /// - Parameter path: for messages.
    /// - Throws: `CheckpointError`.
    init(decoding bytes: [UInt8], path: String) throws {
        var reader = ByteReader(bytes: try Checkpoint.body(of: bytes, path: path))
        do {
            self = try CheckpointSummary(&reader, path: path)
        } catch is MalformedBytes {
            throw CheckpointError.corrupt(path: path)
        }
    }

    fileprivate init(_ reader: inout ByteReader, path: String) throws {
        config = try TrainingConfig(ConfigDocument(parsing: SourceFile(path: path, text: try reader.text())))
        epoch = try reader.integer()
        batch = try reader.integer()
        var tally = EpochTally()
        tally.loss = Double(bitPattern: try reader.word())
        tally.change = Double(bitPattern: try reader.word())
        tally.seconds = Double(bitPattern: try reader.word())
        tally.correct = try reader.integer()
        tally.samples = try reader.integer()
        tally.changes = try reader.integer()
        self.tally = tally
        log = try (0..<reader.count()).map { _ in
            guard let report = MetricReport(line: try reader.text().utf8) else { throw MalformedBytes() }
            return report
        }
    }
}

extension TrainingState {
    /// Replaces all that the config does not determine. The network must have been made by the config already, for the
    /// shapes.
    fileprivate mutating func read(_ reader: inout ByteReader, _ summary: CheckpointSummary) throws {
        (epoch, batch, tally, log) = (summary.epoch, summary.batch, summary.tally, summary.log)
        let shape = network.parameters
        network.parameters = try reader.parameters(like: shape)
        let updates = try reader.integer()
        let memory = try (0..<reader.count()).map { _ in try reader.parameters(like: shape) }
        optimizer = Optimizer(optimizer.rule, updates: updates, memory: memory)
        guard batch > 0, !reader.isAtEnd else { return }
        tally.lossAfter = Double(bitPattern: try reader.word())
        tally.correctAfter = try reader.integer()
        tally.samplesAfter = try reader.integer()
    }
}

/// The bytes are not what a checkpoint consists of.
private struct MalformedBytes: Error {}

/// A matrix has other lengths than expected.
private struct OtherShape: Error {
    var expected: String
    var found: String
}

/// Takes numbers and texts from the front of some bytes, in the order in which `ByteWriter` puts them. It throws
/// `MalformedBytes` where they end too early, and never reads beyond them.
private struct ByteReader {
    private var rest: ArraySlice<UInt8>

    init(bytes: ArraySlice<UInt8>) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func word() throws -> UInt64 {
        let bytes = try take(8)
        return bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    mutating func integer() throws -> Int { Int(truncatingIfNeeded: try word()) }

    /// A number of things to come, each of which takes at least eight bytes.
    mutating func count() throws -> Int {
        let count = try integer()
        guard count >= 0, count <= rest.count / 8 else { throw MalformedBytes() }
        return count
    }

    mutating func text() throws -> String {
        guard let text = String(validating: try take(try integer()), as: UTF8.self) else { throw MalformedBytes() }
        return text
    }

    /// Matrices of the shapes that the config's network has.
    ///
    /// - Throws: `OtherShape` for any other shape, `MalformedBytes` for anything that is no matrix.
    mutating func parameters(like shape: Parameters<Float>) throws -> Parameters<Float> {
        guard try count() == shape.coefficients.count else { throw MalformedBytes() }
        return Parameters(
            coefficients: try shape.coefficients.map { expected in
                let (rows, columns) = (try integer(), try integer())
                guard rows > 0, columns > 0 else { throw MalformedBytes() }
                guard rows == expected.rows, columns == expected.columns else {
                    throw OtherShape(expected: expected.shape, found: "[\(rows), \(columns)]")
                }
                let bytes = try take(4 * expected.count)
                var matrix = expected
                bytes.withUnsafeBytes { bytes in
                    matrix.withMutableElements { elements in
                        for index in 0..<elements.count {
                            let pattern = bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
                            elements[index] = Float(bitPattern: UInt32(littleEndian: pattern))
                        }
                    }
                }
                return matrix
            })
    }

    /// The next bytes, which are then behind.
    private mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
        guard count >= 0, count <= rest.count else { throw MalformedBytes() }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }
}
