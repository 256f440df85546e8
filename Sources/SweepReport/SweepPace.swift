/// How fast a sweep goes, and how long it will still take.
///
///     var pace = SweepPace(parallel: 4, before: .zero, began: start)
///     pace.attemptEnded(lasted: .seconds(10), isFinal: true)
///     pace.left(trials: 41, running: [.seconds(2)], budget: nil, at: start + .seconds(10))    // about 100 seconds
///
/// It keeps sums and no trials, so it does not grow.
struct SweepPace: Sendable {
    private let parallel: Int
    private let before: Duration
    private let began: SuspendingClock.Instant
    /// How long all attempts of this run took together.
    private var spent = Duration.zero
    /// How many trials have ended in this run.
    private var ended = 0

    /// - Parameters:
    ///   - parallel: how many trials run at once.
    ///   - before: how long earlier runs of the sweep took.
    init(parallel: Int, before: Duration, began: SuspendingClock.Instant) {
        self.parallel = max(1, parallel)
        self.before = before
        self.began = began
    }

    /// - Parameter isFinal: whether the trial is over. The time of an attempt that is repeated counts, too: it is part
    ///   of what a trial costs.
    mutating func attemptEnded(lasted: Duration?, isFinal: Bool) {
        spent += lasted ?? .zero
        if isFinal { ended += 1 }
    }

    /// How long planners have worked on the sweep.
    func timeRun(at time: SuspendingClock.Instant) -> Duration { before + (time - began) }

    /// How many trials end in an hour; nil before the first.
    func perHour(at time: SuspendingClock.Instant) -> Double? {
        let hours = (time - began) / .seconds(3600)
        return ended > 0 && hours > 0 ? Double(ended) / hours : nil
    }

    /// The time until the last trial ends or the time budget is spent; nil where neither can be told.
    ///
    /// - Parameters:
    ///   - trials: how many have not ended, those that run included.
    ///   - running: how long each of these has run.
    func left(
        trials: Int?, running: [Duration], budget: Duration?, at time: SuspendingClock.Instant
    ) -> Duration? {
        let ofBudget = budget.map { max(.zero, $0 - timeRun(at: time)) }
        guard let trials, trials > 0, ended > 0 else { return ofBudget }
        let each = spent / ended
        let rests = running.map { max(.zero, each - $0) }
        let waiting = each * max(0, trials - running.count)
        // As if the slots shared the work evenly, and at least as long as the last of the running trials.
        let ofTrials = max((rests.reduce(.zero, +) + waiting) / parallel, rests.max() ?? .zero)
        return ofBudget.map { min($0, ofTrials) } ?? ofTrials
    }
}
