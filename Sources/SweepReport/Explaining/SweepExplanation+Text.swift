import SweepModel
import SweepSearch
import Tables
import TerminalDrawing

extension SweepExplanation {
    /// How wide the longest bar is.
    private static let barWidth = 24

    /// The bars are what a narrow terminal goes without first.
    private static func barWidth(_ columns: Int?) -> Int {
        guard let columns else { return barWidth }
        return max(0, min(barWidth, columns - 76))
    }

    /// The explanation for people, in paragraphs. Nothing in it can command a terminal.
    ///
    /// - Parameters:
    ///   - isUnicode: whether bars may be drawn with block characters.
    ///   - columns: how wide the terminal is; nil for lines of any length.
    public func text(isUnicode: Bool, columns: Int? = nil) -> String {
        let fitted = FittedText(columns: columns)
        let title = TerminalText.line("\(name): what its trials say about \(metric.name), which is to be \(goalWord)")
        guard model != nil else { return fitted.paragraph(title + "\n\n" + (reasonForNone ?? "")) }
        let words = modelWords + (recordWords.map { "\n" + $0 } ?? "")
        let parts = [
            fitted.paragraph(title + "\n" + words), pathText(isUnicode ? "█" : "#", fitted), outlookText(fitted),
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private var goalWord: String {
        switch metric.goal {
        case .minimize: "minimized"
        case .maximize: "maximized"
        }
    }

    private func pathText(_ bar: String, _ fitted: FittedText) -> String {
        guard let path else { return "" }
        var table = TextTable([
            ("changed", .left), ("from", .left), ("to", .left), ("then expected", .right), ("brings", .right),
            ("nine in ten", .left), ("", .left),
        ])
        table.add([path.start.words, "", "", HumanText.number(path.steps.startValue.mean), "", "", ""])
        let largest = path.steps.steps.map { abs($0.gain.mean) }.max() ?? 0
        var following: [String] = []
        for step in path.steps.steps {
            let share = largest > 0 ? abs(step.gain.mean) / largest : 0
            let length = Int((share * Double(Self.barWidth(fitted.columns))).rounded())
            table.add(safe: [
                step.parameter, HumanText.value(step.from), HumanText.value(step.to),
                HumanText.number(step.value.mean), HumanText.short(step.gain.mean),
                "\(HumanText.short(step.gain.low)) to \(HumanText.short(step.gain.high))",
                step.gain.mean < 0 ? "" : String(repeating: bar, count: length),
            ])
            if !step.following.isEmpty {
                following.append("\(step.parameter) takes along: \(step.following.joined(separator: ", ")).")
            }
            if !step.isFeasible { following.append("After \(step.parameter) a constraint is violated.") }
        }
        let head = TerminalText.line(
            "from \(path.start.words) to trial \(path.best), the best (\(metric.name) \(HumanText.number(path.value)))")
        let notes = following.map { "\n" + TerminalText.line($0) }.joined()
        return fitted.paragraph(head) + "\n\n" + fitted.table(table) + fitted.paragraph(notes)
    }

    private func outlookText(_ fitted: FittedText) -> String {
        let text = fitted.paragraph("when may I stop?\n" + outlookWords)
        guard let outlook else { return text }
        var table = TextTable([("more trials", .right), ("expected improvement", .right), ("nine in ten", .left)])
        for gain in outlook.gains {
            table.add([
                String(gain.trials), HumanText.short(gain.improvement.mean),
                "\(HumanText.short(gain.improvement.low)) to \(HumanText.short(gain.improvement.high))",
            ])
        }
        return text + "\n\n" + fitted.table(table)
    }
}
