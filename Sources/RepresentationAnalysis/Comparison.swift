import Training

/// Which checkpoints of each run are compared, and with which of the same run.
///
///     Comparison().pairs(of: run)                                  // the end with the start
///     Comparison(against: .epoch(1), byEpoch: true)                // every checkpoint with that after one epoch
public struct Comparison: Hashable, Sendable {
    /// What the others are compared with.
    public var reference: StoredRun.Moment
    /// Whether every checkpoint that was kept is compared; else the last one alone.
    public var isByEpoch: Bool

    public init(against reference: StoredRun.Moment = .start, byEpoch: Bool = false) {
        self.reference = reference
        isByEpoch = byEpoch
    }

    /// The checkpoints of a run that are compared, by their epochs.
    func checkpoints(of run: StoredRun) -> [StoredRun.EpochCheckpoint] {
        isByEpoch ? run.checkpoints : [.init(epoch: run.epochsDone, moment: .last)]
    }

    /// A column that names the reference, where it is not the start.
    var columns: [String] { reference == .start ? [] : ["against"] }

    var cells: [ResultTable.Cell] { reference == .start ? [] : [.text(reference.text)] }
}

extension StoredRun.Moment {
    /// As it is written on a command line.
    var text: String {
        switch self {
        case .start: "start"
        case .last: "last"
        case .best: "best"
        case .epoch(let number): "\(number)"
        }
    }
}
