import ConfigFile
import Datasets
import Foundation

extension StoredRun {
    /// The runs at paths: each a run's folder, a folder of such folders, or a sweep's with its `trials`.
    ///
    /// Trials without a checkpoint, as those that failed at once, are left out.
    ///
    /// - Throws: `CheckpointError`, `DatasetError`; `SearchError` where a path leads to no run.
    ///
    ///     try StoredRun.find(at: ["results/runs/digits"]).count      // 1, a run
    ///     try StoredRun.find(at: ["results/digits"]).count           // the trials of a sweep that have a checkpoint
    ///
    /// Runs that use the same samples share them in memory.
    public static func find(at paths: [String]) throws -> [StoredRun] {
        var splits: [TrainingConfig.Data: DataSplit] = [:]
        return try paths.flatMap { path in
            let folders = runFolders(at: path)
            guard !folders.isEmpty else { throw SearchError(path: path) }
            return try folders.map { try StoredRun(readingFrom: $0, sharing: &splits) }
        }
    }

    /// A path that leads to no run.
    public struct SearchError: Error, Hashable, Sendable, CustomStringConvertible {
        public var path: String

        public var description: String {
            "\(path): there is no run: neither it, nor a folder in it or in its trials, has a checkpoint"
        }
    }

    /// The folders of the runs at a path, sorted by name: the path itself, or those in it.
    private static func runFolders(at path: String) -> [String] {
        if isRun(path) { return [path] }
        let parent = FileManager.default.fileExists(atPath: "\(path)/trials") ? "\(path)/trials" : path
        return RunFolder(path: parent).fileNames.sorted().map { "\(parent)/\($0)" }.filter(isRun)
    }

    private static func isRun(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: RunFolder(path: path).checkpointPath)
    }

    /// Every setting of the run by its dotted path, as text.
    public var settings: [(path: String, value: String)] {
        let resolved = config.resolved
        return resolved.leafPaths.map { ($0, resolved[path: $0]?.settingText ?? "") }
    }
}
