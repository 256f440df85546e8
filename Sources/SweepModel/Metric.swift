/// The number that a sweep optimizes, and which way is better.
///
///     let metric = Metric(name: "val_loss", goal: .minimize, rule: .best)
///     metric.value(of: [0.9, 0.4, 0.6])   // 0.4
///     metric.prefers(0.4, to: 0.6)        // true
public struct Metric: Sendable, Hashable {
    public enum Goal: String, Sendable, CaseIterable {
        case minimize, maximize
    }

    /// Which of the reported values of one trial is the trial's value.
    public enum Rule: String, Sendable, CaseIterable {
        case last, best
    }

    public var name: String
    public var goal: Goal
    public var rule: Rule

    public init(name: String, goal: Goal, rule: Rule) {
        self.name = name
        self.goal = goal
        self.rule = rule
    }

    /// Whether `first` is the better value of the metric.
    public func prefers(_ first: Double, to second: Double) -> Bool { minimized(first) < minimized(second) }

    /// The value such that lower is better, as samplers and pruners have it; of such a value the metric's own again.
    public func minimized(_ value: Double) -> Double {
        switch goal {
        case .minimize: value
        case .maximize: -value
        }
    }

    /// The value of a trial that reported these, in their order; nil if there are none.
    public func value(of reported: some Sequence<Double>) -> Double? {
        reported.reduce(nil) { value(of: $0, then: $1) }
    }

    /// The value of a trial that had a value and then reported another, where either may be missing.
    public func value(of earlier: Double?, then later: Double?) -> Double? {
        guard let earlier, let later else { return later ?? earlier }
        return switch rule {
        case .last: later
        case .best: prefers(later, to: earlier) ? later : earlier
        }
    }
}

extension Metric {
    /// The complete trials, the best first; of equals the one with the lower number.
    ///
    /// This is what "best" means everywhere.
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
