/// A checkpoint that is kept while the run continues: by its name in the run's folder.
///
/// | | file |
/// |---|---|
/// | `start` | `checkpoint.start` |
/// | `epoch(12)` | `checkpoint.000012` |
/// | `best` | `checkpoint.best` |
public enum KeptCheckpoint: Hashable, Sendable {
    /// Of the weights that a run was told to begin with.
    case start
    /// Of the run after this number of epochs.
    case epoch(Int)
    /// Of the run after its best epoch so far.
    case best

    /// Numbers have six digits or more, so that a listing of the folder shows them in their order.
    var fileName: String {
        switch self {
        case .start: "checkpoint.start"
        case .epoch(let number):
            "checkpoint." + String(repeating: "0", count: max(0, 6 - "\(number)".count)) + "\(number)"
        case .best: "checkpoint.best"
        }
    }

    /// Nil for a name that no kept checkpoint has.
    init?(fileName: some StringProtocol) {
        guard fileName.hasPrefix("checkpoint.") else { return nil }
        switch fileName.dropFirst(11) {
        case "start": self = .start
        case "best": self = .best
        case let digits where digits.count >= 6 && digits.utf8.allSatisfy { (48...57).contains($0) }:
            guard let number = Int(digits) else { return nil }
            self = .epoch(number)
        case _: return nil
        }
    }
}
