/// Draws lines across parallel axes.
struct ParallelDrawing {
    private let lines: ParallelLines

    private static let railRoom = 26.0

    init(_ lines: ParallelLines) { self.lines = lines }

    private var hasRails: Bool { lines.axes.contains { $0.rail != nil } }

    var insets: Insets {
        let first = lines.axes.first.map { ticks(of: $0, extent: extent(ofAxis: 0), length: 200) } ?? []
        let widest = first.map { TextMeasure.width(of: $0.label, size: Ticks.fontSize) }.max() ?? 0
        let railWidth = TextMeasure.width(of: railName(lines.axes.first?.rail), size: Ticks.fontSize)
        return Insets(
            left: min(max(widest, railWidth, 24) + 8, 120), top: 30, right: 24, bottom: hasRails ? Self.railRoom + 8 : 8
        )
    }

    private func railName(_ name: String?) -> String {
        TextMeasure.shortened(name ?? "", toWidth: 90, size: Ticks.fontSize)
    }

    private func extent(ofAxis index: Int) -> Extent {
        let values = lines.rows.compactMap { index < $0.count ? $0[index] : nil }
        return lines.axes[index].extent(of: values, hasMargin: false)
    }

    private func ticks(of axis: Axis, extent: Extent, length: Double) -> [Tick] {
        Ticks(kind: axis.kind, extent: extent, length: length, isHorizontal: false).chosen()
    }

    func draw(in plot: Box, on canvas: inout Canvas) {
        let count = lines.axes.count
        guard count > 0 else { return }
        let gap = count > 1 ? plot.width / Double(count - 1) : 0
        let scales = lines.axes.enumerated().map { index, axis in
            Scale(
                axis: axis, extent: extent(ofAxis: index), start: axis.isInverted ? plot.top : plot.bottom,
                end: axis.isInverted ? plot.bottom : plot.top, rail: axis.rail.map { _ in plot.bottom + Self.railRoom })
        }
        canvas.group("lines") { drawLines(scales, plot.left, gap, on: &$0) }
        canvas.group("axes") { canvas in
            for (index, scale) in scales.enumerated() {
                drawAxis(
                    scale, isFirst: index == 0, isLast: index == count - 1, at: plot.left + gap * Double(index), plot,
                    gap,
                    on: &canvas)
            }
        }
    }

    /// One path for each colour, the lines whose colour is last on top. A line ends where a value is missing
    /// and its axis has no rail.
    private func drawLines(_ scales: [Scale], _ left: Double, _ gap: Double, on canvas: inout Canvas) {
        var paths = [String](repeating: "", count: lines.scale.levels + 1)
        for (index, row) in lines.rows.enumerated() {
            let level = index < lines.shades.count ? lines.scale.level(of: lines.shades[index]) : nil
            var path = ""
            var isDrawing = false
            for (axis, scale) in scales.enumerated() {
                let value = axis < row.count ? row[axis] : nil
                guard let y = value.map({ scale.edge($0) }) ?? scale.rail else {
                    isDrawing = false
                    continue
                }
                path += (isDrawing ? "L" : "M") + SVGWriter.pair((left + gap * Double(axis)).rounded(), y.rounded())
                isDrawing = true
            }
            paths[(level ?? -1) + 1] += path
        }
        let opacity = lines.rows.count > 500 ? 0.35 : lines.rows.count > 100 ? 0.55 : 0.8
        canvas.stroke(paths[0], colour: Paint.muted.svg, width: 1, opacity: opacity)
        let order = Array(0..<lines.scale.levels)
        for level in lines.scale.isReversed ? order.reversed() : order {
            let colour = lines.scale.colour(ofLevel: level)
            canvas.stroke(paths[level + 1], colour: colour, width: 1.3, opacity: opacity)
        }
    }

    private func drawAxis(
        _ scale: Scale, isFirst: Bool, isLast: Bool, at x: Double, _ plot: Box, _ gap: Double, on canvas: inout Canvas
    ) {
        let line = "M" + SVGWriter.pair(x, plot.top) + "V" + SVGWriter.number(plot.bottom)
        canvas.stroke(line, colour: "currentColor", width: 1.2, opacity: 0.7, isRound: false)
        let titleRoom = gap - 16
        let title = TextMeasure.shortenedName(scale.axis.title, toWidth: max(titleRoom, 20), size: 11)
        let width = TextMeasure.width(of: title, size: 11)
        // The outer titles stay inside of the picture.
        let middle = isLast ? min(x, plot.right + 24 - width / 2) : isFirst ? max(x, plot.left - 40 + width / 2) : x
        canvas.text(title, x: middle, y: plot.top - 16, anchor: .middle, isBold: true)
        for tick in ticks(of: scale.axis, extent: scale.extent, length: plot.height) where !tick.label.isEmpty {
            guard case .inside(let y)? = scale.place(tick.value) else { continue }
            canvas.stroke(
                "M" + SVGWriter.pair(x - 4, y) + "h4", colour: "currentColor", width: 1, opacity: 0.7, isRound: false)
            let label = TextMeasure.shortened(tick.label, toWidth: isFirst ? 112 : max(gap * 0.6, 16), size: 10)
            canvas.text(label, x: x - 6, y: y, anchor: .end, size: 10, hasHalo: true)
        }
        if let name = scale.axis.rail, let y = scale.rail {
            let box = Box(left: x - 5, top: y - 5, right: x + 5, bottom: y + 5)
            canvas.fill(Canvas.rectangle(box), colour: Paint.muted.svg, opacity: 0.5)
            if isFirst || !(lines.axes.first?.rail == name) {
                canvas.text(railName(name), x: x - 8, y: y, anchor: .end, size: 10, isFaint: true, hasHalo: true)
            }
        }
    }
}
