import Foundation
import Statistics

/// Prunes a trial that will hardly end among the best quarter, as far as the trials that have come to their end can
/// tell.
///
///     let pruner = PredictivePruner()
///
/// At the steps 1, 2, 3, 4, 6, 8, 12, 16, 24, … the final values of the complete trials are regressed on what they had
/// reported by then,
///
///     final = a + b·now + ε        ε normal with the variance of the residuals,
///
/// both as log(1 + distance from the least, in units of the median's distance), with b ≥ 0. The trial is pruned where
/// the regression gives it less than a chance of 5 % to be better than the first one behind the best quarter. So
/// nothing has to be known about how long trials last, and how early they are pruned follows from how much early
/// reports say: where they say nothing, ε is as large as the final values differ, and none is pruned.
///
/// Sources: Domhan, Springenberg and Hutter 2015, "Speeding Up Automatic Hyperparameter Optimization of Deep Neural
/// Networks by Extrapolation of Learning Curves", section 4, for pruning by the probability of a final value. A
/// regression over trials takes the place of their model of a single curve.
public struct PredictivePruner: Pruner, Hashable {
    /// Whether a trial's value is its best report, and not its last one.
    public var countsBest: Bool
    /// No trial is pruned before this step.
    public var warmupSteps: Int

    /// So many complete trials are needed.
    private static let minTrials = 4
    /// The share of the complete trials that a trial has to be better than.
    private static let share = 0.25
    /// A trial with less of a chance is pruned.
    private static let leastChance = 0.05
    /// Both priors of the regression, on the scale on which the median is at log 2.
    private static let shrinkage = 0.1

    public init(countsBest: Bool = false, warmupSteps: Int = 0) {
        self.countsBest = countsBest
        self.warmupSteps = warmupSteps
    }

    public func decide(_ curve: LearningCurve, among curves: ArraySlice<LearningCurve>) -> PruningDecision? {
        guard let step = curve.points.last?.step, step >= warmupSteps,
            Milestones.isPassed(after: curve.points.dropLast().last?.step ?? 0, upTo: step),
            let now = value(of: curve, at: step), now.isFinite
        else { return nil }
        // Sums depend on the order in their last digits, and curves may come in any.
        let known = curves.sorted { $0.trial < $1.trial }.compactMap { other -> (now: Double, final: Double)? in
            guard other.isComplete, other.trial != curve.trial, let last = other.points.last?.step,
                let now = value(of: other, at: step), let final = value(of: other, at: last), now.isFinite,
                final.isFinite
            else { return nil }
            return (now, final)
        }
        guard known.count >= Self.minTrials else { return nil }
        let finals = known.map(\.final).sorted()
        let bound = finals[Int(Double(finals.count) * Self.share)]
        let chance = Self.chance(of: now, toEndBelow: bound, known)
        let reason = PruningReason.prediction(step: step, chance: chance, bound: bound, trials: known.count)
        return chance < Self.leastChance ? .prune(reason) : .goOn(reason)
    }

    /// What counts of a curve at a step.
    private func value(of curve: LearningCurve, at step: Int) -> Double? {
        guard let value = curve.value(at: step), countsBest else { return curve.value(at: step) }
        return curve.points.prefix { $0.step <= step }.map(\.value).min() ?? value
    }

    private static func chance(
        of now: Double, toEndBelow bound: Double, _ known: [(now: Double, final: Double)]
    ) -> Double {
        let (nowScale, finalScale) = (LogDistance(known.map(\.now)), LogDistance(known.map(\.final)))
        let line = RisingLine(
            known.map { (nowScale($0.now), finalScale($0.final)) }, slopePrior: shrinkage, residualPrior: shrinkage)
        let x = nowScale(now)
        let z = (finalScale(bound) - line.mean(at: x)) / line.variance(at: x).squareRoot()
        return 0.5 * erfc(-z / 2.0.squareRoot())
    }
}

/// log(1 + (y − least)/(median − least)); linear below the least.
private struct LogDistance {
    private let least: Double
    private let width: Double

    /// - Parameter values: not empty, finite.
    init(_ values: [Double]) {
        let sorted = values.map(Self.clamped).sorted()
        least = sorted[0]
        let spread = sorted[sorted.count / 2] - least
        width = spread > 0 ? spread : 1
    }

    func callAsFunction(_ value: Double) -> Double {
        let distance = min(max((Self.clamped(value) - least) / width, -1e150), 1e150)
        return distance > 0 ? log1p(distance) : distance
    }

    /// Differences of two are finite.
    private static func clamped(_ value: Double) -> Double { min(max(value, -1e150), 1e150) }
}
