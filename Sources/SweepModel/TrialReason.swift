/// Why an attempt ended without a result.
public enum TrialReason: Sendable, Hashable {
    /// How a process ended that was not stopped by the planner.
    public enum ProcessEnd: Sendable, Hashable {
        case exit(Int32)
        case signal(Int32)
        /// The launcher ended with this status, and how the trainer ended was never heard.
        case launcherExit(Int32)
    }

    case crash(ProcessEnd)
    /// It was stopped at its time limit.
    case timeout
    /// It was stopped because it had printed nothing for too long.
    case stall
    /// It was stopped at its memory limit.
    ///
    /// - Parameter peak: the most that was seen in use, in bytes.
    case memory(peak: Int)
    /// It was stopped at its limit of processes.
    ///
    /// - Parameter peak: the most that were seen at a time.
    case processes(peak: Int)
    /// It could not be started.
    case launch(String)
    /// It ended with 0 and had not reported the metric.
    ///
    /// - Parameter hint: what it reported or printed instead; empty where that was not looked for.
    case noMetric(hint: String)
    /// The metric was not a finite number.
    case diverged
    case pruned(String)
    /// It waits at a rung.
    case paused(String)
    /// Its planner stopped it or was killed, which uses up none of its attempts.
    case interrupted
    /// `revsweep tell` said that it failed.
    case told(String)

    /// A reason without its details: what the database calls the cause.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case crash, timeout, stall, memory, processes, launch
        case noMetric = "no metric"
        case diverged, pruned, paused, interrupted, told
    }

    public var kind: Kind {
        switch self {
        case .crash: .crash
        case .timeout: .timeout
        case .stall: .stall
        case .memory: .memory
        case .processes: .processes
        case .launch: .launch
        case .noMetric: .noMetric
        case .diverged: .diverged
        case .pruned: .pruned
        case .paused: .paused
        case .interrupted: .interrupted
        case .told: .told
        }
    }

    /// What `retry.on` calls it; nil for what is never retried by that rule.
    public var retryCause: Retry.Cause? {
        switch self {
        case .crash, .told: .crash
        case .timeout: .timeout
        case .stall: .stall
        case .memory: .memory
        case .processes: .processes
        case .launch: .launch
        case .noMetric: .noMetric
        case .diverged, .pruned, .paused, .interrupted: nil
        }
    }
}

extension TrialReason: CustomStringConvertible {
    /// The reason as tables, exports and the column `reason` of the database show it.
    public var description: String {
        switch self {
        case .crash(.exit(let code)): "crash: exit \(code)"
        case .crash(.signal(let signal)): "crash: signal \(signal)"
        case .crash(.launcherExit(let code)): "crash: the launcher ended before the trainer: exit \(code)"
        case .timeout: "timeout"
        case .stall: "stall"
        case .memory(let peak): "memory: peak \(peak >> 20) MiB"
        case .processes(let peak): "processes: peak \(peak)"
        case .launch(let detail): "launch: \(detail)"
        case .noMetric(let hint): hint.isEmpty ? "no metric" : "no metric \(hint)"
        case .diverged: "the metric is not a finite number"
        case .pruned(let words), .paused(let words), .told(let words): words
        case .interrupted: "interrupted"
        }
    }
}
