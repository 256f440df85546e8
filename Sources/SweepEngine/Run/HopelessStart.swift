import SweepExecution
import SweepModel
import SweepStore

/// Notices that the first trials of a run all fail in one way that no other values could mend: the command is wrong, or
/// the trainer speaks otherwise than the sweep file says. To go on would spend the budget on the same mistake.
///
/// A sweep in which any trial has had a value is past that. A run that goes on with such a sweep, after the mistake was
/// mended, begins to count anew.
///
/// With up to three trials at once the third equal failure ends the run; with eight, the eighth: those that run at the
/// same time say no more than one does.
///
///     var hopeless = HopelessStart(after: [], hasValues: false, parallel: 2)
///     hopeless.take(trial0, outcome)      // false; each of the three ended with 127, "no such program"
///     hopeless.take(trial1, outcome)      // false
///     hopeless.take(trial2, outcome)      // true
struct HopelessStart: Sendable {
    private enum Kind: Hashable {
        case noMetric
        /// The same exit code, for a cause that does not come from a trial's values.
        case crash(Int32, cause: String)
    }

    /// How many trials have failed so.
    private(set) var count = 0
    /// How many equal failures end the run: three, or the number of trials at once if that is more.
    private let maxCount: Int
    /// How the trials so far have failed; nil before the first.
    private var kind: Kind?
    /// Whether some trial has ended otherwise, so that failures say nothing any more about the whole sweep.
    private var isPast: Bool

    /// - Parameters:
    ///   - states: of the trials of earlier runs.
    ///   - hasValues: whether any of them has reported the metric.
    ///   - parallel: how many trials run at once.
    init(after states: [TrialState], hasValues: Bool, parallel: Int) {
        maxCount = max(3, parallel)
        isPast = hasValues || states.contains { $0 == .complete || $0 == .pruned || $0 == .diverged }
    }

    /// Takes the end of an attempt.
    ///
    /// - Returns: whether the sweep had better stop.
    mutating func take(_ trial: TrialRecord, _ outcome: AttemptOutcome) -> Bool {
        if isPast { return false }
        // Also where the trial has only paused, or is tried again.
        if outcome.value != nil || outcome.pause != nil {
            isPast = true
            return false
        }
        guard trial.state != .waiting else { return false }
        guard trial.state == .failed, let kind = Self.kind(trial, outcome), self.kind == nil || self.kind == kind else {
            isPast = true
            return false
        }
        self.kind = kind
        count += 1
        return count == maxCount
    }

    /// In which way the trial failed, if other values would hardly help; nil for a failure that may come from its
    /// values.
    private static func kind(_ trial: TrialRecord, _ outcome: AttemptOutcome) -> Kind? {
        guard outcome.value == nil, case .exited(let code) = outcome.exit else { return nil }
        switch code {
        case 0: return .noMetric
        // What shells say of a program that is not there or may not be executed.
        case 126, 127: return .crash(code, cause: "")
        default:
            let last = trial.errorOutput?.split(separator: "\n").last { !$0.allSatisfy(\.isWhitespace) }
            guard let last, let cause = causes.first(where: { last.contains($0) }) else { return nil }
            return .crash(code, cause: cause)
        }
    }

    /// The words of interpreters and of readers of arguments for what is wrong with a program or its command line.
    private static let causes = [
        "No such file", "cannot open", "can't find '__main__' module", "Cannot find module", "(LoadError)",
        "could not open file", "Could not find or load main class", "Unable to access jarfile",
        "ModuleNotFoundError:", "ImportError:", "SyntaxError:", "IndentationError:", "TabError:", "can't open file",
        "No module named", "FileNotFoundError:", "PermissionError:", "unrecognized arguments",
        "arguments are required", "No such option", "Missing option", "Missing argument", "unexpected extra argument",
        "Could not override",
    ]
}
