import Foundation
import TestSupport
import Testing

/// The commands `ask` and `tell`, with which another program runs the trials itself.
@Suite struct AskTellTests {
    private struct Asked: Decodable {
        var sweep: String
        var number: Int
        var attempt: Int
        var seed: Int
        var params: [String: Double]
        var config: [String: Double]?
    }

    private struct Told: Decodable, Equatable {
        var number: Int
        var state: String
        var value: Double?
        var reason: String?
    }

    private struct Ended: Decodable {
        var state: String
        var reason: String?
        /// Null for a value that is NaN or infinite.
        var metrics: [String: Double?]
    }

    private func ask(_ place: Workplace) async throws -> Asked {
        let result = try await place.revsweep("ask", "test.yaml")
        #expect(result.status == .exited(0), "\(result.errorOutput)")
        return try JSONDecoder().decode(Asked.self, from: Data(result.output.utf8))
    }

    private func tell(_ place: Workplace, _ arguments: String...) async throws -> Told {
        let result = try await Program.revsweep.run(["tell", "test"] + arguments, in: place.directory.path)
        #expect(result.status == .exited(0), "\(result.errorOutput)")
        return try JSONDecoder().decode(Told.self, from: Data(result.output.utf8))
    }

    @Test(arguments: [["--value", "-1.5"], ["--value=-1.5"], ["--value", "-15e-1"]])
    func `a negative value is told like any other`(words: [String]) async throws {
        let place = try Workplace()
        _ = try await ask(place)
        let result = try await Program.revsweep.run(["tell", "test", "0"] + words, in: place.directory.path)
        #expect(result.output == "{\"number\": 0, \"state\": \"complete\", \"value\": -1.5, \"reason\": null}\n")
    }

    @Test func `nothing is asked for once the target is reached`() async throws {
        let place = try Workplace(budget: "{trials: 5, target: 0.5}")
        _ = try await ask(place)
        _ = try await tell(place, "0", "--value", "0.1")
        let result = try await place.revsweep("ask", "test.yaml")
        #expect(result.status == .exited(1) && result.errorOutput.contains("the budget's target, 0.5"))
    }

    @Test func `a trial of a planner that was killed cannot be told of`() async throws {
        let place = try Workplace("touch started; sleep 1000", settings: "resources: {parallel: 1}")
        let result = try await place.shell(
            """
            $revsweep run test.yaml -q & planner=$!
            until [ -e results/test/trials/000000/started ]; do sleep 0.05; done
            kill -9 $planner; wait
            $revsweep tell test 0 --value 3
            """)
        #expect(result.errorOutput.contains("trial 0 was not asked for"), "\(result.errorOutput)")
        #expect(try await place.trials().map(\.state) == ["running"])
    }

    @Test func `a trial that is asked for runs until it is told`() async throws {
        let place = try Workplace(budget: "{trials: 6}")
        let first = try await ask(place)
        #expect(first.sweep == "test" && first.number == 0 && first.attempt == 1 && first.params.count == 1)
        #expect(try await place.trials().map(\.state) == ["running"])
        for _ in 1..<6 { _ = try await ask(place) }
        let reports = ["{\"step\": 1, \"loss\": 0.9}", "{\"step\": 2, \"loss\": 0.4, \"acc\": 0.8}"]
        #expect(
            try await tell(place, "2", reports[0], reports[1]) == Told(number: 2, state: "complete", value: 0.4))
        #expect(try await tell(place, "0", "--value", "0.5") == Told(number: 0, state: "complete", value: 0.5))
        let diverged = Told(number: 1, state: "diverged", reason: "the metric is not a finite number")
        #expect(try await tell(place, "1", "{\"loss\": NaN}") == diverged)
        #expect(try await tell(place, "3", "--failed", "out of memory").state == "failed")
        let pruned = try await tell(place, "4", "{\"loss\": 0.7}", "--pruned", "others are better")
        #expect(pruned == Told(number: 4, state: "pruned", value: 0.7, reason: "others are better"))
        let piped = try await place.shell("echo '{\"loss\": 0.1}' | $revsweep tell test 5")
        #expect(piped.status == .exited(0), "\(piped.errorOutput)")
        let listing = try await place.revsweep("trials", "test", "--json").output
        let trials = try JSONDecoder().decode([Ended].self, from: Data(listing.utf8))
        #expect(trials.map(\.state) == ["complete", "diverged", "complete", "failed", "pruned", "complete"])
        #expect(trials[1].metrics == ["loss": nil] && trials[2].metrics == ["loss": 0.4, "acc": 0.8])
        #expect(trials[3].reason == "out of memory")
        #expect(try await place.revsweep("best", "test").output.hasPrefix("trial 5: loss 0.1\n"))
    }

    @Test(arguments: [
        (["0", "--value", "1"], "error: trial 0 is not running but complete\n"),
        (["1", "{\"los\": 1}"], "error: the report has no 'loss', a metric of the sweep"),
        (["1", "0.5"], "error: '0.5' is no report\n"),
        (["7", "--value", "1"], "error: there is no trial 7: the last is 1\n"),
        (["1", "--failed", "a", "--pruned", "b"], "a trial cannot have failed and been pruned"),
        (["1", "--value", "1", "{\"loss\": 1}"], "give --value or reports, not both"),
        (["1", "--failed", ""], "say why, in a word or more"),
    ])
    func `what cannot be told is refused, and changes nothing`(arguments: [String], words: String) async throws {
        let place = try Workplace(budget: "{trials: 2}")
        for _ in 0..<2 { _ = try await ask(place) }
        _ = try await tell(place, "0", "--value", "0.5")
        let before = try await place.trials()
        let result = try await Program.revsweep.run(["tell", "test"] + arguments, in: place.directory.path)
        #expect(result.status == .exited(1) && result.output.isEmpty)
        #expect(result.errorOutput.contains(words), "\(result.errorOutput)")
        #expect(try await place.trials() == before)
        let spent = try await place.revsweep("ask", "test")
        #expect(spent.errorOutput == "error: the budget's 2 trials are all planned\n")
    }

    @Test(arguments: ["", "\n \n"])
    func `that nothing was reported is said, and changes nothing`(input: String) async throws {
        let place = try Workplace(budget: "{trials: 1}")
        _ = try await ask(place)
        let result = try await Program.revsweep.run(
            ["tell", "test", "0"], in: place.directory.path, input: Data(input.utf8))
        #expect(result.status == .exited(1) && result.output.isEmpty)
        #expect(
            result.errorOutput.hasPrefix("error: no report was given, neither as an argument nor on standard input\n"),
            "\(result.errorOutput)")
        #expect(try await place.trials().map(\.state) == ["running"])
    }

    @Test func `a trial that waits at a rung is not handed out`() async throws {
        let place = try Workplace(
            "echo \"{\\\"loss\\\": $1}\"; sleep 1", budget: "{trials: 9, time: 200ms}",
            settings: "pruner: {name: successive_halving, reduction: 9}\nresources: {parallel: 2}\nsampler: random")
        _ = try await place.revsweep("run", "test.yaml", "--quiet")
        let waiting = try await place.trials().filter { $0.state == "waiting" }.map(\.number)
        #expect(!waiting.isEmpty)
        let asked = try await place.revsweep("ask", "test")
        #expect(asked.output.contains("\"number\": \(try await place.trials().count - 1)"), "\(asked)")
        #expect(try await place.trials().filter { $0.state == "waiting" }.map(\.number) == waiting)
    }

    @Test func `many may ask at once, and each gets a trial of its own`() async throws {
        let place = try Workplace(budget: "{trials: 12}")
        let result = try await place.shell(
            "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do $revsweep ask test.yaml > asked.$i & done; wait; cat asked.*")
        #expect(result.errorOutput.isEmpty)
        let numbers = try result.output.split(separator: "\n").map {
            try JSONDecoder().decode(Asked.self, from: Data($0.utf8)).number
        }
        #expect(numbers.sorted() == Array(0..<12))
    }

    @Test func `a failure is asked for again where the sweep retries, with the same values`() async throws {
        let place = try Workplace(budget: "{trials: 2}", settings: "retry: {attempts: 2}")
        let first = try await ask(place)
        #expect(try await tell(place, "0", "--failed", "oops").state == "waiting")
        let second = try await ask(place)
        #expect(second.number == 0 && second.attempt == 2 && second.params == first.params)
        #expect(try await tell(place, "0", "--failed", "oops").state == "failed")
        #expect(try await ask(place).number == 1)
    }

    @Test func `asking gives the trials that a run has, and a reproducible sweep waits`() async throws {
        let place = try Workplace(budget: "{trials: 3}", settings: "reproducible: {lag: 2}\nresources: {parallel: 1}")
        var values = [Double]()
        for _ in 0..<2 { values.append(try #require(try await ask(place).params["x"])) }
        let early = try await place.revsweep("ask", "test")
        #expect(
            early.errorOutput
                == "error: trial 2 rests on the outcome of trial 0, which has not ended: the sweep is reproducible\n")
        for number in 0..<2 { _ = try await tell(place, "\(number)", "--value", "\(values[number])") }
        values.append(try #require(try await ask(place).params["x"]))
        _ = try await place.revsweep("run", "test.yaml", "--results", "other", "--quiet")
        let table = try await place.revsweep("export", "test", "--results", "other", "--format", "csv").output
        let rows = table.split(separator: "\r\n").dropFirst()
        #expect(rows.map { Double($0.split(separator: ",")[2]) } == values)
    }

    @Test func `asking knows as much of trials that were stopped early as a run does`() async throws {
        let place = try Workplace(
            #"""
            awk -v x="$1" 'BEGIN {
                for (i = 1; i < 10; i++) printf "{\"step\": %d, \"loss\": %.9f}\n", i, x + 1 / i
            }'
            """#,
            budget: "{trials: 20}",
            settings: "reproducible: true\nresources: {parallel: 1}\npruner: {name: asha, reduction: 2}")
        #expect(try await place.revsweep("run", "test.yaml", "--quiet").status == .exited(0))
        let trials = try await place.revsweep("trials", "test", "--json")
        struct Trial: Decodable { var params: [String: Double] }
        let all = try JSONDecoder().decode([Trial].self, from: Data(trials.output.utf8))
        let text = try place.directory.text(of: "test.yaml")
        try place.directory.write(text.replacing("trials: 20", with: "trials: 19"), to: "test.yaml")
        #expect(try await place.revsweep("run", "test.yaml", "--quiet", "--results", "other").status == .exited(0))
        try place.directory.write(text, to: "test.yaml")
        let asked = try await place.revsweep("ask", "test.yaml", "--results", "other")
        let next = try JSONDecoder().decode(Asked.self, from: Data(asked.output.utf8))
        #expect(next.number == 19 && next.params == all.last?.params)
    }

    @Test func `a sweep that a planner runs is refused at once`() async throws {
        let place = try Workplace("touch running; sleep 600", budget: "{trials: 1}")
        let result = try await place.shell(
            """
            $revsweep run test.yaml --quiet & planner=$!
            until [ -e results/test/trials/000000/running ]; do sleep 0.01; done
            $revsweep ask test; echo "ask: $?"; $revsweep tell test 0 --value 1; echo "tell: $?"
            kill -TERM $planner; wait $planner
            """)
        #expect(result.output == "ask: 1\ntell: 1\n")
        #expect(result.errorOutput.split(separator: "\n").count == 2)
        #expect(result.errorOutput.contains("is being run by another planner (process "))
    }

    @Test func `a trial told to have been interrupted is tried as often as any other`() async throws {
        let place = try Workplace(budget: "{trials: 1}", settings: "retry: {attempts: 3}")
        for state in ["waiting", "waiting", "failed"] {
            _ = try await ask(place)
            #expect(try await tell(place, "0", "--failed", "interrupted").state == state)
        }
    }

    /// Standard output that is closed, on a full disk, or a pipe without a reader.
    @Test(arguments: [">&-", "> /dev/full", "| true"])
    func `a trial that could not be handed over is given out again`(output: String) async throws {
        let place = try Workplace(budget: "{trials: 2}")
        _ = try await ask(place)
        // The pause lets the reader of the pipe end first.
        let result = try await place.shell(
            "{ sleep 0.2; $revsweep ask test; echo $? > code; } \(output); cat code; ls results/test")
        let code = try place.directory.text(of: "code")
        #expect(code == "1\n" && result.errorOutput.hasPrefix("error: trial 1 could not be handed over: "), "\(result)")
        let trial = try await ask(place)
        #expect(trial.number == 1 && trial.attempt == 2)
    }

    @Test func `a trial that was asked for is no trial of a planner that is gone`() async throws {
        let place = try Workplace(budget: "{trials: 2}")
        for _ in 0..<2 { _ = try await ask(place) }
        #expect(
            try await place.revsweep("status", "test").output
                .contains("planner   not running; 2 trials were asked for and not told yet\n"))
        _ = try await tell(place, "0", "--value", "1")
        #expect(
            try await place.revsweep("status", "test").output
                .contains("planner   not running; 1 trial was asked for and not told yet\n"))
    }

    @Test(arguments: [["run", "test.yaml"], ["resume", "test"]])
    func `a run does not take a trial away from whoever asked for it`(command: [String]) async throws {
        let place = try Workplace(budget: "{trials: 3}")
        for _ in 0..<2 { _ = try await ask(place) }
        let refused = try await Program.revsweep.run(command, in: place.directory.path)
        #expect(refused.status == .exited(1))
        #expect(
            refused.errorOutput.contains("trials 0, 1 were asked for, and nothing has been told of them yet\n"),
            "\(refused.errorOutput)")
        #expect(try await place.trials().map(\.state) == ["running", "running"])
        #expect(try await tell(place, "0", "--value", "3").state == "complete")
        // The other is given up, as the advice has it.
        let advice = try #require(refused.errorOutput.split(separator: "nothing will be told of: ").last)
        let given = try await place.shell(
            String(advice).replacing("revsweep", with: "$revsweep").replacing(" 0 ", with: " 1 "))
        #expect(given.status == .exited(0), "\(given.errorOutput)")
        #expect(try await Program.revsweep.run(command, in: place.directory.path).status == .exited(0))
        #expect(try await place.trials().map(\.state) == ["complete", "failed", "complete"])
    }
}
