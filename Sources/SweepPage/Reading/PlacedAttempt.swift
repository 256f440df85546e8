import Foundation
import SweepModel
import SweepReport

/// One start of a trial's trainer, and the slot that it is shown in.
///
/// The database does not say which of the sweep's workers made an attempt. Each gets the first slot that was free when
/// it began, so that there are as many slots as ever were busy at once.
struct PlacedAttempt: Sendable {
    let attempt: TrialAttempt
    /// From 0.
    let slot: Int

    /// An attempt may begin in the millisecond in which the one before it ended.
    private static let tolerance = 0.001

    /// The attempts of each trial, in order.
    ///
    /// - Parameters:
    ///   - events: all of the sweep, in their order.
    ///   - trials: how many there are.
    static func all(in events: [EventRecord], trials: Int) -> [[PlacedAttempt]] {
        var byTrial: [[EventRecord]] = Array(repeating: [], count: trials)
        for event in events {
            if let trial = event.trial, byTrial.indices.contains(trial) { byTrial[trial].append(event) }
        }
        let attempts = byTrial.map(TrialAttempt.all)
        let places = attempts.enumerated().flatMap { trial, attempts in attempts.indices.map { (trial, $0) } }
        let inOrder = places.sorted { left, right in
            (attempts[left.0][left.1].started, left.0, left.1) < (attempts[right.0][right.1].started, right.0, right.1)
        }
        var placed = attempts.map { $0.map { PlacedAttempt(attempt: $0, slot: 0) } }
        // When each slot is free again.
        var free: [Date] = []
        for (trial, place) in inOrder {
            let attempt = attempts[trial][place]
            let slot = free.firstIndex { $0 <= attempt.started + tolerance } ?? free.count
            let end = attempt.end ?? .distantFuture
            if slot == free.count { free.append(end) } else { free[slot] = end }
            placed[trial][place] = PlacedAttempt(attempt: attempt, slot: slot)
        }
        return placed
    }
}

extension TrialAttempt {
    /// How long it took, as well as that is known; nil while it runs.
    var length: Double? {
        if outcome == nil { return nil }
        // Times are stored in whole milliseconds; the difference of two is not quite.
        return seconds ?? ended.map { max(0, ($0.timeIntervalSince(started) * 1000).rounded() / 1000) }
    }

    /// When it had ended by the clock that says when it began; nil while it runs.
    var end: Date? { outcome == nil ? nil : ended.map { max(started, $0) } ?? length.map { started + $0 } }
}
