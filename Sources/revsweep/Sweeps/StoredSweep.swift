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
    let directory: String
    let store: SweepStore
    let record: SweepRecord
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

    /// - Throws: `SweepStoreError`.
    func summary() throws -> SweepSummary {
        SweepSummary(
            sweep: file.sweep, directory: directory, planner: SweepLock.holder(ofSweepIn: directory),
            counts: try store.counts(), asked: try store.askedTrials(), imported: try store.importedCount(),
            queued: try store.queued().count, best: try store.bestTrial(), timeRun: try store.timeRun())
    }

    /// - Throws: `SweepStoreError`.
    func listing(of trials: [TrialRecord]) throws -> TrialListing {
        TrialListing(
            metric: file.sweep.metric, parameterNames: record.parameterNames, trials: trials,
            lastMetrics: try store.lastMetrics())
    }

    /// - Throws: `SweepStoreError`.
    func bestConfig() throws -> BestConfig {
        BestConfig(file: file, record: record, trials: try store.trials())
    }
}
