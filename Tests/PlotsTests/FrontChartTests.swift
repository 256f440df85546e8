import Foundation
import Plots
import Testing

/// Charts of several objectives: who is drawn how, and which way the edge of the front goes.
@Suite struct FrontChartTests {
    /// Three trials on the front whichever way the goals are, and the middle of all as a trial that is dominated.
    private static func figure(
        _ x: Goal, _ y: Goal, limits: [ChartObjective.Limit] = [], isLog: Bool = false
    ) -> Figure {
        // As if both were to be minimized, and then turned round.
        let places: [(x: Double, y: Double)] = [(1, 8), (2, 3), (6, 2), (5, 6)]
        func values(_ values: [Double], _ goal: Goal) -> [Double?] {
            values.map { goal == .minimize ? $0 : 10 - $0 }
        }
        return .front(
            [
                ChartObjective("a", goal: x, isLog: isLog, limits: limits, values: values(places.map(\.x), x)),
                ChartObjective("b", goal: y, isLog: isLog, values: values(places.map(\.y), y)),
            ], standings: [.front, .front, .front, .dominated])
    }

    private static func marks(_ figure: Figure) -> [Mark] { figure.panels.flatMap(\.marks) }

    private static func line(_ figure: Figure) -> Line? {
        for case .line(let line) in marks(figure) { return line }
        return nil
    }

    private static func rules(_ figure: Figure) -> [Rule] {
        var rules: [Rule] = []
        for case .rule(let rule) in marks(figure) { rules.append(rule) }
        return rules
    }

    private static func points(_ figure: Figure, _ name: String) -> Points? {
        for case .points(let points) in marks(figure) where points.name == name { return points }
        return nil
    }

    private static func labels(_ figure: Figure) -> [Labels] {
        var labels: [Labels] = []
        for case .labels(let some) in marks(figure) { labels.append(some) }
        return labels
    }

    @Test func `every trial with a standing is a point, and each kind has its look`() throws {
        let (all, standings) = Examples.objectives(50)
        let objectives = Array(all.prefix(2))
        let figure = Figure.front(objectives, standings: standings)
        let svg = SVGReader(figure.svg())
        let count = { (standing: Standing) in standings.count { $0 == standing } }
        #expect(count(.front) > 3 && count(.dominated) > 3 && count(.breaksBound) > 3)
        #expect(svg.circles == count(.front) + count(.dominated))
        let rings = svg.paths(in: "points").reduce(0) { $0 + $1.filter { $0 == "z" }.count }
        #expect(rings == count(.breaksBound))
        let front = try #require(Self.points(figure, "Pareto front"))
        let dominated = try #require(Self.points(figure, "dominated"))
        #expect(front.paint == .series(0) && dominated.paint == .muted && front.size > dominated.size)
        #expect(Self.points(figure, "breaks a bound")?.symbol == .ring)
        #expect(figure.note == "not drawn: \(standings.count { $0 == nil }) trials without a final value")
    }

    /// From the best in x a value of y holds until a trial with a better one, so that every step lies in what the
    /// trials dominate.
    @Test(arguments: [
        (Goal.minimize, Goal.minimize, [1.0, 2, 6], [8.0, 3, 2]), (.minimize, .maximize, [1, 2, 6], [2, 7, 8]),
        (.maximize, .minimize, [9, 8, 4], [8, 3, 2]), (.maximize, .maximize, [9, 8, 4], [2, 7, 8]),
    ])
    func `the edge of the front has its steps on the side of what is dominated`(
        x: Goal, y: Goal, xs: [Double], ys: [Double]
    ) throws {
        let figure = Self.figure(x, y)
        let line = try #require(Self.line(figure))
        #expect(line.course == .steps && line.x == xs && line.y == ys)
        // The corner between two neighbours is worse than both, or as good.
        for step in 1..<3 {
            let corner = (x: xs[step], y: ys[step - 1])
            for place in [step - 1, step] {
                #expect(x == .minimize ? corner.x >= xs[place] : corner.x <= xs[place])
                #expect(y == .minimize ? corner.y >= ys[place] : corner.y <= ys[place])
            }
        }
        let json = PlotlyFigure(figure).json
        #expect(json.contains("\"shape\":\"hv\""))
    }

    @Test func `what is on the front for another metric's sake lies behind the edge`() throws {
        let (objectives, standings) = Examples.objectives(50)
        let figure = Figure.front(objectives, standings: standings)
        #expect(figure.panels.count == 3)
        #expect(figure.panels.map(\.x.title) == ["val_loss (minimize)", "val_loss (minimize)", "latency (minimize)"])
        #expect(figure.panels.map(\.y.title) == ["latency (minimize)", "accuracy (maximize)", "accuracy (maximize)"])
        let line = try #require(Self.line(figure))
        #expect(line.x == line.x.sorted() && line.y == line.y.sorted(by: >))
        #expect(line.x.count < standings.count { $0 == .front })
        let kept = zip(objectives[0].values, objectives[1].values).enumerated()
            .filter { standings[$0.offset] == .front }.map(\.element)
        #expect(
            kept.allSatisfy { first, second in
                zip(line.x, line.y).contains { $0 <= (first ?? .nan) && $1 <= (second ?? .nan) }
            })
    }

    @Test(arguments: [(7.5, true), (-20, false), (400, false)])
    func `a bound is a line where it is near the trials`(limit: Double, isDrawn: Bool) throws {
        let figure = Self.figure(.minimize, .minimize, limits: [.init(at: limit, "a <= \(limit)")])
        let rules = Self.rules(figure)
        #expect(rules.count == (isDrawn ? 1 : 0))
        #expect(figure.note == (isDrawn ? "" : "beyond the axes: a <= \(limit)"))
        guard isDrawn else { return }
        #expect(rules[0].direction == .vertical && rules[0].place == limit && rules[0].dash == .dashed)
        let svg = SVGReader(figure.svg())
        let path = try #require(svg.elements.first { $0.group == "rule" && $0.name == "path" })
        #expect(path.attributes["stroke-dasharray"]?.isEmpty == false)
        #expect(svg.elements.contains { $0.group == "rule" && $0.text == "a <= 7.5" })
    }

    @Test func `an axis that leaves out what is far worse has room for the front and for bounds`() throws {
        // The front reaches from (0, 50) to (1, 0); the last trial is far from all.
        let rest = (2..<40).map { Double($0) / 40 }
        let xs: [Double?] = [0, 1] + rest.map { $0 + 1 } + [1e6]
        let ys: [Double?] = [50, 0] + rest + [1]
        let standings = xs.indices.map { $0 < 2 ? Standing.front : .dominated }
        let figure = Figure.front(
            [
                ChartObjective("x", goal: .minimize, limits: [.init(at: 4.5, "x <= 4.5")], values: xs),
                ChartObjective("y", goal: .minimize, values: ys),
            ], standings: standings)
        let panel = try #require(figure.panels.first)
        #expect(try #require(panel.x.highest) > 4.5 && panel.x.highest ?? 0 < 1e6)
        #expect(panel.y.highest ?? .infinity >= 50)
        let svg = SVGReader(figure.svg())
        // The last one is a triangle at the edge.
        #expect(svg.circles == 40)
        #expect(Self.rules(figure).count == 1)
    }

    @Test func `trials of the front are named where they stand, and in the text`() throws {
        let figure = Self.figure(.minimize, .maximize)
        let labels = Self.labels(figure)
        #expect(labels.map(\.texts) == [["0", "1", "2"]])
        #expect(labels.first?.side == .corner(isLeft: true, isBelow: false))
        #expect(
            figure.description == "a, b of 4 complete trials, 3 on the front: trial 0: a 1, b 2; trial 1: a 2, b 7; "
                + "trial 2: a 6, b 8.")
        #expect(PlotlyFigure(figure).json.contains("\"text\":[\"trial 3: a 5, b 4\"]"))
        let texts = SVGReader(figure.svg()).elements.filter { $0.name == "text" && $0.group == "labels" }.map(\.text)
        #expect(texts == ["0", "1", "2"])
    }

    @Test func `texts at corners never cover one another`() {
        let places = (0..<24).map { Double($0) / 100 }
        let labels = Labels(
            x: places + [5], y: places + [5], texts: (0..<25).map { "\($0)" },
            side: .corner(isLeft: true, isBelow: true))
        let figure = Figure(title: "", panels: [Panel(x: Axis(), y: Axis(), marks: [.labels(labels)])])
        let shown = SVGReader(figure.svg()).elements.filter { $0.name == "text" && $0.group == "labels" }
        #expect((1...6).contains(shown.count))
    }

    @Test func `with one metric and bounds the best is marked, and there is no edge`() throws {
        let figure = Figure.front(
            [
                ChartObjective("loss", goal: .minimize, values: [3, 1, 2]),
                ChartObjective(
                    "latency", goal: .minimize, isOptimized: false, limits: [.init(at: 20, "latency <= 20")],
                    values: [10, 25, 15]),
            ], standings: [.dominated, .breaksBound, .front], isOfOne: true)
        #expect(figure.title == "Bounds" && Self.line(figure) == nil)
        #expect(figure.panels.first?.y.title == "latency")
        #expect(Self.points(figure, "best")?.x == [2] && Self.points(figure, "keeps the bounds")?.x == [3])
        #expect(Self.points(figure, "breaks a bound")?.x == [1])
        #expect(Self.rules(figure).map(\.direction) == [.horizontal])
        #expect(figure.description.hasSuffix("the best is trial 2: loss 2, latency 15."))
    }

    @Test func `a part of many trials is drawn, with the whole front`() throws {
        let (all, _) = Examples.objectives(4_000)
        let objectives = Array(all.prefix(2))
        let standings = (0..<4_000).map { $0 % 100 == 7 ? Standing.front : .dominated }
        let figure = Figure.front(objectives, standings: standings, limit: 500)
        #expect(Self.points(figure, "Pareto front")?.x.count == 40)
        let dominated = try #require(Self.points(figure, "dominated"))
        #expect((500...505).contains(dominated.x.count))
        #expect(figure.note == "drawn: the front, and \(dominated.x.count) of 3960 other trials")
    }

    @Test func `what cannot be the best does not count as the best so far`() throws {
        let figure = Figure.history(
            values: [0.5, 0.1, 0.4], outcomes: [.complete, .complete, .complete], excluded: [1], metric: "loss",
            goal: .minimize)
        let line = try #require(Self.line(figure))
        #expect(line.y == [0.5, 0.4, 0.4])
        #expect(line.name == "best so far: 0.4 in trial 2")
    }
}
