import Foundation
import Synchronization

/// Threads that wait for tasks, and share those of one caller at a time.
///
/// A worker that finds nothing to do looks for some microseconds and then sleeps: a process that is not computing costs
/// nothing. A process that computes on one thread has no workers. It is used through `inParallel`.
///
/// Why not Dispatch's `concurrentPerform`: a step shares some dozen groups of tasks of a few microseconds to
/// milliseconds, and Dispatch takes longer to wake its threads than such a task takes. Two tasks of 5 µs took 7.9 µs
/// here and 15.8 there, of 20 µs 25.7 and 59.3, of 100 µs 106 and 144 (`corebench threads`, medians, 2 cores). With
/// `concurrentPerform` in its place, a Gauss-Newton step (d 64, hidden 128, batch 64) took 0.56 ms in place of 0.37,
/// one of hidden 512 and batch 256 7.3 in place of 6.3. Moreover it takes as many threads as there are cores, where a
/// trainer may have been given two of sixty-four.
///
/// `@unchecked Sendable`: `round`, `next`, `busy` and `isTaken` are atomic. `task`, `count`, `places` and `workers` are
/// read and written with the lock held, but for one reading: the caller that holds `isTaken` passes its own task to
/// `share`. The task itself outlives its use, since `run` returns only when no worker is busy with it.
final class WorkerTeam: @unchecked Sendable {
    static let shared = WorkerTeam()

    private typealias Task = @Sendable (Int) -> Void

    private let condition = NSCondition()
    /// How many threads were started; they are never ended.
    private var workers = 0
    /// Where the caller keeps what is being done; `nil` between two calls. A pointer, because a worker that held the
    /// closure itself might release it only after the caller has returned.
    private var task: UnsafePointer<Task>?
    /// The number of tasks.
    private var count = 0
    /// How many more workers may join the round.
    private var places = 0
    /// Grows with every call.
    private let round = Atomic<Int>(0)
    /// The first task that no thread has taken.
    private let next = Atomic<Int>(0)
    /// Workers inside the round.
    private let busy = Atomic<Int>(0)
    /// Whether a caller's tasks are being shared; one that comes meanwhile does its tasks alone.
    private let isTaken = Atomic<Bool>(false)

    /// How often a waiting thread looks before it sleeps: some 20 µs, more than most pauses within a step.
    private static let maxLooks = 2000

    /// Calls `task` with each number below `count`, on at most `threads` threads, the caller's among them.
    func run(_ count: Int, threads: Int, _ task: @Sendable (Int) -> Void) {
        guard threads > 1, count > 1,
            isTaken.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
        else {
            for index in 0..<count { task(index) }
            return
        }
        withoutActuallyEscaping(task) { task in
            withUnsafePointer(to: task) { pointer in
                begin(pointer, count, threads: threads)
                share(pointer, count)
                end()
            }
        }
        isTaken.store(false, ordering: .releasing)
    }

    private func begin(_ pointer: UnsafePointer<Task>, _ count: Int, threads: Int) {
        condition.lock()
        defer { condition.unlock() }
        places = min(threads, count) - 1
        while workers < places { addWorker() }
        task = pointer
        self.count = count
        next.store(0, ordering: .relaxed)
        round.wrappingAdd(1, ordering: .releasing)
        // The others sleep on: they would find no place.
        for _ in 0..<places { condition.signal() }
    }

    /// Lets no further worker join, and waits for those that did.
    private func end() {
        condition.lock()
        task = nil
        places = 0
        condition.unlock()
        var looks = 0
        while busy.load(ordering: .acquiring) > 0 {
            looks += 1
            if looks > Self.maxLooks { sched_yield() }
        }
    }

    // Not inlined, so that a worker has released the closure when it returns.
    @inline(never)
    private func share(_ task: UnsafePointer<Task>, _ count: Int) {
        while true {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < count else { return }
            task.pointee(index)
        }
    }

    private func addWorker() {
        workers += 1
        let thread = Thread { [self] in work() }
        thread.name = "revsweep worker"
        thread.stackSize = 8 << 20
        thread.start()
    }

    private func work() -> Never {
        BLASThreads.makeSerial()
        var seen = 0
        while true {
            var looks = 0
            while round.load(ordering: .acquiring) == seen, looks < Self.maxLooks { looks += 1 }
            condition.lock()
            while round.load(ordering: .relaxed) == seen { condition.wait() }
            seen = round.load(ordering: .relaxed)
            guard let task, places > 0 else {
                condition.unlock()
                continue
            }
            let count = count
            places -= 1
            busy.wrappingAdd(1, ordering: .relaxed)
            condition.unlock()
            share(task, count)
            busy.wrappingSubtract(1, ordering: .releasing)
        }
    }
}
