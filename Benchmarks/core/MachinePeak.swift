import Foundation
import LinearAlgebra

/// What the machine can do on two threads: products of 1024×1024 matrices in single precision, and copying 256 MB.
struct MachinePeak {
    /// Floating-point operations per second.
    let operations: Double
    /// Bytes read and written per second.
    let bandwidth: Double

    /// The best of five attempts.
    static func measured() -> MachinePeak {
        let (size, clock) = (1024, ContinuousClock())
        let arena = Arena<Float>((0..<6).map { _ in (size, size) } + [(1, 64 << 20), (1, 64 << 20)])
        let matrices = (0..<6).map { _ in arena.take(size, size) }
        let (source, target) = (arena.take(1, 64 << 20), arena.take(1, 64 << 20))
        for matrix in matrices + [source, target] { matrix.fill(0.5) }
        BLASThreads.set(2)
        var (operations, bandwidth) = (0.0, 0.0)
        for _ in 0..<5 {
            var start = clock.now
            inParallel(2) { task in
                for _ in 0..<10 {
                    matrices[3 * task].set(matrices[3 * task + 1].view, times: matrices[3 * task + 2].view)
                }
            }
            let cube = Double(size) * Double(size) * Double(size)
            operations = max(operations, 20 * 2 * cube / ((clock.now - start) / .seconds(1)))
            start = clock.now
            inParallel(2) { task in
                let half = part(task, of: 2, in: 64 << 20)
                target.columns(half).copy(from: source.view.columns(half))
            }
            bandwidth = max(bandwidth, 8 * Double(64 << 20) / ((clock.now - start) / .seconds(1)))
        }
        withExtendedLifetime(arena) {}
        return MachinePeak(operations: operations, bandwidth: bandwidth)
    }

    func share(ofOperations rate: Double) -> String { Self.share(rate, of: operations) }
    func share(ofBandwidth rate: Double) -> String { Self.share(rate, of: bandwidth) }

    private static func share(_ rate: Double, of peak: Double) -> String {
        String(format: "%.0f %% of %.0f", 100 * rate / peak, peak / 1e9)
    }
}
