import Foundation
import SweepModel
import SweepSearch

/// The trials of a study of Optuna's, as they may become history of a sweep.
///
/// | Optuna's | ours |
/// |---|---|
/// | COMPLETE | complete with its value; diverged if that is infinite |
/// | PRUNED | pruned; its value is that of its reports by the sweep's rule |
/// | FAIL, RUNNING, WAITING | not imported; but what revsweep exported as diverged is diverged again |
struct PastStudy {
    private(set) var trials: [PastTrial] = []
    private(set) var notes: [String] = []

    /// - Throws: `ExchangeError` if the study optimizes in the other direction, or has several objectives of which none
    ///   is the sweep's metric.
    init(_ study: OptunaStudy, in path: String, for sweep: Sweep) throws(ExchangeError) {
        let metric = sweep.metric
        // Where several have no names, `revsweep convert` calls them by their places, as Optuna's tables do.
        let areUnnamed = study.metricNames.isEmpty && study.directions.count > 1
        let names = areUnnamed ? study.directions.indices.map { "value_\($0)" } : study.metricNames
        var objective = 0
        if study.directions.count > 1 {
            guard let place = names.firstIndex(of: metric.name), place < study.directions.count else {
                let list = areUnnamed ? "have no names" : "are \(names.joined(separator: ", "))"
                throw ExchangeError(
                    path, "the study '\(study.name)' has \(study.directions.count) objectives, which \(list)",
                    help: "the sweep's metric, '\(metric.name)', must be one of them: study.set_metric_names([…])"
                        + (areUnnamed ? ", or \(names.joined(separator: ", ")) in the sweep" : ""))
            }
            objective = place
        } else if let name = names.first, name != metric.name {
            notes.append("the study calls its metric '\(name)'; it is taken for the sweep's '\(metric.name)'")
        }
        let wanted = metric.goal == .maximize ? OptunaStudy.Direction.maximize : .minimize
        if study.directions[objective] != .notSet, study.directions[objective] != wanted {
            throw ExchangeError(
                path,
                "the study '\(study.name)' is to \(study.directions[objective]), "
                    + "and the sweep is to \(metric.goal) '\(metric.name)'",
                help: "values of the one say nothing about the other")
        }
        for other in sweep.objectives.metrics.dropFirst() {
            guard let place = names.firstIndex(of: other.name), study.directions.indices.contains(place) else {
                continue
            }
            let wanted = other.goal == .maximize ? OptunaStudy.Direction.maximize : .minimize
            if study.directions[place] != .notSet, study.directions[place] != wanted {
                throw ExchangeError(
                    path,
                    "the study '\(study.name)' is to \(study.directions[place]) '\(other.name)', and the sweep is to "
                        + "\(other.goal) it",
                    help: "values of the one say nothing about the other")
            }
        }
        trials = study.trials.map { trial in
            Self.trial(trial, objective, names, hasReports: study.directions.count == 1, of: study.name, for: sweep)
        }
    }

    /// The values of the other metrics that the sweep optimizes or bounds: among the objectives of the study, or among
    /// what revsweep has stored of its own trials.
    private static func further(_ trial: OptunaTrial, _ names: [String], of sweep: Sweep) -> [String: Double] {
        var values: [String: Double] = [:]
        for metric in sweep.objectives.further {
            if let place = names.firstIndex(of: metric.name), trial.values.indices.contains(place) {
                values[metric.name] = trial.values[place]
            } else if case .mapping(let entries)? = trial.userAttributes["revsweep:metrics"] {
                values[metric.name] = entries.first { $0.key == metric.name }?.value.asNumber
            }
        }
        return values
    }

    private static func trial(
        _ trial: OptunaTrial, _ objective: Int, _ names: [String], hasReports: Bool, of study: String, for sweep: Sweep
    ) -> PastTrial {
        let value = trial.values.indices.contains(objective) ? trial.values[objective] : nil
        let reason = trial.userAttributes["revsweep:reason"]?.asText
        var past = PastTrial(number: trial.number, state: .failed)
        switch trial.state {
        case .complete where value?.isFinite ?? true:
            past.state = .complete
            past.value = value
            past.further = further(trial, names, of: sweep)
        case .complete: past.state = .diverged
        case .pruned:
            past.state = .pruned
            let reported = trial.reports.map(\.value).filter(\.isFinite)
            past.value = (hasReports ? sweep.metric.value(of: reported) : nil) ?? value
            past.reason = .pruned(reason ?? "pruned in the study '\(study)'")
        case .fail where trial.userAttributes["revsweep:state"] == "diverged": past.state = .diverged
        case .fail: break
        case .running: past.state = .running
        case .waiting: past.state = .waiting
        }
        if hasReports { past.reports = trial.reports.map { .init(step: $0.step, value: $0.value) } }
        for parameter in trial.parameters {
            let name = sweep.parameterName(parameter.name) ?? parameter.name
            past.parameters[name] = sweep.space[name]?.distribution.value(of: parameter.value) ?? parameter.value
        }
        past.attempt = trial.userAttributes["revsweep:attempts"]?.asWhole ?? 1
        (past.started, past.ended) = (trial.started, trial.ended)
        past.seconds =
            trial.userAttributes["revsweep:seconds"]?.asNumber
            ?? trial.started.flatMap { start in trial.ended.map { $0.timeIntervalSince(start) } }
        return past
    }
}
