import Foundation
import Plots
import Testing

/// Numbers and names that break careless code.
@Suite struct HostileDataTests {
    static let numbers: [(name: String, values: [Double])] = [
        ("empty", []), ("one", [3]), ("equal", [2, 2, 2, 2]), ("zeros", [0, 0, 0]), ("negative", [-5, -1, -3]),
        ("NaN", [.nan, .nan]), ("infinite", [.infinity, 1, -.infinity, 2, .nan]), ("huge", [1e308, -1e308, 0, 5]),
        ("largest", [.greatestFiniteMagnitude, -.greatestFiniteMagnitude]), ("equal and huge", [1e308, 1e308]),

        ("tiny", [.leastNonzeroMagnitude, .leastNormalMagnitude / 8, 0]), ("close", [1, 1 + 1e-15, 1 + 2e-15]),
        ("wide", [1e-300, 1e300, 1]),
        ("signs", [-1, 0, 1]), ("far", [1e15, 1e15 + 1]), ("times", [0, 86_400 * 400, 1e12]),
    ]

    static func marks(_ values: [Double]) -> [Mark] {
        let reversed = Array(values.reversed())
        return [
            .points(Points(x: values, y: reversed)), .line(Line(x: values, y: reversed)),
            .line(Line(x: values, y: reversed, course: .steps)), .band(Band(x: values, lower: values, upper: reversed)),
            .bars(Bars(.horizontal, places: values, lengths: reversed)),
            .bars(
                Bars(
                    .vertical, places: values, lengths: reversed,
                    whiskers: values.map { .init(low: $0, high: -$0) }, labels: ["a"], thickness: .nan)),
            .intervals(Intervals(rows: values, starts: values, ends: reversed)),
            .rule(Rule(.vertical, at: values.first ?? .nan)), .labels(Labels(x: values, y: values, texts: ["a", "b"])),
            .heatMap(
                HeatMap(
                    columnEdges: values, rowEdges: reversed, values: [values, reversed],
                    scale: ColourScale("z", of: values, from: values.last, isLog: true), decimals: 2)),
        ]
    }

    static let kinds: [Axis.Kind] = [.linear, .log, .time, .categories(["a", "b"]), .categories([])]

    @Test(arguments: numbers.map(\.name))
    func `every mark stays inside of the plot and its rails`(name: String) throws {
        let values = try #require(Self.numbers.first { $0.name == name }?.values)
        for kind in Self.kinds {
            for (isInverted, end) in [(false, nil), (true, values.first), (false, .nan)] as [(Bool, Double?)] {
                for mark in Self.marks(values) {
                    let axis = Axis("axis", kind: kind, from: end, isInverted: isInverted, rail: "inactive")
                    let figure = Figure(title: "t", panels: [Panel(x: axis, y: axis, marks: [mark])])
                    let svg = SVGReader(figure.svg())
                    try #require(svg.isValid)
                    let axes = try #require(SVGReader.bounds(of: svg.paths(in: "axes")))
                    let groups = ["points", "line", "band", "bars", "cells", "intervals", "rule"]
                    let drawn = try #require(SVGReader.bounds(of: groups.flatMap { svg.paths(in: $0) }))
                    // A symbol may reach over the edge by half of its size.
                    #expect(axes.contains(drawn, margin: 4), "\(kind) \(mark)")
                    #expect(axes.left >= 0 && axes.top >= 0 && axes.right <= 640 && axes.bottom <= 360)
                }
            }
        }
    }

    @Test func `random data stays inside on all axes, with ends given or not`() throws {
        var noise = Noise(11)
        for round in 0..<60 {
            let values = (0..<50).map { _ in (noise.share() - 0.3) * [1, 1e-6, 1e9, 1e200][round % 4] }
            let ends = round % 3 == 0 ? (values.min() ?? 0) / 2 : nil
            let axis = Axis(kind: Self.kinds[round % 3], from: ends, to: round % 5 == 0 ? ends.map { $0 + 1 } : nil)
            let figure = Figure(title: "", panels: [Panel(x: axis, y: axis, marks: Self.marks(values))])
            let svg = SVGReader(figure.svg())
            let axes = try #require(SVGReader.bounds(of: svg.paths(in: "axes")))
            for group in ["points", "line", "band", "bars", "cells", "intervals", "rule"] {
                let drawn = try #require(SVGReader.bounds(of: svg.paths(in: group)))
                #expect(axes.contains(drawn, margin: 4), "\(group) in round \(round)")
            }
        }
    }

    static let names = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "\u{1B}[31mred\u{1B}[0m", "a\u{0}b",
        "\u{202E}evil\u{2066}", "]]>&amp;'\"", "\u{FEFF}\u{FFFF}x", String(repeating: "long ", count: 20_000),
        "日本語 名前",
    ]

    @Test(arguments: names)
    func `names are text and nothing else`(name: String) throws {
        let sweep = ["x", name]
        let figure = Figure(
            title: name, description: name, columns: 2,
            panels: [
                Panel(
                    title: name, x: Axis(name, kind: .categories([name, "b"]), rail: name), y: Axis(name, rail: name),
                    marks: [
                        .points(Points(name, x: [0, nil], y: [1, nil])), .line(Line(name, x: [0, 1], y: [0, 1])),
                        .labels(Labels(x: [0], y: [0], texts: sweep)), .rule(Rule(.vertical, at: 0, label: name)),
                        .bars(Bars(.vertical, name: name, places: [0], lengths: [1], labels: [name])),
                        .heatMap(HeatMap([[1]], scale: ColourScale(name, of: [1]))),
                    ]),
                Panel(
                    parallel: ParallelLines(
                        axes: [Axis(name, rail: name), Axis(name, kind: .categories(sweep))], rows: [[nil, 1]],
                        shades: [1],
                        scale: ColourScale(name, of: [1]))),
            ], note: name)
        for surface in [Figure.Surface.card, .page] {
            let text = figure.svg(on: surface)
            let svg = SVGReader(text)
            #expect(svg.isValid)
            #expect(Set(svg.elements.map(\.name)).isSubset(of: ["svg", "title", "desc", "g", "path", "rect", "text"]))
            let allowed: Set<String> = [
                "class", "color", "d", "fill", "fill-opacity", "font-family", "font-size", "font-weight", "height",
                "paint-order", "role", "rx", "shape-rendering", "stroke", "stroke-dasharray", "stroke-linecap",
                "stroke-linejoin", "stroke-opacity", "stroke-width", "text-anchor", "viewBox", "width", "x", "xmlns",
                "y",
            ]
            #expect(Set(svg.elements.flatMap(\.attributes.keys)).isSubset(of: allowed))
            #expect(
                !text.unicodeScalars.contains { $0.value < 32 && $0 != "\n" || (0x202A...0x202E).contains($0.value) })
            #expect(text.utf8.count < 30_000)
        }
        let json = PlotlyFigure(figure).json
        #expect((try? JSONSerialization.jsonObject(with: Data(json.utf8))) != nil)
        #expect(!json.contains("<") && !json.contains("\u{1B}") && !json.contains("\u{202E}"))
    }

    @Test func `charts of nothing say so`() {
        let figures: [Figure] = [
            .history(values: [], outcomes: [], metric: "m", goal: .minimize),
            .intermediateValues([], metric: "m", goal: .minimize),
            .parallelCoordinates(parameters: [], values: [], metric: "m", goal: .minimize),
            .slices(parameters: [], values: [], metric: "m", goal: .minimize),
            .contour(
                ChartParameter("a", values: []), ChartParameter("b", values: []), values: [], metric: "m",
                goal: .minimize),
            .rank(
                ChartParameter("a", values: []), ChartParameter("b", values: []), values: [], metric: "m",
                goal: .minimize),
            .distribution([], metric: "m", goal: .minimize), .failures([]), .timeline([]),
            .durations([], values: [], outcomes: [], metric: "m", goal: .minimize),
            .rungs([], metric: "m", goal: .minimize), .importance([], method: "PED-ANOVA", metric: "m"),
            .partialDependence([], metric: "m"), .learningCurves([], metric: "m"), .front([], standings: []),
            .front(
                [("a", Goal.minimize), ("b", .maximize)].map { ChartObjective($0, goal: $1, values: []) }, standings: []
            ),
            .similarity(rows: [], columns: [], values: []), .weightChange(layers: [], setups: []), .spectrum([]),
        ]
        for figure in figures {
            let svg = SVGReader(figure.svg())
            #expect(svg.isValid, "\(figure.title)")
            let isEmpty = figure.panels.isEmpty || figure.panels.contains { $0.parallel != nil }
            #expect(isEmpty || figure.svg().contains("no data"), "\(figure.title)")
            #expect(PlotlyFigure(figure).json.hasPrefix("{\"data\":["))
        }
    }
}

/// Charts with values that no sweep should have, and with the numbers of marks that they should draw.
@Suite struct ChartTests {
    @Test(arguments: HostileDataTests.numbers.map(\.name))
    func `charts take any numbers`(name: String) throws {
        let values = try #require(HostileDataTests.numbers.first { $0.name == name }?.values)
        let some: [Double?] = values.map(Optional.init) + [nil]
        let outcomes = some.map { _ in Outcome.complete }
        let parameters = [
            ChartParameter("a", values: some), ChartParameter("b", isLog: true, values: some.reversed()),
            ChartParameter("c", categories: [], values: some.map { _ in "x" }),
        ]
        let curves = [
            ChartCurve("a", steps: values, values: values.reversed()),
            ChartCurve("a", outcome: .pruned, steps: values, values: values),
        ]
        for goal in [Goal.minimize, .maximize] {
            for isLog in [false, true] {
                let figures: [Figure] = [
                    .history(values: some, outcomes: outcomes, metric: "m", goal: goal, isLog: isLog),
                    .intermediateValues(curves, metric: "m", goal: goal, isLog: isLog),
                    .learningCurves(curves, metric: "m", isLog: isLog),
                    .parallelCoordinates(parameters: parameters, values: some, metric: "m", goal: goal, isLog: isLog),
                    .slices(parameters: parameters, values: some, metric: "m", goal: goal, isLog: isLog),
                    .contour(parameters[0], parameters[1], values: some, metric: "m", goal: goal, isLog: isLog),
                    .rank(parameters[1], parameters[2], values: some, metric: "m", goal: goal),
                    .distribution([("a", values)], metric: "m", goal: goal, isLog: isLog),
                    .durations(some, values: some, outcomes: outcomes, metric: "m", goal: goal, isLog: isLog),
                    .rungs([(values.first ?? 1, values.map { ($0, true) })], metric: "m", goal: goal),
                    .importance(values.map { ChartImportance("p", $0) }, method: "x", metric: "m"),
                    .partialDependence(
                        [
                            ChartDependence("p", isLog: isLog, x: values, mean: values, lower: values, upper: values),
                            ChartDependence(
                                "q", categories: values.indices.map { "word \($0)" }, mean: values, lower: values,
                                upper: values),
                        ],
                        metric: "m"),
                    .front(
                        [some, some.reversed(), []].enumerated().map { index, values in
                            ChartObjective(
                                "o\(index)", goal: goal, isLog: isLog,
                                limits: [.init(at: some.first.flatMap(\.self) ?? 1, "limit")], values: values)
                        }, standings: some.indices.map { Standing.allCases[$0 % 3] }),
                    .timeline(
                        values.map { ChartAttempt(worker: "w", start: $0, end: -$0, outcome: .failed) }),
                    .similarity(rows: ["a"], columns: ["a", "b"], values: [some, []]),
                    .weightChange(layers: ["a"], setups: [("s", values, values)], isLog: isLog),
                    .spectrum([("s", values)], cut: values.last),
                ]
                for figure in figures {
                    let svg = SVGReader(figure.svg())
                    #expect(svg.isValid && !figure.svg().contains("nan") && !figure.svg().contains("inf\""))
                    #expect(PlotlyFigure(figure).json.hasSuffix("}}"))
                }
            }
        }
    }

    @Test func `an inactive parameter is on its rail in parallel coordinates, slices and contours`() throws {
        let momentum = ChartParameter("momentum", values: [0.5, nil, 0.9, nil])
        let rate = ChartParameter("rate", isLog: true, values: [0.1, 0.2, 0.3, 0.4])
        let values: [Double?] = [1, 2, 3, 4]
        let parallel = Figure.parallelCoordinates(
            parameters: [rate, momentum], values: values, metric: "m", goal: .minimize)
        let svg = SVGReader(parallel.svg())
        // The axis of momentum is the last vertical line, and two of the four lines end below it.
        let axis = try #require(svg.paths(in: "axes").last { $0.contains("V") })
        let foot = try #require(SVGReader.bounds(of: [axis])?.bottom)
        let lines = svg.paths(in: "lines").flatMap { $0.split(separator: "M").map { "M" + $0 } }
        let ends = lines.compactMap { line in
            SVGReader.bounds(of: ["M" + (line.split(separator: "L").last.map(String.init) ?? "")])?.bottom
        }
        #expect(ends.count == 4)
        #expect(ends.filter { $0 > foot + 10 }.count == 2)
        for figure in [
            Figure.slices(parameters: [momentum], values: values, metric: "m", goal: .minimize),
            .rank(momentum, rate, values: values, metric: "m", goal: .minimize),
        ] {
            let svg = SVGReader(figure.svg())
            #expect(svg.circles == 4)
            #expect(svg.elements.contains { $0.text == "inactive" })
        }
    }

    @Test func `a chart draws as many marks as it is given`() {
        func rectangles(_ figure: Figure, _ group: String) -> Int {
            SVGReader(figure.svg()).paths(in: group).reduce(0) { $0 + $1.filter { $0 == "z" }.count }
        }
        #expect(rectangles(Examples.timeline, "intervals") == 48)
        #expect(rectangles(Examples.importance, "bars") == 4)
        #expect(rectangles(Examples.weights, "bars") == 12)
        #expect(rectangles(Examples.cka, "cells") == 35)
        #expect(SVGReader(Examples.rank.svg()).circles == Examples.Sweep(120).values.filter { $0 != nil }.count)
        #expect(SVGReader(Examples.intermediate.svg()).paths(in: "line").count == 30)
    }
}
