import SweepModel
import SweepSearch

extension OptunaSpace {
    /// One parameter: what Optuna has for it, and for each choice our value.
    struct Entry: Sendable {
        var distribution: OptunaDistribution
        /// Our values, in the order of the choices; empty for a range.
        var values: [ParameterValue] = []
    }
}

extension OptunaSpace.Entry {
    /// Widens the distribution by a value that it lacks, as far as one of its kind can.
    mutating func include(_ value: ParameterValue) {
        switch distribution {
        case .float(let low, let high, let step, let log):
            guard let number = value.asNumber, number.isFinite, number > 0 || !log else { return }
            if (low...high).contains(number) { return }
            distribution = .float(low: min(low, number), high: max(high, number), step: step, log: log)
        case .integer(let low, let high, let step, let log):
            guard let number = value.asWhole, number > 0 || !log, !(low...high).contains(number) else { return }
            distribution = .integer(low: min(low, number), high: max(high, number), step: step, log: log)
        case .categorical(var choices):
            if place(of: value) != nil { return }
            values.append(value)
            choices.append(Self.choice(value, besides: choices))
            distribution = .categorical(choices)
        }
    }

    /// What Optuna has for a value; nil if the distribution has no such value.
    func optunaValue(_ value: ParameterValue) -> ParameterValue? {
        switch distribution {
        case .float: return value.asNumber.flatMap { $0.isFinite ? .number($0) : nil }
        case .integer: return value.asWhole.map { .integer($0) }
        case .categorical(let choices): return place(of: value).map { choices[$0] }
        }
    }

    private func place(of value: ParameterValue) -> Int? {
        values.firstIndex(of: value) ?? values.firstIndex { $0.matches(value) }
    }

    /// Optuna's choices are null, booleans, numbers and texts. A list or a mapping becomes its JSON, and so does what
    /// Python could not tell from a choice before it: there `True == 1`.
    private static func choice(_ value: ParameterValue, besides others: [ParameterValue]) -> ParameterValue {
        let isPlain: Bool =
            switch value {
            case .null, .boolean, .integer, .string, .largeInteger: true
            case .number(let number): number.isFinite
            case .list, .mapping: false
            }
        if isPlain, !others.contains(where: { $0.isSameInPython(as: value) }) { return value }
        let text = ParameterValue.string(value.isStructure && value != .null ? value.json(.compact) : value.argument)
        if !others.contains(text) { return text }
        // Both the text and what reads like it are choices: the second gets quotes.
        return .string(value.json(.compact) + String(repeating: " ", count: others.count))
    }
}

extension ParameterValue {
    /// Whether Python's `==` holds for both.
    fileprivate func isSameInPython(as other: ParameterValue) -> Bool {
        pythonNumber.map { $0 == other.pythonNumber } ?? (self == other)
    }

    private var pythonNumber: Double? {
        if case .boolean(let flag) = self { flag ? 1 : 0 } else { asNumber }
    }
}
