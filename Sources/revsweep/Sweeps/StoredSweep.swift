import SweepEngine
import SweepFile
import SweepModel
import SweepReport
import SweepStore

/// A sweep that is read and not run, from its database alone. The reading commands share it.
///
///     let stored = try StoredSweep(in: "results/digits")
///     print(try stored.summary().text)
struct StoredSweep {
    /// The sweep's own folder.
    let directory: String
    let store: SweepStore
    /// What the database says of the sweep itself: its name, its metric, and the files it was started with.
    let record: SweepRecord
    /// The sweep file as it is stored, not as it may have been edited since.
    let file: SweepFile

    /// - Throws: `SweepStoreError` if the database cannot be read; `UserError` if the stored sweep file is not legal,
    ///   which a file of a later release may be.
    init(in directory: String) throws {
        self.directory = directory
        store = try SweepStore(readingSweepIn: directory)
        record = try store.sweep()
        do { file = try SweepFile(record) } catch {
            throw UserError(
                message: "the sweep file that is stored in \(directory)/sweep.sqlite is not legal:\n\(error)")
        }
    }

    /// What `revsweep status` shows; the planner, if one runs the sweep now, is found by its lock.
    ///
    /// - Throws: `SweepStoreError`.
    func summary() throws -> SweepSummary {
        var summary = SweepSummary(
            sweep: file.sweep, directory: directory, planner: SweepLock.holder(ofSweepIn: directory),
            counts: try store.counts(), asked: try store.askedTrials().count, imported: try store.importedCount(),
            queued: try store.queued().count, best: try store.bestTrial(), timeRun: try store.timeRun())
        summary.running = try store.runningTrials(reportsOf: record.metric.name)
        summary.confirmed = confirmed
        summary.replicated = try ReplicatedBest(of: file.sweep, in: store)?.leader
        summary.front = try store.front()
        return summary
    }

    /// Whether a run of the sweep would find nothing to do: a limit of its budget is reached, or all its trials have
    /// ended. Of a grid, values that were enqueued do not count, which may be no points of it.
    ///
    /// - Throws: `SweepStoreError`.
    func hasEnded() throws -> Bool {
        let trials = try store.trials()
        let (sweep, budget) = (file.sweep, file.sweep.budget)
        if let most = budget.failures, trials.count(where: { $0.state == .failed }) >= most { return true }
        if let time = budget.time, try store.timeRun() >= time { return true }
        if trials.contains(where: sweep.reachesTarget) { return true }
        guard trials.allSatisfy(\.state.isFinal), let total = sweep.trialsToCome else { return false }
        let planned = trials.count { !$0.isImported }
        if let most = budget.trials, planned >= most { return true }
        return try store.queued().isEmpty && trials.count { $0.origin == .sampled && !$0.isImported } >= total
    }

    /// What trials are sorted, chosen and shown by.
    var fields: TrialFields {
        TrialFields(record.objectives, parameterNames: record.parameterNames, space: file.sweep.space)
    }

    /// What `revsweep best` and `export` show: the complete trials, the best one first. It is the one that fresh seeds
    /// have shown to be, or else the one of which a model expects most, where trials with the same values differ.
    ///
    /// - Parameter count: how many trials are wanted; nil for all.
    /// - Throws: `SweepStoreError`.
    func bestConfig(_ count: Int? = nil) throws -> BestConfig {
        let isAsked = try store.trialCount() <= ExpectedBest.mostTrials || !record.objectives.areOne
        let trials =
            isAsked || count != 1 || confirmed != nil || file.sweep.replicates != nil
            ? try store.trials() : try store.bestTrial().map { [$0] } ?? []
        return BestConfig(file: file, record: record, trials: trials, confirmed: confirmed, expecting: isAsked)
    }

    /// What fresh seeds have shown of the best trials; nil if they have not been run again.
    var confirmed: ConfirmedBest? { ConfirmedBest(inSweepAt: directory) }

    /// The trial with this number.
    ///
    /// - Throws: `UserError` if there is none, with the numbers that there are; `SweepStoreError`.
    func trial(_ number: Int) throws -> TrialRecord {
        if let trial = try store.trial(number) { return trial }
        throw UserError.noTrial(number, of: try store.trialCount())
    }
}

extension UserError {
    /// There is no trial with this number, of so many.
    static func noTrial(_ number: Int, of count: Int) -> UserError {
        UserError(
            message: "there is no trial \(number)",
            help: count == 0 ? "no trial has been planned yet" : "trials 0 to \(count - 1) are there")
    }
}
