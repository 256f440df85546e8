import ConfigFile
import SweepModel

extension Objectives {
    /// What is optimized, in words.
    ///
    ///     minimize val_loss (last value of a trial), minimize size (last value of a trial); latency <= 20
    public var words: String {
        let goals = metrics.map { "\($0.goal.rawValue) \($0.name) (\($0.rule.rawValue) value of a trial)" }
        return ([goals.joined(separator: ", ")] + (bounds.isEmpty ? [] : [boundWords])).joined(separator: "; ")
    }

    /// All bounds: `latency <= 20 and size <= 1000`.
    var boundWords: String { bounds.map(\.description).joined(separator: " and ") }

    /// The values of a trial, those that it has: `val_loss 0.21, size 1200`.
    func values(of trial: TrialRecord) -> String {
        measured.compactMap { metric in
            value(of: metric.name, in: trial).map { "\(metric.name) \(HumanText.number($0))" }
        }.joined(separator: ", ")
    }

    /// For programs: `values` with the value of each metric by name, null where there is none; where there are several
    /// objectives `front`, and of a complete trial where there are bounds `keeps_bounds`. Nothing where one metric is
    /// all there is.
    func entries(of trial: TrialRecord, front: Set<Int>) -> [ConfigEntry] {
        if areOne { return [] }
        let values = measured.map { metric in
            let value = value(of: metric.name, in: trial)
            return ConfigEntry(key: metric.name, node: ConfigNode(value.map { .number($0) } ?? .null))
        }
        let isOnFront = ConfigEntry(key: "front", node: ConfigNode(.boolean(front.contains(trial.number))))
        let keepsBounds = ConfigEntry(key: "keeps_bounds", node: ConfigNode(.boolean(self.keepsBounds(trial))))
        return [ConfigEntry(key: "values", node: ConfigNode(.mapping(values)))] + (areSeveral ? [isOnFront] : [])
            + (bounds.isEmpty || trial.state != .complete ? [] : [keepsBounds])
    }

    /// Which bounds a complete trial breaks: `latency <= 20 is broken: 25`; empty where it keeps all.
    func brokenBounds(of trial: TrialRecord) -> String {
        guard trial.state == .complete else { return "" }
        let broken = bounds.compactMap { bound -> String? in
            guard let value = value(of: bound.metric, in: trial) else { return "\(bound.metric) is not known" }
            return bound.excess(of: value) > 0 ? "\(bound) is broken: \(HumanText.number(value))" : nil
        }
        return broken.joined(separator: ", ")
    }
}

extension TrialRecord {
    /// The trial with its values, for a line of its own: `trial 17: val_accuracy 0.97909, size 1200`.
    public func headline(_ objectives: Objectives) -> String {
        let values = objectives.values(of: self)
        return "trial \(number)" + (values.isEmpty ? "" : ": \(values)")
    }
}
