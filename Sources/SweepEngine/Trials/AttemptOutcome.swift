import EarlyStopping
import SweepExecution
import SweepFile
import SweepModel
import SweepSearch
import SweepStore

/// What a planner knows of an attempt that has ended.
///
///     let outcome = AttemptOutcome(exit: .exited(0), value: 0.25, hasDiverged: false, wasInterrupted: false)
///     outcome.ending(retry: Retry(attempts: 1, causes: []))      // .complete(0.25)
///
/// What an exit means depends on what came before it:
///
/// | | the trial is then |
/// |---|---|
/// | the metric was NaN or infinite | `diverged`, whatever the exit |
/// | it was decided to prune or pause the trial | `pruned`, or waiting at its rung |
/// | the same, but the trainer had ended with 0 before it heard of that | complete; not where `decisionStands` |
/// | the planner was about to end | waiting, to be run again |
/// | the trainer ended with 0 and reported the metric, and all others that are optimized or bounded | complete |
/// | anything else | failed, or waiting for another attempt |
package struct AttemptOutcome: Sendable, Hashable {
    /// How the process ended.
    package var exit: TrialExit
    /// By the metric's rule; nil if the metric was never reported.
    package var value: Double?
    /// The values of the other metrics that the sweep optimizes or bounds; nil if one of them was never reported.
    package var further: [String: Double]?
    /// A metric was not a finite number.
    package var hasDiverged: Bool
    /// The planner stopped the attempt because it is about to end itself.
    package var wasInterrupted: Bool
    /// What was decided while it ran and ended it; nil if it went on to its own end.
    package var decision: TrialDecision?
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
    package var missingMetric: MissingMetric?

    /// Reports that came after the decision to end the attempt.
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

        /// Adds what came in one report; `point` is nil where that was not the metric, or was not finite.
        mutating func append(_ records: [MetricRecord], _ point: LearningCurve.Point?) {
            self.records += records
            if let point { points.append(point) }
        }
    }

    package init(
        exit: TrialExit, value: Double?, further: [String: Double]? = [:], hasDiverged: Bool, wasInterrupted: Bool,
        decision: TrialDecision? = nil,
        decisionStands: Bool = false, cameToItsEnd: Bool = false, late: Late = Late(), earlierFailures: Int = 0,
        errorOutput: String? = nil, missingMetric: MissingMetric? = nil
    ) {
        self.exit = exit
        self.value = value
        self.further = further
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

    /// The decision that the trial waits at a rung, if that ended it, and the rung.
    var pause: (decision: TrialDecision, rung: Int)? {
        guard let decision, decision.action == .pause, let rung = decision.rung else { return nil }
        return (decision, rung)
    }

    /// What is still to be stored of what was reported after the decision.
    var lateRecords: [MetricRecord] { isOverruled ? late.records : [] }

    /// What the attempt means for its trial.
    ///
    /// The order of the questions matters. An interruption comes after the decisions: a trial that was pruned a moment
    /// before Ctrl-C stays pruned.
    ///
    /// - Parameter retry: which failures are tried again, and how often.
    package func ending(retry: Retry) -> TrialEnding {
        if hasDiverged || isOverruled && late.hasDiverged {
            return .diverged
        }
        if isOverruled, let value = late.value, let further { return .complete(value, further: further) }
        switch decision?.action {
        case .prune: return TrialEnding(.pruned, .pruned(decision?.reason ?? ""), value: value)
        case .pause: return TrialEnding(.waiting, .paused(decision?.reason ?? ""))
        case .goOn, .promote, nil: break
        }
        // Many trainers answer SIGTERM with a checkpoint and exit 0: that is no completed trial.
        if wasInterrupted, !cameToItsEnd { return .interrupted }
        let reason: TrialReason
        switch exit {
        case .exited(0):
            if let value, let further { return .complete(value, further: further) }
            reason = .noMetric(hint: missingMetric?.hint ?? "")
        case .exited(let code): reason = .crash(.exit(code))
        case .signaled(let signal): reason = .crash(.signal(signal))
        case .timedOut: reason = .timeout
        case .stalled: reason = .stall
        case .outOfMemory(let peak): reason = .memory(peak: peak)
        case .tooManyProcesses(let peak): reason = .processes(peak: peak)
        case .lost(let status): reason = .crash(.launcherExit(status))
        // Not the trial's fault: the sweep stops, and goes on with this trial.
        case .notLogged, .noRoom: return .interrupted
        case .notLaunched(let detail): reason = .launch(detail)
        }
        // Attempts that were interrupted are not the trial's fault, and do not use up its retries.
        if retry.triesAgain(after: reason, earlierFailures: earlierFailures) { return TrialEnding(.waiting, reason) }
        return TrialEnding(.failed, reason, errorOutput: errorOutput)
    }
}
