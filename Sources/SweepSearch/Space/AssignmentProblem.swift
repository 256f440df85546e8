/// One thing that is wrong with the values that a user gives for a trial.
public enum AssignmentProblem: Sendable, Hashable {
    /// The space has no parameter of this name.
    case unknownParameter(String)
    /// The value is in no form one of the distribution's.
    case illegalValue(parameter: String, ParameterValue, Distribution)
    /// A value was given, but this condition, its own or one it inherits, does not hold.
    case inactive(parameter: String, Condition)
    /// The given parameters need these of one parameter that was not given, and no value satisfies all.
    case contradiction([Condition])
    /// An active parameter has no value.
    case missing(parameter: String)
    /// The values given decide a constraint, and it does not hold.
    case violates(Constraint)
    /// Whatever the other parameters are, or as far as could be found out, a constraint is violated.
    case noFeasibleCompletion(SearchSpaceProblem.SearchOutcome)
}

/// Everything that is wrong with the values that a user gives for a trial.
public struct AssignmentError: Error, Sendable, Hashable {
    /// Never empty.
    public let problems: [AssignmentProblem]
}

extension AssignmentProblem: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknownParameter(let name): "'\(name)' is not a parameter"
        case .illegalValue(let parameter, let value, let distribution):
            "\(value) is not a legal value of '\(parameter)': it must be \(distribution)"
        case .inactive(let parameter, let condition): "'\(parameter)' has a value but exists only when \(condition)"
        case .contradiction(let conditions):
            "the values given need "
                + conditions.map(\.description).joined(separator: " and ") + ", which exclude each other"
        case .missing(let parameter): "'\(parameter)' has no value"
        case .violates(let constraint): "the values violate the constraint \(constraint)"
        case .noFeasibleCompletion(.exhausted):
            "with the values given nothing satisfies the constraints, whatever the others are"
        case .noFeasibleCompletion(.notFound(let tries)):
            "with the values given nothing was found that satisfies the constraints, in \(tries) tries"
        }
    }
}

extension AssignmentError: CustomStringConvertible {
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
