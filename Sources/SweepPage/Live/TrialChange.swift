import ConfigFile
import Foundation
import ReportFormat
import SweepFile
import SweepModel
import SweepReport
import SweepStore

/// What is new of one trial, as the page takes it in: the same that the document's columns will say of it.
///
/// A key is there only if it says something new: `state` and its neighbours if something has happened to the trial,
/// `parameters` if it is a new one, `reports` if it has reported.
struct TrialChange {
    let number: Int
    private let file: SweepFile
    /// The trial as it is now, if something has happened to it.
    private var record: TrialRecord?
    private var isNew = false
    private var proposal: TrialProposal?
    private var events: [EventRecord] = []
    private var curve: SweepStore.CurveChange?
    private var metrics: [(name: String, value: Double)] = []
    private var decisions: [TrialDecision] = []

    /// Of all that has changed, in the order of trials.
    static func all(of changes: SweepStore.Changes, since trials: Int, _ file: SweepFile) -> [TrialChange] {
        var all: [Int: TrialChange] = [:]
        func change(_ trial: Int, _ body: (inout TrialChange) -> Void) {
            body(&all[trial, default: TrialChange(number: trial, file: file)])
        }
        for trial in changes.trials {
            change(trial.number) {
                $0.record = trial
                $0.isNew = trial.number >= trials
            }
        }
        for proposal in changes.proposals { change(proposal.trial) { $0.proposal = proposal } }
        for event in changes.events { if let trial = event.trial { change(trial) { $0.events.append(event) } } }
        for (trial, curve) in changes.curves { change(trial) { $0.curve = curve } }
        for (trial, metrics) in lastValues(of: changes.reports, without: file.sweep.metric.name) {
            change(trial) { $0.metrics = metrics }
        }
        for decision in changes.decisions { change(decision.trial) { $0.decisions.append(decision) } }
        return all.values.sorted { $0.number < $1.number }
    }

    private init(number: Int, file: SweepFile) {
        self.number = number
        self.file = file
    }

    /// The last values of other metrics, of the first names: whatever others there are, the page shows none behind.
    private static func lastValues(
        of reports: [MetricRecord], without own: String
    ) -> [Int: [(name: String, value: Double)]] {
        let names = Set(reports.map(\.name)).subtracting([own])
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.prefix(SweepSnapshot.maxMetrics)
        var last: [Int: [String: Double]] = [:]
        for report in reports { last[report.trial, default: [:]][report.name] = report.value }
        return last.compactMapValues { values in
            let known = names.compactMap { name in values[name].map { (name, $0) } }
            return known.isEmpty ? nil : known
        }
    }

    // MARK: JSON

    var node: ConfigNode {
        var entries = [ConfigEntry(key: "number", node: ConfigNode(.integer(number)))]
        func add(_ key: String, _ value: ConfigNode.Value) {
            entries.append(ConfigEntry(key: key, node: ConfigNode(value)))
        }
        if let record { entries += Self.stateEntries(record) }
        if let values = record.flatMap(ObjectiveEntries(objectives: file.sweep.objectives).values) {
            add("further", values)
        }
        if let record, isNew { entries += parameterEntries(record) }
        if let proposal {
            add("proposer", .string(proposal.words))
            if let value = proposal.forecast?.value {
                add("expected", Self.marks([value.mean, value.deviation, value.low, value.high]))
            }
        }
        if !metrics.isEmpty {
            add(
                "metrics",
                .mapping(metrics.map { ConfigEntry(key: $0.name, node: ConfigNode(Self.number($0.value))) }))
        }
        if let restart = curve?.restart { add("restart", .integer(restart)) }
        if let curve {
            add(
                "reports",
                .sequence(
                    curve.reports.map {
                        Self.list([.integer($0.step), Self.mark($0.value.isFinite ? $0.value : .nan)])
                    }
                ))
        }
        if !decisions.isEmpty { add("decisions", .sequence(decisions.map(Self.decision))) }
        let attempts = attempts
        if !attempts.isEmpty { add("attempts", .sequence(attempts)) }
        return ConfigNode(.mapping(entries))
    }

    private static func stateEntries(_ trial: TrialRecord) -> [ConfigEntry] {
        let log = TrialLists.log(trial)
        let node = ConfigNode.object([
            "state": .string(trial.state.rawValue), "value": trial.value.map { .number($0) },
            "cause": trial.reason.map { .string($0.kind.rawValue) },
            "reason": trial.reason.map { .string(text($0.description)) },
            "origin": .string(trial.valueOrigin.rawValue),
            "log": log.isEmpty ? nil : .string(text(log)),
        ])
        return node.entries
    }

    private func parameterEntries(_ trial: TrialRecord) -> [ConfigEntry] {
        var (values, exact, unknown): ([ConfigEntry], [ConfigEntry], [ConfigNode]) = ([], [], [])
        for parameter in file.sweep.space.parameters {
            let name = parameter.name
            switch ParameterEntry(parameter: parameter, file: file, optuna: nil).value(in: trial) {
            case .inactive: break
            case .unknown: unknown.append(ConfigNode(.string(name)))
            case .value(let value):
                values.append(ConfigEntry(key: name, node: ConfigNode(value.json)))
                if let digits = value.digits {
                    exact.append(ConfigEntry(key: name, node: ConfigNode(.string(digits))))
                }
            }
        }
        var entries = [ConfigEntry(key: "parameters", node: ConfigNode(.mapping(values)))]
        if !exact.isEmpty { entries.append(ConfigEntry(key: "exact", node: ConfigNode(.mapping(exact)))) }
        if !unknown.isEmpty { entries.append(ConfigEntry(key: "unknown", node: ConfigNode(.sequence(unknown)))) }
        return entries
    }

    private static func decision(_ decision: TrialDecision) -> ConfigNode {
        list([
            .integer(max(0, min(Int(UInt32.max), decision.step))),
            decision.rung.map { .integer(max(0, min($0, 254))) } ?? .null,
            .string(decision.action.rawValue), .string(text(decision.reason)),
        ])
    }

    /// `[started, ended, seconds, outcome]`, with times in milliseconds since 1970. An attempt that the page has been
    /// told the start of has none here.
    private var attempts: [ConfigNode] {
        var events = events
        let first = events.first { !TrialAttempt.all(in: [$0]).isEmpty || Self.endsAttempt($0) }
        let isContinued = first.map(Self.endsAttempt) ?? false
        if let first, isContinued { events.insert(EventRecord(.trialStarted, at: first.time), at: 0) }
        return TrialAttempt.all(in: events).enumerated().map { place, attempt in
            Self.list([
                place == 0 && isContinued ? .null : Self.milliseconds(attempt.started),
                attempt.ended.map(Self.milliseconds) ?? .null,
                attempt.seconds.map(Self.mark) ?? .null, .string(TrialLists.outcome(of: attempt)),
            ])
        }
    }

    private static func endsAttempt(_ event: EventRecord) -> Bool {
        let attempts = TrialAttempt.all(in: [EventRecord(.trialStarted, at: event.time), event])
        return attempts.count == 1 && attempts[0].outcome != nil
    }

    private static func list(_ values: [ConfigNode.Value]) -> ConfigNode {
        ConfigNode(.sequence(values.map { ConfigNode($0) }))
    }

    private static func milliseconds(_ time: Date) -> ConfigNode.Value {
        .number((time.timeIntervalSince1970 * 1000).rounded())
    }

    private static func marks(_ values: [Double]) -> ConfigNode.Value {
        .sequence(values.map { ConfigNode(mark($0)) })
    }

    /// A number to look at, rounded as in a column of them.
    private static func mark(_ value: Double) -> ConfigNode.Value { number(Double(ReportColumn.mark(value))) }

    /// NaN is null, and infinities, which JSON has none of, are words that JavaScript reads as numbers.
    private static func number(_ value: Double) -> ConfigNode.Value {
        if value.isNaN { return .null }
        return value.isFinite ? .number(value) : .string(value < 0 ? "-Infinity" : "Infinity")
    }

    /// As a column of texts has it.
    private static func text(_ text: String) -> String { text.replacing("\0", with: "\u{FFFD}") }
}
