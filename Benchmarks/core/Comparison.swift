import Foundation
import LinearAlgebra

/// Ours and the peer's steps, in turn, A B A B, each in a process of its own.
struct Comparison {
    let python: String
    let peer: String
    let steps: Int
    let rounds: Int

    /// d, blocks, hidden, batch.
    static let sizes = [(784, 2, 8000, 1000), (784, 2, 1000, 512), (64, 2, 512, 256), (3072, 6, 2000, 500)]

    /// Prints one row for each kind of step at one of the sizes.
    func run(_ index: Int) throws {
        let peak = MachinePeak.measured()
        if index == 0 {
            print(
                """
                | d, blocks, hidden, batch | step | ours, ms (spread) | PyTorch, ms (spread) | faster | GFLOP | \
                of GFLOP/s | GB | of GB/s | peak MiB | PyTorch's |
                |---|---|---|---|---|---|---|---|---|---|---|
                """)
        }
        let size = Self.sizes[index]
        for (optimizer, method) in [("gn", "svd"), ("gn", "gram"), ("sgd", ""), ("adam", "")] {
            var setting = StepCase()
            (setting.features, setting.blocks, setting.hidden, setting.batch) = size
            setting.optimizer = optimizer
            try row(setting, method: method, peak: peak)
        }
    }

    private func row(_ setting: StepCase, method: String, peak: MachinePeak) throws {
        var (ours, theirs): ([Double], [Double]) = ([], [])
        var (memory, theirMemory) = (0.0, 0.0)
        let arguments = [
            "--d", "\(setting.features)", "--blocks", "\(setting.blocks)", "--hidden", "\(setting.hidden)", "--batch",
            "\(setting.batch)", "--optimizer", setting.optimizer, "--threads", "2",
        ]
        for _ in 0..<rounds {
            let output = try run(CommandLine.arguments[0], ["step"] + arguments + ["--steps", "\(steps)"])
            let times = try JSONDecoder().decode(StepTimes.self, from: output)
            ours += times.seconds
            memory = max(memory, times.peakMiB)
            let theirArguments =
                ["-W", "ignore", peer] + arguments + ["--steps", "\(method == "svd" ? max(steps / 3, 1) : steps)"]
                + (method.isEmpty ? [] : ["--pinv", method])
            let result = try JSONDecoder().decode(PeerTimes.self, from: run(python, theirArguments))
            theirs.append(result.seconds)
            theirMemory = max(theirMemory, result.peakMiB)
        }
        let (median, theirMedian) = (middle(ours), middle(theirs))
        let cells = [
            "\(setting.features), \(setting.blocks), \(setting.hidden), \(setting.batch)",
            setting.optimizer + (method.isEmpty ? "" : " against \(method)"), milliseconds(ours), milliseconds(theirs),
            String(format: "%.2f×", theirMedian / median), String(format: "%.2f", setting.operations / 1e9),
            peak.share(ofOperations: setting.operations / median),
            String(format: "%.2f", setting.bytes / 1e9),
            peak.share(ofBandwidth: setting.bytes / median), String(format: "%.0f", memory),
            String(format: "%.0f", theirMemory),
        ]
        print("| " + cells.joined(separator: " | ") + " |")
        fflush(nil)
    }

    private func milliseconds(_ seconds: [Double]) -> String {
        let sorted = seconds.sorted()
        return String(
            format: "%.1f (%.1f to %.1f)", 1e3 * middle(seconds), 1e3 * (sorted.first ?? .nan),
            1e3 * (sorted.last ?? .nan))
    }

    private func run(_ program: String, _ arguments: [String]) throws -> Data {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return data
    }
}

/// What the peer prints.
private struct PeerTimes: Decodable {
    var seconds: Double
    var peakMiB: Double

    enum CodingKeys: String, CodingKey {
        case seconds = "seconds_per_step"
        case peakMiB = "peak_rss_mib"
    }
}

func middle(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
}
