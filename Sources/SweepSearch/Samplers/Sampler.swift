import RandomStreams

/// Proposes what to try next.
///
/// A sampler has no memory: the suggestion is a function of the arguments alone, so that a sweep that was interrupted
/// goes on as if it had not been. It is an assignment of the space: legal values for exactly the active parameters.
public protocol Sampler: Sendable {
    /// - Parameters:
    ///   - observations: the trials that have ended, by number.
    ///   - pending: the assignments of those that have not, in the order of their numbers.
    ///   - random: consumed by as many numbers as the sampler likes; give every trial a stream of its own.
    func suggest(
        from space: SearchSpace, given observations: Observations, pending: [Assignment],
        using random: inout RandomStream
    ) -> Assignment
}
