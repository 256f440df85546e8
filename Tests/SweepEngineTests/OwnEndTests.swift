import Foundation
import SweepEngine
import SweepExecution
import SweepFile
import SweepModel
import SweepStore
import Synchronization
import Testing

/// Trainers that come to their own end while it is decided to end them.
@Suite struct OwnEndTests {
    /// Three steps in one piece, and the end with it.
    private static let finishes = """
        exec printf '{"step": 1, "loss": %s}\\n{"step": 2, "loss": %s}\\n{"step": 3, "loss": %s}\\n' $x $x $x
        """

    @Test(arguments: ["min_steps: 3", "min_steps: 1"])
    func `a trial that came to its end is complete with all it reported`(steps: String) async throws {
        let sweep = try ShellSweep(
            Self.finishes,
            """
            enqueue: [{x: 0.1}, {x: 0.2}, {x: 0.3}]
            pruner: {name: asha, \(steps), reduction: 2}
            budget: {trials: 3}
            resources: {parallel: 1}
            """)
        let (_, trials) = try await sweep.run()
        #expect(trials.map(\.state) == [.complete, .complete, .complete])
        #expect(trials.map(\.reason?.description) == [nil, nil, nil])
        #expect(trials.map(\.value) == [0.1, 0.2, 0.3])
        for trial in 0..<3 { #expect(try sweep.metrics(ofTrial: trial).map(\.step) == [1, 2, 3]) }
        // What was decided stays written.
        #expect(try sweep.store().decisions().last { $0.trial == 1 }?.action == .prune)
    }

    @Test func `a reproducible sweep keeps to what it decided, and says so`() async throws {
        let sweep = try ShellSweep(
            Self.finishes,
            """
            enqueue: [{x: 0.1}, {x: 0.2}]
            pruner: {name: asha, min_steps: 2, reduction: 2}
            budget: {trials: 2}
            reproducible: {lag: 1}
            resources: {parallel: 1}
            """)
        let (_, trials) = try await sweep.run()
        #expect(trials.map(\.state) == [.complete, .pruned])
        #expect(
            trials[1].reason?.description
                == "rung 0 at step 2: rank 2 of 2, 1 goes on; "
                + "the sweep is reproducible: this counts even if the trainer had ended before")
        #expect(try sweep.metrics(ofTrial: 1).map(\.step) == [1, 2])
    }

    @Test func `a trial that was to pause is complete if it came to its end, also for a planner that goes on`()
        async throws
    {
        let settings = """
            enqueue: [{x: 0.5}, {x: 0.4}, {x: 0.3}, {x: 0.2}]
            pruner: {name: successive_halving, min_steps: 1, reduction: 2}
            budget: {trials: 4}
            resources: {parallel: 1}
            """
        let sweep = try ShellSweep(Self.finishes, settings)
        let (interruptions, interrupt) = AsyncStream<Void>.makeStream()
        let (ending, _) = try await sweep.run(interruptions: interruptions) { notice in
            if case .ended(let trial) = notice, trial.number == 1 { interrupt.yield() }
        }
        #expect(ending == .interrupted)
        let (resumed, trials) = try await sweep.run()
        #expect(resumed == .trials)
        #expect(trials.map(\.state) == [.complete, .complete, .complete, .complete])
        #expect(trials.map(\.attempt) == [1, 1, 1, 1])
        #expect(trials.map(\.value) == [0.5, 0.4, 0.3, 0.2])
        #expect(try sweep.store().decisions().map(\.action) == [.pause, .pause, .pause, .pause])
    }

    @Test func `those that ended at a rung are competitors of those that pause there`() async throws {
        // The first two end by themselves and are better; the others wait at the rung, and one of four is promoted.
        let sweep = try ShellSweep(
            """
            if [ $REVSWEEP_TRIAL -lt 2 ]; then \(Self.finishes); fi
            echo "{\\"step\\": 1, \\"loss\\": $x}"; exec sleep 60
            """,
            """
            enqueue: [{x: 0.1}, {x: 0.2}, {x: 0.3}, {x: 0.4}]
            pruner: {name: successive_halving, min_steps: 1, reduction: 2, max_steps: 2}
            budget: {trials: 4}
            resources: {parallel: 1}
            """)
        let (_, trials) = try await sweep.run()
        #expect(trials.map(\.state) == [.complete, .complete, .pruned, .pruned])
        #expect(trials[2].reason?.description == "rung 0 at step 1: rank 3 of 4, 2 go on")
    }

    @Test func `what diverges after the decision, and ends, has diverged`() async throws {
        let sweep = try ShellSweep(
            "exec printf '{\"loss\": 2}\\n{\"loss\": NaN}\\n'",
            "pruner: {name: threshold, upper: 1}\nbudget: {trials: 1}")
        let (_, trials) = try await sweep.run()
        #expect(trials.map(\.state) == [.diverged])
    }

    /// Whether or not its trainer hears of the pause in time: the sweep is reproducible.
    @Test func `a trial that diverges before it hears that it pauses has diverged when it goes on`() async throws {
        let sweep = try ShellSweep(
            """
            [ -e checkpoint ] && exit 0
            if [ $REVSWEEP_TRIAL = 1 ]; then
                printf '{"step": 1, "loss": 0}\\n{"step": 2, "loss": NaN}\\n'
            else
                printf '{"step": 1, "loss": 1}\\n{"step": 2, "loss": 1}\\n'
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

    @Test(arguments: ["asha", "hyperband, max_steps: 9", "successive_halving"])
    func `trials that diverged or crashed stop no healthy one`(pruner: String) async throws {
        // The odd ones look best at step 1, and then diverge or crash. Where trials pause, none is past its rung by
        // then.
        let pause = pruner == "successive_halving" ? "60" : "0.15"
        let sweep = try ShellSweep(
            """
            trap 'exit 0' TERM
            s=$(cat checkpoint 2>/dev/null || echo 0)
            while [ $s -lt 3 ]; do
                s=$((s + 1)); echo $s > checkpoint
                case $((REVSWEEP_TRIAL % 4)) in
                    1) [ $s = 1 ] && loss=0 || loss=NaN ;;
                    3) [ $s = 1 ] && loss=0 || exit 7 ;;
                    *) loss=$x ;;
                esac
                echo "{\\"step\\": $s, \\"loss\\": $loss}"; [ $s = 3 ] || sleep \(pause)
            done
            """,
            """
            enqueue: [{x: 0.9}, {x: 0}, {x: 0.8}, {x: 0}, {x: 0.7}, {x: 0}, {x: 0.6}, {x: 0}, {x: 0.5}]
            pruner: {name: \(pruner), min_steps: 1, reduction: 2}
            budget: {trials: 9}
            reproducible: {lag: 1}
            resources: {parallel: 1}
            """)
        let (_, trials) = try await sweep.run()
        // Each healthy trial is better than those before it.
        #expect(trials[8].state == .complete)
        if pruner != "successive_halving" {
            #expect(trials.enumerated().filter { $0.offset % 2 == 0 }.allSatisfy { $0.element.state == .complete })
        }
        #expect(trials.contains { $0.state == .diverged } && trials.contains { $0.state == .failed })
    }
}

@Suite struct OverruledDecisionTests {
    private static let retry = Retry(attempts: 1, causes: [])
    private static let prune = TrialDecision(
        trial: 0, attempt: 1, step: 1, value: 2, action: .prune, reason: "rank 2 of 2",
        at: Date(timeIntervalSince1970: 0))
    private static let pause = TrialDecision(
        trial: 0, attempt: 1, step: 1, rung: 0, value: 2, action: .pause, reason: "paused",
        at: Date(timeIntervalSince1970: 0))

    @Test(arguments: [
        (prune, TrialExit.exited(0), true, false, TrialEnding.complete(3)),
        (pause, .exited(0), true, false, TrialEnding.complete(3)),
        // It was told to stop, and took its time.
        (prune, .exited(0), false, false, TrialEnding(.pruned, .pruned("rank 2 of 2"), value: 2)),
        (pause, .exited(0), false, false, TrialEnding(.waiting, .paused("paused"))),
        (prune, .signaled(15), false, false, TrialEnding(.pruned, .pruned("rank 2 of 2"), value: 2)),
        // A reproducible sweep.
        (prune, .exited(0), true, true, TrialEnding(.pruned, .pruned("rank 2 of 2"), value: 2)),
        (pause, .exited(0), true, true, TrialEnding(.waiting, .paused("paused"))),
    ])
    func `a decision is overruled by an end that came before it`(
        decision: TrialDecision, exit: TrialExit, cameToItsEnd: Bool, stands: Bool, expected: TrialEnding
    ) {
        for isInterrupted in [false, true] {
            let outcome = AttemptOutcome(
                exit: exit, value: 2, hasDiverged: false, wasInterrupted: isInterrupted, decision: decision,
                decisionStands: stands, cameToItsEnd: cameToItsEnd, late: .init(value: 3))
            #expect(outcome.ending(retry: Self.retry) == expected)
        }
    }

    @Test func `an interrupted trial that had come to its end is complete`() {
        let outcome = AttemptOutcome(
            exit: .exited(0), value: 2, hasDiverged: false, wasInterrupted: true, cameToItsEnd: true)
        #expect(outcome.ending(retry: Self.retry) == TrialEnding.complete(2))
    }
}
