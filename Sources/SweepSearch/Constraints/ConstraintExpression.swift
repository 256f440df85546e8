/// A part of a constraint or filter that was parsed: its steps, its kinds, and where it begins.
struct ConstraintExpression {
    /// The kinds of values that an expression may have.
    ///
    /// A choice of several kinds has all of them. An operand is refused only if none of its kinds is a wanted one.
    struct Kinds: OptionSet {
        let rawValue: Int
        static let number = Kinds(rawValue: 1)
        static let text = Kinds(rawValue: 2)
        static let truth = Kinds(rawValue: 4)
        static let null = Kinds(rawValue: 8)
        static let any: Kinds = [.number, .text, .truth, .null]

        var words: String {
            switch self {
            case .number: "a number"
            case .text: "text"
            case .truth: "a condition"
            case .null: "null"
            default: "a value"
            }
        }
    }

    var program: [Instruction]
    var kinds: Kinds
    /// In the text.
    var offset: Int

    /// The index of the parameter that it is, if it is nothing else.
    var parameter: Int? {
        guard program.count == 1, case .parameter(let index) = program[0] else { return nil }
        return index
    }

    /// The value that it states, if it is nothing else.
    var literal: ParameterValue? {
        guard program.count == 1, case .literal(let value) = program[0] else { return nil }
        return value
    }
}

extension ParameterValue {
    var kinds: ConstraintExpression.Kinds {
        switch self {
        case .integer, .number, .largeInteger: .number
        case .string: .text
        case .boolean: .truth
        case .null: .null
        // No parameter of a constraint has such a value, and no constraint can write one.
        case .list, .mapping: []
        }
    }
}

extension Condition.Comparison {
    /// The one that holds with the sides exchanged.
    var mirrored: Self {
        switch self {
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        }
    }
}
