import Foundation
import SweepModel
import SweepSearch
import SweepStore
import Tables
import TerminalDrawing

extension TrialDetail {
    private static let curveWidth = 24

    /// How many decisions are shown; `--json` has all.
    private static let maxDecisions = 20

    /// The trial for people, in paragraphs. Nothing in it can command a terminal.
    ///
    /// - Parameter columns: how wide the terminal is; nil for lines of any length.
    public func text(columns: Int? = nil) -> String {
        let fitted = FittedText(columns: columns)
        let tables = [parameters, metricTable, attemptTable].compactMap(\.self).map(fitted.table)
        let sections = [head(fitted)] + tables + [decisionText(fitted)] + logs.map { Self.log($0, fitted) }
        return sections.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private func head(_ fitted: FittedText) -> String {
        var rows = [("trial", "\(trial.number) of \(record.name)")]
        rows.append(
            ("state", [trial.state.rawValue, trial.reason?.description].compactMap(\.self).joined(separator: ": ")))
        if trial.value != nil {
            let standing = isOnFront ? ", on the front: no other trial dominates it" : rankWords
            rows.append(("value", record.objectives.values(of: trial) + standing))
            let broken = record.objectives.brokenBounds(of: trial)
            if !broken.isEmpty { rows.append(("bounds", broken)) }
        }
        if let seconds = trial.seconds(at: Date()) { rows.append(("time", HumanText.duration(seconds: seconds))) }
        if let started = trial.started { rows.append(("started", started.timestamp)) }
        if let ended = trial.ended { rows.append(("ended", ended.timestamp)) }
        rows.append(("values", provenance))
        if !reruns.isEmpty {
            rows.append(("again", "as trial \(reruns.map(String.init).joined(separator: ", "))"))
        }
        rows.append(("seed", String(trial.seed)))
        let width = 10
        // These are copied, and a terminal that breaks a line itself knows that it is one.
        let whole = [("folder", folder), ("command", shellCommand)].map { label, text in
            label.padding(toLength: width, withPad: " ", startingAt: 0) + TerminalText.line(text)
        }
        return (rows.map { fitted.row($0, $1, width: width) } + whole).joined(separator: "\n")
    }

    private var rankWords: String {
        guard let rank else { return "" }
        if rank.of == 1 { return ", the only complete trial" }
        return (rank.place == 1 ? ", the best" : ", place \(rank.place)") + " of \(rank.of) complete trials"
    }

    private var parameters: TextTable? {
        if trial.parameters.isEmpty { return nil }
        var table = TextTable(safe: [("parameter", .left), ("value", .left)])
        for (name, value) in trial.parameters { table.add(safe: [name, HumanText.value(value)]) }
        return table
    }

    private var metricTable: TextTable? {
        guard !metrics.isEmpty else { return nil }
        var table = TextTable(safe: [
            ("metric", .left), ("last", .right), ("best", .right), ("least", .right), ("greatest", .right),
            ("reports", .right), ("last step", .right), ("curve", .left),
        ])
        // The metric of the sweep is the first.
        let own = metrics.keys.filter { $0 == record.metric.name }
        let names = own + metrics.keys.filter { $0 != record.metric.name }.sorted()
        for name in names {
            guard let summary = metrics[name] else { continue }
            let best = name == record.metric.name ? summary.best(record.metric.goal) : nil
            table.add(safe: [
                name, HumanText.number(summary.last), best.map(HumanText.number) ?? "",
                summary.minimum.map(HumanText.number) ?? "", summary.maximum.map(HumanText.number) ?? "",
                String(summary.reports), String(summary.lastStep),
                summary.reports > 1 ? Sparkline.text(summary.curve, columns: Self.curveWidth) : "",
            ])
        }
        return table
    }

    private var attemptTable: TextTable? {
        guard !attempts.isEmpty else { return nil }
        var table = TextTable(safe: [
            ("attempt", .right), ("started", .left), ("time", .right), ("how it ended", .left),
        ])
        for attempt in attempts {
            table.add(safe: [
                String(attempt.number), attempt.started.timestamp,
                attempt.seconds.map(HumanText.duration(seconds:)) ?? "",
                attempt.outcome ?? (trial.state == .running ? "it runs" : "not known"),
            ])
        }
        return table
    }

    private func decisionText(_ fitted: FittedText) -> String {
        guard !decisions.isEmpty else { return "" }
        var table = TextTable(safe: [
            ("decision", .left), ("step", .right), (record.metric.name, .right), ("reason", .left),
        ])
        for decision in decisions.suffix(Self.maxDecisions) {
            table.add(safe: [
                decision.action.rawValue, String(decision.step), HumanText.number(decision.value), decision.reason,
            ])
        }
        let hidden = decisions.count - Self.maxDecisions
        let note = hidden > 0 ? "\n" + fitted.paragraph("… and \(hidden) before these, which --json has") : ""
        return fitted.table(table) + note
    }

    private static func log(_ log: (name: String, lines: [String]), _ fitted: FittedText) -> String {
        if log.lines.isEmpty { return "" }
        let lines = log.lines.map { "  " + TerminalText.line($0) }
        return fitted.paragraph(([log.name + ", the last lines"] + lines).joined(separator: "\n"), indent: 2)
    }
}
