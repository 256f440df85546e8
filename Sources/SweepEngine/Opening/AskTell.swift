import Foundation
import SweepFile
import SweepModel
import SweepSearch
import SweepStore
import TrialProtocol

/// Why there is no trial to be asked for.
public enum AskError: Error, Sendable, Hashable, CustomStringConvertible {
    /// As many trials as the budget has are planned.
    case noTrialLeft(budget: Int)
    /// As many trials have failed as the budget allows.
    case tooManyFailures(Int)
    /// A trial has reached the budget's target.
    case targetReached(Double)
    /// Every point of the grid has been tried, or is being tried.
    case everythingTried
    /// The same, and the outcome of a trial that runs may show that one is worth another seed.
    case waitsForOutcomes
    /// A reproducible sweep plans a trial only when the trial as many numbers before it as the lag says has ended.
    case waits(trial: Int, forTrial: Int)

    public var description: String {
        switch self {
        case .noTrialLeft(let budget): "the budget's \(budget) trials are all planned"
        case .tooManyFailures(let count): "\(count) trials failed, the most that the budget allows"
        case .targetReached(let target): "the metric has reached the budget's target, \(target)"
        case .everythingTried: "every point of the grid has been tried"
        case .waitsForOutcomes:
            "every point of the grid has been tried; whether one is run with another seed depends on trials that run"
        case .waits(let trial, let other):
            "trial \(trial) rests on the outcome of trial \(other), which has not ended: the sweep is reproducible"
        }
    }
}

/// Why an outcome cannot be told.
public enum TellError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There is no trial with this number; `count` is how many there are.
    case noSuchTrial(Int, count: Int)
    /// None of the reports holds the sweep's metric, or one that the sweep bounds.
    case noMetric(String, isBounded: Bool = false)
    /// The trial runs, and was not asked for: a planner has started it.
    case notAsked(Int)

    public var description: String {
        switch self {
        case .noSuchTrial(let number, let count):
            "there is no trial \(number): \(count == 0 ? "none was asked for yet" : "the last is \(count - 1)")"
        case .noMetric(let name, let isBounded):
            "the report has no '\(name)', \(isBounded ? "which the sweep bounds" : "a metric of the sweep"); "
                + "a trial without one has --failed REASON"
        case .notAsked(let number):
            "trial \(number) was not asked for: a planner was running it, and runs it again when the sweep is resumed"
        }
    }
}

/// How a trial ended that another program ran.
public enum ToldOutcome: Sendable {
    /// The reports say how it ended: with a value, or diverged.
    case reported
    /// The other program says that the trial failed; its reports are stored all the same.
    case failed(reason: String)
    /// The other program has stopped it early; its value is that of its reports, if there are any.
    case pruned(reason: String)
}

/// Trials that are planned and stored here, and run by another program. This process holds the sweep's lock
/// meanwhile.
///
///     let trial = try await sweep.ask(at: Date())                  // trial.number == 7, trial.state == .running
///     let loss = measure(trial.parameters)
///     let told = try await sweep.tell(7, [MetricReport(metrics: [.init("loss", loss)])], at: Date())
///     // told.state == .complete, told.value == loss
extension OpenSweep {
    /// The next trial, which is then running: one that waits to be run again, or a new one.
    ///
    /// - Throws: `AskError` if there is none, or what the store throws.
    public func ask(at time: Date) async throws -> TrialRecord {
        var trials = try store.trials()
        let sweep = file.sweep
        if let most = sweep.budget.failures, trials.count(where: { $0.state == .failed }) >= most {
            throw AskError.tooManyFailures(most)
        }
        if let target = sweep.budget.target, trials.contains(where: sweep.reachesTarget) {
            throw AskError.targetReached(target)
        }
        // One that has paused at a rung is not to be run before it is promoted, which only a planner does.
        func isDue(_ trial: TrialRecord) -> Bool { trial.state == .waiting && trial.reason?.kind != .paused }
        if !trials.contains(where: isDue) {
            let queued = try store.nextQueued()
            let plan = try plan(after: trials, queued: queued, at: time)
            let planned = plan.trial
            try await store.plan(planned, proposal: plan.proposal, from: plan.takesQueued ? queued : nil)
            trials.append(planned)
        }
        guard var trial = trials.first(where: isDue) else { throw AskError.everythingTried }
        trial.attempt = try await store.start(trial.number, as: .trialAsked, at: time)
        trial.state = .running
        trial.started = time
        return trial
    }

    /// Takes a trial back that was asked for, but could not be handed over: it is the next to be given out.
    public func takeBack(_ trial: TrialRecord, at time: Date) async throws {
        try await store.end(trial.number, .interrupted, metrics: [], at: time)
    }

    /// Plans the next trial as a run of the sweep would plan it. All trials are gone through each time, since no
    /// planner keeps their history from one call to the next.
    private func plan(
        after trials: [TrialRecord], queued: QueuedTrial?, at time: Date
    ) throws -> TrialPlanner.Plan {
        let number = trials.count
        if let most = file.sweep.budget.trials, number - trials.count(where: \.isImported) >= most {
            throw AskError.noTrialLeft(budget: most)
        }
        if let lag = record.lag, let open = trials.first(where: { !$0.state.isFinal })?.number, open <= number - lag {
            throw AskError.waits(trial: number, forTrial: open)
        }
        // Outcomes that are known early do not count in a reproducible sweep.
        let known = record.lag.map { max(0, number - $0 + 1) } ?? number
        let sweep = file.sweep
        var history = TrialHistory(of: sweep)
        let curves = sweep.pruning == nil ? [:] : try store.curves(ofMetric: sweep.metric.name)
        for trial in trials { history.append(trial, progress: sweep.progress(curves[trial.number] ?? [])) }
        history.learn(trials.prefix(known).filter(\.state.isFinal).map { .init(trial: $0.number, .ended) })
        var planner = TrialPlanner(sweep: sweep, lessons: try store.lessons(for: sweep))
        let planned = try planner.plan(after: history, queued: queued, at: time)
        guard let planned else {
            let mayComeMore = sweep.replicates != nil && trials.contains { $0.state == .running }
            throw mayComeMore ? AskError.waitsForOutcomes : AskError.everythingTried
        }
        return planned
    }

    /// Ends a running trial with what it reported, in the order of its steps; where reports have no step, those of
    /// the metric are counted.
    ///
    /// A metric that is not a finite number makes it `diverged`. A failure is tried again as the sweep's `retry` has
    /// it.
    ///
    /// - Returns: the trial as it is now.
    /// - Throws: `TellError`; or `SweepStoreError.staleState` if the trial is not running: nothing is then written.
    public func tell(
        _ number: Int, _ reports: [MetricReport], _ outcome: ToldOutcome = .reported, at time: Date
    ) async throws -> TrialRecord {
        guard var trial = try store.trial(number) else {
            throw TellError.noSuchTrial(number, count: try store.trialCount())
        }
        if trial.state == .running, try !store.askedTrials().contains(number) { throw TellError.notAsked(number) }
        var steps = StepCount()
        let metrics = reports.flatMap { report in
            let step = steps.take(report, of: file.sweep.metric).step
            return report.metrics.map {
                MetricRecord(trial: number, attempt: trial.attempt, step: step, name: $0.name, value: $0.value)
            }
        }
        let ending = try ending(of: trial, reports, outcome)
        try await store.end(number, ending, metrics: metrics, at: time)
        trial.end(ending, at: time)
        return trial
    }

    /// What was told means this for the trial.
    ///
    /// - Throws: `TellError.noMetric` for a trial that is to be complete and has no value.
    private func ending(
        of trial: TrialRecord, _ reports: [MetricReport], _ outcome: ToldOutcome
    ) throws -> TrialEnding {
        let metric = file.sweep.metric
        let values = reports.compactMap { $0[metric.name] }
        var further = FurtherMetrics(file.sweep.objectives, after: EarlierAttempts())
        let areFinite = reports.map { further.take($0) }
        if !values.allSatisfy(\.isFinite) || !areFinite.allSatisfy(\.self) {
            return .diverged
        }
        let value = metric.value(of: values)
        switch outcome {
        case .reported:
            guard let value else { throw TellError.noMetric(metric.name) }
            guard let others = further.values else {
                let missing = further.missing ?? metric.name
                throw TellError.noMetric(
                    missing, isBounded: !file.sweep.objectives.metrics.contains { $0.name == missing })
            }
            return .complete(value, further: others)
        case .pruned(let reason): return TrialEnding(.pruned, .pruned(reason), value: value)
        case .failed(let reason):
            let failures = try store.earlierAttempts(ofTrial: trial.number, metric: metric.name).failures
            let isTriedAgain = file.sweep.retry.triesAgain(after: .told(reason), earlierFailures: failures)
            return TrialEnding(isTriedAgain ? .waiting : .failed, .told(reason))
        }
    }
}
