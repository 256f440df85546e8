import ConfigFile
import Foundation
import ImportanceAnalysis
import SweepModel
import Tables
import TerminalDrawing

/// How important each parameter of a sweep is, for people and for programs.
///
///     importance for val_loss, of 30 complete trials; the best tenth are 3
///
///     parameter                 share  95 % of resamples
///     optimizer.learning_rate  61.4 %  40.2 to 80.9 %      ██████████████████
public struct ImportanceListing: Sendable {
    /// Which question is asked, and its answer.
    public enum Analysis: Sendable {
        /// How the best trials differ from all.
        case pedANOVA(PedANOVA)
        /// How much of the metric's variance each parameter, and each pair of them, explains.
        case functional(FunctionalANOVA, FunctionalANOVA.Measure)
    }

    private let metric: Metric
    private let analysis: Analysis

    public init(_ analysis: Analysis, of metric: Metric) {
        self.analysis = analysis
        self.metric = metric
    }

    /// How wide the longest bar is.
    private static let barWidth = 30
    /// Pairs that explain less than this are left out of the text.
    private static let smallestInteraction = 0.01

    // MARK: For people

    /// The listing; nothing in it can command a terminal.
    ///
    /// - Parameters:
    ///   - isUnicode: whether bars may be drawn with block characters.
    ///   - columns: how wide the terminal is; nil for lines of any length.
    public func text(isUnicode: Bool, columns: Int? = nil) -> String {
        let fitted = FittedText(columns: columns)
        let bar = isUnicode ? "█" : "#"
        switch analysis {
        case .pedANOVA(let analysis): return text(of: analysis, bar, fitted)
        case .functional(let analysis, let measure): return text(of: analysis, measure, bar, fitted)
        }
    }

    private func text(of analysis: PedANOVA, _ bar: String, _ fitted: FittedText) -> String {
        if analysis.importances.isEmpty { return fitted.paragraph(tooFew(analysis.trialCount)) }
        let intervals = analysis.intervals()
        let trials = HumanText.count(analysis.trialCount, "complete trial")
        let verb = analysis.bestCount == 1 ? "is" : "are"
        var parts = [
            fitted.paragraph(
                TerminalText.line(
                    "importance for \(metric.name), of \(trials); the best tenth \(verb) \(analysis.bestCount)")),
            table(
                analysis.importances.map { ([$0.name], $0.share, intervals[$0.name] ?? $0.share...$0.share) },
                title: "95 % of resamples", bar, fitted),
        ]
        if !analysis.isReliable {
            let best = HumanText.count(analysis.bestCount, "trial")
            parts.append(
                fitted.paragraph("Only \(best) \(verb) the best tenth; from 5 on the numbers can be trusted."))
        }
        return parts.joined(separator: "\n\n")
    }

    private func text(
        of analysis: FunctionalANOVA, _ measure: FunctionalANOVA.Measure, _ bar: String, _ fitted: FittedText
    ) -> String {
        if analysis.effects.isEmpty { return fitted.paragraph(tooFew(analysis.trialCount)) }
        let title = TerminalText.line(
            "importance for \(metric.name), by functional ANOVA of \(analysis.trialCount) complete trials")
        var parts = [
            fitted.paragraph(title + (measure == .plain ? "\nover plain values, as Optuna has it" : "")),
            table(
                analysis.effects.map { ($0.names, $0.share, $0.interval) }, title: "95 % of trees", bar, fitted),
        ]
        let pairs = analysis.interactions.filter { $0.share >= Self.smallestInteraction }.prefix(10)
        if !pairs.isEmpty {
            parts.append(fitted.paragraph("what two of them explain together, and neither alone"))
            parts.append(
                table(pairs.map { ($0.names, $0.share, $0.interval) }, title: "95 % of trees", bar, fitted))
        }
        let explained = (analysis.effects + analysis.interactions).reduce(0) { $0 + $1.share }
        let words = "Alone and in pairs they explain \(Self.percent(min(1, explained))) of the variance."
        let doubt = "\nThere are fewer than ten trials for each parameter: too few to trust the numbers."
        parts.append(fitted.paragraph(words + (analysis.isReliable ? "" : doubt)))
        return parts.joined(separator: "\n\n")
    }

    private func tooFew(_ count: Int) -> String {
        count < 2
            ? "importance takes two complete trials or more, and there are \(count)"
            : "nothing can be said: the \(count) complete trials do not differ, or all have the same value"
    }

    private func table(
        _ rows: [(names: [String], share: Double, interval: ClosedRange<Double>)], title: String, _ bar: String,
        _ fitted: FittedText
    ) -> String {
        var columns: [(String, TextTable.Alignment)] = [("parameter", .left), ("share", .right), (title, .left)]
        let cells = rows.map { row in
            let (low, high) = (row.interval.lowerBound, row.interval.upperBound)
            return [
                row.names.joined(separator: " × "), Self.percent(row.share),
                "\(Self.percent(low, unit: false)) to \(Self.percent(high))",
            ]
        }
        var table = TextTable(columns)
        for row in cells { table.add(safe: row) }
        let room = Self.barRoom(beside: table, fitted.columns)
        if room == 0 { return fitted.table(table) }
        let largest = max(rows.map(\.share).max() ?? 0, 1e-300)
        columns.append(("", .left))
        var drawn = TextTable(columns)
        for (row, cells) in zip(rows, cells) {
            let length = row.share > 0.0005 ? max(1, Int((row.share / largest * Double(room)).rounded())) : 0
            drawn.add(safe: cells + [String(repeating: bar, count: length)])
        }
        return fitted.table(drawn)
    }

    /// How wide bars may be beside the numbers. They are what a narrow terminal goes without first.
    private static func barRoom(beside table: TextTable, _ columns: Int?) -> Int {
        guard let columns else { return barWidth }
        let width = table.text.split(separator: "\n").reduce(0) { max($0, TextWidth.columns(of: $1)) }
        return max(0, min(barWidth, columns - width - 2))
    }

    private static func percent(_ share: Double, unit: Bool = true) -> String {
        String(format: unit ? "%.1f %%" : "%.1f", share * 100)
    }

    // MARK: For programs

    /// `{metric, method, trials, best, reliable, parameters: [{name, importance, low, high}], interactions: […]}`.
    public var node: ConfigNode {
        func entry(_ names: [String], _ share: Double, _ interval: ClosedRange<Double>) -> ConfigNode {
            let name: ConfigNode.Value =
                names.count == 1 ? .string(names[0]) : .sequence(names.map { ConfigNode(.string($0)) })
            return .object([
                names.count == 1 ? "name" : "names": name, "importance": .number(share),
                "low": .number(interval.lowerBound), "high": .number(interval.upperBound),
            ])
        }
        switch analysis {
        case .pedANOVA(let analysis):
            let intervals = analysis.intervals()
            return .object([
                "metric": .string(metric.name), "method": .string("ped-anova"), "trials": .integer(analysis.trialCount),
                "best": .integer(analysis.bestCount), "reliable": .boolean(analysis.isReliable),
                "parameters": .sequence(
                    analysis.importances.map {
                        entry([$0.name], $0.share, intervals[$0.name] ?? $0.share...$0.share)
                    }),
            ])
        case .functional(let analysis, let measure):
            return .object([
                "metric": .string(metric.name), "method": .string("fanova"), "measure": .string(measure.rawValue),
                "trials": .integer(analysis.trialCount), "reliable": .boolean(analysis.isReliable),
                "parameters": .sequence(analysis.effects.map { entry($0.names, $0.share, $0.interval) }),
                "interactions": .sequence(analysis.interactions.map { entry($0.names, $0.share, $0.interval) }),
            ])
        }
    }
}
