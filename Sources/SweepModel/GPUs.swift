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
