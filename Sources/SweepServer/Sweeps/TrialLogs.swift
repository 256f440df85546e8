import SweepExecution
import SweepModel
import TrialProtocol

/// Reads what trainers have printed, piece by piece.
///
///     await logs.bytes(of: .output, ofTrial: 12, in: "/data/results/digits", from: 0)
actor TrialLogs {
    private let executor = QueueExecutor("logs")

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// How much there is; nil if there is no such log.
    func size(of log: TrialLog, ofTrial trial: Int, in directory: String) -> Int? {
        let folder = folder(ofTrial: trial, in: directory)
        return TrialFiles.bytes(of: log.fileName, in: folder, from: 0, atMost: 0).map { _ in
            TrialFiles.size(of: log.fileName, in: folder)
        }
    }

    /// The bytes from a place on, 64 KiB at most; nil if there is no such log.
    func bytes(of log: TrialLog, ofTrial trial: Int, in directory: String, from start: Int) -> [UInt8]? {
        let folder = folder(ofTrial: trial, in: directory)
        return TrialFiles.bytes(of: log.fileName, in: folder, from: start, atMost: BodyPieces.size)
    }

    private func folder(ofTrial trial: Int, in directory: String) -> String {
        "\(directory)/\(TrialRecord.folder(of: trial))"
    }
}

/// Text from bytes that arrive in pieces: a character whose end has not come yet waits for it.
///
///     var text = PiecedText()
///     text.take([0xC3])            // ""
///     text.take([0xA4])            // "ä"
struct PiecedText {
    private(set) var rest: [UInt8] = []

    /// The text that is whole with these bytes. What is no text becomes U+FFFD.
    mutating func take(_ bytes: [UInt8]) -> String {
        rest += bytes
        let cut = rest.count - Self.unfinished(rest)
        defer { rest.removeFirst(cut) }
        return String(decoding: rest[..<cut], as: UTF8.self)
    }

    /// How many bytes at the end begin a character and do not end it.
    private static func unfinished(_ bytes: [UInt8]) -> Int {
        for count in 1...3 where count <= bytes.count {
            let byte = bytes[bytes.count - count]
            if byte & 0xC0 == 0x80 { continue }
            let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            return length > count ? count : 0
        }
        return 0
    }
}
