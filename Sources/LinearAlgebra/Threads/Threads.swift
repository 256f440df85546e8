import COpenBLAS
import Synchronization

/// How many threads compute, in the whole process.
///
/// OpenBLAS itself always runs on the thread that calls it: work is cut into tasks whose number depends on its size
/// alone, and the threads share the tasks. So results are the same bits for any number of threads, and no pool of
/// OpenBLAS waits at full speed beside another process.
public enum BLASThreads {
    private static let budget = Atomic<Int>(1)

    /// The number of threads that share tasks, the calling one among them; 1 until it is set.
    public static var count: Int { budget.load(ordering: .relaxed) }

    /// Sets `count`, or 1 where only one thread may compute.
    public static func set(_ count: Int) {
        precondition(count > 0, "BLAS needs at least one thread")
        makeSerial()
        budget.store(allowsSeveral ? count : 1, ordering: .relaxed)
    }

    /// Whether OpenBLAS may be called from several threads at once. Built without threads, it may not: its buffers
    /// are shared, and products come out wrong now and then.
    public static let allowsSeveral = openblas_get_parallel() != 0

    /// Has OpenBLAS run on the calling thread alone.
    static func makeSerial() {
        if isSetPerThread { openblas_set_num_threads(1) } else { once }
    }

    /// Built for OpenMP, OpenBLAS keeps the number of threads for each thread that calls it.
    private static let isSetPerThread = openblas_get_parallel() == 2
    private static let once: Void = openblas_set_num_threads(1)
}

extension BLASScalar {
    /// The routines, for what may be called outside `inParallel`: OpenBLAS then runs on the calling thread.
    static var serialRoutines: Routines<Self> {
        BLASThreads.makeSerial()
        return routines
    }
}

/// Calls `task` once with each number below `count`, on as many threads as are to compute, and returns when all are
/// done.
///
/// Which thread does which task is left open, so that tasks must not touch what another writes.
///
/// ```swift
/// inParallel(2) { task in
///     let rows = part(task, of: 2, in: y.rows)
///     y.rows(rows).set(x.view.rows(rows), times: c.view)
/// }
/// ```
package func inParallel(_ count: Int, _ task: @Sendable (Int) -> Void) {
    BLASThreads.makeSerial()
    WorkerTeam.shared.run(count, threads: BLASThreads.count, task)
}

/// Cuts `0..<count` into `parts` ranges of nearly equal length, each but the last a multiple of 16 long.
package func part(_ index: Int, of parts: Int, in count: Int) -> Range<Int> {
    func bound(_ index: Int) -> Int { index == parts ? count : min(index * count / parts / 16 * 16, count) }
    return bound(index)..<bound(index + 1)
}
