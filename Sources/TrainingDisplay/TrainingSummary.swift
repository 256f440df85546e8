import TerminalDrawing
import Training
import TrialProtocol

/// What is said at the end of a run: its best and its last values, where it is, and what to type next.
///
///     best  epoch 7: val loss 0.0595, val accuracy 99.07 %
///     last  epoch 10: val loss 0.0631, val accuracy 98.61 %, train loss 0.0269
///     run   results/runs/digits
///     next  revmlp train configs/digits.yaml --set training.epochs=20    # goes on to 20 epochs
///           revmlp eval results/runs/digits                              # on the test images
public struct TrainingSummary: Sendable {
    /// Something to do next, and the command for it.
    public struct Step: Hashable, Sendable {
        public var purpose: String
        public var command: ShellCommand

        public init(_ purpose: String, _ words: [String]) {
            self.purpose = purpose
            command = ShellCommand(words)
        }
    }

    private let headline: StyledText
    private let folder: String
    private let best: MetricReport?
    private let last: MetricReport?
    private let steps: [Step]

    /// - Parameters:
    ///   - headline: how the run ended.
    ///   - view: what was seen of it.
    ///   - folder: where it is.
    ///   - steps: what can be done next.
    public init(_ headline: StyledText, _ view: TrainingView, folder: String, steps: [Step]) {
        self.headline = headline
        self.folder = folder
        best = view.best
        last = view.last
        self.steps = steps
    }

    /// The lines for a terminal of this width. Commands are broken so that a shell still reads them as one.
    public func lines(width: Int) -> [StyledText] {
        var lines = headline.isEmpty ? [] : headline.wrapped(to: width)
        func add(_ name: String, _ text: String, _ style: TextStyle = .plain) {
            let label = StyledText(name.padding(to: 6), .dim)
            let parts = StyledText(text, style).wrapped(to: max(1, width - 6))
            for (index, part) in parts.enumerated() {
                lines.append((index == 0 ? label : StyledText("      ")) + part)
            }
        }
        if let best { add("best", Self.values(of: best, ["val_loss", "val_accuracy"]), TextStyle(.green)) }
        if let last { add("last", Self.values(of: last, ["val_loss", "val_accuracy", "train_loss"])) }
        add("run", folder)
        return (lines + stepLines(width)).map { $0.cut(to: width) }
    }

    /// The commands, each with its purpose where there is room for that beside it.
    private func stepLines(_ width: Int) -> [StyledText] {
        guard !steps.isEmpty else { return [] }
        // A narrow terminal has no room for a margin.
        let margin = width >= 60 ? 6 : 0
        var lines: [StyledText] = []
        let commands = steps.map { TextWidth.columns(of: $0.command.text) }
        let purposes = steps.map { $0.purpose.isEmpty ? "" : "    # \($0.purpose)" }
        let fitting = zip(commands, purposes).filter { margin + $0 + TextWidth.columns(of: $1) <= width }
        let widest = fitting.map(\.0).max() ?? 0
        for (index, step) in steps.enumerated() {
            let command = step.command.lines(width: max(1, width - margin))
            for (number, text) in command.enumerated() {
                let isFirst = index == 0 && number == 0
                var line = StyledText(margin == 0 ? "" : isFirst ? "next  " : "      ", .dim)
                line += StyledText(text)
                if command.count == 1 {
                    let padded = line.padded(to: margin + widest) + StyledText(purposes[index], .dim)
                    if padded.columns <= width { line = padded }
                }
                lines.append(line)
            }
        }
        return margin == 0 ? [StyledText()] + lines : lines
    }

    private static func values(of report: MetricReport, _ names: [String]) -> String {
        let values = names.compactMap { name -> String? in
            guard let value = report[name] else { return nil }
            let text = name.hasSuffix("_accuracy") ? NumberText.percent(value) : NumberText.loss(value)
            return "\(name.replacing("_", with: " ")) \(text)"
        }
        return "epoch \(report.step ?? 0): \(values.joined(separator: ", "))"
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
