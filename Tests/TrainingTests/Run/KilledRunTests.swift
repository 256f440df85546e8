import Foundation
import RandomStreams
import TestSupport
import Testing
import Training

/// The real program, killed without warning, with everything kept and logged that can be.
@Suite struct KilledRunTests {
    private func train(_ config: String, _ output: String, in folder: String) async throws {
        let result = try await Program.revmlp.run(["train", config, "--output", output, "--quiet"], in: folder)
        #expect(result.status.isSuccess, "\(result.errorOutput)")
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
        try await train("config.yaml", "whole", in: folder.path)

        // One that ends before its signal is compared, and begun again.
        var random = RandomStream(seed: 5, stream: 79)
        for _ in 0..<20 {
            let result = try await Program.revmlp.run(
                ["train", "config.yaml", "--output", "broken", "--quiet"], in: folder.path, ending: SIGKILL,
                afterLines: Int(random.integer(below: 4)), delay: .microseconds(random.integer(below: 20_000)))
            if result.status.isSuccess {
                try expectEqual("whole", "broken", in: folder.path)
                try FileManager.default.removeItem(atPath: "\(folder.path)/broken")
            } else {
                #expect(result.status == .signaled(SIGKILL), "\(result.errorOutput)")
            }
        }
        try await train("config.yaml", "broken", in: folder.path)
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
