/// What whoever asked for a suggestion may still say about it.
///
///     SuggestionRequest.$current.withValue(SuggestionRequest { hasBeenInterrupted() }) {
///         sampler.suggest(from: space, given: observations, pending: [], using: &random)
///     }
public struct SuggestionRequest: Sendable {
    /// The request that the running task works for.
    ///
    /// A struct around the closure: an optimized build of Swift 6.3 crashes where the task-local value is a closure
    /// itself.
    @TaskLocal public static var current = SuggestionRequest { false }

    private let answer: @Sendable () -> Bool

    /// - Parameter isWithdrawn: whether the suggestion is no longer wanted, since the sweep was told to stop, say.
    public init(isWithdrawn answer: @escaping @Sendable () -> Bool) {
        self.answer = answer
    }

    /// Every search that may take long asks this now and then, and ends at once with whatever it has, which is to be
    /// thrown away.
    static func isWithdrawn() -> Bool { current.answer() }
}
