/// The number that a sweep optimizes, which way is better, and which of a trial's reports counts.
///
/// Whatever compares values (samplers, pruners, tables, `best.yaml`) asks here, so that the goal is spelled out once.
///
///     let metric = Metric(name: "val_loss", goal: .minimize, rule: .best)
///     metric.value(of: [0.9, 0.4, 0.6])   // 0.4
///     metric.prefers(0.4, to: 0.6)        // true
public struct Metric: Sendable, Hashable {
    /// Whether lower or higher values are better.
    public enum Goal: String, Sendable, CaseIterable {
        case minimize, maximize
    }

    /// Which of the reported values of one trial is the trial's value.
    public enum Rule: String, Sendable, CaseIterable {
        /// What it reported last: what a model is worth that is saved at the end.
        case last
        /// The best of all its reports: what a model is worth whose best checkpoint is kept.
        case best
    }

    /// The key of the number in the trainer's reports: `val_loss` in `{"step": 3, "val_loss": 0.21}`.
    public var name: String
    public var goal: Goal
    public var rule: Rule

    public init(name: String, goal: Goal, rule: Rule) {
        self.name = name
        self.goal = goal
        self.rule = rule
    }

    /// Whether `first` is a better value of the metric than `second`; false for equal values.
    public func prefers(_ first: Double, to second: Double) -> Bool { minimized(first) < minimized(second) }

    /// The value with its sign changed where higher is better, so that lower is always better: samplers and pruners
    /// work with such values only. Applied to its own result it gives the metric's value back.
    public func minimized(_ value: Double) -> Double {
        switch goal {
        case .minimize: value
        case .maximize: -value
        }
    }

    /// The value of a trial that reported these numbers in this order; nil if there are none.
    public func value(of reported: some Sequence<Double>) -> Double? {
        reported.reduce(nil) { value(of: $0, then: $1) }
    }

    /// The value of a trial that had the value `earlier` and then reported `later`. Either may be missing; the other
    /// one is then the value.
    public func value(of earlier: Double?, then later: Double?) -> Double? {
        guard let earlier, let later else { return later ?? earlier }
        return switch rule {
        case .last: later
        case .best: prefers(later, to: earlier) ? later : earlier
        }
    }
}

extension Metric {
    /// The complete trials, the best value first; of equal trials the one with the lower number comes first. Where a
    /// sweep has several objectives or bounds, `Objectives.ranked` says which is better.
    public func ranked(_ trials: some Sequence<TrialRecord>) -> [TrialRecord] {
        let complete = trials.compactMap { trial in
            trial.state == .complete ? trial.value.map { (trial: trial, value: $0) } : nil
        }
        return complete.sorted { isBetter(($0.trial.number, $0.value), than: ($1.trial.number, $1.value)) }
            .map(\.trial)
    }

    /// Whether the first of two complete trials, each by number and value, is the better one.
    public func isBetter(
        _ first: (number: Int, value: Double), than second: (number: Int, value: Double)
    ) -> Bool {
        first.value == second.value ? first.number < second.number : prefers(first.value, to: second.value)
    }
}
