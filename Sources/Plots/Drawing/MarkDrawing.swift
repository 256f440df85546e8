/// Draws marks into a plot. Nothing it draws leaves the plot and its rails.
struct MarkDrawing {
    let x: Scale
    let y: Scale
    let plot: Box

    func draw(_ mark: Mark, on canvas: inout Canvas) {
        switch mark {
        case .points(let points): canvas.group("points") { draw(points, on: &$0) }
        case .line(let line): canvas.group("line") { draw(line, on: &$0) }
        case .band(let band): canvas.group("band") { draw(band, on: &$0) }
        case .bars(let bars): canvas.group("bars") { draw(bars, on: &$0) }
        case .heatMap(let map): canvas.group("cells") { draw(map, on: &$0) }
        case .intervals(let intervals): canvas.group("intervals") { draw(intervals, on: &$0) }
        case .rule(let rule): canvas.group("rule") { draw(rule, on: &$0) }
        case .labels(let labels): canvas.group("labels") { draw(labels, on: &$0) }
        }
    }

    // MARK: Points

    /// One path for each colour, and on top that of the high end of the scale's colours. Points that fall on the
    /// same place of a grid of pixels are drawn once; the grid is coarser where there are many: half a pixel from
    /// 1,000 points, and a whole one where there is a point for each eight pixels.
    private func draw(_ points: Points, on canvas: inout Canvas) {
        let count = min(points.x.count, points.y.count)
        let isDense = Double(count) > plot.width * plot.height / 8
        let grid = isDense ? 1 : count > 1_000 ? 0.5 : 0.1
        let size = points.size.isFinite ? min(max(points.size, 1), 40) : 6
        var seen: Set<Spot> = []
        var paths: [Int: String] = [:]
        var beyond: [Int: String] = [:]
        // The last is on top, so that it is the one to stay.
        for index in (0..<count).reversed() {
            guard let across = place(points.x[index], on: x), let up = place(points.y[index], on: y) else { continue }
            let spot = Spot(x: (across.pixel / grid).rounded() * grid, y: (up.pixel / grid).rounded() * grid)
            guard seen.insert(spot).inserted else { continue }
            let shade = index < points.shades.count ? points.scale?.level(of: points.shades[index]) : nil
            if let arrow = arrow(at: spot, across, up) {
                beyond[shade ?? -1, default: ""] += arrow
            } else {
                paths[shade ?? -1, default: ""] += Canvas.symbol(points.symbol, at: spot, size: size)
            }
        }
        func colour(_ level: Int) -> String {
            level < 0 ? points.paint.svg : points.scale?.colour(ofLevel: level) ?? points.paint.svg
        }
        let isReversed = points.scale?.isReversed == true
        func isUnder(_ level: Int, _ other: Int) -> Bool {
            // What has no colour of the scale is at the bottom.
            isReversed && level >= 0 && other >= 0 ? level > other : level < other
        }
        for (level, path) in paths.sorted(by: { isUnder($0.key, $1.key) }) {
            canvas.symbols(path, points.symbol, size: size, colour: colour(level))
        }
        for (level, path) in beyond.sorted(by: { isUnder($0.key, $1.key) }) {
            canvas.stroke(path, colour: colour(level), width: 1.5)
        }
    }

    private func place(_ value: Double?, on scale: Scale) -> Scale.Place? {
        if let value { return scale.place(value) }
        return scale.rail.map { .inside($0) }
    }

    /// A hollow triangle at the edge, its tip towards where the point is.
    private func arrow(at spot: Spot, _ across: Scale.Place, _ up: Scale.Place) -> String? {
        if case .inside = across, case .inside = up { return nil }
        let isSideways = if case .inside = across { false } else { true }
        let at = SVGWriter.pair(spot.x, spot.y)
        if isSideways {
            return "M\(at)" + (spot.x > (plot.left + plot.right) / 2 ? "l-6-4v8z" : "l6-4v8z")
        }
        return "M\(at)" + (spot.y > (plot.top + plot.bottom) / 2 ? "l-4-6h8z" : "l-4 6h8z")
    }

    // MARK: Lines and bands

    private func draw(_ line: Line, on canvas: inout Canvas) {
        var path = PathOfSegments(within: plot)
        var last: Spot?
        for spot in thinned(zip(line.x, line.y).map(spot)) {
            guard let spot else {
                path.endLine(at: last)
                last = nil
                continue
            }
            if let last {
                if line.course == .steps {
                    path.add(from: last, to: Spot(x: spot.x, y: last.y))
                    path.add(from: Spot(x: spot.x, y: last.y), to: spot)
                } else {
                    path.add(from: last, to: spot)
                }
            }
            last = spot
        }
        path.endLine(at: last)
        let width = line.width.isFinite ? min(max(line.width, 0.5), 12) : 2
        canvas.stroke(path.data, colour: line.paint.svg, width: width, opacity: line.opacity, dash: line.dash)
        canvas.stroke(path.dots, colour: line.paint.svg, width: width * 2.5, opacity: line.opacity)
    }

    private func spot(_ across: Double, _ up: Double) -> Spot? {
        guard let left = x.pixel(across), let top = y.pixel(up) else { return nil }
        return Spot(x: left, y: top)
    }

    /// At most four points in each column of pixels: the first, the lowest, the highest and the last.
    private func thinned(_ spots: [Spot?]) -> [Spot?] {
        guard Double(spots.count) > plot.width * 4 else { return spots }
        var result: [Spot?] = []
        var column: [Spot] = []
        func flush() {
            guard let first = column.first, let last = column.last else { return }
            let inner = [column.min { $0.y < $1.y }, column.max { $0.y < $1.y }].compactMap(\.self)
            result += column.count < 4 ? column : [first] + inner + [last]
            column = []
        }
        for spot in spots {
            if let spot, column.last.map({ $0.x.rounded() == spot.x.rounded() }) ?? true {
                column.append(spot)
            } else {
                flush()
                if let spot { column = [spot] } else { result.append(nil) }
            }
        }
        flush()
        return result
    }

    private func draw(_ band: Band, on canvas: inout Canvas) {
        var runs: [[(at: Double, low: Double, high: Double)]] = [[]]
        for (at, (low, high)) in zip(band.x, zip(band.lower, band.upper)) {
            if let across = x.edge(at), let bottom = y.edge(low), let top = y.edge(high) {
                runs[runs.count - 1].append((across, bottom, top))
            } else if runs.last?.isEmpty == false {
                runs.append([])
            }
        }
        var path = ""
        for run in runs where run.count > 1 {
            let there = run.map { SVGWriter.pair($0.at, $0.high) }
            let back = run.reversed().map { SVGWriter.pair($0.at, $0.low) }
            path += "M" + (there + back).joined(separator: "L") + "z"
        }
        canvas.fill(path, colour: band.paint.svg, opacity: 0.2)
    }

    // MARK: Rules and labels

    private func draw(_ rule: Rule, on canvas: inout Canvas) {
        let isVertical = rule.direction == .vertical
        guard case .inside(let at)? = (isVertical ? x : y).place(rule.place) else { return }
        let path =
            isVertical
            ? "M" + SVGWriter.pair(at, plot.top) + "V" + SVGWriter.number(plot.bottom)
            : "M" + SVGWriter.pair(plot.left, at) + "H" + SVGWriter.number(plot.right)
        canvas.stroke(path, colour: rule.paint.svg, width: 1.2, opacity: 0.7, dash: rule.dash)
        let label = TextMeasure.shortened(rule.label, toWidth: plot.width / 2, size: Ticks.fontSize)
        if isVertical {
            let isLeft = at > (plot.left + plot.right) / 2
            canvas.text(
                label, x: at + (isLeft ? -4 : 4), y: plot.top + 7, anchor: isLeft ? .end : .start, hasHalo: true)
        } else {
            canvas.text(label, x: plot.right, y: at - 8 < plot.top ? at + 8 : at - 8, anchor: .end, hasHalo: true)
        }
    }

    private func draw(_ labels: Labels, on canvas: inout Canvas) {
        if case .corner(let isLeft, let isBelow) = labels.side {
            return draw(labels, isLeft: isLeft, isBelow: isBelow, on: &canvas)
        }
        for (text, (across, up)) in zip(labels.texts, zip(labels.x, labels.y)) {
            guard case .inside(let left)? = x.place(across), case .inside(let top)? = y.place(up) else { continue }
            let isLeft = left > plot.left + plot.width * 0.7
            let room = isLeft ? left - plot.left : plot.right - left
            let shown = TextMeasure.shortened(text, toWidth: room, size: Ticks.fontSize)
            canvas.text(
                shown, x: left + (isLeft ? -7 : 7), y: min(max(top, plot.top + 6), plot.bottom - 6),
                anchor: isLeft ? .end : .start, hasHalo: true, colour: labels.paint == .text ? "" : labels.paint.svg)
        }
    }

    private func draw(_ labels: Labels, isLeft: Bool, isBelow: Bool, on canvas: inout Canvas) {
        var taken: [Box] = []
        for (text, (across, up)) in zip(labels.texts, zip(labels.x, labels.y)) {
            guard case .inside(let left)? = x.place(across), case .inside(let top)? = y.place(up) else { continue }
            let shown = TextMeasure.shortened(text, toWidth: plot.width / 3, size: Ticks.fontSize)
            let width = TextMeasure.width(of: shown, size: Ticks.fontSize)
            let middle = min(max(top + (isBelow ? 10 : -10), plot.top + 6), plot.bottom - 6)
            // Where the side of the plot is near, right below or above.
            let boxes = [isLeft ? left - 5 - width : left + 5, left - width / 2].map { start in
                Box(left: start, top: middle - 6, right: start + width, bottom: middle + 6)
            }
            guard let box = boxes.first(where: { $0.left >= plot.left && $0.right <= plot.right }),
                !taken.contains(where: box.overlaps)
            else { continue }
            taken.append(box)
            canvas.text(
                shown, x: box.left, y: middle, hasHalo: true, colour: labels.paint == .text ? "" : labels.paint.svg)
        }
    }
}

/// Path data of segments, cut at the edges of a box.
private struct PathOfSegments {
    private let box: Box
    private var end: Spot?
    private var hasSegments = false
    private(set) var data = ""
    /// Points without a neighbour, such as a curve of one epoch, which would not be seen as lines.
    private(set) var dots = ""

    init(within box: Box) { self.box = box }

    mutating func add(from start: Spot, to end: Spot) {
        hasSegments = true
        guard let (first, second) = box.clipped(from: start, to: end) else {
            self.end = nil
            return
        }
        if first != self.end { data += "M" + SVGWriter.pair(first.x, first.y) }
        let (x, y) = (SVGWriter.number(second.x), SVGWriter.number(second.y))
        let isSameX = x == SVGWriter.number(first.x)
        let isSameY = y == SVGWriter.number(first.y)
        if first == self.end, first != second, isSameX, isSameY { return }
        // Steps are half as long without the coordinate that stays.
        data += isSameY ? "H" + x : isSameX ? "V" + y : "L" + SVGWriter.pair(second.x, second.y)
        self.end = second
    }

    /// Ends a line; a line of a single point is a dot.
    mutating func endLine(at last: Spot?) {
        if let last, !hasSegments, box.contains(last) { dots += "M" + SVGWriter.pair(last.x, last.y) + "h0" }
        end = nil
        hasSegments = false
    }
}
