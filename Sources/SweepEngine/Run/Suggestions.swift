import Foundation
import SweepModel
import SweepSearch
import SweepStore

/// Has the values of trials chosen in tasks of their own: the ends of other trials are stored meanwhile, however long a
/// suggestion takes. One suggestion is made at a time.
///
/// Where trials are many and short, some suggestions are made ahead: see `SuggestionPace`. In a reproducible sweep none
/// are, since a plan there rests on the results of certain trials, and all are made with the full effort.
struct Suggestions {
    /// The turn of a trial that is to be planned.
    struct Turn: Sendable {
        /// The values that the user wants tried, if there are any.
        var queued: QueuedTrial?
    }

    /// What a suggestion is for.
    enum Purpose: Sendable {
        case turn(Turn)
        /// A trial to come.
        case ahead
    }

    /// What a task reports when it is done.
    struct Answer: Sendable {
        fileprivate var planner: TrialPlanner
        fileprivate var effort: Effort
        fileprivate var seconds: Double
        let purpose: Purpose
        /// Nil if nothing is left to be tried.
        let plan: Result<TrialPlanner.Plan?, any Error>
    }

    private let context: SweepContext
    private var planner: TrialPlanner
    private var pace: SuggestionPace
    /// Plans that were made ahead, in the order in which they are used.
    private var prepared: [TrialPlanner.Plan] = []
    /// Whether a task is at work.
    private var isWorking = false
    /// The turn that waits for its plan; nil where none does.
    private(set) var awaited: Turn?

    /// - Parameter lessons: what other sweeps have found out.
    init(_ context: SweepContext, _ lessons: [Lesson]) {
        self.context = context
        planner = TrialPlanner(sweep: context.file.sweep, lessons: lessons)
        pace = SuggestionPace(slots: context.slots.count)
    }

    /// An attempt has ended after so many seconds.
    mutating func noteEnd(lasted seconds: Double) { pace.noteEnd(lasted: seconds) }

    /// A plan for the trial of this number that was made ahead; nil if there is none.
    mutating func takePrepared(for number: Int) -> TrialPlanner.Plan? {
        guard !prepared.isEmpty else { return nil }
        return planner.renumbered(prepared.removeFirst(), number)
    }

    /// Begins a suggestion for the turn that has come, once the one that is being made is done.
    mutating func request(
        _ turn: Turn, after history: TrialHistory, in group: inout DiscardingTaskGroup,
        _ report: @escaping @Sendable (Answer) -> Void
    ) {
        awaited = turn
        // Before the user's values are all tried, more trials end that the plans made ahead do not know.
        if turn.queued != nil { prepared = [] }
        if !isWorking { begin(.turn(turn), after: history, in: &group, report) }
    }

    /// Whether a suggestion for a trial to come is worth it, and nothing else is being made.
    var mayPrepare: Bool {
        !isWorking && awaited == nil && context.lag == nil && context.file.sweep.sampler.name != .grid
            && prepared.count < pace.ahead
    }

    /// Begins a suggestion for a trial to come, if that is worth it.
    mutating func prepare(
        after history: TrialHistory, in group: inout DiscardingTaskGroup, _ report: @escaping @Sendable (Answer) -> Void
    ) {
        let sweep = context.file.sweep
        let number = history.count + prepared.count
        guard mayPrepare, history.enqueued.next == nil, number - history.imported < sweep.budget.trials ?? .max
        else { return }
        begin(.ahead, after: history, in: &group, report)
    }

    private mutating func begin(
        _ purpose: Purpose, after history: TrialHistory, in group: inout DiscardingTaskGroup,
        _ report: @escaping @Sendable (Answer) -> Void
    ) {
        isWorking = true
        var history = history
        var queued: QueuedTrial?
        switch purpose {
        case .turn(let turn): queued = turn.queued
        case .ahead:
            for plan in prepared { history.append(planner.renumbered(plan, history.count).trial) }
        }
        let effort = context.lag == nil ? pace.nextEffort() : .full
        group.addTask { [planner, context, history, queued] in
            let start = SuspendingClock.now
            var planner = planner
            let request = SuggestionRequest { context.isInterrupted() || Task.isCancelled }
            let plan = Result {
                try SuggestionRequest.$current.withValue(request) {
                    try planner.plan(after: history, queued: queued, effort: effort, at: context.now())
                }
            }
            report(
                Answer(
                    planner: planner, effort: effort, seconds: (SuspendingClock.now - start) / .seconds(1),
                    purpose: purpose, plan: plan))
        }
    }

    /// Takes what a task has found.
    ///
    /// - Returns: the plan for the turn that waits, or nothing where none does or where its plan is still to be made.
    mutating func take(_ answer: Answer) -> Result<TrialPlanner.Plan?, any Error>? {
        isWorking = false
        planner = answer.planner
        pace.noteSuggestion(answer.effort, took: answer.seconds)
        switch answer.purpose {
        case .turn:
            awaited = nil
            return answer.plan
        case .ahead:
            // What could not be made ahead is tried again when its turn comes, and is then an error.
            if case .success(let plan?) = answer.plan { prepared.append(plan) }
            return nil
        }
    }

    /// The turn that waited does so no more.
    mutating func withdraw() { awaited = nil }
}
