import ConfigFile
import SweepSearch

/// What a value in Hydra's grammar means to a sweeper.
enum HydraOverride {
    case fixed(HydraElement)
    case choice([HydraElement])
    case range(start: ForeignNumber, stop: ForeignNumber, step: ForeignNumber)
    case interval(start: ForeignNumber, end: ForeignNumber, isLogarithmic: Bool)

    private static let functions = [
        "choice", "range", "interval", "tag", "shuffle", "sort", "int", "float", "bool", "str",
    ]

    /// Reads the text after `NAME=`.
    ///
    /// - Throws: `ForeignProblem` for what Hydra does not read, and for functions that have no counterpart.
    init(_ text: String) throws(ForeignProblem) {
        let elements = try HydraParser.elements(text)
        if elements.count == 1 {
            self = try Self.override(elements[0])
        } else {
            self = .choice(try elements.map { element throws(ForeignProblem) in try Self.plain(element) })
        }
    }

    /// An element that is no sweep; casts of single values are done.
    private static func plain(_ element: HydraElement) throws(ForeignProblem) -> HydraElement {
        if case .fixed(let element) = try override(element) { return element }
        throw ForeignProblem(message: "a choice cannot hold another choice or range")
    }

    private static func override(_ element: HydraElement) throws(ForeignProblem) -> HydraOverride {
        guard case .call(let name, let arguments) = element else { return .fixed(element) }
        switch name {
        case "choice":
            guard !arguments.isEmpty else { throw ForeignProblem(message: "'choice()' has no values") }
            return .choice(try arguments.map { argument throws(ForeignProblem) in try plain(argument.element) })
        case "range": return try range(arguments)
        case "interval": return try interval(arguments)
        case "tag":
            let sweep = arguments.last { $0.key == "sweep" } ?? arguments.last { $0.key == nil }
            guard let sweep else { throw ForeignProblem(message: "'tag()' has nothing to tag") }
            let tags = arguments.dropLast().flatMap { argument -> [String] in
                if case .list(let elements) = argument.element {
                    return elements.compactMap { $0.value?.value.argument }
                }
                return [argument.element.value?.value.argument].compactMap(\.self)
            }
            let inner = try override(sweep.element)
            guard case .interval(let start, let end, _) = inner, tags.contains("log") else { return inner }
            return .interval(start: start, end: end, isLogarithmic: true)
        case "shuffle", "sort": return try inAnyOrder(name, arguments)
        case "int", "float", "bool", "str":
            guard let argument = arguments.first, arguments.count == 1 else {
                if arguments.count > 1 {
                    return .choice(
                        try arguments.map { argument throws(ForeignProblem) in try cast(argument.element, to: name) })
                }
                throw ForeignProblem(message: "'\(name)()' has nothing to cast")
            }
            return try cast(try override(argument.element), to: name)
        case "glob":
            throw ForeignProblem(
                message: "'glob()' stands for the options of a config group, which only Hydra knows",
                help: "list them: choice(a, b)")
        default:
            throw ForeignProblem(
                message: "Hydra has no function '\(name)'",
                help: nearestName(to: name, among: functions).map { "did you mean '\($0)'?" }
                    ?? "known are \(functions.joined(separator: ", ")); text with brackets needs quotes")
        }
    }

    /// The arguments by position or by name.
    private static func numbers(
        _ function: String, _ arguments: [(key: String?, element: HydraElement)], _ names: [String]
    ) throws(ForeignProblem) -> [String: ForeignNumber] {
        var numbers: [String: ForeignNumber] = [:]
        for (position, argument) in arguments.enumerated() {
            guard let name = argument.key ?? (position < names.count ? names[position] : nil), names.contains(name)
            else {
                throw ForeignProblem(
                    message: "'\(function)()' takes \(names.joined(separator: ", ")), and has more")
            }
            if case .interpolation(let text) = argument.element {
                throw ForeignProblem(
                    message: "'\(name)' of '\(function)()' is \(text), which another file says",
                    help: "write the number here")
            }
            guard case .fixed(let element) = try override(argument.element), let number = element.number else {
                throw ForeignProblem(message: "'\(name)' of '\(function)()' must be a finite number")
            }
            numbers[name] = number
        }
        return numbers
    }

    private static func range(
        _ arguments: [(key: String?, element: HydraElement)]
    ) throws(ForeignProblem) -> HydraOverride {
        let numbers = try numbers("range", arguments, ["start", "stop", "step"])
        let zero = ForeignNumber(value: 0, text: "0", isInteger: true)
        let one = ForeignNumber(value: 1, text: "1", isInteger: true)
        let step = numbers["step"] ?? one
        guard step.value != 0 else { throw ForeignProblem(message: "the step of 'range()' cannot be 0") }
        switch (numbers["start"], numbers["stop"]) {
        case (let start?, let stop?): return .range(start: start, stop: stop, step: step)
        case (let stop?, nil), (nil, let stop?): return .range(start: zero, stop: stop, step: step)
        case (nil, nil): throw ForeignProblem(message: "'range()' has no stop")
        }
    }

    private static func interval(
        _ arguments: [(key: String?, element: HydraElement)]
    ) throws(ForeignProblem) -> HydraOverride {
        let numbers = try numbers("interval", arguments, ["start", "end"])
        guard let start = numbers["start"], let end = numbers["end"] else {
            throw ForeignProblem(message: "'interval()' needs start and end", help: "interval(0.0, 1.0)")
        }
        return .interval(start: start, end: end, isLogarithmic: false)
    }

    /// `shuffle` and `sort` change the order in which a grid is walked; what may be tried stays the same.
    private static func inAnyOrder(
        _ name: String, _ arguments: [(key: String?, element: HydraElement)]
    ) throws(ForeignProblem) -> HydraOverride {
        let given = arguments.filter { $0.key == nil || $0.key == "sweep" || $0.key == "list" }
        guard let first = given.first else { throw ForeignProblem(message: "'\(name)()' has no values") }
        if given.count > 1 {
            return .choice(try given.map { argument throws(ForeignProblem) in try plain(argument.element) })
        }
        let inner = try override(first.element)
        // The range of Hydra itself, which is what is shuffled, leaves its stop out.
        guard case .range(let start, let stop, let step) = inner else { return inner }
        let numbers = try SteppedRange(start: start, stop: stop, step: step).numbers(.stopLeftOut)
        return .choice(numbers.map { .scalar($0) })
    }

    // MARK: Casts

    private static func cast(_ override: HydraOverride, to type: String) throws(ForeignProblem) -> HydraOverride {
        switch override {
        case .fixed(let element): return .fixed(try cast(element, to: type))
        case .choice(let elements):
            return .choice(try elements.map { element throws(ForeignProblem) in try cast(element, to: type) })
        case .range(let start, let stop, let step):
            return .range(
                start: try cast(start, to: type), stop: try cast(stop, to: type), step: try cast(step, to: type))
        case .interval(let start, let end, let isLogarithmic):
            return .interval(
                start: try cast(start, to: type), end: try cast(end, to: type), isLogarithmic: isLogarithmic)
        }
    }

    private static func cast(_ number: ForeignNumber, to type: String) throws(ForeignProblem) -> ForeignNumber {
        switch type {
        case "int":
            guard let whole = Int(exactly: number.value.rounded(.towardZero)) else {
                throw ForeignProblem(message: "\(number.text) is too large for an integer")
            }
            return ForeignNumber(value: Double(whole), text: String(whole), isInteger: true)
        case "float":
            let text = number.isInteger ? number.value.description : number.text
            return ForeignNumber(value: number.value, text: text, isInteger: false)
        default: throw ForeignProblem(message: "'\(type)()' cannot be applied to a range or interval")
        }
    }

    private static func cast(_ element: HydraElement, to type: String) throws(ForeignProblem) -> HydraElement {
        func scalar(_ value: ParameterValue) -> HydraElement {
            .scalar(ForeignValue(value: value, text: value.description))
        }
        guard case .scalar(let value) = element else { return element }
        let text = value.value.argument
        switch type {
        case "str": return scalar(.string(value.value == .null ? "null" : text))
        case "bool":
            switch value.value {
            case .boolean: return element
            case .integer(let number): return scalar(.boolean(number != 0))
            case .number(let number): return scalar(.boolean(number != 0))
            case .string(let text) where ["true", "false"].contains(text.lowercased()):
                return scalar(.boolean(text.lowercased() == "true"))
            case .string, .largeInteger, .null, .list, .mapping:
                throw ForeignProblem(message: "'\(text)' cannot be cast to true or false")
            }
        default:
            let number: Double? =
                switch value.value {
                case .boolean(let flag): flag ? 1 : 0
                case .integer, .number: value.value.asNumber
                case .string(let text): Double(text)
                case .largeInteger, .null, .list, .mapping: nil
                }
            if type == "float", let number, number.isInfinite { return element }
            guard let number, number.isFinite else {
                throw ForeignProblem(message: "'\(text)' cannot be cast to a number")
            }
            if type == "float" { return scalar(.number(number)) }
            guard let whole = Int(exactly: number.rounded(.towardZero)) else {
                throw ForeignProblem(message: "'\(text)' is too large for an integer")
            }
            return scalar(.integer(whole))
        }
    }
}
