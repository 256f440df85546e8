import Training

extension StoredRun {
    /// The columns by which a reader knows a run again.
    static let nameColumns = ["run", "optimizer", "seed"]

    /// The cells of `nameColumns` for this run: its path, its optimizer and its seed.
    var nameCells: [ResultTable.Cell] {
        [.text(path), .text(config.optimizer.name.rawValue), .integer(config.seed)]
    }
}
