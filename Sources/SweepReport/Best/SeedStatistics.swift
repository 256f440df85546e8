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
    /// single result.
    ///
    /// - Parameter resolution: the least distance between two values that the results are differences of. Where all
    ///   results are equal but for rounding, this may be chance: values that are multiples of a step differ by one step
    ///   again and again. Their deviation is then taken for what rounding to such multiples makes of a difference,
    ///   resolution/√6.
    package func probabilityOfZero(resolution: Double) -> Double? {
        guard let deviation else { return nil }
        if mean == 0 { return 1 }
        let areEqual = deviation <= 1e-9 * abs(mean)
        let scale = areEqual ? max(deviation, resolution / 6.0.squareRoot()) : deviation
        guard scale > 0 else { return 0 }
        let t = mean / scale * Double(count).squareRoot()
        return StudentDistribution(degreesOfFreedom: count - 1).probability(beyond: t)
    }
}
