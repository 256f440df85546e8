import Foundation
import SweepModel
import SweepSearch

/// How much each parameter has to do with whether a trial is among the best: its importance by PED-ANOVA.
///
///     let analysis = PedANOVA(of: try store.trials(), in: sweep.space, metric: sweep.metric)
///     analysis.importances.first      // (name: "optimizer.learning_rate", share: 0.896)
///     analysis.isReliable             // false where the best tenth has fewer than five trials
///
/// For one parameter it compares how its values are distributed among the best trials with how they are among all
/// trials. Where both distributions are the same, the parameter does not matter.
///
///     share(p) ∝ (g'/g)² Σ_x pdf_all(x) (pdf_best(x) / pdf_all(x) − 1)² · α² / β
///
/// `g'/g` is the part of the trials that are the best ones. A parameter may be inactive in some trials: `α` is the part
/// of the best trials in which it is active, and `β` that of all trials. What it does where it is inactive counts
/// nothing. Only complete trials count; the values of others cannot be compared with theirs.
///
/// The numbers are those of Optuna 5, which uses the same method by default, so that people who compare the two find
/// no difference.
///
/// Source: Watanabe, Bansal and Hutter, IJCAI 2023 (arXiv:2304.10255); for conditional parameters arXiv:2601.20800.
public struct PedANOVA: Sendable, Hashable {
    /// The most important parameter first; equally important ones are in the order of the space. Together they make 1.
    ///
    /// Empty if fewer than two trials are complete.
    public let importances: [ParameterImportance]
    /// How many trials were compared.
    public let trialCount: Int
    /// How many of them are the best ones: a tenth, and all that are as good as the last of these.
    public let bestCount: Int

    /// Whether there are enough of the best trials for their distribution to mean something.
    public var isReliable: Bool { bestCount >= 5 }

    /// - Parameters:
    ///   - trials: in any order; those that are not complete are left out.
    ///   - bestFraction: which part of the trials is taken for the best ones, above 0 and at most 1.
    public init(
        of trials: some Sequence<TrialRecord>, in space: SearchSpace, metric: Metric, bestFraction: Double = 0.1
    ) {
        var compared: [(loss: Double, values: Assignment)] = []
        for trial in trials where trial.state == .complete {
            guard let value = trial.value, value.isFinite else { continue }
            compared.append((metric.minimized(value), trial.parameters))
        }
        trialCount = compared.count
        guard compared.count >= 2 else {
            (importances, bestCount) = ([], 0)
            return
        }
        let losses = compared.map(\.loss).sorted()
        let fraction = bestFraction.isFinite ? min(1, max(0, bestFraction)) : 1
        let place = min(losses.count, max(1, Int((fraction * Double(losses.count)).rounded(.up))))
        let worstOfBest = losses[place - 1]
        let isBest = compared.map { $0.loss <= worstOfBest }
        let best = isBest.count { $0 }
        bestCount = best

        let share = Double(best) / Double(compared.count)
        var found: [ParameterImportance] = []
        for parameter in space.parameters {
            let values = compared.map { $0.values[parameter.name] }
            guard values.contains(where: { $0 != nil }) else { continue }
            let divergence = Self.divergence(of: parameter.distribution, values, isBest)
            found.append(ParameterImportance(name: parameter.name, share: divergence * share * share))
        }
        let sum = found.reduce(0) { $0 + $1.share }
        // Where nothing tells the best trials from the others, no parameter is more important than another.
        for index in found.indices {
            found[index].share = sum > 0 ? found[index].share / sum : 1 / Double(found.count)
        }
        importances = found.enumerated().sorted { first, second in
            first.element.share == second.element.share
                ? first.offset < second.offset : first.element.share > second.element.share
        }.map(\.element)
    }

    /// How much the values of the best trials are distributed otherwise than those of all: `α² / β` times the sum over
    /// the cells.
    ///
    /// - Parameters:
    ///   - values: one for each trial, nil where the parameter is inactive.
    ///   - isBest: whether each is one of the best trials.
    private static func divergence(
        of distribution: Distribution, _ values: [ParameterValue?], _ isBest: [Bool]
    ) -> Double {
        guard let cells = ParameterCells(distribution, observed: values.lazy.compactMap(\.self)) else { return 0 }
        var all = cells.empty
        var best = cells.empty
        for (value, isBest) in zip(values, isBest) {
            // A value that the space does not know, of a trial from before a change, is as none.
            guard let value, let cell = cells.cell(of: value) else { continue }
            all[cell] += 1
            if isBest { best[cell] += 1 }
        }
        let (active, activeBest) = (all.reduce(0, +), best.reduce(0, +))
        guard active >= 2, activeBest >= 1 else { return 0 }
        let densities = zip(cells.density(of: best), cells.density(of: all))
        let sum = densities.reduce(0.0) { sum, pair in
            let excess = pair.0 / pair.1 - 1
            return sum + pair.1 * excess * excess
        }
        let alpha = Double(activeBest) / Double(isBest.count { $0 })
        let beta = Double(active) / Double(values.count)
        return alpha * alpha / beta * sum
    }
}

/// One parameter with its part of what all parameters have to do with success.
public struct ParameterImportance: Sendable, Hashable {
    public var name: String
    /// From 0 to 1.
    public var share: Double

    public init(name: String, share: Double) {
        self.name = name
        self.share = share
    }
}
