import Foundation
import Synchronization

/// The results of all tasks in their order, of which `threads` are computed at once.
func inParallel<Task: Sendable, Result: Sendable>(
    _ threads: Int, _ tasks: [Task], _ run: @Sendable (Task) -> Result
) -> [Result] {
    let results = Mutex([Result?](repeating: nil, count: tasks.count))
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
        while true {
            let index = next.add(1, ordering: .relaxed).oldValue
            guard index < tasks.count else { return }
            let result = run(tasks[index])
            results.withLock { $0[index] = result }
        }
    }
    return results.withLock { $0.compactMap(\.self) }
}
