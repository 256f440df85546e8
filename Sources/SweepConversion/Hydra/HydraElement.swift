import ConfigFile
import SweepSearch

/// A value in the grammar of Hydra's overrides: what stands after `NAME=`.
///
///     choice(adam, 'a b')          a call with two elements
///     tag(log, interval(1e-5, 1))  a call in a call
///     [1, 2]                       a list
indirect enum HydraElement {
    case scalar(ForeignValue)
    /// Text that holds `${…}`, which Hydra fills in later.
    case interpolation(String)
    case list([HydraElement])
    case mapping([(key: String, element: HydraElement)])
    case call(String, [(key: String?, element: HydraElement)])

    /// The value; nil for calls, and for what holds one.
    var value: ForeignValue? {
        switch self {
        case .scalar(let value): return value
        case .interpolation(let text): return ForeignValue(value: .string(text), text: ValueText.string(text))
        case .list(let elements):
            let values = elements.compactMap(\.value)
            guard values.count == elements.count else { return nil }
            return ForeignValue(value: .list(values.map(\.value)), text: ValueText.list(values.map(\.text)))
        case .mapping(let entries):
            let values = entries.compactMap(\.element.value)
            guard values.count == entries.count else { return nil }
            return ForeignValue(
                value: .mapping(zip(entries, values).map { .init($0.key, $1.value) }),
                text: ValueText.mapping(zip(entries, values).map { (key: $0.key, text: $1.text) }))
        case .call: return nil
        }
    }

    var number: ForeignNumber? {
        guard case .scalar(let value) = self else { return nil }
        switch value.value {
        case .integer(let number): return ForeignNumber(value: Double(number), text: value.text, isInteger: true)
        case .number(let number) where number.isFinite:
            return ForeignNumber(value: number, text: value.text, isInteger: false)
        case .number, .string, .boolean, .largeInteger, .null, .list, .mapping: return nil
        }
    }
}

/// Reads Hydra's grammar from the beginning of a text.
struct HydraParser {
    private let characters: [Character]
    private var position = 0
    private var depth = 0

    private init(_ text: String) { characters = Array(text) }

    /// The elements of a text, which commas separate: one for a plain value, several for a choice such as `a, b`.
    ///
    /// - Throws: `ForeignProblem` for a text that Hydra would not read either.
    static func elements(_ text: String) throws(ForeignProblem) -> [HydraElement] {
        var parser = HydraParser(text)
        parser.skipSpace()
        if parser.isAtEnd { return [.scalar(ForeignValue(value: .string(""), text: "''"))] }
        var elements = [try parser.element(endingAt: ",")]
        while parser.take(",") { elements.append(try parser.element(endingAt: ",")) }
        parser.skipSpace()
        guard parser.isAtEnd else {
            throw ForeignProblem(message: "'\(parser.characters[parser.position])' cannot stand in '\(text)'")
        }
        return elements
    }

    private var isAtEnd: Bool { position >= characters.count }

    private var next: Character? { isAtEnd ? nil : characters[position] }

    private mutating func skipSpace() {
        while let next, next.isWhitespace { position += 1 }
    }

    private mutating func take(_ character: Character) -> Bool {
        skipSpace()
        guard next == character else { return false }
        position += 1
        return true
    }

    /// - Parameter ends: the characters that end a word here.
    private mutating func element(endingAt ends: String) throws(ForeignProblem) -> HydraElement {
        depth += 1
        defer { depth -= 1 }
        guard depth < 50 else { throw ForeignProblem(message: "brackets are nested too deep") }
        skipSpace()
        switch next {
        case "'", "\"": return try quoted()
        case "[":
            position += 1
            return .list(try sequence(closedBy: "]"))
        case "{":
            position += 1
            return .mapping(try entries())
        default: return try word(endingAt: ends)
        }
    }

    private mutating func sequence(closedBy close: Character) throws(ForeignProblem) -> [HydraElement] {
        var elements: [HydraElement] = []
        if take(close) { return elements }
        while true {
            elements.append(try element(endingAt: ",\(close)"))
            if take(close) { return elements }
            guard take(",") else { throw ForeignProblem(message: "a ',' or '\(close)' is missing") }
        }
    }

    private mutating func entries() throws(ForeignProblem) -> [(key: String, element: HydraElement)] {
        var entries: [(key: String, element: HydraElement)] = []
        if take("}") { return entries }
        while true {
            guard let key = try element(endingAt: ":,}").value, take(":") else {
                throw ForeignProblem(message: "a key and ':' are expected in '{…}'")
            }
            entries.append((key.value.argument, try element(endingAt: ",}")))
            if take("}") { return entries }
            guard take(",") else { throw ForeignProblem(message: "a ',' or '}' is missing") }
        }
    }

    /// The arguments of a call, after its bracket. An argument may have a name: `start=1`.
    private mutating func arguments() throws(ForeignProblem) -> [(key: String?, element: HydraElement)] {
        var arguments: [(key: String?, element: HydraElement)] = []
        if take(")") { return arguments }
        while true {
            var element = try element(endingAt: ",)=")
            var key: String?
            if take("="), case .string(let name)? = element.value?.value {
                key = name
                element = try self.element(endingAt: ",)")
            }
            arguments.append((key, element))
            if take(")") { return arguments }
            guard take(",") else { throw ForeignProblem(message: "a ',' or ')' is missing") }
        }
    }

    private mutating func quoted() throws(ForeignProblem) -> HydraElement {
        let quote = characters[position]
        position += 1
        var text = ""
        while let character = next {
            position += 1
            if character == quote { return .scalar(ForeignValue(value: .string(text), text: ValueText.string(text))) }
            guard character == "\\" else {
                text.append(character)
                continue
            }
            // Backslashes are themselves, but for those right before a quote: there two stand for one.
            var count = 1
            while next == "\\" {
                count += 1
                position += 1
            }
            text += String(repeating: "\\", count: next == quote ? count / 2 : count)
            if next == quote, count % 2 == 1 {
                text.append(quote)
                position += 1
            }
        }
        throw ForeignProblem(message: "text in quotes is never closed")
    }

    /// What a backslash before it makes a part of a word.
    private static let escaped: Set<Character> = ["\\", "(", ")", "[", "]", "{", "}", ":", "=", ",", " ", "\t"]

    /// A word without quotes: a number, a boolean, null, text, or the name of a function that is called.
    private mutating func word(endingAt ends: String) throws(ForeignProblem) -> HydraElement {
        var text = ""
        var hasInterpolation = false
        /// Up to where a backslash has made it text, white space included.
        var escapedEnd: String.Index?
        while let character = next {
            if character == "$", position + 1 < characters.count, characters[position + 1] == "{" {
                hasInterpolation = true
                text += try interpolation()
                continue
            }
            if character == "\\", position + 1 < characters.count, Self.escaped.contains(characters[position + 1]) {
                text.append(characters[position + 1])
                escapedEnd = text.endIndex
                position += 2
                continue
            }
            if character == "(" {
                let name = text.trimmingWhitespace
                guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }) else {
                    throw ForeignProblem(
                        message: "'(' cannot stand after '\(name)'", help: "text with brackets needs quotes")
                }
                position += 1
                return .call(name, try arguments())
            }
            if ends.contains(character) || ")]}".contains(character) { break }
            text.append(character)
            position += 1
        }
        if let end = escapedEnd, !hasInterpolation {
            let whole = text[..<end] + String(text[end...].reversed().drop(while: \.isWhitespace).reversed())
            return .scalar(ForeignValue(value: .string(String(whole)), text: ValueText.string(String(whole))))
        }
        let word = text.trimmingWhitespace
        guard !word.isEmpty else { throw ForeignProblem(message: "a value is missing") }
        if ["nan", "+nan", "-nan"].contains(word.lowercased()) {
            throw ForeignProblem(message: "nan is no value that a trial can have")
        }
        return hasInterpolation ? .interpolation(word) : .scalar(Self.scalar(word))
    }

    private mutating func interpolation() throws(ForeignProblem) -> String {
        var text = ""
        var open = 0
        while let character = next {
            position += 1
            text.append(character)
            if character == "{" { open += 1 }
            if character == "}" {
                open -= 1
                if open == 0 { return text }
            }
        }
        throw ForeignProblem(message: "'${' is never closed")
    }

    /// The value of a word: `1e-3`, `1_000` and `inf` are numbers, `True` and `NULL` are what they are in lower case.
    static func scalar(_ word: String) -> ForeignValue {
        switch word.lowercased() {
        case "null": return ForeignValue(value: .null, text: "null")
        case "true": return ForeignValue(value: true, text: "true")
        case "false": return ForeignValue(value: false, text: "false")
        case "inf", "+inf": return ForeignValue(value: .number(.infinity), text: ".inf")
        case "-inf": return ForeignValue(value: .number(-.infinity), text: "-.inf")
        default: break
        }
        let plain = word.first == "_" ? word : word.replacing("_", with: "")
        switch ConfigNode(.string(plain)).valueWithoutQuotes {
        case .integer(let number): return ForeignValue(value: .integer(number), text: String(number))
        case .number(let number) where number.isFinite: return ForeignValue(value: .number(number), text: plain)
        case nil, .null, .boolean, .number, .string, .sequence, .mapping:
            return ForeignValue(value: .string(word), text: ValueText.string(word))
        }
    }
}

extension String {
    /// The text without white space at its ends.
    var trimmingWhitespace: String {
        let start = drop(while: \.isWhitespace)
        return String(
            start[..<(start.lastIndex { !$0.isWhitespace }.map { start.index(after: $0) } ?? start.startIndex)])
    }
}
