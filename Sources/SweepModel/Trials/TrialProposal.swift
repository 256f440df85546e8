import SweepSearch

/// Who proposed the values of a trial, and what was expected of them: what is stored beside a planned trial, so that it
/// can be explained later.
///
/// Numbers are in the unit of the metric, whether lower or higher values are better.
public struct TrialProposal: Sendable, Hashable {
    /// What a Gaussian process expected.
    public struct Forecast: Sendable, Hashable {
        /// What it expected the trial to report, and how uncertain it was of it: see `SweepSearch.Expectation`.
        public var value: Expectation
        /// By how much the trial was expected to be better than the best one, on average; never below 0.
        public var improvement: Double

        public init(value: Expectation, improvement: Double) {
            self.value = value
            self.improvement = improvement
        }
    }

    public var trial: Int
    public var method: Proposal.Method
    public var occasion: Proposal.Occasion
    /// How many trials had ended, of those that the proposal rests on.
    public var ended: Int
    /// How many were known by their values alone.
    public var pending: Int
    /// Nil if no Gaussian process proposed it.
    public var forecast: Forecast?
    /// log l(x)/g(x): by how much likelier the values were among the good trials than among the others; nil if TPE did
    /// not propose them.
    public var logRatio: Double?

    public init(
        trial: Int, method: Proposal.Method, occasion: Proposal.Occasion = .regular, ended: Int, pending: Int,
        forecast: Forecast? = nil, logRatio: Double? = nil
    ) {
        self.trial = trial
        self.method = method
        self.occasion = occasion
        self.ended = ended
        self.pending = pending
        self.forecast = forecast
        self.logRatio = logRatio
    }
}
