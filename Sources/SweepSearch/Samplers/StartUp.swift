/// The trials that are spread over the space before a model decides.
enum StartUp {
    /// Whether so many trials that tell something are enough to go by.
    ///
    /// Where trials overlap, half of them are: those under way will complete the design, and to spread more over the
    /// space in the meantime would only take trials from the model.
    static func isOver(after informative: Int, _ pending: Int, of startupTrials: Int) -> Bool {
        informative >= startupTrials
            || (informative + pending >= startupTrials && 2 * informative >= startupTrials && informative > 0)
    }

    /// Whether any two trials that tell something of the metric differ in it. As long as none do there is nothing to
    /// model, and the space goes on to be explored.
    static func tellsApart(_ outcomes: [Outcome]) -> Bool {
        func isTelling(_ outcome: Outcome) -> Bool { outcome != .failed }
        guard let first = outcomes.first(where: isTelling) else { return false }
        return outcomes.contains { isTelling($0) && $0 != first }
    }
}
