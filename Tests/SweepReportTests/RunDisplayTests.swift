import SweepModel
import SweepReport
import SweepSearch
import TerminalDrawing
import TestSupport
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

    @Test(arguments: [1, 2, 20, 39, 80, 200], [1, 2, 3, 4, 5, 6, 24, 50])
    func `the lines that change fit the terminal`(columns: Int, rows: Int) throws {
        for running in [0, 1, 3, 40] {
            var display = try Self.display(running: running)
            if running == 3 { display.stopping(because: "waiting for the running trials to end") }
            let frame = display.frame(
                above: [.text("a notice of several words")], size: TerminalSize(columns: columns, rows: rows),
                at: Self.start + .seconds(90))
            #expect((frame.above + frame.block).allSatisfy { $0.columns <= max(1, columns - 1) })
            #expect((1...max(1, rows - 1)).contains(frame.block.count))
            // Nobody is hidden without a word.
            let shown = frame.block.count { $0.text.contains("running  ") && $0.text.first == " " }
            if columns >= 80, rows >= 7, running > 0 {
                let hidden = frame.block.contains { $0.text.contains("… and \(running - shown) more running") }
                #expect(shown == running || hidden, "\(frame.block.map(\.text))")
            }
        }
    }

    @Test func `the line that stays marks the best so far, of equals the one with the lower number`() throws {
        var display = try Self.display(running: 4)
        func end(_ number: Int, _ value: Double) -> RunDisplay.Ended {
            display.trialEnded(
                Example.trial(number, ["lr": 0.1], .complete(value), lasted: 0.04), at: Self.start + .seconds(1))
        }
        #expect(end(2, 1).line == "trial   2  complete  loss 1 *  0.0 s  lr=0.1")
        #expect(!end(3, 1).isBest)
        #expect(end(1, 1).isBest)
        #expect(end(0, 2).line == "trial   0  complete  loss 2  0.0 s  lr=0.1")
        #expect(display.best?.number == 1)
        let paused = display.trialEnded(
            Example.trial(12, ["lr": 0.1], TrialEnding(.waiting, .paused("paused at rung 0, step 1"))), at: Self.start)
        #expect(paused.line == "trial  12  waiting   (paused at rung 0, step 1)  lr=0.1" && !paused.isBest)
    }

    @Test(arguments: [Metric.Goal.minimize, .maximize])
    func `better is what the goal says`(goal: Metric.Goal) throws {
        var display = RunDisplay(sweep: try Example.sweep(goal: goal), counts: [:], best: nil, at: Self.start)
        for (number, value) in [1.0, 3, 2].enumerated() {
            display.trialStarted(Example.trial(number), at: Self.start)
            _ = display.trialEnded(Example.trial(number, ["lr": 0.1], .complete(value)), at: Self.start)
        }
        #expect(display.best?.number == (goal == .minimize ? 0 : 1))
    }

    // MARK: Frames

    /// A sweep in its middle: what has ended since the last frame, three running trials, and an earlier best.
    private static func busy() throws -> (display: RunDisplay, above: [RunDisplay.Above]) {
        let sweep = try Example.busySweep()
        var best = Example.trial(
            17, ["optimizer.learning_rate": 0.0123, "optimizer.name": "adam", "model.hidden": 128, "data.seed": 1],
            .complete(0.97909), lasted: 12)
        best.ended = Example.time(0)
        var display = RunDisplay(
            sweep: sweep, counts: [.complete: 36, .pruned: 3, .failed: 1], best: best, bestAge: .seconds(115),
            parallel: 4, timeRun: .seconds(1200), address: "file://host/results/digits", at: start)
        func assignment(_ rate: Double, _ name: ParameterValue, _ hidden: Int) -> Assignment {
            Assignment(
                [
                    "optimizer.learning_rate": .number(rate), "optimizer.name": name, "model.hidden": .integer(hidden),
                    "data.seed": 1,
                ], in: sweep.space)
        }
        for (number, values) in [
            (40, assignment(0.00012345, "sgd", 64)), (41, assignment(0.5, "最適化", 512)),
            (42, assignment(1, "adam", 32)), (43, assignment(0.03, "sgd", 256)), (44, assignment(1e-5, "adam", 100)),
        ] {
            display.trialStarted(Example.trial(number, values), at: start)
        }
        func report(_ trial: Int, _ values: [Double]) throws {
            for (step, value) in values.enumerated() {
                let line = "{\"step\": \(step + 1), \"val_accuracy\": \(value)}"
                display.trialReported(trial, try #require(MetricReport(line: line.utf8)))
            }
        }
        try report(40, [0.5, 0.7, 0.8, 0.85, 0.98125])
        try report(42, [0.1, 0.2, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.8, 0.81, 0.82])
        try report(43, [0.3])
        display.trialJudged(
            TrialDecision(
                trial: 42, attempt: 1, step: 9, value: 0.8, action: .goOn,
                reason: "rung 2: rank 2 of 6", at: Example.time(0)))
        let complete = Example.trial(40, assignment(0.00012345, "sgd", 64), .complete(0.98125), lasted: 10)
        let failed = Example.trial(
            41, assignment(0.5, "最適化", 512), TrialEnding(.failed, .crash(.exit(3))), lasted: 0.4)
        let above: [RunDisplay.Above] = [
            .trial(display.trialEnded(complete, at: start + .seconds(10))),
            .text("a trainer reports steps that are no whole numbers: its reports are counted instead"),
            .trial(display.trialEnded(failed, at: start + .seconds(11))),
        ]
        return (display, above)
    }

    private static func screen(columns: Int, rows: Int) throws -> [String] {
        var (display, above) = try busy()
        let size = TerminalSize(columns: columns, rows: rows)
        let frame = display.frame(above: above, size: size, at: start + .seconds(15))
        #expect(frame.progress == .percent(42))
        let features = TerminalFeatures(isLive: true, hasColors: true, hasLinks: true)
        var painter = LivePainter()
        var emulator = ScreenEmulator(columns: columns, rows: rows)
        emulator.feed(painter.frame(above: frame.above, block: frame.block, size: size, features: features))
        #expect(emulator.wraps == 0 && emulator.overflows == 0 && emulator.alarms == [])
        #expect(emulator.links.contains("file://host/results/digits/trials/000042"))
        #expect(emulator.all == (frame.above + frame.block).map { $0.trimmed().text })
        return emulator.all
    }

    @Test(arguments: frames.keys.sorted())
    func `a frame is as wide as the terminal`(columns: Int) throws {
        let expected = try #require(Self.frames[columns])
        let shown = try Self.screen(columns: columns, rows: 24).joined(separator: "\n")
        #expect(shown == expected, "\n\(shown)\n")
    }

    private static let frames: [Int: String] = [
        20: """
          #   val_accu…
         40 ✓  0.98125★
        a trainer reports
        steps that are no
        whole numbers: its
        reports are counted
        instead
         41 ✗ crash: exit 3
        ━━━━━─────── 42/100
        →3 ✓37 ↓3 ✗2
        ★0.98125 trial 40
          #   val_accu…
         42 →  0.82
         43 →  0.3
         44 →
        """,
        40: """
          #   val_accu… learning_rate name
         40 ✓  0.98125★     0.0001234 sgd
        a trainer reports steps that are no
        whole numbers: its reports are counted
        instead
         41 ✗ crash: exit 3
        ━━━━━━━━━━━━━─────────────────── 42/100
        →3 ✓37 ↓3 ✗2 480 trials/h 20 m 15 s
        ★0.98125 trial 40
          #   val_accu… learning_rate name
         42 →  0.82         1         adam
         43 →  0.3          0.03      sgd
         44 →               1e-05     adam
        """,
        80: """
        trial  state     val_accuracy         time  learning_rate  name    curve
           40  complete       0.98125 ★       10 s      0.0001234  sgd     ▁▄▅▆█
        a trainer reports steps that are no whole numbers: its reports are counted
        instead
           41  failed                        0.4 s  crash: exit 3
        digits  ━━━━━━━━━━━━━━━─────────────────────  42/100 ended  about 2 m 24 s left
        3 running  37 complete  3 pruned  2 failed  480 trials/h  20 m 15 s
        best val_accuracy 0.98125  trial 40, 5 s ago  learning_rate=0.00012345
        trial  state     val_accuracy         time  learning_rate  name    curve
           42  running        0.82            15 s      1          adam    ▁▂▄▆▇███
           43  running        0.3             15 s      0.03       sgd
           44  running                        15 s      1e-05      adam
        """,
        120: """
        trial  state     val_accuracy         time  learning_rate  name    hidden   step  curve
           40  complete       0.98125 ★       10 s      0.0001234  sgd         64      5  ▁▄▅▆█
        a trainer reports steps that are no whole numbers: its reports are counted instead
           41  failed                        0.4 s      0.5        最適化     512                   crash: exit 3
        digits  ━━━━━━━━━━━━━━━━━━━━━─────────────────────────────  42/100 ended  about 2 m 24 s left
        3 running  37 complete  3 pruned  2 failed  480 trials/h  20 m 15 s
        best val_accuracy 0.98125  trial 40, 5 s ago  learning_rate=0.00012345  name=sgd  hidden=64
        trial  state     val_accuracy         time  learning_rate  name    hidden   step  curve
           42  running        0.82            15 s      1          adam        32     11  ▁▂▄▆▇███  rung 2: rank 2 of 6
           43  running        0.3             15 s      0.03       sgd        256      1
           44  running                        15 s      1e-05      adam       100
        """,
    ]

    @Test func `memory does not grow with the trials that have ended`() throws {
        var display = RunDisplay(sweep: try Example.sweep(), counts: [:], best: nil, at: Self.start)
        for number in 0..<5000 {
            display.trialStarted(Example.trial(number), at: Self.start)
            _ = display.trialEnded(Example.trial(number, ["lr": 0.1], .complete(1)), at: Self.start + .seconds(1))
        }
        let size = TerminalSize(columns: 80, rows: 24)
        #expect(display.frame(above: [], size: size, at: Self.start + .seconds(2)).block.count == 3)
        let trials = Mirror(reflecting: display).children.compactMap { $0.value as? any Collection }.map { $0.count }
        #expect(trials.allSatisfy { $0 < 10 })
    }
}
