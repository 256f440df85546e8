import Foundation

/// Values between scattered points, as a grid: a mean of the points around each cell (Nadaraya and Watson's
/// estimate with a Gaussian kernel).
///
/// It is smooth, goes through no value exactly, and needs no model of the metric; a process's own prediction
/// is better where there is one.
struct SmoothedSurface {
    private let points: [(x: Double, y: Double, value: Double)]
    private let xExtent: Extent
    private let yExtent: Extent
    private let xKind: Axis.Kind
    private let yKind: Axis.Kind
    private let isLog: Bool

    /// Cells along each axis; fewer where many points make each one slower.
    private var cells: Int { points.count > 500 ? 72 : 120 }

    /// The kernel's width as a part of the axis, and how many widths from the nearest point a cell may be.
    private static let width = 0.07
    private static let reach = 1.8

    init(x: [Double?], y: [Double?], values: [Double?], xKind: Axis.Kind, yKind: Axis.Kind, isLog: Bool) {
        self.xKind = xKind
        self.yKind = yKind
        self.isLog = isLog
        let xExtent = Axis(kind: xKind).extent(of: x.compactMap(\.self), hasMargin: true)
        let yExtent = Axis(kind: yKind).extent(of: y.compactMap(\.self), hasMargin: true)
        self.xExtent = Self.forward(xExtent, xKind)
        self.yExtent = Self.forward(yExtent, yKind)
        var points: [(x: Double, y: Double, value: Double)] = []
        for (x, (y, value)) in zip(x, zip(y, values)) {
            guard let x, let y, let value, x.isFinite, y.isFinite, value.isFinite else { continue }
            guard !(xKind.isLog && x <= 0), !(yKind.isLog && y <= 0), !(isLog && value <= 0) else { continue }
            let across = self.xExtent.share(of: xKind.isLog ? logarithm(x) : x)
            let up = self.yExtent.share(of: yKind.isLog ? logarithm(y) : y)
            points.append((across, up, isLog ? logarithm(value) : value))
        }
        // Each cell takes all points into account. Of many, a part from the whole sweep gives nearly the same levels.
        // The newest alone would not, as a sampler comes to search in one corner.
        let sample = ChartSample(values: points.map { Optional($0.value) }, limit: 2_000)
        self.points = sample.part(of: points)
    }

    private static func forward(_ extent: Extent, _ kind: Axis.Kind) -> Extent {
        kind.isLog ? Extent(low: logarithm(extent.low), high: logarithm(extent.high)) : extent
    }

    /// - Returns: nil with fewer than three points, from which no levels follow.
    func heatMap(_ scale: ColourScale) -> HeatMap? {
        guard points.count >= 3 else { return nil }
        let columns = count(xKind)
        let rows = count(yKind)
        let values = (0..<rows).map { row in
            (0..<columns).map { column in
                value(x: (Double(column) + 0.5) / Double(columns), y: (Double(row) + 0.5) / Double(rows))
            }
        }
        return HeatMap(
            columnEdges: Self.edges(columns, xExtent, xKind), rowEdges: Self.edges(rows, yExtent, yKind),
            values: values,
            scale: scale)
    }

    /// Between categories there is nothing, so that each is a single strip.
    private func count(_ kind: Axis.Kind) -> Int { kind.categories.map { max($0.count, 1) } ?? cells }

    private static func edges(_ count: Int, _ extent: Extent, _ kind: Axis.Kind) -> [Double] {
        (0...count).map { index in
            let value = extent.value(at: Double(index) / Double(count))
            return kind.isLog ? powerOfTen(value) : value
        }
    }

    private func value(x: Double, y: Double) -> Double? {
        var sum = 0.0
        var weights = 0.0
        var nearest = Double.infinity
        for point in points {
            let (dx, dy) = ((point.x - x) / Self.width, (point.y - y) / Self.width)
            let squared = dx * dx + dy * dy
            nearest = min(nearest, squared)
            let weight = exp(-squared / 2)
            sum += weight * (point.value / 2)
            weights += weight
        }
        guard nearest <= Self.reach * Self.reach, weights > 0 else { return nil }
        let mean = sum / weights * 2
        return isLog ? powerOfTen(mean) : mean
    }
}
