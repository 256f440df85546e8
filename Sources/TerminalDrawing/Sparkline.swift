/// A curve on one line of text, a character for each value.
///
///     Sparkline.text([1, 2, 4, 8], columns: 8)    // "▁▂▄█"
public enum Sparkline {
    private static let levels: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// The lowest value is the lowest level and the highest the highest. More values than columns are averaged, and a
    /// value that is not a finite number leaves a gap.
    public static func text(_ values: [Double], columns: Int) -> String {
        guard columns > 0, !values.isEmpty else { return "" }
        let shown = values.count <= columns ? values : averaged(values, count: columns)
        let finite = shown.filter(\.isFinite)
        guard let low = finite.min(), let high = finite.max() else { return String(repeating: " ", count: shown.count) }
        return String(
            shown.map { value in
                guard value.isFinite else { return " " }
                // Halved, since the difference of two large numbers may be infinite.
                let span = high / 2 - low / 2
                guard span > 0 else { return levels[3] }
                let level = Int(((value / 2 - low / 2) / span * Double(levels.count - 1)).rounded())
                return levels[min(levels.count - 1, max(0, level))]
            })
    }

    private static func averaged(_ values: [Double], count: Int) -> [Double] {
        (0..<count).map { index in
            let finite = values[(index * values.count / count)..<((index + 1) * values.count / count)]
                .filter(\.isFinite)
            return finite.isEmpty ? .nan : finite.reduce(0) { $0 + $1 / Double(finite.count) }
        }
    }
}

/// Values in the order in which they came, thinned so that memory does not grow: a curve to be drawn small.
///
///     var curve = ThinnedValues(limit: 64)
///     for loss in losses { curve.append(loss) }
///     curve.values.count    // 64 at most, spread over the whole curve
public struct ThinnedValues: Sendable, Hashable {
    private let limit: Int
    /// How many values each of the kept ones stands for.
    private var stride = 1
    private var sinceLast = 0
    private var kept: [Double] = []
    /// The last value, which is shown even if it is not one of the kept.
    public private(set) var last: Double?

    /// - Parameter limit: at least 2.
    public init(limit: Int) {
        precondition(limit >= 2, "a curve of \(limit) values")
        self.limit = limit
    }

    public mutating func append(_ value: Double) {
        last = value
        sinceLast += 1
        // The first value is kept, and then every `stride`th.
        guard kept.isEmpty || sinceLast == stride else { return }
        kept.append(value)
        sinceLast = 0
        if kept.count == limit {
            kept = kept.indices.filter { $0.isMultiple(of: 2) }.map { kept[$0] }
            sinceLast = limit.isMultiple(of: 2) ? stride : 0
            stride *= 2
        }
    }

    public var values: [Double] {
        guard let last, sinceLast > 0 else { return kept }
        return kept + [last]
    }
}
