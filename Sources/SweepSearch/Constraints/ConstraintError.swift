/// Everything that is wrong with a constraint that a user has written.
///
///     layer < 3 and size < 4          'layer' is not a parameter of this sweep    at offset 0
///                                     'size' is not a parameter of this sweep     at offset 14
public struct ConstraintError: Error, Sendable, Hashable {
    /// In the order of the text; never empty.
    public let problems: [ConstraintProblem]
}

/// One mistake in a constraint.
public struct ConstraintProblem: Sendable, Hashable {
    /// What the mistake is.
    public enum Kind: Sendable, Hashable {
        /// There is no expression.
        case empty
        /// A character that no token begins with, such as `@`.
        case illegalCharacter(String)
        /// The text after this quotation mark has no end.
        case unclosedQuote(String)
        /// Digits that make up no number, such as `1.2.3` or `3x`.
        case illegalNumber(String)
        /// A token that cannot stand where it does.
        case unexpected(found: String, wanted: String)
        /// An operator of other languages, such as `&&` or `=`, and the one that is meant.
        case foreign(found: String, wanted: String)
        /// A name without quotes that is no parameter. Text that lacks its quotes is reported as this, too.
        case unknownParameter(String)
        /// A name before a bracket that is no function.
        case unknownFunction(String)
        /// A function with too few or too many arguments; `wanted` is the least number that it takes.
        case argumentCount(function: String, wanted: Int, found: Int)
        /// Text where a number is needed, a number where a condition is, and so on.
        case wrongKind(wanted: String, found: String)
        /// A comparison with a value that the parameter never has.
        case impossibleValue(parameter: String, ParameterValue, Distribution)
        /// The parameter has a value that no constraint can compare: null, a list or a mapping.
        case structure(parameter: String, ParameterValue)
        /// Brackets or signs nest so deeply that parsing them could exhaust the call stack.
        case tooDeep
        /// The program has more than 10,000 steps.
        case tooLong
    }

    /// What is wrong.
    public let kind: Kind
    /// The place in the text, in Unicode scalars from its start.
    public let offset: Int
}

extension ConstraintProblem: CustomStringConvertible {
    /// The message that the user reads; the caller adds the place and a help.
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
        case .tooDeep: "the constraint nests more than \(ConstraintParser.maxDepth) deep"
        case .tooLong: "the constraint is too long"
        }
    }
}

extension ConstraintError: CustomStringConvertible {
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
