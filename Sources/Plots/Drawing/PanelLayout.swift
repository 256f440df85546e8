/// Space around a plot.
struct Insets: Hashable {
    var left = 0.0
    var top = 0.0
    var right = 0.0
    var bottom = 0.0
}

/// A panel with the ends of its axes and the room that its texts need.
///
/// From the outside to the plot: title, title of the vertical axis, texts of the ticks, rails. The room is
/// found first, for all panels of a figure; then each is drawn into the plot it was given.
struct PanelLayout {
    let panel: Panel
    private(set) var insets = Insets()
    private let xExtent: Extent
    private let yExtent: Extent

    private static let railThickness = 18.0
    private static let railGap = 6.0

    init(_ panel: Panel, width: Double, height: Double) {
        self.panel = panel
        let fills = panel.marks.contains { if case .heatMap = $0 { true } else { false } }
        let values = panel.marks.map(DataRange.init)
        var xAxis = panel.x
        var yAxis = panel.y
        // Bars stand on their axis, without a margin below.
        if xAxis.lowest == nil, values.contains(where: \.standsOnX) {
            xAxis.lowest = values.contains { $0.x.contains { $0 < 0 } } ? nil : 0
        }
        if yAxis.lowest == nil, values.contains(where: \.standsOnY) {
            yAxis.lowest = values.contains { $0.y.contains { $0 < 0 } } ? nil : 0
        }
        xExtent = xAxis.extent(of: values.flatMap(\.x), hasMargin: !fills)
        yExtent = yAxis.extent(of: values.flatMap(\.y), hasMargin: !fills)
        let titleRoom = panel.title.isEmpty ? 0.0 : 18
        if let parallel = panel.parallel {
            insets = ParallelDrawing(parallel).insets
            insets.top += titleRoom
            return
        }
        insets.top = titleRoom + (panel.y.title.isEmpty ? 6 : 22)
        insets.bottom = 20 + (panel.x.title.isEmpty ? 0 : 17) + (panel.y.rail == nil ? 0 : Self.railRoom)
        insets.right = 10 + (panel.x.rail == nil ? 0 : xRailThickness + Self.railGap)
        let labels = yTicks(length: max(height - insets.top - insets.bottom, 10)).map(\.label) + [yRailName]
        let widest = labels.map { TextMeasure.width(of: $0, size: Ticks.fontSize) }.max() ?? 0
        insets.left = min(widest + 8, width * 0.45)
    }

    private static var railRoom: Double { railThickness + railGap }

    /// The rail of the horizontal axis is as wide as the text below it.
    private var xRailThickness: Double {
        max(Self.railThickness, TextMeasure.width(of: xRailName, size: Ticks.fontSize) + 4)
    }

    private var xRailName: String { TextMeasure.shortened(panel.x.rail ?? "", toWidth: 90, size: Ticks.fontSize) }
    private var yRailName: String { TextMeasure.shortened(panel.y.rail ?? "", toWidth: 90, size: Ticks.fontSize) }

    private func yTicks(length: Double) -> [Tick] {
        Ticks(kind: panel.y.kind, extent: yExtent, length: length, isHorizontal: false).chosen()
    }

    // MARK: Drawing

    func draw(in plot: Box, frame: Box, on canvas: inout Canvas) {
        if !panel.title.isEmpty {
            let title = TextMeasure.shortened(panel.title, toWidth: frame.width, size: 12)
            canvas.text(title, x: frame.left, y: frame.top + 6, size: 12, isBold: true)
        }
        if let parallel = panel.parallel {
            ParallelDrawing(parallel).draw(in: plot, on: &canvas)
            return
        }
        let x = Scale(
            axis: panel.x, extent: xExtent, start: panel.x.isInverted ? plot.right : plot.left,
            end: panel.x.isInverted ? plot.left : plot.right,
            rail: panel.x.rail.map { _ in plot.right + Self.railGap + xRailThickness / 2 })
        let y = Scale(
            axis: panel.y, extent: yExtent, start: panel.y.isInverted ? plot.top : plot.bottom,
            end: panel.y.isInverted ? plot.bottom : plot.top,
            rail: panel.y.rail.map { _ in plot.bottom + Self.railGap + Self.railThickness / 2 })
        drawAxes(x, y, plot, frame, on: &canvas)
        let marks = MarkDrawing(x: x, y: y, plot: plot)
        for mark in panel.marks { marks.draw(mark, on: &canvas) }
        if panel.marks.allSatisfy({ DataRange($0).isEmpty }) {
            canvas.text(
                "no data", x: (plot.left + plot.right) / 2, y: (plot.top + plot.bottom) / 2, anchor: .middle, size: 12,
                isFaint: true)
        }
    }

    private func drawAxes(_ x: Scale, _ y: Scale, _ plot: Box, _ frame: Box, on canvas: inout Canvas) {
        canvas.group("axes") { canvas in
            drawRails(x, y, plot, on: &canvas)
            var grid = ""
            let labelTop = plot.bottom + (panel.y.rail == nil ? 0 : Self.railRoom)
            for tick in Ticks(kind: panel.x.kind, extent: xExtent, length: plot.width, isHorizontal: true).chosen() {
                guard case .inside(let at)? = x.place(tick.value) else { continue }
                if x.axis.kind.categories == nil {
                    grid += "M" + SVGWriter.pair(at, plot.top) + "V" + SVGWriter.number(plot.bottom)
                }
                // A text at the end may not touch the name of the rail beside it.
                let end = at + TextMeasure.width(of: tick.label, size: Ticks.fontSize) / 2
                if x.rail != nil, end > plot.right + Self.railGap / 2 { continue }
                canvas.text(tick.label, x: at, y: labelTop + 12, anchor: .middle, isFaint: true)
            }
            for tick in yTicks(length: plot.height) {
                guard case .inside(let at)? = y.place(tick.value) else { continue }
                if y.axis.kind.categories == nil {
                    grid += "M" + SVGWriter.pair(plot.left, at) + "H" + SVGWriter.number(plot.right)
                }
                let room = plot.left - frame.left - 6
                let label = TextMeasure.shortened(tick.label, toWidth: max(room, 8), size: Ticks.fontSize)
                canvas.text(label, x: plot.left - 6, y: at, anchor: .end, isFaint: true)
            }
            canvas.stroke(grid, colour: "currentColor", width: 1, opacity: 0.1, isRound: false)
            let base = "M" + SVGWriter.pair(plot.left, plot.bottom) + "H" + SVGWriter.number(plot.right)
            canvas.stroke(base, colour: "currentColor", width: 1, opacity: 0.5, isRound: false)
            let title = TextMeasure.shortenedName(panel.x.title, toWidth: plot.width, size: 12)
            canvas.text(title, x: (plot.left + plot.right) / 2, y: labelTop + 29, anchor: .middle, size: 12)
            // The title of the vertical axis stands above it, where it can be read without turning the head.
            let yTitle = TextMeasure.shortened(panel.y.title, toWidth: frame.width, size: 12)
            canvas.text(yTitle, x: frame.left, y: plot.top - 14, size: 12)
        }
    }

    private func drawRails(_ x: Scale, _ y: Scale, _ plot: Box, on canvas: inout Canvas) {
        if let middle = y.rail {
            let box = Box(
                left: plot.left, top: middle - Self.railThickness / 2, right: plot.right,
                bottom: middle + Self.railThickness / 2)
            canvas.fill(Canvas.rectangle(box), colour: "currentColor", opacity: 0.06)
            canvas.text(yRailName, x: plot.left - 6, y: middle, anchor: .end, isFaint: true)
        }
        if let middle = x.rail {
            let half = xRailThickness / 2
            let box = Box(left: middle - half, top: plot.top, right: middle + half, bottom: plot.bottom)
            canvas.fill(Canvas.rectangle(box), colour: "currentColor", opacity: 0.06)
            let below = plot.bottom + (y.rail == nil ? 0 : Self.railRoom)
            canvas.text(xRailName, x: middle, y: below + 12, anchor: .middle, isFaint: true)
        }
    }
}

/// The numbers that decide how far the axes go for one mark.
struct DataRange {
    var x: [Double] = []
    var y: [Double] = []
    /// Whether there is nothing to draw, also no point on a rail.
    var isEmpty = false
    /// Whether bars start at the foot of this axis.
    var standsOnX = false
    var standsOnY = false

    init(_ mark: Mark) {
        switch mark {
        case .points(let points):
            x = points.x.compactMap(\.self)
            y = points.y.compactMap(\.self)
            isEmpty = min(points.x.count, points.y.count) == 0
            return
        case .line(let line): (x, y) = (line.x, line.y)
        case .band(let band): (x, y) = (band.x, band.lower + band.upper)
        case .bars(let bars):
            let half = bars.thickness / 2
            let places = bars.places.flatMap { [$0 - half, $0 + half] }
            let ends = bars.whiskers.compactMap(\.self).flatMap { [$0.low, $0.high] }
            let lengths = bars.lengths + ends + (bars.lengths.isEmpty ? [] : [0])
            (x, y) = bars.direction == .horizontal ? (lengths, places) : (places, lengths)
            standsOnX = bars.direction == .horizontal
            standsOnY = bars.direction == .vertical
        case .heatMap(let map): (x, y) = (map.columnEdges, map.rowEdges)
        case .intervals(let intervals):
            (x, y) = (intervals.starts + intervals.ends, intervals.rows.flatMap { [$0 - 0.5, $0 + 0.5] })
        case .rule(let rule):
            if rule.direction == .vertical { x = [rule.place] } else { y = [rule.place] }
        case .labels(let labels): (x, y) = (labels.x, labels.y)
        }
        let isRule = if case .rule = mark { true } else { false }
        if case .heatMap(let map) = mark, map.values.allSatisfy(\.isEmpty) {
            isEmpty = true
            return
        }
        isEmpty = isRule || !x.contains { $0.isFinite } || !y.contains { $0.isFinite }
    }
}
