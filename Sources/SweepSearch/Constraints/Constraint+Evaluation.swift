import Glibc
import RealModule

extension Constraint {
    /// The value of an expression, or of a part of it.
    fileprivate enum Result {
        /// The value of an inactive parameter, and of every expression that cannot be evaluated without it.
        case undecided
        /// Only a filter can ask for it.
        case null
        /// A list or a mapping, which equals nothing that a filter can say.
        case structure
        case number(Double)
        case text(String)
        /// With the distance to the opposite truth value: above 0, and the smaller, the closer the compared numbers
        /// are.
        case truth(Bool, distance: Double)
    }

    /// How far the values are from satisfying the constraint: 0 if they do. A search for feasible values descends it.
    ///
    ///     x + y <= 1                  x = 0.2, y = 0.5       0
    ///                                 x = 0.8, y = 0.5       0.23 = 0.3 / (1 + 0.3), by the difference 0.3
    ///     a < 1 and b < 1             both violated           the sum of both
    ///     a < 1 or b < 1              both violated           the smaller of both
    ///
    /// An undecided constraint is not violated.
    ///
    /// - Parameter value: the value of the parameter `names[index]`, nil while it is inactive.
    func violation(_ value: (Int) -> ParameterValue?) -> Double {
        var stack = [Result]()
        for instruction in program { Self.perform(instruction, on: &stack, value) }
        guard case .truth(false, let distance) = stack.last else { return 0 }
        return distance
    }

    /// Whether the expression `program` is decidedly true.
    ///
    /// - Parameter value: the value of the name at an index; nil where there is none.
    fileprivate static func isTrue(_ program: [Instruction], _ value: (Int) -> ParameterValue?) -> Bool {
        var stack = [Result]()
        for instruction in program { perform(instruction, on: &stack, value) }
        guard case .truth(let truth, _) = stack.last else { return false }
        return truth
    }

    /// Performs one step of the evaluation. An operand that is undecided, or not of the kind that is wanted, makes the
    /// result undecided.
    private static func perform(
        _ instruction: Instruction, on stack: inout [Result], _ value: (Int) -> ParameterValue?
    ) {
        func pop() -> Result { stack.popLast() ?? .undecided }
        func popNumber() -> Double? { if case .number(let number) = pop() { number } else { nil } }
        switch instruction {
        case .literal(let literal): stack.append(Result(literal))
        case .parameter(let index): stack.append(value(index).map { Result($0) } ?? .undecided)
        case .negate:
            let number = popNumber()
            stack.append(number.map { .number(-$0) } ?? .undecided)
        case .arithmetic(let operation):
            let (right, left) = (popNumber(), popNumber())
            stack.append(both(left, right).map { .number(operation.apply($0, $1)) } ?? .undecided)
        case .function(let function, let count):
            let arguments = (0..<count).map { _ in popNumber() }
            let numbers = arguments.compactMap(\.self)
            stack.append(numbers.count == count ? .number(function.apply(numbers)) : .undecided)
        case .comparison(let comparison):
            let (right, left) = (pop(), pop())
            switch (left, right) {
            case (.number(let left), .number(let right)):
                stack.append(.truth(comparison.holds(left, right), distance: distance(left, right)))
            case (.text(let left), .text(let right)):
                let order = left == right ? 0.0 : left < right ? -1 : 1
                stack.append(.truth(comparison.holds(order, 0), distance: 1))
            case (_, _): stack.append(.undecided)
            }
        case .equals:
            let (right, left) = (pop(), pop())
            stack.append(equality(left, right))
        case .isOneOf(let values):
            let operand = pop()
            // With an empty list the result is false.
            stack.append(
                values.reduce(.truth(false, distance: 1)) { or($0, equality(operand, Result($1))) })
        case .isPart:
            guard case .text(let whole) = pop(), case .text(let part) = pop() else { return stack.append(.undecided) }
            stack.append(.truth(part.isEmpty || whole.contains(part), distance: 1))
        case .settle:
            guard case .undecided = stack.last else { return }
            stack[stack.count - 1] = .truth(false, distance: 1)
        case .not:
            guard case .truth(let truth, let distance) = pop() else { return stack.append(.undecided) }
            stack.append(.truth(!truth, distance: distance))
        case .and:
            let (right, left) = (pop(), pop())
            stack.append(and(left, right, decidedBy: false))
        case .or:
            let (right, left) = (pop(), pop())
            stack.append(or(left, right))
        }
    }

    /// Both numbers, or nil if one is missing.
    private static func both(_ left: Double?, _ right: Double?) -> (Double, Double)? {
        left.flatMap { left in right.map { (left, $0) } }
    }

    /// Whether two values are equal; undecided if one of them is. Between texts there is no distance, so unequal ones
    /// are 1 apart.
    private static func equality(_ left: Result, _ right: Result) -> Result {
        switch (left, right) {
        case (.number(let left), .number(let right)): .truth(left == right, distance: distance(left, right))
        case (.text(let left), .text(let right)): .truth(left == right, distance: 1)
        case (.truth(let left, _), .truth(let right, _)): .truth(left == right, distance: 1)
        case (.undecided, _), (_, .undecided): .undecided
        case (.null, .null): .truth(true, distance: 1)
        // Values of different kinds are never equal.
        case (.null, _), (.structure, _), (.number, _), (.text, _), (.truth, _): .truth(false, distance: 1)
        }
    }

    /// The disjunction: one true operand decides it, even beside an undecided one.
    private static func or(_ left: Result, _ right: Result) -> Result { and(left, right, decidedBy: true) }

    /// The conjunction if `decider` is false, the disjunction if it is true: one operand with that truth value decides.
    ///
    ///     false and undecided     false           true and undecided      undecided
    ///     true or undecided       true            false or undecided      undecided
    private static func and(_ left: Result, _ right: Result, decidedBy decider: Bool) -> Result {
        switch (left, right) {
        case (.truth(decider, let first), .truth(decider, let second)): .truth(decider, distance: first + second)
        case (.truth(decider, let distance), _), (_, .truth(decider, let distance)):
            .truth(decider, distance: distance)
        case (.truth(_, let first), .truth(_, let second)): .truth(!decider, distance: Swift.min(first, second))
        case (_, _): .undecided
        }
    }

    /// A measure of how far two numbers are apart, from 1e-9 to about 1 whatever their scale.
    private static func distance(_ left: Double, _ right: Double) -> Double {
        let distance = Swift.abs(left - right)
        return 1e-9 + (distance.isFinite ? distance / (1 + distance) : 1)
    }
}

extension Filter {
    /// Whether a trial is one of those that are looked for.
    ///
    /// - Parameter value: what the trial has for `names[index]`; nil where it has nothing, as for a parameter that is
    ///   inactive.
    public func matches(_ value: (Int) -> ParameterValue?) -> Bool { Constraint.isTrue(program, value) }
}

extension Constraint.Result {
    /// The value of a literal or of an active parameter. Lists and mappings cannot be compared; the parser refuses
    /// constraints over parameters with such values, and with null.
    fileprivate init(_ value: ParameterValue) {
        switch value {
        case .integer(let number): self = .number(Double(number))
        case .number(let number): self = .number(number)
        case .string(let text): self = .text(text)
        case .boolean(let flag): self = .truth(flag, distance: 1)
        case .largeInteger(let digits): self = .number(Double(digits) ?? .nan)
        case .null: self = .null
        case .list, .mapping: self = .structure
        }
    }
}

extension Arithmetic {
    /// The result in Doubles: `-7 % 3` is 2, `1 / 0` is infinite, `0 / 0` is NaN.
    fileprivate func apply(_ left: Double, _ right: Double) -> Double {
        switch self {
        case .plus: left + right
        case .minus: left - right
        case .times: left * right
        case .dividedBy: left / right
        // As in Python: the remainder has the sign of the divisor.
        case .remainder: left - right * (left / right).rounded(.down)
        // C's own: (-2)**3 is -8, where `Double.pow` of RealModule has no value for a negative base.
        case .power: pow(left, right)
        }
    }
}

extension Function {
    /// - Parameter numbers: the arguments; never empty.
    fileprivate func apply(_ numbers: [Double]) -> Double {
        switch self {
        case .abs: numbers[0].magnitude
        case .ceil: numbers[0].rounded(.up)
        case .exp: .exp(numbers[0])
        case .floor: numbers[0].rounded(.down)
        case .log: .log(numbers[0])
        case .log2: .log2(numbers[0])
        case .log10: .log10(numbers[0])
        // The result is NaN if any argument is; `Swift.max` would ignore it.
        case .max: numbers.reduce(-.infinity) { $0.isNaN || $1.isNaN ? .nan : Swift.max($0, $1) }
        case .min: numbers.reduce(.infinity) { $0.isNaN || $1.isNaN ? .nan : Swift.min($0, $1) }
        case .round: numbers[0].rounded(.toNearestOrEven)
        case .sqrt: numbers[0].squareRoot()
        }
    }
}
