import EarlyStopping
import SweepExecution
import SweepFile
import SweepSearch
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
    /// Whether the decision counts even if the trainer came to its own end before it heard of it.
    package var decisionStands: Bool
    /// Whether the trainer ended with 0 and was not told to stop before.
    package var cameToItsEnd: Bool
    /// What was reported after the decision: it counts where that is overruled.
    package var late: Late
    /// How many attempts of the trial failed before this one.
    package var earlierFailures: Int
    /// The last lines of standard error.
    package var errorOutput: String?
    /// What there was in place of the metric; nil where that was not looked for.
    package var missingMetric: String?

    package enum Decision: Sendable, Hashable {
        case prune(reason: String)
        /// Lower values are better.
        case pause(rung: Int, step: Int, value: Double, reason: String)
    }

    package struct Late: Sendable, Hashable {
        /// The trial's value with these reports.
        package var value: Double?
        package var hasDiverged = false
        /// What is not stored yet, and of that the values of the metric.
        package var records: [MetricRecord] = []
        package var points: [LearningCurve.Point] = []

        package init(value: Double? = nil, hasDiverged: Bool = false) {
            self.value = value
            self.hasDiverged = hasDiverged
        }

        mutating func append(_ records: [MetricRecord], _ point: LearningCurve.Point?) {
            self.records += records
            if let point { points.append(point) }
        }
    }

    package init(
        exit: TrialExit, value: Double?, hasDiverged: Bool, wasInterrupted: Bool, decision: Decision? = nil,
        decisionStands: Bool = false, cameToItsEnd: Bool = false, late: Late = Late(), earlierFailures: Int = 0,
        errorOutput: String? = nil, missingMetric: String? = nil
    ) {
        self.exit = exit
        self.value = value
        self.hasDiverged = hasDiverged
        self.wasInterrupted = wasInterrupted
        self.decision = decision
        self.decisionStands = decisionStands
        self.cameToItsEnd = cameToItsEnd
        self.late = late
        self.earlierFailures = earlierFailures
        self.errorOutput = errorOutput
        self.missingMetric = missingMetric
    }

    /// Whether it was decided to end the attempt, and its trainer had come to its own end before it heard of it.
    package var isOverruled: Bool { decision != nil && !decisionStands && cameToItsEnd }

    /// What is still to be stored of what was reported after the decision.
    var lateRecords: [MetricRecord] { isOverruled ? late.records : [] }

    /// What the attempt means for its trial.
    package func ending(retry: Retry) -> TrialEnding {
        if hasDiverged || isOverruled && late.hasDiverged {
            return TrialEnding(.diverged, .diverged, reason: "the metric is not a finite number")
        }
        if isOverruled, let value = late.value { return TrialEnding(.complete, value: value) }
        switch decision {
        case .prune(let reason): return TrialEnding(.pruned, .pruned, reason: reason, value: value)
        case .pause(_, _, _, let reason): return .paused(reason)
        case nil: break
        }
        // Many trainers answer SIGTERM with a checkpoint and exit 0: that is no completed trial.
        if wasInterrupted, !cameToItsEnd { return .interrupted }
        let (cause, reason): (Retry.Cause, String)
        switch exit {
        case .exited(0):
            if let value { return TrialEnding(.complete, value: value) }
            (cause, reason) = (.noMetric, "no metric" + (missingMetric.map { " \($0)" } ?? ""))
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
