/// A checkpoint that is kept while the run continues: by its name in the run's folder.
public enum KeptCheckpoint: Hashable, Sendable {
    /// Of the weights that a run was told to begin with.
    case start
    case epoch(Int)
    case best

    var fileName: String {
        switch self {
        case .start: "checkpoint.start"
        case .epoch(let number):
            "checkpoint." + String(repeating: "0", count: max(0, 6 - "\(number)".count)) + "\(number)"
        case .best: "checkpoint.best"
        }
    }

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
