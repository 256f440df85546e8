import SweepSearch

extension Assignment {
    /// The values by name.
    package var valuesByName: [String: ParameterValue] {
        Dictionary(map { ($0.name, $0.value) }) { first, _ in first }
    }

    /// The same parameters with other values.
    package func mapValues(_ transform: (_ name: String, _ value: ParameterValue) -> ParameterValue) -> Assignment {
        Assignment(names: names, values: map(transform))
    }

    /// Those of these values that there are, in the order of `names`.
    package init(_ values: [String: ParameterValue], namesInOrder names: [String]) {
        let known = names.filter { values[$0] != nil }
        self.init(names: known, values: known.compactMap { values[$0] })
    }
}

extension Assignment: ExpressibleByDictionaryLiteral {
    /// The values in the order in which they are written.
    public init(dictionaryLiteral elements: (String, ParameterValue)...) {
        self.init(names: elements.map(\.0), values: elements.map(\.1))
    }
}
