import SweepSearch

/// How much time the suggestions of a sweep may take, by how long its trials do.
///
/// With many trials at once and short ones, a Gaussian process takes longer for a suggestion than it takes until the
/// next trial ends, and trials would wait for it. Then only as many suggestions come from the process as half of the
/// time allows, and the others from a model that is faster. With few trials at once each suggestion counts for more
/// than the time it takes.
///
///     var pace = SuggestionPace(slots: 128)
///     pace.noteEnd(lasted: 1)                             // a trial ends every 1/128 s
///     pace.noteSuggestion(.full, took: 0.1)
///     pace.nextEffort()                                   // .little, about 50 times; then .full
package struct SuggestionPace: Sendable {
    /// With fewer trials at once nothing is spared.
    static let fewestSlots = 16
    /// What share of the time until the next trial ends a suggestion may take, on average.
    private static let share = 0.5

    private let slots: Int
    /// How long attempts take, in seconds: a moving average over the last few for each slot.
    private var attemptSeconds: Double?
    private var attempts = 0
    /// How long suggestions took when they were last made with each effort, in seconds.
    private var cost: [Effort: Double] = [:]
    /// What was not spent of the time that suggestions may take, in seconds; below 0 after an expensive one.
    private var credit = 0.0

    package init(slots: Int) { self.slots = slots }

    /// An attempt has ended, and has taken its slot for so many seconds.
    package mutating func noteEnd(lasted seconds: Double) {
        attempts = min(attempts + 1, 2 * slots)
        let average = attemptSeconds ?? seconds
        attemptSeconds = average + (seconds - average) / Double(attempts)
    }

    package mutating func noteSuggestion(_ effort: Effort, took seconds: Double) {
        // A process that was stopped for a while has not computed for so long.
        let plausible = min(seconds, 4 * (cost[effort] ?? seconds))
        cost[effort] = plausible
        credit -= plausible
    }

    /// The effort that the next suggestion may be made with; the time for it is granted by asking.
    package mutating func nextEffort() -> Effort {
        guard slots >= Self.fewestSlots, let attemptSeconds, let full = cost[.full] else { return .full }
        // No time is saved up for more than one suggestion.
        credit = min(full, credit + Self.share * attemptSeconds / Double(slots))
        return credit >= full ? .full : .little
    }

    /// How many suggestions are worth making before a slot is free for them. Where many trials end at once, the last of
    /// them would have to wait for all the others' suggestions; but one that is made early does not know the trials
    /// that end until it is used.
    package var ahead: Int {
        guard slots >= Self.fewestSlots, let attemptSeconds else { return 0 }
        let wait = Double(slots) * (cost[.little] ?? cost[.full] ?? 0)
        return wait > 0.02 * attemptSeconds ? slots / 4 : 0
    }
}
