/// When the sweep is over: at whichever of these comes first.
///
///     Budget(trials: 100, time: .seconds(3600))    // 100 trials or one hour
public struct Budget: Sendable, Hashable {
    /// How many trials end before the sweep does, in whatever state they end; imported trials are not counted.
    public var trials: Int?
    /// For how long planners work on the sweep. The time between an interruption and the next `resume` is not counted.
    public var time: Duration?
    /// How many trials may fail. It stops a sweep whose trainer is broken before all of its trials are used up.
    public var failures: Int?
    /// The value of the metric that is good enough: the first complete trial that reaches it ends the sweep.
    public var target: Double?

    public init(trials: Int? = nil, time: Duration? = nil, failures: Int? = nil, target: Double? = nil) {
        self.trials = trials
        self.time = time
        self.failures = failures
        self.target = target
    }
}

/// What each trial may use of the machine, and how many trials run at once.
public struct Resources: Sendable, Hashable {
    /// How many trials run at once; nil to divide the machine's cores by `threads`.
    public var parallel: Int?
    /// How many threads each trial's numerical libraries are told to use, through variables such as `OMP_NUM_THREADS`.
    /// Without the limit each trial would start as many threads as there are cores, and they would slow each other
    /// down.
    public var threads: Int
    /// How long one attempt may take before it is stopped.
    public var timeout: Duration?
    /// For how long a trainer may print nothing before it is taken to hang and is stopped.
    public var stall: Duration?
    /// How many bytes all processes of a trial may use together before the trial is stopped.
    public var memory: Int?
    /// How many processes a trial may have at a time before it is stopped.
    public var processes: Int?
    /// Whether each trial is bound to `threads` cores that no other trial uses.
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

    /// The number of trials that run at once on a machine with `cores` cores: with 16 cores and 4 threads, 4.
    public func parallel(onCores cores: Int) -> Int {
        parallel ?? max(1, cores / threads)
    }
}

/// Whether a failed trial is run again, in its own folder and under its own number.
public struct Retry: Sendable, Hashable {
    /// The kinds of failure that `retry.on` can name. Divergence is not among them: the same values would diverge
    /// again.
    public enum Cause: String, Sendable, CaseIterable {
        case crash, timeout, stall, memory, processes, launch
        case noMetric = "no_metric"
    }

    /// How often a trial is run at most, the first time included; 1 for no retry.
    public var attempts: Int
    /// After which kinds of failure it is run again; any other one is final.
    public var causes: [Cause]
    /// How long to wait before the second attempt; the wait doubles before each further one. Nil for no wait.
    public var backoff: Duration?

    public init(attempts: Int, causes: [Cause], backoff: Duration? = nil) {
        self.attempts = attempts
        self.causes = causes
        self.backoff = backoff
    }

    /// Whether a trial is run again after an attempt that failed for this reason.
    ///
    /// - Parameter earlierFailures: how many attempts of the trial had failed before this one.
    public func triesAgain(after reason: TrialReason, earlierFailures: Int) -> Bool {
        earlierFailures + 1 < attempts && reason.retryCause.map(causes.contains) ?? false
    }

    /// How long to wait before the next attempt, after this many attempts have failed: 10, 20, 40, … seconds for a
    /// `backoff` of 10 seconds. It does not double beyond an hour.
    public func pause(afterFailures failures: Int) -> Duration {
        guard let backoff, failures >= 1 else { return .zero }
        return min(backoff * (1 << min(failures - 1, 20)), max(backoff, .seconds(3600)))
    }
}
