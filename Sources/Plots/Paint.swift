/// A colour by its role.
public enum Paint: Sendable, Hashable {
    /// The colour of the n-th series; they repeat after the seventh.
    case series(Int)
    /// The colour of text.
    case text
    /// A grey for what is only context.
    case muted

    /// Okabe and Ito's colours in an order that keeps neighbours apart, for all common kinds of colour
    /// blindness. Yellow is not among them, as it cannot be seen on white. All have a contrast of at least
    /// 2.2 against white and against black pages.
    ///
    /// Source: Okabe & Ito 2008, "Color Universal Design".
    static let palette = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6bb1"]

    /// The colour as SVG and Plotly write it. Plotly has no `currentColor`.
    var svg: String {
        switch self {
        case .series(let number): Self.palette[((number % 7) + 7) % 7]
        case .text: "currentColor"
        case .muted: "#8b949e"
        }
    }

    var plotly: String { self == .text ? "#57606a" : svg }
}

/// Numbers as colours, with the bar beside the figure that explains them.
///
///     ColourScale("accuracy", of: accuracies, levels: 10)
///
/// Panels that share a scale share its bar. A scale without a title has no bar, for colours that repeat what
/// an axis shows already.
public struct ColourScale: Sendable, Hashable {
    public enum Ramp: Sendable, Hashable {
        /// Dark violet to yellow, equally spaced to the eye and in grey. For areas.
        case viridis
        /// Grey to orange-red: what is best stands out, on light and on dark pages. For points and lines.
        case emphasis
        /// Blue over white to red, for numbers with a sign.
        case diverging
    }

    public var title: String
    public var lowest: Double
    public var highest: Double
    public var ramp: Ramp
    /// Whether the low numbers get the colours of the high end, as where lower is better.
    public var isReversed: Bool
    public var isLog: Bool
    /// How many colours there are. With few of them a heat map looks like filled contours.
    public var levels: Int

    /// - Parameter values: what is shown; its finite numbers set the ends of the scale.
    public init(
        _ title: String, of values: some Sequence<Double?>, from lowest: Double? = nil, to highest: Double? = nil,
        ramp: Ramp = .viridis, isReversed: Bool = false, isLog: Bool = false, levels: Int = 32
    ) {
        self.title = title
        self.ramp = ramp
        self.isReversed = isReversed
        self.isLog = isLog
        self.levels = min(max(levels, 2), 256)
        let extent = Extent(of: values, where: { !isLog || $0 > 0 })
        var low = lowest ?? extent?.low ?? 0
        var high = highest ?? extent?.high ?? 1
        if !low.isFinite || (isLog && low <= 0) { low = isLog ? 1 : 0 }
        if !high.isFinite || high < low { high = low }
        self.lowest = low
        self.highest = high
    }

    /// The number of the colour for a value, from 0 to `levels - 1`; nil where the value has no colour.
    ///
    /// Values beyond the ends have the colour of the end.
    func level(of value: Double?) -> Int? {
        guard let value, value.isFinite else { return nil }
        if isLog && value <= 0 { return nil }
        let share = Extent(low: forward(lowest), high: forward(highest)).share(of: forward(value))
        let clamped = min(max(share, 0), 1)
        return min(Int(clamped * Double(levels)), levels - 1)
    }

    private func forward(_ value: Double) -> Double { isLog ? logarithm(value) : value }

    /// A level's colour as "#rrggbb".
    func colour(ofLevel level: Int) -> String {
        let share = levels < 2 ? 0 : Double(level) / Double(levels - 1)
        let place = (isReversed ? 1 - share : share) * Double(stops.count - 1)
        let index = min(max(Int(place), 0), stops.count - 2)
        let part = place - Double(index)
        var text = "#"
        for (low, high) in zip(stops[index], stops[index + 1]) {
            let mixed = Double(low) + Double(high - low) * part
            let byte = Int(mixed.rounded())
            text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return text
    }

    /// Whether white text is easier to read on a level than black text.
    func isDark(level: Int) -> Bool {
        let digits = colour(ofLevel: level).dropFirst()
        let number = Int(digits, radix: 16) ?? 0
        let red = Double(number >> 16)
        let green = Double((number >> 8) & 255)
        let blue = Double(number & 255)
        let light: Double = red * 0.299 + green * 0.587 + blue * 0.114
        return light < 140
    }

    /// Red, green and blue at equal distances along the scale.
    private var stops: [[Int]] {
        switch ramp {
        case .viridis: Self.viridis
        case .emphasis: Self.emphasis
        case .diverging: Self.diverging
        }
    }

    /// Source: van der Walt & Smith 2015, matplotlib's default, at nine places.
    private static let viridis: [[Int]] = [
        [68, 1, 84], [71, 44, 122], [59, 81, 139], [44, 113, 142], [33, 144, 141], [39, 173, 129],
        [92, 200, 99], [170, 220, 50], [253, 231, 37],
    ]
    private static let emphasis: [[Int]] = [[176, 184, 192], [196, 178, 140], [230, 159, 0], [213, 94, 0]]
    /// Source: Brewer's RdBu, which is safe for colour-blind readers.
    private static let diverging: [[Int]] = [
        [33, 102, 172], [103, 169, 207], [209, 229, 240], [247, 247, 247], [253, 219, 199], [239, 138, 98],
        [178, 24, 43],
    ]
}
