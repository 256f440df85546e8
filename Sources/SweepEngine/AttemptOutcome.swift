import SweepExecution
import SweepFile
import SweepStore

/// What a planner knows of an attempt that has ended.
package struct AttemptOutcome: Sendable, Hashable {
    package var exit: TrialExit
    /// By the metric's rule; nil if the metric was never reported.
    package var value: Double?
    /// The metric was not a finite number.
    package var hasDiverged: Bool
    /// The planner stopped the attempt because it is about to end itself.
    package var wasInterrupted: Bool
    /// What was decided while it ran and ended it; nil if it went on to its own end.
    package var decision: Decision?
    /// How many attempts of the trial failed before this one.
    package var earlierFailures: Int
    /// The last lines of standard error.
    package var errorOutput: String?

    package enum Decision: Sendable, Hashable {
        case prune(reason: String)
        /// Lower values are better.
        case pause(rung: Int, step: Int, value: Double, reason: String)
    }

    package init(
        exit: TrialExit, value: Double?, hasDiverged: Bool, wasInterrupted: Bool, decision: Decision? = nil,
        earlierFailures: Int = 0, errorOutput: String? = nil
    ) {
        self.exit = exit
        self.value = value
        self.hasDiverged = hasDiverged
        self.wasInterrupted = wasInterrupted
        self.decision = decision
        self.earlierFailures = earlierFailures
        self.errorOutput = errorOutput
    }

    /// What the attempt means for its trial.
    package func ending(retry: Retry) -> TrialEnding {
        if hasDiverged { return TrialEnding(.diverged, .diverged, reason: "the metric is not a finite number") }
        // However fast it ended after that: what was decided does not depend on timing.
        switch decision {
        case .prune(let reason): return TrialEnding(.pruned, .pruned, reason: reason, value: value)
        case .pause(_, _, _, let reason): return .paused(reason)
        case nil: break
        }
        // Many trainers answer SIGTERM with a checkpoint and exit 0: that is no completed trial.
        if wasInterrupted { return .interrupted }
        let (cause, reason): (Retry.Cause, String)
        switch exit {
        case .exited(0):
            if let value { return TrialEnding(.complete, value: value) }
            (cause, reason) = (.noMetric, "no metric")
        case .exited(let code): (cause, reason) = (.crash, "crash: exit \(code)")
        case .signaled(let signal): (cause, reason) = (.crash, "crash: signal \(signal)")
        case .timedOut: (cause, reason) = (.timeout, "timeout")
        case .stalled: (cause, reason) = (.stall, "stall")
        case .outOfMemory(let peak): (cause, reason) = (.memory, "memory: peak \(peak >> 20) MiB")
        case .tooManyProcesses(let peak): (cause, reason) = (.processes, "processes: peak \(peak)")
        case .lost(let status):
            (cause, reason) = (.crash, "crash: the launcher ended before the trainer: exit \(status)")
        // Not the trial's fault: the sweep stops, and goes on with this trial.
        case .notLogged, .noRoom: return .interrupted
        case .notLaunched(let detail): (cause, reason) = (.launch, "launch: \(detail)")
        }
        // Attempts that were interrupted are not the trial's fault, and do not use up its retries.
        if earlierFailures + 1 < retry.attempts, retry.causes.contains(cause) {
            return TrialEnding(.waiting, cause.stored, reason: reason)
        }
        return TrialEnding(.failed, cause.stored, reason: reason, errorOutput: errorOutput)
    }
}

extension Retry.Cause {
    fileprivate var stored: TrialCause {
        switch self {
        case .crash: .crash
        case .timeout: .timeout
        case .stall: .stall
        case .memory: .memory
        case .processes: .processes
        case .launch: .launch
        case .noMetric: .noMetric
        }
    }
}
