import Foundation
import Plots
import Testing

/// Figures as JSON for Plotly: what its layout and its colours have to say so that it draws the same.
@Suite struct PlotlyTests {
    private static func layout(_ figure: Figure) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(PlotlyFigure(figure).json.utf8)) as? [String: Any]
        return try #require(object?["layout"] as? [String: Any])
    }

    @Test func `a picture of one bar has room for it beside its margins, and bars stay where they are`() throws {
        let figure = Figure.importance([ChartImportance("a", 1)], method: "PED-ANOVA", metric: "m")
        let layout = try Self.layout(figure)
        let margin = try #require(layout["margin"] as? [String: Double])
        let height = try #require(layout["height"] as? Double)
        #expect(height - (margin["t"] ?? 0) - (margin["b"] ?? 0) == figure.height)
        #expect(margin["l"] != nil && margin["r"] != nil)
        #expect(layout["barmode"] as? String == "overlay")
    }

    @Test func `colours of a logarithmic scale are logarithms with the numbers beside them`() {
        let values: [Double?] = [1, 10, 100, 0]
        let scale = ColourScale("z", of: values, isLog: true)
        let figure = Figure(
            title: "",
            panels: [
                Panel(
                    x: Axis(), y: Axis(),
                    marks: [
                        .heatMap(HeatMap([values], scale: scale)),
                        .points(Points(x: values, y: values, shades: values, scale: scale)),
                    ])
            ])
        let json = PlotlyFigure(figure).json
        #expect(json.contains("\"color\":[0,1,2,null],\"cmin\":0,\"cmax\":2"))
        #expect(json.contains("\"z\":[[0,1,2,null]],\"zmin\":0,\"zmax\":2"))
        #expect(json.components(separatedBy: "\"tickvals\":[0,").count == 3)
        #expect(json.components(separatedBy: "\"ticktext\":[\"1\",").count == 3)
        #expect(json.contains("\"hovertext\":[[\"1\",\"10\",\"100\",\"0\"]]"))
    }

    @Test func `colours of a linear scale are the numbers`() {
        let values: [Double?] = [1, 10, nil]
        let points = Points(x: values, y: values, shades: values, scale: ColourScale("z", of: values))
        let figure = Figure(title: "", panels: [Panel(x: Axis(), y: Axis(), marks: [.points(points)])])
        let json = PlotlyFigure(figure).json
        #expect(json.contains("\"color\":[1,10,null],\"cmin\":1,\"cmax\":10") && !json.contains("tickvals"))
    }

    private static let ends: [(Axis, [Double?]?, String?)] = [
        (Axis(), nil, nil), (Axis(from: 2, to: 3), [2, 3], nil), (Axis(from: 2), [2, nil], nil),
        (Axis(to: 3), [nil, 3], nil), (Axis(kind: .log, from: 0.01, to: 100), [-2, 2], nil),
        (Axis(kind: .log, from: 0, to: 10), [nil, 1], nil), (Axis(isInverted: true), nil, "reversed"),
        (Axis(from: 2, to: 3, isInverted: true), [3, 2], nil),
        (Axis(from: 2, isInverted: true), [nil, 2], "max reversed"),
        (Axis(to: 3, isInverted: true), [3, nil], "min reversed"),
    ]

    @Test(arguments: ends)
    func `an end that is given is kept, and one that is not is null`(
        axis: Axis, range: [Double?]?, direction: String?
    ) throws {
        let points = Points(x: [2.5, 2.6], y: [1, 2])
        let layout = try Self.layout(
            Figure(title: "", panels: [Panel(x: axis, y: Axis(), marks: [.points(points)])]))
        let found = try #require(layout["xaxis"] as? [String: Any])
        let ends = (found["range"] as? [Any])?.map { $0 as? Double }
        #expect(ends == range)
        #expect(found["autorange"] as? String == direction)
    }
}
