import Foundation
import SweepExecution
import SweepModel
import SweepReport
import TerminalDrawing
import TrialProtocol

/// One of the two logs of a trial, read piece by piece while it grows.
///
///     var log = LogReader(.errors, ofTrial: 12, in: "results/digits")
///     while let bytes = log.next() { … }
struct LogReader {
    private let folder: String
    private let log: TrialLog
    /// Only what this attempt printed; nil for all attempts.
    private let attempt: Int?
    private var position: Int

    private static let pieceSize = 1 << 16

    /// - Parameters:
    ///   - directory: the sweep's own folder.
    ///   - attempt: only what this attempt printed.
    /// - Returns: nil if it is not known where the attempt begins.
    init?(_ log: TrialLog, ofTrial trial: Int, in directory: String, attempt: Int? = nil) {
        folder = "\(directory)/\(TrialRecord.folder(of: trial))"
        self.log = log
        self.attempt = attempt
        guard let attempt else {
            position = 0
            return
        }
        guard let start = LogMarks(in: folder).start(of: attempt, in: log) else { return nil }
        position = start
    }

    /// What follows; nil if there is nothing more at the moment.
    mutating func next() -> [UInt8]? {
        var count = Self.pieceSize
        if let attempt, let end = LogMarks(in: folder).end(of: attempt, in: log) {
            count = min(count, max(0, end - position))
        }
        guard count > 0, let bytes = TrialFiles.bytes(of: log.fileName, in: folder, from: position, atMost: count),
            !bytes.isEmpty
        else { return nil }
        position += bytes.count
        return bytes
    }
}

/// What trainers print, for a terminal: inert, and readable where it was meant to be coloured or to draw over itself.
struct LogText {
    /// The beginning of a line, or of a character, whose end has not been read yet.
    private var rest: [UInt8] = []
    /// Whether the last line ended with a carriage return, so that a line feed behind it ends no other line.
    private var endedWithReturn = false

    private static let maxRest = 1 << 16
    private static let (lineFeed, carriageReturn) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))

    /// The lines that are complete with these bytes.
    mutating func take(_ bytes: [UInt8]) -> String {
        guard let first = bytes.first else { return "" }
        rest += endedWithReturn && first == Self.lineFeed ? bytes.dropFirst() : bytes[...]
        endedWithReturn = false
        guard let end = rest.lastIndex(where: { $0 == Self.lineFeed || $0 == Self.carriageReturn }) else {
            return rest.count > Self.maxRest ? finish() : ""
        }
        endedWithReturn = end == rest.count - 1 && rest[end] == Self.carriageReturn
        let lines = rest[...end]
        rest = Array(rest[(end + 1)...])
        return Self.inert(lines)
    }

    /// The rest, where no more bytes will come.
    mutating func finish() -> String {
        defer { rest = [] }
        return Self.inert(rest[...])
    }

    /// A carriage return, with which progress bars begin their line again, ends the line here.
    private static func inert(_ bytes: ArraySlice<UInt8>) -> String {
        let text = withoutColors(String(decoding: bytes, as: UTF8.self))
        let lines = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
        return TerminalText.lines(lines)
    }

    /// The text without sequences that only colour it. Any other sequence is left to be made harmless.
    static func withoutColors(_ text: String) -> String {
        text.utf8.contains(0x1B) ? text.replacing(/\u{1B}\[[0-9;:]*m/, with: "") : text
    }
}
