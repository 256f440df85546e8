import Dispatch
import LinearAlgebra

/// What it costs to share tasks among threads: `inParallel`, with which all steps do it, beside Dispatch's
/// `concurrentPerform`.
///
/// Each row is a length of task. Two tasks of that length are shared, one call after the other without pause, as the
/// calls of a step follow one another; the time above that of one task is what sharing costs. The spread is from the
/// fastest tenth to the slowest. It means something only while nothing else runs on two of the cores.
func printHandOver() {
    BLASThreads.set(2)
    let kinds: [(name: String, run: (_ task: @Sendable (Int) -> Void) -> Void)] = [
        ("inParallel", { inParallel(2, $0) }),
        ("concurrentPerform", { task in DispatchQueue.concurrentPerform(iterations: 2) { task($0) } }),
    ]
    print("| task, µs | \(kinds.map { "\($0.name), µs (spread)" }.joined(separator: " | ")) |")
    print("|---|---|---|")
    for microseconds in [0, 5, 20, 100] {
        var seconds = kinds.map { _ in [Double]() }
        let length = Duration.microseconds(microseconds)
        // In turn, so that what else the machine does meets both.
        for round in 0..<4000 {
            for (index, kind) in kinds.enumerated() {
                let clock = ContinuousClock()
                let start = clock.now
                for _ in 0..<5 {
                    kind.run { _ in
                        let begin = clock.now
                        while clock.now - begin < length {}
                    }
                }
                if round >= 100 { seconds[index].append((clock.now - start) / .seconds(1) / 5) }
            }
        }
        let cells = seconds.map { times in
            let sorted = times.sorted()
            let (low, high) = (sorted[sorted.count / 10], sorted[sorted.count * 9 / 10])
            return "\(tenths(middle(times))) (\(tenths(low)) to \(tenths(high)))"
        }
        print("| \(microseconds) | \(cells.joined(separator: " | ")) |")
    }
}

/// Microseconds with one decimal place.
private func tenths(_ seconds: Double) -> String { "\((1e7 * seconds).rounded() / 10)" }
