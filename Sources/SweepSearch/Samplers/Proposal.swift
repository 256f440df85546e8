/// The values that a sampler proposes, with what it knows of why.
///
///     let proposal = GPSampler(seed: 1).propose(from: space, given: observations, pending: [], using: &random)
///     proposal.assignment         // rate=0.0231
///     proposal.method             // .process
///     proposal.forecast           // mean 0.31 ± 0.02, improvement 0.004
public struct Proposal: Sendable, Hashable {
    /// The algorithm that made the values. A sampler may leave that to another one.
    public enum Method: String, Sendable, Hashable, CaseIterable {
        case random, grid, sobol, tpe, cmaes, nsga2
        /// A Gaussian process, or one for each objective and each bounded metric.
        case process = "gp"
        /// It was the trial of another sweep.
        case transfer
    }

    /// Why it was this algorithm.
    public enum Occasion: String, Sendable, Hashable, CaseIterable {
        /// It was its turn.
        case regular
        /// Too few trials have a value for a model.
        case startUp = "start-up"
        /// All trials so far have had the same outcome.
        case sameOutcomes = "same outcomes"
        /// There are more trials than a Gaussian process can be computed for.
        case manyTrials = "many trials"
        /// Too many trials run at once for a Gaussian process, or they end faster than it can be computed.
        case manySlots = "many slots"
        /// There are more parameters than a Gaussian process is good for.
        case manyParameters = "many parameters"
        /// There are more objectives than the hypervolume is computed for.
        case manyObjectives = "many objectives"
        /// The model could not be computed from these trials.
        case singular
        /// The model predicts trials that are left out no better than the mean of all does.
        case poorModel = "poor model"
        /// CMA-ES takes two numeric parameters that are always active.
        case fewNumbers = "few numbers"
        /// Everything that the search for the best point has found had been tried.
        case searchedOut = "searched out"
        /// Nothing that was proposed satisfied the constraints.
        case constraints
    }

    /// What the model behind a proposal expected of it.
    public enum Forecast: Sendable, Hashable {
        /// By a Gaussian process: the trial's value and the improvement on the best one that it expects; lower is
        /// better.
        case value(Expectation, improvement: Double)
        /// By TPE: log l(x)/g(x), by how much likelier the values are among the good trials than among the others.
        case logRatio(Double)
    }

    public var assignment: Assignment
    public var method: Method
    public var occasion: Occasion
    /// Nil where no model is behind it.
    public var forecast: Forecast?

    public init(
        _ assignment: Assignment, by method: Method, _ occasion: Occasion = .regular, forecast: Forecast? = nil
    ) {
        self.assignment = assignment
        self.method = method
        self.occasion = occasion
        self.forecast = forecast
    }

    /// The same, with why the sampler that was asked left it to another one to make the proposal.
    func delegated(because occasion: Occasion) -> Proposal {
        var proposal = self
        // What is more special is more of a reason.
        if proposal.occasion == .regular { proposal.occasion = occasion }
        return proposal
    }
}
