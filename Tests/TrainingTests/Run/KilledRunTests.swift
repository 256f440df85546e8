import Foundation
import RandomStreams
import TestSupport
import Testing
import Training

/// The real program, killed without warning, with everything kept and logged that can be.
@Suite struct KilledRunTests {
    /// Starts `revmlp train`, which the build leaves beside these tests, and kills it after a time unless it has ended.
    ///
    /// - Returns: whether it ended by itself.
    private func train(
        _ config: String, _ output: String, in folder: String, killAfter: Duration?
    ) async throws -> Bool {
        let arguments = ["train", config, "--output", output, "--quiet"]
        guard let killAfter else { return try await Program.revmlp.run(arguments, in: folder).status.isSuccess }
        return try await Program.revmlp.run(arguments, in: folder, ending: SIGKILL, delay: killAfter).status.isSuccess
    }

    /// The lines of a log without the numbers that a clock or the machine's memory gives.
    private func reproducible(_ path: String) throws -> [String] {
        let volatile = ["seconds", "seconds_total", "peak_memory"]
        return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
            line.split(separator: ", ").filter { field in !volatile.contains { field.hasPrefix("\"\($0)\"") } }
                .joined(separator: ", ")
        }
    }

    @Test(arguments: ["sgd", "adam", "adamw", "gauss_newton"])
    func `runs killed twenty times leave the weights and the logs of an unbroken one`(optimizer: String) async throws {
        let folder = try TemporaryDirectory()
        let output = "output: {keep_last: 2, best: val_loss, logs: [csv, jsonl, tensorboard], log_every: batch}"
        try folder.write(
            smallConfig(optimizer, epochs: 40).replacing("output: {checkpoint_every: 1}", with: output),
            to: "config.yaml")
        let clock = ContinuousClock()
        func end(_ name: String) async throws -> Duration {
            let begin = clock.now
            #expect(try await train("config.yaml", name, in: folder.path, killAfter: nil))
            return clock.now - begin
        }
        // The second time there is nothing to do but to start, to read and to stop.
        let (length, start) = (try await end("whole"), try await end("whole"))

        // A twentieth of the run at most between two kills; one that ends all the same is compared and begun again.
        var random = RandomStream(seed: 5, stream: 79)
        for _ in 0..<20 {
            let time = (start + length / 20) * random.uniform()
            if try await train("config.yaml", "broken", in: folder.path, killAfter: time) {
                try expectEqual("whole", "broken", in: folder.path)
                try FileManager.default.removeItem(atPath: "\(folder.path)/broken")
            }
        }
        _ = try await end("broken")
        try expectEqual("whole", "broken", in: folder.path)
    }

    private func expectEqual(_ whole: String, _ broken: String, in folder: String) throws {
        let (whole, broken) = ("\(folder)/\(whole)", "\(folder)/\(broken)")
        let names = try FileManager.default.contentsOfDirectory(atPath: whole).sorted()
        #expect(try FileManager.default.contentsOfDirectory(atPath: broken).sorted() == names && names.count == 11)
        for name in names where name.hasPrefix("checkpoint") {
            let (first, second) = (
                try TrainedNetwork(readingFrom: "\(whole)/\(name)"),
                try TrainedNetwork(readingFrom: "\(broken)/\(name)")
            )
            #expect(first.network.parameters == second.network.parameters && first.epochs == second.epochs, "\(name)")
        }
        for name in ["epochs.jsonl", "batches.jsonl"] {
            #expect(try reproducible("\(broken)/\(name)") == reproducible("\(whole)/\(name)"), "\(name)")
        }
        for name in ["epochs.csv", "batches.csv"] {
            func places(_ path: String) throws -> [Substring] {
                try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { $0.prefix { $0 != "." } }
            }
            #expect(try places("\(broken)/\(name)") == places("\(whole)/\(name)"), "\(name)")
        }
        let sizes = try [whole, broken].map {
            try FileManager.default.attributesOfItem(atPath: "\($0)/events.out.tfevents.revmlp")[.size] as? Int
        }
        #expect(sizes[0] == sizes[1])
    }
}
