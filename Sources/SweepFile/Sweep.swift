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
}

/// The value being optimised, and which way is better.
public struct Metric: Sendable, Hashable {
    public enum Goal: String, Sendable, CaseIterable {
        case minimize, maximize
    }

    /// Which of the reported values of one trial is the trial's value.
    public enum Rule: String, Sendable, CaseIterable {
        case last, best
    }

    public var name: String
    public var goal: Goal
    public var rule: Rule

    /// Whether `first` is the better value of the metric.
    public func prefers(_ first: Double, to second: Double) -> Bool {
        switch goal {
        case .minimize: first < second
        case .maximize: first > second
        }
    }
}

/// The program that is run once for each trial.
public struct Trainer: Sendable, Hashable {
    /// Never a shell line: the program, then its arguments. Not empty.
    public var command: [CommandTemplate]
    public var environment: [String: CommandTemplate]
    /// Where it is started; a relative path starts at the folder of the sweep file.
    public var directory: CommandTemplate
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

/// When the sweep is over; whichever comes first.
public struct Budget: Sendable, Hashable {
    /// How many trials to end, whatever their state.
    public var trials: Int?
    /// How long to run, the time between interruption and resume not counted.
    public var time: Duration?
    /// How many trials may fail.
    public var failures: Int?
    /// The value of the metric that is good enough.
    public var target: Double?
}

public struct Resources: Sendable, Hashable {
    /// How many trials run at once; nil for as many as the cores hold.
    public var parallel: Int?
    /// How many threads each trial's numerical libraries are told to use.
    public var threads: Int
    /// How long one attempt may take.
    public var timeout: Duration?
    /// How long a trainer may print nothing.
    public var stall: Duration?
    /// How many bytes all processes of a trial may use together.
    public var memory: Int?
    /// How many processes a trial may have at a time.
    public var processes: Int?
    /// Whether each trial keeps to `threads` cores of its own.
    public var affinity: Bool
    /// What each trial has of the GPUs.
    public var gpus: GPUs

    public init(
        parallel: Int? = nil, threads: Int = 1, timeout: Duration? = nil, stall: Duration? = nil, memory: Int? = nil,
        processes: Int? = nil, affinity: Bool = false, gpus: GPUs = .none
    ) {
        self.parallel = parallel
        self.threads = threads
        self.timeout = timeout
        self.stall = stall
        self.memory = memory
        self.processes = processes
        self.affinity = affinity
        self.gpus = gpus
    }

    /// The number of trials that run at once on a machine with `cores` cores.
    public func parallel(onCores cores: Int) -> Int {
        parallel ?? max(1, cores / threads)
    }
}

/// Whether a failed trial is run again, in its own folder and under its own number.
public struct Retry: Sendable, Hashable {
    public enum Cause: String, Sendable, CaseIterable {
        case crash, timeout, stall, memory, processes, launch
        case noMetric = "no_metric"
    }

    /// How often a trial is run at most, the first time included.
    public var attempts: Int
    public var causes: [Cause]
    /// How long to wait before the second attempt, and twice as long before each one after; nil for not at all.
    public var backoff: Duration?

    public init(attempts: Int, causes: [Cause], backoff: Duration? = nil) {
        self.attempts = attempts
        self.causes = causes
        self.backoff = backoff
    }

    /// How long to wait when so many attempts have failed; never more than an hour.
    public func pause(afterFailures failures: Int) -> Duration {
        guard let backoff, failures >= 1 else { return .zero }
        return min(backoff * (1 << min(failures - 1, 20)), max(backoff, .seconds(3600)))
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

/// A prefix to the trainer's command, which runs it somewhere else.
public struct Launcher: Sendable, Hashable {
    /// What the launcher passes on as a request to stop.
    public enum StopSignal: String, Sendable, CaseIterable {
        case terminate = "TERM"
        case interrupt = "INT"
        case hangup = "HUP"
        case user1 = "USR1"
        case user2 = "USR2"
    }

    public var command: [CommandTemplate]
    public var stopSignal: StopSignal
}
