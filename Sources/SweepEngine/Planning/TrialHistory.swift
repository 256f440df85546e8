import EarlyStopping
import SweepFile
import SweepModel
import SweepSearch
import SweepStore

/// The trials of a sweep so far, as far as plans need them.
///
/// A sweep may have very many trials: of one that has ended nothing is kept but its values and its outcome.
///
/// Adding a trial and learning of it are two steps. In between it is `pending`: samplers know its values, so that they
/// can keep away from them, and not its outcome.
///
///     var history = TrialHistory(of: sweep)
///     history.append(trial)                              // history.count == 1, one pending assignment
///     history.update(0) { $0.end(.complete(0.3), at: now) }
///     history.learn([.init(trial: 0, .ended)])           // one observation, nothing pending
struct TrialHistory: Sendable {
    /// A trial whose outcome plans must not rest on, because there is none or because it does not count yet.
    private struct Pending: Sendable {
        let number: Int
        let assignment: Assignment
        /// Whether it was planned as another seed of a configuration that samplers know.
        let isReplicate: Bool
        var end: End?
    }

    /// How a trial ended.
    fileprivate struct End: Sendable {
        let outcome: Outcome
        /// What it reached in several objectives and bounds, where there are any.
        let vector: ObjectiveVector?
        /// What it had reported at the steps at which trials are compared.
        let progress: [Double]
    }

    private let space: SearchSpace
    private let objectives: Objectives
    /// How many trials there are; the next one's number.
    private(set) var count = 0
    /// How many of them were imported: no turn of the sweep's own was spent on them.
    private(set) var imported = 0
    /// How many of them a sampler planned, or another sweep.
    private(set) var sampled = 0
    /// What the user wants tried first and no trial has had.
    private(set) var enqueued: EnqueuedList
    /// The trials that have not ended, by number.
    private(set) var open: [Int: TrialRecord] = [:]
    /// What plans may rest on, by number.
    private(set) var observations = Observations()
    /// The others, by number.
    private var unknown: [Pending] = []
    /// How paused trials ended whose end does not count yet.
    private var ends: [Int: End] = [:]
    /// The values with which trials paused, rung by rung.
    private var paused: [Int: [Double]] = [:]
    /// Nil where each configuration is run once; then there are no configurations here either.
    private let race: SeedRace?
    /// What plans may know of each configuration, in the order of their first trials.
    private var configurations: [SeedRace.Entry] = []
    /// The places of the configurations, by their values.
    private var places: [Assignment: Int] = [:]
    /// The trials of each configuration of which samplers have an observation; mostly its first alone.
    private var observed: [[Int]] = []
    /// Trials with the same active parameters share one list of their names.
    private var names: Set<[String]> = []

    init(of sweep: Sweep) {
        space = sweep.space
        enqueued = EnqueuedList(of: sweep)
        objectives = sweep.objectives
        race = sweep.replicates?.race
    }

    /// How the trial ended; nil if it has not.
    private func end(of trial: TrialRecord, _ progress: [Double]) -> End? {
        trial.outcome(objectives.metric).map {
            End(outcome: $0, vector: objectives.areOne ? nil : objectives.vector(of: trial), progress: progress)
        }
    }

    /// The values of the configurations that plans know no outcome of.
    var pending: [Assignment] { unknown.compactMap { $0.isReplicate ? nil : $0.assignment } }

    /// Takes the next trial, of which nothing counts before `learn` says so.
    ///
    /// - Parameters:
    ///   - progress: what it had reported at the steps at which trials are compared, if it has run.
    ///   - pauses: the values with which it paused, rung by rung.
    mutating func append(_ trial: TrialRecord, progress: [Double] = [], pauses: [Double] = []) {
        precondition(trial.number == count, "trial \(trial.number) comes after \(count) trials")
        count += 1
        if trial.isImported { imported += 1 } else { enqueued.take(trial) }
        if !trial.isImported, trial.origin == .sampled, race == nil || trial.replicateOf == nil { sampled += 1 }
        // A trial that failed may be from before the file was changed, and have no place in the space as it is now.
        if trial.state == .failed, !trial.fits(space) { return }
        let assignment = trial.assignment(in: space)
        let isReplicate = race != nil && trial.replicateOf != nil && places[assignment] != nil
        let shared = names.insert(assignment.names).memberAfterInsert
        unknown.append(
            Pending(
                number: trial.number, assignment: Assignment(names: shared, values: assignment.values),
                isReplicate: isReplicate, end: end(of: trial, progress)))
        if race != nil { begin(trial.number, assignment) }
        paused[trial.number] = pauses.isEmpty ? nil : pauses
        if !trial.state.isFinal { open[trial.number] = trial }
    }

    /// Changes a trial that has not ended; if it has with that, no more is kept of it than its outcome.
    ///
    /// - Parameter progress: what it has reported at the steps at which trials are compared, where it ends or pauses.
    /// - Returns: the trial as it is now.
    @discardableResult
    mutating func update(
        _ number: Int, progress: [Double]? = nil, _ change: (inout TrialRecord) -> Void
    ) -> TrialRecord {
        guard var trial = open[number] else { preconditionFailure("trial \(number) is over") }
        change(&trial)
        guard let end = end(of: trial, progress ?? paused[number] ?? []) else {
            open[number] = trial
            if let progress { paused[number] = progress }
            return trial
        }
        open[number] = nil
        if let place = unknown.firstIndex(where: { $0.number == number }) {
            unknown[place].end = end
        } else {
            ends[number] = end
        }
        return trial
    }

    /// From now on plans may rest on this.
    ///
    /// The last news of a trial is the one that counts. A trial that was paused becomes an observation with the value
    /// of its rung, and gets its final outcome when news of its end comes.
    mutating func learn(_ news: [SweepState.News]) {
        if news.isEmpty { return }
        var latest = Dictionary(news.map { ($0.trial, $0.kind) }) { _, last in last }
        var stillUnknown: [Pending] = []
        for trial in unknown {
            guard let kind = latest.removeValue(forKey: trial.number), let end = known(kind, trial.number, trial.end)
            else {
                stillUnknown.append(trial)
                continue
            }
            // One that was paused may have ended since, which is not to be known yet.
            if case .paused = kind { ends[trial.number] = trial.end }
            if !trial.isReplicate {
                observations.insert(
                    Observation(
                        number: trial.number, assignment: trial.assignment, outcome: end.outcome,
                        objectives: end.vector, progress: end.progress))
            }
            if race != nil { finish(trial, end.outcome) }
        }
        unknown = stillUnknown
        for (number, kind) in latest {
            guard let end = known(kind, number, ends[number]),
                observations.setOutcome(
                    end.outcome, of: number, objectives: end.vector, progress: end.progress)
            else { continue }
            if case .ended = kind { (ends[number], paused[number]) = (nil, nil) }
        }
    }

    // MARK: Configurations

    /// Whether another trial has these values already: then it is not compared with others, since it is run to know
    /// more of them.
    func isFurtherSeed(_ trial: TrialRecord) -> Bool {
        guard race != nil, let place = places[trial.assignment(in: space)] else { return false }
        return configurations[place].trial != trial.number
    }

    /// One more trial with these values, which has not ended yet.
    private mutating func begin(_ number: Int, _ assignment: Assignment) {
        if let place = places[assignment] {
            configurations[place].open += 1
        } else {
            places[assignment] = configurations.count
            configurations.append(SeedRace.Entry(trial: number, open: 1))
            observed.append([])
        }
    }

    /// A trial has ended. What samplers see of its configuration is the value of all its trials.
    private mutating func finish(_ trial: Pending, _ outcome: Outcome) {
        guard let race, let place = places[trial.assignment] else { return }
        configurations[place].end(outcome.seedResult, hasCrashed: outcome == .failed)
        if !trial.isReplicate { observed[place].append(trial.number) }
        guard configurations[place].results.count > 1, let value = race.value(of: configurations[place]) else { return }
        for number in observed[place] {
            observations.setOutcome(value.isFinite ? .value(value) : .diverged, of: number)
        }
    }

    /// The configuration that is to be run with another seed, by its first trial, and its values; nil where a new one
    /// is worth more.
    ///
    /// - Parameters:
    ///   - budget: how many trials the sweep plans; nil where it does not end by their number.
    ///   - proposed: what would be run in its place; nil while that is not known.
    func nextReplicate(of budget: Int?, inPlaceOf proposed: Proposed? = nil) -> (first: Int, assignment: Assignment)? {
        guard let race else { return nil }
        let alternative: SeedRace.Alternative
        switch proposed {
        case .values(let assignment) where places[assignment] == nil: return nil
        case .values: alternative = .known
        case .nothing: alternative = .nothing
        case nil: alternative = .new
        }
        let remaining = budget.map { $0 + imported - count }
        var entries = configurations
        while let first = race.next(among: entries, remaining: remaining, inPlaceOf: alternative) {
            // The file may have been changed since, so that its values are not legal any more.
            if let place = configurations.firstIndex(where: { $0.trial == first }),
                let assignment = observed[place].first.flatMap(observations.assignment(ofTrial:)),
                space.problem(with: assignment) == nil
            {
                return (first, assignment)
            }
            entries.removeAll { $0.trial == first }
        }
        return nil
    }

    /// What a sampler has to offer.
    enum Proposed {
        case values(Assignment)
        /// Every point of a grid has been tried.
        case nothing
    }

    /// What plans may know of a trial after such news.
    ///
    /// - Parameter end: of the trial, if it has ended.
    private func known(_ kind: SweepState.News.Kind, _ number: Int, _ end: End?) -> End? {
        switch kind {
        case .paused(let rung, let value):
            // It may have gone on since, which is not to be known yet.
            let progress = Array((paused[number] ?? []).prefix(rung + 1))
            return End(outcome: .pruned(value), vector: nil, progress: progress)
        case .ended: return end
        }
    }
}

extension TrialRecord {
    /// Whether all values of the trial are legal in this space, defaults filled in for parameters that it did not have.
    fileprivate func fits(_ space: SearchSpace) -> Bool {
        (try? space.adopting(parameters.valuesByName)) != nil
    }
}
