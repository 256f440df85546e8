import Synchronization

/// Attempts that are over and whose outcome is not stored yet, in the order in which they ended.
///
/// They are kept beside the other events, so that they can be taken before a trial is launched: where many trials end
/// at once, the last end would else be stored only after nearly as many launches.
///
///     let ended = EndedAttempts()
///     ended.append(attempt, outcome)
///     ended.popFirst()            // (attempt, outcome); nil if none waits
final class EndedAttempts: Sendable {
    private struct Waiting {
        var attempts: [(attempt: Attempt, outcome: AttemptOutcome)] = []
        /// How many of them, from the front, are taken.
        var taken = 0
    }

    private let waiting = Mutex(Waiting())

    func append(_ attempt: Attempt, _ outcome: AttemptOutcome) {
        waiting.withLock { $0.attempts.append((attempt, outcome)) }
    }

    func popFirst() -> (attempt: Attempt, outcome: AttemptOutcome)? {
        waiting.withLock { waiting in
            guard waiting.taken < waiting.attempts.count else { return nil }
            defer {
                waiting.taken += 1
                if waiting.taken == waiting.attempts.count { waiting = Waiting() }
            }
            return waiting.attempts[waiting.taken]
        }
    }
}
