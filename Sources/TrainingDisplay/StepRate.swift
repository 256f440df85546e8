/// How fast steps are done, measured over the last ten seconds.
///
/// Evaluations between epochs count, so that what is left of a run is not estimated too short. It is told how far the
/// run is at most ten times a second, whatever the number of steps.
///
///     var rate = StepRate()
///     rate.note(steps: 100, at: .seconds(1))
///     rate.note(steps: 400, at: .seconds(2))
///     rate.stepsPerSecond     // 300
struct StepRate: Sendable {
    private static let window = Duration.seconds(10)

    /// Ascending; the first two at least are kept, however old they are: a step may take minutes.
    private var notes: [(steps: Int, time: Duration)] = []

    /// - Parameters:
    ///   - steps: all that were done since the run began.
    ///   - time: since any moment, the same for all calls.
    mutating func note(steps: Int, at time: Duration) {
        if let last = notes.last, steps <= last.steps || time <= last.time { return }
        notes.append((steps, time))
        while notes.count > 2, time - notes[0].time > Self.window { notes.removeFirst() }
    }

    /// Nil until it can be told.
    var stepsPerSecond: Double? {
        guard let first = notes.first, let last = notes.last, last.time > first.time else { return nil }
        return Double(last.steps - first.steps) / ((last.time - first.time) / .seconds(1))
    }
}
