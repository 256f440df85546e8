import SweepModel

/// What one trial has reported of one metric, in a few numbers and a thinned curve.
///
/// It is told one report after the other and keeps a fixed amount, however many there are.
///
///     var summary = MetricSummary()
///     for value in [0.9, 0.4, 0.6] { summary.add(value, step: 0) }
///     summary.last       // 0.6
///     summary.minimum    // 0.4
public struct MetricSummary: Sendable, Hashable {
    /// How many values were reported.
    public private(set) var reports = 0
    /// NaN if the trainer reported NaN last.
    public private(set) var last = Double.nan
    /// The step of the last report; 0 before the first.
    public private(set) var lastStep = 0
    /// The least finite value; nil if there is none.
    public private(set) var minimum: Double?
    /// The greatest finite value; nil if there is none.
    public private(set) var maximum: Double?
    private var thinned: [Double] = []
    /// Of how many values one is kept in `thinned`.
    private var stride = 1

    private static let maxPoints = 256

    public init() {}

    /// Takes in the next report.
    public mutating func add(_ value: Double, step: Int) {
        (last, lastStep) = (value, step)
        if value.isFinite {
            minimum = min(minimum ?? value, value)
            maximum = max(maximum ?? value, value)
        }
        if reports % stride == 0 { thinned.append(value) }
        reports += 1
        if thinned.count == Self.maxPoints {
            thinned = thinned.enumerated().compactMap { $0 % 2 == 0 ? $1 : nil }
            stride *= 2
        }
    }

    /// The best finite value of a metric with this goal.
    public func best(_ goal: Metric.Goal) -> Double? {
        switch goal {
        case .minimize: minimum
        case .maximize: maximum
        }
    }

    /// The values in order, some left out where there are many. The last one is always there.
    public var curve: [Double] {
        // Bits are compared, as NaN is not equal to itself.
        thinned.last?.bitPattern == last.bitPattern || reports == 0 ? thinned : thinned + [last]
    }
}
