/// Lets the caller of a sampler withdraw its request while a long search runs.
///
///     SuggestionRequest.$current.withValue(SuggestionRequest { hasBeenInterrupted() }) {
///         sampler.suggest(from: space, given: observations, pending: [], using: &random)
///     }
///
/// It is a task-local value rather than an argument, so that no function between the caller and the innermost loop has
/// to hand it on.
public struct SuggestionRequest: Sendable {
    /// The request of the running task.
    ///
    /// A struct around the closure: an optimized build of Swift 6.3 crashes where the task-local value is a closure
    /// itself.
    @TaskLocal public static var current = SuggestionRequest { false }

    private let answer: @Sendable () -> Bool

    /// - Parameter isWithdrawn: whether the suggestion is no longer wanted, for instance because the sweep stops.
    public init(isWithdrawn answer: @escaping @Sendable () -> Bool) {
        self.answer = answer
    }

    /// Whether the caller no longer wants the suggestion. Every search that may take long asks this regularly, and then
    /// ends at once with an arbitrary result, which the caller discards.
    static func isWithdrawn() -> Bool { current.answer() }
}
