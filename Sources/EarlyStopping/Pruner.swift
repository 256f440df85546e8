import Foundation

/// Decides while a trial runs whether it goes on.
///
///     let pruner: any Pruner = PercentilePruner(percentile: 50)
///     let curve = LearningCurve(trial: 7, points: [.init(step: 1, value: 0.9), .init(step: 2, value: 0.7)])
///     if case .prune(let reason) = pruner.decide(curve, among: curves[...]) {
///         print(reason.words(maximizing: false))      // step 2: best 0.7 is worse than 0.4, the median of 9 trials
///     }
///
/// A pruner has no memory: the decision is a function of the arguments alone, so it can be made again with the same
/// result. The caller chooses which curves it may rest on: in a reproducible sweep only those that are the same
/// whatever the timing of the trials.
public protocol Pruner: Sendable, Hashable {
    /// Decides at the last point of `curve`.
    ///
    /// - Parameters:
    ///   - curve: what the trial has reported so far; not empty.
    ///   - curves: of the trials it may be compared with, in any order. The trial's own is ignored if it is among them.
    /// - Returns: nil if the rule says nothing about this point; the trial then goes on.
    func decide(_ curve: LearningCurve, among curves: ArraySlice<LearningCurve>) -> PruningDecision?

    /// The `delta` with which this pruner calls `LearningCurve.lastImprovement(by:)`. A curve that is made with the
    /// same delta answers in constant time.
    var improvementDelta: Double { get }

    /// What a trial had reported when it came to each of the steps at which this pruner compares trials, or to some of
    /// them if these are many. The steps are the same for all trials, and the values as many as the trial has passed.
    func progress(of curve: LearningCurve) -> [Double]
}

extension Pruner {
    public var improvementDelta: Double { 0 }

    /// The last values known at the steps 1, 2, 3, 4, 6, 8, 12, 16, 24, …
    public func progress(of curve: LearningCurve) -> [Double] {
        Milestones.values(of: curve) { curve.value(at: $0) }
    }
}

/// Whether a running trial goes on, and why.
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
    /// The trial's rank at a rung among `competitors` trials including itself, where 1 is the best; the first `kept` of
    /// them go on.
    case rung(Int, step: Int, rank: Int, competitors: Int, kept: Int)
    /// The trial's best value, compared with a percentile of the values that `trials` others had at that step.
    case percentile(Double, step: Int, best: Double, bound: Double, trials: Int)
    /// The probability with which a trial is expected to end better than `bound`, by what `trials` others had at that
    /// step and at their end.
    case prediction(step: Int, chance: Double, bound: Double, trials: Int)
    /// No improvement in that many reports on the last one that was, which was reported at `step`.
    case patience(reports: Int, improved: Double, step: Int)
    /// A value beyond the bound.
    case threshold(value: Double, bound: Double, step: Int)

    /// The reason as a phrase for users, such as `rung 0 at step 1: rank 3 of 9, 4 go on`.
    ///
    /// - Parameter maximizing: whether the values are those of a metric to maximize, and therefore negated.
    public func words(maximizing: Bool) -> String {
        func text(_ value: Double) -> String { "\(maximizing ? -value : value)" }
        switch self {
        case .rung(let rung, let step, let rank, let competitors, let kept):
            return "rung \(rung) at step \(step): rank \(rank) of \(competitors), \(kept) go\(kept == 1 ? "es" : "") on"
        case .percentile(let percentile, let step, let best, let bound, let trials):
            let name = percentile == 50 ? "median" : "percentile \(percentile)"
            let relation = best > bound ? "worse than" : "no worse than"
            return "step \(step): best \(text(best)) is \(relation) \(text(bound)), the \(name) of \(trials) trials"
        case .prediction(let step, let chance, let bound, let trials):
            let percent = chance < 0.001 ? "less than 0.1" : String(format: "%.\(chance < 0.1 ? 1 : 0)f", 100 * chance)
            return "step \(step): \(percent) % likely to end better than \(text(bound)), by \(trials) complete trials"
        case .patience(let reports, let improved, let step):
            return "no improvement in \(reports) reports on \(text(improved)) at step \(step)"
        case .threshold(let value, let bound, let step):
            let isAbove = (value > bound) != maximizing
            return "step \(step): \(text(value)) is \(isAbove ? "above" : "below") \(text(bound))"
        }
    }
}
