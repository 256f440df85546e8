/// A rectangle in pixels.
struct Box: Hashable {
    var left: Double
    var top: Double
    var right: Double
    var bottom: Double

    var width: Double { right - left }
    var height: Double { bottom - top }

    func contains(_ spot: Spot, margin: Double = 0) -> Bool {
        spot.x >= left - margin && spot.x <= right + margin && spot.y >= top - margin && spot.y <= bottom + margin
    }

    func overlaps(_ other: Box) -> Bool {
        left < other.right && right > other.left && top < other.bottom && bottom > other.top
    }

    /// The part of a segment that lies inside, by Liang and Barsky's method; nil where none does.
    func clipped(from start: Spot, to end: Spot) -> (Spot, Spot)? {
        let dx = end.x - start.x
        let dy = end.y - start.y
        var entry = 0.0
        var exit = 1.0
        for (change, room) in [
            (-dx, start.x - left), (dx, right - start.x), (-dy, start.y - top), (dy, bottom - start.y),
        ] {
            if change == 0 {
                if room < 0 { return nil }
            } else if change < 0 {
                entry = max(entry, room / change)
            } else {
                exit = min(exit, room / change)
            }
        }
        guard entry <= exit else { return nil }
        return (
            Spot(x: start.x + dx * entry, y: start.y + dy * entry), Spot(x: start.x + dx * exit, y: start.y + dy * exit)
        )
    }
}

/// A place in pixels, from the top left.
struct Spot: Hashable {
    var x: Double
    var y: Double
}

/// An axis with its ends and its place in the picture: turns numbers into pixels.
///
/// Points, bars and cells ask for a `place`, which is never outside of the plot. Lines ask for a `pixel`,
/// which may be far outside, and are cut at the edge afterwards: a line that is pulled to the edge instead
/// would change its slope.
struct Scale {
    let axis: Axis
    let extent: Extent
    /// The pixels of `extent.low` and `extent.high`.
    let start: Double
    let end: Double
    /// The middle of the rail, where the axis has one.
    let rail: Double?

    /// Where a number lies.
    enum Place: Hashable {
        case inside(Double)
        /// Beyond the low or the high end; the pixel is that of the end.
        case below(Double)
        case above(Double)

        var pixel: Double {
            switch self {
            case .inside(let pixel), .below(let pixel), .above(let pixel): pixel
            }
        }
    }

    /// - Returns: nil where the number is not finite.
    func place(_ value: Double) -> Place? {
        guard value.isFinite else { return nil }
        if axis.kind.isLog && value <= 0 { return .below(start) }
        let share = self.share(of: value)
        // Rounding must not put the ends of the data outside.
        if share < -1e-9 { return .below(start) }
        if share > 1 + 1e-9 { return .above(end) }
        return .inside(start + (end - start) * min(max(share, 0), 1))
    }

    /// The pixel of a number, also far outside, for lines that leave the plot.
    func pixel(_ value: Double) -> Double? {
        guard value.isFinite else { return nil }
        if axis.kind.isLog && value <= 0 { return nil }
        return start + (end - start) * min(max(share(of: value), -1e4), 1e4)
    }

    /// The pixel of a number, or of the end that is nearest to it.
    func edge(_ value: Double) -> Double? { place(value)?.pixel }

    private func share(of value: Double) -> Double {
        guard axis.kind.isLog else { return extent.share(of: value) }
        return Extent(low: logarithm(extent.low), high: logarithm(extent.high)).share(of: logarithm(value))
    }
}

extension Axis {
    /// The ends of the axis for some data.
    ///
    /// - Parameter hasMargin: whether data may not touch the ends; a heat map fills its plot instead.
    func extent(of values: [Double], hasMargin: Bool) -> Extent {
        switch kind {
        case .categories(let names):
            return Extent(low: -0.5, high: Double(max(names.count, 1)) - 0.5)
        case .log:
            let low = lowest.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
            let high = highest.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
            let data = Extent(of: values, where: { $0 > 0 }) ?? Extent(low: low ?? 0.1, high: high ?? (low ?? 1) * 10)
            // Beyond these powers numbers lose their digits or are no longer numbers.
            let least = -307.0
            let most = 308.2
            let logs = Extent(
                low: max(logarithm(low ?? data.low), least), high: min(logarithm(high ?? data.high), most))
            guard logs.high - logs.low > 1e-3 else {
                let middle = min(max(logs.low, least + 0.5), most - 0.5)
                return Extent(low: powerOfTen(middle - 0.5), high: powerOfTen(middle + 0.5))
            }
            let margin = hasMargin ? logs.widened(by: 0.04) : logs
            return Extent(
                low: low ?? powerOfTen(max(margin.low, least)), high: high ?? powerOfTen(min(margin.high, most)))
        case .linear, .time:
            let low = lowest.flatMap { $0.isFinite ? $0 : nil }
            let high = highest.flatMap { $0.isFinite ? $0 : nil }
            let data = Extent(of: values) ?? Extent(low: low ?? 0, high: high ?? 1)
            let chosen = Extent(low: low ?? data.low, high: high ?? data.high)
            let ordered = Extent(low: min(chosen.low, chosen.high), high: max(chosen.low, chosen.high))
            let wide = hasMargin ? ordered.widened(by: 0.04) : ordered.separated
            guard wide.low < wide.high, low ?? wide.low < high ?? wide.high else { return wide }
            let isEqual = ordered.separated != ordered
            return Extent(low: isEqual ? wide.low : low ?? wide.low, high: isEqual ? wide.high : high ?? wide.high)
        }
    }
}
