import ConfigFile
import EarlyStopping
import SweepFile
import SweepModel
import SweepSearch
import Testing

/// What a sweep file says about running trials: pruner, budget, resources, retry, launcher.
@Suite struct EngineSectionTests {
    private static func stopping(
        _ text: String, goal: String = "minimize", rule: String = "last"
    ) throws -> any Pruner {
        let metric = "{name: loss, goal: \(goal), value: \(rule)}"
        let sweep = try SweepText(metric: metric, rest: "pruner: \(text)").read().sweep
        guard case .stopping(let pruner) = sweep.pruning else {
            throw SweepTextError.unexpected("\(String(describing: sweep.pruning))")
        }
        return pruner
    }

    private enum SweepTextError: Error {
        case unexpected(String)
    }

    @Test func `a pruner has its options, and defaults for what is not said`() throws {
        let asha = try #require(
            try Self.stopping("{name: asha, min_steps: 2, reduction: 4, max_steps: 64, bracket: 1}")
                as? AsynchronousHalvingPruner)
        #expect(asha.rungs == Rungs(minSteps: 2, reductionFactor: 4, maxSteps: 64, bracket: 1))
        #expect(
            try Self.stopping("{name: asha, reduction: 2, spacing: 3}") as? AsynchronousHalvingPruner
                == AsynchronousHalvingPruner(Rungs(minSteps: 1, reductionFactor: 2, spacing: 3)))
        #expect(
            try Self.stopping("asha") as? AsynchronousHalvingPruner
                == AsynchronousHalvingPruner(Rungs(minSteps: 1, reductionFactor: 3)))
        #expect(
            try Self.stopping("{name: hyperband, max_steps: 81}") as? HyperbandPruner
                == HyperbandPruner(minSteps: 1, maxSteps: 81, reductionFactor: 3))
        #expect(
            try Self.stopping("median") as? PercentilePruner
                == PercentilePruner(
                    percentile: 50, startupTrials: 5, warmupSteps: 0, intervalSteps: 1, minTrials: 1))
        #expect(
            try Self.stopping(
                """
                {name: percentile, percentile: 25, startup_trials: 2, warmup_steps: 3, interval_steps: 4, min_trials: 5}
                """
            ) as? PercentilePruner
                == PercentilePruner(
                    percentile: 25, startupTrials: 2, warmupSteps: 3, intervalSteps: 4, minTrials: 5))
        #expect(
            try Self.stopping("{name: patience, patience: 7, min_delta: 0.5}") as? PatiencePruner
                == PatiencePruner(patience: 7, minDelta: 0.5))
        #expect(try Self.stopping("auto") as? PredictivePruner == PredictivePruner())
        #expect(
            try Self.stopping("{name: auto, warmup_steps: 5}", rule: "best") as? PredictivePruner
                == PredictivePruner(countsBest: true, warmupSteps: 5))
        #expect(try SweepText().read().sweep.pruning == nil)
    }

    @Test func `a threshold is on the metric as it is reported`() throws {
        let text = "{name: threshold, lower: 0.1, upper: 5}"
        #expect(
            try Self.stopping(text) as? ThresholdPruner == ThresholdPruner(lower: 0.1, upper: 5))
        // Pruners see values of which lower is better.
        #expect(
            try Self.stopping(text, goal: "maximize") as? ThresholdPruner == ThresholdPruner(lower: -5, upper: -0.1))
    }

    @Test func `successive halving promotes`() throws {
        let sweep = try SweepText(rest: "pruner: {name: successive_halving, min_steps: 2}").read().sweep
        guard case .promoting(let rungs) = sweep.pruning else {
            Issue.record("\(String(describing: sweep.pruning))")
            return
        }
        #expect(rungs == Rungs(minSteps: 2, reductionFactor: 3))
    }

    @Test(
        arguments: [
            ("0", .none), ("3", .whole(3)), ("2.0", .whole(2)), ("0.5", .shared(by: 2)), ("0.25", .shared(by: 4)),
            ("0.33", .shared(by: 3)), ("0.3333", .shared(by: 3)), ("0.17", .shared(by: 6)), ("1/3", .shared(by: 3)),
            ("1/1", .whole(1)), ("0.02", .shared(by: 50)),
        ] as [(String, GPUs)])
    func `a trial has GPUs of its own or a part of one`(text: String, gpus: GPUs) throws {
        #expect(try SweepText(rest: "resources: {gpus: \(text)}").read().sweep.resources.gpus == gpus)
    }

    @Test(arguments: ["1.5", "0.6", "0.3", "-1", "1e-9", ".nan", ".inf", "2/3", "1/0", "1/65", "half", "2000", "true"])
    func `no other part of a GPU can be had`(text: String) {
        let error = #expect(throws: DiagnosticsError.self) {
            try SweepText(rest: "resources: {gpus: \(text)}").read()
        }
        #expect(error?.description.contains("'resources.gpus' must be a whole number of GPUs or a part of one") == true)
        #expect(error?.description.contains("help: 1, 2, … for each trial; 1/2, 1/3, … (0.5, 0.33, …)") == true)
    }

    @Test func `limits, retries and launcher are read`() throws {
        let sweep = try SweepText(
            budget: "{trials: 9, target: 0.5}",
            rest: """
                resources: {memory: 1.5GiB, processes: 64, stall: 10m, affinity: true, gpus: 2, threads: 3}
                retry: {attempts: 3, on: [memory, stall], backoff: 10s}
                launcher: {command: [srun, "-c{threads}", "--mem={memory_mib}M"], stop_signal: INT}
                """
        ).read().sweep
        #expect(sweep.budget.target == 0.5)
        #expect(sweep.resources.memory == 3 << 29)
        #expect(sweep.resources.processes == 64)
        #expect(sweep.resources.stall == .seconds(600))
        #expect(sweep.resources.affinity && sweep.resources.gpus == .whole(2))
        #expect(sweep.retry == Retry(attempts: 3, causes: [.memory, .stall], backoff: .seconds(10)))
        #expect(sweep.launcher?.stopSignal == .interrupt)
        #expect(sweep.launcher?.command.first?.text == "srun")
        let plain = try SweepText(rest: "launcher: {command: [ssh, node7]}").read().sweep
        #expect(plain.launcher?.stopSignal == .terminate)
        #expect(plain.resources.memory == nil && !plain.resources.affinity && plain.resources.gpus == .none)
    }

    @Test(arguments: [
        ("512MiB", 512 << 20), ("2 GB", 2_000_000_000), ("1TiB", 1 << 40), ("1048576B", 1 << 20), ("1.5GiB", 3 << 29),
    ])
    func `memory has a unit`(text: String, bytes: Int) throws {
        #expect(try SweepText(rest: "resources: {memory: \(text)}").read().sweep.resources.memory == bytes)
    }

    @Test(arguments: [
        Mistake(
            "an unknown pruner", SweepText(rest: "pruner: ahsa"),
            """
            s.yaml:6:9: error: 'pruner' cannot be 'ahsa'
            6 | pruner: ahsa
              |         ^
              = help: did you mean 'asha'?
            """),
        Mistake(
            "a pruner without a name", SweepText(rest: "pruner: {min_steps: 3}"),
            """
            s.yaml:6:9: error: 'pruner.name' is missing
            6 | pruner: {min_steps: 3}
              |         ^
              = help: name: asha
            """),
        Mistake(
            "an option of another pruner", SweepText(rest: "pruner: {name: asha, patience: 3}"),
            """
            s.yaml:6:22: error: unknown key 'pruner.patience'
            6 | pruner: {name: asha, patience: 3}
              |                      ^
              = help: known are name, bracket, min_steps, max_steps, reduction, spacing
            """),
        Mistake(
            "Hyperband without its end", SweepText(rest: "pruner: hyperband"),
            """
            s.yaml:6:9: error: 'pruner.max_steps' is missing
            6 | pruner: hyperband
              |         ^
              = help: max_steps: the steps of a trial that is not stopped
            """),
        Mistake(
            "an end before the beginning", SweepText(rest: "pruner: {name: asha, min_steps: 9, max_steps: 3}"),
            """
            s.yaml:6:47: error: 'pruner.max_steps' must be at least min_steps, which is 9, found 3
            6 | pruner: {name: asha, min_steps: 9, max_steps: 3}
              |                                               ^
            """),
        Mistake(
            "a threshold without bounds", SweepText(rest: "pruner: {name: threshold}"),
            """
            s.yaml:6:9: error: 'pruner' needs 'lower' or 'upper'
            6 | pruner: {name: threshold}
              |         ^
              = help: upper: 10 prunes a trial whose metric is above 10
            """),
        Mistake(
            "memory without a unit", SweepText(rest: "resources: {memory: 2000}"),
            """
            s.yaml:6:21: error: 'resources.memory' must be an amount of memory, found the integer 2000
            6 | resources: {memory: 2000}
              |                     ^
              = help: a number with its unit: 512MiB, 2GiB, 1.5GB
            """),
        Mistake(
            "too little memory", SweepText(rest: "resources: {memory: 2kB}"),
            """
            s.yaml:6:21: error: 'resources.memory' must be at least 1MiB, found 2kB
            6 | resources: {memory: 2kB}
              |                     ^
            """),
        Mistake(
            "a launcher that asks for what is not limited",
            SweepText(rest: "launcher: {command: [srun, '--mem={memory_mib}M']}"),
            """
            s.yaml:6:28: error: '{memory_mib}' needs a limit
            6 | launcher: {command: [srun, '--mem={memory_mib}M']}
              |                            ^
              = help: give one: resources: {memory: 2GiB}
            """),
        Mistake(
            "a launcher without a command", SweepText(rest: "launcher: {stop_signal: KILL}"),
            """
            s.yaml:6:11: error: 'launcher.command' is missing
            6 | launcher: {stop_signal: KILL}
              |           ^
              = help: command: [srun, -X, -Q, -n1]
            s.yaml:6:25: error: 'launcher.stop_signal' cannot be 'KILL'
            6 | launcher: {stop_signal: KILL}
              |                         ^
              = help: known are TERM, INT, HUP, USR1, USR2
            """),
    ])
    func `a mistake is told where it is and what would be right`(mistake: Mistake) {
        mistake.check()
    }
}
