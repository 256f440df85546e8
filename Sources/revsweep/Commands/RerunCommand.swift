import ArgumentParser
import Files
import Foundation
import SweepFile
import SweepModel
import SweepSearch
import SweepStore

/// `revsweep rerun`: tries the values of ended trials again, as new trials.
///
/// The old trials stay as they are, since an ended trial never changes.
///
///     revsweep rerun digits --state failed
///
///     revsweep rerun flaky
///     trials 0, 2, 4 will be run again, as new trials
///     the budget is too small for that, 8 trials are planned: write
///         budget: {trials: 11}
///     into …/flaky.yaml, then: revsweep run …/flaky.yaml
struct RerunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rerun", abstract: "Has a sweep try the values of trials that have ended again, as new trials.",
        discussion: """
            revsweep rerun digits                     the trials that failed
            revsweep rerun digits --state diverged    the trials in another state
            revsweep rerun digits 3 17                these trials

            The old trials stay as they are; the new ones count like any other of the budget. By its state a trial is \
            taken once, by its number as often as you say.
            """)

    @OptionGroup var sweep: SweepArgument
    @Argument(help: "The numbers of the trials.", completion: .trials) var numbers: [Int] = []
    @Option(
        help: "The trials in this state: \(Self.states.map(\.rawValue).joined(separator: ", ")).",
        completion: .list(Self.states.map(\.rawValue)))
    var state: String?

    /// The states in which a trial has ended, by which trials can be chosen.
    private static let states = TrialState.allCases.filter(\.isFinal)

    func validate() throws {
        guard let state, !Self.states.contains(where: { $0.rawValue == state }) else { return }
        throw ValidationError(
            "'\(state)' is no state in which a trial has ended; known are "
                + Self.states.map(\.rawValue).joined(separator: ", "))
    }

    /// Puts the values of the chosen trials into the queue, all of them or none.
    ///
    /// - Throws: `UserError` if a trial cannot be chosen, or if its values are not legal in the sweep as it is now.
    func run() throws {
        let directory = try sweep.directory()
        let stored = try StoredSweep(in: directory)
        let trials = try stored.store.trials()
        let chosen = try numbers.isEmpty ? byState(trials, stored.store) : byNumber(trials, stored.store)
        let space = stored.file.sweep.space
        var misfits: [String] = []
        var again: [TrialRecord] = []
        for var trial in chosen {
            do throws(AssignmentError) {
                trial.parameters = try space.adopting(trial.parameters.valuesByName)
                again.append(trial)
            } catch {
                misfits.append("trial \(trial.number): \(error.problems.map { "\($0)" }.joined(separator: "; "))")
            }
        }
        if !misfits.isEmpty {
            throw UserError(message: "its values are not legal any more: \(misfits.joined(separator: "\nerror: "))")
        }
        try SweepStore.rerun(again, in: directory, at: Date())
        let list = again.count > 20 ? "\(again.count) trials" : Self.words(again.map(\.number))
        try Console.print("\(list) will be run again\(again.count == 1 ? ", as a new trial" : ", as new trials")")
        for line in try QueueAdvice(stored).lines(for: sweep) { try Console.print(line) }
    }

    /// `trial 3`, or `trials 3, 17`.
    private static func words(_ numbers: [Int]) -> String {
        (numbers.count == 1 ? "trial " : "trials ") + numbers.map(String.init).joined(separator: ", ")
    }

    /// The trials with the given numbers, each once.
    ///
    /// - Throws: `UserError` if one does not exist, has not ended, or is not in the state that was given.
    private func byNumber(_ trials: [TrialRecord], _ store: SweepStore) throws -> [TrialRecord] {
        var seen: Set<Int> = []
        return try numbers.filter { seen.insert($0).inserted }.map { number in
            guard trials.indices.contains(number) else { throw UserError.noTrial(number, of: trials.count) }
            let trial = trials[number]
            if !trial.state.isFinal {
                let isAsked = try store.askedTrials().contains(number)
                throw UserError(
                    message: "trial \(number) has not ended: it is \(trial.state.rawValue)",
                    help: isAsked
                        ? "it was asked for: revsweep tell \(sweep.words) \(number) says how it ended"
                        : "it is run to its end by: revsweep resume \(sweep.words)")
            }
            if let state, trial.state.rawValue != state {
                throw UserError(
                    message: "trial \(number) is \(trial.state.rawValue), not \(state)",
                    help: "leave out --state to run it again all the same")
            }
            return trial
        }
    }

    /// The trials in the given state that have not been run again yet, so that a second call does not run them twice.
    ///
    /// - Throws: `UserError` if there are none.
    private func byState(_ trials: [TrialRecord], _ store: SweepStore) throws -> [TrialRecord] {
        let state = state ?? TrialState.failed.rawValue
        let found = trials.filter { $0.state.rawValue == state }
        let queued = try store.queued().compactMap(\.rerunOf)
        // Another seed of the same configuration is not the trial again.
        let again = trials.filter { !$0.isImported && $0.replicateOf == nil }
        let done = Set(again.compactMap { $0.source?.trial } + queued)
        let chosen = found.filter { !done.contains($0.number) }
        if chosen.isEmpty {
            throw UserError(
                message: found.isEmpty
                    ? "no trial of '\(sweep.sweep)' is \(state)"
                    : "every trial of '\(sweep.sweep)' that is \(state) is run again already",
                help: "name trials by their numbers: revsweep rerun \(sweep.words) NUMBER …")
        }
        return chosen
    }
}

/// What the user has to do so that the trials in a sweep's queue are run: raise the budget, resume the sweep, or
/// nothing.
///
///     for line in try QueueAdvice(stored).lines(for: sweep) { try Console.print(line) }
///     // "next: revsweep resume digits", or nothing while a planner runs the sweep
struct QueueAdvice {
    private let stored: StoredSweep

    init(_ stored: StoredSweep) { self.stored = stored }

    /// The budget is looked at first: a planner that runs the sweep would not try more than it allows either.
    ///
    /// - Returns: lines for the user; none where nothing has to be done.
    /// - Throws: `SweepStoreError`.
    func lines(for sweep: SweepArgument) throws -> [String] {
        let results = sweep.results.words
        if let (obstacle, budget) = try obstacle() {
            let name = URL(fileURLWithPath: stored.record.file.path).lastPathComponent
            let file = "\(stored.record.directory)/\(name)"
            let isThere = FileManager.default.fileExists(atPath: file)
            return [
                "\(obstacle): write", "    budget: {\(budget)}",
                isThere
                    ? "into \(file), then: revsweep run \(shell: file)\(results)"
                    : "into the sweep file, which is not at \(file) any more, then: revsweep run FILE\(results)",
            ]
        }
        if SweepLock.holder(ofSweepIn: stored.directory) != nil { return [] }
        // Whoever asks for trials gets them in their turn; a run is refused as long as one is in others' hands.
        if try !stored.store.askedTrials().isEmpty { return ["next: revsweep ask \(sweep.words)"] }
        return ["next: revsweep resume \(sweep.words)"]
    }

    /// Why the budget lets nothing more be tried, and the entries of one that does; nil if it does.
    private func obstacle() throws -> (words: String, budget: String)? {
        let waiting = try stored.store.queued().count
        let counts = try stored.store.counts()
        let planned = counts.values.reduce(0, +) - (try stored.store.importedCount())
        let sweep = stored.file.sweep
        let budget = sweep.budget
        var (reasons, changes, isTargetReached): ([String], [String: String], Bool) = ([], [:], false)
        if let trials = budget.trials, planned + waiting > trials { changes["trials"] = "\(planned + waiting)" }
        if let maximum = budget.failures, let failed = counts[.failed], failed >= maximum {
            changes["failures"] = "\(failed + waiting)"
        }
        if !changes.isEmpty {
            reasons.append(
                "the budget is too small for that, \(planned) trial\(planned == 1 ? " is" : "s are") planned")
        }
        if let time = budget.time, try stored.store.timeRun() >= time {
            changes["time"] = Self.text(time * 2)
            reasons.append("the budget's time is spent")
        }
        if budget.target != nil, try stored.store.trials().contains(where: sweep.reachesTarget) {
            isTargetReached = true
            reasons.append("the metric has reached the budget's target")
        }
        if reasons.isEmpty { return nil }
        let written = stored.file.document.root["budget"]?.entries ?? []
        var entries: [String] = []
        for entry in written where !(isTargetReached && entry.key == "target") {
            let text = changes.removeValue(forKey: entry.key) ?? entry.node.text ?? entry.node.json
            entries.append("\(entry.key): \(text)")
        }
        // A budget must have an end.
        if entries.isEmpty { changes["trials"] = "\(planned + waiting)" }
        entries += changes.sorted { $0.key < $1.key }.map { "\($0): \($1)" }
        return (reasons.joined(separator: ", and "), entries.joined(separator: ", "))
    }

    /// A length of time as sweep files have it, such as `90m`.
    private static func text(_ time: Duration) -> String {
        let seconds = max(1, time.components.seconds)
        let (length, unit) = [(3600, "h"), (60, "m"), (1, "s")].first { seconds % $0.0 == 0 } ?? (1, "s")
        return "\(seconds / Int64(length))\(unit)"
    }
}
