import ConfigFile
import TrialProtocol

/// Reads `trainer.reports`: what lines of text look like that a trainer prints its numbers in, one or a list.
///
///     reports: "Epoch {step}/{}: val_loss={val_loss}"
///     reports: ["train loss {train_loss}", "val loss {val_loss}"]
struct ReportPatternsReader {
    let problems: DiagnosticCollector

    func read(_ trainer: ConfigSection) -> [ReportPattern] {
        guard let node = trainer.node("reports") else { return [] }
        let items: [ConfigNode] = if case .sequence(let items) = node.value { items } else { [node] }
        let patterns = items.compactMap(pattern)
        if items.isEmpty {
            problems.report("'trainer.reports' is an empty list", at: node.location, help: Self.example)
        } else if patterns.count == items.count, patterns.allSatisfy(\.names.isEmpty) {
            problems.report(
                "'trainer.reports' reads no number but the step", at: node.location,
                help: "another pattern of the list reads the metric: {NAME}")
        }
        return patterns
    }

    private static let example = "reports: \"epoch {step}: val_loss={val_loss}\""

    /// One pattern; nil if it is none, which is reported.
    private func pattern(_ node: ConfigNode) -> ReportPattern? {
        guard case .string(let text) = node.value else {
            problems.report(
                "'trainer.reports' must be text, found \(node.kindDescription)", at: node.location,
                help: "in quotes, as YAML has braces of its own: \(Self.example)")
            return nil
        }
        do {
            return try ReportPattern(text)
        } catch {
            problems.report("'trainer.reports' \(error.words)", at: node.location, help: error.help)
            return nil
        }
    }
}
