import Plots
import SweepModel

/// What pictures show of several objectives and of bounds.
extension PictureData {
    /// The metrics that the axes of `SweepPicture.front` may show: those that the sweep optimizes, then those that it
    /// only bounds. With fewer than two there is no such picture.
    public var frontAxes: [String] { objectives.measured.map(\.name) }

    /// The metrics of the picture of the front; none where there are fewer than two.
    ///
    /// - Parameters:
    ///   - names: which ones are wanted; if that is empty, those that are optimized, and beside a single one those that
    ///     are bounded.
    ///   - isLog: whether all axes are to be logarithmic, where all values are positive. Else that of a metric other
    ///     than the first is if its values span two powers of ten, as numbers of bytes do.
    func chartObjectives(named names: [String], isLog: Bool) -> [ChartObjective] {
        let usual = objectives.areSeveral ? objectives.metrics : objectives.measured
        let wanted = names.compactMap { name in objectives.measured.first { $0.name == name } }
        let metrics = names.isEmpty ? usual : wanted
        return metrics.count < 2 ? [] : metrics.map { chart($0, isLog: isLog) }
    }

    private func chart(_ metric: Metric, isLog: Bool) -> ChartObjective {
        let values = trials.map { trial in
            trial.state == .complete ? objectives.value(of: metric.name, in: trial) : nil
        }
        let known = values.compactMap(\.self)
        let (low, high) = (known.min() ?? 0, known.max() ?? 0)
        let isLog = low > 0 && (isLog || metric != objectives.metric && high / low >= 100)
        let limits = objectives.bounds.filter { $0.metric == metric.name }.map {
            ChartObjective.Limit(at: $0.limit, $0.description)
        }
        return ChartObjective(
            metric.name, goal: metric.goal == .maximize ? .maximize : .minimize,
            isOptimized: objectives.metrics.contains(metric), isLog: isLog, limits: limits, values: values)
    }

    /// How each trial stands; nil for one that is not complete or, since it ran before a change of the file, lacks
    /// a value.
    var standings: [Standing?] {
        let front = Set(objectives.front(of: trials).map(\.number))
        return trials.map { trial in
            if objectives.vector(of: trial) == nil { return nil }
            if front.contains(trial.number) { return .front }
            return objectives.keepsBounds(trial) ? .dominated : .breaksBound
        }
    }

    /// The trials that are complete and cannot be the best, since they break a bound.
    var breakingBounds: Set<Int> {
        if objectives.bounds.isEmpty { return [] }
        return Set(trials.indices.filter { trials[$0].state == .complete && !objectives.keepsBounds(trials[$0]) })
    }
}
