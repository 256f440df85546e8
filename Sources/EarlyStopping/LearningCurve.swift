/// What one trial has reported of the sweep's metric, by step. Lower values are better: for a metric to maximize the
/// caller negates them.
public struct LearningCurve: Sendable, Hashable {
    public struct Point: Sendable, Hashable {
        public var step: Int
        public var value: Double

        public init(step: Int, value: Double) {
            self.step = step
            self.value = value
        }
    }

    /// What became of the trial, as far as it matters to those that are compared with it.
    public enum Outcome: Sendable, Hashable {
        /// It runs, or was pruned: what it has reported counts.
        case open
        /// It ran to its end.
        case complete
        /// It crashed or diverged: whatever it reported before, it is worse than any that did not.
        case failed
    }

    /// The trial's number.
    public let trial: Int
    /// By increasing step.
    public private(set) var points: [Point]
    public var outcome: Outcome
    /// A value must be better by more than this to be an improvement, see `lastImprovement`.
    private let delta: Double
    /// For each point the index of the last improvement up to there, so that a long curve is not gone through again at
    /// each of its points.
    private var improvements: [Int] = []

    /// - Parameters:
    ///   - points: in the order they were reported; see `append`.
    ///   - delta: for which `lastImprovement` is known without going through all points.
    public init(trial: Int, points: [Point] = [], outcome: Outcome = .open, delta: Double = 0) {
        self.trial = trial
        self.outcome = outcome
        self.delta = delta
        self.points = []
        for point in points { append(point) }
    }

    public var isComplete: Bool { outcome == .complete }
    public var isFailed: Bool { outcome == .failed }

    /// Adds a report. Of a step that is reported twice the last value counts; a report of a step before the last one
    /// comes too late to count.
    public mutating func append(_ point: Point) {
        if let last = points.last, point.step <= last.step {
            if point.step < last.step { return }
            points.removeLast()
            improvements.removeLast()
        }
        let best = improvements.last ?? 0
        points.append(point)
        improvements.append(point.value < points[best].value - delta ? points.count - 1 : best)
    }

    /// Forgets the points from `step` on: a new attempt of the trial does them again.
    public mutating func goBack(to step: Int) {
        let index = index(from: step)
        points.removeSubrange(index...)
        improvements.removeSubrange(index...)
    }

    /// The first point at `step` or after it; nil if the trial has not come that far.
    public func point(from step: Int) -> Point? {
        let index = index(from: step)
        return index < points.count ? points[index] : nil
    }

    /// The first value at `step` or after it; nil if the trial has not come that far.
    public func value(from step: Int) -> Double? { point(from: step)?.value }

    /// The value that was the last at `step`; nil if the trial has not come that far.
    public func value(at step: Int) -> Double? {
        guard let last = points.last, last.step >= step else { return nil }
        let index = index(from: step)
        if points[index].step == step { return points[index].value }
        return index > 0 ? points[index - 1].value : nil
    }

    /// The last point whose value was better by more than `delta` than the best before it, and how many points came
    /// after it; nil where there is no point.
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
