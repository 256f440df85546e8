/// Decides while a trial runs whether it goes on.
///
/// A pruner has no memory: the decision is a function of the arguments alone. So it can be made again, and whoever
/// chooses the curves chooses what the decision may rest on: all that is known, or what is known whatever the timing.
public protocol Pruner: Sendable, Hashable {
    /// Decides at the last point of `curve`.
    ///
    /// - Parameters:
    ///   - curve: what the trial has reported so far; not empty.
    ///   - curves: those of the trials it may be compared with. The trial's own is passed over if it is among them.
    /// - Returns: nil where nothing is decided at this point, and the trial goes on.
    func decide(_ curve: LearningCurve, among curves: ArraySlice<LearningCurve>) -> PruningDecision?

    /// For which `LearningCurve.lastImprovement` is asked: curves made for it answer at once.
    var improvementDelta: Double { get }
}

extension Pruner {
    public var improvementDelta: Double { 0 }
}

/// What becomes of a running trial, and why.
public enum PruningDecision: Sendable, Hashable {
    case goOn(PruningReason)
    case prune(PruningReason)

    public var reason: PruningReason {
        switch self {
        case .goOn(let reason), .prune(let reason): reason
        }
    }
}

/// Why a trial goes on or does not. Lower values are better, as everywhere in this module.
public enum PruningReason: Sendable, Hashable {
    /// Rank 1 is the best of so many `competitors` at a rung, the trial itself among them; the first `kept` go on.
    case rung(Int, step: Int, rank: Int, competitors: Int, kept: Int)
    /// The trial's best value, compared with the percentile of what others had at that step.
    case percentile(Double, step: Int, best: Double, bound: Double, trials: Int)
    /// No better value in so many reports.
    case patience(reports: Int, best: Double, step: Int)
    /// A value outside what is allowed.
    case threshold(value: Double, bound: Double, step: Int)

    /// - Parameter maximizing: whether the metric is one to maximize, whose values were negated.
    public func words(maximizing: Bool) -> String {
        func text(_ value: Double) -> String { "\(maximizing ? -value : value)" }
        switch self {
        case .rung(let rung, let step, let rank, let competitors, let kept):
            return "rung \(rung) at step \(step): rank \(rank) of \(competitors), \(kept) go\(kept == 1 ? "es" : "") on"
        case .percentile(let percentile, let step, let best, let bound, let trials):
            let name = percentile == 50 ? "median" : "percentile \(percentile)"
            let relation = best > bound ? "worse than" : "no worse than"
            return "step \(step): best \(text(best)) is \(relation) \(text(bound)), the \(name) of \(trials) trials"
        case .patience(let reports, let best, let step):
            return "no improvement in \(reports) reports on \(text(best)) at step \(step)"
        case .threshold(let value, let bound, let step):
            let isAbove = (value > bound) != maximizing
            return "step \(step): \(text(value)) is \(isAbove ? "above" : "below") \(text(bound))"
        }
    }
}
