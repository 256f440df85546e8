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

    public init(trials: Int? = nil, time: Duration? = nil, failures: Int? = nil, target: Double? = nil) {
        self.trials = trials
        self.time = time
        self.failures = failures
        self.target = target
    }
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

    /// Whether a trial is run again whose attempt failed for this reason, after so many that failed before.
    public func triesAgain(after reason: TrialReason, earlierFailures: Int) -> Bool {
        earlierFailures + 1 < attempts && reason.retryCause.map(causes.contains) ?? false
    }

    /// How long to wait when so many attempts have failed; never more than an hour.
    public func pause(afterFailures failures: Int) -> Duration {
        guard let backoff, failures >= 1 else { return .zero }
        return min(backoff * (1 << min(failures - 1, 20)), max(backoff, .seconds(3600)))
    }
}
