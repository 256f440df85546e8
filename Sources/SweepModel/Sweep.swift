import SweepSearch

/// One hyperparameter sweep: which values are varied, which number is measured, and how the trials are run.
///
/// It holds everything that a sweep file says, as plain values. It knows no YAML, no database and no process, so that
/// reading, storing and running a sweep can each be changed, and tested, without the others.
///
///     let sweep = try SweepFile.read(path: "sweeps/digits.yaml").sweep
///     sweep.metric.name               // "val_loss"
///     sweep.space.parameters.count    // 4
///     sweep.budget.trials             // 100
public struct Sweep: Sendable {
    /// Letters, digits, `.`, `_` and `-` only: it is also the name of the sweep's folder below the results folder.
    public var name: String
    /// The numbers that the trainer reports and the sweep optimizes; mostly one.
    public var objectives: Objectives
    public var trainer: Trainer
    /// The parameters that are varied, with their legal values, conditions and constraints.
    public var space: SearchSpace
    /// How the sweep file spells the values of the space, so that a trainer gets `3.10` where the file says `3.10`.
    public var written: WrittenValues
    /// Values that are tried first, in this order. Parameters that are missing from one are sampled, so `[["lr":
    /// .number(0.1)]]` fixes the learning rate of the first trial and nothing else.
    public var enqueued: [[String: ParameterValue]]
    public var sampler: SamplerSettings
    /// Nil where every trial runs to its end.
    public var pruning: Pruning?
    /// How often a configuration is run with different seeds; nil where each is run once.
    public var replicates: Replicates?
    /// The other sweeps from which it learns before it begins, as the file names them: by their names, or by paths to
    /// their folders.
    public var warmStart: [String]
    /// When the sweep is over.
    public var budget: Budget
    /// What each trial may use of the machine.
    public var resources: Resources
    public var retry: Retry
    /// Which results the values of a new trial may depend on.
    public var planning: Planning
    /// The prefix that runs trials elsewhere, such as `srun`; nil where they run on this machine.
    public var launcher: Launcher?

    /// The number that the sweep optimizes; of several the first.
    public var metric: Metric { objectives.metric }

    /// - Parameter objectives: nil where the metric is all that counts.
    public init(
        name: String, metric: Metric, objectives: Objectives? = nil, trainer: Trainer, space: SearchSpace,
        written: WrittenValues = WrittenValues(),
        enqueued: [[String: ParameterValue]] = [], sampler: SamplerSettings, pruning: Pruning? = nil,
        replicates: Replicates? = nil, warmStart: [String] = [], budget: Budget,
        resources: Resources, retry: Retry, planning: Planning, launcher: Launcher? = nil
    ) {
        self.name = name
        self.objectives = objectives ?? Objectives([metric])
        self.trainer = trainer
        self.space = space
        self.written = written
        self.enqueued = enqueued
        self.sampler = sampler
        self.pruning = pruning
        self.replicates = replicates
        self.warmStart = warmStart
        self.budget = budget
        self.resources = resources
        self.retry = retry
        self.planning = planning
        self.launcher = launcher
    }

    /// Whether a trial is complete with a value that is good enough to end the sweep, and keeps all bounds.
    ///
    /// Imported trials never are: they ran in another sweep, and this one would end before its first trial.
    public func reachesTarget(_ trial: TrialRecord) -> Bool {
        guard trial.state == .complete, !trial.isImported, let value = trial.value, let target = budget.target else {
            return false
        }
        return !metric.prefers(target, to: value) && objectives.keepsBounds(trial)
    }
}

/// Which sampler proposes the values of a sweep's trials, and from which seed.
public struct SamplerSettings: Sendable, Hashable {
    /// The samplers, by the words that a sweep file has for them.
    public enum Name: String, Sendable, CaseIterable {
        case auto, tpe, gp, cmaes, nsga2, sobol, random, grid

        /// Whether what it proposes depends on what other trials have reached.
        public var learns: Bool {
            switch self {
            case .auto, .tpe, .gp, .cmaes, .nsga2: true
            case .sobol, .random, .grid: false
            }
        }
    }

    public var name: Name
    /// Every random number of the sweep is a function of this seed and the trial's number, so an interrupted sweep
    /// goes on with the values that an uninterrupted one would have drawn.
    public var seed: UInt64
    /// How many points of a grid are tried of a continuous parameter that does not say so itself; nil where each has
    /// to.
    public var points: Int?

    public init(name: Name, seed: UInt64, points: Int? = nil) {
        self.name = name
        self.seed = seed
        self.points = points
    }
}

/// Which results the values of a new trial may depend on.
///
/// With several workers it is a matter of chance which trials have ended when the next one is planned. A sweep either
/// takes what there is, or waits for a fixed set of results and can then be repeated exactly.
public enum Planning: Sendable, Hashable {
    /// All trials that have ended by then: no worker ever waits, but with several of them the sweep cannot be repeated
    /// exactly.
    case asTrialsEnd
    /// The outcomes of the trials up to number n − lag, for trial n. The same file and seed then give the same trials,
    /// whatever the timing, for any number of workers up to the lag.
    ///
    /// With lag 4, trial 10 is planned from the outcomes of the trials 0 to 6. Nil: the lag is the number of workers.
    case reproducible(lag: Int?)
}
