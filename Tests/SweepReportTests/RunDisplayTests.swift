import SweepModel
import SweepReport
import SweepSearch
import Testing
import TrialProtocol

/// What a person sees of a running sweep.
@Suite struct RunDisplayTests {
    private static let start = SuspendingClock.now

    private static func display(
        running: Int, settings: String = "", counts: [TrialState: Int] = [:]
    ) throws -> RunDisplay {
        var display = RunDisplay(sweep: try Example.sweep(settings), counts: counts, best: nil, at: start)
        for number in 0..<running {
            display.trialStarted(Example.trial(number, ["lr": 0.1, "kind": "a"]), at: start)
        }
        return display
    }

    @Test(arguments: [1, 20, 80, 200], [5, 6, 24, 50])
    func `the lines that change fit the terminal`(columns: Int, rows: Int) throws {
        for running in [0, 1, 3, 40] {
            var display = try Self.display(running: running)
            display.stopping(because: "waiting for the running trials to end")
            let lines = display.liveLines(columns: columns, rows: rows, at: Self.start + .seconds(90))
            #expect(lines.allSatisfy { $0.count <= max(1, columns - 1) })
            #expect(lines.count < rows)
            // Nobody is hidden without a word.
            let shown = lines.count { $0.hasPrefix("  trial") }
            if columns >= 80 {
                #expect(shown == running || lines.contains { $0.contains("… and \(running - shown) more running") })
            }
        }
    }

    @Test func `the head says how far the sweep is, and the lines what trials last reported`() throws {
        var display = try Self.display(running: 2, counts: [.failed: 1, .complete: 1])
        display.trialReported(1, try #require(MetricReport(line: "{\"step\": 3, \"loss\": 0.123456789}".utf8)))
        _ = display.trialEnded(Example.trial(0, ["lr": 0.1], .complete(0.25), lasted: 2))
        let lines = display.liveLines(columns: 200, rows: 24, at: Self.start + .seconds(10))
        #expect(
            lines == [
                "test  3/4 ended  1 failed  best trial 0: loss 0.25  10 s, about 10 s left",
                "  trial   1  10 s  step 3 loss 0.12346  lr=0.1 kind=a",
            ])
    }

    @Test func `the line that stays marks the best so far, of equals the one with the lower number`() throws {
        var display = try Self.display(running: 4)
        func end(_ number: Int, _ value: Double) -> (line: String, isBest: Bool) {
            display.trialEnded(Example.trial(number, ["lr": 0.1], .complete(value), lasted: 0.04))
        }
        #expect(end(2, 1).line == "trial   2  complete  loss 1 *  0.0 s  lr=0.1")
        #expect(!end(3, 1).isBest)
        #expect(end(1, 1).isBest)
        #expect(end(0, 2).line == "trial   0  complete  loss 2  0.0 s  lr=0.1")
        #expect(display.best?.number == 1)
        let paused = display.trialEnded(
            Example.trial(12, ["lr": 0.1], TrialEnding(.waiting, .paused("paused at rung 0, step 1"))))
        #expect(paused.line == "trial  12  waiting   (paused at rung 0, step 1)  lr=0.1" && !paused.isBest)
    }

    @Test(arguments: [Metric.Goal.minimize, .maximize])
    func `better is what the goal says`(goal: Metric.Goal) throws {
        var display = RunDisplay(sweep: try Example.sweep(goal: goal), counts: [:], best: nil, at: Self.start)
        for (number, value) in [1.0, 3, 2].enumerated() {
            display.trialStarted(Example.trial(number), at: Self.start)
            _ = display.trialEnded(Example.trial(number, ["lr": 0.1], .complete(value)))
        }
        #expect(display.best?.number == (goal == .minimize ? 0 : 1))
    }
}
