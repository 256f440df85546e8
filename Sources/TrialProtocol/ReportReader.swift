/// Reads the reports in the lines of one attempt: those of JSON, and those of text that patterns describe.
///
///     var reader = ReportReader([try ReportPattern("Epoch {step}/"), try ReportPattern("val_loss: {val_loss}")])
///     reader.report(in: "Epoch 3/10".utf8)                             // nil; the step is for what follows
///     reader.report(in: "1875/1875 - loss: 0.3 - val_loss: 0.4".utf8)  // step 3, val_loss 0.4
///
/// The report of a line has the numbers of its JSON object and those of all patterns that are in it; of equal names the
/// object's counts, then that of the first pattern. A step that stands alone in a line is that of the reports after it
/// which have none.
public struct ReportReader: Sendable {
    private let patterns: [ReportPattern]
    /// The last step that stood alone in a line.
    private var step: Int?

    public init(_ patterns: [ReportPattern]) { self.patterns = patterns }

    /// The report in the next line, given without its line end; nil if it is ordinary log output.
    public mutating func report(in line: some BidirectionalCollection<UInt8>) -> MetricReport? {
        let object = MetricReport(line: line)
        if patterns.isEmpty { return object }
        let text = ReportLine.shown(of: line)
        var report = object ?? MetricReport(metrics: [])
        for found in patterns.compactMap({ $0.report(in: text) }) {
            report.step = report.step ?? found.step
            report.hasUnusableStep = report.step == nil && (report.hasUnusableStep || found.hasUnusableStep)
            report.metrics += found.metrics.filter { report[$0.name] == nil }
        }
        if report.metrics.isEmpty {
            step = report.step ?? step
            return nil
        }
        if report.step == nil, !report.hasUnusableStep { report.step = step }
        return report
    }
}
