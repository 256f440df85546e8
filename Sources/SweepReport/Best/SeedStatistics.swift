import EarlyStopping
import Foundation
import Statistics

/// The mean of the results of several seeds, and how far it can be trusted.
///
///     let results = SeedStatistics([0.971, 0.968, 0.975])
///     results.mean                    // 0.97133
///     results.interval                // 0.9626 to 0.9801
public struct SeedStatistics: Sendable, Hashable {
    /// How many results there are.
    public let count: Int
    public let mean: Double
    /// Their standard deviation, with the divisor n − 1; nil for a single result.
    public let deviation: Double?
    /// In which the mean over all seeds lies with a probability of 95 %, if results are normally distributed (Student's
    /// interval); nil for a single result.
    public let interval: ClosedRange<Double>?

    /// - Returns: nil if there are no results.
    public init?(_ values: [Double]) {
        guard !values.isEmpty else { return nil }
        let number = Double(values.count)
        let mean = SeedValue.mean(values)
        let deviation = values.count > 1 ? Self.finite(SeedValue.deviation(of: values)) : nil
        let interval = deviation.flatMap { deviation -> ClosedRange<Double>? in
            let student = StudentDistribution(degreesOfFreedom: values.count - 1)
            let width = student.quantile(0.975) * deviation / number.squareRoot()
            return width.isFinite ? mean - width...mean + width : nil
        }
        (count, self.mean, self.deviation, self.interval) = (values.count, mean, deviation, interval)
    }

    /// Values near the largest number may lie too far apart to say how far.
    private static func finite(_ deviation: Double) -> Double { deviation.isFinite ? deviation : 0 }

    /// The probability of a mean that is at least so far from 0 if the true one is 0 (the two-sided t test); nil for a
    /// single result. Results that are equal but for rounding have no deviation: there, the probability that all have
    /// one sign (sign test).
    package var probabilityOfZero: Double? {
        guard let deviation else { return nil }
        if mean == 0 { return 1 }
        if deviation <= 1e-9 * abs(mean) { return pow(0.5, Double(count - 1)) }
        let t = mean / deviation * Double(count).squareRoot()
        return StudentDistribution(degreesOfFreedom: count - 1).probability(beyond: t)
    }
}
