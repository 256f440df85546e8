import Foundation
import ImportanceAnalysis
import SweepModel
import SweepReport
import SweepScreen
import TerminalDrawing
import Testing

@Suite struct ScreenStateTests {
    private static let keys: [Key] =
        [
            .up, .down, .left, .right, .pageUp, .pageDown, .home, .end, .tab, .backTab, .enter, .escape, .backspace,
            .delete, .control("l"), .control("u"), .control("w"), .control("d"), .control("x"),
        ] + "sSrjkgG/ xyclpihe[]<>?a=(".map { .character($0) }

    /// Nothing a person does, in a window of whatever size, traps or makes a line that does not fit.
    @Test(arguments: 0..<8)
    func `any keys and sizes are possible`(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        var state = try Example.state(columns: 80, rows: 24, sweeps: Int.random(in: 1...3, using: &random))
        for step in 0..<120 {
            switch Int.random(in: 0...9, using: &random) {
            case 0:
                let size = TerminalSize(
                    columns: Int.random(in: 0...250, using: &random), rows: Int.random(in: 0...80, using: &random))
                _ = state.apply(.resized(size))
            case 1:
                let content = try Example.content(Int.random(in: 2...60, using: &random))
                _ = state.apply(.data(.content(content, directory: Example.directory)))
            case 2:
                let all = [Example.overview(try Example.content())] + Example.others
                _ = state.apply(
                    .data(.overviews(Array(all.shuffled(using: &random).prefix(Int.random(in: 0...3, using: &random)))))
                )
            default:
                let key = Self.keys[Int.random(in: 0..<Self.keys.count, using: &random)]
                #expect(state.apply(.key(key)) != .quit, "\(key)")
            }
            expectFits(state, "seed \(seed), step \(step)")
        }
        // Whatever has happened, Ctrl-C ends it.
        #expect(state.apply(.key(.control("c"))) == .quit)
    }

    @Test(arguments: [(0, 0), (1, 1), (2, 2), (5, 3), (20, 5), (39, 15), (40, 16), (110, 16), (250, 80)])
    func `every view fits every size`(columns: Int, rows: Int) throws {
        for sweeps in [1, 3] {
            for key in "clpihy?/" {
                var state = try Example.state(columns: columns, rows: rows, sweeps: sweeps)
                state.press(String(key))
                expectFits(state, "\(columns)×\(rows), \(key)")
            }
        }
    }

    @Test func `q and Ctrl-C quit, Ctrl-Z suspends, Ctrl-L draws anew`() throws {
        var state = try Example.state(columns: 80, rows: 24)
        #expect(state.press("q") == .quit)
        #expect(state.apply(.key(.control("z"))) == .suspend)
        #expect(state.apply(.key(.control("l"))) == .redraw)
        // In the help q closes that alone.
        #expect(state.press("?q") == .nothing)
        #expect(state.press("q") == .quit)
        // While a filter is typed q is a letter.
        #expect(state.press("/q") == .nothing)
        #expect(state.apply(.key(.control("c"))) == .quit)
    }

    @Test(arguments: [(80, 15), (60, 10), (40, 8), (20, 5), (20, 3), (9, 4)])
    func `the help can be scrolled to every key in a small window`(columns: Int, rows: Int) throws {
        var state = try Example.state(columns: columns, rows: rows)
        state.press("?")
        let top = state.text
        var seen = Array(top[1..<(rows - 1)])
        for _ in 0..<200 {
            state.press("j")
            expectFits(state, "\(columns)×\(rows)")
            let last = state.text[rows - 2]
            if last != seen.last { seen.append(last) }
        }
        let letters = seen.joined().filter { $0 != " " }
        for words in ["↑ ↓  j k", "in the list, one sweep", "history of the best", "quit; the sweeps go on"] {
            #expect(letters.contains(words.filter { $0 != " " }), "\(words)\n\(seen.joined(separator: "\n"))")
        }
        // It ends with the last key, and one step back is seen at once.
        let end = state.text
        _ = state.apply(.key(.pageDown))
        #expect(state.text == end)
        state.press("k")
        #expect(state.text != end)
        _ = state.apply(.key(.down))
        #expect(state.text == end)
        for _ in 0..<200 { _ = state.apply(.key(.pageUp)) }
        #expect(state.text == top)
        state.press("G")
        #expect(state.text == end)
        // In a larger window all of it is seen again.
        _ = state.apply(.resized(TerminalSize(columns: 80, rows: 40)))
        #expect(state.text[1].hasPrefix("↑ ↓  j k"))
    }

    @Test(arguments: [Key.escape, .character("q"), .character("?")])
    func `a key closes the help, and no other one does`(key: Key) throws {
        var state = try Example.state(columns: 20, rows: 6)
        let before = state.text
        state.press("?")
        for other in [Key.down, .pageDown, .tab, .enter, .left, .character("i"), .character("G")] {
            #expect(state.apply(.key(other)) == .nothing)
        }
        #expect(state.text.last == "↑ ↓ scroll  q close")
        #expect(state.apply(.key(key)) == .nothing)
        #expect(state.text == before)
        // It begins at the top again.
        state.press("?")
        #expect(state.text[1] == "↑ ↓  j k")
    }

    @Test func `only what is shown is asked for`() throws {
        var state = try Example.state(columns: 80, rows: 24)
        let best = try #require(state.request.curves.first)
        #expect(state.request.curves == [best] && state.request.sweep == Example.directory)
        #expect(state.request.log == nil && !state.request.needsImportance)
        state.press("  j ")
        #expect(state.request.curves.count == 3 && state.request.curves.first == best)
        state.press("x")
        #expect(state.request.curves.count == 1)
        state.press("le")
        #expect(state.request.log?.log == .errors)
        #expect(state.request.curves.isEmpty)
        state.press("i")
        #expect(state.request.needsImportance && state.request.log == nil)
    }

    @Test func `the cursor stays on its trial when others come and go`() throws {
        var state = try Example.state(columns: 80, rows: 40)
        state.press("jjj")
        let chosen = state.request.curves
        _ = state.apply(.data(.content(try Example.content(60), directory: Example.directory)))
        #expect(state.request.curves == chosen)
        state.press("s")
        #expect(state.request.curves == chosen)
        // What belongs to a sweep that is not shown any more is left out.
        _ = state.apply(.data(.content(try Example.content(5), directory: "/elsewhere")))
        #expect(state.request.curves == chosen)
    }

    @Test func `another sweep is chosen in the list, and forgets the marks of the former`() throws {
        var state = try Example.state(columns: 80, rows: 40, sweeps: 3)
        state.press("  ")
        _ = state.apply(.key(.backTab))
        state.press("j")
        #expect(state.request.sweep == "/results/mnist")
        #expect(state.request.curves.isEmpty)
        #expect(state.text.contains { $0.contains("reading") })
        state.press("G")
        #expect(state.request.sweep == "/results/toy")
        #expect(state.text.contains { $0.contains("no longer there") })
    }

    @Test func `trials are sorted by each column, and reversed`() throws {
        var state = try Example.state(columns: 200, rows: 60)
        let content = try Example.content()
        func numbers() -> [Int] {
            state.text.compactMap { line in
                let words = line.drop { "★• ".contains($0) }.prefix { $0.isNumber }
                return line.contains("│") && !words.isEmpty ? Int(words) : nil
            }
        }
        let best = try #require(content.metric.ranked(content.trials).first)
        #expect(numbers().first == best.number)
        #expect(Set(numbers()) == Set(0..<40))
        // The columns after the value are time, the parameters, reason, number.
        let columns = 9
        var orders: Set<[Int]> = []
        for _ in 0..<columns {
            state.press("s")
            orders.insert(numbers())
            let order = numbers()
            state.press("r")
            #expect(numbers() != order)
            #expect(Set(numbers()) == Set(0..<40))
        }
        #expect(orders.count >= 7)
        #expect(orders.contains(Array(0..<40)))
    }

    @Test func `a curve keeps its beginning and its end however long it is`() {
        var curve = TrialCurve()
        for step in 0..<100_000 {
            curve.add(step: step, value: Double(step))
            if step % 997 == 0 { #expect(curve.points.last?.step == step) }
        }
        #expect(curve.points.first?.step == 0 && curve.points.last?.step == 99_999)
        #expect(curve.points.count <= 1026)
        #expect(zip(curve.points, curve.points.dropFirst()).allSatisfy { $0.step < $1.step })
        // Another attempt begins in the middle, then one at the end, then one at the beginning.
        curve.restart(at: 50_000)
        #expect(curve.points.last.map { $0.step > 49_000 && $0.step < 50_000 } == true)
        for step in 50_000..<60_000 { curve.add(step: step, value: 0) }
        let points = curve.points
        curve.restart(at: 60_000)
        #expect(curve.points == points && points.last?.step == 59_999 && points.count <= 1026)
        #expect(zip(points, points.dropFirst()).allSatisfy { $0.step < $1.step })
        curve.restart(at: 0)
        #expect(curve.points.isEmpty)
        curve.add(step: 0, value: 1)
        #expect(curve.points.map(\.step) == [0])
    }

    @Test func `the values are there where the metric's name is too long for the table`() throws {
        for columns in [20, 30, 40, 80] {
            var state = try Example.state(columns: columns, rows: 24)
            var content = try Example.content()
            let metric = Metric(name: "validation_loss_of_the_best_epoch", goal: .minimize, rule: .last)
            content.objectives = Objectives([metric])
            _ = state.apply(.data(.content(content, directory: Example.directory)))
            let heading = state.text.first { $0.contains("trial  ") && $0.contains("valid") }
            #expect(heading?.contains("…↑") == true, "\(columns): \(state.text)")
            let hasValue = state.text.contains { $0.hasPrefix("★") && $0.contains("0.10536") }
            #expect(hasValue, "\(columns): \(state.text)")
        }
    }

    @Test func `one trial is the best tenth`() throws {
        let content = try Example.content(9)
        var state = try Example.state(columns: 80, rows: 24)
        let importance = PedANOVA(of: content.trials, in: try Example.space(), metric: Example.metric)
        _ = state.apply(.data(.importance(importance, directory: Example.directory)))
        state.press("i")
        let words = "only 1 of \(importance.trialCount) trials is the best tenth: too few to trust"
        #expect(importance.bestCount == 1 && state.text.contains(words), "\(state.text)")
    }
}

/// A generator with a seed, for sequences that are the same every time.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
