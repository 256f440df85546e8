import ConfigFile

/// What each trial has of the machine's GPUs.
public enum GPUs: Sendable, Hashable {
    /// So many for itself.
    case whole(Int)
    /// One that as many trials use at a time.
    case shared(by: Int)

    public static let none = GPUs.whole(0)

    /// How many GPUs the trial sees.
    public var visible: Int {
        switch self {
        case .whole(let count): count
        case .shared: 1
        }
    }

    /// The GPUs of one trial as a decimal number: `2`, `0.5`, `0.333`.
    public var share: String {
        switch self {
        case .whole(let count): count.description
        case .shared(let trials): ((1000 / Double(trials)).rounded(.down) / 1000).description
        }
    }

    /// How many trials `count` GPUs hold at a time; nil for any number.
    public func trials(on count: Int) -> Int? {
        switch self {
        case .whole(0): nil
        case .whole(let each): count / each
        case .shared(let trials): count * trials
        }
    }
}

extension GPUs: CustomStringConvertible {
    /// `2`, `1/3`
    public var description: String {
        switch self {
        case .whole(let count): count.description
        case .shared(let trials): "1/\(trials)"
        }
    }
}

extension GPUs {
    private static let most = 1024
    /// Beyond, two digits do not tell one share from the next.
    private static let mostShares = 64
    /// How far a share that was rounded may be off: 0.33 and 0.17 are a third and a sixth.
    private static let rounding = 0.0201

    /// Reads `2`, `0.5`, `0.33` or `1/3`; nil for anything that is neither a whole number nor one part of 1.
    init?(_ value: ConfigNode.Value) {
        switch value {
        case .integer(let count) where (0...Self.most).contains(count): self = .whole(count)
        case .number(let number):
            if let count = Int(exactly: number), (0...Self.most).contains(count) {
                self = .whole(count)
                return
            }
            guard number > 0, number < 1, let trials = Int(exactly: (1 / number).rounded()),
                (2...Self.mostShares).contains(trials), abs(number * Double(trials) - 1) <= Self.rounding
            else { return nil }
            self = .shared(by: trials)
        case .string(let text):
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0] == "1", let trials = Int(parts[1]),
                (1...Self.mostShares).contains(trials)
            else { return nil }
            self = trials == 1 ? .whole(1) : .shared(by: trials)
        case .null, .boolean, .integer, .sequence, .mapping: return nil
        }
    }
}

extension ConfigSection {
    /// GPUs of a trial: a whole number, or a part of one.
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
