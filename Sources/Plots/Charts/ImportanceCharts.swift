/// How important a parameter is, with an interval if it is known.
public struct ChartImportance: Sendable, Hashable {
    public var name: String
    public var value: Double
    public var interval: Bars.Whisker?

    public init(_ name: String, _ value: Double, interval: Bars.Whisker? = nil) {
        self.name = name
        self.value = value
        self.interval = interval
    }
}

/// What a model expects of the metric along one parameter.
public struct ChartDependence: Sendable, Hashable {
    public var parameter: String
    public var isLog: Bool
    /// The words at x = 0, 1, … where the parameter is a choice; else empty.
    public var categories: [String]
    public var x: [Double]
    public var mean: [Double]
    public var lower: [Double]
    public var upper: [Double]

    public init(_ parameter: String, isLog: Bool = false, x: [Double], mean: [Double], lower: [Double], upper: [Double])
    {
        self.parameter = parameter
        self.isLog = isLog
        categories = []
        self.x = x
        self.mean = mean
        self.lower = lower
        self.upper = upper
    }

    /// Of a choice: a mean with its interval for each word.
    public init(_ parameter: String, categories: [String], mean: [Double], lower: [Double], upper: [Double]) {
        self.init(
            parameter, x: categories.indices.map(Double.init), mean: mean, lower: lower, upper: upper)
        self.categories = categories
    }

    fileprivate var kind: Axis.Kind {
        if !categories.isEmpty { return .categories(categories) }
        return isLog ? .log : .linear
    }

    fileprivate var marks: [Mark] {
        if categories.isEmpty {
            return [.band(Band(x: x, lower: lower, upper: upper)), .line(Line(x: x, y: mean))]
        }
        let intervals = zip(x, zip(lower, upper)).map { place, ends in
            Mark.line(Line(x: [place, place], y: [ends.0, ends.1]))
        }
        return intervals + [.points(Points(x: x, y: mean))]
    }
}

extension Figure {
    /// Parameters by how much they matter, the most important on top.
    ///
    ///     Figure.importance(
    ///         [ChartImportance("learning_rate", 0.62, interval: .init(low: 0.51, high: 0.7))],
    ///         method: "PED-ANOVA", metric: "accuracy")
    ///
    /// Where two intervals overlap, the order of the two parameters may be chance.
    public static func importance(_ parameters: [ChartImportance], method: String, metric: String) -> Figure {
        let sorted = parameters.enumerated().sorted { first, second in
            let (one, other) = (first.element.value, second.element.value)
            if one == other || one.isNaN || other.isNaN { return first.offset < second.offset }
            return one > other
        }.map(\.element)
        let bars = Bars(
            .horizontal, places: sorted.indices.map(Double.init), lengths: sorted.map(\.value),
            whiskers: sorted.map(\.interval), labels: sorted.map { NumberText.short($0.value) })
        let highest = Extent(of: sorted.flatMap { [$0.value, $0.interval?.high] })?.high
        return Figure(
            title: "Importance for \(metric)",
            description: "\(ChartParts.count(sorted.count, "parameter")) by \(method)."
                + (sorted.first.map { " \($0.name) matters most." } ?? ""),
            height: 100 + 28 * Double(min(max(sorted.count, 1), 40)),
            panels: [
                Panel(
                    // Room for the numbers beyond the longest bar.
                    x: Axis(method, to: highest.flatMap { $0 > 0 ? $0 * 1.15 : nil }),
                    y: Axis(kind: .categories(sorted.map(\.name)), isInverted: true),
                    marks: sorted.isEmpty ? [] : [.bars(bars)])
            ],
            note: sorted.contains { $0.interval != nil } ? "lines across the tips: intervals" : "")
    }

    /// The expected metric along each parameter, all others averaged, with its uncertainty.
    ///
    /// All plots have the same vertical axis: a flat line is a parameter that does not matter.
    public static func partialDependence(
        _ dependences: [ChartDependence], metric: String, band: String = "one standard deviation"
    ) -> Figure {
        let columns = min(max(dependences.count, 1), 3)
        let rows = (dependences.count + columns - 1) / columns
        let extent = Extent(of: dependences.flatMap { $0.lower + $0.upper + $0.mean }.map(Optional.init))?.widened(
            by: 0.04)
        let panels = dependences.enumerated().map { index, dependence in
            Panel(
                x: Axis(dependence.parameter, kind: dependence.kind),
                y: Axis(index % columns == 0 ? metric : "", from: extent?.low, to: extent?.high),
                marks: dependence.marks)
        }
        return Figure(
            title: "Partial dependence",
            description: "The expected \(metric) along \(ChartParts.count(dependences.count, "parameter")).",
            width: columns < 3 ? 640 : 760, height: 80 + 200 * Double(max(rows, 1)), columns: columns, panels: panels,
            note: "bands: \(band)")
    }
}
