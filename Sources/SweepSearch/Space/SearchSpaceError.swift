/// Everything that is wrong with the parameters of a space.
public struct SearchSpaceError: Error, Sendable, Hashable {
    /// Never empty.
    public let problems: [SearchSpaceProblem]
}

/// One thing that is wrong with the parameters of a space. The names say where it was written.
public enum SearchSpaceProblem: Sendable, Hashable {
    /// Two parameters have this name.
    case duplicateName(String)
    /// The distribution of a parameter is not legal.
    case distribution(parameter: String, DistributionProblem)
    /// A condition is about a parameter that does not exist.
    case unknownParent(parameter: String, parent: String)
    /// Each depends on the next, and the last on the first.
    case cycle([String])
    /// No legal value of the parent passes the test.
    case conditionNeverHolds(parameter: String, Condition)
    /// The conditions on one ancestor, the parameter's own and those it inherits from its parents, exclude each other.
    case neverActive(parameter: String, [Condition])
    /// No assignment satisfies the constraints, or none was found. The culprit is the index of one that no assignment
    /// satisfies even by itself.
    case infeasible(culprit: Int?, SearchOutcome)

    /// How far a search for a feasible assignment that found none can be trusted.
    public enum SearchOutcome: Sendable, Hashable {
        /// There is none: all assignments were tried, as many as this.
        case exhausted(Int)
        /// None was found in this number of tries, though there may be one.
        case notFound(tries: Int)
    }
}

extension SearchSpaceProblem: CustomStringConvertible {
    /// The message that the user reads.
    public var description: String {
        switch self {
        case .duplicateName(let name): "'\(name)' is declared twice"
        case .distribution(let parameter, let problem): "'\(parameter)': \(problem)"
        case .unknownParent(let parameter, let parent):
            "'\(parameter)' depends on '\(parent)', which is not a parameter"
        case .cycle(let names):
            "parameters depend on each other: \((names + names.prefix(1)).map { "'\($0)'" }.joined(separator: " on "))"
        case .conditionNeverHolds(let parameter, let condition):
            "'\(parameter)' is never active: no value of '\(condition.parameter)' satisfies \(condition)"
        case .neverActive(let parameter, let conditions):
            "'\(parameter)' is never active: "
                + "\(conditions.map(\.description).joined(separator: " and ")) exclude each other"
        case .infeasible(_, .exhausted(let count)):
            "no trial can satisfy the constraints: all \(count) combinations of values were tried"
        case .infeasible(_, .notFound(let tries)):
            "no values were found that satisfy the constraints, in \(tries) tries; there may be some, but hardly any"
        }
    }
}

extension SearchSpaceError: CustomStringConvertible {
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
