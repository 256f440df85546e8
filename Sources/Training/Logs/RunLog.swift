import EventFiles
import Files
import Foundation
import TrialProtocol

/// Why a log cannot be continued.
public enum RunLogError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A table was begun with other columns, as where the config asks for other diagnostics now.
    case otherColumns(path: String)

    public var description: String {
        switch self {
        case .otherColumns(let path): "\(path): cannot be written: it has other columns; move it away to go on"
        }
    }
}

/// The logs of one run, which continue where its checkpoint is.
///
/// Every line and every event says at which step it was written. What lies beyond the step of the checkpoint that a run
/// resumes from was written by steps whose results are lost. It is cut off, and will be written again with the same
/// numbers. What lies before is on the disk: `flush` comes before each checkpoint. So no line is doubled or lost.
///
///     let log = try RunLog(config.output, folder: "results/runs/digits", resumingAt: 0)
///     try log.write(record)      // to every file that takes records of its kind
///     try log.flush()
final class RunLog {
    private let interval: LogInterval
    /// Whether batches say something of every layer.
    private let diagnosesBatches: Bool
    private var files: [LogFile] = []

    /// - Parameters:
    ///   - folder: the path of the run's folder.
    ///   - step: at which the run resumes, in batches since its beginning.
    ///   - expected: one of a batch and one of an epoch, with names as they will have: a table that lacks some is found
    ///     out now, and not by the first record, after an epoch of work. Empty: nothing will be written.
    /// - Throws: `FileError`, or `RunLogError.otherColumns`; the table is then as it was.
    init(
        _ output: TrainingConfig.Output, folder: String, resumingAt step: Int, expecting expected: [LogRecord]
    ) throws {
        interval = output.logEvery
        diagnosesBatches = output.diagnostics == .batch
        for format in LogFormat.allCases where output.logs.contains(format) {
            for name in Set([true, false].map { format.fileName(ofBatches: $0) }).sorted() {
                let isOfBatches = name != format.fileName(ofBatches: false)
                if isOfBatches && interval == .epoch { continue }
                files.append(
                    try LogFile(
                        format, isOfBatches: isOfBatches, path: "\(folder)/\(name)", resumingAt: step,
                        expecting: expected.first { ($0.batch != nil) == isOfBatches }))
            }
        }
    }

    /// Whether a record of every batch is wanted.
    var takesBatches: Bool { interval == .batch }

    /// Adds a record to the files that it belongs to: in CSV and JSON, those of batches or those of epochs; in
    /// TensorBoard, one file for both.
    ///
    /// - Throws: `FileError`, or `RunLogError.otherColumns`.
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
    func flush() throws(FileError) {
        for file in files { try file.flush() }
    }
}

/// One file of a log, open at its end.
private final class LogFile {
    let format: LogFormat
    let isOfBatches: Bool
    private let file: AppendedFile
    /// Nil until the file has one.
    private var columns: [String]?
    /// Whether nothing has been written yet, so that TensorBoard's file still needs its beginning.
    private var isEmpty: Bool

    init(
        _ format: LogFormat, isOfBatches: Bool, path: String, resumingAt step: Int, expecting expected: LogRecord?
    ) throws {
        self.format = format
        self.isOfBatches = isOfBatches
        let bytes = try readAll(path) ?? []
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
        case .tensorboard: length = EventFile.prefix(of: bytes, upTo: step)
        }
        if let columns, let expected, !expected.csvColumns.allSatisfy(columns.contains) {
            throw RunLogError.otherColumns(path: path)
        }
        isEmpty = length == 0
        file = try AppendedFile(path, keeping: length)
    }

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
                throw RunLogError.otherColumns(path: file.path)
            }
            try append(Array(((columns == nil ? known.joined(separator: ",") + "\n" : "") + line).utf8))
            columns = known
        case .jsonl: try append(Array(record.jsonLine.utf8))
        case .tensorboard:
            let time = Date().timeIntervalSince1970
            let beginning = isEmpty ? EventFile.beginning(at: time) : []
            let values = record.values.compactMap { value in value.tag.map { ($0, value.value) } }
            try append(beginning + EventFile.scalars(values, step: record.step, at: time))
        }
        isEmpty = false
    }

    private func append(_ bytes: [UInt8]) throws(FileError) { try file.append(bytes) }

    func flush() throws(FileError) { try file.sync() }
}
