import Foundation
import Synchronization

/// Threads that wait for tasks and share them with whoever has some.
///
/// A worker that finds nothing to do looks for some microseconds and then sleeps: a process that is not computing costs
/// nothing. A process that computes on one thread has no workers.
///
/// `@unchecked Sendable`: everything that changes is atomic or guarded by the lock.
final class WorkerTeam: @unchecked Sendable {
    static let shared = WorkerTeam()

    private typealias Task = @Sendable (Int) -> Void

    private let condition = NSCondition()
    private var workers = 0
    /// Where the caller keeps what is being done; `nil` between two calls. A pointer, for a worker that held the closure itself
    /// might let go of it only after the caller has returned.
    private var task: UnsafePointer<Task>?
    private var count = 0
    private var places = 0
    /// Grows with every call.
    private let round = Atomic<Int>(0)
    private let next = Atomic<Int>(0)
    /// Workers inside the round.
    private let busy = Atomic<Int>(0)
    /// Whether somebody's tasks are being done; others who come meanwhile do theirs alone.
    private let isTaken = Atomic<Bool>(false)

    /// How often a waiting thread looks before it sleeps: some 20 µs.
    private static let patience = 2000

    /// Calls `task` with each number below `count`, on at most so many threads, of which the caller's is one.
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
        while workers < threads - 1 { addWorker() }
        task = pointer
        self.count = count
        places = min(threads, count) - 1
        next.store(0, ordering: .relaxed)
        round.wrappingAdd(1, ordering: .releasing)
        condition.broadcast()
    }

    /// Lets nobody join any more, and waits for those who did.
    private func end() {
        condition.lock()
        task = nil
        places = 0
        condition.unlock()
        var looks = 0
        while busy.load(ordering: .acquiring) > 0 {
            looks += 1
            if looks > Self.patience { sched_yield() }
        }
    }

    // Not inlined, so that a worker has let go of the closure when it returns.
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
            while round.load(ordering: .acquiring) == seen, looks < Self.patience { looks += 1 }
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
