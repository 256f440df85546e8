import Foundation
import SweepFile
import SweepModel
import SweepSearch
import SweepStore

/// Why one trial was run, what was expected of it, and what came of that.
///
///     let explanation = try TrialExplanation(of: trial, in: store, file: file, record: record)
///     print(explanation.text(columns: 80))
///
/// What was expected was stored when the trial was planned. It is not computed here: a model of today knows how the
/// trial ended.
public struct TrialExplanation: Sendable {
    /// Another trial, and how near it is.
    public struct Neighbour: Sendable, Hashable {
        public var trial: TrialRecord
        /// See `SweepSearch.SpaceDistance`.
        public var distance: Double
        /// The parameters that differ, with the explained trial's value and the neighbour's; nil where one has none.
        public var differing: [Difference]
    }

    /// A parameter whose values differ between the explained trial and a neighbour.
    public struct Difference: Sendable, Hashable {
        public var parameter: String
        /// The explained trial's value; nil where the parameter is not active.
        public var here: ParameterValue?
        /// The same of the neighbour.
        public var there: ParameterValue?
    }

    /// What was decided at one step, and which trials had been there before.
    public struct Comparison: Sendable, Hashable {
        public var decision: TrialDecision
        /// The other trials that something had been decided about at the same rung or step by then, best first.
        public var others: [TrialDecision]
    }

    public let trial: TrialRecord
    public let file: SweepFile
    public let record: SweepRecord
    /// Nil where nothing is stored.
    public let proposal: TrialProposal?
    /// One for each decision about the trial, in the order they were made.
    public let comparisons: [Comparison]
    /// At most five, the nearest first.
    public let neighbours: [Neighbour]
    /// In the order of their numbers.
    public let attempts: [TrialAttempt]

    /// How many neighbours are listed.
    private static let maxNeighbours = 5

    /// - Throws: `SweepStoreError`.
    public init(of trial: TrialRecord, in store: SweepStore, file: SweepFile, record: SweepRecord) throws {
        (self.trial, self.file, self.record) = (trial, file, record)
        proposal = try store.proposal(ofTrial: trial.number)
        attempts = TrialAttempt.all(in: try store.events(ofTrial: trial.number))
        comparisons = Self.comparisons(of: trial.number, try store.decisions(), file.sweep.metric)
        neighbours = Self.neighbours(of: trial, among: try store.trials(), file.sweep.space)
    }

    /// - Parameter decisions: of all trials, in the order they were made.
    private static func comparisons(
        of trial: Int, _ decisions: [TrialDecision], _ metric: Metric
    ) -> [Comparison] {
        var comparisons: [Comparison] = []
        for (index, decision) in decisions.enumerated() where decision.trial == trial {
            var latest: [Int: TrialDecision] = [:]
            for other in decisions[..<index]
            where other.trial != trial && other.action != .promote
                && (decision.rung == nil ? other.step == decision.step : other.rung == decision.rung)
            { latest[other.trial] = other }
            let others = latest.values.sorted {
                metric.isBetter(($0.trial, $0.value), than: ($1.trial, $1.value))
            }
            comparisons.append(Comparison(decision: decision, others: others))
        }
        return comparisons
    }

    private static func neighbours(
        of trial: TrialRecord, among trials: [TrialRecord], _ space: SearchSpace
    ) -> [Neighbour] {
        let others = trials.filter { $0.number != trial.number }
        let own = trial.assignment(in: space)
        let assignments = others.map { $0.assignment(in: space) }
        let distances = SpaceDistance(space).values(from: own, to: assignments)
        let order = others.indices.sorted { (distances[$0], $0) < (distances[$1], $1) }
        return order.prefix(maxNeighbours).map { index in
            let differing = space.parameters.compactMap { parameter -> Difference? in
                let (here, there) = (own[parameter.name], assignments[index][parameter.name])
                return here == there ? nil : Difference(parameter: parameter.name, here: here, there: there)
            }
            return Neighbour(trial: others[index], distance: distances[index], differing: differing)
        }
    }

    // MARK: Sentences

    /// Who proposed the values, in one sentence.
    public var proposalWords: String {
        if let first = trial.replicateOf {
            return "another seed of trial \(first), whose configuration could still become the best"
        }
        if let source = trial.source {
            return trial.isImported
                ? "imported: \(source.words)" : "the values of \(source.words), which were run again"
        }
        if trial.origin == .enqueued { return "enqueued by hand: no sampler was asked" }
        guard let proposal else {
            return "by \(file.sweep.sampler.name.rawValue); nothing more is stored, as an earlier release planned it"
        }
        return "by \(proposal.words), after \(proposal.ended) \(proposal.ended == 1 ? "trial" : "trials") had ended"
            + (proposal.pending > 0 ? " and while \(proposal.pending) had not" : "")
    }

    /// How the trial's value compares with what was expected.
    public struct Surprise: Sendable, Hashable {
        /// Whether it lies in the interval of nine in ten.
        public var isInside: Bool
        /// How far it is from the mean, in standard deviations of what single trials were expected to report; above 0
        /// if it is better.
        public var deviations: Double
    }

    /// Nil if no value was expected of the trial, or it is not complete.
    public var surprise: Surprise? {
        guard trial.state == .complete, let value = trial.value, let expected = proposal?.forecast?.value else {
            return nil
        }
        // The interval of nine in ten is 2 · 1.645 standard deviations wide.
        let deviation = max((expected.high - expected.low) / 3.29, expected.deviation)
        let metric = file.sweep.metric
        let difference = metric.minimized(expected.mean) - metric.minimized(value)
        return Surprise(
            isInside: (expected.low...max(expected.low, expected.high)).contains(value),
            deviations: deviation > 0 ? difference / deviation : 0)
    }
}

extension TrialProposal {
    /// The algorithm, and why it was this one: `the Gaussian process`, `Sobol' points: too few trials had a value`.
    public var words: String {
        let name =
            switch method {
            case .random: "chance"
            case .grid: "the grid"
            case .sobol: "Sobol' points"
            case .tpe: "TPE"
            case .cmaes: "CMA-ES"
            case .nsga2: "NSGA-II"
            case .transfer: "another sweep, of which it was among the best"
            case .process: "the Gaussian process"
            }
        let reason: String? =
            switch occasion {
            case .regular: nil
            case .startUp: "too few trials had a value for a model"
            case .sameOutcomes: "all trials had had the same outcome"
            case .manyTrials: "too many trials for a Gaussian process"
            case .manySlots: "too many trials at once for a Gaussian process, or too short ones"
            case .manyParameters: "too many parameters for a Gaussian process"
            case .manyObjectives: "too many objectives for the hypervolume"
            case .singular: "the model could not be computed"
            case .poorModel: "the model predicted no better than the mean of all trials"
            case .fewNumbers: "CMA-ES takes two numeric parameters that are always active"
            case .searchedOut: "all that the search found had been tried"
            case .constraints: "nothing that was proposed satisfied the constraints"
            }
        return name + (reason.map { " (\($0))" } ?? "")
    }
}
