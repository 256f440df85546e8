import ConfigFile
import Foundation
import ImportanceAnalysis
import ReportFormat
import SweepFile
import SweepModel
import SweepReport

/// One sweep as the page reads it: columns over all trials, and what was computed from them.
///
/// The same database gives the same bytes: nothing depends on the day or the machine.
///
///     let ranking = ParameterRanking(snapshot)
///     let document = SweepDocument(
///         snapshot: snapshot, ranking: ranking, model: ModelSummary(snapshot), planner: "not running")
///     document.node.compactJSON
struct SweepDocument {
    let snapshot: SweepSnapshot
    let ranking: ParameterRanking
    /// What a model of the trials says. It takes longer to compute than all the rest; without it the page lacks the
    /// plots of it.
    let model: ModelSummary?
    /// What is working on the sweep, in words.
    let planner: String
    /// The trial that is shown as the best; nil for the one with the best value.
    var choice: BestChoice?

    private var file: SweepFile { snapshot.file }
    private var record: SweepRecord { snapshot.record }
    private var trials: [TrialRecord] { snapshot.trials }

    var node: ConfigNode {
        let objectives = ObjectiveEntries(objectives: file.sweep.objectives).node(trials)
        let last = objectives.map { [ConfigEntry(key: "objectives", node: $0)] } ?? []
        return ConfigNode(.mapping(common.entries + last))
    }

    /// What every sweep has.
    private var common: ConfigNode {
        let sweep = file.sweep
        let why = WhyEntries(
            model: model, proposals: snapshot.proposals, count: trials.count)
        return .object([
            "name": .string(record.name),
            "metric": ConfigNode.object([
                "name": .string(sweep.metric.name), "goal": .string(sweep.metric.goal.rawValue),
                "rule": .string(sweep.metric.rule.rawValue),
            ]).value,
            "budget": budget.value,
            "spent": ConfigNode.object(["seconds": .number(snapshot.timeRun / .seconds(1))]).value,
            "best": choice.map { .integer($0.trial) },
            "bestWords": choice.map { .string($0.words) },
            "imported": .integer(trials.count(where: \.isImported)),
            "planner": .string(planner),
            "start": .string(snapshot.start.timestamp),
            "state": states.value,
            "value": ReportColumn.numbers(trials.map { $0.value ?? .nan }).node.value,
            "cause": causes.value,
            "origin": origins.value,
            "reason": ReportColumn.texts(zip(trials, snapshot.decisions).map(Self.reason)).node.value,
            "parameters": .sequence(
                sweep.space.parameters.map {
                    ParameterEntry(parameter: $0, file: file, optuna: snapshot.optuna[$0.name]).node(trials)
                }),
            "metrics": .sequence(metrics),
            "reports": TrialLists.reports(snapshot.reports).value,
            "attempts": TrialLists.attempts(snapshot.attempts, from: snapshot.start).value,
            "decisions": TrialLists.decisions(snapshot.decisions).value,
            "logs": TrialLists.logs(trials).value,
            "pruner": pruner.value,
            "importance": .sequence(importance),
            "dependence": why.dependence,
            "path": why.path,
            "outlook": why.outlook,
            "expectations": why.expectations,
            "proposers": why.proposers,
            "file": stored(record.file).value,
            "base": record.base.map { stored($0).value },
            "provenance": .sequence(provenance),
        ])
    }

    // MARK: Columns

    private var states: ConfigNode {
        let states: [TrialState] = [.waiting, .running, .complete, .pruned, .diverged, .failed]
        return ReportColumn.words(
            trials.map { .value(states.firstIndex(of: $0.state) ?? 0) }, states.map { ConfigNode(.string($0.rawValue)) }
        )
    }

    private var causes: ConfigNode {
        let kinds = TrialReason.Kind.allCases
        return ReportColumn.words(
            trials.map { trial in
                .value(trial.reason.flatMap { reason in kinds.firstIndex(of: reason.kind).map { $0 + 1 } } ?? 0)
            }, [ConfigNode(.null)] + kinds.map { ConfigNode(.string($0.rawValue)) })
    }

    private var origins: ConfigNode {
        let origins = ValueOrigin.allCases
        return ReportColumn.words(
            trials.map { .value(origins.firstIndex(of: $0.valueOrigin) ?? 0) },
            origins.map { ConfigNode(.string($0.rawValue)) })
    }

    /// A pruned trial's last decision says the same.
    private static func reason(_ trial: TrialRecord, _ decisions: [TrialDecision]) -> String {
        guard let reason = trial.reason else { return "" }
        if case .pruned(let words) = reason, decisions.last?.reason == words { return "" }
        return reason.description
    }

    private var metrics: [ConfigNode] {
        snapshot.metrics.map { name, last in
            .object([
                "name": .string(name),
                // Details and downloads show them with all their digits.
                "values": ReportColumn.numbers(trials.indices.map { last[$0] ?? .nan }).node.value,
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
    private var pruner: ConfigNode {
        guard file.sweep.pruning != nil else { return ConfigNode(.null) }
        let pruner = file.document.root["pruner"]
        let name = pruner?["name"]?.text ?? pruner?.text ?? "pruner"
        let steps = Set(snapshot.decisions.joined().map(\.step)).sorted()
        let rungs = steps.count <= 20 ? steps : []
        return .object([
            "name": .string(name), "rungs": .sequence(rungs.map { ConfigNode(.integer($0)) }),
        ])
    }

    // MARK: Importance

    var importance: [ConfigNode] {
        let pedANOVA = ranking.analysis
        if pedANOVA.importances.isEmpty { return [] }
        let trust = pedANOVA.isReliable ? "" : " These are too few to trust the numbers."
        var rankings: [ConfigNode] = [
            .object([
                "method": .string("PED-ANOVA"),
                "words": .string(
                    "How differently the best tenth (\(HumanText.count(pedANOVA.bestCount, "trial"))) is distributed. "
                        + "Lines: 95 % of resamples." + trust),
                "rows": .sequence(ranking.rows.map { row([("name", $0.name)], $0.share, $0.interval) }),
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
