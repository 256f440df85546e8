import Foundation
import ImportanceAnalysis
import SweepFile
import SweepModel
import SweepSearch
import SweepStore

/// One sweep as it changes, read as cheaply as it can be.
///
/// A look at a sweep whose trials are not shown asks the file system whether its files have changed, and reads counts
/// and the best trial only then. A sweep whose trials are shown stays open, and of it only those trials are read that
/// may have changed.
///
///     var watch = SweepWatch(directory: "results/digits")
///     watch.look(isChosen: true)
///     watch.content?.trials.count      // 42
public struct SweepWatch: Sendable {
    public let directory: String
    public private(set) var overview: SweepOverview
    /// The trials, while the sweep is chosen.
    public private(set) var content: SweepContent?

    private let heldUp: HeldUp
    private var store: SweepStore?
    private var record: SweepRecord?
    /// The database's own count of changes at the last look.
    private var counter: Int?
    /// The files at the last look; nil if they may have changed since without any sign.
    private var stamp: FileStamp?
    private var curves: [Int: (curve: TrialCurve, next: Int, isComplete: Bool)] = [:]
    private var importance: (analysis: PedANOVA, ended: Int)?

    /// - Parameter heldUp: what to do while another program holds the database.
    public init(directory: String, _ heldUp: HeldUp = HeldUp()) {
        self.directory = directory
        self.heldUp = heldUp
        overview = SweepOverview(
            directory: directory, name: URL(fileURLWithPath: directory).standardizedFileURL.lastPathComponent)
        lookAtPlanner()
    }

    /// Brings the overview up to date, and for the chosen sweep its trials.
    ///
    /// Whatever goes wrong becomes the overview's problem; what was read before stays.
    ///
    /// - Returns: whether anything is different from before.
    public mutating func look(isChosen: Bool) -> Bool {
        let former = overview
        lookAtPlanner()
        var hasChanged = false
        do {
            if isChosen {
                hasChanged = try readTrials()
            } else {
                close()
                try readCounts()
            }
            overview.problem = nil
        } catch {
            close(keepingContent: isChosen)
            stamp = nil
            overview.problem = SweepStore.exists(in: directory) ? "\(error)" : "its folder is no longer there"
        }
        return hasChanged || overview != former
    }

    private mutating func lookAtPlanner() {
        let holder = SweepLock.holder(ofSweepIn: directory)
        overview.isRun = holder?.purpose == .run
        overview.process = overview.isRun ? holder?.process : nil
    }

    private mutating func close(keepingContent: Bool = false) {
        (store, record, counter) = (nil, nil, nil)
        if !keepingContent { (content, curves, importance) = (nil, [:], nil) }
    }

    // MARK: Without its trials

    private mutating func readCounts() throws {
        let now = FileStamp(directory)
        if let now, now == stamp { return }
        let store = try SweepStore(readingSweepIn: directory, heldUp)
        let record = try store.sweep()
        describe(record)
        overview.counts = try store.counts()
        overview.imported = try store.importedCount()
        overview.best = try store.bestTrial().flatMap { trial in
            record.objectives.keepsBounds(trial) ? trial.value.map { .init(number: trial.number, value: $0) } : nil
        }
        // A change within the clock's resolution leaves no sign, so what has just changed is read again.
        stamp = now.flatMap { $0.isSettled ? $0 : nil }
    }

    private mutating func describe(_ record: SweepRecord) {
        overview.name = record.name
        overview.metric = record.metric
        overview.budget = (try? SweepFile(record))?.sweep.budget.trials
    }

    // MARK: With its trials

    /// - Returns: whether there is anything new.
    private mutating func readTrials() throws -> Bool {
        try store?.requireInPlace()
        // What a planner stores in such a file from now on would not be seen.
        if let store, store.isUnchanging, FileStamp(directory) != stamp { self.store = nil }
        if self.store == nil { stamp = FileStamp(directory) }
        let store = try self.store ?? SweepStore(readingSweepIn: directory, heldUp)
        let now = try store.changeCounter()
        if self.store != nil, now == counter { return false }
        let record = try store.sweep()
        if self.store == nil || record != self.record || content == nil {
            try readAll(store, record)
        } else {
            try readChanges(store)
        }
        (self.store, self.record, counter) = (store, record, now)
        try readLatest(store, metric: record.metric.name)
        count()
        return true
    }

    private mutating func readAll(_ store: SweepStore, _ record: SweepRecord) throws {
        describe(record)
        content = SweepContent(
            directory: directory, metric: record.metric, objectives: record.objectives,
            parameterNames: record.parameterNames, space: (try? SweepFile(record))?.sweep.space,
            trials: try store.trials())
        (curves, importance) = ([:], nil)
    }

    private mutating func readChanges(_ store: SweepStore) throws {
        guard let known = content?.trials else { return }
        let unfinished = known.filter { !$0.state.isFinal }.map(\.number)
        for trial in try store.trials(unfinished: unfinished, from: known.count) {
            if known.indices.contains(trial.number) {
                content?.trials[trial.number] = trial
            } else if trial.number == content?.trials.count {
                content?.trials.append(trial)
            } else {
                throw store.damaged("there is no trial \(content?.trials.count ?? 0)")
            }
        }
    }

    private mutating func readLatest(_ store: SweepStore, metric: String) throws {
        guard let trials = content?.trials else { return }
        var latest: [Int: SweepContent.Latest] = [:]
        for trial in trials where trial.state == .running {
            latest[trial.number] = try store.lastReport(ofTrial: trial.number, metric: metric).map {
                SweepContent.Latest(step: $0.step, value: $0.value)
            }
        }
        content?.latest = latest
    }

    private mutating func count() {
        guard let content else { return }
        overview.counts = [:]
        overview.imported = 0
        var best: (number: Int, value: Double)?
        for trial in content.trials {
            overview.counts[trial.state, default: 0] += 1
            if trial.isImported { overview.imported += 1 }
            // What breaks a bound is of no use, however good its value is.
            guard trial.state == .complete, let value = trial.value, content.objectives.keepsBounds(trial) else {
                continue
            }
            let this = (number: trial.number, value: value)
            if best.map({ content.metric.isBetter(this, than: $0) }) ?? true { best = this }
        }
        overview.best = best.map { .init(number: $0.number, value: $0.value) }
    }

    // MARK: What is shown beside the trials

    /// The curves of these trials, as far as they can be read.
    public mutating func curves(of numbers: [Int]) -> [Int: TrialCurve] {
        for number in curves.keys where !numbers.contains(number) { curves[number] = nil }
        guard let store, let content else { return curves.mapValues(\.curve) }
        for number in numbers {
            guard let trial = content[number] else { continue }
            var (curve, next, isComplete) = curves[number] ?? (TrialCurve(), 0, false)
            if isComplete { continue }
            let end = try? store.forEachReport(
                ofTrial: number, metric: content.metric.name, after: next, restart: { curve.restart(at: $0) },
                { curve.add(step: $0, value: $1) })
            guard let end else { continue }
            // All that a trial has reported is stored together with its end.
            isComplete = trial.state.isFinal
            next = end
            curves[number] = (curve, next, isComplete)
        }
        return curves.mapValues(\.curve)
    }

    /// How important each parameter is; nil if the parameters are not known.
    public mutating func importances() -> PedANOVA? {
        guard let content, let space = content.space else { return nil }
        let complete = overview.counts[.complete] ?? 0
        if let importance, importance.ended == complete { return importance.analysis }
        let analysis = PedANOVA(of: content.trials, in: space, metric: content.metric)
        importance = (analysis, complete)
        return analysis
    }
}
