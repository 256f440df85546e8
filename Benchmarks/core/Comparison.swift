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
        let peak = machinePeak()
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

    private func row(_ setting: StepCase, method: String, peak: (operations: Double, bandwidth: Double)) throws {
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
            share(setting.operations / median, of: peak.operations),
            String(format: "%.2f", setting.bytes / 1e9),
            share(setting.bytes / median, of: peak.bandwidth), String(format: "%.0f", memory),
            String(format: "%.0f", theirMemory),
        ]
        print("| " + cells.joined(separator: " | ") + " |")
        fflush(nil)
    }

    private func share(_ rate: Double, of peak: Double) -> String {
        String(format: "%.0f %% of %.0f", 100 * rate / peak, peak / 1e9)
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

/// What the machine can do: products of 1024×1024 matrices on two threads, and copying 256 MB.
func machinePeak() -> (operations: Double, bandwidth: Double) {
    let (size, clock) = (1024, ContinuousClock())
    let arena = Arena<Float>((0..<6).map { _ in (size, size) })
    let matrices = (0..<6).map { _ in arena.take(size, size) }
    for matrix in matrices { matrix.fill(0.5) }
    BLASThreads.set(2)
    var (operations, bandwidth) = (0.0, 0.0)
    let source = Matrix<Float>(rows: 1, columns: 64 << 20, repeating: 1)
    var target = Matrix<Float>(rows: 1, columns: 64 << 20)
    let view = target.mutableView()
    for _ in 0..<5 {
        var start = clock.now
        inParallel(2) { task in
            for _ in 0..<10 { matrices[3 * task].set(matrices[3 * task + 1], times: matrices[3 * task + 2]) }
        }
        let cube = Double(size) * Double(size) * Double(size)
        operations = max(operations, 20 * 2 * cube / ((clock.now - start) / .seconds(1)))
        start = clock.now
        view.copy(from: source.view)
        bandwidth = max(bandwidth, 8 * Double(64 << 20) / ((clock.now - start) / .seconds(1)))
    }
    withExtendedLifetime((source, target, arena)) {}
    return (operations, bandwidth)
}
