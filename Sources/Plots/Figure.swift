/// A picture: one or more panels with a title, and a text for people who cannot see it.
///
///     let figure = Figure(
///         title: "Accuracy by epoch", description: "Rises to 0.97 in 20 epochs.",
///         panels: [Panel(x: Axis("epoch"), y: Axis("accuracy"), marks: [.line(Line(x: epochs, y: accuracy))])])
///     try Data(figure.svg().utf8).write(to: file)
///
/// A figure is a value and knows no file, clock or random number: the same figure gives the same bytes.
/// Numbers that are not finite are left out, never drawn somewhere; see `Axis.rail` for values that do
/// not exist.
public struct Figure: Sendable, Hashable {
    /// The line on top, and the `<title>` that a screen reader says first.
    public var title: String
    /// What the picture shows, in a sentence or two: the `<desc>`.
    public var description: String
    /// The size in units of the `viewBox`, which are pixels where the picture is not scaled.
    public var width: Double
    public var height: Double
    /// How many panels stand side by side; the rest go below.
    public var columns: Int
    public var panels: [Panel]
    /// A line at the foot, for what the picture leaves out: "3 trials have no value".
    public var note: String

    public init(
        title: String, description: String = "", width: Double = 640, height: Double = 360, columns: Int = 1,
        panels: [Panel], note: String = ""
    ) {
        self.title = title
        self.description = description
        self.width = width
        self.height = height
        self.columns = columns
        self.panels = panels
        self.note = note
    }

    /// What the picture will lie on.
    public enum Surface: Sendable, Hashable {
        /// A file of its own: a light background and dark text, since an `<img>` knows nothing of the page.
        case card
        /// Part of a page: no background, and the page's own colour of text, light or dark.
        case page
    }

    /// The figure as an SVG document.
    ///
    /// The order inside is title, legend, panels, colour bars, note. Marks stand in groups with a class, such
    /// as `<g class="points">`, by which a page can style them.
    ///
    /// It has no scripts, no style sheets, no links and no identifiers, so that many figures fit in one page
    /// under a strict Content-Security-Policy. All text is escaped.
    public func svg(on surface: Surface = .card) -> String {
        FigureDrawing(self, on: surface).document()
    }
}

/// One plot of a figure: two axes and what is drawn between them, or parallel axes.
///
///     Panel(title: "seed 42", x: Axis("epoch"), y: Axis("loss", kind: .log), marks: [.line(curve)])
///
/// A panel without anything to draw says "no data", so that an empty plot is not taken for a fault.
public struct Panel: Sendable, Hashable {
    public var title: String
    public var x: Axis
    public var y: Axis
    /// Drawn in this order, so that the last is on top.
    public var marks: [Mark]
    /// Where this is set, `x`, `y` and `marks` are not used.
    public var parallel: ParallelLines?

    public init(title: String = "", x: Axis, y: Axis, marks: [Mark]) {
        self.title = title
        self.x = x
        self.y = y
        self.marks = marks
    }

    public init(title: String = "", parallel: ParallelLines) {
        self.title = title
        self.x = Axis()
        self.y = Axis()
        self.marks = []
        self.parallel = parallel
    }
}
