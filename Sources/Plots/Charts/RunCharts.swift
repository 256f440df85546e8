/// When a worker was busy with a trial, in seconds from the start of the sweep.
public struct ChartAttempt: Sendable, Hashable {
    public var worker: String
    public var start: Double
    public var end: Double
    public var outcome: Outcome

    public init(worker: String, start: Double, end: Double, outcome: Outcome) {
        self.worker = worker
        self.start = start
        self.end = end
        self.outcome = outcome
    }
}

extension Figure {
    /// What each worker did when: gaps are idle workers.
    ///
    /// The workers stand in the order in which they first appear, and time begins at zero unless an attempt
    /// began before. A trial that was interrupted and ran again has one bar for each attempt.
    public static func timeline(_ attempts: [ChartAttempt]) -> Figure {
        var workers: [String: Int] = [:]
        var names: [String] = []
        for attempt in attempts where workers[attempt.worker] == nil {
            workers[attempt.worker] = names.count
            names.append(attempt.worker)
        }
        let marks: [Mark] = Outcome.allCases.compactMap { outcome in
            let shown = attempts.filter { $0.outcome == outcome }
            guard !shown.isEmpty else { return nil }
            return .intervals(
                Intervals(
                    outcome.name, rows: shown.map { Double(workers[$0.worker] ?? 0) }, starts: shown.map(\.start),
                    ends: shown.map(\.end), paint: outcome.paint))
        }
        let isFromZero = attempts.allSatisfy { !($0.start < 0) }
        return Figure(
            title: "Timeline of workers",
            description:
                "\(ChartParts.count(attempts.count, "attempt")) of \(ChartParts.count(names.count, "worker")).",
            height: 120 + 26 * Double(min(max(names.count, 2), 60)),
            panels: [
                Panel(
                    x: Axis("time since the start", kind: .time, from: isFromZero ? 0 : nil),
                    y: Axis(kind: .categories(names), isInverted: true), marks: marks)
            ])
    }

    /// What trials had reached at the rungs of a pruner, and which of them went on.
    ///
    /// Within a rung the trials stand beside each other from the best to the worst, so that the cut can be
    /// seen. Values that a logarithmic axis has no place for are left out, and the note says how many.
    ///
    /// - Parameter rungs: for each its resource (such as the epoch), and its trials' values with whether they
    ///   went on.
    public static func rungs(
        _ rungs: [(resource: Double, trials: [(value: Double, goesOn: Bool)])], metric: String, goal: Goal,
        isLog: Bool = false
    ) -> Figure {
        var places: [Bool: (x: [Double?], y: [Double?])] = [true: ([], []), false: ([], [])]
        for (index, rung) in rungs.enumerated() {
            let shown = rung.trials.filter { $0.value.isFinite && (!isLog || $0.value > 0) }
            let sorted = shown.sorted { goal.prefers($0.value, to: $1.value) }
            for (rank, trial) in sorted.enumerated() {
                let across = sorted.count > 1 ? Double(rank) / Double(sorted.count - 1) - 0.5 : 0
                places[trial.goesOn]?.x.append(Double(index) + across * 0.7)
                places[trial.goesOn]?.y.append(trial.value)
            }
        }
        let names = rungs.map { NumberText.short($0.resource) }
        let all = rungs.flatMap { $0.trials.map(\.value) }
        let ends = isLog ? (low: nil, high: nil) : ChartParts.end(of: all, goal: goal)
        let size = ChartParts.pointSize(all.count)
        let marks: [Mark] = [(false, "stopped", Outcome.pruned), (true, "goes on", .complete)].compactMap {
            key, name, look in
            guard let spots = places[key], !spots.x.isEmpty else { return nil }
            return .points(
                Points(name, x: spots.x, y: spots.y, symbol: look.symbol, size: size, paint: look.paint))
        }
        return Figure(
            title: "Rungs", description: "\(metric) of the trials at each of \(ChartParts.count(rungs.count, "rung")).",
            panels: [
                Panel(
                    x: Axis("rung", kind: .categories(names)),
                    y: Axis(metric, kind: isLog ? .log : .linear, from: ends.low, to: ends.high), marks: marks)
            ], note: isLog ? ChartParts.withoutPlace(all, "value") : "")
    }
}
