/// A number that a sweep optimizes or bounds, in all of its trials.
///
///     ChartObjective("latency", goal: .minimize, limits: [.init(at: 20, "latency <= 20")], values: [12.5, nil, 25])
public struct ChartObjective: Sendable, Hashable {
    public var name: String
    public var goal: Goal
    /// Whether it is optimized; else it only has a bound.
    public var isOptimized: Bool
    public var isLog: Bool
    public var limits: [Limit]
    /// One for each trial; nil where it has none.
    public var values: [Double?]

    /// The last value that is good enough.
    public struct Limit: Sendable, Hashable {
        public var place: Double
        public var label: String

        public init(at place: Double, _ label: String) {
            self.place = place
            self.label = label
        }
    }

    public init(
        _ name: String, goal: Goal, isOptimized: Bool = true, isLog: Bool = false, limits: [Limit] = [],
        values: [Double?]
    ) {
        self.name = name
        self.goal = goal
        self.isOptimized = isOptimized
        self.isLog = isLog
        self.limits = limits
        self.values = values
    }
}

/// What a complete trial is worth beside the others.
public enum Standing: Sendable, Hashable, CaseIterable {
    /// It keeps all bounds, and no other trial that does is better in one objective and no worse in any.
    case front
    /// It keeps all bounds, and another trial dominates it.
    case dominated
    case breaksBound
}

extension Figure {
    /// What the trials have reached in two metrics, in a panel for each pair of the given ones.
    ///
    ///     Figure.front(
    ///         [
    ///             ChartObjective("val_loss", goal: .minimize, values: [0.2, 0.3, 0.4]),
    ///             ChartObjective("size", goal: .minimize, values: [900, 300, 500]),
    ///         ], standings: [.front, .front, .dominated])
    ///
    /// It answers what an improvement of one metric costs in the other. The trials of the Pareto front are joined by
    /// the edge of what they dominate. It has steps, since nothing is known to lie between two trials. Where there are
    /// more than two objectives, the edge is that of the two in the panel, and what is on the front for the sake of
    /// a third one lies behind it.
    ///
    /// - Parameters:
    ///   - objectives: what the panels show, which need not be all that the sweep optimizes; of more than six the first
    ///     six.
    ///   - standings: one for each trial, nil for one that is not drawn, as it is not complete or lacks a value.
    ///   - isOfOne: whether the sweep optimizes one metric only, and bounds others: what is called its front is then
    ///     the best trial, and there is no edge.
    ///   - limit: how many points are drawn in a panel, beside the front; of more a part, which the note says.
    public static func front(
        _ objectives: [ChartObjective], standings: [Standing?], isOfOne: Bool = false, limit: Int = .max
    ) -> Figure {
        let shown = Array(objectives.prefix(FrontChart.maxObjectives))
        return FrontChart(shown, standings, isOfOne: isOfOne, limit: limit).figure(
            leftOut: objectives.count - shown.count)
    }
}

/// The chart with what its panels share.
private struct FrontChart {
    let objectives: [ChartObjective]
    let standings: [Standing?]
    let isOfOne: Bool
    /// The trials that are drawn, in order.
    let drawn: [Int]
    /// How many that are not on the front there are, and how many of them are drawn.
    private let others: (all: Int, drawn: Int)

    static let maxObjectives = 6
    /// So many trials of a front are named where they stand, and so many in the description.
    private static let maxLabels = 24
    private static let maxNamed = 10

    init(_ objectives: [ChartObjective], _ standings: [Standing?], isOfOne: Bool, limit: Int) {
        self.objectives = objectives
        self.standings = standings
        self.isOfOne = isOfOne
        let rest = standings.indices.filter { standings[$0] != nil && standings[$0] != .front }
        let values = objectives.first?.values ?? []
        let sample = ChartSample(
            values: rest.map { $0 < values.count ? values[$0] : nil },
            outcomes: rest.map { standings[$0] == .dominated ? .complete : .failed }, limit: limit)
        let part = sample.part(of: rest)
        others = (rest.count, part.count)
        drawn = (standings.indices.filter { standings[$0] == .front } + part).sorted()
    }

    private var onFront: [Int] { drawn.filter { standings[$0] == .front } }

    func figure(leftOut: Int) -> Figure {
        let pairs = objectives.indices.flatMap { first in objectives.indices.dropFirst(first + 1).map { (first, $0) } }
        let columns = min(max(pairs.count, 1), 3)
        let rows = (pairs.count + columns - 1) / columns
        let axes = objectives.map(axis)
        let beyond = zip(objectives, axes).flatMap { objective, axis in
            objective.limits.map(\.label).filter { label in !axis.limits.contains { $0.label == label } }
        }
        let undrawn = standings.count { $0 == nil }
        return Figure(
            title: isOfOne ? "Bounds" : "Pareto front", description: description,
            width: columns < 3 ? 640 : 760, height: pairs.count > 1 ? 60 + 240 * Double(rows) : 420, columns: columns,
            panels: pairs.map { panel(($0, axes[$0]), ($1, axes[$1]), isAlone: pairs.count == 1) },
            note: ChartParts.notes(
                sampleNote, undrawn == 0 ? "" : ChartParts.leftOut(undrawn),
                beyond.isEmpty ? "" : "beyond the axes: \(beyond.joined(separator: ", "))",
                leftOut > 0 ? "the first \(objectives.count) of \(objectives.count + leftOut) metrics" : ""))
    }

    private var sampleNote: String {
        others.drawn == others.all
            ? "" : "drawn: the front, and \(others.drawn) of \(ChartParts.count(others.all, "other trial"))"
    }

    private var description: String {
        let all = standings.count { $0 != nil }
        let names = objectives.map(\.name).joined(separator: ", ")
        if objectives.isEmpty || all == 0 { return names.isEmpty ? "No metrics." : "\(names): no trial is complete." }
        let front = onFront.prefix(Self.maxNamed).map(words).joined(separator: "; ")
        let more = onFront.count > Self.maxNamed ? "; and \(onFront.count - Self.maxNamed) more" : ""
        let sentence =
            onFront.isEmpty
            ? "none of them keeps all bounds."
            : isOfOne ? "the best is \(front)\(more)." : "\(onFront.count) on the front: \(front)\(more)."
        return "\(names) of \(ChartParts.count(all, "complete trial")), \(sentence)"
    }

    /// `trial 17: val_loss 0.21, size 1200`
    private func words(_ trial: Int) -> String {
        let values = objectives.map { objective in
            "\(objective.name) \(value(trial, objective).map(NumberText.short) ?? "unknown")"
        }
        return "trial \(trial): \(values.joined(separator: ", "))"
    }

    private func value(_ trial: Int, _ objective: ChartObjective) -> Double? {
        let value = trial < objective.values.count ? objective.values[trial] : nil
        return value.flatMap { $0.isFinite ? $0 : nil }
    }

    // MARK: Axes

    /// The axis of an objective, and the limits that it reaches: one that is far from all trials would press them into
    /// a corner.
    private func axis(_ objective: ChartObjective) -> (axis: Axis, limits: [ChartObjective.Limit]) {
        let title =
            objective.isOptimized
            ? "\(objective.name) (\(objective.goal == .minimize ? "minimize" : "maximize"))" : objective.name
        var axis = Axis(title, kind: objective.isLog ? .log : .linear)
        let values = drawn.compactMap { value($0, objective) }
        guard let extent = Extent(of: values, where: { !objective.isLog || $0 > 0 }) else {
            return (axis, objective.limits)
        }
        if !objective.isLog {
            let ends = ChartParts.end(of: values, goal: objective.goal)
            (axis.lowest, axis.highest) = (ends.low, ends.high)
            for value in onFront.compactMap({ value($0, objective) }) { Self.stretch(&axis, to: value, extent) }
        }
        let shown = Extent(low: axis.lowest ?? extent.low, high: axis.highest ?? extent.high)
        let near = objective.limits.filter { Self.isNear($0.place, shown, isLog: objective.isLog) }
        for limit in near { Self.stretch(&axis, to: limit.place, extent) }
        return (axis, near)
    }

    /// Moves an end that leaves values out so far that it does not leave out this one.
    private static func stretch(_ axis: inout Axis, to value: Double, _ extent: Extent) {
        if let low = axis.lowest, value < low { axis.lowest = value - (extent.high / 2 - value / 2) * 0.04 }
        if let high = axis.highest, value > high { axis.highest = value + (value / 2 - extent.low / 2) * 0.04 }
    }

    /// Whether a place lies on an axis, or would if that were a third longer on either side.
    private static func isNear(_ place: Double, _ extent: Extent, isLog: Bool) -> Bool {
        guard isLog else { return (-0.34...1.34).contains(extent.share(of: place)) }
        guard place > 0 else { return false }
        let logs = Extent(low: logarithm(extent.low), high: logarithm(extent.high))
        return (-0.34...1.34).contains(logs.share(of: logarithm(place)))
    }

    // MARK: Panels

    private typealias Place = (trial: Int, x: Double, y: Double)
    private typealias Side = (objective: Int, on: (axis: Axis, limits: [ChartObjective.Limit]))

    private func panel(_ across: Side, _ up: Side, isAlone: Bool) -> Panel {
        let (x, y) = (objectives[across.objective], objectives[up.objective])
        let places = drawn.compactMap { trial -> Place? in
            guard let left = value(trial, x), let top = value(trial, y) else { return nil }
            return (trial, left, top)
        }
        let front = places.filter { standings[$0.trial] == .front }
        let size = ChartParts.pointSize(drawn.count)
        var marks: [Mark] = []
        for (standing, name, symbol) in [
            (Standing.breaksBound, "breaks a bound", Symbol.ring),
            (.dominated, isOfOne ? "keeps the bounds" : "dominated", .circle),
        ] {
            let shown = places.filter { standings[$0.trial] == standing }
            if shown.isEmpty { continue }
            marks.append(.points(points(shown, name, symbol, size: size, paint: .muted)))
        }
        if x.isOptimized, y.isOptimized {
            let edge = Self.edge(of: front, x.goal, y.goal)
            if edge.count > 1 {
                marks.append(.line(Line(x: edge.map(\.x), y: edge.map(\.y), course: .steps, width: 1.5)))
            }
        }
        if !front.isEmpty {
            let name = isOfOne ? "best" : "Pareto front"
            marks.append(.points(points(front, name, .circle, size: size + 2, paint: .series(0))))
        }
        if isAlone, front.count <= Self.maxLabels, !front.isEmpty {
            // On the side where the goals are: nothing lies there, or it would dominate the trial.
            let side = Labels.Side.corner(isLeft: x.goal == .minimize, isBelow: y.goal == .minimize)
            marks.append(
                .labels(
                    Labels(x: front.map(\.x), y: front.map(\.y), texts: front.map { "\($0.trial)" }, side: side)))
        }
        marks += across.on.limits.map { .rule(Rule(.vertical, at: $0.place, label: $0.label)) }
        marks += up.on.limits.map { .rule(Rule(.horizontal, at: $0.place, label: $0.label)) }
        return Panel(x: across.on.axis, y: up.on.axis, marks: marks)
    }

    private func points(
        _ places: [Place], _ name: String, _ symbol: Symbol, size: Double, paint: Paint
    ) -> Points {
        Points(
            name, x: places.map(\.x), y: places.map(\.y), symbol: symbol, size: size, paint: paint,
            texts: places.map { words($0.trial) })
    }

    /// Those that no other one dominates in these two metrics, from the best in x to the best in y: a line of steps
    /// through them is the edge of what they dominate, whichever way the goals are.
    private static func edge(of places: [Place], _ x: Goal, _ y: Goal) -> [Place] {
        let sorted = places.sorted { first, second in
            if first.x != second.x { return x.prefers(first.x, to: second.x) }
            return first.y == second.y ? first.trial < second.trial : y.prefers(first.y, to: second.y)
        }
        var edge: [Place] = []
        for place in sorted where edge.last.map({ y.prefers(place.y, to: $0.y) }) ?? true { edge.append(place) }
        return edge
    }
}
