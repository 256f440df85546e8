import Plots
import Testing

/// What charts of results say: shares and ranks, what they leave out, and what lies on top.
@Suite struct ResultChartTests {
    private static func lines(_ figure: Figure) -> [Line] {
        var lines: [Line] = []
        for case .line(let line) in figure.panels.flatMap(\.marks) { lines.append(line) }
        return lines
    }

    private static func points(_ figure: Figure) -> [Points] {
        var points: [Points] = []
        for case .points(let some) in figure.panels.flatMap(\.marks) { points.append(some) }
        return points
    }

    private static func map(_ figure: Figure) -> HeatMap? {
        for case .heatMap(let map) in figure.panels.flatMap(\.marks) { return map }
        return nil
    }

    // MARK: Distribution

    /// The height of a line of steps between two of its points: that of the one it comes from.
    private static func height(of line: Line, at place: Double) -> Double? {
        for (start, end) in zip(line.x.indices, line.x.indices.dropFirst()) {
            let (from, to) = (line.x[start], line.x[end])
            if place > min(from, to), place < max(from, to) { return line.y[start] }
        }
        return nil
    }

    @Test(arguments: [Goal.minimize, .maximize])
    func `a share is that of the trials that are at least as good`(goal: Goal) throws {
        let values = [0.8, 0.2, 0.5, 0.5]
        let figure = Figure.distribution([("a", values)], metric: "m", goal: goal)
        let line = try #require(Self.lines(figure).first)
        #expect(line.course == .steps)
        for place in [0.3, 0.4, 0.6, 0.7] {
            let good = values.filter { goal == .minimize ? $0 <= place : $0 >= place }
            #expect(Self.height(of: line, at: place) == Double(good.count) / 4, "at \(place)")
        }
    }

    @Test(arguments: [(Goal.minimize, [1.0, 10], [0.75, 1]), (.maximize, [10, 1], [0.25, 0.5])])
    func `what a logarithmic axis has no place for counts in the shares`(
        goal: Goal, x: [Double], y: [Double]
    ) throws {
        let figure = Figure.distribution([("a", [-1, 0, 1, 10])], metric: "m", goal: goal, isLog: true)
        let line = try #require(Self.lines(figure).first)
        #expect(line.x == x && line.y == y)
        #expect(figure.description.hasPrefix("The share of 4 trials"))
        #expect(figure.note == "no place on a logarithmic axis: 2 trials, zero or negative")
    }

    // MARK: What is left out

    @Test func `zero on a logarithmic axis is not taken for a trial without a value`() {
        let values: [Double?] = [1, nil, 0, 10, -2]
        let (a, b) = (ChartParameter("a", values: [1, 2, 3, 4, 5]), ChartParameter("b", values: [5, 4, 3, 2, 1]))
        for figure in [
            Figure.parallelCoordinates(parameters: [a, b], values: values, metric: "m", goal: .minimize, isLog: true),
            .slices(parameters: [a, b], values: values, metric: "m", goal: .minimize, isLog: true),
            .contour(a, b, values: values, metric: "m", goal: .minimize, isLog: true),
        ] {
            #expect(
                figure.note == "not drawn: 1 trial without a final value; "
                    + "no place on a logarithmic axis: 2 trials, zero or negative", "\(figure.title)")
        }
    }

    @Test func `rungs on a logarithmic axis say what has no place there`() {
        let figure = Figure.rungs(
            [(1, [(0, true), (0.1, true), (10, false)])], metric: "m", goal: .minimize, isLog: true)
        #expect(figure.panels.first?.y.kind == .log)
        #expect(Self.points(figure).map(\.y) == [[10], [0.1]])
        #expect(figure.note == "no place on a logarithmic axis: 1 value, zero or negative")
    }

    @Test func `a sweep whose complete trials all break a bound is not one without complete trials`() {
        func description(_ outcome: Outcome, excluded: Set<Int>) -> String {
            Figure.history(
                values: [1, 2], outcomes: [outcome, outcome], excluded: excluded, metric: "loss", goal: .minimize
            ).description
        }
        #expect(description(.complete, excluded: [0, 1]).hasSuffix("No complete trial keeps all bounds."))
        #expect(description(.complete, excluded: [0]).hasSuffix("The best is 2."))
        #expect(description(.pruned, excluded: []).hasSuffix("No trial is complete."))
    }

    @Test func `of many trials the best is drawn, whatever pruned ones and those that break a bound have reached`() {
        var values: [Double?] = (0..<400).map { Double($0 % 7) + 10 }
        var outcomes = [Outcome](repeating: .complete, count: 400)
        values[101] = 1
        outcomes[101] = .pruned
        values[203] = 2
        values[307] = 3
        let always = "with the first, the last, the best and the worst"
        let history = Figure.history(
            values: values, outcomes: outcomes, excluded: [203], metric: "loss", goal: .minimize, limit: 20)
        #expect(Self.points(history).first { $0.name == "complete" }?.x.contains(307) == true)
        #expect(history.note.hasSuffix(always))
        let parameter = ChartParameter("a", values: values.indices.map { Double($0) })
        let slices = Figure.slices(
            parameters: [parameter], values: values, excluded: [101, 203], metric: "loss", goal: .minimize, limit: 20)
        #expect(Self.points(slices).first?.x.contains(307) == true && slices.note.hasSuffix(always))
        let curves = zip(values, outcomes).map { value, outcome in
            ChartCurve(outcome: outcome, steps: [1, 2], values: [20, value ?? 20])
        }
        let curve = Figure.intermediateValues(curves, excluded: [203], metric: "loss", goal: .minimize, limit: 20)
        #expect(Self.lines(curve).contains { $0.y == [20, 3] } && curve.note.hasSuffix(always))
        let pruned = Figure.history(
            values: values, outcomes: values.map { _ in .pruned }, metric: "loss", goal: .minimize, limit: 20)
        #expect(pruned.note.hasSuffix("with the first and the last"))
    }

    // MARK: Colours

    /// Colours of the points in the order in which they are drawn.
    private static func colours(_ figure: Figure) -> [String] {
        SVGReader(figure.svg()).elements.filter { $0.group == "points" && $0.name == "path" }
            .compactMap { $0.attributes["stroke"] }
    }

    @Test(arguments: [Goal.minimize, .maximize])
    func `the best points lie on top`(goal: Goal) {
        let values: [Double?] = [1, 4, 2, 3]
        let (a, b) = (ChartParameter("a", values: [1, 2, 3, 4]), ChartParameter("b", values: [4, 3, 2, 1]))
        let ranks = Self.colours(.rank(a, b, values: values, metric: "m", goal: goal))
        #expect(ranks.first == "#b0b8c0" && ranks.last == "#d55e00")
        let levels = Self.colours(.contour(a, b, values: values, metric: "m", goal: goal))
        #expect(levels.dropFirst().first == "#440154" && levels.last == "#fde725")
    }

    // MARK: Maps

    @Test func `a map of two choices has cells for some sixty words of each`() throws {
        let words = (0..<3_000).map { "word \($0)" }
        // Of trials in an order without a pattern: the best has the value 0.
        let values: [Double?] = (0..<2_000).map { Double(($0 * 7_919) % 2_000) }
        let a = ChartParameter("a", categories: words, values: values.indices.map { words[$0] })
        let b = ChartParameter("b", categories: words, values: values.indices.map { words[2_999 - $0 % 10] })
        let figure = Figure.contour(a, b, values: values, metric: "m", goal: .minimize)
        let map = try #require(Self.map(figure))
        #expect(map.values.count == 10 && map.values.allSatisfy { $0.count == 60 })
        #expect(
            figure.note == "a: 60 of 3000 words, those of the best trials; b: the 10 of 3000 words that occur; "
                + "not drawn: 1940 trials with other words")
        let panel = try #require(figure.panels.first)
        #expect(panel.y.kind == .categories(Array(words.suffix(10))))
        #expect(panel.x.rail == nil && panel.y.rail == nil)
        #expect(Self.points(figure).allSatisfy { $0.x.count == 60 })
    }

    @Test func `a map of few words has them all`() throws {
        let a = ChartParameter("a", categories: ["u", "v", "w"], values: ["u", "w", "u", nil])
        let b = ChartParameter("b", categories: ["x", "y"], values: ["x", "y", "y", "x"])
        let figure = Figure.contour(a, b, values: [1, 2, 3, 4], metric: "m", goal: .minimize)
        #expect(figure.panels.first?.x.kind == .categories(["u", "v", "w"]) && figure.note.isEmpty)
        #expect(figure.panels.first?.x.rail == "inactive")
        #expect(try #require(Self.map(figure)).values.allSatisfy { $0.count == 3 })
    }

    @Test func `the levels of a map rest on the whole sweep, not on its last trials`() throws {
        let early: [Double] = (0..<500).map { Double($0) / 1_250 }
        let late: [Double] = (0..<2_000).map { 0.9 + Double($0 % 100) / 1_000 }
        let places: [Double?] = early + late
        let a = ChartParameter("a", values: places)
        let b = ChartParameter("b", categories: ["w"], values: places.map { _ in "w" })
        let figure = Figure.contour(a, b, values: places, metric: "m", goal: .minimize)
        let row = try #require(Self.map(figure)?.values.first)
        #expect(row.prefix(10).contains { $0 != nil })
    }
}
