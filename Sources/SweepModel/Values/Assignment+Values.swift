import SweepSearch

extension Assignment {
    /// Hands over the value of each of these parameters, or nil if it is not active.
    ///
    /// Quick where the names are in the order of the sweep, as the values are: nothing is looked up then.
    package func forEachValue(of names: [String], _ body: (ParameterValue?) throws -> Void) rethrows {
        var place = startIndex
        for name in names {
            if place < endIndex, self.names[place] == name {
                try body(values[place])
                place += 1
            } else {
                try body(self[name])
            }
        }
    }

    /// The same parameters with other values.
    package func mapValues(_ transform: (_ name: String, _ value: ParameterValue) -> ParameterValue) -> Assignment {
        Assignment(names: names, values: map(transform))
    }

    /// The values in the order of `names`. Names without a value are left out, and so are values whose name is not
    /// listed.
    package init(_ values: [String: ParameterValue], namesInOrder names: [String]) {
        let known = names.filter { values[$0] != nil }
        self.init(names: known, values: known.compactMap { values[$0] })
    }
}

extension Assignment: ExpressibleByDictionaryLiteral {
    /// The values in the order in which they are written: `["lr": .number(0.1), "layers": .integer(3)]`.
    public init(dictionaryLiteral elements: (String, ParameterValue)...) {
        self.init(names: elements.map(\.0), values: elements.map(\.1))
    }
}
