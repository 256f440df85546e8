import ConfigFile
import SweepModel

/// Reads `retry`: which failed trials are run again, and how often.
///
///     retry: {attempts: 3, on: [crash, timeout], backoff: 30s}    # at most three runs, after waits of 30 and 60 s
///
/// Without the section there is one attempt, and no trial is run again for its failure.
struct RetryReader {
    let problems: DiagnosticCollector

    /// Without `on`, crashes and timeouts are retried: the causes that often lie in the machine and not in the values.
    func read(_ file: ConfigSection) -> Retry {
        let section = file.section("retry", help: "retry: {attempts: 3}")
        section.explain(ForeignKeys.retry)
        let attempts = section.integer("attempts", in: 1...100) ?? 1
        var causes: [Retry.Cause] = [.crash, .timeout]
        if let node = section.node("on") {
            causes = []
            if case .sequence(let items) = node.value {
                causes = items.compactMap { cause($0, in: section) }
            } else {
                problems.report(
                    "'retry.on' must be a list, found \(node.kindDescription)", at: node.location,
                    help: "on: [crash, timeout]")
            }
        }
        return Retry(attempts: attempts, causes: causes, backoff: section.duration("backoff"))
    }

    /// One element of `on`; nil if it is not a cause, which is reported.
    private func cause(_ item: ConfigNode, in section: ConfigSection) -> Retry.Cause? {
        let names = Retry.Cause.allCases.map(\.rawValue)
        guard case .string(let text) = item.value else {
            problems.report(
                "an element of 'retry.on' must be a string, found \(item.kindDescription)", at: item.location,
                help: "known are \(names.joined(separator: ", "))")
            return nil
        }
        if let cause = Retry.Cause(rawValue: text) { return cause }
        section.reportUnknownName(text, of: "retry.on", among: names, at: item.location)
        return nil
    }
}
