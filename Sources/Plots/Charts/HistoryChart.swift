extension Figure {
    /// Each trial's result in the order of the trials, and the best so far.
    ///
    ///     Figure.history(
    ///         values: [0.91, nil, 0.95], outcomes: [.complete, .failed, .complete], metric: "accuracy",
    ///         goal: .maximize)
    ///
    /// It answers whether the sweep still gets better. Results that are far worse than the rest are triangles
    /// at the edge; otherwise a single diverged trial would press all others into one line. The legend names
    /// the best value and its trial, where no mark can hide it.
    ///
    /// - Parameters:
    ///   - values: one for each trial, nil where it has none; only complete trials can be the best.
    ///   - outcomes: one for each trial.
    public static func history(
        values: [Double?], outcomes: [Outcome], metric: String, goal: Goal, isLog: Bool = false
    ) -> Figure {
        let ends = isLog ? (low: nil, high: nil) : ChartParts.end(of: values.compactMap(\.self), goal: goal)
        var marks: [Mark] = []
        var best: (x: [Double], y: [Double]) = ([], [])
        for (index, (value, outcome)) in zip(values, outcomes).enumerated() {
            guard let value, value.isFinite, outcome == .complete else { continue }
            if best.y.last.map({ goal.prefers(value, to: $0) }) ?? true {
                best.x.append(Double(index))
                best.y.append(value)
            }
        }
        let last = (best.x.last, best.y.last)
        // The best holds up to the last trial.
        if let value = last.1, values.count > 1 {
            best.x.append(Double(values.count - 1))
            best.y.append(value)
        }
        let name = last.1.map { "best so far: \(NumberText.short($0)) in trial \(Int(last.0 ?? 0))" } ?? "best so far"
        marks.append(.line(Line(name, x: best.x, y: best.y, course: .steps, paint: .series(2), width: 2.5)))
        let size = ChartParts.pointSize(values.count)
        for outcome in Outcome.allCases {
            let shown = zip(values, outcomes).enumerated().filter { $0.element.1 == outcome && $0.element.0 != nil }
            guard !shown.isEmpty else { continue }
            marks.append(
                .points(
                    Points(
                        outcome.name, x: shown.map { Double($0.offset) }, y: shown.map(\.element.0),
                        symbol: outcome.symbol,
                        size: size, paint: outcome.paint)))
        }
        let missing = zip(values, outcomes).filter { $0.0?.isFinite != true }.count
        let summary = last.1.map { "The best is \(NumberText.short($0))." } ?? "No trial is complete."
        return Figure(
            title: "History", description: "\(metric) of \(ChartParts.count(values.count, "trial")). \(summary)",
            panels: [
                Panel(
                    x: Axis("trial"), y: Axis(metric, kind: isLog ? .log : .linear, from: ends.low, to: ends.high),
                    marks: marks)
            ], note: missing == 0 ? "" : "not drawn: \(ChartParts.count(missing, "trial")) without a value")
    }
}
