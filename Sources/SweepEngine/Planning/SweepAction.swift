import EarlyStopping

/// Why a sweep came to its end for now.
public enum SweepEnding: String, Sendable, Hashable {
    /// As many trials have ended as the budget has.
    case trials
    /// Every point of the grid has been tried.
    case grid
    /// The time that the budget allows has been worked; running trials still come to their end.
    case time
    /// As many trials have failed as the budget allows.
    case failures
    /// The metric has reached what is good enough.
    case target
    /// The user asked for it. Trials that were ended for that are run again when the sweep is resumed.
    case interrupted
}

/// What `SweepRun` has to do: all that changes anything outside of `SweepState`.
package enum SweepAction: Sendable, Hashable {
    /// Choose the values of the trial with this number and store it.
    case plan(Int)
    /// Store that a paused trial goes on.
    case promote(PromotionLadder.Promotion)
    /// Start an attempt of the trial with this number. It is stored as running before its process exists.
    case launch(Int)
    /// Store that a paused trial will not go on.
    case prune(PromotionLadder.Promotion)
    /// End every running attempt; within the trainers' grace, or at once.
    case stopAll(atOnce: Bool)
    /// Return from the run: no trial runs any more, and no further action follows.
    case finish(SweepEnding)
}
