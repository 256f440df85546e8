import EarlyStopping
import SweepSearch

/// How trials that promise little are stopped before their end.
///
/// Stopping asks nothing of the trainer. Promoting ends the process of a trial that pauses, so it suits trainers that
/// go on from their own checkpoint; in return, steps beyond a rung are spent only on trials that were promoted.
public enum Pruning: Sendable {
    /// A running trial is stopped for good.
    case stopping(any Pruner)
    /// Every trial pauses at each rung, and goes on only if it is promoted.
    case promoting(Rungs)

    /// Whether trials pause.
    package var isPromoting: Bool { if case .promoting = self { true } else { false } }

    /// What a trial has reported at the steps at which trials are compared: see `Pruner.progress(of:)`.
    ///
    /// - Parameter rule: where the best report is a trial's value, the best ones up to these steps.
    package func progress(of curve: LearningCurve, _ rule: Metric.Rule) -> [Double] {
        let curve = rule == .best ? curve.runningBest : curve
        return switch self {
        case .stopping(let pruner): pruner.progress(of: curve)
        case .promoting(let rungs): rungs.progress(of: curve)
        }
    }
}

extension Pruning: Equatable {
    public static func == (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.stopping(let first), .stopping(let second)): AnyHashable(first) == AnyHashable(second)
        case (.promoting(let first), .promoting(let second)): first == second
        case (.stopping, .promoting), (.promoting, .stopping): false
        }
    }
}
