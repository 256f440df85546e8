import SweepFile
import SweepModel
import SweepSearch
import SweepStore

/// What a changed file means for a sweep that has trials already.
///
/// A file that widens `lr` from `0.01...0.1` to `0.001...0.1` makes a change and no objection, since every value so far
/// is still legal. One that narrows it has an objection for each trial that lies outside, of which the first three are
/// named:
///
///     trial 4: …
///     trial 9: …
///     trial 11: …
///     and 5 trials more
struct SweepRevision: Sendable {
    /// What the files say differently, as far as it alters the meaning of trials; empty if they mean the same trials.
    let changes: [FileChange]
    /// Why the trials so far cannot be the history of the changed sweep; empty if they can.
    let objections: [String]
    /// Values of parameters that trials did not have: the defaults of these.
    let completions: [SweepStore.Completion]
    /// Trials that had nothing to show yet and whose values are not legal any more: they are given up.
    let givenUp: [Int]
    /// New parameters without a default, which trials so far would need.
    let withoutDefault: [String]
    /// The first trial for which the changes hold.
    let firstTrial: Int

    /// More trials that do not fit are only counted.
    private static let maxObjections = 3

    /// - Parameters:
    ///   - others: changes that are not in the text: of the file's folder, or of the program that a name stands for.
    ///   - lag: of the sweep so far; a `reproducible` that only writes it down is no change.
    ///
    /// - Throws: `SweepStoreError` if the trials cannot be read.
    init(of former: SweepFile, to file: SweepFile, besides others: [FileChange], lag: Int?, store: SweepStore) throws {
        let (old, new) = (former.sweep, file.sweep)
        var changes = others + file.changes(since: former)
        if case .reproducible(let given?) = new.planning, given == lag {
            changes.removeAll { $0.part == .planning }
        }
        let isOtherSpace = changes.contains { $0.part == .space }
        var fit = SpaceFit(new.space)
        var count = 0
        var hasResults = false
        let unreported =
            changes.isEmpty ? [] : try store.trialsWithoutReports(of: old.objectives.measured.map(\.name))
        try store.forEachTrial { trial in
            count += 1
            // What failed or has nothing to show yet is no history: it fits any file.
            let isUnreported = unreported.contains(trial.number)
            let isHistory = trial.state != .failed && !isUnreported
            if isHistory { hasResults = true }
            if isOtherSpace { fit.take(trial, isHistory: isHistory, isUnreported: isUnreported) }
        }
        var objections = hasResults ? Self.objections(toResultsUnder: new, insteadOf: old, changes) : []
        objections += fit.objections
        if isOtherSpace {
            for trial in try store.queued() {
                let problems = new.space.problems(withPartial: trial.parameters.valuesByName)
                if let problem = problems.first { objections.append("an enqueued trial: \(Self.words(problem))") }
            }
        }
        if hasResults, try Self.hasOtherPauses(new, old, store) {
            objections.append("trials have paused at the rungs of the other pruner")
        }
        withoutDefault = new.space.parameters.map(\.name).filter(fit.missing.contains)
        self.changes = changes
        self.objections = objections
        completions = fit.completions
        givenUp = fit.givenUp
        firstTrial = count
    }

    /// Which trials so far fit another search space, and what is wrong with the others.
    private struct SpaceFit {
        let space: SearchSpace
        var completions: [SweepStore.Completion] = []
        var givenUp: [Int] = []
        /// The parameters that trials lack and that have no default.
        var missing: Set<String> = []
        private var found: [String] = []
        private var others = 0

        init(_ space: SearchSpace) { self.space = space }

        var objections: [String] {
            others == 0 ? found : found + ["and \(others) trial\(others == 1 ? "" : "s") more"]
        }

        /// - Parameters:
        ///   - isHistory: whether the trial must fit.
        ///   - isUnreported: whether it has nothing to show yet, and can be given up.
        mutating func take(_ trial: TrialRecord, isHistory: Bool, isUnreported: Bool) {
            let values = trial.parameters.valuesByName
            do throws(AssignmentError) {
                let adopted = try space.adopting(values)
                let added = adopted.names.filter { values[$0] == nil }
                if added.isEmpty { return }
                completions.append(
                    .init(trial: trial.number, Assignment(adopted.valuesByName, namesInOrder: added)))
            } catch {
                if isUnreported { givenUp.append(trial.number) }
                if !isHistory { return }
                let problems = error.problems.filter { problem in
                    guard case .missing(let name) = problem else { return true }
                    missing.insert(name)
                    return false
                }
                if problems.isEmpty { return }
                if found.count < SweepRevision.maxObjections {
                    let words = problems.map(SweepRevision.words).joined(separator: "; ")
                    found.append("trial \(trial.number): \(words)")
                } else {
                    others += 1
                }
            }
        }
    }

    /// Why results of the former file cannot stand beside those of the new one.
    private static func objections(
        toResultsUnder new: Sweep, insteadOf old: Sweep, _ changes: [FileChange]
    ) -> [String] {
        var objections: [String] = []
        if changes.contains(where: { $0.part == .metric }) {
            objections.append(
                old.objectives.metric == new.objectives.metric
                    ? "the trials so far were run for other metrics or bounds"
                    : old.objectives.metric.name == new.objectives.metric.name
                        ? "what the trials so far reached was judged by the other goal, or by other reports"
                        : "what the trials so far reached was measured by the other metric")
        }
        if changes.contains(where: { $0.part == .warmStart }) {
            objections.append("what the trials so far learnt from other sweeps stays with them")
        }
        return objections
    }

    /// Whether trials have paused at other steps than the new pruner has them pause.
    private static func hasOtherPauses(_ new: Sweep, _ old: Sweep, _ store: SweepStore) throws -> Bool {
        guard case .promoting(let rungs)? = new.pruning, old.pruning != new.pruning else { return false }
        // There may have been other rungs before the former file had none.
        let isOther = old.pruning?.isPromoting ?? false
        return try store.decisions().contains { decision in
            decision.action == .pause && (isOther || rungs.step(of: decision.rung ?? 0) != decision.step)
        }
    }

    /// Words for one thing that is wrong with a trial's values.
    static func words(_ problem: AssignmentProblem) -> String {
        switch problem {
        case .missing(let name): "'\(name)' needs a default: for the trials that ran without it"
        case .unknownParameter(let name): "it has a value of '\(name)', which is gone"
        case .illegalValue, .inactive, .contradiction, .violates, .noFeasibleCompletion: "\(problem)"
        }
    }
}
