import SweepSearch

/// What a sweep optimizes: one metric, or several of which none counts more than another, and bounds that a good trial
/// keeps.
///
///     let loss = Metric(name: "val_loss", goal: .minimize, rule: .last)
///     let size = Metric(name: "size", goal: .minimize, rule: .last)
///     let objectives = Objectives([loss, size], bounds: [MetricBound(metric: "latency", .atMost, 20)])
///     objectives.metric.name          // "val_loss", by which trials of one front are sorted
///     objectives.front(of: trials)    // the trials that no other one dominates
///
/// The first metric is *the* metric of the sweep: its value is `TrialRecord.value`, and what knows of one number only
/// shows that. The other numbers are in `TrialRecord.further`.
public struct Objectives: Sendable, Hashable {
    /// At least one, with different names.
    public let metrics: [Metric]
    /// The bounds on any metrics, in the order of the file.
    public let bounds: [MetricBound]

    public init(_ metrics: [Metric], bounds: [MetricBound] = []) {
        precondition(!metrics.isEmpty, "a sweep optimizes something")
        self.metrics = metrics
        self.bounds = bounds
    }

    /// The first metric.
    public var metric: Metric { metrics[0] }

    /// Whether there is more than one metric to optimize.
    public var areSeveral: Bool { metrics.count > 1 }

    /// Whether there is one metric and no bound: values alone say which trial is better.
    public var areOne: Bool { metrics.count == 1 && bounds.isEmpty }

    /// The metrics beside the first one that a complete trial has to report: those to optimize, then those that are
    /// only bounded, whose goal is that of the bound.
    public var further: [Metric] {
        var names: Set = [metric.name]
        let bounded = bounds.map { Metric(name: $0.metric, goal: $0.goal, rule: $0.rule) }
        return (metrics.dropFirst() + bounded).filter { names.insert($0.name).inserted }
    }

    /// All metrics that a complete trial has to report.
    public var measured: [Metric] { [metric] + further }

    /// The value of the trial for one of the metrics; nil if it has none.
    public func value(of metric: String, in trial: TrialRecord) -> Double? {
        metric == self.metric.name ? trial.value : trial.further[metric]
    }

    /// What a complete trial has reached, with lower values better; nil for a trial that is not complete or, since it
    /// ran before a change of the file, lacks a value.
    public func vector(of trial: TrialRecord) -> ObjectiveVector? {
        guard trial.state == .complete else { return nil }
        var values: [Double] = []
        for metric in metrics {
            guard let value = value(of: metric.name, in: trial) else { return nil }
            values.append(metric.minimized(value))
        }
        var excesses: [Double] = []
        for bound in bounds {
            guard let value = value(of: bound.metric, in: trial) else { return nil }
            excesses.append(bound.excess(of: value))
        }
        return ObjectiveVector(values: values, excesses: excesses)
    }

    /// Whether the trial keeps all bounds; false where a value is missing.
    public func keepsBounds(_ trial: TrialRecord) -> Bool {
        bounds.allSatisfy { bound in
            value(of: bound.metric, in: trial).map { bound.excess(of: $0) <= 0 } ?? false
        }
    }

    /// Whether the trial came to its end, and is beyond a bound there.
    public func breaksBounds(_ trial: TrialRecord) -> Bool { trial.state == .complete && !keepsBounds(trial) }
}

extension Objectives {
    /// The complete trials, the best first.
    ///
    /// With one metric the better value comes first, and with several those of the Pareto front, then those that only
    /// these dominate, and so on; within one front the better value of the first metric. Trials that keep all bounds
    /// come before those that do not, and of the latter the one that exceeds them least is the first. Of equal trials
    /// the one with the lower number comes first.
    ///
    /// This is what "best" means everywhere. A pruned trial never wins, even if its last report was better: it was
    /// stopped before its end, so its number is not comparable.
    public func ranked(_ trials: some Sequence<TrialRecord>) -> [TrialRecord] {
        if areOne { return metric.ranked(trials) }
        return sorted(trials).map(\.trial)
    }

    /// The complete trials that keep all bounds and that no other one dominates, the one with the best value of the
    /// first metric first. With one metric that is the best trial alone, and those equal to it.
    public func front(of trials: some Sequence<TrialRecord>) -> [TrialRecord] {
        sorted(trials).prefix { $0.rank == 0 && $0.vector.isFeasible }.map(\.trial)
    }

    private typealias Ranked = (trial: TrialRecord, vector: ObjectiveVector, rank: Int)

    private func sorted(_ trials: some Sequence<TrialRecord>) -> [Ranked] {
        let known = trials.compactMap { trial in vector(of: trial).map { (trial: trial, vector: $0) } }
        let ranks = ParetoRanks(of: known.map(\.vector)).ranks
        let ranked = zip(known, ranks).map { (trial: $0.trial, vector: $0.vector, rank: $1) }
        return ranked.sorted { first, second in
            if first.rank != second.rank { return first.rank < second.rank }
            for (one, other) in zip(first.vector.values, second.vector.values) where one != other { return one < other }
            return first.trial.number < second.trial.number
        }
    }
}
