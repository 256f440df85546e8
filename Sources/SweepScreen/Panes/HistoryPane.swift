import Foundation
import SweepModel
import SweepReport
import TerminalDrawing

/// How the best value came about: a dot for each complete trial in the order of their numbers, and a line for the best
/// so far.
struct HistoryPane {
    let state: ScreenState

    func lines(_ area: ScreenLayout.Area) -> [StyledText] {
        guard let content = state.content else { return [] }
        let metric = content.metric
        var points: [(number: Int, value: Double)] = []
        var bests: [(number: Int, value: Double)] = []
        for trial in content.trials where trial.state == .complete {
            guard let value = trial.value else { continue }
            points.append((trial.number, value))
            guard content.objectives.keepsBounds(trial) else { continue }
            if bests.last.map({ metric.isBetter((trial.number, value), than: $0) }) ?? true {
                bests.append((trial.number, value))
            }
        }
        guard let last = bests.last, let x = PlotAxis(of: [0, Double(max(1, content.trials.count - 1))]) else {
            let what = points.isEmpty ? "is complete" : "keeps the bounds"
            return [StyledText("no trial \(what) yet", .dim).cut(to: area.columns)]
        }
        guard let y = PlotAxis(of: points.map(\.value), isLogarithmic: state.isLogarithmic) else {
            return [StyledText("no value is above 0: y for a linear scale", .dim).cut(to: area.columns)]
        }
        let since = HumanText.count(content.trials.count - 1 - last.number, "trial")
        let title =
            StyledText("★ \(HumanText.number(last.value))", TextStyle(.green))
            + StyledText(" in trial \(last.number), the best since \(since); ")
            + StyledText("\(bests.count) improvement\(bests.count == 1 ? "" : "s")", .dim)
        let plot = Plot(x: x, y: y, xEnds: ("trial 0", HumanText.number(x.maximum)))
        let below = ScreenLayout.Area(columns: area.columns, rows: area.rows - 1)
        return [title.cut(to: area.columns)]
            + plot.lines(below) { canvas in
                for point in points {
                    if let dot = plot.dot(Double(point.number), point.value, in: canvas) { canvas.dot(dot.x, dot.y) }
                }
                let ends = bests.dropFirst().map { Double($0.number) } + [x.maximum]
                for (best, end) in zip(bests, ends) {
                    guard let start = plot.dot(Double(best.number), best.value, in: canvas),
                        let stop = plot.dot(end, best.value, in: canvas)
                    else { continue }
                    canvas.line(from: start, to: stop, .green)
                }
            }
    }
}
