import Foundation
import SweepEngine
import SweepExecution
import SweepFile
import SweepModel
import SweepSearch
import SweepStore
import TestSupport
import Testing

extension ShellSweep {
    /// A sweep over a shell script that optimizes something else than the loss alone.
    ///
    /// - Parameter objectives: the lines of the sweep file in place of `metric`.
    static func optimizing(_ objectives: String, _ script: String, _ settings: String) throws -> ShellSweep {
        let sweep = try ShellSweep(script, settings)
        try sweep.change("metric: {name: loss, goal: minimize}", to: objectives)
        return sweep
    }

    /// Replaces a part of the sweep file.
    func change(_ old: String, to new: String) throws {
        let text = try directory.text(of: "test.yaml")
        try #require(text.contains(old))
        try directory.write(text.replacing(old, with: new), to: "test.yaml")
    }
}

/// Sweeps that optimize several metrics, or keep bounds.
@Suite struct ObjectivesTests {
    private static let several = "metrics: [{name: loss, goal: minimize}, {name: size, goal: minimize}]"
    private static let bounded = "metric: {name: loss, goal: minimize}\nbounds: [size <= 0.5]"

    /// The size is 1 less the loss: no trial dominates another.
    private static let tradeOff = """
        awk -v x=$x 'BEGIN { printf "{\\"loss\\": %.17g, \\"size\\": %.17g}\\n", x, 1 - x }'
        """

    @Test func `each trial has a value of each metric, and those that nothing dominates are the front`() async throws {
        let sweep = try ShellSweep.optimizing(
            Self.several, Self.tradeOff, "budget: {trials: 5}\nenqueue: [{x: 0.5}, {x: 0.25}, {x: 0.75}, {x: 0.25}]")
        let (ending, trials) = try await sweep.run()
        #expect(ending == .trials && trials.allSatisfy { $0.state == .complete })
        #expect(trials.prefix(4).map(\.value) == [0.5, 0.25, 0.75, 0.25])
        #expect(trials.prefix(4).map(\.further) == [["size": 0.5], ["size": 0.75], ["size": 0.25], ["size": 0.75]])
        let front = try sweep.store().front()
        #expect(Set(front) == Set(0..<5) && front.filter { $0 < 4 } == [1, 3, 0, 2])
        let best = trials.min { ($0.value ?? 1, $0.number) < ($1.value ?? 1, $1.number) }
        #expect(try sweep.store().bestTrial() == best)
    }

    @Test(arguments: [("last", 2.0, 6.0), ("best", 1, 5)])
    func `each metric has a rule of its own, and may be reported when it likes`(
        rule: String, loss: Double, size: Double
    ) async throws {
        let sweep = try ShellSweep.optimizing(
            """
            metrics: [{name: loss, goal: minimize, value: \(rule)}, {name: size, goal: minimize, value: \(rule)}]
            bounds: [latency <= 9, size <= 8, loss >= -1]
            """,
            """
            printf '{"size": 5}\\n{"loss": 1}\\n{"latency": 3}\\n'
            printf '{"size": 6, "loss": 2}\\n{"latency": 4}\\n'
            """, "budget: {trials: 1}")
        let (_, trials) = try await sweep.run()
        #expect(trials.map(\.value) == [loss])
        #expect(trials.map(\.further) == [["size": size, "latency": 4]])
    }

    @Test(arguments: [
        (several, #"echo '{"loss": 1}'"#, "no metric 'size': reported were 'loss'"),
        (several, #"echo '{"size": 1}'"#, "no metric 'loss': reported were 'size'"),
        (several, #"echo '{"loss": 1, "size": "1"}'"#, #"no metric 'size': it was the text "1", not a number"#),
        (several, ":", "no metric 'loss': nothing was printed"),
        (bounded, #"echo '{"loss": 1, "sise": 1}'"#, "no metric 'size': reported were 'loss', 'sise' (did you mean"),
    ])
    func `a trainer that never reports one of the metrics fails, and which one is said`(
        objectives: String, script: String, words: String
    ) async throws {
        let sweep = try ShellSweep.optimizing(objectives, script, "budget: {trials: 1}")
        let (_, trials) = try await sweep.run()
        #expect(trials.map(\.state) == [.failed])
        let reason = trials.first?.reason?.description ?? ""
        #expect(reason.hasPrefix(words), "\(reason)")
        #expect(try sweep.store().bestTrial() == nil && sweep.store().front() == [])
    }

    @Test(
        arguments: [several, bounded],
        [#"echo '{"loss": 1, "size": NaN}'"#, #"echo '{"loss": 1, "size": 1}'; echo '{"size": 1e999}'"#])
    func `a trial diverges with any of its metrics, and is stopped`(objectives: String, script: String) async throws {
        let sweep = try ShellSweep.optimizing(objectives, "\(script); exec sleep 600", "budget: {trials: 1}")
        let (_, trials) = try await sweep.run()
        #expect(trials.map(\.state) == [.diverged])
        #expect(trials.map(\.value) == [nil] && trials.map(\.further) == [[:]])
    }

    @Test func `what is neither optimized nor bounded may be anything`() async throws {
        let sweep = try ShellSweep.optimizing(
            Self.several, #"echo '{"other": NaN, "loss": 1, "size": 2}'"#, "budget: {trials: 1}")
        let (_, trials) = try await sweep.run()
        #expect(trials.map(\.state) == [.complete] && trials.map(\.further) == [["size": 2]])
    }

    // MARK: Interruptions

    /// Reports of the first attempt of trial 0.
    private static func records(_ reports: [(step: Int, name: String, value: Double)]) -> [MetricRecord] {
        reports.map { MetricRecord(trial: 0, attempt: 1, step: $0.step, name: $0.name, value: $0.value) }
    }

    /// The first attempt reports the loss twice and the size once, and is interrupted; the second goes on from `step`.
    @Test(
        arguments: [
            // Behind what was reported.
            ("last", #"echo '{"step": 3, "loss": 9}'"#, 9.0, 5.0),
            ("last", #"printf '{"step": 3, "loss": 9}\n{"step": 4, "size": 7}\n'"#, 9, 7),
            ("best", #"echo '{"step": 3, "loss": 9, "size": 7}'"#, 1, 5),
            // Its checkpoint was behind the first step: the second never was.
            ("best", #"echo '{"step": 2, "loss": 9}'"#, 7, 5),
            // All was done when it was interrupted.
            ("last", ":", 1, 5),
            // From the front.
            ("best", #"echo '{"step": 1, "loss": 9, "size": 7}'"#, 9, 7),
            ("last", #"echo '{"step": 1, "loss": 9}'"#, 9, nil),
        ] as [(String, String, Double, Double?)])
    func `a trial that goes on from its checkpoint keeps what it had reported of each metric`(
        rule: String, second: String, loss: Double, size: Double?
    ) async throws {
        let sweep = try ShellSweep.optimizing(
            "metrics: [{name: loss, goal: minimize, value: \(rule)}, {name: size, goal: minimize, value: \(rule)}]",
            """
            if [ $REVSWEEP_ATTEMPT = 2 ]; then \(second); exit 0; fi
            printf '{"step": 1, "loss": 7, "size": 5}\\n{"step": 2, "loss": 1}\\n'; sleep 600
            """, "budget: {trials: 1}")
        let (interruptions, interrupt) = AsyncStream<Void>.makeStream()
        let (ending, _) = try await sweep.run(interruptions: interruptions) { notice in
            guard case .reported(_, let report) = notice, report.step == 2 else { return }
            interrupt.yield()
            interrupt.yield()
        }
        #expect(ending == .interrupted)
        let (_, trials) = try await sweep.run()
        let trial = try #require(trials.first)
        if let size {
            #expect(trial.state == .complete && trial.value == loss && trial.further == ["size": size], "\(trial)")
        } else {
            #expect(trial.state == .failed, "\(trial)")
            #expect(trial.reason?.description.hasPrefix("no metric 'size'") == true)
        }
    }

    @Test(arguments: [0, 1, 2, 3])
    func `what was printed and not stored when the planner was killed counts for each metric`(
        stored: Int
    ) async throws {
        let sweep = try ShellSweep.optimizing(Self.several, "exit 0", "budget: {trials: 1}")
        do {
            let open = try await sweep.open()
            try await open.store.plan(
                TrialRecord(number: 0, origin: .sampled, seed: 1, parameters: ["x": 0.5], created: Date()))
            _ = try await open.store.start(0, at: Date())
            try await open.store.record(
                Array(Self.records([(1, "loss", 4), (1, "size", 8), (2, "loss", 3)]).prefix(stored)))
            try sweep.directory.write(
                "{\"loss\": 4, \"size\": 8}\n{\"loss\": 3}\n", to: "results/test/trials/000000/stdout.log")
        }
        let (_, trials) = try await sweep.run()
        #expect(trials.map(\.state) == [.complete])
        #expect(trials.map(\.value) == [3] && trials.map(\.further) == [["size": 8]])
        #expect(try sweep.metrics(ofTrial: 0).map(\.name) == ["loss", "size", "loss"])
    }

    /// Whoever was killed, and whoever goes on behind it.
    @Test func `a trial whose second metric was no number when its planner was killed has diverged`() async throws {
        let sweep = try ShellSweep.optimizing(
            Self.several, #"echo '{"step": 3, "loss": 1}'"#, "budget: {trials: 1}")
        do {
            let open = try await sweep.open()
            try await open.store.plan(
                TrialRecord(number: 0, origin: .sampled, seed: 1, parameters: ["x": 0.5], created: Date()))
            _ = try await open.store.start(0, at: Date())
            try await open.store.record(
                Self.records([(1, "loss", 4), (1, "size", 8), (2, "loss", 3), (2, "size", .nan)]))
        }
        let (_, trials) = try await sweep.run()
        #expect(trials.map(\.state) == [.diverged])
    }

    /// As with the metric itself, whether or not its trainer hears of the pause in time.
    @Test func `a trial whose bounded metric is no number before it hears that it pauses has diverged`() async throws {
        let sweep = try ShellSweep.optimizing(
            Self.bounded,
            """
            [ -e checkpoint ] && exit 0
            if [ $REVSWEEP_TRIAL = 1 ]; then
                printf '{"step": 1, "loss": 0, "size": 0}\\n{"step": 2, "loss": 0, "size": NaN}\\n'
            else
                printf '{"step": 1, "loss": 1, "size": 0}\\n{"step": 2, "loss": 1, "size": 0}\\n'
            fi
            touch checkpoint
            """,
            """
            pruner: {name: successive_halving, min_steps: 1, reduction: 2}
            budget: {trials: 3}
            reproducible: {lag: 1}
            resources: {parallel: 1}
            """)
        let (_, trials) = try await sweep.run()
        #expect(trials[1].state == .diverged)
    }

    @Test func `a trial that pauses keeps what it had reported of what is bounded`() async throws {
        let sweep = try ShellSweep.optimizing(
            Self.bounded,
            """
            step=$(cat checkpoint 2>/dev/null || echo 0)
            [ $step = 0 ] && echo '{"step": 1, "size": 0.25}'
            while [ $step -lt 3 ]; do
                step=$((step + 1)); echo $step > checkpoint
                echo "{\\"step\\": $step, \\"loss\\": $x}"
                [ $step = 1 ] && sleep 60
            done
            exit 0
            """,
            """
            enqueue: [{x: 0.75}, {x: 0.25}]
            pruner: {name: successive_halving, min_steps: 1, reduction: 2, max_steps: 2}
            budget: {trials: 2}
            resources: {parallel: 1}
            """)
        let (_, trials) = try await sweep.run()
        // The second is promoted, and goes on to its end.
        #expect(trials.map(\.state) == [.pruned, .complete])
        #expect(trials.map(\.further) == [[:], ["size": 0.25]])
    }

    // MARK: Bounds

    @Test func `the best trial keeps the bound, and a target that breaks it is none`() async throws {
        let sweep = try ShellSweep.optimizing(
            Self.bounded, Self.tradeOff,
            """
            enqueue: [{x: 0.25}, {x: 0.75}, {x: 0.5}, {x: 0.125}, {x: 1}]
            budget: {trials: 5, target: 0.5}
            resources: {parallel: 1}
            """)
        let (ending, trials) = try await sweep.run()
        // The first is good enough, and too large.
        #expect(ending == .target && trials.count { $0.state == .complete } == 3)
        #expect(try sweep.store().bestTrial()?.number == 2 && sweep.store().front() == [])
        let ranked = try sweep.store().sweep().objectives.ranked(trials)
        #expect(ranked.map(\.number) == [2, 1, 0])
    }

    @Test func `as long as no trial keeps the bound, the one that exceeds it least is the best`() async throws {
        let sweep = try ShellSweep.optimizing(
            Self.bounded, Self.tradeOff,
            "enqueue: [{x: 0.125}, {x: 0.375}, {x: 0.25}]\nbudget: {trials: 3}\nresources: {parallel: 1}")
        let (_, trials) = try await sweep.run()
        #expect(trials.allSatisfy { $0.state == .complete })
        #expect(try sweep.store().bestTrial()?.number == 1)
    }

    @Test func `a pruner judges by the metric alone`() async throws {
        let sweep = try ShellSweep.optimizing(
            Self.bounded,
            """
            echo '{"size": 9}'; echo "{\\"step\\": 1, \\"loss\\": $x, \\"size\\": 9}"
            [ $REVSWEEP_TRIAL = 1 ] && exec sleep 600; exit 0
            """,
            """
            enqueue: [{x: 0.25}, {x: 0.75}]
            pruner: {name: threshold, upper: 0.5}
            budget: {trials: 2}
            """)
        let (_, trials) = try await sweep.run()
        #expect(trials.map(\.state) == [.complete, .pruned])
        #expect(trials.map(\.value) == [0.25, 0.75] && trials.map(\.further) == [["size": 9], [:]])
    }

    // MARK: Ask and tell

    @Test func `a trial is told with all its metrics`() async throws {
        let sweep = try ShellSweep.optimizing(Self.several, "exit 1", "budget: {trials: 4}")
        let open = try await sweep.open()
        for _ in 0..<4 { _ = try await open.ask(at: Date()) }
        let told = try await open.tell(
            0, [.init(metrics: [.init("size", 3), .init("loss", 0.5)]), .init(metrics: [.init("loss", 0.25)])],
            at: Date())
        #expect(told.state == .complete && told.value == 0.25 && told.further == ["size": 3])
        #expect(try open.store.trial(0)?.further == ["size": 3])
        await #expect(throws: TellError.noMetric("size")) {
            try await open.tell(1, [.init(metrics: [.init("loss", 0.5)])], at: Date())
        }
        await #expect(throws: TellError.noMetric("loss")) {
            try await open.tell(1, [.init(metrics: [.init("size", 0.5)])], at: Date())
        }
        #expect(try open.store.trial(1)?.state == .running && open.store.metrics(ofTrial: 1).isEmpty)
        let diverged = try await open.tell(
            1, [.init(metrics: [.init("loss", 0.5), .init("size", .infinity)])], at: Date())
        #expect(diverged.state == .diverged && diverged.further.isEmpty)
        let pruned = try await open.tell(
            2, [.init(metrics: [.init("loss", 0.5)])], .pruned(reason: "behind"), at: Date())
        #expect(pruned.state == .pruned && pruned.value == 0.5 && pruned.further.isEmpty)
        let failed = try await open.tell(3, [], .failed(reason: "ill"), at: Date())
        #expect(failed.state == .failed)
        #expect(try open.store.front() == [0])
        withExtendedLifetime(open) {}
    }

    // MARK: New sweeps from old ones

    private static func fork(_ sweep: ShellSweep, from old: String) async throws -> TrialImport {
        let results = "\(sweep.directory.path)/results"
        let (forked, imported) = try await OpenSweep.forking(
            "\(results)/\(old)", into: SweepFile.read(path: "\(sweep.directory.path)/test.yaml"), below: results,
            cores: 2, at: Date())
        withExtendedLifetime(forked) {}
        return imported
    }

    private static func trials(_ sweep: ShellSweep, _ name: String) throws -> [TrialRecord] {
        try SweepStore(readingSweepIn: "\(sweep.directory.path)/results/\(name)").trials()
    }

    @Test func `a fork takes the values of its metrics, whichever sweep they were of`() async throws {
        // The last trial lacks the size, which the first sweep does not need.
        let sweep = try ShellSweep(
            "[ $REVSWEEP_TRIAL = 2 ] && echo '{\"loss\": 1}' || \(Self.tradeOff)",
            "enqueue: [{x: 0.25}, {x: 0.75}, {x: 1}]\nbudget: {trials: 3}")
        #expect(try await sweep.run().trials.map(\.further) == [[:], [:], [:]])
        try sweep.change("name: test", to: "name: both")
        try sweep.change("metric: {name: loss, goal: minimize}", to: Self.several)
        let imported = try await Self.fork(sweep, from: "test")
        #expect(imported.leftOut == ["trial 2: it has reported no 'size'"])
        let both = try Self.trials(sweep, "both")
        #expect(both.map(\.value) == [0.25, 0.75] && both.map(\.further) == [["size": 0.75], ["size": 0.25]])
        // The other one first, and one that is bounded.
        try sweep.change("name: both", to: "name: bounded")
        try sweep.change(Self.several, to: "metric: {name: size, goal: minimize}\nbounds: [loss <= 0.5]")
        #expect(try await Self.fork(sweep, from: "both").leftOut.isEmpty)
        let bounded = try Self.trials(sweep, "bounded")
        #expect(bounded.map(\.value) == [0.75, 0.25] && bounded.map(\.further) == [["loss": 0.25], ["loss": 0.75]])
        // And back to one.
        try sweep.change("name: bounded", to: "name: one")
        try sweep.change("\nbounds: [loss <= 0.5]", to: "")
        #expect(try await Self.fork(sweep, from: "bounded").leftOut.isEmpty)
        #expect(try Self.trials(sweep, "one").map(\.further) == [[:], [:]])
    }

    @Test func `trials of another program bring their metrics, also into a fork`() async throws {
        let sweep = try ShellSweep.optimizing(Self.several, "exit 1", "budget: {trials: 1}")
        var past = (0..<3).map { PastTrial(number: $0, state: .complete) }
        for index in past.indices {
            past[index].value = Double(index)
            past[index].parameters = ["x": .number(Double(index) / 4)]
        }
        past[0].further = ["size": 8, "latency": 1]
        past[2].further = ["size": .infinity]
        do {
            let open = try await sweep.open()
            let imported = try await open.importing(past, from: "/study.db", at: Date())
            #expect(imported.leftOut == ["trial 1: it has reported no 'size'"])
            #expect(try open.store.trials().map { $0.further["size"] } == [8, nil])
            #expect(try open.store.trials().map(\.state) == [.complete, .diverged])
        }
        // Nothing is known of them but their values: they have reported nothing here.
        try sweep.change("name: test", to: "name: other")
        let imported = try await Self.fork(sweep, from: "test")
        #expect(imported.leftOut.isEmpty)
        #expect(try Self.trials(sweep, "other").map { $0.further["size"] } == [8, nil])
    }

    // MARK: Early stopping

    /// The first trial has the least loss, and is beyond the bound at its end. The second one keeps the bound, and the
    /// third does so with a greater loss.
    @Test(arguments: [
        "{name: asha, reduction: 2}", "{name: median, startup_trials: 1}",
    ])
    func `a trial that was beyond a bound stops none that keeps it, also after a restart`(
        pruner: String
    ) async throws {
        let sweep = try ShellSweep.optimizing(
            Self.bounded,
            """
            for step in 1 2; do
                awk -v x=$x -v s=$step \
                    'BEGIN { printf "{\\"step\\": %d, \\"loss\\": %g, \\"size\\": %g}\\n", s, x, 1 - x }'
            done
            """,
            """
            enqueue: [{x: 0.25}, {x: 0.625}, {x: 0.875}]
            pruner: \(pruner)
            budget: {trials: 1}
            resources: {parallel: 1}
            reproducible: true
            """)
        try await sweep.run()
        #expect(try sweep.store().trials().map(\.state) == [.complete])
        try sweep.change("budget: {trials: 1}", to: "budget: {trials: 3}")
        let (_, trials) = try await sweep.run()
        #expect(trials.map(\.state) == [.complete, .complete, .pruned])
        #expect(try sweep.store().bestTrial()?.number == 1)
    }

    // MARK: Reproducible sweeps

    @Test(arguments: ["auto", "tpe"])
    func `the same seed gives the same trials for any number of workers within the lag`(sampler: String) async throws {
        // The values depend on x alone. How long a trial takes does not.
        let script = "sleep 0.0$(( ($$ + REVSWEEP_TRIAL * 7) % 4 ))\n\(Self.tradeOff)"
        var runs: [[TrialRecord]] = []
        for parallel in [1, 3] {
            let sweep = try ShellSweep.optimizing(
                Self.several + "\nbounds: [size <= 0.75]", script,
                """
                sampler: {name: \(sampler), seed: 5}
                budget: {trials: 16}
                reproducible: {lag: 3}
                resources: {parallel: \(parallel)}
                """)
            let (ending, trials) = try await sweep.run()
            #expect(ending == .trials && trials.allSatisfy { $0.state == .complete })
            let methods = Set(try sweep.store().proposals().map(\.method))
            #expect(methods == [.sobol, sampler == "tpe" ? .tpe : .process])
            runs.append(trials)
        }
        #expect(runs[0].map(\.parameters) == runs[1].map(\.parameters))
        #expect(runs[0].map(\.value) == runs[1].map(\.value) && runs[0].map(\.further) == runs[1].map(\.further))
        #expect(Set(runs[0].map(\.parameters)).count == 16)
    }

    @Test func `a sweep may be searched by a genetic algorithm, or by no model`() async throws {
        for sampler in ["nsga2", "random", "sobol"] {
            let sweep = try ShellSweep.optimizing(
                Self.several, Self.tradeOff, "sampler: \(sampler)\nbudget: {trials: 30}")
            let (ending, trials) = try await sweep.run()
            #expect(ending == .trials && trials.allSatisfy { $0.further.count == 1 })
            let methods = Set(try sweep.store().proposals().map(\.method.rawValue))
            // The first 25 of the genetic algorithm are spread over the space.
            #expect(methods == (sampler == "nsga2" ? ["sobol", "nsga2"] : [sampler]))
        }
    }
}

/// What the end of an attempt means where there are several metrics.
@Suite struct FurtherOutcomeTests {
    private static let retry = Retry(attempts: 2, causes: [.noMetric])
    private static let prune = TrialDecision(
        trial: 0, attempt: 1, step: 1, value: 2, action: .prune, reason: "rank 2 of 2",
        at: Date(timeIntervalSince1970: 0))

    @Test func `a trial is complete with all its metrics, and not before`() {
        let missing = MissingMetric("size", in: "/nowhere/trials/000000", output: 0, errors: 0)
        #expect(missing.hint.hasPrefix("'size': nothing was printed"))
        func ending(_ further: [String: Double]?, earlierFailures: Int = 0) -> TrialEnding {
            AttemptOutcome(
                exit: .exited(0), value: 0.5, further: further, hasDiverged: false, wasInterrupted: false,
                earlierFailures: earlierFailures, missingMetric: further == nil ? missing : nil
            ).ending(retry: Self.retry)
        }
        #expect(ending(["size": 3]) == .complete(0.5, further: ["size": 3]))
        #expect(ending([:]) == .complete(0.5))
        #expect(ending(nil) == TrialEnding(.waiting, .noMetric(hint: missing.hint)))
        #expect(ending(nil, earlierFailures: 1) == TrialEnding(.failed, .noMetric(hint: missing.hint)))
    }

    @Test func `a decision is overruled by an end that has all metrics`() {
        func ending(_ further: [String: Double]?) -> TrialEnding {
            AttemptOutcome(
                exit: .exited(0), value: 2, further: further, hasDiverged: false, wasInterrupted: false,
                decision: Self.prune, cameToItsEnd: true, late: .init(value: 3)
            ).ending(retry: Self.retry)
        }
        #expect(ending(["size": 3]) == .complete(3, further: ["size": 3]))
        #expect(ending(nil) == TrialEnding(.pruned, .pruned("rank 2 of 2"), value: 2))
    }
}
