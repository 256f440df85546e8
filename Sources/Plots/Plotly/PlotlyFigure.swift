/// A figure as JSON for Plotly, for people who want to restyle it in a notebook.
///
///     plotly.io.from_json(text).show()
///
/// Points on a rail are written as null, which Plotly leaves out; in parallel coordinates it draws null at
/// the foot of the axis, for which Plotly has no other way. Colours of single points are numbers with the
/// scale's own colours; those of a logarithmic scale are logarithms, with the numbers beside the bar of colours.
public struct PlotlyFigure: Sendable {
    private let figure: Figure

    public init(_ figure: Figure) { self.figure = figure }

    /// The room for titles and for the texts of the axes, in pixels.
    private static let margin = (left: 80.0, right: 80.0, top: 60.0, bottom: 60.0)

    /// The JSON, an object with `data` and `layout`.
    ///
    /// The margin is added to the figure's height, which would leave a picture of few bars a pixel for each. Bars stand
    /// where they are told to, over others if need be: Plotly would move those of several traces apart.
    public var json: String {
        let height = figure.height + Self.margin.top + Self.margin.bottom
        let margin = PlotlyJSON.object([
            ("l", .number(Self.margin.left)), ("r", .number(Self.margin.right)), ("t", .number(Self.margin.top)),
            ("b", .number(Self.margin.bottom)),
        ])
        var layout: [(String, PlotlyJSON)] = [
            ("title", .object([("text", .string(Self.plain(figure.title)))])), ("width", .number(figure.width)),
            ("height", .number(height)), ("margin", margin), ("barmode", .string("overlay")),
            ("template", .string("plotly_white")),
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
        let low = Self.end(axis.lowest, axis.kind)
        let high = Self.end(axis.highest, axis.kind)
        // An end that is null follows from the data.
        if low != nil || high != nil {
            pairs.append(("range", PlotlyJSON.numbers(axis.isInverted ? [high, low] : [low, high])))
        }
        if axis.isInverted, low == nil || high == nil {
            let isWhole = low == nil && high == nil
            pairs.append(
                ("autorange", .string(isWhole ? "reversed" : low == nil ? "min reversed" : "max reversed")))
        }
        if axis.kind == .time { pairs.append(("ticksuffix", .string(" s"))) }
        return .object(pairs)
    }

    /// An end of an axis as Plotly has it, which is a logarithm on a logarithmic axis.
    private static func end(_ value: Double?, _ kind: Axis.Kind) -> Double? {
        guard let value, value.isFinite else { return nil }
        if kind.isLog { return value > 0 ? logarithm(value) : nil }
        return value
    }

    /// Plotly reads some HTML in its texts, such as links: "<" becomes an entity.
    static func plain(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
