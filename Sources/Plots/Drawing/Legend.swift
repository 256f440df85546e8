/// One entry of the legend: the name of a mark, and a sample of how it is drawn.
struct LegendEntry: Hashable {
    enum Sample: Hashable {
        case symbol(Symbol)
        case line(Dash, width: Double)
        case area(opacity: Double)
    }

    let name: String
    let sample: Sample
    let paint: Paint

    /// The named marks of all panels, each name with the same look once.
    ///
    /// A band under a line of the same name has no entry of its own.
    static func entries(of figure: Figure) -> [LegendEntry] {
        var entries: [LegendEntry] = []
        for mark in figure.panels.flatMap(\.marks) {
            guard let entry = entry(of: mark), !entry.name.isEmpty else { continue }
            if !entries.contains(where: { $0.name == entry.name && $0.paint == entry.paint }) { entries.append(entry) }
        }
        return Array(entries.prefix(24))
    }

    private static func entry(of mark: Mark) -> LegendEntry? {
        switch mark {
        case .points(let points):
            points.name.map { LegendEntry(name: $0, sample: .symbol(points.symbol), paint: points.paint) }
        case .line(let line):
            line.name.map { LegendEntry(name: $0, sample: .line(line.dash, width: line.width), paint: line.paint) }
        case .band(let band):
            band.name.map { LegendEntry(name: $0, sample: .area(opacity: 0.25), paint: band.paint) }
        case .bars(let bars):
            bars.name.map { LegendEntry(name: $0, sample: .area(opacity: 1), paint: bars.paint) }
        case .intervals(let intervals):
            intervals.name.map { LegendEntry(name: $0, sample: .area(opacity: 1), paint: intervals.paint) }
        case .heatMap, .rule, .labels: nil
        }
    }

    /// Draws the sample into 18 pixels from a place.
    func draw(at spot: Spot, on canvas: inout Canvas) {
        switch sample {
        case .symbol(let symbol):
            let path = Canvas.symbol(symbol, at: Spot(x: spot.x + 10, y: spot.y), size: 8)
            canvas.symbols(path, symbol, size: 8, colour: paint.svg)
        case .line(let dash, let width):
            let path = "M" + SVGWriter.pair(spot.x, spot.y) + "h18"
            canvas.stroke(path, colour: paint.svg, width: max(width, 1.5), dash: dash)
        case .area(let opacity):
            let box = Box(left: spot.x + 3, top: spot.y - 5, right: spot.x + 17, bottom: spot.y + 5)
            canvas.fill(Canvas.rectangle(box), colour: paint.svg, opacity: opacity)
        }
    }
}

/// The bar that says which colour is which number.
struct ColourBar {
    let scale: ColourScale

    private static let thickness = 12.0

    private var ends: Extent { Extent(low: scale.lowest, high: scale.highest) }

    private func ticks(length: Double) -> [Tick] {
        guard ends.low < ends.high else { return [Tick(value: ends.low, label: NumberText.short(ends.low))] }
        return Ticks(kind: scale.isLog ? .log : .linear, extent: ends, length: length, isHorizontal: false).chosen()
    }

    var width: Double {
        let widest = ticks(length: 200).map { TextMeasure.width(of: $0.label, size: Ticks.fontSize) }.max() ?? 0
        return 8 + Self.thickness + 8 + widest + 8
    }

    func draw(at spot: Spot, bottom: Double, right: Double, on canvas: inout Canvas) {
        let box = Box(left: spot.x, top: spot.y, right: spot.x + Self.thickness, bottom: bottom)
        let title = TextMeasure.shortened(scale.title, toWidth: 160, size: 12)
        canvas.group("colours") { canvas in
            canvas.text(title, x: right, y: spot.y - 16, anchor: .end, size: 12)
            for level in 0..<scale.levels {
                let step = box.height / Double(scale.levels)
                // Half a pixel of overlap, or the page shows between the colours.
                let cell = Box(
                    left: box.left, top: box.bottom - step * Double(level + 1), right: box.right,
                    bottom: min(box.bottom - step * Double(level) + 0.5, box.bottom))
                canvas.fill(Canvas.rectangle(cell), colour: scale.colour(ofLevel: level))
            }
            let axis = Axis(kind: scale.isLog ? .log : .linear)
            let place = Scale(axis: axis, extent: ends, start: box.bottom, end: box.top, rail: nil)
            for tick in ticks(length: box.height) {
                guard case .inside(let y)? = place.place(tick.value) else { continue }
                canvas.text(tick.label, x: box.right + 6, y: y, isFaint: true)
            }
        }
    }
}
