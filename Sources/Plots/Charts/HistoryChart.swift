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
    ///   - excluded: complete trials that cannot be the best all the same, as one that breaks a bound.
    ///   - limit: how many points are drawn; of more trials a part, which the note says. The best so far is that of
    ///     all of them.
    public static func history(
        values: [Double?], outcomes: [Outcome], excluded: Set<Int> = [], metric: String, goal: Goal,
        isLog: Bool = false, limit: Int = .max
    ) -> Figure {
        let ends = isLog ? (low: nil, high: nil) : ChartParts.end(of: values.compactMap(\.self), goal: goal)
        var marks: [Mark] = []
        var best: (x: [Double], y: [Double]) = ([], [])
        for (index, (value, outcome)) in zip(values, outcomes).enumerated() {
            guard let value, value.isFinite, outcome == .complete, !excluded.contains(index) else { continue }
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
        let valued = values.indices.filter { values[$0] != nil && $0 < outcomes.count }
        let sample = ChartSample(
            values: valued.map { values[$0] }, outcomes: valued.map { outcomes[$0] },
            mayBeBest: { outcomes[valued[$0]] == .complete && !excluded.contains(valued[$0]) }, limit: limit)
        let drawn = sample.part(of: valued)
        for outcome in Outcome.allCases {
            let shown = drawn.filter { outcomes[$0] == outcome }
            guard !shown.isEmpty else { continue }
            marks.append(
                .points(
                    Points(
                        outcome.name, x: shown.map(Double.init), y: shown.map { values[$0] },
                        symbol: outcome.symbol,
                        size: size, paint: outcome.paint)))
        }
        let missing = zip(values, outcomes).filter { $0.0?.isFinite != true }.count
        let isComplete = zip(values, outcomes).contains { $0.0?.isFinite == true && $0.1 == .complete }
        let summary =
            last.1.map { "The best is \(NumberText.short($0))." }
            ?? (isComplete ? "No complete trial keeps all bounds." : "No trial is complete.")
        return Figure(
            title: "History", description: "\(metric) of \(ChartParts.count(values.count, "trial")). \(summary)",
            panels: [
                Panel(
                    x: Axis("trial"), y: Axis(metric, kind: isLog ? .log : .linear, from: ends.low, to: ends.high),
                    marks: marks)
            ],
            note: ChartParts.notes(
                sample.note(), missing == 0 ? "" : "not drawn: \(ChartParts.count(missing, "trial")) without a value"))
    }
}
