import ConfigFile
import SweepModel

extension GPUs {
    /// More GPUs than any machine has.
    private static let maxCount = 1024
    /// With more trials on one GPU, a share with two digits could mean several numbers of trials.
    private static let maxShares = 64
    /// How far a share may be off by rounding, relative to itself: 0.33 is a third, and 0.17 is a sixth.
    private static let rounding = 0.0201

    /// Reads `2`, `0.5`, `0.33` or `1/3`; nil for anything but n and 1/n for a whole number n.
    ///
    ///     2           .whole(2): two GPUs for each trial
    ///     1/2, 0.5    .shared(by: 2): two trials on one GPU
    ///     0.33        .shared(by: 3)
    ///     0.4, 1.5    nil
    init?(_ value: ConfigNode.Value) {
        switch value {
        case .integer(let count) where (0...Self.maxCount).contains(count): self = .whole(count)
        case .number(let number):
            if let count = Int(exactly: number), (0...Self.maxCount).contains(count) {
                self = .whole(count)
                return
            }
            guard number > 0, number < 1, let trials = Int(exactly: (1 / number).rounded()),
                (2...Self.maxShares).contains(trials), abs(number * Double(trials) - 1) <= Self.rounding
            else { return nil }
            self = .shared(by: trials)
        case .string(let text):
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0] == "1", let trials = Int(parts[1]),
                (1...Self.maxShares).contains(trials)
            else { return nil }
            self = trials == 1 ? .whole(1) : .shared(by: trials)
        case .null, .boolean, .integer, .sequence, .mapping: return nil
        }
    }
}

extension ConfigSection {
    /// Reads how many GPUs a trial has: a whole number, or a share of one.
    ///
    /// - Returns: `.none` if the key is absent, or if its value is wrong, which is reported.
    func gpus(_ key: String) -> GPUs {
        guard let node = node(key) else { return .none }
        if let gpus = GPUs(node.value) { return gpus }
        problems.report(
            "'\(name(key))' must be a whole number of GPUs or a part of one, found \(node.kindDescription)",
            at: node.location,
            help: "1, 2, … for each trial; 1/2, 1/3, … (0.5, 0.33, …) where so many trials share one")
        return .none
    }
}
