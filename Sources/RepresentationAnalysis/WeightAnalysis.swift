import Training

/// How far training has moved the weights of runs, layer by layer.
public enum WeightAnalysis {
    /// Checkpoints of each run against its start, or against another of its checkpoints, whose norm is `norm_start`
    /// then.
    ///
    ///     try WeightAnalysis.alongRuns(runs)                              // the end against the start
    ///     try WeightAnalysis.alongRuns(runs, Comparison(byEpoch: true))   // each checkpoint that was kept
    ///
    /// For each checkpoint one row for each weight matrix and each bias, then one for all weight matrices and one for
    /// all parameters together.
    ///
    /// - Throws: `CheckpointError` where a checkpoint cannot be read.
    public static func alongRuns(_ runs: [StoredRun], _ comparison: Comparison = Comparison()) throws -> ResultTable {
        var table = ResultTable(
            columns: RunNames.columns + comparison.columns + [
                "epoch", "layer", "norm_start", "norm_end", "norm_of_change", "relative_change", "cosine",
            ])
        let names = RunNames(runs)
        for run in runs {
            let reference = try run.network(at: comparison.reference)
            for checkpoint in comparison.checkpoints(of: run) {
                let changes = NamedWeightChange.changes(
                    from: reference.parameters, to: try run.network(at: checkpoint.moment).parameters,
                    of: reference.architecture)
                for named in changes {
                    let change = named.change
                    table.append(
                        names.cells(of: run) + comparison.cells + [
                            .integer(checkpoint.epoch), .text(named.name), .number(change.normBefore),
                            .number(change.normAfter), .number(change.difference), .init(change.relative),
                            .init(change.cosine),
                        ])
                }
            }
        }
        return table
    }
}
