/// A token of a constraint's text and its place.
struct ConstraintToken {
    enum Kind: Hashable {
        case number(Double)
        /// A name without quotes: a parameter, a function or a keyword.
        case name(String)
        /// A parameter's name in backquotes.
        case quotedName(String)
        case text(String)
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
struct ConstraintLexer {
    private let scalars: [Unicode.Scalar]
    private var position = 0

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

    private func peek(_ ahead: Int = 0) -> Unicode.Scalar? {
        position + ahead < scalars.count ? scalars[position + ahead] : nil
    }

    private func isNext(_ symbol: String) -> Bool {
        symbol.unicodeScalars.enumerated().allSatisfy { peek($0.offset) == $0.element }
    }

    private mutating func skip(_ isSkipped: (Unicode.Scalar) -> Bool) { _ = take(isSkipped) }

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
