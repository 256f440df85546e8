import RandomStreams
import SweepModel
import SweepSearch

/// How much of what varies between trials each parameter explains, and each pair of parameters together: functional
/// ANOVA with a random forest.
///
///     let analysis = FunctionalANOVA(of: try store.trials(), in: sweep.space)
///     analysis.effects.first              // learning_rate: 0.62 of the variance, 0.55 to 0.70 over the trees
///     analysis.interactions.first         // learning_rate × momentum: 0.11
///
/// Where PED-ANOVA asks what the best trials have in common, this asks what explains all of them. It needs trials from
/// all over the space: a search that has stayed in one corner has seen little of the rest.
///
/// A forest of 64 trees, each grown on a resample of the trials, predicts the value. Its variance over the space, by
/// the measure, is divided among the parameters: `V_p` is the variance of the prediction that is averaged over all
/// other parameters, and the share of p is the mean of `V_p / V` over the trees. For a pair it is what both explain
/// together and neither alone.
///
/// Of many parameters only the most important ones are looked at in pairs: there are as many pairs as half of the
/// square of their number, and what explains nothing alone is seldom one half of an important pair.
///
/// Source: Hutter, Hoos and Leyton-Brown, ICML 2014. Categories are split as such, and a parameter that is inactive in
/// some trials has a place for that on its axis, so conditional parameters are among the results.
public struct FunctionalANOVA: Sendable, Hashable {
    /// What makes one part of the space larger than another.
    public enum Measure: String, Sendable, Hashable, CaseIterable {
        /// The distributions of the sweep file: a decade of a log-uniform parameter counts as any other decade.
        case prior
        /// Plain values, as in Optuna: nine tenths of a log-uniform parameter are then in its last decade. Parameters
        /// that are inactive in some trials are left out.
        case plain
    }

    /// What one parameter, or two of them, explain.
    public struct Effect: Sendable, Hashable {
        /// One name or two.
        public var names: [String]
        /// The part of the variance, from 0 to 1.
        public var share: Double
        /// Between which shares the middle 95 % of the trees lie.
        public var interval: ClosedRange<Double>
    }

    /// The parameters, the most important first. Empty where there is nothing to explain: with fewer than two complete
    /// trials, or with values that are all the same.
    public let effects: [Effect]
    /// The pairs of parameters, the most important first: of the `maxPaired` parameters that explain most alone,
    /// without choices of which trials have more than `maxPairedWords` words.
    public let interactions: [Effect]
    /// How many trials the forest has seen.
    public let trialCount: Int

    /// Whether there are enough trials for a forest to say something: ten for each parameter that varies.
    public var isReliable: Bool { trialCount >= 10 * effects.count && !effects.isEmpty }

    /// The shares of single parameters as parts of their sum, which is how Optuna gives them.
    public var normalized: [(name: String, share: Double)] {
        let sum = effects.reduce(0) { $0 + $1.share }
        return effects.map { ($0.names[0], sum > 0 ? $0.share / sum : 1 / Double(effects.count)) }
    }

    /// The most trials that a forest is grown on. More make it slower and hardly better.
    public static let maxTrials = 2000

    /// Of how many parameters there are pairs.
    public static let maxPaired = 15

    /// The most words that trials may have of a choice in a pair. Where there are more, fewer than ten of all trials
    /// have each of them, and nearly none a word together with a part of another parameter.
    public static let maxPairedWords = 200

    /// - Parameters:
    ///   - trials: in any order; those that are not complete are left out.
    ///   - treeCount: how many trees there are.
    ///   - seed: of the random numbers. The same trials and seed give the same result.
    public init(
        of trials: some Sequence<TrialRecord>, in space: SearchSpace, measure: Measure = .prior, treeCount: Int = 64,
        seed: UInt64 = 0
    ) {
        var complete = trials.filter { $0.state == .complete && $0.value?.isFinite ?? false }
        if complete.count > Self.maxTrials {
            var random = RandomStream(seed: seed, stream: .importanceForest, 0)
            complete = random.permutation(of: complete.count).prefix(Self.maxTrials).sorted().map { complete[$0] }
        }
        trialCount = complete.count
        let axes = space.parameters.compactMap { parameter -> FeatureAxis? in
            let values = complete.map { trial -> ParameterValue? in
                guard let value = trial.parameters[parameter.name] else { return nil }
                return parameter.distribution.legalForm(of: value)
            }
            if measure == .plain, values.contains(where: { $0 == nil }) { return nil }
            return FeatureAxis(parameter, values, measure)
        }
        var trees: [RegressionTree] = []
        var totals: [Double] = []
        var shares: [[Double]] = []
        let values = Self.normalized(complete.compactMap(\.value))
        for index in 0..<(axes.isEmpty ? 0 : max(0, treeCount)) {
            var random = RandomStream(seed: seed, stream: .importanceForest, 1, UInt64(index))
            let tree = RegressionTree(axes, values, using: &random)
            let variance = TreeVariance(tree, axes)
            // A tree that says the same everywhere explains nothing; the rest of its variance are rounding errors.
            guard tree.leaves.count > 1, variance.total > Self.leastVariance else { continue }
            trees.append(tree)
            totals.append(variance.total)
            shares.append(axes.indices.map { min(1, variance.variance(of: $0) / variance.total) })
        }
        let effects = Self.effects(axes.map { [$0.name] }, shares)
        self.effects = effects
        // Which parameters are looked at in pairs is known when all trees have grown.
        let paired = Self.paired(axes, effects)
        let names = paired.indices.flatMap { first in
            (first + 1..<paired.count).map { [axes[paired[first]].name, axes[paired[$0]].name] }
        }
        var pairShares: [[Double]] = []
        for (tree, total) in zip(trees, totals) where !names.isEmpty {
            pairShares.append(TreeVariance(tree, axes).interactions(among: paired).map { min(1, $0 / total) })
        }
        interactions = Self.effects(names, pairShares)
    }

    /// The least variance of a tree that explains something: values are at most 1, and the measures along an axis add
    /// up to 1 but for rounding errors.
    private static let leastVariance = 1e-12

    /// The axes of which there are pairs, in their order.
    private static func paired(_ axes: [FeatureAxis], _ effects: [Effect]) -> [Int] {
        let narrow = Set(axes.filter { $0.usedWords <= maxPairedWords }.map(\.name))
        let chosen = Set(effects.map { $0.names[0] }.filter { narrow.contains($0) }.prefix(maxPaired))
        return axes.indices.filter { chosen.contains(axes[$0].name) }
    }

    /// The values less their mean, in units of the largest distance from it. The shares are the same, while squares of
    /// values that are large, or far from 0 for how much they differ, would not be exact.
    ///
    /// - Parameter values: finite.
    private static func normalized(_ values: [Double]) -> [Double] {
        let largest = values.map(\.magnitude).max() ?? 0
        guard largest > 0 else { return values }
        let ratios = values.map { $0 / largest }
        let mean = ratios.reduce(0, +) / Double(ratios.count)
        let distances = ratios.map { $0 - mean }
        guard let farthest = distances.map(\.magnitude).max(), farthest > 0 else { return distances }
        return distances.map { $0 / farthest }
    }

    /// The means over the trees, the largest first; equal ones in the order of the space.
    private static func effects(_ names: [[String]], _ shares: [[Double]]) -> [Effect] {
        if shares.isEmpty { return [] }
        let effects = names.enumerated().map { index, names in
            let all = shares.map { $0[index] }.sorted()
            let tail = Int(0.025 * Double(all.count))
            return Effect(
                names: names, share: all.reduce(0, +) / Double(all.count),
                interval: all[tail]...all[all.count - 1 - tail])
        }
        return effects.enumerated().sorted { first, second in
            first.element.share == second.element.share
                ? first.offset < second.offset : first.element.share > second.element.share
        }.map(\.element)
    }
}
