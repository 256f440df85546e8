import Foundation
import SweepEngine
import SweepModel
import SweepSearch
import SweepStore
import Synchronization
import Testing

/// All of a sweep that must not depend on timing.
struct SweepContent: Equatable {
    struct Trial: Equatable {
        var number: Int
        var state: TrialState
        var reason: String?
        var value: Double?
        var parameters: Assignment
    }

    struct Decision: Equatable {
        var trial: Int
        var step: Int
        var value: Double
        var action: TrialDecision.Action
        var reason: String
    }

    var trials: [Trial]
    var decisions: [Decision]

    init(_ sweep: ShellSweep) throws {
        let store = try sweep.store()
        trials = try store.trials().map {
            Trial(
                number: $0.number, state: $0.state, reason: $0.reason?.description, value: $0.value,
                parameters: $0.parameters)
        }
        decisions = try store.decisions()
            .map { Decision(trial: $0.trial, step: $0.step, value: $0.value, action: $0.action, reason: $0.reason) }
            .sorted { ($0.trial, $0.step, $0.action.rawValue) < ($1.trial, $1.step, $1.action.rawValue) }
    }
}

extension ShellSweep {
    func store() throws -> SweepStore {
        try SweepStore(readingSweepIn: "\(directory.path)/results/test")
    }

    /// A trainer of so many steps that goes on from the step in its folder, and stops politely. What it reports at a
    /// step depends on x alone; how long it takes differs from trial to trial and from run to run.
    static func steps(_ count: Int) -> String {
        """
        trap 'exit 0' TERM
        step=$(cat checkpoint 2>/dev/null || echo 0)
        while [ $step -lt \(count) ]; do
            step=$((step + 1))
            awk -v x=$x -v s=$step 'BEGIN { printf "{\\"step\\": %d, \\"loss\\": %.6f}\\n", s, x + 1 / s }'
            echo $step > checkpoint.new; mv checkpoint.new checkpoint
            sleep 0.0$(( ($$ + REVSWEEP_TRIAL * 7) % 4 ))
        done
        """
    }
}

@Suite struct PruningTests {
    @Test func `a trial that is behind at a rung is stopped and says why`() async throws {
        let sweep = try ShellSweep(
            Self.endless,
            """
            enqueue: [{x: 0.5}, {x: 0.75}, {x: 0.25}]
            pruner: {name: asha, min_steps: 2, reduction: 2}
            budget: {trials: 3}
            resources: {parallel: 1}
            """)
        let (_, trials) = try await sweep.run()
        #expect(trials.map(\.state) == [.complete, .pruned, .complete])
        #expect(trials[1].reason?.description == "rung 0 at step 2: rank 2 of 2, 1 goes on")
        #expect(trials[1].value == 0.75)
        // What it printed after it was to stop is in its log, and is no report.
        #expect(try sweep.metrics(ofTrial: 1).map(\.step) == [1, 2])
        #expect(try sweep.directory.text(of: "results/test/trials/000001/stdout.log").hasSuffix("\"loss\": 99}\n"))
        let decisions = try sweep.store().decisions()
        #expect(decisions.map(\.trial) == [0, 0, 1, 2, 2])
        #expect(decisions.map(\.action) == [.goOn, .goOn, .prune, .goOn, .goOn])
        #expect(decisions.map(\.step) == [2, 4, 2, 2, 4])
    }

    /// Runs until it is stopped, but for trials with x ≤ 1/2, which report four steps and end.
    private static let endless = """
        trap 'echo "{\\"step\\": 9, \\"loss\\": 99}"; exit 0' TERM
        for s in 1 2 3 4; do
            echo "{\\"step\\": $s, \\"loss\\": $x}"
            [ $s = 2 ] && [ $x = 0.75 ] && while :; do sleep 0.01; done
        done
        exit 0
        """

    @Test func `a trainer that ignores the request to stop is killed and pruned all the same`() async throws {
        let sweep = try ShellSweep(
            "trap '' TERM; echo \"{\\\"loss\\\": $x}\"; [ $REVSWEEP_TRIAL = 1 ] && exec sleep 600; exit 0",
            """
            enqueue: [{x: 0.5}, {x: 1}]
            pruner: {name: threshold, upper: 0.75}
            budget: {trials: 2}
            """)
        let (_, trials) = try await sweep.run()
        #expect(trials.map(\.state) == [.complete, .pruned])
        #expect(trials[1].reason?.description == "step 1: 1.0 is above 0.75")
    }

    @Test func `a metric that is no number is diverged, not pruned`() async throws {
        let sweep = try ShellSweep(
            "echo '{\"loss\": NaN}'; echo '{\"loss\": 9}'", "pruner: {name: threshold, upper: 1}\nbudget: {trials: 1}")
        let (_, trials) = try await sweep.run()
        #expect(trials.map(\.state) == [.diverged])
        #expect(try sweep.store().decisions().isEmpty)
    }

    @Test func `trials pause at rungs, the best go on from their checkpoints, the rest are pruned`() async throws {
        let sweep = try ShellSweep(
            ShellSweep.steps(5),
            """
            enqueue: [{x: 0.9}, {x: 0.1}, {x: 0.8}, {x: 0.2}]
            pruner: {name: successive_halving, min_steps: 1, reduction: 2, max_steps: 4}
            budget: {trials: 4}
            resources: {parallel: 1}
            reproducible: {lag: 1}
            """)
        let (ending, trials) = try await sweep.run()
        #expect(ending == .trials)
        // Two of the four are promoted from step 1, one of these from step 2; that one runs to its end.
        #expect(trials.map(\.state) == [.pruned, .complete, .pruned, .pruned])
        #expect(trials[1].value == 0.3)
        #expect(trials[1].attempt == 3)
        #expect(trials[0].reason?.description.hasPrefix("rung 0 at step 1: rank 4 of 4, 2 go on;") == true)
        #expect(trials[3].reason?.description.hasPrefix("rung 1 at step 2: rank 2 of 2, 1 goes on;") == true)
        #expect(trials[3].value == 0.7)
        // Nothing is lost, however far a trainer came before it heard that it was to pause.
        for trial in 0..<4 {
            let steps = Set(try sweep.metrics(ofTrial: trial).map(\.step))
            #expect(steps == Set(1...steps.count) && steps.count >= [1, 5, 1, 2][trial])
        }
        let decisions = try sweep.store().decisions().filter { $0.trial == 1 }
        #expect(decisions.map(\.action) == [.pause, .promote, .pause, .promote])
    }

    /// Whatever ends when, however many run at once, and interrupted or not.
    @Test(
        .timeLimit(.minutes(20)),
        arguments: [
            "{name: asha, min_steps: 1, reduction: 2}", "{name: median, startup_trials: 3}",
            "{name: hyperband, min_steps: 1, max_steps: 4, reduction: 2}",
            "{name: successive_halving, min_steps: 1, reduction: 2, max_steps: 4}",
        ])
    func `the same seed gives the same trials and the same decisions`(pruner: String) async throws {
        var contents: [SweepContent] = []
        for parallel in [1, 2, 4] {
            let sweep = try ShellSweep(
                ShellSweep.steps(4),
                """
                sampler: {name: tpe, seed: 5}
                pruner: \(pruner)
                budget: {trials: 16}
                reproducible: {lag: 4}
                resources: {parallel: \(parallel)}
                """)
            if parallel == 2 {
                // Stopped after every third report, then gone on with.
                for round in 1...4 {
                    let (interruptions, interrupt) = AsyncStream<Void>.makeStream()
                    let isDone = Mutex(false)
                    try await sweep.run(interruptions: interruptions) { notice in
                        guard case .reported(let trial, _) = notice, trial == 3 * round,
                            isDone.withLock({ isDone in
                                defer { isDone = true }
                                return !isDone
                            })
                        else { return }
                        interrupt.yield()
                        interrupt.yield()
                    }
                }
            }
            try await sweep.run()
            contents.append(try SweepContent(sweep))
        }
        #expect(contents[0].trials.count == 16)
        #expect(contents[0].trials.contains { $0.state == .pruned })
        #expect(contents[0].trials.contains { $0.state == .complete })
        #expect(contents[1] == contents[0])
        #expect(contents[2] == contents[0])
    }

    @Test func `a trial that was to be pruned when its planner was killed is pruned, not run again`() async throws {
        let sweep = try ShellSweep(
            "echo \"{\\\"loss\\\": $x}\"", "pruner: {name: threshold, upper: 2}\nbudget: {trials: 2}")
        do {
            let open = try await sweep.open()
            try await open.store.plan(
                TrialRecord(
                    number: 0, origin: .sampled, seed: 1, parameters: ["x": .number(0.5)], created: Date()))
            let attempt = try await open.store.start(0, at: Date())
            try await open.store.record(
                [MetricRecord(trial: 0, attempt: attempt, step: 1, name: "loss", value: 3)],
                [
                    TrialDecision(
                        trial: 0, attempt: attempt, step: 1, value: 3, action: .prune, reason: "too large", at: Date())
                ])
        }
        let (_, trials) = try await sweep.run()
        #expect(trials.map(\.state) == [.pruned, .complete])
        #expect(trials[0].attempt == 1 && trials[0].value == 3 && trials[0].reason?.description == "too large")
    }

    @Test(arguments: [0, 1, 2])
    func `what was printed and not stored when the planner was killed counts`(stored: Int) async throws {
        let sweep = try ShellSweep("exit 0", "budget: {trials: 1}")
        do {
            let open = try await sweep.open()
            try await open.store.plan(
                TrialRecord(number: 0, origin: .sampled, seed: 1, parameters: ["x": 0.5], created: Date()))
            _ = try await open.store.start(0, at: Date())
            try await open.store.record(
                (0..<stored).map { .init(trial: 0, attempt: 1, step: $0 + 1, name: "loss", value: Double(4 - $0)) })
            try sweep.directory.write(
                "epoch 1\n{\"loss\": 4}\nepoch 2\n{\"loss\": 3}\n", to: "results/test/trials/000000/stdout.log")
        }
        let (_, trials) = try await sweep.run()
        #expect(trials.map(\.state) == [.complete] && trials.first?.value == 3)
        let metrics = try sweep.metrics(ofTrial: 0)
        #expect(metrics.map(\.step) == [1, 2] && metrics.map(\.value) == [4, 3])
        #expect(metrics.allSatisfy { $0.attempt == 1 })
    }

    @Test func `what an earlier attempt printed and was dropped does not count for a later one`() async throws {
        let sweep = try ShellSweep("exit 0", "budget: {trials: 1}")
        do {
            let open = try await sweep.open()
            try await open.store.plan(
                TrialRecord(number: 0, origin: .sampled, seed: 1, parameters: ["x": 0.5], created: Date()))
            for (attempt, value) in [(1, 4.0), (2, 3.0)] {
                _ = try await open.store.start(0, at: Date())
                try await open.store.record([.init(trial: 0, attempt: attempt, step: 1, name: "loss", value: value)])
                if attempt == 1 { try await open.store.end(0, .interrupted, metrics: [], at: Date()) }
            }
            let log = [4, 9, 3, 2].map { "{\"loss\": \($0)}\n" }.joined()
            try sweep.directory.write(log, to: "results/test/trials/000000/stdout.log")
        }
        let (_, trials) = try await sweep.run()
        #expect(trials.first?.value == 2)
        let metrics = try sweep.metrics(ofTrial: 0)
        #expect(metrics.map(\.value) == [4, 3, 2] && metrics.map(\.attempt) == [1, 2, 2])
        #expect(metrics.map(\.step) == [1, 1, 2])
    }

    @Test func `an attempt that comes to a rung again is not judged again`() async throws {
        // The first attempt passes the rung and crashes; others have passed it better meanwhile.
        let sweep = try ShellSweep(
            """
            echo "{\\"step\\": 1, \\"loss\\": $x}"
            [ $REVSWEEP_TRIAL$REVSWEEP_ATTEMPT = 01 ] && exit 3
            exit 0
            """,
            """
            enqueue: [{x: 1}, {x: 0.5}]
            pruner: {name: asha, reduction: 2}
            budget: {trials: 2}
            resources: {parallel: 1}
            retry: {attempts: 2, on: [crash]}
            """)
        let (_, trials) = try await sweep.run()
        #expect(trials.map(\.state) == [.complete, .complete])
        #expect(try sweep.store().decisions().map(\.trial) == [0, 1])
    }
}
