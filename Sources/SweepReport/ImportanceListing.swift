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
        case pedANOVA(PedANOVA)
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
    /// - Parameter isUnicode: whether bars may be drawn with block characters.
    public func text(isUnicode: Bool) -> String {
        let bar = isUnicode ? "█" : "#"
        let name = TerminalText.line(metric.name)
        switch analysis {
        case .pedANOVA(let analysis):
            if analysis.importances.isEmpty { return tooFew(analysis.trialCount) }
            let intervals = analysis.intervals()
            var text =
                "importance for \(name), of \(HumanText.count(analysis.trialCount, "complete trial")); the best tenth "
                + "\(analysis.bestCount == 1 ? "is" : "are") \(analysis.bestCount)\n\n"
            text += table(
                analysis.importances.map { ([$0.name], $0.share, intervals[$0.name] ?? $0.share...$0.share) },
                title: "95 % of resamples", bar: bar)
            if !analysis.isReliable {
                let best =
                    HumanText.count(analysis.bestCount, "trial") + (analysis.bestCount == 1 ? " is" : " are")
                text += "\n\nOnly \(best) the best tenth; from 5 on the numbers can be trusted."
            }
            return text
        case .functional(let analysis, let measure):
            if analysis.effects.isEmpty { return tooFew(analysis.trialCount) }
            var text =
                "importance for \(name), by functional ANOVA of \(analysis.trialCount) complete trials\n"
                + (measure == .plain ? "over plain values, as Optuna has it\n\n" : "\n")
            text += table(
                analysis.effects.map { ($0.names, $0.share, $0.interval) }, title: "95 % of trees", bar: bar)
            let pairs = analysis.interactions.filter { $0.share >= Self.smallestInteraction }.prefix(10)
            if !pairs.isEmpty {
                text += "\n\nwhat two of them explain together, and neither alone\n\n"
                text += table(pairs.map { ($0.names, $0.share, $0.interval) }, title: "95 % of trees", bar: bar)
            }
            let explained = (analysis.effects + analysis.interactions).reduce(0) { $0 + $1.share }
            text += "\n\nAlone and in pairs they explain \(Self.percent(min(1, explained))) of the variance."
            if !analysis.isReliable {
                text += "\nThere are fewer than ten trials for each parameter: too few to trust the numbers."
            }
            return text
        }
    }

    private func tooFew(_ count: Int) -> String {
        count < 2
            ? "importance takes two complete trials or more, and there are \(count)"
            : "nothing can be said: the \(count) complete trials do not differ, or all have the same value"
    }

    private func table(
        _ rows: [(names: [String], share: Double, interval: ClosedRange<Double>)], title: String, bar: String
    ) -> String {
        var table = TextTable([("parameter", .left), ("share", .right), (title, .left), ("", .left)])
        let largest = max(rows.map(\.share).max() ?? 0, 1e-300)
        for row in rows {
            let length = row.share > 0.0005 ? max(1, Int((row.share / largest * Double(Self.barWidth)).rounded())) : 0
            let (low, high) = (row.interval.lowerBound, row.interval.upperBound)
            table.add(safe: [
                row.names.joined(separator: " × "), Self.percent(row.share),
                "\(Self.percent(low, unit: false)) to \(Self.percent(high))", String(repeating: bar, count: length),
            ])
        }
        return table.text
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
