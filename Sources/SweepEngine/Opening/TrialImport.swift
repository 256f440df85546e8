import Foundation
import SweepFile
import SweepModel
import SweepSearch
import SweepStore

/// Which trials of one sweep can be the history of another, and as what.
///
/// A trial that was run to an end that says something of its values is imported if these are legal in the other sweep;
/// parameters that it did not have get their defaults. One that failed says nothing: its values can be run again.
///
///     let imported = try TrialImport(from: store, in: "/results/digits", for: sweep)
///     imported.trials.count       // those that fit, numbered from 0
///     imported.leftOut            // ["trial 4: it has reported no 'val_loss'"]
///
/// Where the metric or its rule is another, a trial's value is computed anew from what it has reported.
public struct TrialImport: Sendable {
    /// Numbered as trials of the other sweep.
    public private(set) var trials: [TrialRecord] = []
    /// How many have failed, or not ended.
    public private(set) var unfinished = 0
    /// Why each of the others is left out.
    public private(set) var leftOut: [String] = []

    /// - Parameters:
    ///   - directory: of the sweep that they are taken from, absolute.
    ///   - sweep: the one that they are for.
    ///
    /// - Throws: `SweepStoreError`.
    init(from store: SweepStore, in directory: String, for sweep: Sweep) throws {
        let source = try store.sweep()
        let metric = sweep.metric
        let isOtherMetric = source.metric.name != metric.name
        // What was reported tells what a trial reached by another metric, or another rule.
        let curves =
            isOtherMetric || source.metric.rule != metric.rule ? try store.curves(ofMetric: metric.name) : nil
        try store.forEachTrial { old in
            guard old.state.isFinal, old.state != .failed, !(isOtherMetric && old.state == .diverged) else {
                unfinished += 1
                return
            }
            var trial = TrialRecord(
                number: trials.count, origin: old.origin, seed: old.seed, parameters: [:], created: old.created)
            trial.source = .init(sweep: directory, trial: old.number)
            trial.state = old.state
            trial.reason = old.reason
            trial.attempt = max(1, old.attempt)
            trial.value = old.value
            if let curves, old.state != .diverged {
                trial.value = metric.value(of: curves[old.number, default: []].map(\.value).filter(\.isFinite))
            }
            trial.started = old.started
            trial.ended = old.ended
            trial.seconds = old.seconds
            if trial.state == .complete, trial.value == nil {
                leftOut.append("trial \(old.number): it has reported no '\(metric.name)'")
                return
            }
            do throws(AssignmentError) {
                trial.parameters = try sweep.space.adopting(old.parameters.valuesByName)
                trials.append(trial)
            } catch {
                let words = error.problems.map(SweepRevision.words).joined(separator: "; ")
                leftOut.append("trial \(old.number): \(words)")
            }
        }
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
        if imported.trials.isEmpty { throw OpenSweepError.nothingToImport(place, from: source) }
        try FileManager.default.createDirectory(atPath: place.directory, withIntermediateDirectories: true)
        let lock = try await SweepLock(directory: place.directory)
        if SweepStore.exists(in: place.directory) { throw OpenSweepError.exists(place) }
        let record = file.record(cores: cores, in: place.directory, at: time)
        try SweepStore.create(in: place.directory, record, importing: imported.trials) { trial in
            try trial.source.map { try old.metrics(ofTrial: $0.trial) } ?? []
        }
        let sweep = OpenSweep(
            file: file, record: record, store: try SweepStore(runningSweepIn: place.directory, heldUp),
            directory: place.directory, isNew: true, accepted: [], firstRevisedTrial: 0, lock: lock)
        return (sweep, imported)
    }
}
