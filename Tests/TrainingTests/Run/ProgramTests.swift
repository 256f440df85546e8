import Foundation
import RandomStreams
import TestSupport
import Testing
import Training

/// The real program, as a planner or a person starts it.
@Suite struct ProgramTests {
    private func revmlp(
        _ arguments: String..., in folder: String, environment: [String: String] = [:]
    ) async throws -> Program.Result {
        try await Program.revmlp.run(arguments, in: folder, environment: environment)
    }

    /// With more than one, batches are prepared while others are computed with.
    @Test(arguments: ["sgd", "gauss_newton"])
    func `the number of threads changes no bit of a run`(optimizer: String) async throws {
        let folder = try TemporaryDirectory()
        try folder.write(
            smallConfig(optimizer).replacing(
                "batch_size: 100", with: "batch_size: 100, augmentations: [{name: gaussian_noise, deviation: 0.1}]"),
            to: "config.yaml")
        for threads in ["1", "2", "3"] {
            let result = try await revmlp(
                "train", "config.yaml", "--output", threads, in: folder.path,
                environment: ["OPENBLAS_NUM_THREADS": threads])
            try #require(result.status == .exited(0), "\(result.errorOutput)")
        }
        let one = try Remains(of: "\(folder.path)/1")
        #expect(try Remains(of: "\(folder.path)/2") == one)
        #expect(try Remains(of: "\(folder.path)/3") == one)
    }

    /// Each way to train is killed; the gentler signals make no difference to it.
    private static let interruptions: [(optimizer: String, signal: Int32)] =
        optimizers.keys.sorted().map { ($0, SIGKILL) } + [("sgd", SIGTERM), ("gauss_newton", SIGINT)]

    @Test(arguments: interruptions)
    func `a run that is killed again and again ends as if it had never been`(optimizer: String, signal: Int32)
        async throws
    {
        let folder = try TemporaryDirectory()
        // The lines of so many epochs do not fit into the pipe: no run ends before it is first killed.
        try folder.write(smallConfig(optimizer, epochs: 80), to: "config.yaml")

        var random = RandomStream(seed: UInt64(signal), stream: 78)
        var (kills, printed) = (0, [String]())
        while kills < 6 {
            let result = try await Program.revmlp.run(
                ["train", "config.yaml", "--output", "broken"], in: folder.path, ending: signal,
                afterLines: Int(random.integer(below: 2)), delay: .microseconds(random.integer(below: 20_000)))
            printed += withoutSeconds(result.output)
            if result.status.isSuccess { break }
            if signal == SIGKILL {
                #expect(result.status == .signaled(SIGKILL))
            } else if case .exited(let code) = result.status {
                // One that had not begun yet may die of the signal itself; any other leaves its checkpoint.
                #expect(code == 128 + signal)
                #expect(
                    result.errorOutput.contains("stopped; the same command goes on from the checkpoint in broken\n"))
            }
            kills += 1
        }
        #expect(kills > 0)
        let last = try await revmlp("train", "config.yaml", "--output", "broken", in: folder.path)
        printed += withoutSeconds(last.output)
        #expect(last.status == .exited(0))
        let whole = try await revmlp("train", "config.yaml", "--output", "whole", in: folder.path)
        try #require(whole.status == .exited(0), "\(whole.errorOutput)")
        #expect(try Remains(of: "\(folder.path)/broken") == Remains(of: "\(folder.path)/whole"))
        // Every epoch was printed, some of them twice, and always with the same numbers.
        #expect(Set(printed) == Set(withoutSeconds(whole.output)))
    }

    @Test func `a planner's second attempt is told of every epoch`() async throws {
        let (folder, elsewhere) = (try TemporaryDirectory(), try TemporaryDirectory())
        try folder.write(smallConfig("sgd"), to: "config.yaml")
        var environment = ["REVSWEEP_TRIAL_DIR": folder.path, "REVSWEEP_ATTEMPT": "1", "OPENBLAS_NUM_THREADS": "1"]
        let first = try await revmlp("train", "config.yaml", in: elsewhere.path, environment: environment)
        #expect(first.status == .exited(1) && first.errorOutput.hasPrefix("config.yaml: error: there is no such file"))
        let path = "\(folder.path)/config.yaml"
        let whole = try await revmlp("train", path, in: elsewhere.path, environment: environment)
        environment["REVSWEEP_ATTEMPT"] = "2"
        let again = try await revmlp("train", path, in: elsewhere.path, environment: environment)
        #expect(whole.status == .exited(0) && again.status == .exited(0))
        #expect(again.output == whole.output && withoutSeconds(whole.output).count == 3)
        #expect(again.errorOutput == "all 3 epochs were already done in \(folder.path)\n")
    }

    @Test func `a run that diverges exits with 3 after a line that is not a number`() async throws {
        let folder = try TemporaryDirectory()
        try folder.write("optimizer: {name: sgd, learning_rate: 1e20}", to: "config.yaml")
        let result = try await revmlp("train", "config.yaml", in: folder.path)
        #expect(result.status == .exited(3))
        #expect(result.output.contains("\"val_accuracy\": NaN"))
        #expect(result.errorOutput.hasPrefix("diverged: epoch 1, batch 1: the output after the step has infinite"))
    }

    @Test func `mistakes exit with 1 and say what to do`() async throws {
        let folder = try TemporaryDirectory()
        try folder.write("sed: 1\noptimizer: {nme: adam}\n", to: "config.yaml")
        let result = try await revmlp("train", "config.yaml", in: folder.path)
        #expect(result.status == .exited(1) && result.output.isEmpty)
        #expect(
            result.errorOutput == """
                config.yaml:1:1: error: unknown key 'sed'
                1 | sed: 1
                  | ^
                  = help: did you mean 'seed'?
                config.yaml:2:13: error: unknown key 'optimizer.nme'
                2 | optimizer: {nme: adam}
                  |             ^
                  = help: did you mean 'name'?

                """)
        #expect(try await revmlp("train", in: folder.path).status == .exited(1))
        // Of arguments that the parser refuses, and of those that the command itself does.
        for result in [
            try await revmlp("train", "config.yaml", "--fast", in: folder.path),
            try await revmlp("ntk", "nothing", "--probes", "1", in: folder.path),
        ] {
            #expect(
                result.status == .exited(1) && result.errorOutput.contains("Usage: revmlp "), "\(result.errorOutput)")
        }
        #expect(
            try await revmlp("eval", "nothing", in: folder.path).errorOutput.hasPrefix("error: nothing: the checkpoint")
        )
    }

    @Test func `an evaluation prints a table or one object`() async throws {
        let folder = try TemporaryDirectory()
        try folder.write(smallConfig("gauss_newton"), to: "config.yaml")
        _ = try await revmlp("train", "config.yaml", in: folder.path)
        let table = try await revmlp("eval", "results/runs/config", in: folder.path)
        #expect(table.output.hasPrefix("test samples  360\nloss          0."))
        let object = try await revmlp(
            "eval", "results/runs/config/checkpoint", "--split", "validation", "--json", in: folder.path)
        #expect(object.output.hasPrefix("{\"split\": \"validation\", \"epochs\": 3, \"samples\": 216, \"loss\": 0."))
    }
}
