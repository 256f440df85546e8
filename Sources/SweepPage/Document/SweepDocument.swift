import ConfigFile
import Foundation
import ImportanceAnalysis
import SweepExchange
import SweepFile
import SweepModel
import SweepReport
import SweepSearch
import SweepStore

/// One sweep as the page reads it: columns over all trials, and what was computed from them.
///
/// The same database gives the same bytes: nothing depends on the day or the machine.
///
///     try SweepDocument(store, file, record).node().compactJSON
struct SweepDocument {
    let store: SweepStore
    let file: SweepFile
    let record: SweepRecord
    /// What is working on the sweep, in words.
    let planner: String

    /// How many other metrics are shown.
    private static let maxMetrics = 8

    /// - Throws: `SweepStoreError`, and `DiagnosticsError` if the stored sweep file is not legal.
    func node() throws -> ConfigNode {
        let sweep = file.sweep
        let decisions = Dictionary(grouping: try store.decisions(), by: \.trial)
        let limit = try reportLimit()
        var trials: [TrialRecord] = []
        var lists = TrialLists()
        _ = try store.forEachTrial(reporting: sweep.metric.name) { trial, reports in
            let decided = Set((decisions[trial.number] ?? []).map(\.step))
            lists.add(reports, limit: limit, decided: decided)
            trials.append(trial)
        }
        let events = try store.events()
        let start = events.first { $0.kind == .trialStarted || $0.kind == .trialAsked }?.time ?? record.created
        let optuna = try StudyExport(of: store, file).distributions
        let byTrial = trials.map { decisions[$0.number] ?? [] }
        return .object([
            "name": .string(record.name),
            "metric": ConfigNode.object([
                "name": .string(sweep.metric.name), "goal": .string(sweep.metric.goal.rawValue),
                "rule": .string(sweep.metric.rule.rawValue),
            ]).value,
            "budget": budget.value,
            "spent": ConfigNode.object(["seconds": .number(try store.timeRun() / .seconds(1))]).value,
            "imported": .integer(trials.count(where: \.isImported)),
            "planner": .string(planner),
            "start": .string(start.timestamp),
            "state": states(trials).node.value,
            "value": ReportColumn.numbers(trials.map { $0.value ?? .nan }).node.value,
            "cause": causes(trials).node.value,
            "origin": origins(trials).node.value,
            "reason": ReportColumn.texts(zip(trials, byTrial).map(Self.reason)).node.value,
            "parameters": .sequence(
                sweep.space.parameters.map {
                    ParameterEntry(parameter: $0, file: file, optuna: optuna[$0.name]).node(trials)
                }),
            "metrics": .sequence(try metrics(trials.count)),
            "reports": lists.reports.value,
            "attempts": TrialLists.attempts(events, count: trials.count, from: start).value,
            "decisions": TrialLists.decisions(byTrial).value,
            "logs": TrialLists.logs(trials).value,
            "pruner": pruner(byTrial).value,
            "importance": .sequence(importance(trials)),
            "file": stored(record.file).value,
            "base": record.base.map { stored($0).value },
            "provenance": .sequence(provenance),
        ])
    }

    /// About how many reports of a trial are kept; nil for all.
    private func reportLimit() throws -> Int? {
        var count = 0
        var trials = 0
        _ = try store.forEachTrial(reporting: file.sweep.metric.name) { _, reports in
            count += reports.count
            trials += 1
        }
        return count > TrialLists.maxReports ? max(2, TrialLists.maxReports / max(1, trials)) : nil
    }

    // MARK: Columns

    private func states(_ trials: [TrialRecord]) -> ReportColumn {
        let states: [TrialState] = [.waiting, .running, .complete, .pruned, .diverged, .failed]
        return .words(
            trials.map { .word(states.firstIndex(of: $0.state) ?? 0) }, states.map { ConfigNode(.string($0.rawValue)) })
    }

    private func causes(_ trials: [TrialRecord]) -> ReportColumn {
        let kinds = TrialReason.Kind.allCases
        return .words(
            trials.map { trial in
                .word(trial.reason.flatMap { reason in kinds.firstIndex(of: reason.kind).map { $0 + 1 } } ?? 0)
            }, [ConfigNode(.null)] + kinds.map { ConfigNode(.string($0.rawValue)) })
    }

    private func origins(_ trials: [TrialRecord]) -> ReportColumn {
        let origins = ["sampled", "enqueued", "imported"]
        return .words(
            trials.map { trial in
                let origin = trial.isImported ? "imported" : trial.origin.rawValue
                return .word(origins.firstIndex(of: origin) ?? 0)
            }, origins.map { ConfigNode(.string($0)) })
    }

    /// A pruned trial's last decision says the same.
    private static func reason(_ trial: TrialRecord, _ decisions: [TrialDecision]) -> String {
        guard let reason = trial.reason else { return "" }
        if case .pruned(let words) = reason, decisions.last?.reason == words { return "" }
        return reason.description
    }

    private func metrics(_ count: Int) throws -> [ConfigNode] {
        let names = try store.metricNames().filter { $0 != file.sweep.metric.name }.prefix(Self.maxMetrics)
        if names.isEmpty { return [] }
        return try names.map { name in
            let last = try store.lastValues(ofMetric: name)
            return .object([
                "name": .string(name),
                "values": ReportColumn.marks((0..<count).map { last[$0] ?? .nan }).node.value,
            ])
        }
    }

    // MARK: The sweep

    private var budget: ConfigNode {
        let budget = file.sweep.budget
        return .object([
            "trials": budget.trials.map { .integer($0) }, "seconds": budget.time.map { .number($0 / .seconds(1)) },
            "failures": budget.failures.map { .integer($0) }, "target": budget.target.map { .number($0) },
        ])
    }

    private func stored(_ file: SweepRecord.StoredFile) -> ConfigNode {
        .object(["path": .string(file.path), "text": .string(file.text)])
    }

    private var provenance: [ConfigNode] {
        var pairs = [
            ("sweep file", record.file.path), ("folder of the sweep file", record.directory),
            ("created", record.created.timestamp),
        ]
        if let base = record.base { pairs.insert(("base configuration", base.path), at: 1) }
        if let program = record.program { pairs.append(("program", program)) }
        return pairs.map { ConfigNode(.sequence([ConfigNode(.string($0.0)), ConfigNode(.string($0.1))])) }
    }

    /// The pruner's name, and the steps at which it has decided, where they are few enough to be rungs.
    private func pruner(_ decisions: [[TrialDecision]]) -> ConfigNode {
        guard file.sweep.pruning != nil else { return ConfigNode(.null) }
        let pruner = file.document.root["pruner"]
        let name = pruner?["name"]?.text ?? pruner?.text ?? "pruner"
        let steps = Set(decisions.flatMap { $0.map(\.step) }).sorted()
        let rungs = steps.count <= 20 ? steps : []
        return .object([
            "name": .string(name), "rungs": .sequence(rungs.map { ConfigNode(.integer($0)) }),
        ])
    }

    // MARK: Importance

    private func importance(_ trials: [TrialRecord]) -> [ConfigNode] {
        let pedANOVA = PedANOVA(of: trials, in: file.sweep.space, metric: file.sweep.metric)
        if pedANOVA.importances.isEmpty { return [] }
        let varying = Set(ParameterNames.varying(record.parameterNames, over: trials))
        let intervals = pedANOVA.intervals()
        let trust = pedANOVA.isReliable ? "" : " These are too few to trust the numbers."
        var rankings: [ConfigNode] = [
            .object([
                "method": .string("PED-ANOVA"),
                "words": .string(
                    "How differently the best tenth (\(pedANOVA.bestCount) trials) are distributed. "
                        + "Lines: 95 % of resamples." + trust),
                "rows": .sequence(
                    pedANOVA.importances.filter { varying.contains($0.name) }.map { importance in
                        let interval = intervals[importance.name] ?? importance.share...importance.share
                        return row([("name", importance.name)], importance.share, interval)
                    }),
            ])
        ]
        let functional = FunctionalANOVA(of: trials, in: file.sweep.space)
        if !functional.effects.isEmpty {
            rankings.append(
                .object([
                    "method": .string("functional ANOVA"),
                    "words": .string(
                        "How much of the variance of all \(functional.trialCount) complete trials each parameter "
                            + "explains alone. Lines: 95 % of the trees."),
                    "rows": .sequence(
                        functional.effects.map { row([("name", $0.names[0])], $0.share, $0.interval) }),
                    "interactions": .sequence(
                        functional.interactions.prefix(10).map {
                            row([("first", $0.names[0]), ("second", $0.names[1])], $0.share, $0.interval)
                        }),
                ]))
        }
        return rankings
    }

    private func row(
        _ names: [(key: String, name: String)], _ share: Double, _ interval: ClosedRange<Double>
    ) -> ConfigNode {
        var entries = names.map { ConfigEntry(key: $0.key, node: ConfigNode(.string($0.name))) }
        for (key, value) in [("value", share), ("low", interval.lowerBound), ("high", interval.upperBound)] {
            entries.append(ConfigEntry(key: key, node: ConfigNode(.number(value))))
        }
        return ConfigNode(.mapping(entries))
    }
}
