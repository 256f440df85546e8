import Foundation
import SweepFile
import SweepModel
import SweepSearch
import SweepStore

/// Which trials that ran elsewhere can be the history of a sweep, and as what.
///
/// A trial that was run to an end that says something of its values is imported if these are legal in the sweep;
/// parameters that it did not have get their defaults. One that failed says nothing: its values can be run again.
///
///     let imported = TrialImport(of: past, from: "/studies/digits.db", for: sweep)
///     imported.trials.count       // those that fit, numbered from 0
///     imported.leftOut            // ["trial 4: it has reported no 'val_loss'"]
public struct TrialImport: Sendable {
    /// Numbered as trials of the sweep.
    public private(set) var trials: [TrialRecord] = []
    /// How many have failed, or not ended.
    public private(set) var unfinished = 0
    /// How many the sweep has already: it has imported them before.
    public private(set) var known = 0
    /// Why each of the others is left out.
    public private(set) var leftOut: [String] = []
    /// What each trial reported of the metric, by its new number; empty where all that it reported is copied.
    private(set) var reports: [Int: [PastTrial.Report]] = [:]

    private let sweep: Sweep
    private let source: String
    /// The number of the first trial.
    private let first: Int
    /// The values of the trials that the sweep has from this source, by their results.
    private var imported: [Result: [Assignment]]
    /// The folder of the sweep, absolute; nil for one that is not there yet.
    private let directory: String?

    /// What a trial has come to. With the values that the source gives it makes a trial the same when it is imported
    /// again. Its number does not: a table may be sorted otherwise, and a file of the same name may hold other results.
    private struct Result: Hashable {
        var state: TrialState
        var value: Double?
        var further: [String: Double]

        init(_ trial: TrialRecord) { (state, value, further) = (trial.state, trial.value, trial.further) }
    }

    /// - Parameters:
    ///   - past: in the order in which they are to be numbered.
    ///   - source: what they are taken from: the path of a file, or of the folder of a sweep.
    ///   - sweep: the one that they are for.
    ///   - present: the trials that it has.
    public init(of past: [PastTrial], from source: String, for sweep: Sweep, after present: [TrialRecord] = []) {
        self.init(from: source, for: sweep, in: nil, after: present)
        for trial in past { take(trial) }
    }

    /// Where the metric or its rule is another, a trial's value is computed anew from what it has reported.
    ///
    /// - Parameters:
    ///   - source: the folder of the sweep that they are taken from, absolute.
    ///   - directory: the folder of the sweep that they are for, absolute; nil if it is not there yet.
    /// - Throws: `SweepStoreError`.
    init(
        from store: SweepStore, in source: String, for sweep: Sweep, in directory: String? = nil,
        after present: [TrialRecord] = []
    ) throws {
        self.init(from: source, for: sweep, in: directory, after: present)
        let former = try store.sweep()
        let metric = sweep.metric
        let isOtherMetric = former.metric.name != metric.name
        let further = try sweep.objectives.further.map { metric in
            (metric: metric, curves: try store.curves(ofMetric: metric.name))
        }
        // What was reported tells what a trial reached by another metric, or another rule.
        let curves =
            isOtherMetric || former.metric.rule != metric.rule ? try store.curves(ofMetric: metric.name) : nil
        try store.forEachTrial { old in
            if let directory, old.source?.sweep == directory {
                // It comes from here.
                known += 1
                return
            }
            var past = PastTrial(number: old.number, state: old.state)
            // By another metric it need not have diverged.
            if isOtherMetric, old.state == .diverged { past.state = .failed }
            past.reason = old.reason
            past.value = old.value
            if let curves, old.state != .diverged {
                past.value = metric.value(of: curves[old.number, default: []].map(\.value).filter(\.isFinite))
            }
            for (metric, curves) in further where old.state == .complete {
                // What was imported there may have a value and no reports.
                let known = former.objectives.measured.first { $0.name == metric.name && $0.rule == metric.rule }
                past.further[metric.name] =
                    known.flatMap { former.objectives.value(of: $0.name, in: old) }
                    ?? metric.value(of: curves[old.number, default: []].map(\.value).filter(\.isFinite))
            }
            past.parameters = old.parameters.valuesByName
            (past.origin, past.seed, past.attempt) = (old.origin, old.seed, old.attempt)
            (past.created, past.started, past.ended, past.seconds) = (
                old.created, old.started, old.ended, old.seconds
            )
            take(past)
        }
    }

    private init(from source: String, for sweep: Sweep, in directory: String?, after present: [TrialRecord]) {
        self.source = source
        self.sweep = sweep
        self.directory = directory
        first = present.count
        imported = Dictionary(grouping: present.filter { $0.source?.sweep == source }, by: Result.init)
            .mapValues { $0.map(\.parameters) }
    }

    /// Whether the sweep has imported the trial before: one with its result and with the values that the source gives.
    /// Those that it does not give are defaults, which may have changed.
    private mutating func isKnown(_ trial: TrialRecord, given names: some Collection<String>) -> Bool {
        let result = Result(trial)
        let place = imported[result]?.firstIndex { present in
            names.allSatisfy { present[$0] == trial.parameters[$0] }
        }
        guard let place else { return false }
        imported[result]?.remove(at: place)
        return true
    }

    private mutating func take(_ past: PastTrial) {
        guard past.state.isFinal, past.state != .failed else {
            unfinished += 1
            return
        }
        // What a file says of times may be anything. One that the store cannot give back is as if it were missing.
        func storable(_ time: Date?) -> Date? { time.flatMap { $0.isStorable ? $0 : nil } }
        let (started, ended) = (storable(past.started), storable(past.ended))
        var trial = TrialRecord(
            number: first + trials.count, origin: past.origin, seed: past.seed, parameters: [:],
            created: storable(past.created) ?? started ?? ended ?? Date())
        trial.source = .init(sweep: source, trial: past.number)
        trial.state = past.state
        trial.reason = past.reason
        trial.attempt = max(1, past.attempt)
        trial.value = past.value.flatMap { $0.isFinite ? $0 : nil }
        switch past.state {
        case .complete:
            trial.reason = nil
            let names = Set(sweep.objectives.further.map(\.name))
            trial.further = past.further.filter { names.contains($0.key) }
            if !trial.further.values.allSatisfy(\.isFinite) {
                (trial.state, trial.reason, trial.value, trial.further) = (.diverged, .diverged, nil, [:])
            }
        case .diverged: (trial.reason, trial.value) = (.diverged, nil)
        case .pruned: if trial.reason == nil { trial.reason = .pruned("pruned where it was imported from") }
        case .waiting, .running, .failed: break
        }
        trial.started = started
        trial.ended = ended
        trial.seconds = past.seconds.flatMap { $0.isFinite ? max(0, $0) : nil }
        if trial.state == .complete, trial.value == nil {
            leftOut.append("trial \(past.number): it has reported no '\(sweep.metric.name)'")
            return
        }
        let missing = sweep.objectives.further.first { trial.further[$0.name] == nil }
        if trial.state == .complete, let missing {
            leftOut.append("trial \(past.number): it has reported no '\(missing.name)'")
            return
        }
        do throws(AssignmentError) {
            trial.parameters = try sweep.space.adopting(past.parameters)
                .mapValues { sweep.written.shown($1, of: $0) }
            if isKnown(trial, given: past.parameters.keys) {
                known += 1
                return
            }
            if !past.reports.isEmpty { reports[trial.number] = past.reports }
            trials.append(trial)
        } catch {
            let words = error.problems.map(SweepRevision.words).joined(separator: "; ")
            leftOut.append("trial \(past.number): \(words)")
        }
    }

    /// What is stored as reported by an imported trial.
    func metrics(of trial: TrialRecord) -> [MetricRecord] {
        (reports[trial.number] ?? []).map {
            MetricRecord(
                trial: trial.number, attempt: trial.attempt, step: $0.step, name: sweep.metric.name, value: $0.value)
        }
    }
}

extension OpenSweep {
    /// Adds trials that ran elsewhere to this sweep, behind those that it has. Its budget does not count them.
    ///
    /// - Parameter source: what they are taken from: the absolute path of a file.
    /// - Returns: which could be imported; those are stored.
    /// - Throws: `SweepStoreError`; nothing is then stored.
    public func importing(_ past: [PastTrial], from source: String, at time: Date) async throws -> TrialImport {
        let imported = TrialImport(of: past, from: source, for: file.sweep, after: try store.trials())
        try await store.importTrials(imported.trials, at: time) { imported.metrics(of: $0) }
        return imported
    }

    /// Adds the trials of another sweep, with all that they reported.
    ///
    /// - Parameter source: the folder of the other sweep, absolute.
    /// - Throws: `SweepStoreError`; nothing is then stored.
    public func importing(sweepIn source: String, at time: Date) async throws -> TrialImport {
        let other = try SweepStore(readingSweepIn: source)
        let imported = try TrialImport(
            from: other, in: source, for: file.sweep, in: directory, after: try store.trials())
        try await store.importTrials(imported.trials, at: time) { trial in
            try trial.source.map { try other.metrics(ofTrial: $0.trial) } ?? []
        }
        return imported
    }

    /// Which trials of another sweep would be imported into a new one.
    ///
    /// - Throws: `SweepStoreError`.
    public static func preview(ofSweepIn source: String, for sweep: Sweep) throws -> TrialImport {
        try TrialImport(from: SweepStore(readingSweepIn: source), in: source, for: sweep)
    }
}

extension OpenSweep {
    /// Makes the sweep that `file` describes, with the trials of another sweep as its history as far as they fit.
    ///
    /// They are in the new sweep from its beginning, or there is none. Its budget does not count them.
    ///
    /// - Parameter source: the folder of the other sweep, absolute.
    /// - Throws: `OpenSweepError`, or what the stores throw.
    public static func forking(
        _ source: String, into file: SweepFile, below results: String, cores: Int, at time: Date,
        _ heldUp: HeldUp = HeldUp()
    ) async throws -> (sweep: OpenSweep, imported: TrialImport) {
        let place = OpenSweepError.Place(file, below: results)
        if SweepStore.exists(in: place.directory) { throw OpenSweepError.exists(place) }
        let old = try SweepStore(readingSweepIn: source)
        let imported = try TrialImport(from: old, in: source, for: file.sweep)
        if imported.trials.isEmpty {
            throw OpenSweepError.nothingToImport(place, from: source, reasons: imported.leftOut)
        }
        let prior = try WarmStart.trials(of: file, below: results)
        try FileManager.default.createDirectory(atPath: place.directory, withIntermediateDirectories: true)
        let lock = try await SweepLock(directory: place.directory)
        if SweepStore.exists(in: place.directory) { throw OpenSweepError.exists(place) }
        let record = file.record(cores: cores, in: place.directory, at: time)
        try SweepStore.create(in: place.directory, record, importing: imported.trials, learningFrom: prior) { trial in
            try trial.source.map { try old.metrics(ofTrial: $0.trial) } ?? []
        }
        let sweep = OpenSweep(
            file: file, record: record, store: try SweepStore(runningSweepIn: place.directory, heldUp),
            directory: place.directory, isNew: true, accepted: [], firstRevisedTrial: 0, givenUp: [], lock: lock)
        return (sweep, imported)
    }
}
