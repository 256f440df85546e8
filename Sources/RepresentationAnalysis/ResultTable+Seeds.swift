import Training

extension ResultTable {
    /// The mean and the standard deviation over the runs of each set-up, which differ only in their seed.
    ///
    /// | column | |
    /// |---|---|
    /// | `setup`, `optimizer` | as in `CurveAnalysis` |
    /// | `runs` | how many runs of the set-up have such a row |
    /// | `epoch`, `block`, … | what else tells the rows of a run apart |
    /// | `cka_mean`, `cka_std`, … | over these runs; the deviation, with n − 1, is missing for a single one |
    ///
    ///     try analysis.alongRuns(runs).overSeeds(of: runs)
    ///
    /// - Parameter runs: those that the table is about.
    public func overSeeds(of runs: [StoredRun]) -> ResultTable {
        let values = columns.filter(Self.measured.contains)
        let keys = columns.filter { !values.contains($0) && !RunNames.columns.contains($0) && $0 != "standard_error" }
        var table = ResultTable(
            columns: ["setup", "optimizer", "runs"] + keys + values.flatMap { ["\($0)_mean", "\($0)_std"] })
        let objects = objects
        for group in RunGroup.setups(of: runs) {
            let paths = Set(group.runs.map(\.path))
            var order: [[Cell]] = []
            var members: [[Cell]: [[String: Cell]]] = [:]
            for row in objects where row["run"]?.text.map(paths.contains) == true {
                let key = keys.map { row[$0] ?? .missing }
                if members[key] == nil { order.append(key) }
                members[key, default: []].append(row)
            }
            // Runs that ended early have their last epochs before those that others have.
            let epoch = keys.firstIndex(of: "epoch")
            func place(_ index: Int) -> (Double, Int) { (epoch.flatMap { order[index][$0].number } ?? 0, index) }
            for key in order.indices.sorted(by: { place($0) < place($1) }).map({ order[$0] }) {
                let rows = members[key] ?? []
                let spreads = values.map { value in Spread(rows.compactMap { $0[value]?.number }) }
                table.append(
                    [
                        .text(group.name), .text(group.runs[0].config.optimizer.name.rawValue), .integer(rows.count),
                    ] + key + spreads.flatMap { [Cell($0.mean), Cell($0.std)] })
            }
        }
        return table
    }

    /// The columns of all analyses that hold what was found, and not what it was found of.
    private static let measured: Set = [
        "cka", "ntk_similarity", "jacobian_similarity", "similarity_to_previous", "ntk_rate", "norm_start", "norm_end",
        "norm_of_change", "relative_change", "cosine",
    ]
}
