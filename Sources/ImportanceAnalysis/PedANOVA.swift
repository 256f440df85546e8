import RandomStreams
import SweepModel
import SweepSearch

/// How much each parameter has to do with whether a trial is among the best: its importance by PED-ANOVA.
///
///     let analysis = PedANOVA(of: try store.trials(), in: sweep.space, metric: sweep.metric)
///     analysis.importances.first      // (name: "optimizer.learning_rate", share: 0.896)
///     analysis.isReliable             // false where the best tenth has fewer than five trials
///     analysis.intervals()            // ["optimizer.learning_rate": 0.81...0.95, …]
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

    private let sample: ComparedTrials

    /// - Parameters:
    ///   - trials: in any order; those that are not complete are left out.
    ///   - bestFraction: which part of the trials is taken for the best ones, above 0 and at most 1.
    public init(
        of trials: some Sequence<TrialRecord>, in space: SearchSpace, metric: Metric, bestFraction: Double = 0.1
    ) {
        sample = ComparedTrials(trials, space, metric, bestFraction)
        trialCount = sample.count
        guard trialCount >= 2 else {
            (importances, bestCount) = ([], 0)
            return
        }
        let (shares, best) = sample.shares(counting: Array(repeating: 1, count: trialCount))
        bestCount = best
        importances = zip(sample.names, shares).map(ParameterImportance.init).enumerated().sorted { first, second in
            first.element.share == second.element.share
                ? first.offset < second.offset : first.element.share > second.element.share
        }.map(\.element)
    }

    /// How sure the shares are: between which ones the middle 95 % of resamples of the trials lie, by parameter.
    ///
    /// Each resample draws as many trials as there are, with repetition (the percentile bootstrap; Efron, 1979).
    ///
    /// - Parameters:
    ///   - resamples: how many; 200 take some 5 ms for each continuous parameter with 300 trials.
    ///   - seed: of the random numbers. The same trials and seed give the same intervals.
    public func intervals(resamples: Int = 200, seed: UInt64 = 0) -> [String: ClosedRange<Double>] {
        guard trialCount >= 2, resamples >= 1 else { return [:] }
        var found: [[Double]] = Array(repeating: [], count: sample.names.count)
        for index in 0..<resamples {
            var random = RandomStream(seed: seed, stream: .importanceResampling, UInt64(index))
            var counts = Array(repeating: 0, count: trialCount)
            for _ in 0..<trialCount { counts[Int(random.integer(below: UInt64(trialCount)))] += 1 }
            for (place, share) in sample.shares(counting: counts).shares.enumerated() { found[place].append(share) }
        }
        let tail = Int(0.025 * Double(resamples))
        return Dictionary(
            zip(sample.names, found).map { name, shares in
                let sorted = shares.sorted()
                return (name, sorted[tail]...sorted[resamples - 1 - tail])
            }, uniquingKeysWith: { first, _ in first })
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
