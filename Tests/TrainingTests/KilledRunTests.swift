import Foundation
import RandomStreams
import Testing
import Training

/// The real program, killed without warning, with everything kept and logged that can be.
@Suite struct KilledRunTests {
    /// Starts `revmlp train`, which the build leaves beside these tests, and kills it after a time unless it has ended.
    ///
    /// - Returns: whether it ended by itself.
    private func train(_ config: String, _ output: String, in folder: String, killAfter: Duration?) throws -> Bool {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("revmlp")
        process.arguments = ["train", config, "--output", output, "--quiet"]
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        if let killAfter {
            usleep(UInt32(killAfter / .microseconds(1)))
            kill(process.processIdentifier, SIGKILL)
        }
        process.waitUntilExit()
        return process.terminationReason == .exit && process.terminationStatus == 0
    }

    /// The lines of a log without the numbers that a clock or the machine's memory gives.
    private func reproducible(_ path: String) throws -> [String] {
        let volatile = ["seconds", "seconds_total", "peak_memory"]
        return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
            line.split(separator: ", ").filter { field in !volatile.contains { field.hasPrefix("\"\($0)\"") } }
                .joined(separator: ", ")
        }
    }

    @Test(arguments: ["sgd", "adam", "gauss_newton"])
    func `a run killed twenty times leaves the weights and the logs of an unbroken one`(optimizer: String) throws {
        let folder = try TemporaryFolder()
        // Long enough that nothing between two checkpoints takes longer than the least time before a kill.
        let output = "output: {keep_last: 2, best: val_loss, logs: [csv, jsonl, tensorboard], log_every: batch}"
        try folder.write(
            smallConfig(optimizer, epochs: 40).replacing("output: {checkpoint_every: 1}", with: output), "config.yaml")
        #expect(try train("config.yaml", "whole", in: folder.path, killAfter: nil))

        var random = RandomStream(seed: 5, stream: 79)
        var kills = 0
        while kills < 20 {
            let time = Duration.milliseconds(5 + Int(random.integer(below: 60)))
            if try train("config.yaml", "broken", in: folder.path, killAfter: time) { break }
            kills += 1
        }
        #expect(try train("config.yaml", "broken", in: folder.path, killAfter: nil))
        #expect(kills > 5, "it was too fast to be killed more often")

        let (whole, broken) = ("\(folder.path)/whole", "\(folder.path)/broken")
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
