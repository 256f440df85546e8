import Foundation
import SweepModel
import SweepSearch
import Tables
import TerminalDrawing

extension TrialExplanation {
    /// How many other trials are named beside a decision; `--json` has all.
    private static let maxOthers = 5
    /// How many decisions are shown; `--json` has all.
    private static let maxDecisions = 20

    /// The explanation for people, in paragraphs. Nothing in it can command a terminal.
    ///
    /// - Parameter columns: how wide the terminal is; nil for lines of any length.
    public func text(columns: Int? = nil) -> String {
        let fitted = FittedText(columns: columns)
        return [head(fitted), decisionText(fitted), neighbourText(fitted), attemptText(fitted)]
            .filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private func head(_ fitted: FittedText) -> String {
        var rows = [("trial", "\(trial.number) of \(record.name)")]
        rows.append(
            ("state", [trial.state.rawValue, trial.reason?.description].compactMap(\.self).joined(separator: ": ")))
        rows.append(("proposed", proposalWords))
        if let forecast = proposal?.forecast {
            let value = forecast.value
            rows.append(
                (
                    "expected",
                    "\(record.metric.name) \(HumanText.number(value.mean)) ± \(HumanText.short(value.deviation)); nine "
                        + "of ten such trials \(HumanText.number(value.low)) to \(HumanText.number(value.high))"
                ))
            rows.append(("hoped for", "an improvement of \(HumanText.short(forecast.improvement)) on average"))
        }
        if let ratio = proposal?.logRatio {
            let times = HumanText.short(Foundation.exp(min(abs(ratio), 700)))
            let likelier = "\(times) times \(ratio < 0 ? "less" : "more") likely"
            let words = "\(likelier) among the good trials than among the others"
            rows.append(("expected", "\(words) (log \(HumanText.short(ratio)))"))
        }
        if let outcome = outcomeWords { rows.append(("came of it", outcome)) }
        return rows.map { fitted.row($0, $1) }.joined(separator: "\n")
    }

    /// What came of it, beside what was expected.
    private var outcomeWords: String? {
        let value = trial.value.map { "\(record.metric.name) \(HumanText.number($0))" }
        switch trial.state {
        case .waiting, .running: return "it has not ended"
        case .failed, .diverged: return "no value"
        case .pruned:
            return (value.map { $0 + " when it was pruned" } ?? "it was pruned")
                + ", which cannot be compared with a final value"
        case .complete:
            guard let surprise else { return value }
            let side = surprise.deviations < 0 ? "worse" : "better"
            return (value ?? "")
                + (surprise.isInside ? ", within what was expected: " : ", not what was expected: ")
                + "\(HumanText.short(abs(surprise.deviations))) standard deviations \(side) than the mean"
        }
    }

    private func decisionText(_ fitted: FittedText) -> String {
        if comparisons.isEmpty { return "" }
        var table = TextTable(safe: [
            ("decision", .left), ("step", .right), (record.metric.name, .right), ("reason", .left),
            ("the best of the others there", .left),
        ])
        for comparison in comparisons.suffix(Self.maxDecisions) {
            let decision = comparison.decision
            let others = comparison.others.prefix(Self.maxOthers).map { "\($0.trial): \(HumanText.number($0.value))" }
            let rest = comparison.others.count - Self.maxOthers
            table.add(safe: [
                decision.action.rawValue, String(decision.step), HumanText.number(decision.value),
                HumanText.rounded(decision.reason),
                others.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : ""),
            ])
        }
        let hidden = comparisons.count - Self.maxDecisions
        return fitted.table(table) + (hidden > 0 ? "\n… and \(hidden) before these, which --json has" : "")
    }

    private func neighbourText(_ fitted: FittedText) -> String {
        if neighbours.isEmpty { return "" }
        var table = TextTable(safe: [
            ("neighbour", .right), ("distance", .right), ("state", .left), (record.metric.name, .right),
            ("what is different there", .left),
        ])
        for neighbour in neighbours {
            let differing = neighbour.differing.map { difference in
                "\(difference.parameter) \(difference.there.map(HumanText.value) ?? "inactive")"
            }
            table.add(safe: [
                String(neighbour.trial.number), String(format: "%.3f", neighbour.distance),
                neighbour.trial.state.rawValue, neighbour.trial.value.map(HumanText.number) ?? "",
                differing.isEmpty ? "nothing" : differing.joined(separator: ", "),
            ])
        }
        return fitted.table(table)
    }

    private func attemptText(_ fitted: FittedText) -> String {
        if attempts.isEmpty { return trial.isImported ? "" : "It has not been started." }
        var table = TextTable(safe: [("attempt", .right), ("time", .right), ("how it ended", .left)])
        for attempt in attempts {
            table.add(safe: [
                String(attempt.number), attempt.seconds.map(HumanText.duration(seconds:)) ?? "",
                attempt.outcome ?? (trial.state == .running ? "it runs" : "not known"),
            ])
        }
        return fitted.table(table)
    }
}
