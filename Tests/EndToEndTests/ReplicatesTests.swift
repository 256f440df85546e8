import Foundation
import TestSupport
import Testing

/// Configurations that are run with several seeds, by the program.
@Suite(.tags(.slow)) struct ReplicatesTests {
    /// The loss is x and noise between 0 and 1 that depends on the seed alone.
    private static let noisy = """
        awk -v x="$1" -v s="$REVSWEEP_SEED" 'BEGIN { srand(s); printf "{\\"loss\\": %.9f}\\n", x + rand() }'
        """

    private struct Trial: Decodable, Equatable {
        struct Source: Decodable, Equatable {
            var sweep: String?
            var trial: Int
        }
        var number: Int
        var state: String
        var value: Double?
        var params: [String: Double]
        var origin: String
        var source: Source?

        var first: Int { origin == "replicate" ? source?.trial ?? -1 : number }
    }

    private func trials(_ place: Workplace) async throws -> [Trial] {
        let result = try await place.revsweep("trials", "test", "--json")
        return try JSONDecoder().decode([Trial].self, from: Data(result.output.utf8))
    }

    private struct Best: Decodable {
        struct Replicates: Decodable {
            var value: Double?
            var mean: Double?
            var seeds: Int
            var trials: [Int]
        }
        var number: Int
        var replicates: Replicates
    }

    @Test func `good configurations get all seeds, bad ones one, and the best is chosen by its mean`() async throws {
        // Trial 0 is lucky, and bad.
        let place = try Workplace(
            "[ $REVSWEEP_TRIAL = 0 ] && { echo '{\"loss\": -0.2}'; exit; }\n\(Self.noisy)", budget: "{trials: 40}",
            settings: "replicates: 4\nsampler: random\nenqueue: [{x: 1.0}, {x: 0.0}]\nresources: {parallel: 2}")
        let run = try await place.revsweep("run", "test.yaml")
        #expect(run.status == .exited(0) && run.errorOutput.isEmpty, "\(run.errorOutput)")
        let trials = try await trials(place)
        #expect(trials.count == 40 && trials.allSatisfy { $0.state == "complete" })
        let groups = Dictionary(grouping: trials, by: \.first)
        for group in groups.values {
            #expect(group.count <= 4 && Set(group.map(\.params)).count == 1)
            #expect(Set(group.map(\.value)).count == group.count, "each has a seed of its own")
        }
        #expect((groups[0]?.count ?? 0) > 1, "it looks good at first")
        #expect(groups.count > 12, "most are given up after one seed")
        func mean(_ group: [Trial]) -> Double { group.reduce(0) { $0 + ($1.value ?? 9) } / Double(group.count) }
        let best = try #require(groups.values.filter { $0.count == 4 }.min { mean($0) < mean($1) })
        let first = try #require(best.map(\.number).min())
        let shown = try JSONDecoder().decode(
            Best.self, from: Data(await place.revsweep("best", "test", "--json").output.utf8))
        #expect(shown.number == first && shown.replicates.trials == best.map(\.number).sorted())
        #expect(shown.replicates.seeds == 4 && abs((shown.replicates.mean ?? 9) - mean(best)) < 1e-12)
        #expect(first != 0, "its luck was that of one seed")
        let file = try place.directory.text(of: "results/test/best.yaml")
        #expect(file.hasPrefix("# trial \(first) of the sweep 'test'"), "\(file)")
        #expect(file.contains("\n# seeds: ") && file.contains(", the mean of 4 seeds ("), "\(file)")
        #expect(run.output.contains("best.yaml: trial \(first), seeds: ") || first == 1, "\(run.output)")
        #expect(try await place.revsweep("status", "test").output.contains("\nseeds     trial \(first): loss "))
        // One line for each configuration.
        let exported = try await place.revsweep("export", "test", "--top", "40", "--format", "jsonl").output
        #expect(exported.split(separator: "\n").count == groups.count)
        let report = try await place.revsweep("report", "test", "-o", "-").output
        #expect(report.contains("\"best\":\(first),\"bestWords\":\"Seeds: "))
        let replicate = try #require(trials.first { $0.origin == "replicate" })
        let told = try await place.revsweep("explain", "test", String(replicate.number)).output
        #expect(told.contains("another seed of trial \(replicate.first)"), "\(told)")
    }

    @Test func `killed and resumed, a reproducible sweep has the same trials`() async throws {
        let settings = "replicates: {seeds: 3, value: median}\nreproducible: {lag: 3}\nresources: {parallel: 3}"
        let script = "sleep 0.0$((REVSWEEP_TRIAL % 5))\n\(Self.noisy)"
        let whole = try Workplace(script, budget: "{trials: 24}", settings: settings)
        _ = try await whole.revsweep("run", "test.yaml", "-q")
        let broken = try Workplace(script, budget: "{trials: 24}", settings: settings)
        let killed = try await broken.shell(
            """
            for trial in 000003 000008 000015; do
                $revsweep run test.yaml -q & planner=$!
                until [ -e results/test/trials/$trial ]; do sleep 0.01; done
                kill -KILL $planner; wait $planner
            done
            $revsweep resume test -q
            """)
        #expect(killed.status == .exited(0), "\(killed.errorOutput)")
        let expected = try await trials(whole)
        #expect(try await trials(broken) == expected)
        #expect(expected.contains { $0.origin == "replicate" })
    }

    @Test func `the seed goes into the base configuration, and further seeds are not pruned`() async throws {
        let place = try Workplace()
        try place.directory.write("# a model\nmodel: {seed: 3}   # the seed\nlr: 1\n", to: "base.yaml")
        try place.directory.write(
            """
            metric: {name: loss, goal: minimize}
            trainer: {command: [sh, train.sh, "{config}", "{seed}", "{number}"], config: base.yaml}
            parameters: {lr: {type: int, min: 1, max: 9}}
            replicates: {seeds: 3}
            pruner: {name: threshold, upper: 3}
            sampler: random
            budget: {trials: 12}
            enqueue: [{lr: 1}, {lr: 9}]
            """, to: "test.yaml")
        // The second seed of the first configuration has a value above the threshold. Trial 1 ends when it is stopped.
        try place.directory.write(
            """
            grep -q "seed: $2}" "$1" || exit 3
            lr=$(sed -n 's/lr: //p' "$1")
            case $3 in 0|2|3) [ $3 = 2 ] && { echo '{"loss": 5}'; sleep 0.3; }; echo '{"loss": 0.5}';;
                1) echo "{\\"loss\\": $lr}"; sleep 600;;
                *) echo "{\\"loss\\": $lr}"; sleep 0.3; echo "{\\"loss\\": $lr}";; esac
            """, to: "train.sh")
        let check = try await place.revsweep("check", "test.yaml")
        #expect(check.output.contains("3 seeds for what may be the best, judged by their mean"), "\(check.output)")
        #expect(check.output.contains("'model.seed' in the base configuration"))
        _ = try await place.revsweep("run", "test.yaml", "-q")
        let trials = try await trials(place)
        #expect(trials[1].state == "pruned" && trials[1].params["lr"] == 9)
        #expect(trials.filter { $0.first == 0 }.map(\.state) == ["complete", "complete", "complete"], "\(trials)")
        let best = try await place.revsweep("export", "test").output
        #expect(best.contains("# a model\nmodel: {seed: ") && !best.contains("seed: 3}   "), "\(best)")
    }

    /// Else the mean would be that of the lucky seeds alone.
    @Test func `a trial with the values of another one is not pruned, whoever planned it`() async throws {
        let place = try Workplace(
            "[ $REVSWEEP_TRIAL = 1 ] && { echo '{\"loss\": 9}'; sleep 0.3; }\necho '{\"loss\": 0.5}'",
            budget: "{trials: 2}",
            settings: """
                replicates: 3
                sampler: random
                pruner: {name: threshold, upper: 3}
                enqueue: [{x: 0.5}, {x: 0.5}]
                resources: {parallel: 1}
                """)
        _ = try await place.revsweep("run", "test.yaml", "-q")
        #expect(try await trials(place).map(\.state) == ["complete", "complete"])
    }

    @Test func `a grid goes on until every good point has its seeds`() async throws {
        let place = try Workplace(
            Self.noisy, budget: "{failures: 5}",
            settings: "sampler: {name: grid, points: 4}\nreplicates: 3\nresources: {parallel: 4}")
        #expect(try await place.revsweep("run", "test.yaml", "-q").status == .exited(0))
        let trials = try await trials(place)
        #expect(Set(trials.map(\.params)).count == 4)
        let groups = Dictionary(grouping: trials, by: \.first).values
        #expect(groups.contains { $0.count == 3 } && groups.allSatisfy { $0.count <= 3 }, "\(trials)")
        // What is over is over, and a resumed one adds nothing.
        _ = try await place.revsweep("resume", "test", "-q")
        #expect(try await self.trials(place) == trials)
    }

    /// Half of the points crash with their first seed, and would be lost.
    @Test func `a point of a grid whose first seed crashed gets another one`() async throws {
        let place = try Workplace(
            "[ $REVSWEEP_TRIAL = 1 ] || [ $REVSWEEP_TRIAL = 2 ] && exit 3\n\(Self.noisy)", budget: "{failures: 9}",
            settings: "sampler: {name: grid, points: 4}\nreplicates: 3\nresources: {parallel: 1}")
        #expect(try await place.revsweep("run", "test.yaml", "-q").status == .exited(0))
        let groups = Dictionary(grouping: try await trials(place), by: \.params).values
        #expect(groups.count == 4 && groups.allSatisfy { $0.contains { $0.state == "complete" } }, "\(groups)")
        #expect(groups.allSatisfy { $0.count { $0.state == "complete" } <= 3 })
    }

    @Test func `in a small space each configuration gets its seeds`() async throws {
        let values = [0.0, 0.125, 0.25, 0.375]
        let place = try Workplace(
            Self.noisy, budget: "{trials: 12}",
            settings: """
                replicates: 3
                resources: {parallel: 1}
                enqueue: [\(values.map { "{x: \($0)}" }.joined(separator: ", "))]
                """)
        let text = try place.directory.text(of: "test.yaml")
            .replacing("{type: uniform, min: 0, max: 1}", with: "{type: choice, values: \(values)}")
        try place.directory.write(text, to: "test.yaml")
        #expect(try await place.revsweep("run", "test.yaml", "-q").status == .exited(0))
        let groups = Dictionary(grouping: try await trials(place), by: \.params).values
        #expect(groups.map(\.count) == [3, 3, 3, 3], "\(groups)")
    }

    @Test func `ask gives another seed of what may be the best`() async throws {
        let place = try Workplace(Self.noisy, budget: "{trials: 6}", settings: "replicates: 3")
        let told = try await place.shell(
            """
            for loss in 5 6 7; do
                $revsweep ask test.yaml >/dev/null && $revsweep tell test $((n)) --value $loss >/dev/null || exit 1
                n=$((n + 1))
            done
            """)
        #expect(told.status == .exited(0), "\(told)")
        let trials = try await trials(place)
        #expect(trials.map(\.first) == [0, 0, 0] && Set(trials.map(\.params)).count == 1)
    }

    @Test func `replicates may be added to a sweep, and taken away`() async throws {
        let place = try Workplace(Self.noisy, budget: "{trials: 6}", settings: "sampler: random")
        _ = try await place.revsweep("run", "test.yaml", "-q")
        let text = try place.directory.text(of: "test.yaml")
        try place.directory.write(
            text.replacing("trials: 6", with: "trials: 12") + "\nreplicates: 3\n", to: "test.yaml")
        let refused = try await place.revsweep("run", "test.yaml", "-q")
        #expect(refused.status == .exited(1) && refused.errorOutput.contains("replicates"), "\(refused.errorOutput)")
        #expect(try await place.revsweep("run", "test.yaml", "-q", "--accept-changes").status == .exited(0))
        let first = try await trials(place)
        #expect(first.count == 12 && first.count { $0.origin == "replicate" } >= 2)
        try place.directory.write(text.replacing("trials: 6", with: "trials: 14"), to: "test.yaml")
        #expect(try await place.revsweep("run", "test.yaml", "-q", "--accept-changes").status == .exited(0))
        let second = try await trials(place)
        #expect(second.count == 14 && second.suffix(2).allSatisfy { $0.origin == "sampled" })
    }

    @Test func `the same values are one configuration, and what was confirmed counts`() async throws {
        // Trial 0 is lucky; x = 1 is the best.
        let place = try Workplace(
            "[ $REVSWEEP_TRIAL = 0 ] && { echo '{\"loss\": -9}'; exit; }\n\(Self.noisy)", budget: "{trials: 30}",
            settings: """
                replicates: 3
                sampler: random
                enqueue: [{x: 9}, {x: 9}, {x: 1}]
                """)
        let text = try place.directory.text(of: "test.yaml")
        try place.directory.write(
            text.replacing("x: {type: uniform, min: 0, max: 1}", with: "x: {type: choice, values: [1, 5, 9]}"),
            to: "test.yaml")
        _ = try await place.revsweep("run", "test.yaml", "-q")
        let best = try await place.revsweep("best", "test").output
        let first = try await trials(place).first { $0.params["x"] == 1 }?.number ?? -1
        #expect(best.hasPrefix("trial \(first): loss "), "\(best)")
        let exported = try await place.revsweep("export", "test", "--top", "9", "--format", "jsonl").output
        #expect(exported.split(separator: "\n").count == 3, "\(exported)")
        let confirmed = try await place.revsweep("confirm", "test", "--top", "2", "--seeds", "3", "-q")
        #expect(confirmed.status == .exited(0), "\(confirmed.errorOutput)")
        #expect(try await place.revsweep("best", "test").output.contains("\n  confirmed: "))
        #expect(try place.directory.text(of: "results/test/best.yaml").contains("\n# confirmed: "))
    }

    @Test func `a configuration that fails with most seeds is not the best`() async throws {
        let place = try Workplace(
            """
            if [ "$1" = 5 ]; then [ -e ../seen ] && exit 3; touch ../seen; echo '{"loss": 0.1}'; exit; fi
            \(Self.noisy)
            """, settings: "replicates: 3\nsampler: grid")
        let text = try place.directory.text(of: "test.yaml")
        try place.directory.write(
            text.replacing("x: {type: uniform, min: 0, max: 1}", with: "x: {type: choice, values: [3, 4, 5]}")
                .replacing("{trials: 5}", with: "{failures: 20}"), to: "test.yaml")
        _ = try await place.revsweep("run", "test.yaml", "-q")
        let trials = try await trials(place)
        #expect(trials.count { $0.params["x"] == 5 && $0.state == "failed" } == 3, "tried as often as it has seeds")
        #expect(try await place.revsweep("best", "test").output.contains("x = 3"))
        let failed = try await place.revsweep(
            "trials", "test", "--filter", "origin == replicate and state == failed", "--columns", "number,source,seed",
            "--csv")
        #expect(failed.output.split(whereSeparator: \.isNewline).count == 4, "\(failed.output) \(failed.errorOutput)")
    }

    @Test func `a further seed of a configuration does not count as its being run again`() async throws {
        let place = try Workplace(
            Self.noisy, budget: "{trials: 8}", settings: "replicates: 3\nsampler: random\nresources: {parallel: 1}")
        _ = try await place.revsweep("run", "test.yaml", "-q")
        let count = try await trials(place).count
        _ = try await place.revsweep("rerun", "test", "--state", "complete")
        let status = try await place.revsweep("status", "test").output
        #expect(status.contains("\(count) enqueued trials"), "\(status)")
    }

    @Test func `a trainer without use for its seed is told of`() async throws {
        let place = try Workplace(budget: "{trials: 8}", settings: "replicates: 2\nsampler: random")
        _ = try await place.revsweep("run", "test.yaml", "-q")
        let best = try await place.revsweep("best", "test").output
        #expect(best.contains("all with the same result: does the trainer use its seed?"), "\(best)")
    }
}
