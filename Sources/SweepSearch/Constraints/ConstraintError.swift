/// What is wrong with a constraint as somebody wrote it.
public struct ConstraintError: Error, Sendable, Hashable {
    /// In the order of the text; never empty.
    public let problems: [ConstraintProblem]
}

/// One mistake in a constraint.
public struct ConstraintProblem: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        case empty
        case illegalCharacter(String)
        case unclosedQuote(String)
        case illegalNumber(String)
        case unexpected(found: String, wanted: String)
        /// What other languages write: `&&`, `=`.
        case foreign(found: String, wanted: String)
        case unknownParameter(String)
        case unknownFunction(String)
        case argumentCount(function: String, wanted: Int, found: Int)
        case wrongKind(wanted: String, found: String)
        /// The parameter has no such value.
        case impossibleValue(parameter: String, ParameterValue, Distribution)
        /// The parameter has a value that no constraint can compare: null, a list or a mapping.
        case structure(parameter: String, ParameterValue)
        case tooDeep
        case tooLong
    }

    public let kind: Kind
    /// Where in the text, in Unicode scalars from its start.
    public let offset: Int
}

extension ConstraintProblem: CustomStringConvertible {
    public var description: String {
        switch kind {
        case .empty: "the constraint is empty"
        case .illegalCharacter(let character): "'\(character)' has no meaning here"
        case .unclosedQuote(let quote): "the text after \(quote) is never closed"
        case .illegalNumber(let text): "'\(text)' is not a number"
        case .unexpected(let found, let wanted): "\(wanted) is expected here, found \(found)"
        case .foreign(let found, let wanted): "'\(found)' is written '\(wanted)'"
        case .unknownParameter(let name): "'\(name)' is not a parameter of this sweep"
        case .unknownFunction(let name): "'\(name)' is not a function"
        case .argumentCount(let function, let wanted, let found):
            "'\(function)' takes \(wanted) argument\(wanted == 1 ? "" : "s"), found \(found)"
        case .wrongKind(let wanted, let found): "\(wanted) is expected here, found \(found)"
        case .impossibleValue(let parameter, let value, _): "'\(parameter)' is never \(value)"
        case .structure(let parameter, let value):
            "a constraint compares numbers, text, true and false, and '\(parameter)' may be \(value)"
        case .tooDeep: "the constraint nests more than \(ConstraintParser.deepest) deep"
        case .tooLong: "the constraint is too long"
        }
    }
}

extension ConstraintError: CustomStringConvertible {
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
