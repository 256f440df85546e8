import SweepModel
import SweepStore

/// How far a page has been told of a sweep: which sweep it is, and the last of what it knows.
///
/// It is the identifier of the events that a page is sent. A browser that has lost its connection comes back with the
/// last one, so that a server need not remember whom it has told what, and may be started anew in between.
///
///     ChangeID("9ae16a3b2f90404f-12.40.90.3-c949d7c7509e6557")     // 12 trials, event 40, report 90, decision 3
public struct ChangeID: LosslessStringConvertible, Sendable, Hashable {
    /// A check sum of what makes the sweep this one: its name, when it was made, and the texts of its files.
    let epoch: UInt64
    let progress: SweepStore.Progress

    init(epoch: UInt64, _ progress: SweepStore.Progress) {
        self.epoch = epoch
        self.progress = progress
    }

    /// All that is stored now.
    ///
    /// - Throws: `SweepStoreError`.
    public init(of store: SweepStore, _ record: SweepRecord) throws {
        self.init(epoch: Self.epoch(of: record), try store.progress())
    }

    /// - Parameter description: a text from outside; nil for any that `description` cannot have made.
    public init?(_ description: String) {
        // Longer than any of these, and short enough to look at.
        guard description.utf8.count <= 128 else { return nil }
        let parts = description.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let epoch = Self.sum(parts[0]), let past = Self.sum(parts[2]) else { return nil }
        let numbers = parts[1].split(separator: ".", omittingEmptySubsequences: false).map(Self.number)
        guard numbers.count == 4, let trials = numbers[0], let event = numbers[1], let metric = numbers[2],
            let decision = numbers[3]
        else { return nil }
        self.init(
            epoch: epoch, .init(trials: trials, event: event, metric: metric, decision: decision, past: past))
    }

    public var description: String {
        let numbers = [progress.trials, progress.event, progress.metric, progress.decision]
        return "\(Self.text(epoch))-\(numbers.map { String($0) }.joined(separator: "."))-\(Self.text(progress.past))"
    }

    static func epoch(of record: SweepRecord) -> UInt64 {
        var sum = StableHash()
        for text in [record.name, record.created.timestamp, record.file.text, record.base?.text ?? ""] {
            sum.combine(text)
        }
        return sum.value
    }

    private static func text(_ sum: UInt64) -> String {
        let digits = String(sum, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func sum(_ text: Substring) -> UInt64? {
        let isSum = text.utf8.count == 16 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
        return isSum ? UInt64(text, radix: 16) : nil
    }

    /// Digits alone, without a sign or zeros in front, so that each identifier has one spelling.
    private static func number(_ text: Substring) -> Int? {
        guard text.utf8.allSatisfy({ (48...57).contains($0) }), text == "0" || text.utf8.first != 48 else { return nil }
        return Int(text)
    }
}
