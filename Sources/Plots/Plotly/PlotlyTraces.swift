/// One mark as Plotly's traces: scatter, bar, heatmap or parcoords.
struct PlotlyTraces {
    private(set) var traces: [PlotlyJSON] = []
    private(set) var shapes: [PlotlyJSON] = []
    private let axes: (x: String, y: String)

    init(_ mark: Mark, axes: (String, String), panel: Panel) {
        self.axes = axes
        switch mark {
        case .points(let points): add(points)
        case .line(let line): add(line)
        case .band(let band): add(band)
        case .bars(let bars): add(bars)
        case .heatMap(let map): add(map)
        case .intervals(let intervals): add(intervals)
        case .rule(let rule): add(rule)
        case .labels(let labels): add(labels)
        }
    }

    private mutating func trace(_ type: String, _ name: String?, _ more: [(String, PlotlyJSON)]) {
        var pairs: [(String, PlotlyJSON)] = [("type", .string(type))]
        if let name { pairs.append(("name", .string(PlotlyFigure.plain(name)))) }
        pairs += [("showlegend", .bool(name != nil)), ("xaxis", .string(axes.x)), ("yaxis", .string(axes.y))]
        traces.append(.object(pairs + more))
    }

    private mutating func add(_ points: Points) {
        var marker: [(String, PlotlyJSON)] = [
            ("size", .number(points.size)), ("symbol", .string(Self.symbol(points.symbol))),
        ]
        if let scale = points.scale {
            marker.append(("color", Self.shades(points.shades, scale)))
            marker += Self.colours(scale)
        } else {
            marker.append(("color", .string(points.paint.plotly)))
        }
        var more: [(String, PlotlyJSON)] = [
            ("mode", .string("markers")), ("x", PlotlyJSON.numbers(points.x)), ("y", PlotlyJSON.numbers(points.y)),
            ("marker", .object(marker)),
        ]
        if !points.texts.isEmpty {
            more.append(("text", PlotlyJSON.strings(points.texts.map(PlotlyFigure.plain))))
            more.append(("hoverinfo", .string("text")))
        }
        trace("scatter", points.name, more)
    }

    private mutating func add(_ labels: Labels) {
        var more: [(String, PlotlyJSON)] = [
            ("mode", .string("text")), ("x", PlotlyJSON.numbers(labels.x)), ("y", PlotlyJSON.numbers(labels.y)),
            ("text", PlotlyJSON.strings(labels.texts.map(PlotlyFigure.plain))),
        ]
        if case .corner(let isLeft, let isBelow) = labels.side {
            more.append(
                ("textposition", .string("\(isBelow ? "bottom" : "top") \(isLeft ? "left" : "right")")))
            more.append(("hoverinfo", .string("skip")))
        }
        trace("scatter", nil, more)
    }

    private mutating func add(_ line: Line) {
        let dash =
            switch line.dash {
            case .solid: "solid"
            case .dashed: "dash"
            case .dotted: "dot"
            }
        trace(
            "scatter", line.name,
            [
                ("mode", .string("lines")), ("x", PlotlyJSON.numbers(line.x)), ("y", PlotlyJSON.numbers(line.y)),
                ("opacity", .number(line.opacity)),
                (
                    "line",
                    .object([
                        ("color", .string(line.paint.plotly)), ("width", .number(line.width)), ("dash", .string(dash)),
                        ("shape", .string(line.course == .steps ? "hv" : "linear")),
                    ])
                ),
            ])
    }

    /// A closed line that is filled: the upper side there, the lower side back.
    private mutating func add(_ band: Band) {
        trace(
            "scatter", band.name,
            [
                ("mode", .string("lines")), ("x", PlotlyJSON.numbers(band.x + band.x.reversed())),
                ("y", PlotlyJSON.numbers(band.upper + band.lower.reversed())), ("fill", .string("toself")),
                ("opacity", .number(0.25)), ("line", .object([("width", .number(0))])),
                ("fillcolor", .string(band.paint.plotly)), ("hoverinfo", .string("skip")),
            ])
    }

    private mutating func add(_ bars: Bars) {
        let isHorizontal = bars.direction == .horizontal
        var more: [(String, PlotlyJSON)] = [
            ("orientation", .string(isHorizontal ? "h" : "v")),
            ("x", PlotlyJSON.numbers(isHorizontal ? bars.lengths : bars.places)),
            ("y", PlotlyJSON.numbers(isHorizontal ? bars.places : bars.lengths)), ("width", .number(bars.thickness)),
            ("marker", .object([("color", .string(bars.paint.plotly))])),
        ]
        if !bars.labels.isEmpty {
            more.append(("text", PlotlyJSON.strings(bars.labels.map(PlotlyFigure.plain))))
            more.append(("textposition", .string("outside")))
        }
        if bars.whiskers.contains(where: { $0 != nil }) {
            let pairs = Array(zip(bars.lengths, bars.whiskers))
            more.append(
                (
                    isHorizontal ? "error_x" : "error_y",
                    .object([
                        ("type", .string("data")), ("symmetric", .bool(false)),
                        (
                            "array",
                            PlotlyJSON.numbers(pairs.map { length, whisker in whisker.map { $0.high - length } })
                        ),
                        (
                            "arrayminus",
                            PlotlyJSON.numbers(pairs.map { length, whisker in whisker.map { length - $0.low } })
                        ),
                    ])
                ))
        }
        trace("bar", bars.name, more)
    }

    private mutating func add(_ map: HeatMap) {
        let scale = map.scale
        var more: [(String, PlotlyJSON)] = [
            ("x", PlotlyJSON.numbers(map.columnEdges)), ("y", PlotlyJSON.numbers(map.rowEdges)),
            ("z", .array(map.values.map { Self.shades($0, scale) })),
            ("zmin", .number(Self.shade(scale.lowest, scale))), ("zmax", .number(Self.shade(scale.highest, scale))),
            ("colorscale", Self.colourStops(scale)), ("colorbar", Self.colourBar(scale)),
        ]
        if scale.isLog {
            // Under the pointer the numbers, not their logarithms.
            let texts = map.values.map { row in
                PlotlyJSON.strings(row.map { value in value.map(NumberText.short) ?? "" })
            }
            more.append(("hovertext", .array(texts)))
            more.append(("hoverinfo", .string("x+y+text")))
        }
        trace("heatmap", nil, more)
    }

    private mutating func add(_ intervals: Intervals) {
        trace(
            "bar", intervals.name,
            [
                ("orientation", .string("h")), ("base", PlotlyJSON.numbers(intervals.starts)),
                ("x", PlotlyJSON.numbers(zip(intervals.starts, intervals.ends).map { $1 - $0 })),
                ("y", PlotlyJSON.numbers(intervals.rows)), ("width", .number(0.7)),
                ("marker", .object([("color", .string(intervals.paint.plotly))])),
            ])
    }

    private mutating func add(_ rule: Rule) {
        let isVertical = rule.direction == .vertical
        shapes.append(
            .object([
                ("type", .string("line")), ("xref", .string(isVertical ? axes.x : axes.x + " domain")),
                ("yref", .string(isVertical ? axes.y + " domain" : axes.y)),
                ("x0", .number(isVertical ? rule.place : 0)), ("x1", .number(isVertical ? rule.place : 1)),
                ("y0", .number(isVertical ? 0 : rule.place)), ("y1", .number(isVertical ? 1 : rule.place)),
                ("line", .object([("color", .string(rule.paint.plotly)), ("dash", .string("dash"))])),
            ]))
    }

    // MARK: Parallel coordinates

    /// Plotly has no log axis here: its values are logarithms, with the numbers themselves as texts.
    static func parallel(_ lines: ParallelLines) -> PlotlyJSON {
        let dimensions = lines.axes.enumerated().map { index, axis in
            let values = lines.rows.map { index < $0.count ? $0[index] : nil }
            var pairs: [(String, PlotlyJSON)] = [("label", .string(PlotlyFigure.plain(axis.title)))]
            switch axis.kind {
            case .linear, .time: pairs.append(("values", PlotlyJSON.numbers(values)))
            case .log:
                pairs.append(("values", PlotlyJSON.numbers(values.map { value in value.map(logarithm) })))
                pairs += logarithmicTicks(axis.extent(of: values.compactMap(\.self), hasMargin: false))
            case .categories(let names):
                pairs.append(("values", PlotlyJSON.numbers(values)))
                pairs.append(("tickvals", PlotlyJSON.numbers(names.indices.map { Double($0) })))
                pairs.append(("ticktext", PlotlyJSON.strings(names.map(PlotlyFigure.plain))))
            }
            return PlotlyJSON.object(pairs)
        }
        let line = [("color", shades(lines.shades, lines.scale))] + colours(lines.scale)
        return .object([
            ("type", .string("parcoords")), ("dimensions", .array(dimensions)), ("line", .object(line)),
        ])
    }

    /// Where an axis of logarithms has ticks, and the numbers that these stand for.
    private static func logarithmicTicks(_ extent: Extent) -> [(String, PlotlyJSON)] {
        let ticks = Ticks(kind: .log, extent: extent, length: 300, isHorizontal: false).chosen()
            .filter { !$0.label.isEmpty }
        return [
            ("tickvals", PlotlyJSON.numbers(ticks.map { logarithm($0.value) })),
            ("ticktext", PlotlyJSON.strings(ticks.map(\.label))),
        ]
    }

    // MARK: Colours

    /// Plotly has linear scales only: the colours of a logarithmic one are given as logarithms.
    private static func shade(_ value: Double?, _ scale: ColourScale) -> Double? {
        guard let value else { return nil }
        if scale.isLog { return value > 0 ? logarithm(value) : nil }
        return value
    }

    private static func shades(_ values: [Double?], _ scale: ColourScale) -> PlotlyJSON {
        PlotlyJSON.numbers(values.map { shade($0, scale) })
    }

    // MARK: Looks

    private static func symbol(_ symbol: Symbol) -> String {
        switch symbol {
        case .circle: "circle"
        case .square: "square"
        case .diamond: "diamond"
        case .triangle: "triangle-up"
        case .cross: "x"
        case .ring: "circle-open"
        }
    }

    private static func colours(_ scale: ColourScale) -> [(String, PlotlyJSON)] {
        [
            ("cmin", .number(shade(scale.lowest, scale))), ("cmax", .number(shade(scale.highest, scale))),
            ("colorscale", colourStops(scale)), ("showscale", .bool(!scale.title.isEmpty)),
            ("colorbar", colourBar(scale)),
        ]
    }

    private static func colourBar(_ scale: ColourScale) -> PlotlyJSON {
        let title = ("title", PlotlyJSON.object([("text", .string(PlotlyFigure.plain(scale.title)))]))
        let ticks = scale.isLog ? logarithmicTicks(Extent(low: scale.lowest, high: scale.highest)) : []
        return .object([title] + ticks)
    }

    private static func colourStops(_ scale: ColourScale) -> PlotlyJSON {
        .array(
            (0..<scale.levels).map { level in
                .array([
                    .number(Double(level) / Double(scale.levels - 1)), .string(scale.colour(ofLevel: level)),
                ])
            })
    }
}
