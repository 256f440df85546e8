/// A figure as JSON for Plotly, for people who want to restyle it in a notebook.
///
///     plotly.io.from_json(text).show()
///
/// Points on a rail are written as null, which Plotly leaves out; in parallel coordinates it draws null at
/// the foot of the axis, for which Plotly has no other way. Colours of single points are numbers with the
/// scale's own colours.
public struct PlotlyFigure: Sendable {
    private let figure: Figure

    public init(_ figure: Figure) { self.figure = figure }

    /// The JSON, an object with `data` and `layout`.
    public var json: String {
        var layout: [(String, PlotlyJSON)] = [
            ("title", .object([("text", .string(Self.plain(figure.title)))])), ("width", .number(figure.width)),
            ("height", .number(figure.height)), ("template", .string("plotly_white")),
        ]
        var traces: [PlotlyJSON] = []
        var annotations: [PlotlyJSON] = []
        var shapes: [PlotlyJSON] = []
        let columns = min(max(figure.columns, 1), max(figure.panels.count, 1))
        let rows = (figure.panels.count + columns - 1) / columns
        for (index, panel) in figure.panels.enumerated() {
            let suffix = index == 0 ? "" : "\(index + 1)"
            if let parallel = panel.parallel {
                traces.append(PlotlyTraces.parallel(parallel))
                continue
            }
            let area = Area(index: index, columns: columns, rows: rows)
            layout.append(("xaxis\(suffix)", axis(panel.x, domain: area.x, anchor: "y\(suffix)")))
            layout.append(("yaxis\(suffix)", axis(panel.y, domain: area.y, anchor: "x\(suffix)")))
            for mark in panel.marks {
                let drawn = PlotlyTraces(mark, axes: ("x\(suffix)", "y\(suffix)"), panel: panel)
                traces += drawn.traces
                shapes += drawn.shapes
            }
            if !panel.title.isEmpty {
                annotations.append(
                    .object([
                        ("text", .string(Self.plain(panel.title))), ("xref", .string("paper")),
                        ("yref", .string("paper")),
                        ("x", .number(area.x.low)), ("y", .number(area.y.high)), ("yanchor", .string("bottom")),
                        ("showarrow", .bool(false)),
                    ]))
            }
        }
        layout.append(("annotations", .array(annotations)))
        layout.append(("shapes", .array(shapes)))
        return PlotlyJSON.object([("data", .array(traces)), ("layout", .object(layout))]).text
    }

    /// The part of the whole that a panel covers, from 0 to 1, from the bottom as Plotly counts.
    private struct Area {
        let x: Extent
        let y: Extent

        init(index: Int, columns: Int, rows: Int) {
            let (width, height) = (1 / Double(columns), 1 / Double(max(rows, 1)))
            let left = Double(index % columns) * width
            let bottom = Double(rows - 1 - index / columns) * height
            x = Extent(low: left + (columns > 1 ? 0.03 : 0), high: left + width - (columns > 1 ? 0.03 : 0))
            y = Extent(low: bottom + (rows > 1 ? 0.06 : 0), high: bottom + height - (rows > 1 ? 0.04 : 0))
        }
    }

    private func axis(_ axis: Axis, domain: Extent, anchor: String) -> PlotlyJSON {
        var pairs: [(String, PlotlyJSON)] = [
            ("title", .object([("text", .string(Self.plain(axis.title)))])),
            ("domain", PlotlyJSON.numbers([domain.low, domain.high])), ("anchor", .string(anchor)),
        ]
        switch axis.kind {
        case .log: pairs.append(("type", .string("log")))
        case .linear, .time: pairs.append(("type", .string("linear")))
        case .categories(let names):
            pairs.append(("type", .string("linear")))
            pairs.append(("tickvals", PlotlyJSON.numbers(names.indices.map { Double($0) })))
            pairs.append(("ticktext", PlotlyJSON.strings(names.map(Self.plain))))
        }
        let isGiven = axis.lowest?.isFinite == true && axis.highest?.isFinite == true
        if isGiven, !axis.kind.isLog {
            let ends = axis.isInverted ? [axis.highest, axis.lowest] : [axis.lowest, axis.highest]
            pairs.append(("range", PlotlyJSON.numbers(ends)))
        } else if axis.isInverted {
            pairs.append(("autorange", .string("reversed")))
        }
        if axis.kind == .time { pairs.append(("ticksuffix", .string(" s"))) }
        return .object(pairs)
    }

    /// Plotly reads some HTML in its texts, such as links: "<" becomes an entity.
    static func plain(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
