import SweepFile
import SweepModel
import SweepSearch

/// The trial of which a model of the sweep expects most, where the model takes a part of each value for chance: the
/// best value of many is then partly luck.
///
///     let expected = ExpectedBest(among: try store.trials(), in: file)
///     expected?.trial.number          // 12; the best value may be that of trial 40
///     expected?.words                 // 0.96653 ± 0.0021
///
/// The model is that of `explain`, a Gaussian process (see `SurrogateModel`). What it expects of a trial rests on all
/// trials near it, so a single lucky one counts for little.
public struct ExpectedBest: Sendable {
    public let trial: TrialRecord
    /// What the model expects of trials with these values, on average; in the unit of the metric.
    public let mean: Double
    /// How uncertain the model is of that: a standard deviation.
    public let deviation: Double
    /// How much of a single value the model takes for chance: a standard deviation.
    public let noise: Double

    /// Sweeps with more trials are not asked: to read them all would take more memory than the sweep itself did.
    public static let mostTrials = 5000
    /// With fewer complete trials too little is known of the noise.
    private static let fewestTrials = 20
    /// How much of the variance of the modelled values must be noise.
    private static let leastNoise = 0.05
    /// Of so many of the best trials it is asked what is expected.
    private static let most = 500

    /// - Returns: nil if there is no model, or if it sees no noise worth speaking of.
    public init?(among trials: [TrialRecord], in file: SweepFile) {
        let (space, metric) = (file.sweep.space, file.sweep.metric)
        let candidates = metric.ranked(trials).compactMap { trial in
            trial.legalAssignment(in: space).map { (trial: trial, assignment: $0) }
        }
        guard candidates.count >= Self.fewestTrials, !Self.repeatExactly(candidates),
            let model = SurrogateModel(of: space, given: Observations(of: trials, in: file.sweep)),
            model.noiseShare >= Self.leastNoise
        else { return nil }
        let asked = Array(candidates.prefix(Self.most))
        let expectations = model.expectations(of: asked.map(\.assignment))
        // Of equals the one that reported the better value: they are in that order.
        guard let best = expectations.indices.min(by: { expectations[$0].mean < expectations[$1].mean }) else {
            return nil
        }
        trial = asked[best].trial
        mean = metric.minimized(expectations[best].mean)
        deviation = expectations[best].deviation
        noise = model.noise
    }

    /// Whether trials with the same values always had the same result: there is no chance then, however rough the
    /// metric is.
    private static func repeatExactly(_ candidates: [(trial: TrialRecord, assignment: Assignment)]) -> Bool {
        let groups = Dictionary(grouping: candidates, by: \.assignment).values.filter { $0.count > 1 }
        return !groups.isEmpty
            && groups.allSatisfy { group in group.allSatisfy { $0.trial.value == group[0].trial.value } }
    }

    /// What is expected, and how uncertain that is: `0.96653 ± 0.0021`.
    public var words: String { "\(HumanText.number(mean)) ± \(HumanText.formatted("%.2g", deviation))" }
}

extension TrialRecord {
    /// Its values in a space; nil if they are not legal there, as those of a trial from before a change may be.
    func legalAssignment(in space: SearchSpace) -> Assignment? {
        let assignment = assignment(in: space)
        return space.problem(with: assignment) == nil ? assignment : nil
    }
}

extension Observations {
    /// The outcomes of the trials that have ended and whose values are legal in the sweep's space as it is now.
    init(of trials: [TrialRecord], in sweep: Sweep) {
        self.init(
            trials.compactMap { trial in
                guard let outcome = trial.outcome(sweep.metric),
                    let assignment = trial.legalAssignment(in: sweep.space)
                else { return nil }
                return Observation(number: trial.number, assignment: assignment, outcome: outcome)
            })
    }
}
