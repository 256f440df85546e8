import Plots
import Training

/// Pictures of what the analyses find.
///
///     let figures = AnalysisFigures(RunGroup.shortlyNamed(setupsOf: runs))
///     try Data(figures.curves(["val_loss", "val_accuracy"]).svg().utf8).write(to: file)
///     figures.weights(try WeightAnalysis.alongRuns(runs)).svg()
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

    /// CKA of each block's output with that of the untrained network, or of another checkpoint, by
    /// `AlignmentAnalysis.alongRuns`: by block where the table has the ends of runs, by epoch with a plot for each
    /// block where it has several checkpoints of one.
    ///
    /// - Parameter reference: what the checkpoints are compared with.
    public func alignment(_ table: ResultTable, against reference: StoredRun.Moment = .start) -> Figure {
        let subject = "CKA of each block's output with that of \(Self.name(of: reference))"
        let other = reference == .start ? "the start" : Self.name(of: reference)
        let title = "Representations: likeness to \(other)"
        if Self.isByEpoch(table) {
            let blocks = Set(table.objects.compactMap { $0["block"]?.number }).sorted()
            return figure(
                title, subject + ", by epoch.",
                blocks.map { block in
                    var panel = similarity(
                        table.rows(with: .integer(Int(block)), in: "block"), by: "epoch", of: "cka",
                        fromStart: reference == .start)
                    panel.title = "block \(Int(block))"
                    return panel
                })
        }
        var panel = similarity(table, by: "block", of: "cka")
        // There is nothing between two blocks.
        let last = table.objects.compactMap { $0["block"]?.number }.max() ?? 0
        panel.x.kind = .categories((0...Int(last)).map(String.init))
        return figure(reference == .start ? "Representations: end against start" : title, subject + ".", [panel])
    }

    /// How similar the tangent kernel still is to the first one, or to that of another checkpoint, by
    /// `TangentAnalysis.alongRuns`; and how fast it changes, where the table says so.
    ///
    /// - Parameter reference: what the checkpoints are compared with.
    public func tangents(_ table: ResultTable, against reference: StoredRun.Moment = .start) -> Figure {
        let other = reference == .start ? "the start" : Self.name(of: reference)
        var panels = ["ntk_similarity", "jacobian_similarity"].map {
            similarity(table, by: "epoch", of: $0, fromStart: reference == .start)
        }
        if table.columns.contains("ntk_rate") {
            let rates = curves(of: table, by: "epoch", of: "ntk_rate")
            var panel =
                Figure.learningCurves(rates, metric: "ntk_rate").panels.first
                ?? Panel(x: Axis("epoch"), y: Axis("ntk_rate"), marks: [])
            // Estimates may lie below 0.
            if rates.flatMap(\.values).allSatisfy({ $0 >= 0 }) { panel.y.lowest = 0 }
            panels.append(panel)
        }
        return figure(
            "Tangent kernel: similarity to \(other)",
            "Cosine of the tangent kernel, and of the Jacobian, with those of \(Self.name(of: reference)), by epoch.",
            panels)
    }

    /// The checkpoint that others are compared with, in words.
    private static func name(of reference: StoredRun.Moment) -> String {
        switch reference {
        case .start: "the untrained network"
        case .last: "the last checkpoint"
        case .best: "the best checkpoint"
        case .epoch(let number): "epoch \(number)"
        }
    }

    /// Whether a table has several checkpoints of one run.
    private static func isByEpoch(_ table: ResultTable) -> Bool {
        var epochs: [String: Double] = [:]
        return table.objects.contains { row in
            guard let run = row["run"]?.text, let epoch = row["epoch"]?.number else { return false }
            return epochs.updateValue(epoch, forKey: run).map { $0 != epoch } ?? false
        }
    }

    /// - Parameter fromStart: whether every curve begins at 0 with 1, as the start is like itself.
    private func similarity(
        _ table: ResultTable, by step: String, of metric: String, fromStart: Bool = false
    ) -> Panel {
        let curves = curves(of: table, by: step, of: metric, from: fromStart ? 1 : nil)
        let figure = Figure.similarityCurves(curves, step: step, title: "", metric: metric)
        var panel = figure.panels.first ?? Panel(x: Axis(step), y: Axis(metric), marks: [])
        // Weights that have turned by more than a right angle.
        if let least = curves.flatMap(\.values).min(), least < 0 { panel.y.lowest = least - 0.1 }
        return panel
    }

    /// A column of a table as curves, one for each run, under the names of their groups.
    ///
    /// - Parameter start: the value at 0, where all curves have one that is in no table.
    private func curves(
        of table: ResultTable, by step: String, of metric: String, from start: Double? = nil
    ) -> [ChartCurve] {
        var byRun: [String: (steps: [Double], values: [Double])] = [:]
        for row in table.objects {
            guard let run = row["run"]?.text, let at = row[step]?.number, let value = row[metric]?.number else {
                continue
            }
            if byRun[run] == nil { byRun[run] = start.map { ([0], [$0]) } ?? ([], []) }
            byRun[run]?.steps.append(at)
            byRun[run]?.values.append(value)
        }
        return groups.flatMap { group in
            group.runs.map { run in
                let curve = byRun[run.path] ?? ([], [])
                return ChartCurve(group.name, steps: curve.steps, values: curve.values)
            }
        }
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

    /// How far each layer's weights have moved and turned, by `WeightAnalysis.alongRuns`: bars for each layer where the
    /// table has the ends of runs, curves by epoch where it has several checkpoints of one. Biases begin at 0 and have
    /// neither relative change nor angle.
    ///
    /// - Parameter reference: what the checkpoints are compared with.
    public func weights(_ table: ResultTable, against reference: StoredRun.Moment = .start) -> Figure {
        let metrics = ["relative_change", "cosine"]
        let layers = Self.layers(of: table)
        let title = "Change of weights" + (reference == .start ? "" : " since \(Self.name(of: reference))")
        let words = "Relative change of the weights, and cosine of their angle, against \(Self.name(of: reference))"
        if Self.isByEpoch(table) {
            let panels = layers.flatMap { layer in
                metrics.map { metric -> Panel in
                    let rows = table.rows(with: .text(layer.column), in: "layer")
                    var panel: Panel
                    if metric == "cosine" {
                        panel = similarity(rows, by: "epoch", of: metric, fromStart: reference == .start)
                    } else {
                        let curves = curves(of: rows, by: "epoch", of: metric, from: reference == .start ? 0 : nil)
                        panel =
                            Figure.learningCurves(curves, metric: "relative change").panels.first
                            ?? Panel(x: Axis("epoch"), y: Axis("relative change"), marks: [])
                    }
                    panel.title = layer.name == "all" ? "all layers" : "layer \(layer.name)"
                    return panel
                }
            }
            return figure(title, words + ", by epoch.", panels)
        }
        var result = bars(table, "relative_change", layers)
        result.title = title
        result.description = words + ", layer by layer."
        result.panels += bars(table, "cosine", layers).panels
        result.height *= 1.8
        return result
    }

    /// The layers of a table by the names that a plot has for them, all layers together last: networks need not have
    /// the same depth.
    private static func layers(of table: ResultTable) -> [(column: String, name: String)] {
        var columns: [String] = []
        for row in table.objects {
            guard let layer = row["layer"]?.text, layer.hasSuffix(".weight"), !columns.contains(layer) else { continue }
            columns.append(layer)
        }
        return columns.map { ($0, String($0.dropLast(".weight".count))) } + [("weights", "all")]
    }

    /// One bar for each layer and group.
    private func bars(_ table: ResultTable, _ metric: String, _ named: [(column: String, name: String)]) -> Figure {
        let names = Dictionary(named.map { ($0.column, $0.name) }) { first, _ in first }
        var changes: [[String: [Double]]] = Array(repeating: [:], count: groups.count)
        for row in table.objects {
            guard let group = row["run"]?.text.flatMap({ groupOfRun[$0] }),
                let name = row["layer"]?.text.flatMap({ names[$0] }), let change = row[metric]?.number
            else { continue }
            changes[group][name, default: []].append(change)
        }
        let layers = named.map(\.name)
        let hasSpread = groups.contains { $0.runs.count > 1 }
        let setups = groups.enumerated().map { place, group in
            let spreads = layers.map { Spread(changes[place][$0] ?? []) }
            return (
                name: group.name, changes: spreads.map { $0.mean ?? .nan },
                deviations: hasSpread ? spreads.map { $0.std ?? 0 } : nil
            )
        }
        var figure = Figure.weightChange(
            layers: layers, setups: setups, metric: metric == "cosine" ? "cosine" : "relative change")
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

    /// The rows that have a cell in a column.
    func rows(with cell: Cell, in column: String) -> ResultTable {
        var table = ResultTable(columns: columns)
        guard let place = columns.firstIndex(of: column) else { return table }
        for row in rows where row[place] == cell { table.append(row) }
        return table
    }
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
