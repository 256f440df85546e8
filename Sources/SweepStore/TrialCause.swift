/// Why an attempt ended without a result, for programs to tell apart; the reason beside it is for people.
public enum TrialCause: String, Sendable, Hashable, CaseIterable {
    case crash, timeout, stall, memory, processes, launch
    case noMetric = "no metric"
    case diverged
    case pruned
    /// It waits at a rung.
    case paused
    /// Its planner stopped it or was killed, which uses up none of its attempts.
    case interrupted
    /// Somebody told that it failed.
    case told
}
