/// The initial design: the trials that are spread over the space before a model proposes any.
enum StartUp {
    /// Whether the initial design is complete, so that the model proposes the next trial.
    ///
    ///     StartUp.isOver(after: 8, 0, of: 8)      // true
    ///     StartUp.isOver(after: 4, 4, of: 8)      // true
    ///     StartUp.isOver(after: 3, 8, of: 8)      // false: less than half has ended
    ///
    /// Where trials overlap, it is enough that half of the design has ended and the rest is pending: more trials of the
    /// design would only take trials from the model.
    ///
    /// - Parameters:
    ///   - informative: how many ended trials tell something about the metric.
    ///   - pending: how many trials have not ended.
    ///   - startupTrials: the size of the design.
    static func isOver(after informative: Int, _ pending: Int, of startupTrials: Int) -> Bool {
        informative >= startupTrials
            || (informative + pending >= startupTrials && 2 * informative >= startupTrials && informative > 0)
    }

    /// Whether any two trials that did not fail have different outcomes. As long as all are equal there is nothing to
    /// model, and the design goes on.
    static func hasDifferentOutcomes(_ outcomes: [Outcome]) -> Bool {
        func isTelling(_ outcome: Outcome) -> Bool { outcome != .failed }
        guard let first = outcomes.first(where: isTelling) else { return false }
        return outcomes.contains { isTelling($0) && $0 != first }
    }
}
