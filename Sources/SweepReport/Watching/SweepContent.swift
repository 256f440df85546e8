import SweepModel
import SweepSearch

/// The trials of one sweep, as far as they are known.
public struct SweepContent: Sendable {
    public var directory: String
    /// What the sweep optimizes.
    public var objectives: Objectives
    /// In the order of the sweep file.
    public var parameterNames: [String]
    /// Nil if the sweep file is one that this release cannot read.
    public var space: SearchSpace?
    /// By their numbers, which are their places here.
    public var trials: [TrialRecord]
    /// What each running trial has reported of the metric last.
    public var latest: [Int: Latest]

    /// The last report of the metric.
    public struct Latest: Sendable, Hashable {
        public var step: Int
        public var value: Double

        public init(step: Int, value: Double) {
            self.step = step
            self.value = value
        }
    }

    public init(
        directory: String, metric: Metric, objectives: Objectives? = nil, parameterNames: [String],
        space: SearchSpace?, trials: [TrialRecord], latest: [Int: Latest] = [:]
    ) {
        self.directory = directory
        self.objectives = objectives ?? Objectives([metric])
        self.parameterNames = parameterNames
        self.space = space
        self.trials = trials
        self.latest = latest
    }

    /// The metric of the sweep, of several the first.
    public var metric: Metric { objectives.metric }

    /// The trial of this number; nil if there is none.
    public subscript(number: Int) -> TrialRecord? { trials.indices.contains(number) ? trials[number] : nil }

    /// The value of a trial: its own, or what it has reported last while it runs.
    public func value(of trial: TrialRecord) -> Double? { trial.value ?? latest[trial.number]?.value }
}

/// The values of the metric that a trial has reported and that still count, in a bounded number of points.
///
///     var curve = TrialCurve()
///     curve.add(step: 1, value: 0.9)
///     curve.points.last      // (step: 1, value: 0.9)
public struct TrialCurve: Sendable, Hashable {
    /// One report; its value is NaN where the trainer reported NaN.
    public struct Point: Sendable, Hashable {
        public var step: Int
        public var value: Double
    }

    private var kept: [Point] = []
    private var last: Point?
    private var reports = 0
    /// Of how many reports one is kept.
    private var stride = 1

    private static let maxKept = 1024

    public init() {}

    /// In the order of arrival, some left out where there are many. The last one is always there.
    public var points: [Point] {
        guard let last, (reports - 1) % stride != 0 else { return kept }
        return kept + [last]
    }

    /// Takes in the next report.
    public mutating func add(step: Int, value: Double) {
        let point = Point(step: step, value: value)
        if reports % stride == 0 { kept.append(point) }
        last = point
        reports += 1
        if kept.count > Self.maxKept {
            kept = kept.enumerated().compactMap { $0 % 2 == 0 ? $1 : nil }
            stride *= 2
        }
    }

    /// Takes out what counts no more: the points from this step on, at which a later attempt begins.
    public mutating func restart(at step: Int) {
        let rest = points.filter { $0.step < step }
        if rest.count == points.count { return }
        if rest.isEmpty {
            self = TrialCurve()
            return
        }
        // As if the points that are left were all that came, each with those that were left out behind it.
        (kept, last, reports) = (rest, rest.last, (rest.count - 1) * stride + 1)
    }
}
