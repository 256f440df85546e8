// Dispatch queues may be used from any thread, but Dispatch on Linux is not annotated as `Sendable` everywhere.
@preconcurrency import Dispatch

/// Runs an actor on a queue of its own, so that reading a file or waiting for a database blocks none of the threads
/// that serve clients.
final class QueueExecutor: SerialExecutor {
    private let queue: DispatchQueue

    init(_ label: String) { queue = DispatchQueue(label: "revsweep.serve.\(label)") }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
