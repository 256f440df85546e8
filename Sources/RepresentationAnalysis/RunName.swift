import Training

/// The columns by which a reader knows runs again: their path, their set-up among the runs that are analysed, their
/// optimizer and their seed.
///
///     let names = RunNames(runs)
///     names.cells(of: runs[0])      // results/digits/trials/000001, model.hidden=64, adam, 42
struct RunNames {
    static let columns = ["run", "setup", "optimizer", "seed"]

    /// By path, the settings in which the run's set-up differs from the others, as `curves` has them.
    private let setups: [String: String]

    init(_ runs: [StoredRun]) {
        let named = RunGroup.setups(of: runs).flatMap { group in group.runs.map { ($0.path, group.name) } }
        setups = Dictionary(named) { first, _ in first }
    }

    /// The cells of `columns` for one of the runs.
    func cells(of run: StoredRun) -> [ResultTable.Cell] {
        [
            .text(run.path), .text(setups[run.path] ?? ""), .text(run.config.optimizer.name.rawValue),
            .integer(run.config.seed),
        ]
    }
}
