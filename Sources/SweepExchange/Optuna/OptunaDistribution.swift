import SweepModel
import SweepSearch

/// The legal values of a parameter, as Optuna has them.
///
///     OptunaDistribution(json: #"{"name": "IntDistribution", "attributes": {"low": 1, "high": 5}}"#)
///     // .integer(low: 1, high: 5, step: 1, log: false)
public enum OptunaDistribution: Sendable, Hashable {
    /// The numbers from `low` to `high`, or those of `low + k * step`. A logarithmic one has no step.
    case float(low: Double, high: Double, step: Double?, log: Bool)
    /// The integers `low`, `low + step`, … ≤ `high`.
    case integer(low: Int, high: Int, step: Int, log: Bool)
    /// One of several values: null, booleans, numbers or texts.
    case categorical([ParameterValue])

    /// Reads the JSON that Optuna stores with each parameter, also that of releases before 3.0, whose types had other
    /// names, and the short form without a name.
    ///
    /// - Returns: nil for a text that is no distribution known here.
    public init?(json: String) {
        guard let root = ParameterValue(pythonJSON: json.utf8), let name = (root["name"] ?? root["type"])?.asText else {
            return nil
        }
        let attributes = root["attributes"] ?? root
        let (low, high) = (attributes["low"], attributes["high"])
        let isLogarithmic = attributes["log"] == .boolean(true)
        func float(step: ParameterValue?, log: Bool) -> OptunaDistribution? {
            guard let low = low?.asNumber, let high = high?.asNumber, low.isFinite, high.isFinite, low <= high else {
                return nil
            }
            guard let step, step != .null else { return .float(low: low, high: high, step: nil, log: log) }
            guard let step = step.asNumber, step > 0, step.isFinite else { return nil }
            return .float(low: low, high: high, step: step, log: log)
        }
        func integer(log: Bool) -> OptunaDistribution? {
            let step = attributes["step"].flatMap { $0 == .null ? nil : $0 } ?? .integer(1)
            guard let low = low?.asWhole, let high = high?.asWhole, low <= high, let step = step.asWhole, step > 0
            else { return nil }
            return .integer(low: low, high: high, step: step, log: log)
        }
        let found: OptunaDistribution? =
            switch name {
            case "FloatDistribution", "float": float(step: attributes["step"], log: isLogarithmic)
            case "UniformDistribution": float(step: nil, log: false)
            case "LogUniformDistribution": float(step: nil, log: true)
            case "DiscreteUniformDistribution": float(step: attributes["q"], log: false)
            case "IntDistribution", "int": integer(log: isLogarithmic)
            case "IntUniformDistribution": integer(log: false)
            case "IntLogUniformDistribution": integer(log: true)
            case "CategoricalDistribution", "categorical":
                if case .list(let choices)? = attributes["choices"], !choices.isEmpty {
                    .categorical(choices)
                } else {
                    nil
                }
            default: nil
            }
        guard let found else { return nil }
        self = found
    }

    /// The value that Optuna stores as this number: itself, an integer, or the choice at this place.
    ///
    /// - Returns: nil for the place of no choice, and for what is no integer where one is needed.
    public func value(ofStored number: Double) -> ParameterValue? {
        switch self {
        case .float: number.isFinite ? .number(number) : nil
        case .integer: Int(exactly: number).map { .integer($0) }
        case .categorical(let choices):
            Int(exactly: number).flatMap { choices.indices.contains($0) ? choices[$0] : nil }
        }
    }

    /// The JSON that Optuna stores with each parameter.
    public var json: String {
        switch self {
        case .float(let low, let high, let step, let log):
            let step = step?.description ?? "null"
            return "{\"name\": \"FloatDistribution\", \"attributes\": {\"step\": \(step), \"low\": \(low), "
                + "\"high\": \(high), \"log\": \(log)}}"
        case .integer(let low, let high, let step, let log):
            return "{\"name\": \"IntDistribution\", \"attributes\": {\"log\": \(log), \"step\": \(step), "
                + "\"low\": \(low), \"high\": \(high)}}"
        case .categorical(let choices):
            let choices = choices.map { $0.json(.spaced) }.joined(separator: ", ")
            return "{\"name\": \"CategoricalDistribution\", \"attributes\": {\"choices\": [\(choices)]}}"
        }
    }
}

extension ParameterValue {
    /// The value of a mapping's key; the last one if the key is repeated, as in Python.
    subscript(key: String) -> ParameterValue? {
        guard case .mapping(let entries) = self else { return nil }
        return entries.last { $0.key == key }?.value
    }

    var asText: String? { if case .string(let text) = self { text } else { nil } }

    /// The value as an integer: `5`, and `5.0` as some writers have it.
    var asWhole: Int? { if case .integer(let number) = normalized { number } else { nil } }
}
