/// Parses the text of a constraint, or of a filter, by recursive descent, checks the kinds of operands, and emits the
/// steps of evaluation.
///
///     disjunction     conjunction or conjunction …
///     conjunction     negation and negation …
///     negation        not negation, or a comparison
///     comparison      sum < sum …, or sum in [literal, …], or sum not in [literal, …]
///     sum             product + product …
///     product         signed * signed …
///     signed          -signed, +signed, or a power
///     power           atom ** signed
///     atom            a number, a text, true, false, a parameter, function(…), or (disjunction)
///
/// So `-2 ** 2` is -4, and `2 ** 3 ** 2` is 512, as in Python. A mistake of kind is reported and parsing goes on, so
/// that all of them are found at once; a mistake of syntax ends it.
struct ConstraintParser {
    /// How deep an expression may nest, so that the recursion cannot exhaust the call stack.
    static let maxDepth = 100
    /// The greatest length of a program. In a chain of comparisons a < b < c the middle operand is evaluated twice, so
    /// nested chains would grow exponentially.
    private static let maxInstructions = 10_000

    private typealias Kinds = ConstraintExpression.Kinds
    private typealias Expression = ConstraintExpression

    private let text: String
    /// What a name stands for; nil for one that is not known.
    private let variable: (String) -> FilterVariable?
    /// The words that need no quotes; nil in a constraint, where all text has quotes.
    private let words: Set<String>?
    private var tokens: [ConstraintToken] = []
    private var position = 0
    private var depth = 0
    private var problems: [ConstraintProblem] = []
    /// The parameters mentioned so far, each once.
    private(set) var names: [String] = []

    init(_ text: String, parameters: [Parameter]) {
        self.text = text
        let distributions = Dictionary(parameters.map { ($0.name, $0.distribution) }) { first, _ in first }
        variable = { distributions[$0].map { .values($0) } }
        words = nil
    }

    /// A parser of filters.
    init(_ text: String, words: Set<String>, variable: @escaping (String) -> FilterVariable?) {
        self.text = text
        self.words = words
        self.variable = variable
    }

    /// The steps of the whole text.
    ///
    /// - Throws: every mistake found before the parsing had to end.
    mutating func parse() throws(ConstraintError) -> [Instruction] {
        var lexer = ConstraintLexer(text)
        tokens = try lexer.tokens()
        if case .end = next.kind { throw failure(.empty, at: 0) }
        let expression = try disjunction()
        if case .end = next.kind {} else { throw unexpected(wanted: "an operator or the end") }
        expect(.truth, of: expression)
        if !problems.isEmpty { throw ConstraintError(problems: problems) }
        return expression.program
    }

    // MARK: Conditions

    private mutating func disjunction() throws(ConstraintError) -> Expression {
        var left = try conjunction()
        while takeName("or") { left = try combined(left, try conjunction(), .or) }
        return left
    }

    private mutating func conjunction() throws(ConstraintError) -> Expression {
        var left = try negation()
        while takeName("and") { left = try combined(left, try negation(), .and) }
        return left
    }

    /// Two conditions joined by `and` or `or`.
    private mutating func combined(
        _ left: Expression, _ right: Expression, _ instruction: Instruction
    ) throws(ConstraintError) -> Expression {
        expect(.truth, of: left)
        expect(.truth, of: right)
        return try joined([left, right], instruction, .truth)
    }

    private mutating func negation() throws(ConstraintError) -> Expression {
        let offset = next.offset
        guard takeName("not") else { return try comparison() }
        try enter()
        var operand = try negation()
        depth -= 1
        expect(.truth, of: operand)
        operand.program.append(.not)
        return Expression(program: operand.program, kinds: .truth, offset: offset)
    }

    private mutating func comparison() throws(ConstraintError) -> Expression {
        var left = try sum()
        if takeName("in") { return try membership(left) }
        if case .name("not") = next.kind, case .name("in") = tokens[min(position + 1, tokens.count - 1)].kind {
            position += 2
            return try membership(left, isDenied: true)
        }
        var result: Expression?
        while case .symbol(let symbol) = next.kind {
            if symbol == "=" || symbol == "&&" || symbol == "||" || symbol == "!" { throw foreign(symbol) }
            guard let comparison = ComparisonSymbol(symbol) else { break }
            position += 1
            let right = try sum()
            let term = try compared(left, comparison, right)
            result =
                try result.map { result throws(ConstraintError) in try joined([result, term], .and, .truth) } ?? term
            left = right
        }
        return result ?? left
    }

    /// An operator between two sums.
    private enum ComparisonSymbol {
        case order(Condition.Comparison)
        case equals, differs

        init?(_ symbol: String) {
            switch symbol {
            case "==": self = .equals
            case "!=": self = .differs
            default:
                guard let comparison = Condition.Comparison(rawValue: symbol) else { return nil }
                self = .order(comparison)
            }
        }
    }

    /// A comparison, after a check that its sides can be compared: by order numbers, and in a filter also text, such as
    /// times; by equality values of one kind.
    private mutating func compared(
        _ left: Expression, _ symbol: ComparisonSymbol, _ right: Expression
    ) throws(ConstraintError) -> Expression {
        if case .order(let comparison) = symbol {
            if let ordinal = ordered(left, comparison, right) ?? ordered(right, comparison.mirrored, left) {
                return settled(ordinal)
            }
            if words == nil || left.kinds != .text || right.kinds != .text {
                expect(.number, of: left)
                expect(.number, of: right)
            }
            return settled(try joined([left, right], .comparison(comparison), .truth))
        }
        if left.kinds.isDisjoint(with: right.kinds) {
            report(.wrongKind(wanted: left.kinds.words, found: right.kinds.words), at: right.offset)
        } else {
            checkValue(left, right)
            checkValue(right, left)
        }
        var equality = try joined([left, right], .equals, .truth)
        if case .differs = symbol { equality.program.append(.not) }
        return settled(equality)
    }

    /// The comparison of a parameter that is one of a list of texts in their order with one of these: by their places.
    /// Nil for any other comparison.
    private func ordered(
        _ left: Expression, _ comparison: Condition.Comparison, _ right: Expression
    ) -> Expression? {
        guard left.kinds == .text, let index = left.parameter, let bound = right.literal,
            case .values(.ordinal(let values)) = variable(names[index]), let place = values.firstIndex(of: bound)
        else { return nil }
        let chosen = values.indices.filter { comparison.holds(Double($0), Double(place)) }.map { values[$0] }
        return Expression(program: left.program + [.isOneOf(chosen)], kinds: .truth, offset: left.offset)
    }

    /// In a filter, a comparison that is undecided is false.
    private func settled(_ comparison: Expression) -> Expression {
        guard words != nil else { return comparison }
        var comparison = comparison
        comparison.program.append(.settle)
        return comparison
    }

    /// What follows `in` or `not in`: a list, or in a filter the text to search in.
    private mutating func membership(
        _ operand: Expression, isDenied: Bool = false
    ) throws(ConstraintError) -> Expression {
        var expression = try membershipItself(operand)
        if isDenied { expression.program.append(.not) }
        return settled(expression)
    }

    /// The rest of `operand in […]`, from the bracket on, or of `part in text`.
    private mutating func membershipItself(_ operand: Expression) throws(ConstraintError) -> Expression {
        if words != nil, next.kind != .symbol("[") {
            expect(.text, of: operand)
            let whole = try sum()
            expect(.text, of: whole)
            return try joined([operand, whole], .isPart, .truth)
        }
        guard takeSymbol("[") else { throw unexpected(wanted: "a list such as [1, 2]") }
        var values = [ParameterValue]()
        while !takeSymbol("]") {
            if !values.isEmpty, !takeSymbol(",") { throw unexpected(wanted: "',' or ']'") }
            let offset = next.offset
            let value = try literal()
            let element = Expression(program: [.literal(value)], kinds: value.kinds, offset: offset)
            if isParameter(operand) {
                checkValue(operand, element)
            } else if value != .null {
                expect(operand.kinds, of: element)
            }
            values.append(value)
        }
        return Expression(program: operand.program + [.isOneOf(values)], kinds: .truth, offset: operand.offset)
    }

    /// A literal of a list, where text needs no quotes.
    private mutating func literal() throws(ConstraintError) -> ParameterValue {
        let isNegative = takeSymbol("-")
        switch next.kind {
        case .number(let number):
            position += 1
            return .number(isNegative ? -number : number).normalized
        case .text(let text) where !isNegative:
            position += 1
            return .string(text)
        case .name(let name) where !isNegative:
            position += 1
            if name == "null", words != nil { return .null }
            return name == "true" ? .boolean(true) : name == "false" ? .boolean(false) : .string(name)
        case .text, .name, .quotedName, .symbol, .end: throw unexpected(wanted: "a value")
        }
    }

    // MARK: Numbers

    private mutating func sum() throws(ConstraintError) -> Expression {
        var left = try product()
        while case .symbol(let symbol) = next.kind, symbol == "+" || symbol == "-" {
            position += 1
            left = try calculated(left, try product(), symbol == "+" ? .plus : .minus)
        }
        return left
    }

    private mutating func product() throws(ConstraintError) -> Expression {
        var left = try signed()
        while case .symbol(let symbol) = next.kind, let operation = Self.products[symbol] {
            position += 1
            left = try calculated(left, try signed(), operation)
        }
        return left
    }

    private static let products: [String: Arithmetic] = ["*": .times, "/": .dividedBy, "%": .remainder]

    private mutating func signed() throws(ConstraintError) -> Expression {
        let offset = next.offset
        let isNegative = takeSymbol("-")
        guard isNegative || takeSymbol("+") else { return try power() }
        try enter()
        let operand = try signed()
        depth -= 1
        expect(.number, of: operand)
        return Expression(
            program: operand.program + (isNegative ? [.negate] : []), kinds: .number, offset: offset)
    }

    private mutating func power() throws(ConstraintError) -> Expression {
        let base = try atom()
        guard takeSymbol("**") else { return base }
        try enter()
        let exponent = try signed()
        depth -= 1
        return try calculated(base, exponent, .power)
    }

    /// Two numbers joined by an operator.
    private mutating func calculated(
        _ left: Expression, _ right: Expression, _ operation: Arithmetic
    ) throws(ConstraintError) -> Expression {
        expect(.number, of: left)
        expect(.number, of: right)
        return try joined([left, right], .arithmetic(operation), .number)
    }

    // MARK: Operands

    private mutating func atom() throws(ConstraintError) -> Expression {
        let token = next
        position += 1
        switch token.kind {
        case .number(let number): return Self.literal(.number(number), token.offset)
        case .text(let text): return Self.literal(.string(text), token.offset)
        case .quotedName(let name): return parameter(name, token.offset)
        case .name("true"): return Self.literal(.boolean(true), token.offset)
        case .name("false"): return Self.literal(.boolean(false), token.offset)
        case .name(let name) where !["and", "or", "not", "in"].contains(name):
            return takeSymbol("(") ? try call(name, token.offset) : parameter(name, token.offset)
        case .symbol("("):
            try enter()
            var inner = try disjunction()
            depth -= 1
            guard takeSymbol(")") else { throw unexpected(wanted: "')'") }
            inner.offset = token.offset
            return inner
        case .symbol("!"), .symbol("&&"), .symbol("||"), .symbol("="):
            position -= 1
            throw foreign(token.words.filter { $0 != "'" })
        case .name, .symbol, .end:
            position -= 1
            throw unexpected(wanted: "a value")
        }
    }

    /// The expression of a value that the text states.
    private static func literal(_ value: ParameterValue, _ offset: Int) -> Expression {
        Expression(program: [.literal(value)], kinds: value.kinds, offset: offset)
    }

    /// The expression of a parameter. For an unknown one that is any kind, so that nothing else is reported because of
    /// it.
    private mutating func parameter(_ name: String, _ offset: Int) -> Expression {
        guard let variable = variable(name) else {
            if words?.contains(name) ?? false { return Self.literal(.string(name), offset) }
            if name == "null", words != nil { return Self.literal(.null, offset) }
            report(.unknownParameter(name), at: offset)
            return Expression(program: [], kinds: .any, offset: offset)
        }
        let index = names.firstIndex(of: name) ?? names.count
        if index == names.count { names.append(name) }
        let kinds: Kinds
        switch variable {
        case .number: kinds = .number
        case .text: kinds = .text
        case .anything: kinds = .any
        case .values(.real), .values(.quantized), .values(.integer): kinds = .number
        case .values(.choice(let values, _)), .values(.ordinal(let values)):
            if let value = values.first(where: \.isStructure) {
                // A filter simply finds nothing there: its user asks about trials, and did not choose these values.
                if words != nil { return Expression(program: [.parameter(index)], kinds: .any, offset: offset) }
                report(.structure(parameter: name, value), at: offset)
                return Expression(program: [], kinds: .any, offset: offset)
            }
            kinds = values.reduce([]) { $0.union($1.kinds) }
        }
        return Expression(program: [.parameter(index)], kinds: kinds, offset: offset)
    }

    /// A function with its arguments, from the bracket after its name on.
    private mutating func call(_ name: String, _ offset: Int) throws(ConstraintError) -> Expression {
        try enter()
        var arguments = [Expression]()
        while !takeSymbol(")") {
            if !arguments.isEmpty, !takeSymbol(",") { throw unexpected(wanted: "',' or ')'") }
            let argument = try disjunction()
            expect(.number, of: argument)
            arguments.append(argument)
        }
        depth -= 1
        guard let function = Function(rawValue: name) else {
            report(.unknownFunction(name), at: offset)
            return Expression(program: [], kinds: .any, offset: offset)
        }
        if !function.arguments.contains(arguments.count) {
            report(
                .argumentCount(function: name, wanted: function.arguments.lowerBound, found: arguments.count),
                at: offset)
        }
        var expression = try joined(arguments, .function(function, arguments: arguments.count), .number)
        expression.offset = offset
        return expression
    }

    // MARK: Bookkeeping

    /// The token to be read next; at the end of the text again and again its end.
    private var next: ConstraintToken { tokens[min(position, tokens.count - 1)] }

    private mutating func takeSymbol(_ symbol: String) -> Bool {
        guard next.kind == .symbol(symbol) else { return false }
        position += 1
        return true
    }

    private mutating func takeName(_ name: String) -> Bool {
        guard next.kind == .name(name) else { return false }
        position += 1
        return true
    }

    /// Goes one level deeper; the caller goes back up.
    private mutating func enter() throws(ConstraintError) {
        depth += 1
        if depth > Self.maxDepth { throw failure(.tooDeep, at: next.offset) }
    }

    /// The operands' steps followed by the one that joins them.
    private func joined(
        _ operands: [Expression], _ instruction: Instruction, _ kinds: Kinds
    ) throws(ConstraintError) -> Expression {
        let program = operands.flatMap(\.program) + [instruction]
        let offset = operands.first?.offset ?? next.offset
        if program.count > Self.maxInstructions { throw failure(.tooLong, at: offset) }
        return Expression(program: program, kinds: kinds, offset: offset)
    }

    /// Reports an operand that can have none of these kinds.
    private mutating func expect(_ kinds: Kinds, of expression: Expression) {
        guard expression.kinds.isDisjoint(with: kinds) else { return }
        report(.wrongKind(wanted: kinds.words, found: expression.kinds.words), at: expression.offset)
    }

    /// Whether it is a parameter by itself, and not a field of a filter such as `seconds`.
    private func isParameter(_ expression: Expression) -> Bool {
        guard let index = expression.parameter, case .values? = variable(names[index]) else { return false }
        return true
    }

    /// Reports a comparison of a parameter with a value that it never has: it is most likely a typing error.
    private mutating func checkValue(_ parameter: Expression, _ value: Expression) {
        guard let index = parameter.parameter, let literal = value.literal,
            case .values(let distribution) = variable(names[index])
        else { return }
        switch distribution {
        case .choice, .ordinal:
            if distribution.legalForm(of: literal) != nil { return }
            report(.impossibleValue(parameter: names[index], literal, distribution), at: value.offset)
        case .real, .quantized, .integer:
            if value.kinds != .number {
                report(.wrongKind(wanted: "a number", found: value.kinds.words), at: value.offset)
            }
        }
    }

    private mutating func report(_ kind: ConstraintProblem.Kind, at offset: Int) {
        let problem = ConstraintProblem(kind: kind, offset: offset)
        if !problems.contains(problem) { problems.append(problem) }
    }

    /// An error with all mistakes found so far and the one that makes it impossible to go on.
    private func failure(_ kind: ConstraintProblem.Kind, at offset: Int) -> ConstraintError {
        ConstraintError(problems: problems + [ConstraintProblem(kind: kind, offset: offset)])
    }

    private func unexpected(wanted: String) -> ConstraintError {
        failure(.unexpected(found: next.words, wanted: wanted), at: next.offset)
    }

    /// The error for an operator of another language, such as `&&`, with our word for it.
    private func foreign(_ symbol: String) -> ConstraintError {
        let ours = ["=": "==", "&&": "and", "||": "or", "!": "not"][symbol] ?? symbol
        return failure(.foreign(found: symbol, wanted: ours), at: next.offset)
    }
}
