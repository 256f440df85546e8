import Foundation
import SweepReport
import TerminalDrawing

/// A plot of dots with its scales: the values at the left, what they depend on below.
struct Plot {
    var x: PlotAxis
    var y: PlotAxis
    /// What is written below at the left and the right; the ends of the axis by default.
    var xEnds: (String, String)?

    /// How many columns the values at the left may take.
    private static let maxLabel = 10

    /// - Parameter draw: puts the dots into a picture.
    func lines(_ area: ScreenLayout.Area, draw: (inout BrailleCanvas) -> Void) -> [StyledText] {
        if area.rows <= 0 || area.columns <= 0 { return [] }
        let labels = [y.maximum, y.minimum].map(HumanText.number)
        let width = min(Self.maxLabel, labels.map(\.count).max() ?? 0)
        let hasLabels = area.columns >= width + 10
        let hasScale = area.rows >= 3
        let left = hasLabels ? width + 1 : 0
        let rows = hasScale ? area.rows - 1 : area.rows
        var canvas = BrailleCanvas(columns: area.columns - left, rows: rows)
        draw(&canvas)
        var lines = canvas.lines
        if hasLabels {
            for row in lines.indices {
                let label = row == 0 ? labels[0] : row == lines.count - 1 && row > 0 ? labels[1] : ""
                lines[row] =
                    StyledText(label, .dim).cut(to: width).padded(to: width, .right) + StyledText("│", .dim)
                    + lines[row]
            }
        }
        if hasScale {
            let (low, high) = xEnds ?? (HumanText.number(x.minimum), HumanText.number(x.maximum))
            let room = max(0, area.columns - left)
            let right = StyledText(high, .dim).cut(to: room)
            let start = StyledText(low, .dim).cut(to: max(0, room - right.columns - 1))
            let scale = start.padded(to: room - right.columns) + right
            lines.append(StyledText(String(repeating: " ", count: left)) + scale)
        }
        return lines
    }

    /// The dot of a point; nil if it is beyond the scales.
    func dot(_ xValue: Double, _ yValue: Double, in canvas: BrailleCanvas) -> (x: Int, y: Int)? {
        guard let column = x.position(of: xValue, dots: canvas.width),
            let row = y.position(of: yValue, dots: canvas.height)
        else { return nil }
        return (column, row)
    }

    /// A dot with its neighbours, to be seen among others.
    func spot(_ xValue: Double, _ yValue: Double, _ color: TextStyle.Color, in canvas: inout BrailleCanvas) {
        guard let center = dot(xValue, yValue, in: canvas) else { return }
        for (right, up) in [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)] {
            canvas.dot(center.x + right, center.y + up, color)
        }
    }
}
