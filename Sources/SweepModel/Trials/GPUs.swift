/// What each trial has of the machine's GPUs: none, some of its own, or one that it shares.
///
///     GPUs.shared(by: 3).description       // "1/3"
///     GPUs.shared(by: 3).trials(on: 2)     // 6
public enum GPUs: Sendable, Hashable {
    /// This many for itself.
    case whole(Int)
    /// One GPU that this many trials use at the same time.
    case shared(by: Int)

    /// None of its own: the trainer inherits `CUDA_VISIBLE_DEVICES` as it is, and may see all of them.
    public static let none = GPUs.whole(0)

    /// How many GPUs the trial sees.
    public var visible: Int {
        switch self {
        case .whole(let count): count
        case .shared: 1
        }
    }

    /// The GPUs of one trial as a decimal number: `2`, `0.5`, `0.333`. It is rounded down, so that the shares of all
    /// trials on one GPU never add up to more than 1.
    public var share: String {
        switch self {
        case .whole(let count): count.description
        case .shared(let trials): ((1000 / Double(trials)).rounded(.down) / 1000).description
        }
    }

    /// How many trials `count` GPUs hold at a time; nil where trials use none, so that GPUs set no limit.
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
