import Foundation
import TestSupport
import Testing

/// Trials that are run again, and sweeps that start from the trials of another sweep.
@Suite struct RerunTests {
    private struct Listed: Decodable {
        struct Source: Decodable, Equatable {
            var sweep: String?
            var trial: Int
        }
        var number: Int
        var state: String
        var params: [String: Double]
        var origin: String
        var source: Source?
    }

    /// A sweep of three trials, of which number 1 fails.
    private static func place() throws -> Workplace {
        try Workplace(
            "[ $REVSWEEP_TRIAL = 1 ] && exit 3; echo \"{\\\"loss\\\": $1}\"", budget: "{trials: 3}",
            settings: "resources: {parallel: 1}")
    }

    private static func trials(_ place: Workplace, of sweep: String = "test") async throws -> [Listed] {
        let result = try await place.revsweep("trials", sweep, "--json")
        return try JSONDecoder().decode([Listed].self, from: Data(result.output.utf8))
    }

    @Test func `the values of trials that failed are tried again as new trials`() async throws {
        let place = try Self.place()
        _ = try await place.revsweep("run", "test.yaml", "-q")
        let rerun = try await place.revsweep("rerun", "test")
        let file = "\(place.directory.path)/test.yaml"
        #expect(
            rerun.output == """
                trial 1 will be run again, as a new trial
                the budget is too small for that, 3 trials are planned: write
                    budget: {trials: 4}
                into \(file), then: revsweep run \(file)

                """)
        let text = try place.directory.text(of: "test.yaml")
        try place.directory.write(text.replacing("trials: 3", with: "trials: 4"), to: "test.yaml")
        _ = try await place.revsweep("run", file, "-q")
        let trials = try await Self.trials(place)
        #expect(trials.map(\.state) == ["complete", "failed", "complete", "complete"])
        #expect(trials[3].params == trials[1].params && trials[3].source == .init(trial: 1))
        #expect(trials[3].origin == "enqueued" && trials[0].source == nil)
        let table = try await place.revsweep("trials", "test").output
        #expect(table.contains("values of") && table.contains("  trial 1"))
        // Chosen by its state, a trial is run again only once; chosen by its number, any number of times.
        let again = try await place.revsweep("rerun", "test", "--state", "failed")
        #expect(again.status == .exited(1))
        #expect(again.errorOutput.hasPrefix("error: every trial of 'test' that is failed is run again already\n"))
        let both = try await place.revsweep("rerun", "test", "2", "0", "2")
        #expect(both.output.hasPrefix("trials 2, 0 will be run again, as new trials\n"), "\(both.errorOutput)")
        try place.directory.write(text.replacing("trials: 3", with: "trials: 6"), to: "test.yaml")
        _ = try await place.revsweep("run", "test.yaml", "-q")
        #expect(try await Self.trials(place).map { $0.source?.trial } == [nil, nil, nil, 1, 2, 0])
    }

    @Test(arguments: [
        (["9"], "error: there is no trial 9\n  = help: trials 0 to 2 are there\n"),
        (
            ["1", "--state", "complete"],
            "error: trial 1 is failed, not complete\n  = help: leave out --state to run it again all the same\n"
        ),
        (
            ["--state", "pruned"],
            """
            error: no trial of 'test' is pruned
              = help: name trials by their numbers: revsweep rerun test NUMBER …

            """
        ),
    ])
    func `what cannot be run again is said, and nothing is`(words: [String], message: String) async throws {
        let place = try Self.place()
        _ = try await place.revsweep("run", "test.yaml", "-q")
        let result = try await Program.revsweep.run(["rerun", "test"] + words, in: place.directory.path)
        #expect(result.status == .exited(1) && result.output.isEmpty)
        #expect(result.errorOutput == message)
    }

    @Test func `a fork that cannot be leaves no folder`() async throws {
        let place = try Self.place()
        _ = try await place.revsweep("run", "test.yaml", "-q")
        let text = try place.directory.text(of: "test.yaml")
        try place.directory.write("\(text)\nwarm_start: nowhere\n", to: "new.yaml")
        #expect(try await place.revsweep("fork", "test", "new.yaml").status == .exited(1))
        #expect(!FileManager.default.fileExists(atPath: "\(place.directory.path)/results/new"))
    }

    @Test func `a fork runs, and says what it began with`() async throws {
        let place = try Self.place()
        _ = try await place.revsweep("run", "test.yaml", "-q")
        let text = try place.directory.text(of: "test.yaml")
        try place.directory.write(text, to: "new.yaml")
        let folder = "\(place.directory.path)/results"
        let fork = try await place.revsweep("fork", "test", "new.yaml")
        #expect(fork.status == .exited(0), "\(fork.errorOutput)")
        #expect(
            fork.output.hasPrefix(
                "imported 2 of 3 trials of \(folder)/test\nleft out, failed or not ended: 1\nstarting sweep 'new'"))
        #expect(fork.output.contains("trials    3 of 3 ended\nimported  2 more, which the budget does not count\n"))
        let trials = try await Self.trials(place, of: "new")
        #expect(trials.map(\.origin) == ["imported", "imported", "sampled", "sampled", "sampled"])
        #expect(trials[1].source == .init(sweep: "\(folder)/test", trial: 2))
        let again = try await place.revsweep("fork", "test", "new.yaml")
        #expect(again.status == .exited(1))
        #expect(again.errorOutput.hasPrefix("error: there is a sweep 'new' already, in \(folder)/new\n"))
    }

    @Test(arguments: [["--json"], ["--plain"], ["--mirror", "live.log"]])
    func `a fork that is not run refuses what says how a run is shown`(options: [String]) async throws {
        let place = try Self.place()
        _ = try await place.revsweep("run", "test.yaml", "-q")
        try place.directory.write(place.directory.text(of: "test.yaml"), to: "new.yaml")
        let fork = try await Program.revsweep.run(
            ["fork", "test", "new.yaml", "--prepare"] + options, in: place.directory.path)
        #expect(fork.status == .exited(1) && fork.output.isEmpty)
        #expect(
            fork.errorOutput.hasPrefix("Error: \(options[0]) does not go with --prepare, which runs no trial\n"),
            "\(fork.errorOutput)")
        #expect(!FileManager.default.fileExists(atPath: "\(place.directory.path)/results/new"))
    }

    @Test(arguments: ["", "--prepare"])
    func `a signal while a fork is made ends it with 130, and what is made is whole`(option: String) async throws {
        let place = try Workplace()
        let rows = (1...3000).map { "\(Double($0) / 3001),1" }.joined(separator: "\n")
        try place.directory.write("x,loss\n\(rows)\n", to: "old.csv")
        _ = try await place.revsweep("import", "test.yaml", "old.csv")
        try place.directory.write(place.directory.text(of: "test.yaml"), to: "new.yaml")
        // Waits until the program handles SIGTERM (bit 14 of `SigCgt`), after which it makes the fork; or has ended.
        let result = try await place.shell(
            """
            $revsweep fork test new.yaml --quiet \(option) & planner=$!
            until grep -Eq 'State:.Z|SigCgt:[[:space:]]*[0-9a-f]{12}[4-7c-f]' /proc/$planner/status; do :; done
            kill -TERM $planner; wait $planner
            """)
        #expect(result.status == .exited(130), "\(result.errorOutput)")
        #expect(try await Self.trials(place, of: "new").count { $0.origin == "imported" } == 3000)
    }

    @Test func `accepted changes are said before the sweep goes on`() async throws {
        let place = try Self.place()
        _ = try await place.revsweep("run", "test.yaml", "-q")
        let text = try place.directory.text(of: "test.yaml")
        try place.directory.write(
            text.replacing("max: 1", with: "max: 2").replacing("trials: 3", with: "trials: 4"), to: "test.yaml")
        let refused = try await place.revsweep("run", "test.yaml")
        #expect(refused.status == .exited(1) && refused.output.isEmpty)
        #expect(refused.errorOutput.contains("\n    parameters.x.max: 1 → 2\n"))
        #expect(refused.errorOutput.contains("revsweep run test.yaml --accept-changes\n"))
        let accepted = try await place.revsweep("run", "test.yaml", "--accept-changes")
        #expect(accepted.status == .exited(0))
        #expect(
            accepted.output.hasPrefix("accepted, from trial 3 on:\n    parameters.x.max: 1 → 2\ngoing on with sweep"))
        #expect(try await place.trials().count == 4)
    }
}
