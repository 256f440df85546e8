extension Distribution {
    /// This distribution, conditional on its value passing all `tests`; nil if no legal value does.
    ///
    ///     let layers = Distribution.integer(min: 1, max: 10, step: 1, log: false)
    ///     layers.restricted(to: [.comparison(.greater, 7)])       // an integer from 8 to 10
    ///     layers.restricted(to: [.isOneOf([2, 4, 20])])           // one of 2, 4
    ///     layers.restricted(to: [.comparison(.less, 1)])          // nil
    ///
    /// If the tests list values of a range, the result is a choice among those, with their probabilities; equal ones
    /// for real numbers, each of which has the probability 0.
    package func restricted(to tests: [Condition.Test]) -> Distribution? {
        if tests.isEmpty { return self }
        if case .choice(let values, let weights) = self {
            return Self.choice(zip(values, weights).filter { value, _ in tests.allSatisfy { $0.holds(for: value) } })
        }
        if case .ordinal(let values) = self {
            let passing = values.filter { value in tests.allSatisfy { $0.holds(for: value) } }
            return passing.isEmpty ? nil : .ordinal(passing)
        }
        if let listed = tests.compactMap(\.listedValues).first {
            var values = [ParameterValue]()
            for value in listed.compactMap(legalForm(of:)) where !values.contains(value) { values.append(value) }
            let passing = values.filter { value in tests.allSatisfy { $0.holds(for: value) } }
            return Self.choice(passing.map { ($0, probability(of: $0)) })
        }
        var interval = Interval()
        for case .comparison(let comparison, let bound) in tests { interval.narrow(comparison, bound) }
        return narrowed(to: interval)
    }

    private static func choice(_ pairs: [(ParameterValue, Double)]) -> Distribution? {
        if pairs.isEmpty { return nil }
        let values = pairs.map(\.0)
        // Values that a user lists are drawn even if their weight is 0.
        return pairs.contains { $0.1 > 0 } ? .choice(values: values, weights: pairs.map(\.1)) : .choice(values)
    }

    /// The part of a numeric range inside an interval; nil if that holds no legal value.
    private func narrowed(to interval: Interval) -> Distribution? {
        func narrowed(_ min: Double, _ max: Double) -> (Double, Double)? {
            let (low, high) = (Swift.max(min, interval.lower), Swift.min(max, interval.upper))
            return low <= high ? (low, high) : nil
        }
        switch self {
        case .real(let axis, let min, let max): return narrowed(min, max).map { .real(axis, min: $0, max: $1) }
        case .quantized(let axis, let min, let max, let step):
            guard let (low, high) = narrowed(min, max), Multiples(of: step, from: low, to: high) != nil else {
                return nil
            }
            return .quantized(axis, min: low, max: high, step: step)
        case .integer(let min, let max, let step, let log):
            let grid = IntegerGrid(min: min, max: max, step: step)
            // Double(grid[i]) never falls as i rises, so the integers inside are neighbours.
            guard
                let first = grid.firstIndex(where: { Double($0) >= interval.lower }),
                Double(grid[first]) <= interval.upper
            else { return nil }
            let beyond = grid.firstIndex(where: { Double($0) > interval.upper })
            return .integer(min: grid[first], max: grid[beyond.map { $0 - 1 } ?? grid.lastIndex], step: step, log: log)
        case .choice, .ordinal: preconditionFailure("a list is restricted value by value")
        }
    }
}

/// The numbers from `lower` to `upper`, both included.
private struct Interval {
    var lower = -Double.infinity
    var upper = Double.infinity

    /// Leaves only the numbers that pass the comparison. A strict one moves the bound to the next Double.
    mutating func narrow(_ comparison: Condition.Comparison, _ bound: Double) {
        switch comparison {
        // No number compares with NaN.
        case _ where bound.isNaN: (lower, upper) = (.infinity, -.infinity)
        case .less: upper = min(upper, bound.nextDown)
        case .lessOrEqual: upper = min(upper, bound)
        case .greater: lower = max(lower, bound.nextUp)
        case .greaterOrEqual: lower = max(lower, bound)
        }
    }
}

extension Condition.Test {
    /// The values that the test names one by one; nil for a comparison.
    fileprivate var listedValues: [ParameterValue]? {
        switch self {
        case .equals(let value): [value]
        case .isOneOf(let values): values
        case .comparison: nil
        }
    }
}
