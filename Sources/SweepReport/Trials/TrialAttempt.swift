import Foundation
import SweepModel

/// One start of a trial's trainer: when it began, when and how it ended.
///
/// The database keeps no row for an attempt. What is known of it is in the events of the trial.
public struct TrialAttempt: Sendable, Hashable {
    /// From 1.
    public var number: Int
    public var started: Date
    /// Nil while it runs, and if its planner was killed and none has worked on the sweep since.
    public var ended: Date?
    /// How long it took, if that was measured.
    public var seconds: Double?
    /// How it ended: the new state with its reason, `paused …`, or `interrupted`; nil while it runs.
    public var outcome: String?

    /// The attempts that a trial's events tell of, in order.
    public static func all(in events: [EventRecord]) -> [TrialAttempt] {
        var attempts: [TrialAttempt] = []
        for event in events {
            switch event.kind {
            case .trialStarted, .trialAsked:
                attempts.append(TrialAttempt(number: event.attempt ?? attempts.count + 1, started: event.time))
            case .trialEnded, .trialRetried, .trialPaused, .trialInterrupted:
                // A trial that is pruned while it waits ends without another attempt.
                guard let last = attempts.indices.last, attempts[last].outcome == nil else { continue }
                attempts[last].ended = event.time
                attempts[last].seconds = event.seconds
                attempts[last].outcome = words(for: event)
            case .trialPlanned, .trialPromoted, .plannerStarted, .plannerEnded, .plannerAlive, .changeAccepted: break
            }
        }
        return attempts
    }

    /// `complete`, `failed: crash: exit 1`; without the state where the trial waits to be run again.
    private static func words(for event: EventRecord) -> String {
        if event.kind == .trialInterrupted { return "interrupted: its planner was killed" }
        let detail = event.detail ?? event.kind.rawValue
        let waiting = TrialState.waiting.rawValue + ": "
        return detail.hasPrefix(waiting) ? String(detail.dropFirst(waiting.count)) : detail
    }
}
