/// The values of the metric that one trial has reported, by step. Lower values are better: the caller negates those of
/// a metric to maximize.
///
///     var curve = LearningCurve(trial: 3)
///     curve.append(.init(step: 1, value: 0.9))
///     curve.append(.init(step: 4, value: 0.5))
///     curve.value(at: 3)                              // 0.9, the last value known at step 3
///     curve.value(from: 3)                            // 0.5, the first one from step 3 on
public struct LearningCurve: Sendable, Hashable {
    /// One report.
    public struct Point: Sendable, Hashable {
        public var step: Int
        public var value: Double

        public init(step: Int, value: Double) {
            self.step = step
            self.value = value
        }
    }

    /// How the trial ended, as far as it matters to the trials that are compared with it.
    public enum Outcome: Sendable, Hashable {
        /// It runs, or was pruned: its reports count.
        case open
        /// It ran to its end.
        case complete
        /// It crashed or diverged, or was beyond a bound at its end: it is worse than any other trial, whatever it had
        /// reported.
        case failed
    }

    /// The trial's number.
    public let trial: Int
    /// By increasing step.
    public private(set) var points: [Point]
    public var outcome: Outcome
    /// By how much a value must be better to be an improvement: see `lastImprovement(by:)`.
    private let delta: Double
    /// Whether of several reports at one step the first counts, in place of the last.
    private let keepsFirst: Bool
    /// For each point the index of the last improvement up to there. Without it every decision would go through the
    /// whole curve, and the decisions at all points of a long one would cost the square of its length.
    private var improvements: [Int] = []

    /// - Parameters:
    ///   - points: in the order they were reported; see `append`.
    ///   - delta: for which `lastImprovement` is known without going through all points.
    ///   - keepsFirst: whether of several reports at one step the first counts, in place of the last. Where trials
    ///     pause a decision is made at the first one, and how many more come until the trainer stops is a matter of
    ///     timing.
    public init(
        trial: Int, points: [Point] = [], outcome: Outcome = .open, delta: Double = 0, keepsFirst: Bool = false
    ) {
        self.trial = trial
        self.outcome = outcome
        self.delta = delta
        self.keepsFirst = keepsFirst
        self.points = []
        for point in points { append(point) }
    }

    public var isComplete: Bool { outcome == .complete }
    public var isFailed: Bool { outcome == .failed }

    /// Adds a report. If a step is reported twice, the last value counts, or the first; a report of an earlier step
    /// than the last is ignored.
    public mutating func append(_ point: Point) {
        if let last = points.last, point.step <= last.step {
            if point.step < last.step || keepsFirst { return }
            points.removeLast()
            improvements.removeLast()
        }
        let best = improvements.last ?? 0
        points.append(point)
        improvements.append(point.value < points[best].value - delta ? points.count - 1 : best)
    }

    /// Removes the points from `step` on, because a new attempt of the trial repeats those steps.
    public mutating func goBack(to step: Int) {
        let index = index(from: step)
        points.removeSubrange(index...)
        improvements.removeSubrange(index...)
    }

    /// The curve of the best values so far.
    public var runningBest: LearningCurve {
        var best = Double.infinity
        let points = points.map { point in
            best = min(best, point.value)
            return Point(step: point.step, value: best)
        }
        return LearningCurve(trial: trial, points: points, outcome: outcome)
    }

    /// The first point at `step` or after it; nil if the trial has not reached `step`.
    public func point(from step: Int) -> Point? {
        let index = index(from: step)
        return index < points.count ? points[index] : nil
    }

    /// The first value at `step` or after it; nil if the trial has not reached `step`.
    public func value(from step: Int) -> Double? { point(from: step)?.value }

    /// The last value reported up to `step`; nil if the trial has not reached `step`.
    public func value(at step: Int) -> Double? {
        guard let last = points.last, last.step >= step else { return nil }
        let index = index(from: step)
        if points[index].step == step { return points[index].value }
        return index > 0 ? points[index - 1].value : nil
    }

    /// The last improvement, and the number of points after it; nil if there is no point. The first point is one, and
    /// then each whose value is better by more than `delta` than that of the last one, as Keras counts it.
    ///
    /// - Complexity: constant for the delta that the curve was made with, else proportional to the number of points.
    public func lastImprovement(by delta: Double = 0) -> (point: Point, since: Int)? {
        guard let known = improvements.last else { return nil }
        var index = known
        if delta != self.delta {
            index = 0
            for next in points.indices where points[next].value < points[index].value - delta { index = next }
        }
        return (points[index], points.count - 1 - index)
    }

    /// The index of the first point at `step` or after it.
    private func index(from step: Int) -> Int {
        var (low, high) = (0, points.count)
        while low < high {
            let middle = (low + high) / 2
            if points[middle].step < step { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
