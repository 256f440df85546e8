import Foundation
import Plots
import Testing

@Suite struct FigureTests {
    @Test(arguments: Examples.all.map(\.name))
    func `a figure is valid, described, and the same bytes twice`(name: String) throws {
        let figure = try #require(Examples.all.first { $0.name == name }?.figure)
        let svg = SVGReader(figure.svg())
        #expect(svg.isValid)
        let root = try #require(svg.elements.first)
        #expect(root.attributes["role"] == "img")
        #expect(root.attributes["viewBox"] != nil)
        #expect(svg.elements.first { $0.name == "title" }?.text == figure.title)
        #expect(svg.elements.first { $0.name == "desc" }?.text.isEmpty == false)
        #expect(figure.svg() == Examples.all.first { $0.name == name }?.figure.svg())
        #expect(figure.svg(on: .page).contains("currentColor"))
        #expect(!figure.svg(on: .page).contains("#24292f"))
    }

    @Test func `each point is drawn once`() {
        let figure = Figure(
            title: "points",
            panels: [
                Panel(
                    x: Axis(rail: "inactive"), y: Axis(),
                    marks: [.points(Points(x: [1, 2, 3, nil, .nan], y: [1, 2, 3, 2, 1]))])
            ])
        #expect(SVGReader(figure.svg()).circles == 4)
    }

    @Test func `a value that does not exist is on the rail, and without a rail nowhere`() throws {
        let points = Points(x: [0, 1, nil], y: [0, 1, 0.5])
        let with = Figure(title: "", panels: [Panel(x: Axis(rail: "inactive"), y: Axis(), marks: [.points(points)])])
        let without = Figure(title: "", panels: [Panel(x: Axis(), y: Axis(), marks: [.points(points)])])
        #expect(SVGReader(without.svg()).circles == 2)
        let svg = SVGReader(with.svg())
        let points3 = try #require(SVGReader.bounds(of: svg.paths(in: "points")))
        // The line at the foot of the plot ends where the plot does.
        let foot = try #require(SVGReader.bounds(of: svg.paths(in: "axes").suffix(1).map(\.self)))
        #expect(points3.right > foot.right)
        #expect(svg.elements.contains { $0.text == "inactive" })
    }

    @Test func `zero and negative numbers on a log axis are triangles at its low end`() throws {
        let figure = Figure(
            title: "",
            panels: [
                Panel(x: Axis(kind: .log), y: Axis(), marks: [.points(Points(x: [0, -1, 1, 10], y: [1, 2, 3, 4]))])
            ])
        let svg = SVGReader(figure.svg())
        #expect(svg.circles == 2)
        #expect(svg.paths(in: "points").joined().components(separatedBy: "z").count - 1 == 2)
    }

    @Test func `10,000 points and 10,000 lines stay small files`() {
        #expect(Examples.history(10_000).svg().utf8.count < 200_000)
        var noise = Noise(1)
        let x = (0..<10_000).map { _ in Optional(noise.share()) }
        let y = (0..<10_000).map { _ in Optional(noise.share()) }
        let shaded = Points(x: x, y: y, shades: x, scale: ColourScale("x", of: x))
        let figure = Figure(title: "", panels: [Panel(x: Axis(), y: Axis(), marks: [.points(shaded)])])
        #expect(figure.svg().utf8.count < 200_000)
        #expect(Examples.parallel(10_000).svg().utf8.count < 200_000)
        let line = Line(x: (0..<100_000).map(Double.init), y: (0..<100_000).map { _ in noise.share() })
        let curve = Figure(title: "", panels: [Panel(x: Axis(), y: Axis(), marks: [.line(line)])])
        #expect(curve.svg().utf8.count < 50_000)
    }

    /// The texts below the plot, with their places.
    private func ticks(_ axis: Axis, _ values: [Double]) -> [(x: Double, text: String)] {
        let figure = Figure(
            title: "",
            panels: [
                Panel(
                    x: axis, y: Axis(kind: .categories([])),
                    marks: [.points(Points(x: values, y: values.map { _ in 0 }))])
            ])
        return SVGReader(figure.svg()).elements.filter { $0.name == "text" && $0.group == "axes" }.compactMap {
            element in
            element.attributes["x"].flatMap(Double.init).map { ($0, element.text) }
        }
    }

    @Test func `ticks are read in order, do not touch, and cover the axis`() {
        var noise = Noise(2)
        for round in 0..<300 {
            var size = 1e-9
            for _ in 0..<Int(noise.share() * 20) { size *= 10 }
            let low = (noise.share() - (round % 2 == 0 ? 0 : 0.5)) * size * 10
            let values = [low, low + size * (noise.share() + 0.01)]
            let kind: Axis.Kind = [.linear, .time, .log][round % 3]
            if kind == .log && low <= 0 { continue }
            let found = ticks(Axis(kind: kind), values)
            #expect(found.count >= 2 && found.count <= 20, "\(kind) \(values) \(found)")
            #expect(Set(found.map(\.text)).count == found.count, "\(kind) \(values) \(found)")
            for (tick, next) in zip(found, found.dropFirst()) {
                // A digit of this size is narrower than 6.6 pixels.
                let width = Double(tick.text.count + next.text.count) / 2 * 6.6
                #expect(next.x - tick.x > width * 0.9, "\(kind) \(values) \(found)")
            }
            if let first = found.first, let last = found.last, found.count > 2 {
                let step = zip(found, found.dropFirst()).map { $1.x - $0.x }.max() ?? 0
                // On a log axis of less than a decade the ticks are a linear axis's, and lie closer at its end.
                let gap = step * (kind == .log ? 2.5 : 1.2)
                #expect(first.x < 24 + gap && last.x > 616 - gap, "\(kind) \(values) \(found)")
            }
        }
    }

    @Test(arguments: [
        (Axis.Kind.linear, [0.0, 1.0], ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (.log, [0.001, 10], ["0.001", "0.01", "0.1", "1", "10"]),
        (.time, [0, 5_400], ["0", "15m", "30m", "45m", "1h", "1h15m", "1h30m"]),
        (.time, [0, 0.5], ["0", "0.1s", "0.2s", "0.3s", "0.4s", "0.5s"]),
        (.linear, [0, 3e7], ["0", "5e6", "1e7", "1.5e7", "2e7", "2.5e7", "3e7"]),
        (.categories(["sgd", "adam"]), [0, 1], ["sgd", "adam"]),
    ])
    func `ticks have few digits`(kind: Axis.Kind, values: [Double], expected: [String]) {
        let texts = ticks(Axis(kind: kind), values).map(\.text)
        #expect(Set(expected).isSubset(of: texts) || texts == expected, "\(texts)")
    }

    @Test func `Plotly's JSON has null for what does not exist`() throws {
        let figure = Figure(
            title: "",
            panels: [Panel(x: Axis(), y: Axis(), marks: [.points(Points("a", x: [1, nil], y: [.nan, .infinity]))])])
        let json = PlotlyFigure(figure).json
        #expect(json.contains("\"x\":[1,null],\"y\":[null,null]"))
        for (name, figure) in Examples.all {
            let object = try JSONSerialization.jsonObject(with: Data(PlotlyFigure(figure).json.utf8)) as? [String: Any]
            let traces = try #require(object?["data"] as? [[String: Any]], "\(name)")
            let types = Set(traces.compactMap { $0["type"] as? String })
            #expect(types.isSubset(of: ["scatter", "bar", "heatmap", "parcoords"]) && !types.isEmpty, "\(name)")
        }
    }

    @Test func `the best so far never gets worse, and pruned trials are not the best`() {
        let figure = Figure.history(
            values: [0.5, 0.9, 0.4, nil, 0.3], outcomes: [.complete, .pruned, .complete, .failed, .complete],
            metric: "loss", goal: .minimize)
        guard case .line(let best)? = figure.panels.first?.marks.first else {
            Issue.record("no line")
            return
        }
        #expect(best.y == [0.5, 0.4, 0.3, 0.3])
        #expect(best.x == [0, 2, 4, 4])
    }

    @Test func `whole numbers have no decimals, and an axis has at least two of them`() {
        func labels(_ low: Double, _ high: Double, width: Double) -> [String] {
            let svg = Figure(
                title: "t", width: width, height: 200,
                panels: [
                    Panel(
                        x: Axis("x", from: low, to: high), y: Axis("y"),
                        marks: [.line(Line(x: [low, high], y: [0.001, 0.002]))])
                ]
            ).svg()
            return svg.matches(of: />(-?[0-9][0-9.]*)</).map { String($0.1) }.filter { !$0.hasPrefix("0.00") }
        }
        #expect(labels(1, 5, width: 400) == ["1", "2", "3", "4", "5"])
        #expect(labels(0, 1, width: 400).allSatisfy { $0.count == 3 })
        #expect(labels(1, 5, width: 150).count >= 2)
    }
}
