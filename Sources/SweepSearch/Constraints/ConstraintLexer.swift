/// A token of a constraint's text and its place.
struct ConstraintToken {
    /// What a token is.
    enum Kind: Hashable {
        /// Without a sign, which is a symbol of its own.
        case number(Double)
        /// A name without quotes: a parameter, a function or a keyword.
        case name(String)
        /// A parameter's name in backquotes.
        case quotedName(String)
        /// What stands between single or double quotes. There are no escapes in it.
        case text(String)
        /// An operator, a bracket or a comma; also `&&`, `||`, `!` and `=`, which the parser reports.
        case symbol(String)
        case end
    }

    let kind: Kind
    /// In Unicode scalars from the start of the text.
    let offset: Int
}

extension ConstraintToken {
    /// The token as a message quotes it.
    var words: String {
        switch kind {
        case .number(let number): "the number \(ParameterValue.number(number).normalized)"
        case .name(let name), .quotedName(let name): "'\(name)'"
        case .text(let text): "the text '\(text)'"
        case .symbol(let symbol): "'\(symbol)'"
        case .end: "its end"
        }
    }
}

/// Divides the text of a constraint into tokens.
///
///     x<=0.5          name "x" at 0, symbol "<=" at 1, number 0.5 at 3, end at 6
struct ConstraintLexer {
    private let scalars: [Unicode.Scalar]
    private var position = 0

    /// Longer ones first, so that `<=` is not read as `<` and `=`.
    private static let symbols = [
        "**", "<=", ">=", "==", "!=", "&&", "||", "<", ">", "=", "!", "+", "-", "*", "/", "%", "(", ")", "[", "]", ",",
    ]

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    /// All tokens in order, the last of kind `end`.
    ///
    /// - Throws: the first mistake that prevents the text from being divided into tokens.
    mutating func tokens() throws(ConstraintError) -> [ConstraintToken] {
        var tokens = [ConstraintToken]()
        while true {
            skip { $0.properties.isWhitespace }
            let start = position
            guard let scalar = peek() else {
                tokens.append(ConstraintToken(kind: .end, offset: start))
                return tokens
            }
            tokens.append(ConstraintToken(kind: try token(scalar), offset: start))
        }
    }

    /// The token that begins with this character, which is the next one.
    private mutating func token(_ scalar: Unicode.Scalar) throws(ConstraintError) -> ConstraintToken.Kind {
        switch scalar {
        case "'", "\"": return .text(try quoted())
        case "`": return .quotedName(try quoted())
        case _ where Self.isDigit(scalar) || scalar == "." && peek(1).map(Self.isDigit) ?? false: return try number()
        case _ where Self.isNameStart(scalar): return .name(name())
        default: break
        }
        guard let symbol = Self.symbols.first(where: { isNext($0) }) else {
            throw problem(.illegalCharacter(String(Character(scalar))), at: position)
        }
        position += symbol.unicodeScalars.count
        return .symbol(symbol)
    }

    /// What stands between two quotation marks of one kind.
    private mutating func quoted() throws(ConstraintError) -> String {
        let start = position
        let quote = scalars[start]
        position += 1
        let text = take { $0 != quote }
        guard peek() == quote else { throw problem(.unclosedQuote(String(Character(quote))), at: start) }
        position += 1
        return text
    }

    private mutating func number() throws(ConstraintError) -> ConstraintToken.Kind {
        let start = position
        var text = take { Self.isDigit($0) || $0 == "." }
        if let exponent = peek(), exponent == "e" || exponent == "E" {
            let sign = peek(1).flatMap { $0 == "+" || $0 == "-" ? $0 : nil }
            position += sign == nil ? 1 : 2
            text += "e" + (sign.map { String(Character($0)) } ?? "") + take(Self.isDigit)
        }
        // `3x` is a slip, not a number and a name.
        text += take(Self.isNameStart)
        guard let number = Double(text), number.isFinite else { throw problem(.illegalNumber(text), at: start) }
        return .number(number)
    }

    /// A name with its dots: `optimizer.name` is one name. A dot at the end is not part of it.
    private mutating func name() -> String {
        var name = ""
        repeat {
            name += take { Self.isNameStart($0) || Self.isDigit($0) }
            guard peek() == ".", let next = peek(1), Self.isNameStart(next) || Self.isDigit(next) else { return name }
            name += "."
            position += 1
        } while true
    }

    private func problem(_ kind: ConstraintProblem.Kind, at offset: Int) -> ConstraintError {
        ConstraintError(problems: [ConstraintProblem(kind: kind, offset: offset)])
    }

    /// The character that is `ahead` places further, without moving on; nil at the end.
    private func peek(_ ahead: Int = 0) -> Unicode.Scalar? {
        position + ahead < scalars.count ? scalars[position + ahead] : nil
    }

    private func isNext(_ symbol: String) -> Bool {
        symbol.unicodeScalars.enumerated().allSatisfy { peek($0.offset) == $0.element }
    }

    private mutating func skip(_ isSkipped: (Unicode.Scalar) -> Bool) { _ = take(isSkipped) }

    /// Moves on as long as the condition holds, and returns what was passed.
    private mutating func take(_ isTaken: (Unicode.Scalar) -> Bool) -> String {
        let taken = scalars[position...].prefix(while: isTaken)
        position = taken.endIndex
        return String(String.UnicodeScalarView(taken))
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    private static func isNameStart(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar.properties.isAlphabetic
    }
}
