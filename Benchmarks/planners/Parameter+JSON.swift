import SweepSearch

extension Parameter {
    /// Name, type, range and conditions, as `peers.py` reads them.
    var asJSON: [String: Any] {
        var fields: [String: Any] =
            switch distribution {
            case .real(.linear, let min, let max): ["type": "float", "low": min, "high": max]
            case .real(.logarithmic, let min, let max): ["type": "float", "low": min, "high": max, "log": true]
            case .integer(let min, let max, _, let log): ["type": "int", "low": min, "high": max, "log": log]
            case .choice(let values, _), .ordinal(let values): ["type": "categorical", "choices": values.map(\.asJSON)]
            case .real, .quantized: ["type": "no function has one"]
            }
        fields["name"] = name
        fields["when"] = conditions.map { condition in
            let test: [String: Any] =
                switch condition.test {
                case .equals(let value): ["in": [value.asJSON]]
                case .isOneOf(let values): ["in": values.map(\.asJSON)]
                case .comparison(let comparison, let bound): ["comparison": comparison.rawValue, "bound": bound]
                }
            return test.merging(["parent": condition.parameter]) { $1 }
        }
        return fields
    }
}

extension ParameterValue {
    fileprivate var asJSON: Any {
        switch self {
        case .integer(let integer): integer
        case .number(let number): number
        case .string(let string): string
        case .boolean(let boolean): boolean
        case .largeInteger, .null, .list, .mapping: description
        }
    }
}

/// A parameter's value as JSON has it.
struct JSONScalar: Decodable {
    let value: ParameterValue

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let integer = try? container.decode(Int.self) {
            value = .integer(integer)
        } else if let number = try? container.decode(Double.self) {
            value = .number(number)
        } else {
            value = .string(try container.decode(String.self))
        }
    }
}
