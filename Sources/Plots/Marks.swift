/// Something drawn in a panel. Coordinates are in the units of the axes.
///
/// Where arrays of one mark differ in length, the shortest counts. Later marks are drawn on top of earlier
/// ones, so that areas come first, then lines, then points:
///
///     [.band(Band(x: epochs, lower: low, upper: high)), .line(Line("adam", x: epochs, y: mean))]
///
/// The enumeration is closed: a new kind of mark has to be added to the drawing, the legend, the ranges of
/// the axes and Plotly's traces, and the compiler lists these places.
public enum Mark: Sendable, Hashable {
    case points(Points)
    case line(Line)
    case band(Band)
    case bars(Bars)
    case heatMap(HeatMap)
    case intervals(Intervals)
    case rule(Rule)
    case labels(Labels)
}

/// The shape of a point. Shapes differ as well as colours, for people who cannot tell the colours apart.
public enum Symbol: Sendable, Hashable, CaseIterable {
    case circle, square, diamond, triangle, cross
    /// A hollow circle.
    case ring
}

/// Which parts of a line are drawn.
public enum Dash: Sendable, Hashable {
    case solid, dashed, dotted
}

/// Points. A coordinate that is nil puts the point on that axis's rail.
///
///     Points("pruned", x: rates, y: accuracies, symbol: .diamond, paint: .series(4))
///
/// Many points stay a small file: those of one colour are one path, and a circle takes about twelve bytes.
public struct Points: Sendable, Hashable {
    /// The name in the legend; without one there is no entry.
    public var name: String?
    public var x: [Double?]
    public var y: [Double?]
    public var symbol: Symbol
    /// The diameter in pixels.
    public var size: Double
    public var paint: Paint
    /// With a scale, each point has the colour of its shade, and `paint` is for those without one.
    public var shades: [Double?]
    public var scale: ColourScale?
    /// What Plotly says of the point under the pointer; where there are none, its coordinates. An SVG has no room for
    /// them.
    public var texts: [String]

    public init(
        _ name: String? = nil, x: [Double?], y: [Double?], symbol: Symbol = .circle, size: Double = 6,
        paint: Paint = .series(0), shades: [Double?] = [], scale: ColourScale? = nil, texts: [String] = []
    ) {
        self.name = name
        self.x = x
        self.y = y
        self.symbol = symbol
        self.size = size
        self.paint = paint
        self.shades = shades
        self.scale = scale
        self.texts = texts
    }
}

/// A line through points in their order. It is interrupted where a number is not finite.
///
///     Line("best so far", x: [0, 5, 17], y: [0.84, 0.95, 0.96], course: .steps)
///
/// A gap is honest: a straight line across a NaN would show values that were never measured. What lies
/// beyond the ends of an axis is cut off at the edge of the plot.
public struct Line: Sendable, Hashable {
    public enum Course: Sendable, Hashable {
        case straight
        /// Horizontal up to the next point, then straight up or down: a value that holds until it changes.
        case steps
    }

    /// The name in the legend; without one there is no entry.
    public var name: String?
    public var x: [Double]
    public var y: [Double]
    public var course: Course
    public var paint: Paint
    /// In pixels.
    public var width: Double
    public var dash: Dash
    /// From 0 to 1. With hundreds of lines, less than 1 shows where most of them lie.
    public var opacity: Double

    public init(
        _ name: String? = nil, x: [Double], y: [Double], course: Course = .straight, paint: Paint = .series(0),
        width: Double = 2, dash: Dash = .solid, opacity: Double = 1
    ) {
        self.name = name
        self.x = x
        self.y = y
        self.course = course
        self.paint = paint
        self.width = width
        self.dash = dash
        self.opacity = opacity
    }
}

/// The area between a lower and an upper line, such as a mean with its deviation.
///
///     Band(x: epochs, lower: mean - deviation, upper: mean + deviation, paint: .series(1))
///
/// Give it the paint of the line it belongs to, and no name: the line's entry in the legend is enough. On a
/// log axis a lower end that is zero or negative is drawn at the foot of the axis.
public struct Band: Sendable, Hashable {
    public var name: String?
    public var x: [Double]
    public var lower: [Double]
    public var upper: [Double]
    public var paint: Paint

    public init(
        _ name: String? = nil, x: [Double], lower: [Double], upper: [Double], paint: Paint = .series(0)
    ) {
        self.name = name
        self.x = x
        self.lower = lower
        self.upper = upper
        self.paint = paint
    }
}

/// Bars from zero (on a log axis from its end), each with an interval around its tip if there is one.
///
///     Bars(.horizontal, places: [0, 1], lengths: [0.62, 0.21], whiskers: [.init(low: 0.5, high: 0.7), nil])
///
/// The axis starts at zero unless it is told otherwise, since people compare the lengths of bars.
public struct Bars: Sendable, Hashable {
    public enum Direction: Sendable, Hashable { case horizontal, vertical }

    /// The ends of a thin line across the tip of a bar.
    public struct Whisker: Sendable, Hashable {
        public var low: Double
        public var high: Double

        public init(low: Double, high: Double) {
            self.low = low
            self.high = high
        }
    }

    public var name: String?
    public var direction: Direction
    /// Where each bar stands: for categories 0, 1, 2 and so on.
    public var places: [Double]
    public var lengths: [Double]
    public var whiskers: [Whisker?]
    /// What is written beyond the tip of each bar.
    public var labels: [String]
    /// How much of the distance between two places a bar fills, from 0 to 1.
    public var thickness: Double
    public var paint: Paint

    public init(
        _ direction: Direction, name: String? = nil, places: [Double], lengths: [Double],
        whiskers: [Whisker?] = [], labels: [String] = [], thickness: Double = 0.7, paint: Paint = .series(0)
    ) {
        self.name = name
        self.direction = direction
        self.places = places
        self.lengths = lengths
        self.whiskers = whiskers
        self.labels = labels
        self.thickness = thickness
        self.paint = paint
    }
}

/// Rectangles whose colour is a number. A cell without one stays empty.
///
///     HeatMap([[1, 0.8], [0.8, 1]], scale: ColourScale("CKA", of: [0, 1]), decimals: 2)
///
/// With a scale of few `levels` and many cells it looks like filled contours. The edges may be at any
/// distances, and so the cells of a log axis can be equally wide.
public struct HeatMap: Sendable, Hashable {
    /// The lines between the cells: one more than there are columns or rows.
    public var columnEdges: [Double]
    public var rowEdges: [Double]
    /// `values[row][column]`.
    public var values: [[Double?]]
    public var scale: ColourScale
    /// With a number, each cell shows its value with so many decimals where there is room for it.
    public var decimals: Int?

    public init(
        columnEdges: [Double], rowEdges: [Double], values: [[Double?]], scale: ColourScale, decimals: Int? = nil
    ) {
        self.columnEdges = columnEdges
        self.rowEdges = rowEdges
        self.values = values
        self.scale = scale
        self.decimals = decimals
    }

    /// Cells of size 1 around the places 0, 1, 2 and so on, as an axis of categories has them.
    public init(_ values: [[Double?]], scale: ColourScale, decimals: Int? = nil) {
        let columns = values.map(\.count).max() ?? 0
        self.init(
            columnEdges: (0...columns).map { Double($0) - 0.5 },
            rowEdges: (0...values.count).map { Double($0) - 0.5 },
            values: values, scale: scale, decimals: decimals)
    }
}

/// Horizontal bars from a start to an end, such as the trials of each worker over time.
///
///     Intervals("complete", rows: [0, 1], starts: [0, 3], ends: [60, 45])
///
/// However short an interval is, it is drawn with a width that can be seen.
public struct Intervals: Sendable, Hashable {
    public var name: String?
    /// The line of each bar: for categories 0, 1, 2 and so on.
    public var rows: [Double]
    public var starts: [Double]
    public var ends: [Double]
    public var paint: Paint

    public init(
        _ name: String? = nil, rows: [Double], starts: [Double], ends: [Double], paint: Paint = .series(0)
    ) {
        self.name = name
        self.rows = rows
        self.starts = starts
        self.ends = ends
        self.paint = paint
    }
}

/// A thin line across the whole panel at one place, with a text at its end.
///
///     Rule(.horizontal, at: 0.95, label: "target")
///
/// The axis is made long enough to show it.
public struct Rule: Sendable, Hashable {
    public enum Direction: Sendable, Hashable { case horizontal, vertical }

    public var direction: Direction
    public var place: Double
    public var label: String
    public var paint: Paint
    public var dash: Dash

    public init(
        _ direction: Direction, at place: Double, label: String = "", paint: Paint = .text, dash: Dash = .dashed
    ) {
        self.direction = direction
        self.place = place
        self.label = label
        self.paint = paint
        self.dash = dash
    }
}

/// Text at places of the panel, beside the place and never outside of the plot.
public struct Labels: Sendable, Hashable {
    /// Where a text stands, seen from its place.
    public enum Side: Sendable, Hashable {
        /// On the right, or where there is no room on the left.
        case beside
        /// A text that would cover another one, or leave the plot, is left out.
        case corner(isLeft: Bool, isBelow: Bool)
    }

    public var x: [Double]
    public var y: [Double]
    public var texts: [String]
    public var paint: Paint
    public var side: Side

    public init(x: [Double], y: [Double], texts: [String], paint: Paint = .text, side: Side = .beside) {
        self.x = x
        self.y = y
        self.texts = texts
        self.paint = paint
        self.side = side
    }
}

/// Lines across parallel axes, one line for each trial.
///
/// The axes may be of any kind. A value that is nil lies on the rail at the foot of its axis, outside of
/// the axis's range, so that a parameter which a trial did not have is not taken for its lowest value.
public struct ParallelLines: Sendable, Hashable {
    public var axes: [Axis]
    /// `rows[line][axis]`, drawn in this order.
    public var rows: [[Double?]]
    /// The number that gives each line its colour.
    public var shades: [Double?]
    public var scale: ColourScale

    public init(axes: [Axis], rows: [[Double?]], shades: [Double?], scale: ColourScale) {
        self.axes = axes
        self.rows = rows
        self.shades = shades
        self.scale = scale
    }
}
