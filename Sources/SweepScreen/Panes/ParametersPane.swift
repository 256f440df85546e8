import Foundation
import SweepModel
import SweepReport
import SweepSearch
import TerminalDrawing

/// One parameter against the metric: a dot for each trial of the table that has a value.
struct ParametersPane {
    let state: ScreenState

    func lines(_ area: ScreenLayout.Area) -> [StyledText] {
        let names = state.table.parameters
        guard let content = state.content, !names.isEmpty else {
            return [StyledText("no parameter has more than one value yet", .dim).cut(to: area.columns)]
        }
        let place = min(state.parameter, names.count - 1)
        let name = names[place]
        let title =
            StyledText(name, .bold)
            + StyledText("  \(place + 1) of \(names.count)  ← →", .dim)
        let scale = ParameterScale(content.space?[name]?.distribution, seen: content.trials.map { $0.parameters[name] })
        var points: [(x: Double, y: Double, number: Int)] = []
        for number in state.table.order {
            guard let trial = content[number], trial.state == .complete, let value = trial.value,
                let parameter = trial.parameters[name], let x = scale.place(of: parameter)
            else { continue }
            points.append((x, value, number))
        }
        guard let x = scale.axis(points.map(\.x)),
            let y = PlotAxis(of: points.map(\.y), isLogarithmic: state.isLogarithmic)
        else {
            let words =
                points.isEmpty ? "no complete trial has a value of it" : "no value is above 0: y for a linear scale"
            return [title, StyledText(words, .dim)].map { $0.cut(to: area.columns) }
        }
        let plot = Plot(x: x, y: y, xEnds: scale.ends(x))
        let below = ScreenLayout.Area(columns: area.columns, rows: area.rows - 1)
        let best = state.overview?.best?.number
        return [title.cut(to: area.columns)]
            + plot.lines(below) { canvas in
                for point in points {
                    if let dot = plot.dot(point.x, point.y, in: canvas) { canvas.dot(dot.x, dot.y) }
                }
                // These come last, so that their colours are seen.
                for (number, color) in [(best, TextStyle.Color.green), (state.table.chosen, TextStyle.Color.yellow)] {
                    guard let point = points.first(where: { $0.number == number }) else { continue }
                    plot.spot(point.x, point.y, color, in: &canvas)
                }
            }
    }
}

/// Where the values of a parameter are on an axis: numbers at their place, choices one beside the other.
struct ParameterScale {
    private let choices: [ParameterValue]?
    private let isLogarithmic: Bool

    /// - Parameters:
    ///   - distribution: nil if it is not known; the values then decide.
    ///   - seen: the values of trials.
    init(_ distribution: Distribution?, seen: [ParameterValue?]) {
        switch distribution {
        case .choice(let values, _), .ordinal(let values): (choices, isLogarithmic) = (values, false)
        case .integer(_, _, _, let log): (choices, isLogarithmic) = (nil, log)
        case .real(let axis, _, _), .quantized(let axis, _, _, _):
            switch axis {
            case .linear, .normal: (choices, isLogarithmic) = (nil, false)
            case .logarithmic, .logNormal: (choices, isLogarithmic) = (nil, true)
            }
        case nil:
            var found: [ParameterValue] = []
            let values = seen.compactMap(\.self)
            isLogarithmic = false
            if values.allSatisfy({ $0.asNumber != nil }) {
                choices = nil
            } else {
                for value in values where !found.contains(value) && found.count < 100 { found.append(value) }
                choices = found
            }
        }
    }

    /// Nil for a value that is no number or none of the choices.
    func place(of value: ParameterValue) -> Double? {
        guard let choices else { return value.asNumber }
        return choices.firstIndex { $0.matches(value) }.map(Double.init)
    }

    func axis(_ places: [Double]) -> PlotAxis? {
        guard let choices else { return PlotAxis(of: places, isLogarithmic: isLogarithmic) }
        return places.isEmpty ? nil : PlotAxis(of: [0, Double(max(0, choices.count - 1))])
    }

    /// What is written at the ends: for choices the first and the last.
    func ends(_ axis: PlotAxis) -> (String, String) {
        guard let choices, let first = choices.first, let last = choices.last else {
            return (HumanText.number(axis.minimum), HumanText.number(axis.maximum))
        }
        if choices.count == 1 { return (HumanText.value(first), "") }
        let between = choices.dropFirst().dropLast().map(HumanText.value)
        let start = [HumanText.value(first)] + between
        return (start.joined(separator: " · "), HumanText.value(last))
    }
}
