import Foundation
import RandomStreams
import SweepFile
import SweepModel
import SweepSearch
import SweepStore

/// Chooses the values of each trial. They are a function of the sweep and of what has happened in it: whatever is kept
/// from one trial to the next only saves time.
///
///     var planner = TrialPlanner(sweep: sweep)
///     let plan = try planner.plan(after: TrialHistory(of: sweep), queued: nil, at: now)
///     // plan?.trial.number == 0, plan?.trial.state == .waiting; nil: nothing is left to be tried
///
/// Two random streams belong to each trial, one for its values and one for the seed that its trainer gets, unless it
/// was enqueued with a seed. Both depend on the sampler's seed and the trial's number alone. A trial planned after a
/// crash therefore gets the numbers that it would have got without one. Only where trials are many and short, and the
/// sweep is not reproducible, a plan may have been made for another number: see `Suggestions`.
struct TrialPlanner: Sendable {
    /// A trial as it is to be stored.
    struct Plan: Sendable {
        var trial: TrialRecord
        /// Whether the values are those of the trial that was enqueued first.
        var takesQueued: Bool
        /// Nil if the user gave the values, or another trial has them.
        var proposal: TrialProposal?
    }

    let sweep: Sweep
    /// What other sweeps have found out.
    private let lessons: [Lesson]
    /// How far the grid has been looked through.
    private var scan: GridSampler.Scan?

    init(sweep: Sweep, lessons: [Lesson] = []) {
        self.sweep = sweep
        self.lessons = lessons
    }

    /// - Parameters:
    ///   - history: all trials so far, and what the plan may rest on; the new trial's number is their count.
    ///   - queued: the trial that was enqueued first, if there is one.
    ///   - effort: what may be spent on the values.
    /// - Returns: nil if nothing is left to be tried.
    /// - Throws: `AssignmentError` if the enqueued values of this trial are not legal.
    ///
    /// The values come from the first source that has any: the list `enqueue` of the sweep file, in its order; the
    /// queue of `revsweep enqueue` and `rerun`; the configuration that is to be run with another seed; the sampler.
    /// Where the sampler has nothing new, a configuration that has not had all its seeds comes before it once more.
    mutating func plan(
        after history: TrialHistory, queued: QueuedTrial?, effort: Effort = .full, at time: Date
    ) throws -> Plan? {
        let number = history.count
        var random = RandomStream(seed: sweep.sampler.seed, stream: .trialValues, UInt64(number))
        let entry = history.enqueued.next
        let takesQueued = entry == nil && queued != nil
        let given = entry ?? queued?.parameters.valuesByName
        var replicate = given == nil ? history.nextReplicate(of: sweep.budget.trials) : nil
        var proposal =
            given == nil && replicate == nil ? try proposal(after: history, effort, using: &random) : nil
        if given == nil, replicate == nil {
            let proposed = proposal.map { TrialHistory.Proposed.values($0.assignment) } ?? .nothing
            replicate = history.nextReplicate(of: sweep.budget.trials, inPlaceOf: proposed)
            if replicate != nil { proposal = nil }
        }
        let assignment =
            try given.map { try sweep.space.complete($0, using: &random) } ?? replicate?.assignment
            ?? proposal?.assignment
        guard let assignment else { return nil }
        var trial = TrialRecord(
            number: number, origin: given == nil ? .sampled : .enqueued,
            seed: (takesQueued ? queued?.seed : nil) ?? seed(ofTrial: number),
            parameters: assignment.mapValues { sweep.written.shown($1, of: $0) }, created: time)
        if takesQueued { trial.source = queued?.rerunOf.map { .init(trial: $0) } }
        if let replicate { trial.source = .init(trial: replicate.first) }
        return Plan(
            trial: trial, takesQueued: takesQueued,
            proposal: proposal.map {
                TrialProposal(
                    $0, trial: number, metric: sweep.metric, ended: history.observations.count,
                    pending: history.pending.count)
            })
    }

    /// The seed that the trainer of a trial is given.
    private func seed(ofTrial number: Int) -> UInt64 {
        var seeds = RandomStream(seed: sweep.sampler.seed, stream: .trainerSeed, UInt64(number))
        return seeds.next() >> 33
    }

    /// The same values for a trial of another number: a plan that was made ahead, and before which another trial came.
    func renumbered(_ plan: Plan, _ number: Int) -> Plan {
        if plan.trial.number == number { return plan }
        var plan = plan
        plan.trial.number = number
        plan.trial.seed = seed(ofTrial: number)
        plan.proposal?.trial = number
        return plan
    }

    /// Values by the sampler that the file names.
    ///
    /// Where there are constraints, up to 20 suggestions are drawn until one satisfies them; if none does, the values
    /// are drawn from the legal ones.
    ///
    /// - Returns: nil if the grid has no point left.
    private mutating func proposal(
        after history: TrialHistory, _ effort: Effort, using random: inout RandomStream
    ) throws -> Proposal? {
        let isOne = sweep.objectives.areOne
        // Beside bounds, what a trial would have ended with by the metric alone says too little.
        let areEstimated = isOne && sweep.sampler.name.learns
        let observations = areEstimated ? history.observations.estimatingPruned() : history.observations
        let pending = history.pending
        if let opening = lessons.opening(at: history.sampled, after: observations, pending: pending) {
            return Proposal(opening, by: .transfer)
        }
        let sampler: any Sampler
        let seed = sweep.sampler.seed
        switch sweep.sampler.name {
        case .auto where !isOne:
            sampler = ObjectivesSampler(
                by: effort == .little ? .tpe : .process(maxTrials: AutoSampler.maxTrials), seed: seed)
        case .gp where !isOne: sampler = ObjectivesSampler(by: .process(maxTrials: GPSampler().maxTrials), seed: seed)
        case .tpe where !isOne: sampler = ObjectivesSampler(by: .tpe, seed: seed)
        case .auto: sampler = AutoSampler(seed: seed, effort: effort, lessons: lessons)
        case .random: sampler = RandomSampler()
        case .grid:
            let grid = GridSampler(pointsOfContinuum: sweep.sampler.points ?? 1)
            var scan = scan ?? GridSampler.Scan(grid, of: sweep.space)
            defer { self.scan = scan }
            return try scan.next(given: observations, pending: pending).map { Proposal($0, by: .grid) }
        case .sobol: sampler = SobolSampler(seed: seed)
        case .tpe: sampler = TPESampler(seed: seed)
        case .cmaes: sampler = CMAESSampler(seed: seed)
        case .gp: sampler = GPSampler(seed: seed, lessons: lessons)
        case .nsga2: sampler = NSGA2Sampler(seed: seed)
        }
        // Whatever the sampler makes of constraints, no trial violates one.
        var last: Proposal?
        let assignment = sweep.space.feasible(
            of: sweep.space.constraints.isEmpty ? 1 : 20, using: &random
        ) { random in
            let proposal = sampler.propose(from: sweep.space, given: observations, pending: pending, using: &random)
            last = proposal
            return proposal.assignment
        }
        guard let last, last.assignment == assignment else { return Proposal(assignment, by: .random, .constraints) }
        return last
    }
}
