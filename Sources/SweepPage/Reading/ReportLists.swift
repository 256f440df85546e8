import SweepStore

/// What trials reported of the sweep's metric: for each the reports that count, in the order of steps, and fewer of
/// them where all would make the page large.
struct ReportLists: Sendable {
    private(set) var lists: [[SweepStore.Report]] = []
    /// How many counted before any was left out.
    private(set) var all = 0
    /// About how many are kept of a trial; nil for all.
    private let limit: Int?

    /// More reports than these, of all trials, are thinned.
    private static let maxCount = 100_000

    /// - Parameters:
    ///   - trials: how many there are.
    ///   - reports: how many are stored, also those that a later attempt has repeated.
    init(trials: Int, reports: Int) {
        limit = reports > Self.maxCount ? max(2, Self.maxCount / max(1, trials)) : nil
        lists.reserveCapacity(trials)
    }

    /// How many are kept.
    var count: Int { lists.reduce(0) { $0 + $1.count } }

    /// Takes in the reports of the next trial.
    ///
    /// - Parameters:
    ///   - reports: those that count, in the order of arrival. Where a step was reported again, the last one is kept.
    ///   - decided: the steps at which something was decided, whose reports are kept.
    mutating func add(_ reports: [SweepStore.Report], keeping decided: Set<Int>) {
        var byStep: [Int: Double] = [:]
        for report in reports { byStep[report.step] = report.value }
        var sorted: [SweepStore.Report] = byStep.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        all += sorted.count
        if let limit, sorted.count > limit {
            let stride = (sorted.count + limit - 1) / limit
            let last = sorted.count - 1
            sorted = sorted.enumerated()
                .filter { $0.offset % stride == 0 || $0.offset == last || decided.contains($0.element.step) }
                .map(\.element)
        }
        lists.append(sorted)
    }
}
