import ConfigFile
import SweepModel

/// Reads `budget`: when the sweep is over. A sweep that would never end is a mistake.
///
///     budget: {trials: 100, time: 8h}         # whichever comes first
///     budget: {trials: 100, failures: 10}     # … or at the tenth trial that failed
///     budget: {failures: 10}                  # refused: 'budget' needs 'trials' or 'time'
struct BudgetReader {
    let problems: DiagnosticCollector
    /// Whether the sampler runs out of trials, as a grid does; then no budget is needed.
    let endsByItself: Bool

    /// Reads `budget: {trials: 100, time: 8h, failures: 10, target: 0.05}`, each of which may be left out.
    ///
    /// `target` is a value of the metric that is good enough. A trainer that works may never reach it, and may never
    /// fail either, so neither ends a sweep for certain.
    func read(_ file: ConfigSection) -> Budget {
        let section = file.section("budget", help: "budget: {trials: 100}")
        section.explain(ForeignKeys.budget)
        let ends = ["trials", "time"]
        let budget = Budget(
            trials: section.integer("trials", in: 1...10_000_000), time: section.duration("time"),
            failures: section.integer("failures", in: 1...10_000_000), target: section.number("target"))
        // A misspelled `trials` or `time` is reported as an unknown key; to report the missing one too would confuse.
        func isEnd(_ key: String) -> Bool {
            ends.contains(key) || ForeignKeys.isEnd(key) || nearest(key, among: ends) != nil
        }
        if section.isReadable, !endsByItself, !section.entries.contains(where: { isEnd($0.key) }) {
            problems.report(
                "the sweep would never end: 'budget' needs 'trials' or 'time'", at: section.location,
                help: "budget: {trials: 100}")
        }
        return budget
    }
}
