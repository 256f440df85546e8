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
}
