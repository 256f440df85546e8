extension Figure {
    /// Two parameters and the rank of each trial's result by colour: 0 % is the best.
    ///
    /// Ranks do not care how far a bad value is from the rest, so that one diverged trial hides nothing.
    public static func rank(
        _ x: ChartParameter, _ y: ChartParameter, values: [Double?], metric: String, goal: Goal
    ) -> Figure {
        let known = values.indices.filter { values[$0]?.isFinite == true }
        let sorted = ChartParts.ranked(known, by: values, goal)
        var ranks: [Int: Double] = [:]
        for (place, index) in sorted.enumerated() {
            ranks[index] = 100 * Double(place) / Double(max(sorted.count - 1, 1))
        }
        // The best are drawn last. A scale from 0 to 100 stays the same for any number of trials.
        let order = Array(sorted.reversed())
        let scale = ColourScale("rank, %", of: [0, 100], ramp: .emphasis, isReversed: true)
        let points = Points(
            x: order.map { $0 < x.values.count ? x.values[$0] : nil },
            y: order.map { $0 < y.values.count ? y.values[$0] : nil },
            size: ChartParts.pointSize(order.count), shades: order.map { ranks[$0] }, scale: scale)
        return Figure(
            title: "Rank of \(metric)",
            description:
                "\(ChartParts.count(order.count, "trial")) over \(x.name) and \(y.name); the best have rank 0 %.",
            height: 400, panels: [Panel(x: x.axis(), y: y.axis(), marks: [.points(points)])],
            note: ChartParts.leftOut(values.count - known.count))
    }

    /// The share of trials that are as good as a value, for one or more sweeps: the empirical distribution.
    ///
    ///     Figure.distribution([("tpe", tpe), ("random", random)], metric: "accuracy", goal: .maximize)
    ///
    /// It answers which of two samplers finds good values more often: the better one's line is higher. Values that a
    /// logarithmic axis has no place for count in the shares all the same; the note says how many there are.
    ///
    /// - Parameter sweeps: for each its name and the values of its trials.
    public static func distribution(
        _ sweeps: [(name: String, values: [Double])], metric: String, goal: Goal, isLog: Bool = false
    ) -> Figure {
        let all = sweeps.flatMap(\.values)
        let ends = isLog ? (low: nil, high: nil) : ChartParts.end(of: all, goal: goal)
        let marks: [Mark] = sweeps.enumerated().map { index, sweep in
            // From the best to the worst: whichever way the goal is, a share then holds until the next value.
            let sorted = sweep.values.filter(\.isFinite).sorted { goal.prefers($0, to: $1) }
            let shown = sorted.indices.filter { !isLog || sorted[$0] > 0 }
            let shares = shown.map { Double($0 + 1) / Double(sorted.count) }
            return .line(
                Line(sweep.name, x: shown.map { sorted[$0] }, y: shares, course: .steps, paint: .series(index)))
        }
        let counted = all.filter(\.isFinite).count
        let direction = goal == .minimize ? "at most" : "at least"
        return Figure(
            title: "Distribution of \(metric)",
            description:
                "The share of \(ChartParts.count(counted, "trial")) whose \(metric) is \(direction) a value.",
            panels: [
                Panel(
                    x: Axis(metric, kind: isLog ? .log : .linear, from: ends.low, to: ends.high),
                    y: Axis("share of trials with \(direction) this value", from: 0, to: 1), marks: marks)
            ], note: ChartParts.leftOut(of: all, isLog: isLog))
    }

    /// How long the trials took against what they reached.
    ///
    /// It answers whether the good values are dear, and which trial is nearly as good in half of the time.
    ///
    /// - Parameter durations: in seconds.
    public static func durations(
        _ durations: [Double?], values: [Double?], outcomes: [Outcome], metric: String, goal: Goal, isLog: Bool = false
    ) -> Figure {
        let ends = isLog ? (low: nil, high: nil) : ChartParts.end(of: values.compactMap(\.self), goal: goal)
        let trials = Array(zip(durations, zip(values, outcomes)))
        let marks: [Mark] = Outcome.allCases.compactMap { outcome in
            let shown = trials.filter { $0.1.1 == outcome && $0.0 != nil && $0.1.0 != nil }
            guard !shown.isEmpty else { return nil }
            return .points(
                Points(
                    outcome.name, x: shown.map(\.0), y: shown.map(\.1.0), symbol: outcome.symbol,
                    size: ChartParts.pointSize(trials.count), paint: outcome.paint))
        }
        return Figure(
            title: "Duration and \(metric)",
            description: "\(metric) of \(ChartParts.count(trials.count, "trial")) against the time they took.",
            panels: [
                Panel(
                    x: Axis("duration", kind: .time),
                    y: Axis(metric, kind: isLog ? .log : .linear, from: ends.low, to: ends.high), marks: marks)
            ])
    }

    /// How many trials failed for which reason, the most frequent first.
    ///
    ///     Figure.failures([("exit code 1", 4), ("out of memory", 11)])
    ///
    /// Reasons come from trainers and may hold anything; they are shortened and escaped.
    public static func failures(_ reasons: [(reason: String, count: Int)]) -> Figure {
        let sorted = reasons.enumerated().sorted {
            ($1.element.count, $0.offset) < ($0.element.count, $1.offset)
        }.map(\.element)
        let bars = Bars(
            .horizontal, places: sorted.indices.map(Double.init), lengths: sorted.map { Double($0.count) },
            labels: sorted.map { "\($0.count)" }, paint: .series(1))
        let total = sorted.reduce(0) { $0 + $1.count }
        return Figure(
            title: "Failures by reason", description: "\(ChartParts.count(total, "trial")) failed.",
            height: 100 + 28 * Double(min(max(sorted.count, 1), 40)),
            panels: [
                Panel(
                    x: Axis("trials"), y: Axis(kind: .categories(sorted.map(\.reason)), isInverted: true),
                    marks: sorted.isEmpty ? [] : [.bars(bars)])
            ])
    }
}
