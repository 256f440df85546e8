import GRDB

/// From which step on the later attempts of trials replace what earlier ones reported.
///
/// A trainer that resumes at step 5 repeats what came after. An attempt begins at the step of its first report, also if
/// that lacks the metric, or at that of its first report of the metric if that is smaller: some trainers count the
/// steps of one and not of the other, and only the metric's own count tells where it is.
///
///     attempt 1    step 1: 0.9    step 2: 0.7    step 3: 0.6
///     attempt 2                   step 2: 0.8                   it resumed from its checkpoint of step 1
///     the curve    step 1: 0.9    step 2: 0.8
///
/// In this example:
///
///     let starts = try AttemptStarts(database, ofTrial: 7)
///     starts.isReplaced("loss", at: 3, ofTrial: 7, attempt: 1)     // true
///     starts.isReplaced("loss", at: 1, ofTrial: 7, attempt: 1)     // false
struct AttemptStarts {
    private struct Start {
        let attempt: Int
        /// Of the first report, whatever is in it.
        let step: Int
        /// Of the first report of each metric.
        var steps: [String: Int] = [:]
    }

    /// By trial, of its attempts behind the first, as far as they have reported anything.
    private var starts: [Int: [Start]] = [:]

    /// - Parameters:
    ///   - trial: the only trial to be asked for; nil for all.
    ///   - metric: the only metric to be asked for; nil for all.
    /// - Throws: what GRDB throws, and `SweepStoreError` for a row that is not as it should be.
    init(_ database: Database, ofTrial trial: Int? = nil, metric: String? = nil) throws {
        let hasLater =
            if let trial {
                try Bool.fetchOne(database, sql: "SELECT attempt > 1 FROM trial WHERE number = ?", arguments: [trial])
            } else {
                try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM trial WHERE attempt > 1)")
            }
        guard hasLater ?? false else { return }
        // The step is that of the row with the least number, as SQLite has it beside `min`.
        try StoredRow.forEach(
            database, "metric",
            sql: """
                SELECT trial, attempt, name, step, min(id) AS id FROM metric
                WHERE attempt > 1 \(trial.map { "AND trial = \($0)" } ?? "")
                GROUP BY trial, attempt, name ORDER BY min(id)
                """
        ) { row in
            let (trial, attempt) = (try row.integer("trial"), try row.integer("attempt"))
            let (name, step) = (try row.text("name"), try row.integer("step"))
            var found = starts[trial] ?? []
            if found.last?.attempt != attempt { found.append(Start(attempt: attempt, step: step)) }
            if metric == nil || metric == name { found[found.count - 1].steps[name] = step }
            starts[trial] = found
        }
    }

    /// Whether what an attempt reported of a metric at a step does not count any more, as a later one replaces it.
    func isReplaced(_ metric: String, at step: Int, ofTrial trial: Int, attempt: Int) -> Bool {
        starts[trial]?.contains { $0.attempt > attempt && min($0.step, $0.steps[metric] ?? .max) <= step } ?? false
    }
}
