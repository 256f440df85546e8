extension Figure {
    /// All parameters and the metric as parallel axes, one line for each trial, the best most visible.
    ///
    /// It answers where the good trials lie in all parameters at once. Lines are coloured by their rank, and
    /// the better ones are drawn later, on top of the others; a metric to be minimized has its low end on top.
    /// Inactive parameters lie on a rail below their axis. Trials without a value are left out, and the note
    /// says how many.
    ///
    /// - Parameter limit: how many lines are drawn at most, the best ones; more cannot be told apart.
    public static func parallelCoordinates(
        parameters: [ChartParameter], values: [Double?], metric: String, goal: Goal, isLog: Bool = false,
        limit: Int = 2_000
    ) -> Figure {
        let known = values.indices.filter { values[$0]?.isFinite == true && (!isLog || (values[$0] ?? 0) > 0) }
        let ranked = ChartParts.ranked(known, by: values, goal)
        let shown = Array(ranked.prefix(max(limit, 0)).reversed())
        // By rank, not by value: a diverged trial would leave a single colour for all others.
        let shades = shown.indices.map { Optional(Double($0)) }
        let rows = shown.map { index in
            [values[index]] + parameters.map { index < $0.values.count ? $0.values[index] : nil }
        }
        let first = Axis(metric, kind: isLog ? .log : .linear, isInverted: goal == .minimize)
        let scale = ColourScale("", of: shades, ramp: .emphasis)
        let part = shown.count < known.count ? "the best \(shown.count) of \(known.count) trials" : ""
        return Figure(
            title: "Parallel coordinates",
            description: "\(ChartParts.count(shown.count, "trial")) as lines across \(metric) and "
                + "\(ChartParts.count(parameters.count, "parameter")).",
            width: max(640, 110 * Double(parameters.count + 1) + 80), height: 380,
            panels: [
                Panel(
                    parallel: ParallelLines(
                        axes: [first] + parameters.map { $0.axis() }, rows: rows, shades: shades, scale: scale))
            ], note: ChartParts.notes(part, ChartParts.leftOut(of: values, isLog: isLog)))
    }

    /// The metric against each parameter, one small plot for each.
    ///
    /// It answers which values of a parameter were good, whatever the others were. The colour is the order of
    /// the trials, which shows where a sampler came to search. Inactive parameters
    /// lie on a rail at the side.
    ///
    /// - Parameters:
    ///   - excluded: trials that cannot be the best whatever their value is, as one that breaks a bound.
    ///   - limit: how many trials are drawn; of more a part, which the note says.
    public static func slices(
        parameters: [ChartParameter], values: [Double?], excluded: Set<Int> = [], metric: String, goal: Goal,
        isLog: Bool = false, limit: Int = .max
    ) -> Figure {
        let all = values.indices.filter { values[$0]?.isFinite == true && (!isLog || (values[$0] ?? 0) > 0) }
        let sample = ChartSample(
            values: all.map { values[$0] }, mayBeBest: { !excluded.contains(all[$0]) }, limit: limit)
        let known = sample.part(of: all)
        let y = known.map { values[$0] }
        let ends = isLog ? (low: nil, high: nil) : ChartParts.end(of: y.compactMap(\.self), goal: goal)
        let columns = parameters.count == 4 ? 2 : min(max(parameters.count, 1), 3)
        let rows = (parameters.count + columns - 1) / columns
        let order = known.map { Optional(Double($0)) }
        let scale = ColourScale("trial", of: order, ramp: .emphasis)
        let panels = parameters.enumerated().map { index, parameter in
            let x = known.map { $0 < parameter.values.count ? parameter.values[$0] : nil }
            let isFirst = index % columns == 0
            return Panel(
                x: parameter.axis(),
                y: Axis(isFirst ? metric : "", kind: isLog ? .log : .linear, from: ends.low, to: ends.high),
                marks: [
                    .points(
                        Points(x: x, y: y, size: min(ChartParts.pointSize(known.count), 5), shades: order, scale: scale)
                    )
                ])
        }
        return Figure(
            title: "Slices",
            description: "\(metric) against each of \(ChartParts.count(parameters.count, "parameter")), "
                + "\(ChartParts.count(all.count, "trial")).",
            width: columns < 3 ? 640 : 760, height: 60 + 210 * Double(max(rows, 1)), columns: columns, panels: panels,
            note: ChartParts.notes(sample.note(), ChartParts.leftOut(of: values, isLog: isLog)))
    }

    /// Two parameters as a map: the trials as points, and what lies between them as filled levels.
    ///
    /// It answers whether two parameters have to be chosen together: a slanted ridge says so. The levels are means
    /// of the trials around each place, weighted by a Gaussian kernel; places far from all trials stay empty, since
    /// nothing is known of them. Trials in which one of the two is inactive lie on the rails and have no part in
    /// the levels. Of a choice of hundreds of words only a part is shown, which the note says.
    public static func contour(
        _ x: ChartParameter, _ y: ChartParameter, values: [Double?], metric: String, goal: Goal, isLog: Bool = false
    ) -> Figure {
        let ends = isLog ? (low: nil, high: nil) : ChartParts.end(of: values.compactMap(\.self), goal: goal)
        let scale = ColourScale(
            metric, of: values, from: ends.low, to: ends.high, isReversed: goal == .minimize, isLog: isLog, levels: 10)
        let valued = values.indices.filter { scale.level(of: values[$0]) != nil }
        let ranked = ChartParts.ranked(valued, by: values, goal)
        let columns = FewerWords(x, of: ranked)
        let rows = FewerWords(y, of: ranked.filter { !columns.leftOut.contains($0) })
        let known = valued.filter { !columns.leftOut.contains($0) && !rows.leftOut.contains($0) }
        let across = known.map { $0 < x.values.count ? columns.parameter.values[$0] : nil }
        let up = known.map { $0 < y.values.count ? rows.parameter.values[$0] : nil }
        let shades = known.map { values[$0] }
        let surface = SmoothedSurface(
            x: across, y: up, values: shades, xKind: columns.parameter.kind, yKind: rows.parameter.kind, isLog: isLog)
        var marks: [Mark] = []
        if let map = surface.heatMap(scale) { marks.append(.heatMap(map)) }
        marks.append(
            .points(Points(x: across, y: up, size: ChartParts.pointSize(known.count) - 0.5, paint: .text)))
        marks.append(
            .points(
                Points(x: across, y: up, size: ChartParts.pointSize(known.count) - 2, shades: shades, scale: scale)))
        return Figure(
            title: "\(x.name) and \(y.name)",
            description: "\(metric) of \(ChartParts.count(known.count, "trial")) over two parameters.",
            height: 420, panels: [Panel(x: columns.parameter.axis(), y: rows.parameter.axis(), marks: marks)],
            note: ChartParts.notes(
                columns.note, rows.note,
                known.count == valued.count
                    ? "" : "not drawn: \(ChartParts.count(valued.count - known.count, "trial")) with other words",
                ChartParts.leftOut(of: values, isLog: isLog)))
    }
}
