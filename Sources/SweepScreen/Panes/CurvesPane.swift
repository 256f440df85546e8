import Foundation
import SweepReport
import TerminalDrawing

/// The values of the metric over the steps, for the trials that are marked or the one under the cursor.
struct CurvesPane {
    let state: ScreenState

    private static let colors: [TextStyle.Color] = [.cyan, .yellow, .green, .magenta, .red, .blue]

    /// The colour of the n-th marked trial.
    static func color(_ place: Int) -> TextStyle.Color { colors[place % colors.count] }

    func lines(_ area: ScreenLayout.Area) -> [StyledText] {
        let numbers = state.curveTrials
        let curves = numbers.enumerated().map { place, number in
            (number: number, color: Self.color(place), points: state.curves[number]?.points ?? [])
        }
        var legend = StyledText()
        for curve in curves {
            let last = curve.points.last.map { " \(HumanText.number($0.value))" } ?? ""
            let part = StyledText("• \(curve.number)", TextStyle(curve.color)) + StyledText(last)
            legend = .joined([legend, part])
        }
        let values = curves.flatMap { $0.points.map(\.value) }
        guard let x = PlotAxis(of: curves.flatMap { $0.points.map { Double($0.step) } }),
            let y = PlotAxis(of: values, isLogarithmic: state.isLogarithmic)
        else {
            let isHidden = state.isLogarithmic && values.contains { $0.isFinite }
            let words =
                numbers.isEmpty
                ? "no trial is chosen"
                : isHidden ? "no value is above 0: y for a linear scale" : "nothing has been reported"
            return [legend, StyledText(words, .dim)].filter { !$0.isEmpty }.map { $0.cut(to: area.columns) }
        }
        let plot = Plot(x: x, y: y, xEnds: ("step \(HumanText.number(x.minimum))", HumanText.number(x.maximum)))
        let below = ScreenLayout.Area(columns: area.columns, rows: area.rows - 1)
        return [legend.cut(to: area.columns)]
            + plot.lines(below) { canvas in
                for curve in curves {
                    var former: (x: Int, y: Int)?
                    for point in curve.points {
                        let dot = plot.dot(Double(point.step), point.value, in: canvas)
                        if let dot { canvas.line(from: former ?? dot, to: dot, curve.color) }
                        former = dot
                    }
                }
            }
    }
}
