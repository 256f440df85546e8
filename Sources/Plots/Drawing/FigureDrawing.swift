/// Places the parts of a figure: title, legend, panels in a grid, colour bars on the right, a note at the foot.
///
/// Panels of one column have the same left and right end of their plots, and panels of one row the same top
/// and bottom, so that small multiples line up whatever their texts are.
struct FigureDrawing {
    private let figure: Figure
    private var canvas: Canvas
    private let width: Double
    private let height: Double

    private static let padding = 14.0
    private static let gap = 18.0
    private static let cardBackground = "#fcfcfd"
    private static let cardText = "#24292f"

    init(_ figure: Figure, on surface: Figure.Surface) {
        self.figure = figure
        width = figure.width.isFinite ? min(max(figure.width, 120), 10_000) : 640
        height = figure.height.isFinite ? min(max(figure.height, 90), 20_000) : 360
        canvas = Canvas(background: surface == .card ? Self.cardBackground : nil)
    }

    /// The whole document.
    func document() -> String {
        var copy = self
        return copy.drawn()
    }

    private mutating func drawn() -> String {
        let size = (SVGWriter.number(width), SVGWriter.number(height))
        canvas.writer.open(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "viewBox": "0 0 \(size.0) \(size.1)", "width": size.0,
                "height": size.1, "role": "img", "font-family": "system-ui, sans-serif", "fill": "currentColor",
                "color": canvas.background == nil ? "" : Self.cardText,
            ])
        canvas.writer.element("title", [:], content: String(figure.title.prefix(300)))
        canvas.writer.element("desc", [:], content: String(figure.description.prefix(2_000)))
        if let background = canvas.background {
            canvas.writer.element("rect", ["width": size.0, "height": size.1, "rx": "6", "fill": background])
        }
        var box = Box(
            left: Self.padding, top: Self.padding, right: width - Self.padding, bottom: height - Self.padding)
        drawTitle(in: &box)
        drawLegend(in: &box)
        if !figure.note.isEmpty {
            let note = TextMeasure.shortened(figure.note, toWidth: box.width, size: 11)
            canvas.text(note, x: box.left, y: box.bottom - 4, isFaint: true)
            box.bottom -= 20
        }
        drawPanels(in: box)
        canvas.writer.close("svg")
        return canvas.writer.text
    }

    private mutating func drawTitle(in box: inout Box) {
        guard !figure.title.isEmpty else { return }
        let title = TextMeasure.shortened(figure.title, toWidth: box.width, size: 15)
        canvas.text(title, x: box.left, y: box.top + 7, size: 15, isBold: true)
        box.top += 28
    }

    // MARK: Legend

    private mutating func drawLegend(in box: inout Box) {
        let entries = LegendEntry.entries(of: figure)
        guard !entries.isEmpty else { return }
        var x = box.left
        canvas.group("legend") { canvas in
            for entry in entries {
                let name = TextMeasure.shortened(entry.name, toWidth: min(240, box.width - 30), size: 12)
                let room = 26 + TextMeasure.width(of: name, size: 12)
                if x > box.left && x + room > box.right {
                    x = box.left
                    box.top += 18
                }
                entry.draw(at: Spot(x: x, y: box.top + 7), on: &canvas)
                canvas.text(name, x: x + 22, y: box.top + 7, size: 12)
                x += room + 14
            }
        }
        box.top += 24
    }

    // MARK: Panels

    private mutating func drawPanels(in box: Box) {
        guard !figure.panels.isEmpty else { return }
        var box = box
        let bars = colourBars
        let barRoom = bars.map { ColourBar(scale: $0).width }.reduce(0, +)
        box.right -= min(barRoom, box.width / 2)
        let columns = min(max(figure.columns, 1), figure.panels.count)
        let rows = (figure.panels.count + columns - 1) / columns
        let cell = Spot(
            x: max((box.width - Self.gap * Double(columns - 1)) / Double(columns), 20),
            y: max((box.height - Self.gap * Double(rows - 1)) / Double(rows), 20))
        let panels = figure.panels.map { PanelLayout($0, width: cell.x, height: cell.y) }
        var plots: [Box] = []
        for (index, panel) in panels.enumerated() {
            let (row, column) = (index / columns, index % columns)
            let inColumn = panels.enumerated().filter { $0.offset % columns == column }.map(\.element.insets)
            let inRow = panels.enumerated().filter { $0.offset / columns == row }.map(\.element.insets)
            let left = box.left + Double(column) * (cell.x + Self.gap)
            let top = box.top + Double(row) * (cell.y + Self.gap)
            let frame = Box(left: left, top: top, right: left + cell.x, bottom: top + cell.y)
            var plot = Box(
                left: left + (inColumn.map(\.left).max() ?? 0), top: top + (inRow.map(\.top).max() ?? 0),
                right: frame.right - (inColumn.map(\.right).max() ?? 0),
                bottom: frame.bottom - (inRow.map(\.bottom).max() ?? 0))
            plot.right = max(plot.right, plot.left + 4)
            plot.bottom = max(plot.bottom, plot.top + 4)
            plots.append(plot)
            panel.draw(in: plot, frame: frame, on: &canvas)
        }
        guard let first = plots.first else { return }
        let bottom = plots.map(\.bottom).max() ?? first.bottom
        var x = box.right + 8
        for scale in bars {
            let bar = ColourBar(scale: scale)
            bar.draw(at: Spot(x: x, y: first.top), bottom: bottom, right: x + bar.width - 8, on: &canvas)
            x += bar.width
        }
    }

    /// The scales that the panels use, each once. Those without a title explain themselves.
    private var colourBars: [ColourScale] {
        var scales: [ColourScale] = []
        for panel in figure.panels {
            var used = panel.parallel.map { [$0.scale] } ?? []
            for mark in panel.marks {
                switch mark {
                case .points(let points): used += points.scale.map { [$0] } ?? []
                case .heatMap(let map): used.append(map.scale)
                case .line, .band, .bars, .intervals, .rule, .labels: break
                }
            }
            for scale in used where !scale.title.isEmpty && !scales.contains(scale) { scales.append(scale) }
        }
        return Array(scales.prefix(3))
    }
}
