import ConfigFile
import Files
import SweepExchange
import SweepModel
import SweepSearch

/// The search space of an Optuna study: the union of what its trials were drawn from.
///
/// A study is not a description of a search. Its program draws each value when it needs it, so the space is known only
/// as far as trials have come, and conditions between parameters are not stored.
struct StudySpace {
    let path: String
    let problems: DiagnosticCollector
    let notes: ConversionNotes
    let context: ConversionContext

    func outline(_ study: OptunaStudy) -> SweepOutline {
        var outline = SweepOutline()
        if let name = SweepName.legal(study.name) { outline.name = OutlineLine("name", ValueText.string(name)) }
        outline.parameters = study.distributions.compactMap { line($0.name, $0.distributions, study) }
        if outline.parameters.isEmpty, problems.isEmpty {
            problems.report("no trial of the study '\(study.name)' has a parameter", at: nil)
        }
        outline.metric = metric(of: study)
        if let command = context.givenCommand(passing: ["{args}"], notes) {
            outline.trainer = [command]
        } else {
            let note = notes.add(
                "a study does not name its program; write yours in the place of train.py", at: nil, isGap: true)
            outline.trainer = [
                OutlineLine("command", CommandText.list(["python", "train.py", "{args}"]), comments: [note])
            ]
        }
        outline.sections = [
            OutlineLine("sampler", "auto"),
            OutlineLine(
                "budget", "{trials: 100}",
                comments: [notes.add("a study does not say how many trials it is to have", at: nil)]),
            OutlineLine("resources", "{parallel: 1}"),
        ]
        outline.header.append(
            "Its \(study.trials.count) trials are the history to start from: revsweep import SWEEP \(shell: path)")
        return outline
    }

    /// The metric, or the list of several; options of the command line are about the first.
    private func metric(of study: OptunaStudy) -> OutlineLine {
        let areSeveral = study.directions.count > 1
        let metrics = study.directions.enumerated().map { index, direction in
            let name = study.metricNames.indices.contains(index) ? study.metricNames[index] : nil
            let goal = direction == .maximize ? "maximize" : "minimize"
            return ValueText.mapping([
                (
                    "name",
                    ValueText.string(
                        (index == 0 ? context.metric : nil) ?? name ?? (areSeveral ? "value_\(index)" : "value"))
                ), ("goal", index == 0 ? context.goal?.rawValue ?? goal : goal),
            ])
        }
        return OutlineLine(
            areSeveral ? "metrics" : "metric",
            areSeveral ? ValueText.list(metrics) : metrics.first ?? "{name: value, goal: minimize}",
            comments: [
                notes.add("to Optuna the metric is what the function returns; here the program prints it", at: nil)
            ])
    }

    private func line(
        _ name: String, _ distributions: [OptunaDistribution], _ study: OptunaStudy
    ) -> OutlineLine? {
        guard ParameterName.check(name, at: nil, problems), let last = distributions.last else { return nil }
        var comments: [String] = []
        let union = Self.union(distributions)
        if distributions.count > 1 {
            comments.append(
                notes.add(
                    "'\(name)' had \(distributions.count) ranges in the study; "
                        + (union == nil
                            ? "they are of different kinds, and this is the last one: trials with others cannot be "
                                + "imported"
                            : "this is their union"),
                    at: nil))
        }
        let finished = study.trials.filter(\.state.isFinished)
        let count = finished.count { trial in trial.parameters.contains { $0.name == name } }
        var condition: (name: String, values: [ParameterValue])?
        if count < finished.count {
            condition = Self.condition(of: name, finished)
            comments.append(
                notes.add(
                    "'\(name)' exists in \(count) of \(finished.count) trials; "
                        + (condition == nil
                            ? "those without it cannot be imported. If that has a condition, write it: "
                                + "when: {OTHER: VALUE}"
                            : "a study does not store conditions, this one fits all of them"),
                    at: nil))
        }
        do throws(ForeignProblem) {
            var definition = try definition(union ?? last)
            if let condition {
                let values = condition.values.map(\.description)
                let text = values.count == 1 ? values[0] : ValueText.list(values)
                definition.settings.append(("when", ValueText.mapping([(condition.name, text)])))
            }
            definition.comments = comments
            return definition.line(name)
        } catch {
            problems.report("'\(name)': \(error.message)", at: nil, help: error.help)
            return nil
        }
    }

    /// The choice by which it can be told whether a trial has the parameter, and its values in those that have it; nil
    /// if there is no such choice, or more than one.
    private static func condition(
        of name: String, _ trials: [OptunaTrial]
    ) -> (name: String, values: [ParameterValue])? {
        var with: [String: Set<ParameterValue>] = [:]
        var without: [String: Set<ParameterValue>] = [:]
        // What each trial has: only a parameter of all of them can say which others they have.
        var counts: [String: Int] = [:]
        var order: [String: [ParameterValue]] = [:]
        for trial in trials {
            let hasIt = trial.parameters.contains { $0.name == name }
            for parameter in trial.parameters {
                guard case .categorical(let choices) = parameter.distribution else { continue }
                counts[parameter.name, default: 0] += 1
                order[parameter.name] = choices
                if hasIt {
                    with[parameter.name, default: []].insert(parameter.value)
                } else {
                    without[parameter.name, default: []].insert(parameter.value)
                }
            }
        }
        let deciding = counts.keys.filter { other in
            counts[other] == trials.count && (with[other] ?? []).isDisjoint(with: without[other] ?? [])
        }
        guard deciding.count == 1, let other = deciding.first, let values = with[other] else { return nil }
        return (other, (order[other] ?? []).filter(values.contains))
    }

    /// All values of several distributions; nil if they are of different kinds.
    private static func union(_ distributions: [OptunaDistribution]) -> OptunaDistribution? {
        distributions.dropFirst().reduce(distributions.first) { union, next in
            switch (union, next) {
            case (.float(let low, let high, let step, let log)?, .float(let low2, let high2, let step2, let log2)):
                let isOnGrid = step.map { step == step2 && isWhole((low - low2) / $0) } ?? false
                return .float(
                    low: min(low, low2), high: max(high, high2), step: isOnGrid ? step : nil, log: log && log2)
            case (.integer(let low, let high, let step, let log)?, .integer(let low2, let high2, let step2, let log2)):
                let (distance, isFar) = low.subtractingReportingOverflow(low2)
                let isOnGrid = step == step2 && !isFar && distance.isMultiple(of: step)
                return .integer(
                    low: min(low, low2), high: max(high, high2), step: isOnGrid ? step : 1, log: log && log2)
            case (.categorical(let values)?, .categorical(let more)):
                return .categorical(values + more.filter { !values.contains($0) })
            case (nil, _), (.float?, _), (.integer?, _), (.categorical?, _): return nil
            }
        }
    }

    /// Whether a number is whole but for rounding.
    private static func isWhole(_ number: Double) -> Bool {
        (number - number.rounded()).magnitude <= 1e-9 * max(1, number.magnitude)
    }

    private func definition(_ distribution: OptunaDistribution) throws(ForeignProblem) -> Definition {
        func real(_ number: Double) -> ForeignNumber {
            ForeignNumber(value: number, text: number.description, isInteger: false)
        }
        switch distribution {
        case .float(let low, let high, nil, let log):
            return .range(log ? "loguniform" : "uniform", low.description, high.description)
        case .float(let low, let high, let step?, _):
            return try SteppedRange(start: real(low), stop: real(high), step: real(step)).definition(.included)
        case .integer(let low, let high, let step, let log):
            var definition = Definition.range("int", String(low), String(high))
            if step != 1 { definition.settings.append(("step", String(step))) }
            if log { definition.settings.append(("log", "true")) }
            return definition
        case .categorical(let values):
            return .choice(DistinctValues(values.map { ForeignValue(value: $0, text: $0.description) }).texts)
        }
    }
}
