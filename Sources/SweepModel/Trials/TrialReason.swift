/// Why an attempt ended without a result.
///
/// It is a closed enumeration so that programs never have to parse sentences; `description` makes the sentence for
/// people.
///
///     TrialReason.crash(.signal(9)).description    // "crash: signal 9"
///     TrialReason.memory(peak: 3 << 30).retryCause // .memory
public enum TrialReason: Sendable, Hashable {
    /// How a process ended that the planner had not stopped.
    public enum ProcessEnd: Sendable, Hashable {
        /// With this exit code, which is not 0.
        case exit(Int32)
        /// By the signal of this number.
        case signal(Int32)
        /// The launcher ended with this status before it said how the trainer ended: the cluster is at fault, or the
        /// connection.
        case launcherExit(Int32)
    }

    /// Its process failed, and it was not the planner that stopped it.
    case crash(ProcessEnd)
    /// It was stopped at its time limit.
    case timeout
    /// It was stopped because it had printed nothing for too long.
    case stall
    /// It was stopped at its memory limit.
    ///
    /// - Parameter peak: the largest use that was measured, in bytes.
    case memory(peak: Int)
    /// It was stopped at its limit of processes.
    ///
    /// - Parameter peak: the largest number that was counted at a time.
    case processes(peak: Int)
    /// It could not be started.
    case launch(String)
    /// It ended with exit status 0 and had never reported the metric; most often the name is misspelled.
    ///
    /// - Parameter hint: what it reported or printed instead; empty where that was not looked for.
    case noMetric(hint: String)
    /// The metric was not a finite number.
    case diverged
    /// It was stopped for good, because of the comparison that the text describes.
    case pruned(String)
    /// It waits at a rung until it is promoted.
    case paused(String)
    /// Its planner stopped it or was killed. That was not the trial's fault, so `retry.attempts` does not count
    /// it.
    case interrupted
    /// A person or a program said that it failed: with `revsweep tell`, or by a change of the sweep file.
    case told(String)

    /// A reason without its details: what the database calls the cause.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case crash, timeout, stall, memory, processes, launch
        case noMetric = "no metric"
        case diverged, pruned, paused, interrupted, told
    }

    /// The reason without its details.
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

    /// The word by which `retry.on` names this reason. Nil for reasons that never cause a retry: divergence would
    /// repeat itself, pruning was intended, and an interrupted trial is run again in any case.
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
