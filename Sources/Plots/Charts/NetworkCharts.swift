/// Charts of trained networks: similarity of representations and kernels, changes of weights, spectra.
extension Figure {
    /// Similarities between layers as a heat map, such as CKA: 1 is the same up to rotation and scale.
    ///
    /// The first row is on top, so that the diagonal of a network with itself falls from the left to the right.
    /// The scale always goes from 0 to 1, and maps of different runs can be compared. Up to twelve layers the
    /// cells show their numbers.
    ///
    /// - Parameter values: `values[row][column]`; nil where it could not be computed.
    public static func similarity(
        rows: [String], columns: [String], values: [[Double?]], rowTitle: String = "", columnTitle: String = "",
        title: String = "CKA"
    ) -> Figure {
        let scale = ColourScale(title, of: [0, 1], levels: 64)
        let size = max(rows.count, columns.count)
        return Figure(
            title: title,
            description: "Similarity of \(ChartParts.count(rows.count, "layer")) with \(columns.count), from 0 to 1.",
            width: 560, height: 480,
            panels: [
                Panel(
                    x: Axis(columnTitle, kind: .categories(columns)),
                    y: Axis(rowTitle, kind: .categories(rows), isInverted: true),
                    marks: [.heatMap(HeatMap(values, scale: scale, decimals: size <= 12 ? 2 : nil))])
            ])
    }

    /// Similarity to where training started, over epochs or blocks: CKA of each block, or the tangent kernel.
    ///
    /// Lines of one name are seeds of one setup: they become a mean with a band. The axis always shows 0 to 1,
    /// since a curve that fills its plot would make a change of 0.01 look like a collapse.
    public static func similarityCurves(
        _ curves: [ChartCurve], step: String = "epoch", title: String, metric: String
    ) -> Figure {
        var figure = learningCurves(curves, step: step, metric: metric, title: title)
        for index in figure.panels.indices {
            figure.panels[index].y.lowest = 0
            figure.panels[index].y.highest = 1.02
        }
        return figure
    }

    /// How far the weights of each layer moved, for one or more setups beside each other.
    ///
    ///     Figure.weightChange(
    ///         layers: ["block 1", "block 2"], setups: [("adam", [0.4, 0.5], [0.03, 0.02]), ("sgd", [0.1, 0.2], nil)])
    ///
    /// - Parameter setups: for each its name, one change for each layer, and deviations over seeds if known.
    public static func weightChange(
        layers: [String], setups: [(name: String, changes: [Double], deviations: [Double]?)],
        metric: String = "relative change", isLog: Bool = false
    ) -> Figure {
        let thickness = 0.8 / Double(max(setups.count, 1))
        let marks: [Mark] = setups.enumerated().map { index, setup in
            let shift = (Double(index) - Double(setups.count - 1) / 2) * thickness
            let whiskers = setup.deviations.map { deviations in
                zip(setup.changes, deviations).map { Optional(Bars.Whisker(low: $0 - $1, high: $0 + $1)) }
            }
            return .bars(
                Bars(
                    .vertical, name: setup.name, places: layers.indices.map { Double($0) + shift },
                    lengths: setup.changes,
                    whiskers: whiskers ?? [], thickness: thickness * 0.92, paint: .series(index)))
        }
        return Figure(
            title: "Change of weights",
            description: "\(metric) of \(ChartParts.count(layers.count, "layer")) in "
                + "\(ChartParts.count(setups.count, "setup")).",
            panels: [
                Panel(
                    x: Axis("layer", kind: .categories(layers)), y: Axis(metric, kind: isLog ? .log : .linear),
                    marks: marks)
            ],
            note: setups.contains { $0.deviations != nil }
                ? "lines across the tips: one standard deviation over seeds" : "")
    }

    /// Singular values or eigenvalues from the largest to the smallest, on log axes.
    ///
    /// A straight line is a power law, and a bend downwards is where the rank effectively ends. Values that are
    /// zero or negative have no place on a log axis; the note says how many there are.
    ///
    /// - Parameter cut: the values below it are dropped by the method; drawn as a rule.
    public static func spectrum(
        _ spectra: [(name: String, values: [Double])], metric: String = "singular value", cut: Double? = nil
    ) -> Figure {
        var marks: [Mark] = spectra.enumerated().map { index, spectrum in
            let sorted = spectrum.values.filter { $0.isFinite && $0 > 0 }.sorted(by: >)
            return .line(
                Line(spectrum.name, x: sorted.indices.map { Double($0 + 1) }, y: sorted, paint: .series(index)))
        }
        if let cut { marks.append(.rule(Rule(.horizontal, at: cut, label: "cut"))) }
        let dropped = spectra.flatMap(\.values).filter { !($0 > 0) }.count
        return Figure(
            title: "Spectrum", description: "\(metric) by rank, \(ChartParts.count(spectra.count, "line")).",
            panels: [Panel(x: Axis("rank", kind: .log), y: Axis(metric, kind: .log), marks: marks)],
            note: dropped == 0 ? "" : "\(dropped) that are zero, negative or not a number are not drawn")
    }
}
