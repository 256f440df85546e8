import JSONWriting
import SweepExecution
import TrialProtocol

/// What a trainer printed in place of the metric that was waited for.
///
/// This is looked for in the logs when an attempt has ended without its metric, so that lines cost nothing while it
/// runs.
///
/// A trainer that prints `{"val_los": 0.3}` where the sweep's metric is `val_loss`:
///
///     let missing = MissingMetric("val_loss", in: "/results/digits/trials/000004", output: 0, errors: 0)
///     missing.words       // "'val_loss': reported were 'val_los' (did you mean 'val_los'?)"
///     missing.log         // .output
///     missing.hint        // the same words, and "; what it printed is in trials/000004/stdout.log"
package struct MissingMetric: Sendable, Hashable {
    /// They begin with the metric's name, to follow "no metric".
    package var words: String
    /// Nil if nothing was printed at all.
    package var log: TrialLog?
    /// The trial's folder as the sweep's folder names it.
    private let folder: String

    /// The words, and where the log is; what is stored with the trial.
    package var hint: String { words + (log.map { "; what it printed is in \(folder)/\($0.fileName)" } ?? "") }

    /// - Parameters:
    ///   - directory: the trial's folder, with both logs in it.
    ///   - output, errors: how many bytes of them earlier attempts wrote.
    ///   - patterns: those of the sweep file, by which lines of text are reports.
    package init(
        _ metric: String, in directory: String, output: Int, errors: Int, patterns: [ReportPattern] = []
    ) {
        folder = directory.split(separator: "/").suffix(2).joined(separator: "/")
        let printed = PrintedLines(metric, of: .output, in: directory, from: output, patterns: patterns)
        let complained = PrintedLines(metric, of: .errors, in: directory, from: errors, patterns: patterns)
        let finding: (words: String, log: TrialLog?)
        if printed.isEmpty,
            TrialFiles.size(of: TrialLog.output.fileName, in: directory) - output > PrintedLines.maxBytes
        {
            finding = ("it printed a line of more than 1 MiB, and no such line is read as a report", .output)
        } else {
            finding = Self.finding(printed, complained, hasPatterns: !patterns.isEmpty)
        }
        words = "\(PrintedLines.quoted(metric)): \(finding.words)"
        log = finding.log
    }

    /// The most telling finding comes first: the metric's own name with something wrong about it, then other names,
    /// then no names at all. Standard error is looked at because some trainers print their results there.
    private static func finding(
        _ output: PrintedLines, _ errors: PrintedLines, hasPatterns: Bool
    ) -> (words: String, log: TrialLog?) {
        let metric = output.metric
        let advice = Self.advice(output, errors, hasPatterns: hasPatterns)
        if let other = output.other { return (other, .output) }
        if errors.names.contains(metric) {
            return (
                "it was reported on standard error, and reports are read from standard output; "
                    + "2>&1 in a shell joins the two", .errors
            )
        }
        if let mention = output.mention { return ("\(mention); \(advice)", .output) }
        if output.names.contains(metric) {
            return ("it stands in the log, and did not come through standard output", .output)
        }
        if !output.names.isEmpty {
            let shown = output.names.prefix(8).map(PrintedLines.quoted).joined(separator: ", ")
            let more = output.names.count > 8 ? " and \(output.names.count - 8) more" : ""
            let nearest =
                output.nearest.map { name in
                    name.lowercased() == metric.lowercased()
                        ? " (upper and lower case are not the same)"
                        : " (did you mean \(PrintedLines.quoted(name))?)"
                } ?? ""
            return ("reported were \(shown)\(more)\(nearest)", .output)
        }
        if let other = errors.other { return ("on standard error, \(other)", .errors) }
        if let mention = errors.mention {
            return ("on standard error, and reports are read from standard output, \(mention); \(advice)", .errors)
        }
        if output.hasStepAlone {
            return ("the reports hold no number but 'step', which says when, not what; \(advice)", .output)
        }
        guard let first = output.lines.first else {
            return ("nothing was printed; \(advice)", errors.lines.isEmpty ? nil : .errors)
        }
        let nothing =
            hasPatterns ? "'trainer.reports' reads no line of it" : "no line was a JSON object with a number"
        return ("\(nothing); the first was \(PrintedLines.excerpt(first)); \(advice)", .output)
    }

    /// What would be a report; where a line has the metric and a number, also the pattern that reads it.
    private static func advice(_ output: PrintedLines, _ errors: PrintedLines, hasPatterns: Bool) -> String {
        let metric = JSONText.quoted(output.metric)
        let general =
            hasPatterns
            ? "a pattern stands for all of its text, and {} in it for what may be anything"
            : "a report is one JSON object in one line, such as {\(metric): 0.5}"
        guard let pattern = output.pattern ?? errors.pattern else { return general }
        let place = output.pattern == nil ? ", on standard output" : ""
        return "\(general), or what 'trainer.reports' describes\(place): reports: \(JSONText.quoted(pattern.text))"
    }
}
