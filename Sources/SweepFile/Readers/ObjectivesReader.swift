import ConfigFile
import Foundation
import SweepModel

/// Reads what a sweep optimizes: `metric`, or `metrics` where there are several, and `bounds`.
///
///     metric: {name: val_loss, goal: minimize, value: best}
///
///     metrics:
///       - {name: val_accuracy, goal: maximize}
///       - {name: size, goal: minimize}
///     bounds: [latency <= 20, val_accuracy >= 0.9]
///
/// A goal has no default: a wrong one would look for the worst values all night. `value` says which of a trial's
/// reports counts, and is `last` if it is left out; that of a bound is the one of the metric with the same name.
struct ObjectivesReader {
    let problems: DiagnosticCollector

    /// Nil after a mistake that leaves nothing to optimize, which is reported.
    func read(_ file: ConfigSection) -> Objectives? {
        let metrics: [Metric]
        let isSingle = file.node("metric") != nil || file.contains("metric")
        if let node = file.node("metrics") {
            if isSingle {
                problems.report(
                    "'metric' and 'metrics' are both there", at: file.place(of: "metric"),
                    help: "several metrics are one list: metrics: [{name: val_loss, goal: minimize}, …]")
            }
            metrics = self.metrics(node)
        } else {
            guard isSingle else {
                problems.report(
                    "'metric' is missing", at: nil, help: "metric: {name: val_loss, goal: minimize}")
                _ = bounds(file, of: [])
                return nil
            }
            metrics = [metric(file.section("metric"))].compactMap(\.self)
        }
        let bounds = bounds(file, of: metrics)
        return metrics.isEmpty ? nil : Objectives(metrics, bounds: bounds)
    }

    /// One metric with its goal; nil if the name or the goal is missing or wrong, which is reported.
    private func metric(_ section: ConfigSection) -> Metric? {
        let advice: KeyAdvice = "bounds are a list beside the metrics: bounds: [NAME <= 20]"
        section.explain(
            Dictionary(uniqueKeysWithValues: ["bound", "bounds", "constraint", "max", "min"].map { ($0, advice) }))
        let name = section.requiredNode("name").flatMap { _ in section.string("name") }
        if let name, name.isEmpty || name == "step" {
            problems.report(
                "the metric cannot be '\(name)'", at: section.place(of: "name"),
                help: "it is the name of a number that the trainer reports; 'step' only counts its reports")
        }
        let goal = section.requiredNode("goal", help: "goal: minimize or goal: maximize")
            .flatMap { _ in section.choice("goal", of: Metric.Goal.self) }
        let rule = section.choice("value", of: Metric.Rule.self) ?? .last
        guard let name, let goal else { return nil }
        return Metric(name: name, goal: goal, rule: rule)
    }

    /// The list `metrics`; those with a mistake are left out.
    private func metrics(_ node: ConfigNode) -> [Metric] {
        guard case .sequence(let items) = node.value, !items.isEmpty else {
            problems.report(
                "'metrics' must be a list of metrics, found \(node.kindDescription)", at: node.location,
                help: "metrics: [{name: val_loss, goal: minimize}, {name: size, goal: minimize}]")
            return []
        }
        var metrics: [Metric] = []
        for (index, item) in items.enumerated() {
            let section = ConfigSection(item, path: "metrics[\(index)]", problems: problems)
            guard section.isReadable else { continue }
            let metric = metric(section)
            section.reportUnknownKeys()
            guard let metric else { continue }
            if metrics.contains(where: { $0.name == metric.name }) {
                problems.report("'\(metric.name)' is optimized twice", at: section.place(of: "name"))
            } else {
                metrics.append(metric)
            }
        }
        return metrics
    }

    /// The list `bounds`; those with a mistake are left out.
    private func bounds(_ file: ConfigSection, of metrics: [Metric]) -> [MetricBound] {
        guard let node = file.node("bounds") else { return [] }
        let items: [ConfigNode]
        switch node.value {
        case .sequence(let list): items = list
        case .string: items = [node]
        case .null, .boolean, .integer, .number, .mapping:
            problems.report(
                "'bounds' must be a list, found \(node.kindDescription)", at: node.location,
                help: "bounds: [latency <= 20]")
            return []
        }
        var bounds: [MetricBound] = []
        for item in items {
            guard case .string(let text) = item.value, var bound = MetricBound(text) else {
                problems.report(
                    "a bound is a metric, <= or >=, and a number; found \(item.scalarText ?? item.kindDescription)",
                    at: item.location, help: "bounds: [latency <= 20, val_accuracy >= 0.9]")
                continue
            }
            bound.rule = metrics.first { $0.name == bound.metric }?.rule ?? .last
            if let other = bounds.first(where: bound.contradicts) {
                problems.report(
                    "no trial can have \(other.description) and \(bound.description)", at: item.location,
                    help: "leave out one of them")
            }
            bounds.append(bound)
        }
        return bounds
    }

    /// Reports what goes with one metric only, or not with bounds.
    func check(
        _ objectives: Objectives, _ sampler: SamplerSettings, hasPruner: Bool, hasTarget: Bool, in file: ConfigSection
    ) {
        if sampler.name == .cmaes, !objectives.areOne {
            let reason = objectives.areSeveral ? "one metric only" : "no bounds"
            problems.report(
                "the sampler 'cmaes' knows \(reason)", at: file.place(of: "sampler"),
                help: "auto, gp, tpe and nsga2 search for several metrics and within bounds")
        }
        guard objectives.areSeveral else { return }
        if hasPruner {
            problems.report(
                "a pruner compares trials by one metric, and there are \(objectives.metrics.count)",
                at: file.place(of: "pruner"),
                help: "leave out 'pruner', or optimize one metric and give the others bounds: [size <= 100000]")
        }
        if hasTarget {
            problems.report(
                "a target ends a sweep by one metric, and there are \(objectives.metrics.count)",
                at: file.node("budget")?["target"]?.location, help: "leave out 'target'")
        }
    }
}

extension MetricBound {
    /// Whether no value is within both.
    fileprivate func contradicts(_ other: MetricBound) -> Bool {
        guard metric == other.metric, relation != other.relation else { return false }
        return relation == .atMost ? limit < other.limit : limit > other.limit
    }

    /// Reads `latency <= 20`; nil if it is no such text.
    init?(_ text: String) {
        for relation in Relation.allCases {
            guard let place = text.range(of: relation.rawValue, options: .backwards) else { continue }
            let metric = text[..<place.lowerBound].trimmingCharacters(in: .whitespaces)
            let number = text[place.upperBound...].trimmingCharacters(in: .whitespaces)
            guard !metric.isEmpty, metric != "step", !metric.contains(where: { "<>=".contains($0) }),
                let limit = Double(number), limit.isFinite
            else { return nil }
            self.init(metric: metric, relation, limit)
            return
        }
        return nil
    }
}
