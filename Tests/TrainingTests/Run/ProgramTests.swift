import Foundation
import RandomStreams
import Testing
import Training

/// The real program, as a planner or a person starts it.
@Suite struct ProgramTests {
    private struct Result {
        var code: Int32
        /// Whether a signal ended it rather than an exit.
        var signalled: Bool
        var output: String
        var errors: String
    }

    /// Starts `revmlp`, which the build leaves beside these tests.
    ///
    /// - Parameter interruption: a signal, and how many lines of output to wait for before it is sent, or how long.
    private func revmlp(
        _ arguments: String..., in folder: String, environment: [String: String] = [:],
        interruption: (signal: Int32, afterLines: Int, microseconds: UInt32)? = nil
    ) throws -> Result {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("revmlp")
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = ["PATH": "/usr/bin:/bin"].merging(environment) { $1 }
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        var text = Data()
        if let interruption {
            while text.count(where: { $0 == 10 }) < interruption.afterLines {
                let more = output.fileHandleForReading.availableData
                if more.isEmpty { break }
                text += more
            }
            usleep(interruption.microseconds)
            kill(process.processIdentifier, interruption.signal)
        }
        text += output.fileHandleForReading.readDataToEndOfFile()
        let complaints = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Result(
            code: process.terminationStatus, signalled: process.terminationReason == .uncaughtSignal,
            output: String(decoding: text, as: UTF8.self), errors: String(decoding: complaints, as: UTF8.self))
    }

    /// With more than one, batches are prepared while others are computed with.
    @Test(arguments: ["sgd", "gauss_newton"])
    func `the number of threads changes no bit of a run`(optimizer: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(
            smallConfig(optimizer).replacing(
                "batch_size: 100", with: "batch_size: 100, augmentations: [{name: gaussian_noise, deviation: 0.1}]"),
            "config.yaml")
        for threads in ["1", "2", "3"] {
            let result = try revmlp(
                "train", "config.yaml", "--output", threads, in: folder.path,
                environment: ["OPENBLAS_NUM_THREADS": threads])
            try #require(result.code == 0, "\(result.errors)")
        }
        let one = try Remains(of: "\(folder.path)/1")
        #expect(try Remains(of: "\(folder.path)/2") == one)
        #expect(try Remains(of: "\(folder.path)/3") == one)
    }

    /// Each way to train is killed; the gentler signals make no difference to it.
    private static let interruptions: [(optimizer: String, signal: Int32)] =
        optimizers.keys.sorted().map { ($0, SIGKILL) } + [("sgd", SIGTERM), ("gauss_newton", SIGINT)]

    @Test(arguments: interruptions)
    func `a run that is killed again and again ends as if it had never been`(optimizer: String, signal: Int32) throws {
        let folder = try TemporaryFolder()
        try folder.write(smallConfig(optimizer, epochs: 8), "config.yaml")
        let whole = try revmlp("train", "config.yaml", "--output", "whole", in: folder.path)
        try #require(whole.code == 0, "\(whole.errors)")

        var random = RandomStream(seed: UInt64(signal), stream: 78)
        var (kills, printed) = (0, [String]())
        while kills < 6 {
            let result = try revmlp(
                "train", "config.yaml", "--output", "broken", in: folder.path,
                interruption: (signal, Int(random.integer(below: 2)), UInt32(random.integer(below: 20_000))))
            printed += withoutSeconds(result.output)
            if result.code == 0 && !result.signalled { break }
            if signal == SIGKILL {
                #expect(result.signalled)
            } else if !result.signalled {
                // One that had not begun yet may die of the signal itself; any other leaves its checkpoint.
                #expect(result.code == 128 + signal)
                #expect(result.errors.contains("stopped; the same command goes on from the checkpoint in broken\n"))
            }
            kills += 1
        }
        #expect(kills > 0)
        let last = try revmlp("train", "config.yaml", "--output", "broken", in: folder.path)
        printed += withoutSeconds(last.output)
        #expect(last.code == 0)
        #expect(try Remains(of: "\(folder.path)/broken") == Remains(of: "\(folder.path)/whole"))
        // Every epoch was printed, some of them twice, and always with the same numbers.
        #expect(Set(printed) == Set(withoutSeconds(whole.output)))
    }

    @Test func `a planner's second attempt is told of every epoch`() throws {
        let folder = try TemporaryFolder()
        try folder.write(smallConfig("sgd"), "config.yaml")
        var environment = ["REVSWEEP_TRIAL_DIR": folder.path, "REVSWEEP_ATTEMPT": "1", "OPENBLAS_NUM_THREADS": "1"]
        let first = try revmlp("train", "config.yaml", in: "/", environment: environment)
        #expect(first.code == 1 && first.errors.hasPrefix("config.yaml: error: there is no such file"))
        let path = "\(folder.path)/config.yaml"
        let whole = try revmlp("train", path, in: "/", environment: environment)
        environment["REVSWEEP_ATTEMPT"] = "2"
        let again = try revmlp("train", path, in: "/", environment: environment)
        #expect(whole.code == 0 && again.code == 0)
        #expect(again.output == whole.output && withoutSeconds(whole.output).count == 3)
        #expect(again.errors == "all 3 epochs were already done in \(folder.path)\n")
    }

    @Test func `a run that diverges exits with 3 after a line that is not a number`() throws {
        let folder = try TemporaryFolder()
        try folder.write("optimizer: {name: sgd, learning_rate: 1e20}", "config.yaml")
        let result = try revmlp("train", "config.yaml", in: folder.path)
        #expect(result.code == 3)
        #expect(result.output.contains("\"val_accuracy\": NaN"))
        #expect(result.errors.hasPrefix("diverged: epoch 1, batch 1: the output after the step has infinite"))
    }

    @Test func `mistakes exit with 1 and say what to do`() throws {
        let folder = try TemporaryFolder()
        try folder.write("sed: 1\noptimizer: {nme: adam}\n", "config.yaml")
        let result = try revmlp("train", "config.yaml", in: folder.path)
        #expect(result.code == 1 && result.output.isEmpty)
        #expect(
            result.errors == """
                config.yaml:1:1: error: unknown key 'sed'
                1 | sed: 1
                  | ^
                  = help: did you mean 'seed'?
                config.yaml:2:13: error: unknown key 'optimizer.nme'
                2 | optimizer: {nme: adam}
                  |             ^
                  = help: did you mean 'name'?

                """)
        #expect(try revmlp("train", in: folder.path).code == 1)
        // Of arguments that the parser refuses, and of those that the command itself does.
        for result in [
            try revmlp("train", "config.yaml", "--fast", in: folder.path),
            try revmlp("ntk", "nothing", "--probes", "1", in: folder.path),
        ] {
            #expect(result.code == 1 && result.errors.contains("Usage: revmlp "), "\(result.errors)")
        }
        #expect(try revmlp("eval", "nothing", in: folder.path).errors.hasPrefix("error: nothing: the checkpoint"))
    }

    @Test func `an evaluation prints a table or one object`() throws {
        let folder = try TemporaryFolder()
        try folder.write(smallConfig("gauss_newton"), "config.yaml")
        _ = try revmlp("train", "config.yaml", in: folder.path)
        let table = try revmlp("eval", "results/runs/config", in: folder.path)
        #expect(table.output.hasPrefix("test samples  360\nloss          0."))
        let object = try revmlp(
            "eval", "results/runs/config/checkpoint", "--split", "validation", "--json", in: folder.path)
        #expect(object.output.hasPrefix("{\"split\": \"validation\", \"epochs\": 3, \"samples\": 216, \"loss\": 0."))
    }
}
