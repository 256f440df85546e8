import Foundation
import TrialProtocol

/// The forms of a run's logs.
public enum LogFormat: String, Hashable, Sendable, CaseIterable {
    /// `epochs.csv`, and `batches.csv` where every batch is logged.
    case csv
    /// `epochs.jsonl` and `batches.jsonl`: one JSON object on each line.
    case jsonl
    /// `events.out.tfevents.revmlp`.
    case tensorboard

    fileprivate func fileName(ofBatches: Bool) -> String {
        switch self {
        case .csv: ofBatches ? "batches.csv" : "epochs.csv"
        case .jsonl: ofBatches ? "batches.jsonl" : "epochs.jsonl"
        case .tensorboard: "events.out.tfevents.revmlp"
        }
    }

    /// The names of all files that logs are written to.
    static let fileNames = Set(allCases.flatMap { [$0.fileName(ofBatches: false), $0.fileName(ofBatches: true)] })
}

/// What a line of the logs stands for.
public enum LogInterval: String, Hashable, Sendable, CaseIterable {
    case epoch
    /// A batch; epochs have files of their own.
    case batch
}

/// The logs of one run, which go on where its checkpoint is.
///
/// Every line and every event says at which step it was written. What lies beyond the step of the checkpoint that a run
/// goes on from was written by a part of it that is lost, and is cut off; it will be written again, with the same
/// numbers. What lies before is on the disk: `flush` comes before each checkpoint. So no line is doubled or lost.
final class RunLog {
    private let interval: LogInterval
    private let diagnosesBatches: Bool
    private var files: [LogFile] = []

    /// - Parameter step: at which the run goes on, in batches since its beginning.
    init(_ output: TrainingConfig.Output, folder: RunFolder, goingOnAt step: Int) throws {
        interval = output.logEvery
        diagnosesBatches = output.diagnostics == .batch
        for format in LogFormat.allCases where output.logs.contains(format) {
            for name in Set([true, false].map { format.fileName(ofBatches: $0) }).sorted() {
                let isOfBatches = name != format.fileName(ofBatches: false)
                if isOfBatches && interval == .epoch { continue }
                files.append(
                    try LogFile(format, isOfBatches: isOfBatches, path: "\(folder.path)/\(name)", goingOnAt: step))
            }
        }
    }

    var takesBatches: Bool { interval == .batch }

    func write(_ record: LogRecord) throws {
        for file in files {
            switch file.format {
            case .csv, .jsonl:
                if file.isOfBatches == (record.batch != nil) { try file.append(record) }
            case .tensorboard:
                var record = record
                // One curve has one value at a step: where batches are logged, these are theirs.
                if takesBatches && record.batch == nil { record.values.removeAll { isOfBatches($0.name) } }
                try file.append(record)
            }
        }
    }

    /// Whether what an epoch says under this name is what its batches say.
    private func isOfBatches(_ name: String) -> Bool {
        ["percentage_loss_change", "seconds_total", "peak_memory", "learning_rate"].contains(name)
            || name.hasSuffix(".weight_norm") || name.hasSuffix(".weight_variance")
            || diagnosesBatches && name.contains(".")
    }

    /// Forces everything that was written to the disk.
    func flush() throws {
        for file in files { try file.flush() }
    }
}

/// One file of a log, open at its end.
private final class LogFile {
    let format: LogFormat
    let isOfBatches: Bool
    private let path: String
    private let descriptor: Int32
    /// Nil until the file has one.
    private var columns: [String]?
    private var isEmpty: Bool

    init(_ format: LogFormat, isOfBatches: Bool, path: String, goingOnAt step: Int) throws {
        self.format = format
        self.isOfBatches = isOfBatches
        self.path = path
        let bytes = try RunFolder(path: "").bytes(of: path) ?? []
        let length: Int
        switch format {
        case .csv:
            let kept = Self.prefix(of: bytes, headerLines: 1) { line in
                line.split(separator: ",").dropFirst(isOfBatches ? 2 : 1).first.flatMap { Int($0) }.map { $0 <= step }
            }
            // Names without a line below them are written again: those of a run that diverged at once are not all.
            length = bytes[..<kept].count { $0 == 10 } > 1 ? kept : 0
            if let end = bytes[..<length].firstIndex(of: 10) {
                columns = String(decoding: bytes[..<end], as: UTF8.self).split(separator: ",").map(String.init)
            }
        case .jsonl:
            length = Self.prefix(of: bytes, headerLines: 0) { line in
                MetricReport(line: line.utf8)?.step.map { $0 <= step }
            }
        case .tensorboard: length = TensorBoardFile.prefix(of: bytes, upTo: step)
        }
        isEmpty = length == 0
        descriptor = try RunFolder.checked(open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644), path)
        _ = try RunFolder.checked(ftruncate(descriptor, off_t(length)), path)
    }

    deinit { close(descriptor) }

    /// How many bytes at the beginning are whole lines that `isKept`; `nil` means that it is no such line.
    private static func prefix(of bytes: [UInt8], headerLines: Int, _ isKept: (String) -> Bool?) -> Int {
        var (start, number) = (0, 0)
        while let end = bytes[start...].firstIndex(of: 10) {
            guard number < headerLines || isKept(String(decoding: bytes[start..<end], as: UTF8.self)) == true else {
                break
            }
            start = end + 1
            number += 1
        }
        return start
    }

    func append(_ record: LogRecord) throws {
        switch format {
        case .csv:
            let known = columns ?? record.csvColumns
            guard let line = record.csvLine(columns: known) else {
                throw RunFolderError.cannotWrite(path: path, reason: "it has other columns; move it away to go on")
            }
            try append(Array(((columns == nil ? known.joined(separator: ",") + "\n" : "") + line).utf8))
            columns = known
        case .jsonl: try append(Array(record.jsonLine.utf8))
        case .tensorboard:
            let time = Date().timeIntervalSince1970
            let beginning = isEmpty ? TensorBoardFile.beginning(at: time) : []
            try append(beginning + TensorBoardFile.event(record, at: time))
        }
        isEmpty = false
    }

    private func append(_ bytes: [UInt8]) throws { try RunFolder.write(bytes, to: descriptor, path) }

    func flush() throws { _ = try RunFolder.checked(fsync(descriptor), path) }
}
