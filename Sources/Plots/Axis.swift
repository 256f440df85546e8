/// One axis of a panel: what its numbers mean, and how far it goes.
///
///     Axis("learning rate", kind: .log, rail: "inactive")
///     Axis("accuracy", from: 0, to: 1)
///     Axis(kind: .categories(["sgd", "adam"]), isInverted: true)
///
/// The title of a horizontal axis stands below it, that of a vertical one above it in a line of its own, so
/// that nobody has to turn the head. Ticks are at numbers with few digits, as many as there is room for.
public struct Axis: Sendable, Hashable {
    /// How numbers become places, and what is written beside the ticks.
    public enum Kind: Sendable, Hashable {
        case linear
        /// Powers of ten are equally far apart. Zero and negative numbers have no place here.
        case log
        /// Seconds, written as 30s, 5m, 1h30m or 2d.
        case time
        /// Names at the places 0, 1, 2 and so on.
        case categories([String])
    }

    public var title: String
    public var kind: Kind
    /// The ends of the axis. Where an end is nil or not finite, it follows from the data, with a margin.
    ///
    /// Points beyond a given end are drawn at the edge as hollow triangles, which point to where they are.
    public var lowest: Double?
    public var highest: Double?
    /// Whether numbers grow to the left or downwards.
    public var isInverted: Bool
    /// A lane beside the plot for points whose coordinate is nil, with this text.
    ///
    /// A parameter that is inactive in a trial has no value. Other tools draw it at 0, where it looks like a
    /// result. Without a rail such points are not drawn at all.
    public var rail: String?

    public init(
        _ title: String = "", kind: Kind = .linear, from lowest: Double? = nil, to highest: Double? = nil,
        isInverted: Bool = false, rail: String? = nil
    ) {
        self.title = title
        self.kind = kind
        self.lowest = lowest
        self.highest = highest
        self.isInverted = isInverted
        self.rail = rail
    }
}

extension Axis.Kind {
    var isLog: Bool { self == .log }

    var categories: [String]? {
        if case .categories(let names) = self { names } else { nil }
    }
}
