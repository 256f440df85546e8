import SweepSearch

/// How trials that promise little are stopped before their end.
public enum Pruning: Sendable {
    /// A running trial is stopped for good.
    case stopping(any Pruner)
    /// Every trial pauses at each rung, and goes on only if it is promoted.
    case promoting(Rungs)
}
