/// Which trials a picture draws where it has room for a part of them: the same ones each time.
///
///     let sample = ChartSample(values: values, outcomes: outcomes, limit: 2_000)
///     sample.note()           // "drawn: 2003 of 10000 trials, with the first, the last, the best and the worst"
///
/// The first and the last trial are always among them, and the lowest and the highest value: those of all trials, and
/// those of the trials that may be the best, which need not be the same, since a trial that was pruned or breaks a
/// bound may have a better value. Of the others, each outcome has its part, and all parts of the sweep have theirs: the
/// trials of an outcome are cut into runs of equal length, and one of each run is drawn. Which one of a run follows
/// from the number of the run alone, without a period that could meet one of the trials, such as three seeds in turn.
struct ChartSample {
    /// In the order of the trials.
    let indices: [Int]
    private let count: Int
    /// Whether the best and the worst are among them.
    private let hasBest: Bool

    /// - Parameters:
    ///   - values: one for each trial, or for each of those that may be drawn.
    ///   - outcomes: one for each of them; where there are none, they are all alike.
    ///   - mayBeBest: whether the one at a place in the values may be called the best, if its value is.
    ///   - limit: how many are drawn. It may be passed by the few that are always drawn.
    init(
        values: [Double?], outcomes: [Outcome] = [], mayBeBest: (Int) -> Bool = { _ in true }, limit: Int
    ) {
        count = values.count
        guard count > max(limit, 1) else {
            indices = Array(values.indices)
            hasBest = true
            return
        }
        var chosen: Set<Int> = [0, count - 1]
        let finite = values.indices.filter { values[$0]?.isFinite == true }
        let comparable = finite.filter(mayBeBest)
        hasBest = !comparable.isEmpty
        for places in [finite, comparable] {
            if let lowest = places.min(by: { (values[$0] ?? 0) < (values[$1] ?? 0) }) { chosen.insert(lowest) }
            if let highest = places.max(by: { (values[$0] ?? 0) < (values[$1] ?? 0) }) { chosen.insert(highest) }
        }
        for outcome in Outcome.allCases {
            let members =
                outcomes.isEmpty
                ? (outcome == .complete ? Array(values.indices) : [])
                : values.indices.filter { $0 < outcomes.count && outcomes[$0] == outcome }
            guard !members.isEmpty else { continue }
            // Rounded up, so that a few failures among thousands are seen.
            let runs = (members.count * max(limit, 1) + count - 1) / count
            for run in 0..<runs {
                let (start, end) = (run * members.count / runs, (run + 1) * members.count / runs)
                if start < end { chosen.insert(members[start + Self.place(run, in: end - start)]) }
            }
        }
        indices = chosen.sorted()
    }

    /// A place in a run of so many, the same each time.
    private static func place(_ run: Int, in length: Int) -> Int {
        var mixed = UInt64(truncatingIfNeeded: run) &* 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        return Int((mixed ^ (mixed >> 31)) % UInt64(length))
    }

    /// What is drawn; nothing where that is all.
    func note(_ noun: String = "trial") -> String {
        if indices.count == count { return "" }
        let always = hasBest ? "the first, the last, the best and the worst" : "the first and the last"
        return "drawn: \(indices.count) of \(ChartParts.count(count, noun)), with \(always)"
    }

    /// The elements that are drawn, of a list with one for each trial.
    func part<Element>(of list: [Element]) -> [Element] { indices.filter(list.indices.contains).map { list[$0] } }
}
