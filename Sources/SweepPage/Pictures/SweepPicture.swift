import Foundation
import Plots
import SweepModel
import SweepReport

/// A still picture of a sweep: the plots of the report page, for papers and for readers without a script.
///
///     let data = PictureData(try SweepSnapshot(store, file, record))
///     let figure = SweepPicture.history.figure(data)
///     print(figure.svg(on: .card))
public enum SweepPicture: String, Sendable, CaseIterable {
    case history, front, intermediate, parallel, slice, contour, rank, edf, timeline, duration, importance, dependence,
        failures, rungs

    /// How much a picture may draw. What it leaves out is a part of the trials, chosen so that it looks the same, and
    /// its note says so.
    public enum Room: Sendable {
        /// In a file of its own.
        case file
        /// Beside the data of a page, of which the pictures are to be a small part.
        case page

        var points: Int { self == .file ? 20_000 : 1_500 }
        var curves: Int { self == .file ? 1_000 : 120 }
    }

    /// What it shows, in one line.
    public var words: String {
        switch self {
        case .history: "the value of every trial, and the best so far"
        case .front: "two metrics against each other, with the trials that no other one dominates, and bounds"
        case .intermediate: "what each trial reported, step by step"
        case .parallel: "a line for each trial over all parameters"
        case .slice: "each parameter against the metric"
        case .contour: "the two most important parameters, and the metric as a colour"
        case .rank: "the same two, and the rank of each trial as a colour"
        case .edf: "which part of the trials is at least as good as a value"
        case .timeline: "which trial ran when"
        case .duration: "how long a trial took, against its value"
        case .importance: "which parameters matter, by PED-ANOVA"
        case .dependence: "what a model expects of the metric along each parameter"
        case .failures: "why trials failed"
        case .rungs: "what the pruner compared, and who went on"
        }
    }

    /// The picture of one sweep; with nothing in it where the sweep has nothing to show.
    ///
    /// - Parameters:
    ///   - isLog: whether the axis of the metric is logarithmic.
    ///   - room: how much may be drawn where there are many trials.
    ///   - axes: for `front` the names of the metrics that it shows, of `PictureData.frontAxes`; empty: the usual ones.
    public func figure(
        _ data: PictureData, isLog: Bool = false, room: Room = .file, axes: [String] = []
    ) -> Figure {
        let (metric, goal) = (data.metric.name, data.goal)
        switch self {
        case .history:
            return .history(
                values: data.values, outcomes: data.outcomes, excluded: data.breakingBounds, metric: metric,
                goal: goal, isLog: isLog, limit: room.points)
        case .front:
            return .front(
                data.chartObjectives(named: axes, isLog: isLog), standings: data.standings,
                isOfOne: !data.objectives.areSeveral, limit: room.points)
        case .intermediate:
            return .intermediateValues(
                data.curves, excluded: data.curvesBreakingBounds, step: "step", metric: metric, goal: goal,
                isLog: isLog, limit: room.curves)
        case .parallel:
            return .parallelCoordinates(
                parameters: data.parameters, values: data.completeValues, metric: metric, goal: goal, isLog: isLog)
        case .slice: return slices(data, isLog: isLog, room: room)
        case .contour, .rank:
            let pair = data.mostImportant.prefix(2)
            guard let first = pair.first, let second = pair.last, pair.count == 2 else {
                return slicesForWantOfTwo(data, isLog: isLog, room: room)
            }
            return self == .rank
                ? .rank(first, second, values: data.completeValues, metric: metric, goal: goal)
                : .contour(first, second, values: data.completeValues, metric: metric, goal: goal, isLog: isLog)
        case .edf:
            return .distribution(
                [(data.name, data.completeValues.compactMap(\.self))], metric: metric, goal: goal, isLog: isLog)
        case .timeline: return .timeline(data.attempts)
        case .duration:
            return .durations(
                data.trials.map(\.seconds), values: data.values, outcomes: data.outcomes, metric: metric, goal: goal,
                isLog: isLog)
        case .importance:
            let bars = data.ranking.rows.map { row in
                ChartImportance(
                    row.name, row.share,
                    interval: Bars.Whisker(low: row.interval.lowerBound, high: row.interval.upperBound))
            }
            return .importance(bars, method: "PED-ANOVA", metric: metric)
        case .dependence: return .partialDependence(data.dependences, metric: metric, band: "nine in ten")
        case .failures: return .failures(data.failures)
        case .rungs: return .rungs(data.rungs, metric: metric, goal: goal, isLog: isLog)
        }
    }

    private func slices(_ data: PictureData, isLog: Bool, room: Room) -> Figure {
        .slices(
            parameters: data.parameters, values: data.completeValues, excluded: data.breakingBounds,
            metric: data.metric.name, goal: data.goal, isLog: isLog,
            limit: room.points / max(2, data.parameters.count / 2))
    }

    /// What is shown where there are not two parameters for a picture of two.
    private func slicesForWantOfTwo(_ data: PictureData, isLog: Bool, room: Room) -> Figure {
        var figure = slices(data, isLog: isLog, room: room)
        let reason =
            data.parameters.count < 2
            ? "fewer than two parameters vary" : "too few trials are complete to tell which two parameters matter most"
        figure.note = figure.note.isEmpty ? reason : "\(reason); \(figure.note)"
        return figure
    }
}
