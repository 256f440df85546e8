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
/// same time say no more than one does. Ten are needed where the last line on standard error is the same each time and
/// could be a matter of the values, such as `CUDA out of memory`.
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
        /// The same exit code, with the same last line on standard error.
        case lastWords(Int32, String)
    }

    /// How many trials have failed so.
    private(set) var count = 0
    private let parallel: Int
    /// How the trials so far have failed; nil before the first.
    private var kind: Kind?
    /// Whether some trial has ended otherwise, so that failures say nothing any more about the whole sweep.
    private var isPast: Bool

    /// - Parameters:
    ///   - states: of the trials of earlier runs.
    ///   - hasValues: whether they have reported the metric, and the others that a complete trial has to report.
    ///   - parallel: how many trials run at once.
    init(after states: [TrialState], hasValues: Bool, parallel: Int) {
        self.parallel = parallel
        isPast = hasValues || states.contains { $0 == .complete || $0 == .pruned || $0 == .diverged }
    }

    /// Takes the end of an attempt.
    ///
    /// - Returns: whether the sweep had better stop.
    mutating func take(_ trial: TrialRecord, _ outcome: AttemptOutcome) -> Bool {
        if isPast { return false }
        // Also where the trial has only paused, or is tried again; not where it lacks another metric.
        let hasValues = outcome.value != nil && outcome.missingMetric == nil
        if hasValues || outcome.pause != nil {
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
        return count == Self.maxCount(of: kind, parallel: parallel)
    }

    /// How many equal failures end the run.
    private static func maxCount(of kind: Kind, parallel: Int) -> Int {
        switch kind {
        case .noMetric, .crash: max(3, parallel)
        case .lastWords: max(10, parallel)
        }
    }

    /// In which way the trial failed, as far as that tells whether other values would help; nil for a failure that says
    /// nothing, or was a signal's.
    private static func kind(_ trial: TrialRecord, _ outcome: AttemptOutcome) -> Kind? {
        guard case .exited(let code) = outcome.exit else { return nil }
        switch code {
        case 0: return .noMetric
        // What shells say of a program that is not there or may not be executed.
        case 126, 127: return .crash(code, cause: "")
        default:
            let last = trial.errorOutput?.split(separator: "\n").last { !$0.allSatisfy(\.isWhitespace) }
            guard let last else { return nil }
            if let cause = causes.first(where: { last.contains($0) }) { return .crash(code, cause: cause) }
            return .lastWords(code, String(last))
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
