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

    /// The trial's number.
    public let trial: Int
    /// By increasing step.
    public private(set) var points: [Point]
    /// Whether the trial ran to its end.
    public var isComplete: Bool

    /// - Parameter points: in the order they were reported; see `append`.
    public init(trial: Int, points: [Point] = [], isComplete: Bool = false) {
        self.trial = trial
        self.isComplete = isComplete
        self.points = []
        for point in points { append(point) }
    }

    /// Adds a report. Of a step that is reported twice the last value counts; a report of a step before the last one
    /// comes too late to count.
    public mutating func append(_ point: Point) {
        if let last = points.last, point.step <= last.step {
            if point.step == last.step { points[points.count - 1] = point }
            return
        }
        points.append(point)
    }

    /// Forgets the points from `step` on: a new attempt of the trial does them again.
    public mutating func goBack(to step: Int) {
        points.removeSubrange(index(from: step)...)
    }

    /// The first value at `step` or after it; nil if the trial has not come that far.
    public func value(from step: Int) -> Double? {
        let index = index(from: step)
        return index < points.count ? points[index].value : nil
    }

    /// The value that was the last at `step`; nil if the trial has not come that far.
    public func value(at step: Int) -> Double? {
        guard let last = points.last, last.step >= step else { return nil }
        let index = index(from: step)
        if points[index].step == step { return points[index].value }
        return index > 0 ? points[index - 1].value : nil
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
