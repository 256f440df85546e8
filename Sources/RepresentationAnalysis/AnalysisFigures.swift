import Plots
import Training

/// Pictures of what the analyses find.
///
///     let figures = AnalysisFigures(RunGroup.shortlyNamed(setupsOf: runs))
///     try Data(figures.curves(["val_loss", "val_accuracy"]).svg().utf8).write(to: file)
///     figures.weights(try WeightAnalysis.startToEnd(runs)).svg()
///
/// Runs of one group, such as the seeds of one set-up, are a line with a band, or a bar with a whisker. Every group has
/// the same colour in all plots of a figure.
public struct AnalysisFigures: Sendable {
    let groups: [RunGroup]
    private let groupOfRun: [String: Int]

    public init(_ groups: [RunGroup]) {
        self.groups = groups
        let pairs = groups.enumerated().flatMap { place, group in group.runs.map { ($0.path, place) } }
        groupOfRun = Dictionary(pairs) { first, _ in first }
    }

    // MARK: Lines

    /// What the runs reported by epoch: a plot for each metric that one of them has reported.
    ///
    /// - Parameter isLog: whether all axes are logarithmic; one whose values span four decades is in any case.
    public func curves(_ metrics: [String], isLog: Bool = false) -> Figure {
        let panels = metrics.compactMap { metric -> Panel? in
            let curves = groups.map { group in
                group.runs.map { run in
                    let points = run.epochs.compactMap { epoch in epoch[metric].map { (Double(epoch.epoch), $0) } }
                    return ChartCurve(group.name, steps: points.map(\.0), values: points.map(\.1))
                }
            }
            if curves.joined().allSatisfy({ $0.steps.isEmpty }) { return nil }
            let all = Array(curves.joined())
            return Figure.learningCurves(all, metric: metric, isLog: isLog || Self.spansDecades(all)).panels.first
        }
        return figure("Learning curves", "What \(Self.count(groups.flatMap(\.runs), "run")) reported by epoch.", panels)
    }

    /// Whether values are so far apart that most of them would lie on the axis: a loss that has diverged beside others.
    private static func spansDecades(_ curves: [ChartCurve]) -> Bool {
        let values = curves.flatMap(\.values).filter(\.isFinite)
        guard let least = values.min(), let most = values.max(), least > 0 else { return false }
        return most / least > 1e4
    }

    /// CKA of each block's output at the start and at the end, by `AlignmentAnalysis.startToEnd`.
    public func alignment(_ table: ResultTable) -> Figure {
        var panel = similarity(table, by: "block", of: "cka")
        // There is nothing between two blocks.
        let last = table.objects.compactMap { $0["block"]?.number }.max() ?? 0
        panel.x.kind = .categories((0...Int(last)).map(String.init))
        return figure(
            "Representations: end against start", "CKA of each block's output with that of the untrained network.",
            [panel])
    }

    /// How similar the tangent kernel still is to the first one, by `TangentAnalysis.alongRuns`.
    public func tangents(_ table: ResultTable) -> Figure {
        figure(
            "Tangent kernel: similarity to the start",
            "Cosine of the tangent kernel, and of the Jacobian, with those of the untrained network, by epoch.",
            ["ntk_similarity", "jacobian_similarity"].map { similarity(table, by: "epoch", of: $0, fromStart: true) })
    }

    /// - Parameter fromStart: whether every curve begins at 0 with 1, as the start is like itself.
    private func similarity(
        _ table: ResultTable, by step: String, of metric: String, fromStart: Bool = false
    ) -> Panel {
        var byRun: [String: (steps: [Double], values: [Double])] = [:]
        for row in table.objects {
            guard let run = row["run"]?.text, let at = row[step]?.number, let value = row[metric]?.number else {
                continue
            }
            if byRun[run] == nil { byRun[run] = fromStart ? ([0], [1]) : ([], []) }
            byRun[run]?.steps.append(at)
            byRun[run]?.values.append(value)
        }
        let curves = groups.flatMap { group in
            group.runs.map { run in
                let curve = byRun[run.path] ?? ([], [])
                return ChartCurve(group.name, steps: curve.steps, values: curve.values)
            }
        }
        let figure = Figure.similarityCurves(curves, step: step, title: "", metric: metric)
        return figure.panels.first ?? Panel(x: Axis(step), y: Axis(metric), marks: [])
    }

    private func figure(_ title: String, _ description: String, _ panels: [Panel]) -> Figure {
        let columns = min(max(panels.count, 1), 2)
        let rows = (panels.count + columns - 1) / columns
        let most = groups.map(\.runs.count).max() ?? 0
        return Figure(
            title: title, description: description, width: columns == 1 ? 640 : 820,
            height: 100 + 240 * Double(max(rows, 1)), columns: columns, panels: panels,
            note: most < 2 ? "" : "lines: mean of up to \(most) runs; bands: one standard deviation")
    }

    // MARK: Bars

    /// How far each layer's weights have moved, by `WeightAnalysis.startToEnd`. Biases begin at 0 and have no relative
    /// change.
    public func weights(_ table: ResultTable) -> Figure {
        var layers: [String] = []
        var changes: [[String: [Double]]] = Array(repeating: [:], count: groups.count)
        for row in table.objects {
            guard let group = row["run"]?.text.flatMap({ groupOfRun[$0] }), let layer = row["layer"]?.text,
                layer.hasSuffix(".weight") || layer == "weights", let change = row["relative_change"]?.number
            else { continue }
            let name = layer == "weights" ? "all" : String(layer.dropLast(".weight".count))
            if !layers.contains(name) { layers.append(name) }
            changes[group][name, default: []].append(change)
        }
        // Networks need not have the same depth: all layers together stay at the end.
        layers = layers.filter { $0 != "all" } + layers.filter { $0 == "all" }
        let hasSpread = groups.contains { $0.runs.count > 1 }
        let setups = groups.enumerated().map { place, group in
            let spreads = layers.map { Spread(changes[place][$0] ?? []) }
            return (
                name: group.name, changes: spreads.map { $0.mean ?? .nan },
                deviations: hasSpread ? spreads.map { $0.std ?? 0 } : nil
            )
        }
        var figure = Figure.weightChange(layers: layers, setups: setups)
        if hasSpread { figure.note = "lines across the tips: one standard deviation over runs" }
        figure.width = max(640, 120 + 14 * Double(layers.count * groups.count))
        return figure
    }

    static func count(_ items: some Collection, _ noun: String) -> String {
        "\(items.count) \(noun)" + (items.count == 1 ? "" : "s")
    }
}

extension ResultTable {
    /// The rows by the names of their columns.
    var objects: [[String: Cell]] { rows.map { row in Dictionary(zip(columns, row)) { first, _ in first } } }
}

extension ResultTable.Cell {
    var text: String? { if case .text(let text) = self { text } else { nil } }

    var number: Double? {
        switch self {
        case .number(let number): number
        case .integer(let number): Double(number)
        case .text, .missing: nil
        }
    }
}
