import SweepFile
import SweepReport
import SweepStore

/// What is working on a sweep, in the words of `revsweep status`.
enum PlannerWords {
    /// - Throws: `SweepStoreError`.
    static func of(_ store: SweepStore, _ file: SweepFile, in directory: String) throws -> String {
        SweepSummary(
            sweep: file.sweep, directory: directory, planner: SweepLock.holder(ofSweepIn: directory),
            counts: try store.counts(), asked: try store.askedTrials().count, imported: 0, queued: 0, best: nil,
            timeRun: .zero
        ).plannerText
    }
}
