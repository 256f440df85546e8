import SweepSearch

/// A limit on a metric: trials beyond it are of no use, however good their other values are.
///
///     let bound = MetricBound(metric: "latency", .atMost, 20)
///     bound.description               // "latency <= 20"
///     bound.excess(of: 25)            // 0.25: a quarter of the limit beyond it
public struct MetricBound: Sendable, Hashable {
    /// On which side of the limit the good values are.
    public enum Relation: String, Sendable, CaseIterable {
        case atMost = "<="
        case atLeast = ">="
    }

    /// The key of the number in the trainer's reports.
    public var metric: String
    public var relation: Relation
    /// The last value that is good enough; finite.
    public var limit: Double
    /// Which of a trial's reports counts.
    public var rule: Metric.Rule

    public init(metric: String, _ relation: Relation, _ limit: Double, rule: Metric.Rule = .last) {
        self.metric = metric
        self.relation = relation
        self.limit = limit
        self.rule = rule
    }

    /// Which values are better with respect to the bound.
    public var goal: Metric.Goal { relation == .atMost ? .minimize : .maximize }

    /// By how much a value is beyond the limit, as a share of the limit (or in units of the metric where the limit is
    /// 0), so that several bounds can be compared; 0 or less where it is not.
    public func excess(of value: Double) -> Double {
        let distance = relation == .atMost ? value - limit : limit - value
        // The difference of finite numbers may not be finite.
        return min(max(distance / (limit == 0 ? 1 : abs(limit)), -1e150), 1e150)
    }
}

extension MetricBound: CustomStringConvertible {
    /// As in a sweep file: `latency <= 20`.
    public var description: String {
        let whole = Int(exactly: limit).flatMap { $0.magnitude < 1_000_000_000_000_000 ? String($0) : nil }
        return "\(metric) \(relation.rawValue) \(whole ?? limit.description)"
    }
}
