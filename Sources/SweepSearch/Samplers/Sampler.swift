import RandomStreams

/// Proposes the values of the next trial.
///
///     var random = RandomStream(seed: sweepSeed, stream: stream, trialNumber)
///     let next = AutoSampler(seed: sweepSeed).suggest(
///         from: space, given: observations, pending: running, using: &random)
///
/// A sampler has no memory: the suggestion is a function of the arguments alone, so that a sweep that was interrupted
/// goes on as if it had not been.
/// The proposal of trial 40 is the same whether trials 0 to 39 ran an hour ago in this process or a week ago in
/// another.
public protocol Sampler: Sendable {
    /// An assignment of the space, with what is known of why: legal values for exactly the active parameters, which
    /// satisfy the constraints. As long as there is one that has not been tried, it is one of those.
    ///
    /// - Parameters:
    ///   - observations: the trials that have ended, by number.
    ///   - pending: the assignments of those that have not, in the order of their numbers.
    ///   - random: a stream of its own for every trial; the sampler takes as many numbers from it as it needs.
    func propose(
        from space: SearchSpace, given observations: Observations, pending: [Assignment],
        using random: inout RandomStream
    ) -> Proposal
}

extension Sampler {
    /// The assignment of ``propose(from:given:pending:using:)`` alone.
    public func suggest(
        from space: SearchSpace, given observations: Observations, pending: [Assignment],
        using random: inout RandomStream
    ) -> Assignment {
        propose(from: space, given: observations, pending: pending, using: &random).assignment
    }
}
