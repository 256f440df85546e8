import ConfigFile
import SweepFile
import SweepModel
import SweepStore

extension TrialDetail {
    /// The trial for programs: what `trials --json` has of it, and below `details` what only `show` has.
    public var node: ConfigNode {
        let listing = TrialListing(
            metric: record.metric, objectives: record.objectives, front: isOnFront ? [trial.number] : [],
            parameterNames: record.parameterNames, trials: [trial],
            lastMetrics: [trial.number: metrics.mapValues(\.last)])
        let details = ConfigNode.object([
            "sweep": .string(record.name),
            "folder": .string(folder),
            "command": .sequence(command.map { ConfigNode(.string($0)) }),
            "seed": .integer(Int(clamping: trial.seed)),
            "values": .string(provenance),
            "reruns": .sequence(reruns.map { ConfigNode(.integer($0)) }),
            "rank": rank.map { .integer($0.place) },
            "metrics": .mapping(
                metrics.sorted { $0.key < $1.key }.map { ConfigEntry(key: $0, node: metricNode($0, $1)) }),
            "attempts": .sequence(attempts.map(\.node)),
            "decisions": .sequence(decisions.map(\.node)),
            "logs": .mapping(
                logs.map { log in
                    ConfigEntry(key: log.name, node: ConfigNode(.sequence(log.lines.map { ConfigNode(.string($0)) })))
                }),
        ])
        return ConfigNode(
            .mapping(listing.node(of: trial).entries + [ConfigEntry(key: "details", node: details)]))
    }

    private func metricNode(_ name: String, _ summary: MetricSummary) -> ConfigNode {
        .object([
            "last": .number(summary.last),
            "best": name == record.metric.name ? summary.best(record.metric.goal).map { .number($0) } : nil,
            "least": summary.minimum.map { .number($0) },
            "greatest": summary.maximum.map { .number($0) },
            "reports": .integer(summary.reports),
            "step": .integer(summary.lastStep),
        ])
    }
}

extension TrialAttempt {
    fileprivate var node: ConfigNode {
        .object([
            "attempt": .integer(number),
            "started": .string(started.timestamp),
            "ended": ended.map { .string($0.timestamp) },
            "seconds": seconds.map { .number($0) },
            "outcome": outcome.map { .string($0) },
        ])
    }
}

extension TrialDecision {
    fileprivate var node: ConfigNode {
        .object([
            "action": .string(action.rawValue),
            "attempt": .integer(attempt),
            "step": .integer(step),
            "rung": rung.map { .integer($0) },
            "value": .number(value),
            "reason": .string(reason),
            "time": .string(time.timestamp),
        ])
    }
}
