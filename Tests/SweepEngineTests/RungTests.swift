import Foundation
import GRDB
import RandomStreams
import SweepEngine
import SweepModel
import SweepStore
import Synchronization
import Testing

/// How a trainer counts: it goes on from its checkpoint, and each line of `steps` is what one epoch reports.
struct Spacing: CustomTestStringConvertible {
    var name: String
    /// Prints the steps that the epoch `$e`, from 1, reports.
    var steps: String
    var epochs: Int
    var pruner: String

    var testDescription: String { name }

    /// x + 1/epoch at each step; the checkpoint is the epoch, and what goes on from it does the last one again: what it
    /// had reported may be lost with its planner.
    var trainer: String {
        """
        trap 'exit 0' TERM
        e=$(cat checkpoint 2>/dev/null || echo 1); e=$((e - 1))
        while [ $e -lt \(epochs) ]; do
            e=$((e + 1))
            \(steps) | while read s; do
                awk -v x=$x -v e=$e -v s=$s 'BEGIN { printf "{\\"step\\": %d, \\"loss\\": %.6f}\\n", s, x + 1 / e }'
            done
            echo $e > checkpoint.new; mv checkpoint.new checkpoint
            sleep 0.01
        done
        """
    }
}

@Suite struct RungTests {
    private static let spacings = [
        Spacing(
            name: "every tenth step", steps: "echo $((e * 10))", epochs: 4,
            pruner: "{name: successive_halving, min_steps: 1, reduction: 3}"),
        Spacing(
            name: "every seventh, a rung at each second", steps: "echo $((e * 7))", epochs: 3,
            pruner: "{name: successive_halving, min_steps: 2, reduction: 2, max_steps: 21}"),
        Spacing(
            name: "growing steps", steps: "echo $((e * e * e))", epochs: 4,
            pruner: "{name: successive_halving, min_steps: 1, reduction: 2}"),
        Spacing(
            name: "each step twice", steps: "printf '%d\\n%d\\n' $e $e", epochs: 4,
            pruner: "{name: successive_halving, min_steps: 1, reduction: 2}"),
        Spacing(
            name: "folds", steps: "printf '1\\n2\\n3\\n'", epochs: 3,
            pruner: "{name: successive_halving, min_steps: 1, reduction: 2}"),
        Spacing(
            name: "from zero", steps: "echo $(((e - 1) * 5))", epochs: 4,
            pruner: "{name: successive_halving, min_steps: 1, reduction: 3}"),
        Spacing(
            name: "no rung in reach", steps: "echo $e", epochs: 2,
            pruner: "{name: successive_halving, min_steps: 50, reduction: 3}"),
        Spacing(
            name: "ASHA, every tenth step", steps: "echo $((e * 10))", epochs: 4,
            pruner: "{name: asha, min_steps: 1, reduction: 2}"),
        Spacing(
            name: "Hyperband, folds", steps: "printf '1\\n5\\n9\\n'", epochs: 3,
            pruner: "{name: hyperband, min_steps: 1, max_steps: 9, reduction: 2}"),
        Spacing(
            name: "median, each step twice", steps: "printf '%d\\n%d\\n' $((e * 3)) $((e * 3))", epochs: 3,
            pruner: "{name: median, startup_trials: 1}"),
    ]

    private static func sweep(_ spacing: Spacing, trials: Int) throws -> ShellSweep {
        try ShellSweep(
            spacing.trainer,
            """
            sampler: {name: random, seed: 4}
            pruner: \(spacing.pruner)
            budget: {trials: \(trials)}
            resources: {parallel: 2}
            """)
    }

    /// Whatever the way there was: all trials have ended, none failed, and each decision about a rung was made once,
    /// the rungs of a trial in their order.
    private static func check(_ sweep: ShellSweep, trials count: Int, _ comment: Comment) throws {
        let store = try sweep.store()
        let trials = try store.trials()
        #expect(trials.count == count, comment)
        #expect(trials.allSatisfy { $0.state == .complete || $0.state == .pruned }, comment)
        #expect(trials.contains { $0.state == .complete }, comment)
        let decisions = Dictionary(grouping: try store.decisions(), by: \.trial)
        for (trial, decisions) in decisions {
            let pauses = decisions.filter { $0.action == .pause }
            #expect(pauses.map(\.rung) == pauses.indices.map { $0 }, comment)
            let promotions = decisions.filter { $0.action == .promote }
            #expect(promotions.map(\.rung) == promotions.indices.map { $0 }, comment)
            #expect(pauses.count - promotions.count <= 1, comment)
            if !pauses.isEmpty, pauses.count > promotions.count, trials[trial].state == .pruned {
                #expect(decisions.last?.action == .prune && decisions.last?.rung == pauses.count - 1, comment)
            }
        }
    }

    @Test(.timeLimit(.minutes(20)), arguments: spacings)
    func `one report may pass several rungs, whatever steps a trainer reports`(spacing: Spacing) async throws {
        let sweep = try Self.sweep(spacing, trials: 9)
        let (ending, _) = try await sweep.run()
        #expect(ending == .trials)
        try Self.check(sweep, trials: 9, "\(spacing.name)")
    }

    @Test(.timeLimit(.minutes(20)), arguments: [spacings[0], spacings[2], spacings[4]])
    func `a sweep that has ended goes on with a larger budget`(spacing: Spacing) async throws {
        for settings in ["", "\nreproducible: true"] {
            let sweep = try Self.sweep(spacing, trials: 6)
            let text = try sweep.directory.text(of: "test.yaml") + settings
            for trials in [6, 9, 16] {
                try sweep.directory.write(
                    text.replacing("{trials: 6}", with: "{trials: \(trials)}"), to: "test.yaml")
                let (ending, _) = try await sweep.run()
                #expect(ending == .trials)
                try Self.check(sweep, trials: trials, "\(spacing.name), \(trials) trials\(settings)")
            }
        }
    }

    /// How much a trainer still prints after it was decided that it pauses is a matter of timing.
    @Test(.timeLimit(.minutes(20)))
    func `of reports at one step the first counts, whenever the trainer stops`() async throws {
        let twice = """
            for s in 1 2 2 3 4 4; do
                n=$((n + 1))
                awk -v x=$x -v s=$s -v n=$n 'BEGIN { printf "{\\"step\\": %d, \\"loss\\": %.6f}\\n", s, x + 1 / n }'
                [ $(($(date +%N | tail -c 2) % 2)) = 0 ] && sleep 0.01
            done
            sleep 0.1
            """
        var results: Set<[String]> = []
        for _ in 0..<3 {
            let sweep = try ShellSweep(
                twice,
                """
                sampler: {name: random, seed: 4}
                pruner: {name: successive_halving, min_steps: 1, reduction: 2}
                budget: {trials: 8}
                resources: {parallel: 2}
                reproducible: {lag: 2}
                """)
            let trials = try await sweep.run().trials
            results.insert(trials.map { "\($0.parameters) \($0.state) \(String(describing: $0.value))" })
        }
        #expect(results.count == 1)
    }

    /// The folder of the sweep as it is at each notice, which is what a planner leaves that is killed there.
    @Test(.timeLimit(.minutes(20)), arguments: [spacings[0], spacings[2], spacings[4], spacings[7]])
    func `a planner that is killed at any event is gone on with`(spacing: Spacing) async throws {
        let sweep = try Self.sweep(spacing, trials: 4)
        let folder = "\(sweep.directory.path)/results/test"
        let snapshots = Mutex(0)
        try await sweep.run { _ in
            snapshots.withLock { count in
                do {
                    try Self.copy(folder, to: "\(sweep.directory.path)/snapshot\(count)")
                    count += 1
                } catch {
                    // A file that the trainer is just moving: the next notice will do.
                }
            }
        }
        let count = snapshots.withLock(\.self)
        #expect(count >= 8)
        for snapshot in 0..<count {
            try FileManager.default.removeItem(atPath: folder)
            try FileManager.default.moveItem(atPath: "\(sweep.directory.path)/snapshot\(snapshot)", toPath: folder)
            let (ending, _) = try await sweep.run()
            #expect(ending == .trials)
            try Self.check(sweep, trials: 4, "\(spacing.name), killed at notice \(snapshot) of \(count)")
        }
    }

    private static func copy(_ folder: String, to copy: String) throws {
        try? FileManager.default.removeItem(atPath: copy)
        try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
        // The files of a database that is written cannot be copied one after the other.
        let source = try DatabaseQueue(path: "\(folder)/\(SweepStore.fileName)")
        let target = try DatabaseQueue(path: "\(copy)/\(SweepStore.fileName)")
        try source.backup(to: target)
        try target.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
        try target.close()
        try source.close()
        let trials = "\(folder)/trials"
        if FileManager.default.fileExists(atPath: trials) {
            try FileManager.default.copyItem(atPath: trials, toPath: "\(copy)/trials")
        }
    }

    @Test func `a sweep that got stuck at a rung of an earlier release goes on`() async throws {
        // It had stored which rung a trial paused at only by the step of the report, which passes all rungs.
        let spacing = Self.spacings[0]
        let sweep = try Self.sweep(spacing, trials: 4)
        do {
            let open = try await sweep.open()
            for number in 0..<3 {
                try await open.store.plan(
                    TrialRecord(
                        number: number, origin: .sampled, seed: 1,
                        parameters: ["x": .number(Double(number) / 4)], created: Date()))
                let attempt = try await open.store.start(number, at: Date())
                func decision(_ action: TrialDecision.Action) -> TrialDecision {
                    TrialDecision(
                        trial: number, attempt: attempt, step: 10, rung: 0, value: Double(number) / 4 + 1,
                        action: action, reason: "rung 0", at: Date())
                }
                try await open.store.record(
                    [
                        MetricRecord(
                            trial: number, attempt: attempt, step: 10, name: "loss", value: Double(number) / 4 + 1)
                    ],
                    [decision(.pause)])
                try await open.store.end(
                    number, TrialEnding(.waiting, .paused("paused at rung 0, step 1")), metrics: [], at: Date())
                if number == 0 { continue }
                let folder = "\(open.directory)/trials/00000\(number)"
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                try "1".write(toFile: "\(folder)/checkpoint", atomically: true, encoding: .utf8)
            }
            try await open.store.promote(
                TrialDecision(
                    trial: 0, attempt: 1, step: 10, rung: 0, value: 1, action: .promote, reason: "rank 1 of 3",
                    at: Date()))
            _ = try await open.store.start(0, at: Date())
            try await open.store.end(0, .interrupted, metrics: [], at: Date())
        }
        let (ending, _) = try await sweep.run()
        #expect(ending == .trials)
        try Self.check(sweep, trials: 4, "stuck")
    }

    @Test func `where reports have no step, those of the metric are counted`() async throws {
        let sweep = try ShellSweep(
            """
            trap 'exit 0' TERM
            for epoch in 1 2 3 4; do
                for batch in 1 2 3 4 5; do echo '{"train": 1}'; done
                echo "{\\"loss\\": $x}"
                [ $epoch = 4 ] && [ $x = 0.75 ] && exec sleep 60
            done
            exit 0
            """,
            """
            enqueue: [{x: 0.5}, {x: 0.75}]
            pruner: {name: asha, min_steps: 3, reduction: 2}
            budget: {trials: 2}
            resources: {parallel: 1}
            """)
        let (_, trials) = try await sweep.run()
        #expect(trials.map(\.state) == [.complete, .pruned])
        #expect(trials[1].reason?.description == "rung 0 at step 3: rank 2 of 2, 1 goes on")
        #expect(try sweep.metrics(ofTrial: 0).filter { $0.name == "loss" }.map(\.step) == [1, 2, 3, 4])
        // What is reported between two values belongs to the second.
        #expect(
            try sweep.metrics(ofTrial: 0).filter { $0.name == "train" }.map(\.step)
                == (1...4).flatMap { Array(repeating: $0, count: 5) })
        #expect(try sweep.store().decisions().map(\.step) == [3, 3])
    }

    @Test func `an attempt whose metric is counted begins where that count does`() async throws {
        // Training steps have numbers of their own; the metric, from 1 in each attempt, has not.
        let sweep = try ShellSweep(
            """
            echo '{"step": 500, "train": 1}'
            for loss in 4 3 2; do echo "{\\"loss\\": $loss$REVSWEEP_ATTEMPT}"; done
            [ $REVSWEEP_ATTEMPT = 1 ] && exit 3
            exit 0
            """, "budget: {trials: 1}\nretry: {attempts: 2}\npruner: {name: median}")
        let (_, trials) = try await sweep.run()
        #expect(trials.map(\.value) == [22])
        let curve = try #require(try sweep.store().curves(ofMetric: "loss")[0])
        #expect(curve.map(\.step) == [1, 2, 3] && curve.map(\.value) == [42, 32, 22])
    }

    @Test func `steps that start again are said once`() async throws {
        let sweep = try ShellSweep(
            "for fold in 1 2 3; do for s in 1 2; do echo \"{\\\"step\\\": $s, \\\"loss\\\": $fold}\"; done; done",
            "budget: {trials: 3}\npruner: {name: asha, reduction: 2}\nresources: {parallel: 1}")
        let notices = Mutex<[String]>([])
        let (_, trials) = try await sweep.run { notice in
            if case .notice(let text) = notice { notices.withLock { $0.append(text) } }
        }
        let said = notices.withLock(\.self)
        #expect(said.count == 1)
        #expect(said.first?.contains("(trial 0: step 1 after step 2)") == true)
        #expect(trials.map(\.value) == [3, 3, 3])
    }

    /// At the end those that are paused are pruned one after the other; in a large sweep that takes a while.
    @Test func `a sweep that prunes at its end can be interrupted, and goes on`() async throws {
        let sweep = try ShellSweep(
            "echo \"{\\\"loss\\\": $x}\"; trap 'exit 0' TERM; [ $REVSWEEP_ATTEMPT = 1 ] && sleep 5; exit 0",
            """
            pruner: {name: successive_halving, min_steps: 1, reduction: 3, max_steps: 3}
            budget: {trials: 6}
            """)
        let isPruning = Atomic(false)
        let (ending, trials) = try await sweep.run(
            notify: { notice in
                if case .ended(let trial) = notice, trial.state == .pruned { isPruning.store(true, ordering: .relaxed) }
            }, isInterrupted: { isPruning.load(ordering: .relaxed) })
        #expect(ending == .interrupted)
        #expect(trials.count { $0.state == .pruned } == 1 && trials.contains { $0.state == .waiting })
        let (end, all) = try await sweep.run()
        #expect(end == .trials && all.count == 6 && all.allSatisfy { [.pruned, .complete].contains($0.state) })
    }
}
