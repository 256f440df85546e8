import Training

/// What runs reported, epoch by epoch: the mean and the standard deviation over runs that differ only in their seed.
///
///     print(CurveAnalysis(every: 5).overSeeds(try StoredRun.find(at: ["results/digits"])).text)
///
/// Two runs belong together if all their settings but the seed are the same: a sweep's trials of one configuration do,
/// once the seed is among what the sweep varies.
public struct CurveAnalysis: Sendable {
    /// The metrics that runs of every task and optimizer report.
    public static let usualMetrics = [
        "train_loss", "train_accuracy", "val_loss", "val_accuracy", "percentage_loss_change",
    ]

    /// Which metrics, in this order; `nil`: all that were reported, also those of single layers.
    public var metrics: [String]?
    /// The distance between the epochs that have a row; the last epoch always has one.
    public var every: Int

    public init(metrics: [String]? = Self.usualMetrics, every: Int = 1) {
        precondition(every > 0, "epochs are at least 1 apart")
        self.metrics = metrics
        self.every = every
    }

    /// One row for each set-up and epoch.
    ///
    /// | column | |
    /// |---|---|
    /// | `setup` | the settings in which the set-ups differ |
    /// | `runs` | how many of the set-up's runs have come to the epoch |
    /// | `…_mean` | over these |
    /// | `…_std` | their standard deviation, with n − 1; missing for a single run |
    public func overSeeds(_ runs: [StoredRun]) -> ResultTable {
        var names: [String] = []
        for run in runs {
            for epoch in run.epochs {
                for metric in epoch.metrics where !names.contains(metric.name) { names.append(metric.name) }
            }
        }
        if let metrics { names = metrics.filter(names.contains) }
        var table = ResultTable(
            columns: ["setup", "optimizer", "runs", "epoch"] + names.flatMap { ["\($0)_mean", "\($0)_std"] })
        for group in RunGroup.setups(of: runs) {
            let last = group.runs.compactMap { $0.epochs.last?.epoch }.max() ?? 0
            for epoch in 1...max(last, 1) where epoch % every == 0 || epoch == last {
                let numbers = group.runs.compactMap { run in run.epochs.first { $0.epoch == epoch } }
                guard !numbers.isEmpty else { continue }
                var row: [ResultTable.Cell] = [
                    .text(group.name), .text(group.runs[0].config.optimizer.name.rawValue), .integer(numbers.count),
                    .integer(epoch),
                ]
                for name in names {
                    let spread = Spread(numbers.compactMap { $0[name] })
                    row += [.init(spread.mean), .init(spread.std)]
                }
                table.append(row)
            }
        }
        return table
    }
}

/// The mean and the standard deviation of some numbers.
///
///     Spread([1, 2, 3])      // mean 2, std 1
///     Spread([5])            // mean 5, std nil
///     Spread([])             // both nil
struct Spread: Hashable, Sendable {
    /// Nil if there are no numbers.
    let mean: Double?
    /// With n − 1; `nil` for fewer than two.
    let std: Double?

    init(_ values: [Double]) {
        guard !values.isEmpty else {
            (mean, std) = (nil, nil)
            return
        }
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        self.mean = mean
        std = values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : nil
    }
}
