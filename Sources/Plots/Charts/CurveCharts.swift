/// Reported values of one trial, or of one run of the trainer.
public struct ChartCurve: Sendable, Hashable {
    public var name: String
    public var outcome: Outcome
    public var steps: [Double]
    public var values: [Double]

    public init(_ name: String = "", outcome: Outcome = .complete, steps: [Double], values: [Double]) {
        self.name = name
        self.outcome = outcome
        self.steps = steps
        self.values = values
    }
}

extension Figure {
    /// What the trials reported while they ran, coloured by how they ended.
    ///
    /// It answers whether pruning stops the right trials: at the step where a pruned curve ends it should be worse than
    /// the complete ones, which is below them where the metric is maximized. Complete trials are drawn last, on top of
    /// those that were pruned.
    ///
    /// - Parameters:
    ///   - excluded: curves that cannot be the best whatever their values are, as that of a trial that breaks a bound.
    ///   - limit: how many curves are drawn; of more a part, which the note says.
    public static func intermediateValues(
        _ curves: [ChartCurve], excluded: Set<Int> = [], step: String = "epoch", metric: String, goal: Goal,
        isLog: Bool = false, limit: Int = .max
    ) -> Figure {
        let order: [Outcome] = [.interrupted, .failed, .pruned, .running, .complete]
        let sample = ChartSample(
            values: curves.map(\.values.last), outcomes: curves.map(\.outcome),
            mayBeBest: { curves[$0].outcome == .complete && !excluded.contains($0) }, limit: limit)
        let drawn = sample.part(of: curves)
        let opacity = drawn.count > 200 ? 0.25 : drawn.count > 40 ? 0.45 : 0.75
        let all = drawn.flatMap(\.values)
        let ends = isLog ? (low: nil, high: nil) : ChartParts.end(of: all, goal: goal)
        let marks: [Mark] = order.flatMap { outcome in
            drawn.filter { $0.outcome == outcome }.enumerated().map { index, curve in
                .line(
                    Line(
                        index == 0 ? outcome.name : nil, x: curve.steps, y: curve.values, paint: outcome.paint,
                        width: 1.5,
                        opacity: opacity))
            }
        }
        return Figure(
            title: "Intermediate values",
            description: "\(metric) of \(ChartParts.count(curves.count, "trial")) by \(step).",
            panels: [
                Panel(
                    x: Axis(step), y: Axis(metric, kind: isLog ? .log : .linear, from: ends.low, to: ends.high),
                    marks: marks)
            ], note: sample.note("curve"))
    }

    /// Learning curves of setups: the mean over the seeds of each, with a band of one standard deviation.
    ///
    ///     Figure.learningCurves([
    ///         ChartCurve("adam", steps: epochs, values: seed42), ChartCurve("adam", steps: epochs, values: seed43),
    ///         ChartCurve("sgd", steps: epochs, values: other),
    ///     ], metric: "test accuracy")
    ///
    /// Curves of one name belong together. At each step the mean is over the seeds that reported there; with
    /// a single seed there is no band.
    public static func learningCurves(
        _ curves: [ChartCurve], step: String = "epoch", metric: String, isLog: Bool = false,
        title: String = "Learning curves"
    ) -> Figure {
        var names: [String] = []
        for curve in curves where !names.contains(curve.name) { names.append(curve.name) }
        var bands: [Mark] = []
        var lines: [Mark] = []
        var seeds = 0
        // A logarithmic axis has no place for what lies below all values.
        let least = isLog ? curves.flatMap(\.values).filter { $0 > 0 }.min() ?? 0 : -.infinity
        for (index, name) in names.enumerated() {
            let group = curves.filter { $0.name == name }
            seeds = max(seeds, group.count)
            var byStep: [Double: [Double]] = [:]
            for (step, value) in group.flatMap({ zip($0.steps, $0.values) }) where value.isFinite {
                byStep[step, default: []].append(value)
            }
            let steps = byStep.keys.filter(\.isFinite).sorted()
            let means = steps.map { ChartParts.mean(byStep[$0] ?? []) ?? (.nan, 0) }
            let lower = means.map { max($0.mean - $0.deviation, least) }
            // The colours repeat after seven, the dashes then do not.
            let dash: Dash = index < 7 ? .solid : index < 14 ? .dashed : .dotted
            if group.count > 1 {
                bands.append(
                    .band(
                        Band(
                            x: steps, lower: lower,
                            upper: means.map { $0.mean + $0.deviation },
                            paint: .series(index))))
            }
            lines.append(.line(Line(name, x: steps, y: means.map(\.mean), paint: .series(index), dash: dash)))
        }
        return Figure(
            title: title,
            description: "\(metric) by \(step) of \(ChartParts.count(names.count, "setup")), "
                + "\(ChartParts.count(curves.count, "run")).",
            panels: [Panel(x: Axis(step), y: Axis(metric, kind: isLog ? .log : .linear), marks: bands + lines)],
            note: bands.isEmpty
                ? "" : "lines: mean of up to \(ChartParts.count(seeds, "seed")); bands: one standard deviation")
    }
}
