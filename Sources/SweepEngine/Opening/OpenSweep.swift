import ConfigFile
import Foundation
import SweepFile
import SweepModel
import SweepStore

/// A sweep that this process holds the lock of, and may run.
///
///     let sweep = try await OpenSweep.starting(file, below: "results", cores: 8, at: Date())
///     let ending = try await sweep.closing(unmerged: { print($0) }) { sweep in
///         try await SweepRunner(sweep.file, store: sweep.store, …).run(interruptions: interruptions)
///     }
public struct OpenSweep: Sendable {
    /// The sweep file, read; as it is now, or as it was stored where the sweep is resumed.
    public let file: SweepFile
    /// What the database says of the sweep itself.
    public let record: SweepRecord
    public let store: SweepStore
    /// The sweep's own folder, absolute.
    public let directory: String
    /// Whether there was no such sweep before.
    public let isNew: Bool
    /// What its file says otherwise than before.
    public let accepted: [FileChange]
    /// The first trial for which the changes hold; 0 where there are none.
    public let firstRevisedTrial: Int
    /// Trials that had nothing to show yet, and are given up since the file excludes their values now.
    public let givenUp: [Int]
    /// Keeps other planners away until it is released.
    public let lock: SweepLock

    /// Of a new sweep, from how many trials of which other sweeps it learns: `learning from 18 of 20 trials of former`.
    /// Nil where there are none.
    public var lessonWords: String? {
        guard isNew, let trials = try? store.priorTrials() else { return nil }
        return WarmStart.words(of: trials, in: file.sweep.space)
    }

    /// Runs `body` with the sweep, and gives it back however that ends: all of it is then in its one file.
    ///
    /// - Parameter unmerged: called if it could not be moved there.
    ///
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws. An error of closing is told to `unmerged` and does not hide that.
    public func closing<Value>(
        unmerged: (any Error) -> Void, _ body: (OpenSweep) async throws -> Value
    ) async throws -> Value {
        let result: Result<Value, any Error>
        do { result = .success(try await body(self)) } catch { result = .failure(error) }
        do { try await store.close() } catch { unmerged(error) }
        lock.release()
        return try result.get()
    }
}

extension OpenSweep {
    /// Opens the sweep that `file` describes, or makes it in a folder of its name below `results`.
    ///
    /// On a sweep that exists, budget and resources may have changed, and whatever alters the meaning of no trial; the
    /// stored file then changes with them.
    ///
    /// - Parameters:
    ///   - cores: of this machine; the lag of a reproducible sweep may depend on it.
    ///   - program: where PATH has the trainer's program now, if the file calls it by a bare name.
    ///   - acceptsChanges: whether the sweep may go on with other changes, its trials so far being its history.
    ///   - purpose: what the sweep is opened for.
    ///   - heldUp: what is done while another program holds the database.
    /// - Throws: `OpenSweepError`, or what the store throws; nothing has then changed.
    public static func starting(
        _ file: SweepFile, below results: String, cores: Int, program: String? = nil, acceptsChanges: Bool = false,
        at time: Date,
        for purpose: SweepLock.Purpose = .run, _ heldUp: HeldUp = HeldUp()
    ) async throws -> OpenSweep {
        let place = OpenSweepError.Place(file, below: results)
        let directory = place.directory
        let isNew = !SweepStore.exists(in: directory)
        // A mistake in the file leaves no folder.
        let prior = isNew ? try WarmStart.trials(of: file, below: results) : []
        if isNew {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        }
        let lock = try await SweepLock(directory: directory, purpose: purpose)
        if isNew {
            var record = file.record(cores: cores, in: directory, at: time)
            record.program = program
            try SweepStore.create(in: directory, record, learningFrom: prior)
        }
        let store = try SweepStore(runningSweepIn: directory, heldUp)
        var record = try store.sweep()
        let file = try SweepFile(
            source: file.document.source, base: file.base?.source, directory: file.directory,
            defaultTrainerDirectory: record.trainerDirectory)
        let revision = try SweepRevision(
            of: SweepFile(record), to: file,
            besides: [move(of: file, since: record, place), otherProgram(program, of: file, since: record)]
                .compactMap(\.self), lag: record.lag, store: store)
        let changes = revision.changes
        if !revision.objections.isEmpty {
            throw OpenSweepError.contradicted(place, changes, objections: revision.objections)
        }
        if !revision.withoutDefault.isEmpty {
            throw OpenSweepError.needsDefault(place, changes, parameters: revision.withoutDefault)
        }
        // Where nothing has been tried yet, nothing is lost.
        if !changes.isEmpty, !acceptsChanges, revision.firstTrial > 0 { throw OpenSweepError.changed(place, changes) }
        var given = file.record(cores: cores, in: directory, at: record.created)
        given.trainerDirectory = record.trainerDirectory
        given.program = program ?? record.program
        if revision.firstTrial > 0 {
            // Trials that failed may have had parameters that are gone.
            given.parameterNames += record.parameterNames.filter { !given.parameterNames.contains($0) }
        }
        if !changes.contains(where: { $0.part == .planning }) { given.lag = record.lag }
        if given != record {
            record = given
            let isOtherStart = changes.contains { $0.part == .warmStart }
            try await store.revise(
                record, changes: changes.map { "\($0), from trial \(revision.firstTrial) on" },
                completions: revision.completions, givingUp: revision.givenUp,
                learningFrom: isOtherStart ? try WarmStart.trials(of: file, below: results) : nil, at: time)
        }
        return OpenSweep(
            file: file, record: record, store: store, directory: directory, isNew: isNew,
            accepted: isNew || revision.firstTrial == 0 ? [] : changes, firstRevisedTrial: revision.firstTrial,
            givenUp: revision.givenUp, lock: lock)
    }

    /// Two experiments whose files have one name must not share a sweep. A folder that is gone was moved or renamed.
    ///
    /// - Returns: that the file has moved to another folder, if it has.
    private static func move(
        of file: SweepFile, since record: SweepRecord, _ place: OpenSweepError.Place
    ) throws(OpenSweepError) -> FileChange? {
        let former = record.currentDirectory(ofSweepIn: place.directory)
        guard FileManager.default.fileExists(atPath: former), !isSameFolder(former, file.directory) else { return nil }
        let name = URL(fileURLWithPath: record.file.path).lastPathComponent
        if FileManager.default.fileExists(atPath: "\(former)/\(name)") {
            let given = URL(fileURLWithPath: file.document.source.path).lastPathComponent
            throw .otherFolder(place, startedFrom: "\(former)/\(name)", given: "\(file.directory)/\(given)")
        }
        return FileChange(.folder, "folder of the sweep file", from: former, to: file.directory)
    }

    /// A bare name may mean another program than before: another environment of Python is active, say.
    private static func otherProgram(_ program: String?, of file: SweepFile, since record: SweepRecord) -> FileChange? {
        guard let program, let former = record.program, program != former,
            let name = file.sweep.trainer.command.first?.commonText(sweepDirectory: file.directory),
            former.hasSuffix("/\(name)")
        else { return nil }
        // `/bin` may be another name of `/usr/bin`. A program itself may be a link and still be another one: the Python
        // of an environment is.
        func folder(_ path: String) -> String { URL(fileURLWithPath: path).deletingLastPathComponent().path }
        if isSameFolder(folder(program), folder(former)) { return nil }
        return FileChange(.trainer, "the program '\(name)' on PATH", from: former, to: program)
    }

    /// Whether two paths lead to one folder, by its device and inode: one of them may go through a link.
    private static func isSameFolder(_ first: String, _ second: String) -> Bool {
        if first == second { return true }
        var (one, other) = (stat(), stat())
        guard stat(first, &one) == 0, stat(second, &other) == 0 else { return false }
        return one.st_dev == other.st_dev && one.st_ino == other.st_ino
    }

    /// Opens the sweep in `directory` as it was started, whatever became of its files since.
    ///
    /// - Parameters:
    ///   - directory: the sweep's own folder.
    ///   - purpose: what the sweep is opened for.
    /// - Throws: `SweepStoreError.noSweep` if there is none, `SweepStoreError.locked` if another process holds it,
    ///   `DiagnosticsError` if this release cannot read the stored file.
    public static func resuming(
        in directory: String, for purpose: SweepLock.Purpose = .run,
        _ heldUp: HeldUp = HeldUp()
    ) async throws -> OpenSweep {
        guard SweepStore.exists(in: directory) else { throw SweepStoreError.noSweep(directory: directory) }
        let lock = try await SweepLock(directory: directory, purpose: purpose)
        let store = try SweepStore(runningSweepIn: directory, heldUp)
        var record = try store.sweep()
        record.directory = record.currentDirectory(ofSweepIn: directory)
        return OpenSweep(
            file: try SweepFile(record), record: record, store: store, directory: directory, isNew: false, accepted: [],
            firstRevisedTrial: 0, givenUp: [], lock: lock)
    }
}

extension SweepFile {
    /// The record of a new sweep by this file.
    ///
    /// The lag of a reproducible sweep is the one in the file, else the number of trials at once. It is stored, since
    /// another machine with other cores must plan the same trials.
    ///
    /// - Parameter sweepDirectory: the sweep's own folder, absolute.
    func record(cores: Int, in sweepDirectory: String, at time: Date) -> SweepRecord {
        let lag: Int? =
            switch sweep.planning {
            case .asTrialsEnd: nil
            case .reproducible(let lag): lag ?? sweep.resources.parallel(onCores: cores)
            }
        return SweepRecord(
            name: sweep.name, metric: sweep.metric, objectives: sweep.objectives,
            parameterNames: sweep.space.parameters.map(\.name), lag: lag,
            file: .init(document.source), base: base.map { .init($0.source) }, directory: directory,
            relativeDirectory: Self.way(from: sweepDirectory, to: directory), created: time)
    }
}

extension SweepFile {
    /// The relative path that leads from one folder to another, symbolic links followed.
    fileprivate static func way(from folder: String, to other: String) -> String {
        func resolved(_ path: String) -> String {
            URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
        }
        let way = resolved(folder).way(to: resolved(other))
        return way.isEmpty ? "." : way
    }
}

extension SweepRecord {
    /// Where the folder of the sweep file is now: a project that was moved or copied, results and all, keeps the way
    /// from one to the other.
    ///
    /// - Parameter folder: the sweep's own, absolute.
    func currentDirectory(ofSweepIn folder: String) -> String {
        guard let relativeDirectory else { return directory }
        let candidate = URL(fileURLWithPath: "\(folder)/\(relativeDirectory)").standardizedFileURL.path
        let name = URL(fileURLWithPath: file.path).lastPathComponent
        return FileManager.default.fileExists(atPath: "\(candidate)/\(name)") ? candidate : directory
    }
}

extension OpenSweepError.Place {
    /// By the file as it was given: messages repeat what the user typed.
    init(_ file: SweepFile, below results: String) {
        let directory = URL(fileURLWithPath: "\(results)/\(file.sweep.name)").standardizedFileURL
            .resolvingSymlinksInPath().path
        self.init(
            name: file.sweep.name, directory: directory, file: file.document.source.path,
            results: results == "results" ? nil : results)
    }
}

extension SweepRecord.StoredFile {
    fileprivate init(_ source: SourceFile) {
        self.init(path: source.path, text: source.wholeText)
    }
}
