/// What of the results that a configuration has with several seeds is its value.
///
///     SeedValue.mean.of([0.3, 0.4, 0.8])          // 0.5
///     SeedValue.median.of([0.3, 0.4, 0.8])        // 0.4
public enum SeedValue: String, Sendable, Hashable, CaseIterable {
    /// Their mean: what another seed will give on average.
    case mean
    /// The one in the middle, or the mean of the two there: a single bad seed counts for little.
    case median
    /// The mean, made worse by its standard error s/√n, where s is the standard deviation of the results: the bound of
    /// the confidence interval on the bad side. A configuration that differs much from seed to seed counts as worse.
    case lcb

    /// - Parameter results: lower is better; infinite for a seed with which the trainer diverged.
    /// - Returns: nil where there are none; infinite if that is what the results say.
    public func of(_ results: [Double]) -> Double? {
        if results.isEmpty { return nil }
        switch self {
        case .mean: return Self.mean(results)
        case .median:
            let sorted = results.sorted()
            let middle = sorted.count / 2
            // Halved before they are added, as the sum of finite values may not be finite.
            return sorted.count.isMultiple(of: 2) ? sorted[middle - 1] / 2 + sorted[middle] / 2 : sorted[middle]
        case .lcb:
            let mean = Self.mean(results)
            return mean + Self.deviation(of: results) / Double(results.count).squareRoot()
        }
    }

    /// How many of so many results may be infinite without the value being so.
    func mostInfinite(of seeds: Int) -> Int {
        switch self {
        case .mean, .lcb: 0
        case .median: (seeds - 1) / 2
        }
    }

    /// The mean, finite for finite values; of equal values, that value to the last bit.
    package static func mean(_ values: [Double]) -> Double {
        guard let first = values.first, values.contains(where: { $0 != first }) else { return values.first ?? 0 }
        return values.reduce(0) { $0 + $1 / Double(values.count) }
    }

    /// The standard deviation, with the divisor n − 1; 0 for a single value, and infinite where a distance is.
    package static func deviation(of values: [Double]) -> Double {
        guard values.count > 1 else { return 0 }
        let mean = mean(values)
        // In units of the largest distance, whose square may not be finite.
        let unit = values.reduce(0) { max($0, abs($1 - mean)) }
        guard unit > 0, unit.isFinite else { return unit.isFinite ? 0 : .infinity }
        let squares = values.reduce(0) { $0 + ($1 - mean) / unit * (($1 - mean) / unit) }
        return unit * (squares / Double(values.count - 1)).squareRoot()
    }
}
