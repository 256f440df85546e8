import Foundation
import TestSupport
import Testing

/// The commands about search spaces (check, init, convert), and a sweep over a grid.
@Suite struct SpaceCommandTests {
    private static let space = """
        metric: {name: loss, goal: minimize}
        trainer: {command: [./trainer.sh, "{param:x}"]}
        parameters:
          kind: {type: choice, values: [a, b], weights: [1, 3]}
          x: {type: quniform, min: 0, max: 1, step: 0.5}
          y: {type: normal, mean: 0, std: 1, points: 2, when: {kind: a}}
        constraints: ["kind == 'b' or x > 0"]
        sampler: grid
        """

    private struct Description: Decodable {
        struct Dimension: Decodable, Equatable {
            var min: Int
            var max: Int
            var mean: Double
        }
        struct Parameter: Decodable {
            var name: String
            var type: String
            var when: [String]
        }
        var gridPoints: Int?
        var effectiveDimension: Dimension
        var feasibleShare: Double
        var parameters: [Parameter]
        var constraints: [String]
        var samples: [[String: Value]]
        enum Value: Decodable {
            case number(Double)
            case text(String)
            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                self =
                    try (try? container.decode(Double.self)).map { .number($0) } ?? .text(container.decode(String.self))
            }
        }
    }

    @Test func `check shows the space, samples of it and its size`() async throws {
        let place = try Workplace()
        try place.directory.write(Self.space, to: "test.yaml")
        let result = try await place.revsweep("check", "test.yaml")
        #expect(result.status == .exited(0) && result.errorOutput.isEmpty)
        for line in [
            "kind       choice    a (25 %), b (75 %)\n", "x          quniform  a multiple of 0.5 from 0.0 to 1.0\n",
            "y          normal    a number around 0.0 ± 1.0, 2 points in a grid  kind = a\n",
            "of all draws satisfy\n  kind == 'b' or x > 0\n", "grid                 7 points\n", "\n5 samples  ",
            "effective dimension  2 to 3, on average ", "ends after the last point of the grid\n",
        ] {
            #expect(result.output.contains(line), "\(line) in\n\(result.output)")
        }
        let json = try await place.revsweep("check", "test.yaml", "--json")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let description = try decoder.decode(Description.self, from: Data(json.output.utf8))
        #expect(description.gridPoints == 7 && description.samples.count == 5)
        #expect(description.effectiveDimension.min == 2 && description.effectiveDimension.max == 3)
        #expect(description.parameters.map(\.type) == ["choice", "quniform", "normal"])
        #expect(description.parameters.last?.when == ["kind = a"] && description.constraints.count == 1)
        // The feasible share is 1 − 1/4·1/3 = 11/12; the tolerance is 6 standard deviations of 2,000 draws.
        #expect(abs(description.feasibleShare - 11.0 / 12) < 6 * (11.0 / 144 / 2000).squareRoot())
    }

    @Test func `a sweep over a grid ends when every point has been tried, and stays ended`() async throws {
        let place = try Workplace()
        try place.directory.write(Self.space + "\nenqueue: [{kind: b, x: 0.5}]", to: "test.yaml")
        let run = try await place.revsweep("run", "test.yaml")
        #expect(run.status == .exited(0), "\(run.errorOutput)")
        #expect(run.output.hasSuffix("done: every point of the grid has been tried\n"))
        let table = try await place.revsweep("export", "test", "--format", "csv").output
        let points = table.split(separator: "\r\n").dropFirst().map { line in
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)[8...10]
            // Shortened to three decimals: the quartiles of a normal distribution are ±0.674.
            return fields.map { $0.prefix($0.hasPrefix("-") ? 6 : 5) }.joined(separator: " ")
        }
        #expect(points.first == "b 0.5 ")
        #expect(
            Array(points.dropFirst()) == [
                "a 0.5 -0.674", "a 0.5 0.674", "a 1.0 -0.674", "a 1.0 0.674", "b 0.0 ", "b 1.0 ",
            ])
        let again = try await place.revsweep("run", "test.yaml", "--json")
        #expect(again.output.contains("\"ending\": \"grid\"") && again.output.contains("\"complete\": 7"))
    }

    @Test func `what is enqueued while the last point of a grid runs is tried before the sweep ends`() async throws {
        let place = try Workplace(
            """
            [ $REVSWEEP_TRIAL = 2 ] && $revsweep enqueue "$REVSWEEP_TRIAL_DIR/../.." x=0.25 > /dev/null
            echo "{\\"loss\\": $1}"
            """,
            budget: "{failures: 3}", settings: "sampler: {name: grid, points: 3}\nresources: {parallel: 2}")
        let run = try await place.shell("export revsweep; $revsweep run test.yaml --quiet")
        #expect(run.status == .exited(0), "\(run)")
        #expect(try await place.trials().compactMap { $0.params["x"] }.suffix(1) == [0.25])
        #expect(try await place.trials().count == 4)
    }

    @Test func `init writes a sweep that check accepts, and never over another`() async throws {
        let place = try Workplace()
        try place.directory.write("optimizer: {lr: 0.1, name: sgd}\nmodel: {hidden: 64}\n", to: "configs/net.yaml")
        let initial = try await place.revsweep("init", "configs/net.yaml", "--command", "./trainer.sh {config}")
        #expect(
            initial.output == "wrote sweeps/net.yaml; next: revsweep check sweeps/net.yaml\n", "\(initial.errorOutput)")
        let text = try place.directory.text(of: "sweeps/net.yaml")
        #expect(text.contains("config: '../configs/net.yaml'"))
        #expect(text.contains("\n  optimizer.lr: {type: loguniform, min: 0.003, max: 1.0}"))
        try place.directory.write("#!/bin/sh\n", to: "sweeps/trainer.sh", executable: true)
        let check = try await place.revsweep("check", "sweeps/net.yaml")
        #expect(check.status == .exited(0), "\(check.errorOutput)")
        let again = try await place.revsweep("init", "configs/net.yaml")
        #expect(again.status == .exited(1))
        #expect(again.errorOutput.hasPrefix("error: sweeps/net.yaml is already there\n"))
        let piped = try await place.revsweep(
            "init", "configs/net.yaml", "-o", "-", "--metric", "acc", "--maximize", "--command", "t {config}")
        #expect(piped.status == .exited(0) && piped.errorOutput.isEmpty, "\(piped.errorOutput)")
        #expect(
            piped.output.contains("metric: {name: acc, goal: maximize}")
                && piped.output.contains("config: configs/net.yaml"))
    }

    @Test func `a command on the command line is split as a shell splits it`() async throws {
        let place = try Workplace()
        try place.directory.write("lr: 0.1\n", to: "net.yaml")
        func draft(_ command: String) async throws -> Program.Result {
            try await place.revsweep("init", "net.yaml", "-o", "-", "--command", command)
        }
        let quoted = try await draft(#"python3 "my train.py" --name='a | b' {config}"#)
        #expect(quoted.output.contains(#"[python3, 'my train.py', '--name=a | b', '{config}']"#), "\(quoted.output)")
        for command in ["t {config} | tee log", "t > log", "a && b"] {
            let refused = try await draft(command)
            #expect(refused.status == .exited(1) && refused.errorOutput.contains("is for a shell"))
        }
        #expect(try await draft("t 'a").errorOutput.hasPrefix("error: --command: the quote ' is never closed"))
    }

    @Test func `convert turns a tuning file into a sweep file`() async throws {
        let place = try Workplace()
        try place.directory.write("Setup: {Optimizer: {lr: 0.1}, hidden: 64}\n", to: "train.yaml")
        try place.directory.write(
            "lr: {type: loguniform, min: -3, max: 0}\nhidden: {type: randint, min: 8, max: 65}\n", to: "tune_test.yaml")
        let result = try await place.revsweep(
            "convert", "tune_test.yaml", "--config", "train.yaml", "--output", "new.yaml", "--command", "./trainer.sh")
        #expect(result.status == .exited(0), "\(result.errorOutput)")
        let text = try place.directory.text(of: "new.yaml")
        #expect(text.contains("Setup.Optimizer.lr: {type: loguniform, min: 1e-3, max: 1.0}"))
        #expect(text.contains("Setup.hidden: {type: int, min: 8, max: 64}"))
        #expect(try await place.revsweep("check", "new.yaml").status == .exited(0))
        try place.directory.write("lr: {type: uniform, min: 0, max: 1}\nhiden: 3\n", to: "wrong.yaml")
        let piped = try await place.revsweep("convert", "tune_test.yaml", "--config", "train.yaml")
        let named = try await place.revsweep("convert", "tune_test.yaml", "--config", "train.yaml", "-o", "-")
        #expect(piped.output == named.output && piped.output.contains("Setup.hidden: {type: int"))
        #expect(piped.errorOutput == named.errorOutput)
        let note = "tune_test.yaml: note: the file does not say how many trials\n"
        #expect(piped.errorOutput.hasSuffix(note), "\(piped.errorOutput)")
        let wrong = try await place.revsweep("convert", "wrong.yaml", "--config", "train.yaml")
        #expect(wrong.status == .exited(0) && !wrong.output.contains("hiden:"))
        #expect(wrong.errorOutput.contains("wrong.yaml:2:1: note: 'hiden' is nowhere in train.yaml"))
    }
}
