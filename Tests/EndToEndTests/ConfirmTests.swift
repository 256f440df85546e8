import Foundation
import TestSupport
import Testing

/// `revsweep confirm`: the best configurations with fresh seeds.
@Suite struct ConfirmTests {
    /// The loss is x and noise between 0 and 1 that depends on the seed alone.
    private static let noisy = """
        awk -v x="$1" -v s="$REVSWEEP_SEED" 'BEGIN { srand(s); printf "{\\"loss\\": %.9f}\\n", x + rand() }'
        """

    private struct Found: Decodable {
        struct Configuration: Decodable {
            var trial: Int
            var shown: Double
            var values: [Double?]
            var mean: Double?
            var low: Double?
            var high: Double?
            var failed: Int
            var p: Double?
        }
        var seeds: [UInt64]
        var best: Int?
        var configurations: [Configuration]
    }

    private static func found(_ text: String) throws -> Found {
        try JSONDecoder().decode(Found.self, from: Data(text.utf8))
    }

    private struct Listed: Decodable {
        var state: String
        var value: Double?
        var params: [String: Double]
    }

    private static func trials(_ place: Workplace, of sweep: String) async throws -> [Listed] {
        let result = try await place.revsweep("trials", sweep, "--json")
        return try JSONDecoder().decode([Listed].self, from: Data(result.output.utf8))
    }

    @Test func `the luckiest trial loses to the best one, and best.yaml says so`() async throws {
        // Trial 0, at the end of the range, is the worst and the luckiest; with fresh seeds its luck is gone.
        let place = try Workplace(
            """
            [ "$REVSWEEP_SWEEP" = test ] && [ $REVSWEEP_TRIAL = 0 ] && { echo '{"loss": -5}'; exit; }
            \(Self.noisy)
            """, budget: "{trials: 8}", settings: "enqueue: [{x: 1.0}, {x: 0.0}, {x: 0.5}]")
        _ = try await place.revsweep("run", "test.yaml", "-q")
        #expect(try await place.revsweep("best", "test").output.hasPrefix("trial 0: loss -5\n"))
        let confirmed = try await place.revsweep("confirm", "test", "--top", "8", "--seeds", "6")
        #expect(confirmed.status == .exited(0), "\(confirmed.errorOutput)")
        #expect(confirmed.output.contains("loss of the best 8 configurations, each with 6 fresh seeds"))
        let file = try Self.found(place.directory.text(of: "results/test/confirmed.json"))
        #expect(file.configurations.count == 8 && file.seeds.count == 6 && Set(file.seeds).count == 6)
        #expect(file.best == 1, "x = 0 is the best of all")
        #expect(file.configurations.last?.trial == 0 && file.configurations.last?.shown == -5)
        // All configurations have the same noise, seed by seed: the differences are those of x.
        let first = (file.configurations.first?.values ?? []).compactMap { $0 }
        let last = (file.configurations.last?.values ?? []).compactMap { $0 }
        #expect(last.count == 6)
        #expect(first.count == 6 && zip(first, last).allSatisfy { abs($1 - $0 - 1) < 1e-6 })
        #expect(Set(first).count == 6, "each seed has noise of its own")
        let best = try place.directory.text(of: "results/test/best.yaml")
        #expect(best.hasPrefix("# trial 1 of the sweep 'test'") && best.contains("\n# confirmed: 0."), "\(best)")
        #expect(best.hasSuffix("\nx: 0.0\n"))
        #expect(try await place.revsweep("export", "test").output == best)
        #expect(try await place.revsweep("best", "test").output.hasPrefix("trial 1: loss "))
        #expect(try await place.revsweep("status", "test").output.contains("\nconfirmed trial 1: loss "))
        // A sweep that goes on and finds nothing better keeps what was confirmed; one that does has a new best.
        _ = try await place.revsweep("resume", "test", "-q")
        #expect(try place.directory.text(of: "results/test/best.yaml") == best)
        let text = try place.directory.text(of: "test.yaml")
        try place.directory.write(text.replacing("trials: 8", with: "trials: 9"), to: "test.yaml")
        try place.directory.write("#!/bin/sh\necho '{\"loss\": -9}'\n", to: "trainer.sh", executable: true)
        _ = try await place.revsweep("run", "test.yaml", "-q")
        #expect(try place.directory.text(of: "results/test/best.yaml").hasPrefix("# trial 8 of the sweep 'test'"))
    }

    @Test func `a sweep that only has the name is left alone`() async throws {
        let place = try Workplace()
        _ = try await place.revsweep("run", "test.yaml", "-q")
        let text = try place.directory.text(of: "test.yaml")
        try place.directory.write(text + "\nname: test-confirm\nsampler: random\n", to: "own.yaml")
        _ = try await place.revsweep("run", "own.yaml", "-q")
        let result = try await place.revsweep("confirm", "test", "--top", "2", "--seeds", "2")
        #expect(result.status == .exited(1))
        #expect(result.errorOutput.contains("there is one already that is none of revsweep confirm"))
        let listing = try await place.revsweep("trials", "test-confirm", "--json").output
        #expect(try JSONDecoder().decode([Workplace.Trial].self, from: Data(listing.utf8)).count == 5)
    }

    @Test func `the same command adds what is missing and repeats nothing`() async throws {
        let place = try Workplace("echo started >> ../../../started\n\(Self.noisy)")
        _ = try await place.revsweep("run", "test.yaml", "-q")
        func started() throws -> Int {
            try place.directory.text(of: "results/started").split(separator: "\n").count
        }
        #expect(try started() == 5)
        let first = try Self.found(
            await place.revsweep("confirm", "test", "--top", "2", "--seeds", "3", "--json").output)
        #expect(try started() == 11)
        let again = try Self.found(
            await place.revsweep("confirm", "test", "--top", "2", "--seeds", "3", "--json").output)
        #expect(try started() == 11)
        #expect(first.configurations.map(\.values) == again.configurations.map(\.values))
        let more = try Self.found(
            await place.revsweep("confirm", "test", "--top", "3", "--seeds", "4", "--json").output)
        #expect(try started() == 17)
        #expect(more.seeds.prefix(3) == first.seeds.prefix(3))
        for configuration in first.configurations {
            let same = try #require(more.configurations.first { $0.trial == configuration.trial })
            #expect(same.values.prefix(3) == configuration.values.prefix(3))
        }
        // Fewer are read from what is there.
        let fewer = try Self.found(
            await place.revsweep("confirm", "test", "--top", "2", "--seeds", "2", "--json").output)
        #expect(try started() == 17 && fewer.configurations.allSatisfy { $0.values.count == 2 })
    }

    @Test func `killed, it goes on with the same seeds`() async throws {
        let place = try Workplace(
            "[ $REVSWEEP_SWEEP = test-confirm ] && { touch running; sleep 0.2; }\n\(Self.noisy)", budget: "{trials: 3}",
            settings: "resources: {parallel: 2}")
        _ = try await place.revsweep("run", "test.yaml", "-q")
        let killed = try await place.shell(
            """
            $revsweep confirm test --top 2 --seeds 4 -q & planner=$!
            until [ -e results/test-confirm/trials/000003/running ]; do sleep 0.01; done
            kill -KILL $planner; wait $planner
            [ -e results/test/confirmed.json ] && exit 1
            $revsweep confirm test --top 2 --seeds 4 --json
            """)
        #expect(killed.status == .exited(0), "\(killed.errorOutput)")
        let found = try Self.found(killed.output)
        #expect(found.configurations.allSatisfy { $0.values.allSatisfy { $0 != nil } && $0.values.count == 4 })
        #expect(try await Self.trials(place, of: "test-confirm").count == 8)
        // Trials of one seed have the same noise.
        let noise = try await Self.trials(place, of: "test-confirm").map { trial in
            ((trial.value ?? 0) - (trial.params["x"] ?? 0)) * 1e6
        }
        #expect(Set(noise.map { $0.rounded() }).count == 4)
    }

    @Test func `interrupted, it says how to go on`() async throws {
        let place = try Workplace(
            "[ $REVSWEEP_SWEEP = test-confirm ] && { touch running; sleep 0.3; }\n\(Self.noisy)", budget: "{trials: 3}",
            settings: "resources: {parallel: 1}")
        _ = try await place.revsweep("run", "test.yaml", "-q")
        let stopped = try await place.shell(
            """
            $revsweep confirm test --top 2 --seeds 4 & planner=$!
            until [ -e results/test-confirm/trials/000002/running ]; do sleep 0.01; done
            kill -INT $planner; wait $planner
            """)
        #expect(stopped.status == .exited(130))
        #expect(
            stopped.output.contains("of 8 trials have ended; go on with: revsweep confirm test --top 2 --seeds 4\n"),
            "\(stopped.output)")
    }

    @Test func `a parameter that is the trainer's seed is set, wherever it is`() async throws {
        // Among the parameters, as a choice; trials that differ in it alone are one configuration.
        let place = try Workplace()
        try place.directory.write(
            """
            metric: {name: loss, goal: minimize}
            trainer: {command: [./trainer.sh, "{args:plain}"], directory: "{trial_dir}"}
            parameters:
              model.x: {type: choice, values: [1, 2, 3.10]}
              train.seed: {type: choice, values: [1, 2]}
            sampler: grid
            """, to: "test.yaml")
        try place.directory.write(
            """
            #!/bin/sh
            for word; do case $word in *seed=*) s=${word#*=} ;; *) x=${word#*=} ;; esac; done
            [ "$x" = 3.1 ] && exit 3
            awk -v x="$x" -v s="$s" 'BEGIN { printf "{\\"loss\\": %.9f}\\n", x + s / 2147483647 }'
            """, to: "trainer.sh", executable: true)
        #expect(try await place.revsweep("run", "test.yaml", "-q").status == .exited(0))
        let found = try Self.found(await place.revsweep("confirm", "test", "--seeds", "3", "--json").output)
        #expect(found.configurations.count == 3, "not six: there are two seeds of each")
        let trials = try await Self.trials(place, of: "test-confirm")
        #expect(trials.count == 9 && trials.allSatisfy { $0.state == "complete" })
        #expect(Set(trials.compactMap { $0.params["train.seed"] }) == Set(found.seeds.map { Double($0) }))
        let values = found.configurations.flatMap { $0.values.compactMap { $0 } }
        #expect(Set(values).count == 9)
    }

    @Test func `a seed in the base configuration is set`() async throws {
        let place = try Workplace()
        try place.directory.write("x: 0\ndata: {seed: 7, name: a}\n", to: "base.yaml")
        try place.directory.write(
            """
            metric: {name: loss, goal: minimize}
            trainer: {command: [./trainer.sh, "{config}"], config: base.yaml, directory: "{trial_dir}"}
            parameters: {x: {type: int, min: 1, max: 9}}
            budget: {trials: 3}
            """, to: "test.yaml")
        try place.directory.write(
            """
            #!/bin/sh
            seed=$(sed -n 's/.*seed: \\([0-9]*\\).*/\\1/p' "$1")
            echo "{\\"loss\\": $seed}"
            """, to: "trainer.sh", executable: true)
        #expect(try await place.revsweep("run", "test.yaml", "-q").status == .exited(0))
        #expect(try await place.trials().allSatisfy { $0.value == 7 })
        let found = try Self.found(
            await place.revsweep("confirm", "test", "--top", "1", "--seeds", "4", "--json").output)
        #expect(found.configurations.first?.values == found.seeds.map { Double($0) })
        let best = try place.directory.text(of: "results/test/best.yaml")
        #expect(best.contains("data: {seed: 7, name: a}"), "the configuration of the trial itself")
    }

    @Test func `failures are told, and a sweep whose every trial fails ends with 2`() async throws {
        let place = try Workplace(
            "[ $REVSWEEP_SWEEP = test-confirm ] && [ $REVSWEEP_TRIAL = 0 ] && exit 3\n\(Self.noisy)")
        _ = try await place.revsweep("run", "test.yaml", "-q")
        let some = try await place.revsweep("confirm", "test", "--top", "2", "--seeds", "3")
        #expect(some.status == .exited(0) && some.output.contains("no result with 1 of 3 seeds"), "\(some.output)")
        #expect(some.output.hasSuffix("\n1 trial failed; the same command runs it again\n"), "\(some.output)")
        // What failed is tried again, with the same seed.
        let again = try await place.revsweep("confirm", "test", "--top", "2", "--seeds", "3", "--json")
        let found = try Self.found(again.output)
        #expect(found.configurations.allSatisfy { $0.failed == 0 && !$0.values.contains(nil) })
        #expect(try await Self.trials(place, of: "test-confirm").count == 7)
        let third = try await place.revsweep("confirm", "test", "--top", "2", "--seeds", "3")
        #expect(third.status == .exited(0) && !third.output.contains("runs it again"), "\(third.output)")
        let other = try Workplace("[ $REVSWEEP_SWEEP = test-confirm ] && exit 3\n\(Self.noisy)")
        _ = try await other.revsweep("run", "test.yaml", "-q")
        let none = try await other.revsweep("confirm", "test", "--top", "1", "--seeds", "2")
        #expect(none.status == .exited(2) && none.errorOutput.contains("no trial with a fresh seed is complete"))
        #expect(try other.directory.text(of: "results/test/best.yaml").contains("# confirmed") == false)
    }

    @Test func `a sweep that has changed since is not mixed with its former results`() async throws {
        let place = try Workplace(Self.noisy)
        _ = try await place.revsweep("run", "test.yaml", "-q")
        _ = try await place.revsweep("confirm", "test", "--top", "1", "--seeds", "2", "-q")
        let text = try place.directory.text(of: "test.yaml")
        try place.directory.write(
            text.replacing(#""{param:x}"]"#, with: #""{param:x}", --fast]"#).replacing("trials: 5", with: "trials: 6"),
            to: "test.yaml")
        #expect(try await place.revsweep("run", "test.yaml", "-q", "--accept-changes").status == .exited(0))
        let refused = try await place.revsweep("confirm", "test", "--top", "1", "--seeds", "2")
        #expect(refused.status == .exited(1))
        #expect(refused.errorOutput.contains("this one has changed:\n    trainer.command"), "\(refused.errorOutput)")
        #expect(refused.errorOutput.contains("to begin anew, move it away: mv "))
    }

    @Test(arguments: [
        (["confirm", "test"], "error: no trial of the sweep 'test' is complete\n"),
        (["confirm", "test", "--top", "0"], "--top must be at least 1, found 0"),
        (["confirm", "test", "--seeds", "0"], "--seeds must be from 1 to 10000, found 0"),
        (["confirm", "test", "--seed-parameter", "y"], "'y' is neither a parameter of this sweep nor in its base"),
    ])
    func `what cannot be confirmed is said`(arguments: [String], expected: String) async throws {
        let place = try Workplace("exit 3", budget: "{trials: 1}")
        _ = try await place.revsweep("run", "test.yaml", "-q")
        let result = try await Program.revsweep.run(arguments, in: place.directory.path)
        #expect(result.status == .exited(1) && result.errorOutput.contains(expected), "\(result.errorOutput)")
    }
}
