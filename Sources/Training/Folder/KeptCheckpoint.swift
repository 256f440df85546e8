import Foundation
import TrialProtocol

/// A checkpoint that stays where it is while the run goes on.
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

/// The metric by which a run's best epoch is known.
public enum BestMetric: String, Hashable, Sendable, CaseIterable {
    case validationLoss = "val_loss"
    case validationAccuracy = "val_accuracy"

    /// Whether no epoch before the last one was as good as it.
    ///
    /// A function of the log, which checkpoints hold, so that a resumed run judges as an unbroken one does.
    func isLastBest(of log: [MetricReport]) -> Bool {
        guard let last = log.last?[rawValue] else { return false }
        return log.dropLast().allSatisfy { report in
            guard let earlier = report[rawValue] else { return true }
            return switch self {
            case .validationLoss: last < earlier
            case .validationAccuracy: last > earlier
            }
        }
    }
}

extension RunFolder {
    func keep(_ kept: KeptCheckpoint, _ bytes: [UInt8]) throws {
        try replace(kept.fileName, with: bytes)
    }

    /// The epochs whose checkpoints are kept, ascending.
    var keptEpochs: [Int] {
        fileNames.compactMap { name in
            guard case .epoch(let number) = KeptCheckpoint(fileName: name) else { return nil }
            return number
        }.sorted()
    }

    /// Removes all but the last checkpoints up to an epoch. Ones beyond it, which an earlier and longer part of the run
    /// wrote before it was killed, will be written again.
    func dropKept(last count: Int, upTo epoch: Int) throws {
        for number in keptEpochs.filter({ $0 <= epoch }).dropLast(count) {
            unlink("\(path)/\(KeptCheckpoint.epoch(number).fileName)")
        }
    }

    func path(of kept: KeptCheckpoint) -> String { "\(path)/\(kept.fileName)" }
}
