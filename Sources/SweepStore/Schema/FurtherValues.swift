import Foundation
import SweepModel

/// The values of several metrics as the text of a column: an object in JSON, with its keys in order.
enum FurtherValues {
    /// Nil for no values.
    static func text(_ values: [String: Double]) throws -> String? {
        if values.isEmpty { return nil }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(values), as: UTF8.self)
    }

    /// Nil if the text is not such an object.
    static func values(_ text: String) -> [String: Double]? {
        try? JSONDecoder().decode([String: Double].self, from: Data(text.utf8))
    }
}

extension Objectives {
    /// One metric or bound as it is stored. A metric that is optimized has a goal, a bound has a relation and a limit.
    private struct Line: Codable {
        var name: String
        var rule: String
        var goal: String?
        var relation: String?
        var limit: Double?
    }

    /// All metrics and bounds as a list in JSON; nil where there is one metric and no bound, which has columns of its
    /// own.
    var stored: String? {
        get throws {
            if areOne { return nil }
            let lines =
                metrics.map { Line(name: $0.name, rule: $0.rule.rawValue, goal: $0.goal.rawValue) }
                + bounds.map {
                    Line(
                        name: $0.metric, rule: $0.rule.rawValue, relation: $0.relation.rawValue, limit: $0.limit)
                }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(lines), as: UTF8.self)
        }
    }

    /// Nil if the text is not what ``stored`` gives.
    init?(stored text: String) {
        guard let lines = try? JSONDecoder().decode([Line].self, from: Data(text.utf8)) else { return nil }
        var metrics: [Metric] = []
        var bounds: [MetricBound] = []
        for line in lines {
            guard let rule = Metric.Rule(rawValue: line.rule) else { return nil }
            if let goal = line.goal.flatMap(Metric.Goal.init) {
                metrics.append(Metric(name: line.name, goal: goal, rule: rule))
            } else if let relation = line.relation.flatMap(MetricBound.Relation.init), let limit = line.limit {
                bounds.append(MetricBound(metric: line.name, relation, limit, rule: rule))
            } else {
                return nil
            }
        }
        guard !metrics.isEmpty, Set(metrics.map(\.name)).count == metrics.count else { return nil }
        self.init(metrics, bounds: bounds)
    }
}
