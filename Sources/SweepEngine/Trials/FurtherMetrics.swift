import SweepModel
import TrialProtocol

/// What one attempt has reported of the metrics beside the first that the sweep optimizes or bounds.
///
///     var further = FurtherMetrics(sweep.objectives, after: earlier)
///     further.take(report)            // false if one of them is not a finite number
///     further.missing                 // "latency": it was not reported yet
///     further.values                  // nil as long as one is missing
struct FurtherMetrics: Sendable {
    private let metrics: [Metric]
    /// What earlier attempts reported, as far as this one goes on from there.
    private var earlier: [String: [(step: Int, value: Double)]]
    /// By each metric's rule, of this attempt alone.
    private var reported: [String: Double] = [:]

    init(_ objectives: Objectives, after earlier: EarlierAttempts) {
        metrics = objectives.further
        self.earlier = earlier.further
    }

    /// The attempt begins at a step: what earlier ones did from there on is done again.
    mutating func goBack(to step: Int) {
        for name in earlier.keys { earlier[name]?.removeAll { $0.step >= step } }
    }

    /// Takes in a report.
    ///
    /// - Returns: false if it has one of the metrics that is not a finite number.
    mutating func take(_ report: MetricReport) -> Bool {
        var isFinite = true
        for metric in metrics {
            guard let value = report[metric.name] else { continue }
            if value.isFinite {
                reported[metric.name] = metric.value(of: reported[metric.name], then: value)
            } else {
                isFinite = false
            }
        }
        return isFinite
    }

    private func value(of metric: Metric) -> Double? {
        let before = metric.value(of: earlier[metric.name, default: []].map(\.value))
        return metric.value(of: before, then: reported[metric.name])
    }

    /// The first metric that has no value; nil if all have.
    var missing: String? { metrics.first { value(of: $0) == nil }?.name }

    /// The values by name; nil if one is missing.
    var values: [String: Double]? {
        var values: [String: Double] = [:]
        for metric in metrics {
            guard let value = value(of: metric) else { return nil }
            values[metric.name] = value
        }
        return values
    }
}
