/// What whoever asked for a suggestion may still say about it.
public enum SuggestionRequest {
    /// Whether the suggestion is no longer wanted, since the sweep was told to stop, say. Every search that may take long
    /// asks now and then, and ends at once with whatever it has, which is to be thrown away.
    @TaskLocal public static var isWithdrawn: @Sendable () -> Bool = { false }
}
