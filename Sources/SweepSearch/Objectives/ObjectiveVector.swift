/// What one trial has reached in a sweep with several objectives or with bounds; lower values are better.
///
///     let small = ObjectiveVector(values: [0.31, 12])            // error and latency
///     let large = ObjectiveVector(values: [0.29, 25])
///     small.dominates(large)                                     // false, and neither does large: both are optimal
///     ObjectiveVector(values: [0.28, 11]).dominates(small)       // true
public struct ObjectiveVector: Sendable, Hashable {
    /// One value for each objective, at least one; the caller negates those of a metric to maximize.
    public var values: [Double]
    /// By how much the value of each bounded metric is beyond its bound; 0 or less where the bound holds.
    public var excesses: [Double]

    public init(values: [Double], excesses: [Double] = []) {
        precondition(!values.isEmpty, "a trial has a value of at least one objective")
        self.values = values
        self.excesses = excesses
    }

    /// By how much all bounds together are exceeded; 0 where all hold.
    public var violation: Double { excesses.reduce(0) { $0 + max(0, $1) } }

    /// Whether all bounds hold.
    public var isFeasible: Bool { excesses.allSatisfy { $0 <= 0 } }

    /// Whether this is better than another one whatever the objectives are worth: no value is worse and one is better.
    ///
    /// What satisfies the bounds dominates what does not, and of two that do not, the one with the smaller violation
    /// dominates (Deb et al. 2002, "A Fast and Elitist Multiobjective Genetic Algorithm: NSGA-II", section VI).
    public func dominates(_ other: ObjectiveVector) -> Bool {
        let (own, others) = (violation, other.violation)
        guard own == others else { return own < others }
        return own == 0 && values.dominates(other.values)
    }
}

extension [Double] {
    /// Whether no element is greater than that of the other list, and one is less.
    func dominates(_ other: [Double]) -> Bool {
        precondition(count == other.count, "\(count) values cannot be compared with \(other.count)")
        var isBetter = false
        for index in indices {
            if self[index] > other[index] { return false }
            if self[index] < other[index] { isBetter = true }
        }
        return isBetter
    }
}
