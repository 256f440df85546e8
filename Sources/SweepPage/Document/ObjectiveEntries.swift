import ConfigFile
import ReportFormat
import SweepFile
import SweepModel

/// What a page reads of a sweep with several objectives or with bounds, beside the values of the first metric.
///
/// Which trials are on the front is not in it: the page finds that itself, since it changes while the sweep runs.
struct ObjectiveEntries {
    let objectives: Objectives

    /// Nil where one metric without a bound is all there is.
    ///
    /// - Parameter trials: all trials, in the order of their numbers.
    func node(_ trials: [TrialRecord]) -> ConfigNode? {
        if objectives.areOne { return nil }
        return .object([
            "metrics": .sequence(
                objectives.metrics.map { metric in
                    .object([
                        "name": .string(metric.name), "goal": .string(metric.goal.rawValue),
                        "rule": .string(metric.rule.rawValue),
                    ])
                }),
            "bounds": .sequence(
                objectives.bounds.map { bound in
                    .object([
                        "metric": .string(bound.metric), "relation": .string(bound.relation.rawValue),
                        "limit": .number(bound.limit), "rule": .string(bound.rule.rawValue),
                        "words": .string(bound.description),
                    ])
                }),
            "further": .sequence(
                objectives.further.map { metric in
                    .object([
                        "name": .string(metric.name),
                        "values": ReportColumn.numbers(trials.map { $0.further[metric.name] ?? .nan }).node.value,
                    ])
                }),
        ])
    }

    /// The values of the other metrics in one trial, as the page is told of them while the sweep runs; nil where there
    /// are no other metrics. A metric that it has no value of is left out.
    func values(of trial: TrialRecord) -> ConfigNode.Value? {
        let further = objectives.further
        if further.isEmpty { return nil }
        return .mapping(
            further.compactMap { metric in
                trial.further[metric.name].map { ConfigEntry(key: metric.name, node: ConfigNode(.number($0))) }
            })
    }
}
