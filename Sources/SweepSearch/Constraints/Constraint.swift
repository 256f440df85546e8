/// A condition between the parameters of a trial, as an expression over their values, such as
///
///     model.hidden * data.batch_size <= 100000
///     0.9 < beta1 < beta2 or optimizer.name in [sgd, momentum]
///
/// A space rejects every trial that violates one:
///
///     let constraint = try Constraint(parsing: "x + y <= 1", over: parameters)
///     let space = try SearchSpace(parameters, constraints: [constraint])
///
/// Lowest precedence first: `or`; `and`; `not`; the comparisons `< <= > >= == !=`, which may be chained, and `in […]`;
/// `+ -`; `* / %`; a sign; `**`. Functions: `abs ceil exp floor log log2 log10 max min round sqrt`. A parameter is
/// written as it is called, in backquotes where the name holds other characters than letters, digits, `_` and `.`;
/// text is written in quotes. All numbers are Doubles, and what has no value (0/0, the logarithm of -1) satisfies no
/// comparison but `!=`.
///
/// A parameter that is inactive has no value, and neither has text where a number is wanted: a comparison with it is
/// undecided. `and`, `or` and `not` decide what they can without it (Kleene's logic), and only a constraint that is
/// decidedly false is violated. So a constraint says nothing about trials in which its parameters do not exist.
public struct Constraint: Sendable, Hashable {
    /// The expression as the user wrote it.
    public let text: String
    /// The parameters it mentions, each once.
    public let names: [String]
    /// The steps of its evaluation, which leave one truth value on the stack.
    let program: [Instruction]

    /// Parses an expression and checks it: names, kinds of operands, and values that a choice does not have.
    ///
    ///     let parameters = [Parameter("layers", .integer(min: 1, max: 4, step: 1, log: false))]
    ///     try Constraint(parsing: "layers * 2 < 6", over: parameters)
    ///     try Constraint(parsing: "layer < 3", over: parameters)      // 'layer' is not a parameter of this sweep
    ///
    /// - Parameter parameters: those it may mention.
    /// - Throws: what is wrong with the expression, in the order of the text.
    public init(parsing text: String, over parameters: [Parameter]) throws(ConstraintError) {
        var parser = ConstraintParser(text, parameters: parameters)
        program = try parser.parse()
        names = parser.names
        self.text = text
    }

    /// Whether both are the same expression, whatever the spaces and brackets in their texts: `x+y<=1` and
    /// `(x + y) <= 1`.
    ///
    /// Expressions that only mean the same, such as `y + x <= 1`, are not recognized.
    public func isEquivalent(to other: Constraint) -> Bool { program == other.program && names == other.names }
}

extension Constraint: CustomStringConvertible {
    /// The text as the user wrote it.
    public var description: String { text }
}

/// One step of the evaluation of an expression: pops its operands from a stack and pushes the result.
///
///     x + y <= 1      parameter(0), parameter(1), arithmetic(plus), literal(1), comparison(<=)
///     a < b < c       parameter(0), parameter(1), comparison(<), parameter(1), parameter(2), comparison(<), and
///
/// An expression is a list of such steps rather than a tree, so that no recursion can exhaust the call stack, however
/// long the expression is.
enum Instruction: Sendable, Hashable {
    /// A value that the text itself states.
    case literal(ParameterValue)
    /// The value of the parameter `names[index]`.
    case parameter(Int)
    case negate
    case arithmetic(Arithmetic)
    /// A function of that many operands.
    case function(Function, arguments: Int)
    /// Of two numbers.
    case comparison(Condition.Comparison)
    /// Of two values of any kind. `!=` is `equals` followed by `not`.
    case equals
    /// Whether the one operand equals any of these.
    case isOneOf([ParameterValue])
    /// Whether a text is a part of another one.
    case isPart
    /// Makes what is undecided false.
    case settle
    case not
    case and
    case or
}

/// A binary operator between numbers.
///
/// The remainder has the sign of the divisor, as in Python.
enum Arithmetic: Sendable, Hashable {
    case plus, minus, times, dividedBy, remainder, power
}

/// A function of one or more numbers; the raw value is its name in a constraint.
enum Function: String, Sendable, Hashable, CaseIterable {
    case abs, ceil, exp, floor, log, log2, log10, max, min, round, sqrt

    /// How many arguments it takes.
    var arguments: ClosedRange<Int> {
        switch self {
        case .max, .min: 1...1000
        case .abs, .ceil, .exp, .floor, .log, .log2, .log10, .round, .sqrt: 1...1
        }
    }
}

extension Constraint {
    /// The names of the functions that a constraint may call.
    public static var functionNames: [String] { Function.allCases.map(\.rawValue) }
}
