/// Bars, cells and intervals: marks that are rectangles.
extension MarkDrawing {
    // MARK: Bars

    func draw(_ bars: Bars, on canvas: inout Canvas) {
        let isHorizontal = bars.direction == .horizontal
        let (length, across) = isHorizontal ? (x, y) : (y, x)
        let half = min(max(bars.thickness.isFinite ? bars.thickness : 0.7, 0.05), 1) / 2
        var path = ""
        var whiskers = ""
        var texts: [(String, Double, Double)] = []
        for (index, (place, value)) in zip(bars.places, bars.lengths).enumerated() {
            guard let near = across.edge(place - half), let far = across.edge(place + half),
                case .inside(let middle)? = across.place(place), let tip = length.edge(value)
            else { continue }
            let foot = length.axis.kind.isLog ? length.start : length.edge(0) ?? length.start
            path += Canvas.rectangle(box(isHorizontal, min(near, far), max(near, far), min(foot, tip), max(foot, tip)))
            var end = tip
            if index < bars.whiskers.count, let whisker = bars.whiskers[index],
                let low = length.edge(whisker.low), let high = length.edge(whisker.high)
            {
                whiskers += Self.whisker(isHorizontal, at: middle, from: low, to: high)
                end = isHorizontal ? max(tip, low, high) : min(tip, low, high)
            }
            if index < bars.labels.count {
                let text = TextMeasure.shortened(bars.labels[index], toWidth: 120, size: Ticks.fontSize)
                texts.append((text, middle, end))
            }
        }
        canvas.fill(path, colour: bars.paint.svg, opacity: 0.9)
        canvas.stroke(whiskers, colour: "currentColor", width: 1.4, opacity: 0.8)
        for (text, middle, end) in texts {
            let width = TextMeasure.width(of: text, size: Ticks.fontSize)
            if isHorizontal {
                // A text that would leave the plot stands before the tip instead.
                let fits = end + 6 + width <= plot.right + 8
                canvas.text(text, x: fits ? end + 6 : end - 6, y: middle, anchor: fits ? .start : .end, hasHalo: true)
            } else {
                canvas.text(text, x: middle, y: max(end - 8, plot.top + 6), anchor: .middle, hasHalo: true)
            }
        }
    }

    private func box(_ isHorizontal: Bool, _ near: Double, _ far: Double, _ low: Double, _ high: Double) -> Box {
        isHorizontal
            ? Box(left: low, top: near, right: high, bottom: far) : Box(left: near, top: low, right: far, bottom: high)
    }

    private static func whisker(_ isHorizontal: Bool, at middle: Double, from low: Double, to high: Double) -> String {
        let ends = [low, high].map { end in
            isHorizontal
                ? "M" + SVGWriter.pair(end, middle - 3) + "v6" : "M" + SVGWriter.pair(middle - 3, end) + "h6"
        }
        let line =
            isHorizontal
            ? "M" + SVGWriter.pair(low, middle) + "H" + SVGWriter.number(high)
            : "M" + SVGWriter.pair(middle, low) + "V" + SVGWriter.number(high)
        return line + ends.joined()
    }

    // MARK: Heat maps

    /// One path for each colour. In a row, neighbours of the same colour are one rectangle where there are
    /// many cells: contours then need a tenth of the bytes.
    func draw(_ map: HeatMap, on canvas: inout Canvas) {
        // On whole pixels, or lines of the background show between the cells.
        let columns = map.columnEdges.map { x.edge($0)?.rounded() }
        let rows = map.rowEdges.map { y.edge($0)?.rounded() }
        let merges = rows.count * columns.count > 400 && map.decimals == nil
        var paths = [String](repeating: "", count: map.scale.levels)
        for (row, values) in map.values.enumerated() where row + 1 < rows.count {
            guard let top = rows[row], let bottom = rows[row + 1] else { continue }
            let levels = values.prefix(max(columns.count - 1, 0)).map { map.scale.level(of: $0) }
            var column = 0
            while column < levels.count {
                var next = column + 1
                while merges, next < levels.count, levels[next] == levels[column] { next += 1 }
                if let level = levels[column], let left = columns[column], let right = columns[next] {
                    paths[level] += Canvas.rectangle(
                        Box(
                            left: min(left, right), top: min(top, bottom), right: max(left, right),
                            bottom: max(top, bottom)))
                }
                column = next
            }
        }
        for (level, path) in paths.enumerated() {
            canvas.fill(path, colour: map.scale.colour(ofLevel: level), isCrisp: true)
        }
        if let decimals = map.decimals { drawNumbers(of: map, decimals, columns, rows, on: &canvas) }
    }

    private func drawNumbers(
        of map: HeatMap, _ decimals: Int, _ columns: [Double?], _ rows: [Double?], on canvas: inout Canvas
    ) {
        for (row, values) in map.values.enumerated() where row + 1 < rows.count {
            guard let top = rows[row], let bottom = rows[row + 1], abs(bottom - top) >= 14 else { continue }
            for (column, value) in values.enumerated() where column + 1 < columns.count {
                guard let value, let level = map.scale.level(of: value), let left = columns[column],
                    let right = columns[column + 1]
                else { continue }
                let text = NumberText.plain(value, decimals: decimals)
                guard TextMeasure.width(of: text, size: 10) + 4 <= abs(right - left) else { continue }
                canvas.text(
                    text, x: (left + right) / 2, y: (top + bottom) / 2, anchor: .middle, size: 10,
                    colour: map.scale.isDark(level: level) ? "#ffffff" : "#000000")
            }
        }
    }

    // MARK: Intervals

    func draw(_ intervals: Intervals, on canvas: inout Canvas) {
        var path = ""
        for (row, (start, end)) in zip(intervals.rows, zip(intervals.starts, intervals.ends)) {
            guard let top = y.edge(row - 0.35), let bottom = y.edge(row + 0.35), case .inside? = y.place(row),
                let from = x.edge(start), let to = x.edge(end)
            else { continue }
            // A gap of half a pixel between neighbours, but nothing is too short to be seen.
            let left = min(from, to)
            let right = min(max(max(from, to) - 0.5, left + 0.8), plot.right)
            path += Canvas.rectangle(
                Box(left: min(left, plot.right - 0.8), top: min(top, bottom), right: right, bottom: max(top, bottom)))
        }
        canvas.fill(path, colour: intervals.paint.svg, opacity: 0.9)
    }
}
