import ConfigFile
import Foundation
import SweepFile
import SweepStore

/// A sweep that this process holds the lock of, and may run.
public struct OpenSweep: Sendable {
    public let file: SweepFile
    public let record: SweepRecord
    public let store: SweepStore
    /// The sweep's own folder, absolute.
    public let directory: String
    /// Whether there was no such sweep before.
    public let isNew: Bool
    private let lock: SweepLock
}

/// Why a sweep cannot be run.
public enum OpenSweepError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The sweep exists, and its file says something else now.
    case changed(name: String, directory: String, paths: [String])

    public var description: String {
        switch self {
        case .changed(let name, let directory, let paths):
            """
            the sweep '\(name)' in \(directory) was started from another file; what differs:
              \(paths.joined(separator: "\n  "))
              = help: give the sweep another name, undo the change, or go on as it was started: revsweep resume \(name)
            """
        }
    }
}

extension OpenSweep {
    /// Opens the sweep that `file` describes, or makes it in a folder of its name below `results`.
    ///
    /// On a sweep that exists, budget and resources may have changed; the stored file then changes with them.
    ///
    /// - Parameter cores: of this machine; the lag of a reproducible sweep may depend on it.
    /// - Throws: `OpenSweepError.changed`, or what the store throws.
    public static func starting(_ file: SweepFile, below results: String, cores: Int, at time: Date) async throws
        -> OpenSweep
    {
        let directory = URL(fileURLWithPath: "\(results)/\(file.sweep.name)").standardizedFileURL
            .resolvingSymlinksInPath().path
        let isNew = !SweepStore.exists(in: directory)
        if isNew {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        }
        let lock = try SweepLock(directory: directory)
        if isNew { try SweepStore.create(in: directory, file.record(cores: cores, at: time)) }
        let store = try SweepStore(runningSweepIn: directory)
        var record = try store.sweep()
        let stored = try SweepFile(record)
        let differences = file.differences(from: stored)
        guard differences.isEmpty else {
            throw OpenSweepError.changed(name: file.sweep.name, directory: directory, paths: differences)
        }
        let file = try SweepFile(
            source: file.document.source, base: file.base?.source, directory: file.directory,
            defaultTrainerDirectory: record.trainerDirectory)
        let given = file.record(cores: cores, at: record.created)
        if given.file != record.file || given.base != record.base || given.directory != record.directory {
            (record.file, record.base, record.directory) = (given.file, given.base, given.directory)
            try await store.replaceFiles(record)
        }
        return OpenSweep(file: file, record: record, store: store, directory: directory, isNew: isNew, lock: lock)
    }

    /// Opens the sweep in `directory` as it was started, whatever became of its files since.
    public static func resuming(in directory: String) throws -> OpenSweep {
        guard SweepStore.exists(in: directory) else { throw SweepStoreError.noSweep(directory: directory) }
        let lock = try SweepLock(directory: directory)
        let store = try SweepStore(runningSweepIn: directory)
        let record = try store.sweep()
        return OpenSweep(
            file: try SweepFile(record), record: record, store: store, directory: directory, isNew: false, lock: lock)
    }
}

extension SweepFile {
    /// The sweep as it was stored.
    ///
    /// - Throws: `DiagnosticsError` if this release reads the stored file otherwise than the one that stored it.
    public init(_ record: SweepRecord) throws(DiagnosticsError) {
        try self.init(
            source: SourceFile(record.file), base: record.base.map { SourceFile($0) }, directory: record.directory,
            defaultTrainerDirectory: record.trainerDirectory)
    }

    fileprivate func record(cores: Int, at time: Date) -> SweepRecord {
        let lag: Int? =
            switch sweep.planning {
            case .asTrialsEnd: nil
            case .reproducible(let lag): lag ?? sweep.resources.parallel(onCores: cores)
            }
        return SweepRecord(
            name: sweep.name, metric: sweep.metric.name, goal: sweep.metric.goal.rawValue,
            rule: sweep.metric.rule.rawValue, parameterNames: sweep.space.parameters.map(\.name), lag: lag,
            file: .init(document.source), base: base.map { .init($0.source) }, directory: directory, created: time)
    }
}

extension SourceFile {
    fileprivate init(_ stored: SweepRecord.StoredFile) {
        self.init(path: stored.path, text: stored.text)
    }
}

extension SweepRecord.StoredFile {
    fileprivate init(_ source: SourceFile) {
        self.init(path: source.path, text: source.wholeText)
    }
}
