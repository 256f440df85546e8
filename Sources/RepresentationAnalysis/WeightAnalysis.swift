import Training

/// How far training has moved the weights of runs, layer by layer.
public enum WeightAnalysis {
    /// The start of each run against its last checkpoint.
    ///
    /// One row for each weight matrix and each bias, then one for all weight matrices and one for all parameters
    /// together.
    ///
    /// - Throws: `CheckpointError` where a checkpoint cannot be read.
    public static func startToEnd(_ runs: [StoredRun]) throws -> ResultTable {
        var table = ResultTable(
            columns: StoredRun.nameColumns + [
                "epoch", "layer", "norm_start", "norm_end", "norm_of_change", "relative_change", "cosine",
            ])
        for run in runs {
            let (start, end) = (try run.network(at: .start), try run.network(at: .last))
            let changes = NamedWeightChange.changes(
                from: start.parameters, to: end.parameters, of: start.architecture)
            for named in changes {
                let change = named.change
                table.append(
                    run.nameCells + [
                        .integer(run.epochsDone), .text(named.name), .number(change.normBefore),
                        .number(change.normAfter), .number(change.difference), .init(change.relative),
                        .init(change.cosine),
                    ])
            }
        }
        return table
    }
}
