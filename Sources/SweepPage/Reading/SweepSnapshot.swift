import Foundation
import SweepExchange
import SweepFile
import SweepModel
import SweepReport
import SweepStore

/// All of a sweep that is shown, as it was at one moment.
///
/// The page's data and its still pictures are made from one of these. It is read once and in one transaction, so that
/// both agree, and a list of decisions never speaks of a trial that is not there, while a planner goes on storing.
///
///     let snapshot = try SweepSnapshot(store, file, record)
///     let figure = SweepPicture.history.figure(PictureData(snapshot))
public struct SweepSnapshot: Sendable {
    let file: SweepFile
    let record: SweepRecord
    /// In the order of their numbers, from 0. All lists of lists below have an element for each of them.
    let trials: [TrialRecord]
    /// What each trial reported of the sweep's metric, in the order of steps.
    let reports: ReportLists
    /// What was decided about each trial, in order.
    let decisions: [[TrialDecision]]
    let attempts: [[PlacedAttempt]]
    /// Who proposed the trials, of those of which it is stored.
    let proposals: [TrialProposal]
    /// The first start of a trial, or when the sweep was made: the time 0 of attempts.
    let start: Date
    /// When the last thing happened that is stored.
    let end: Date
    /// The last values of the first other metrics, by trial.
    let metrics: [(name: String, values: [Int: Double])]
    /// The parameters' distributions as Optuna stores them, as JSON, by name.
    let optuna: [String: String]
    let timeRun: Duration

    /// How many other metrics are shown.
    static let maxMetrics = 8

    /// - Parameters:
    ///   - file: the sweep file that is stored.
    ///   - record: what the store says of the sweep itself.
    /// - Throws: `SweepStoreError`, or `DiagnosticsError` if the stored sweep file is not legal.
    public init(_ store: SweepStore, _ file: SweepFile, _ record: SweepRecord) throws {
        self = try store.inOneState { try SweepSnapshot(reading: $0, file, record) }
    }

    private init(reading store: SweepStore, _ file: SweepFile, _ record: SweepRecord) throws {
        self.file = file
        self.record = record
        let metric = file.sweep.metric.name
        let decisions = Dictionary(grouping: try store.decisions(), by: \.trial)
        var trials: [TrialRecord] = []
        var reports = ReportLists(
            trials: try store.trialCount(), reports: try store.reportCount(ofMetric: metric))
        _ = try store.forEachTrial(reporting: metric) { trial, reported in
            reports.add(reported, keeping: Set((decisions[trial.number] ?? []).map(\.step)))
            trials.append(trial)
        }
        self.trials = trials
        self.reports = reports
        self.decisions = trials.map { decisions[$0.number] ?? [] }
        let events = try store.events()
        start = events.first { $0.kind == .trialStarted || $0.kind == .trialAsked }?.time ?? record.created
        end = events.map(\.time).max() ?? record.created
        proposals = try store.proposals()
        attempts = PlacedAttempt.all(in: events, trials: trials.count)
        metrics = try store.metricNames().filter { $0 != metric }.prefix(Self.maxMetrics).map { name in
            (name, try store.lastValues(ofMetric: name))
        }
        optuna = try StudyExport(of: store, file).distributions
        timeRun = try store.timeRun()
    }

    /// The parameters of which there are different values.
    var varying: Set<String> { Set(ParameterNames.varying(record.parameterNames, over: trials)) }
}
