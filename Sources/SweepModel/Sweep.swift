import SweepSearch

/// A campaign: what is varied, what is measured, how it is run. All that a sweep file says.
public struct Sweep: Sendable {
    /// Letters, digits, `.`, `_` and `-`; the name of its folder under the results.
    public var name: String
    public var metric: Metric
    public var trainer: Trainer
    public var space: SearchSpace
    /// How trainers get to see the values of the space.
    public var written: WrittenValues
    /// Tried first, in this order; parameters that are missing are sampled.
    public var enqueued: [[String: ParameterValue]]
    public var sampler: SamplerSettings
    /// Nil where every trial runs to its end.
    public var pruning: Pruning?
    public var budget: Budget
    public var resources: Resources
    public var retry: Retry
    public var planning: Planning
    /// Nil where trials run on this machine.
    public var launcher: Launcher?

    public init(
        name: String, metric: Metric, trainer: Trainer, space: SearchSpace, written: WrittenValues = WrittenValues(),
        enqueued: [[String: ParameterValue]] = [], sampler: SamplerSettings, pruning: Pruning? = nil, budget: Budget,
        resources: Resources, retry: Retry, planning: Planning, launcher: Launcher? = nil
    ) {
        self.name = name
        self.metric = metric
        self.trainer = trainer
        self.space = space
        self.written = written
        self.enqueued = enqueued
        self.sampler = sampler
        self.pruning = pruning
        self.budget = budget
        self.resources = resources
        self.retry = retry
        self.planning = planning
        self.launcher = launcher
    }

    /// Whether a trial is complete with a value that is good enough to end the sweep; imported trials never are.
    public func reachesTarget(_ trial: TrialRecord) -> Bool {
        guard trial.state == .complete, !trial.isImported, let value = trial.value, let target = budget.target else {
            return false
        }
        return !metric.prefers(target, to: value)
    }
}

public struct SamplerSettings: Sendable, Hashable {
    public enum Name: String, Sendable, CaseIterable {
        case auto, tpe, gp, cmaes, sobol, random, grid
    }

    public var name: Name
    /// Every random number of the sweep comes from this seed and the trial's number.
    public var seed: UInt64
    /// How many points of a grid a continuum has that does not say so itself.
    public var points: Int?

    public init(name: Name, seed: UInt64, points: Int? = nil) {
        self.name = name
        self.seed = seed
        self.points = points
    }
}

/// What the plan of a trial rests on.
public enum Planning: Sendable, Hashable {
    /// All that has ended by then: no waiting, but with several workers the sweep cannot be repeated exactly.
    case asTrialsEnd
    /// The outcomes of the trials up to number n − lag: the same file and seed give the same trials, whatever the
    /// timing, for any number of workers up to the lag. Nil: the lag is the number of workers.
    case reproducible(lag: Int?)
}
