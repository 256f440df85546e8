/// The few kinds of element that figures are made of, with the look they share.
struct Canvas {
    var writer = SVGWriter()
    /// What is behind the text; nil where the page decides.
    let background: String?

    enum Anchor: String { case start, middle, end }

    /// Text whose middle is at the height `y`.
    mutating func text(
        _ text: String, x: Double, y: Double, anchor: Anchor = .start, size: Double = Ticks.fontSize,
        isBold: Bool = false, isFaint: Bool = false, hasHalo: Bool = false, colour: String = ""
    ) {
        guard !text.isEmpty else { return }
        let halo = hasHalo ? background : nil
        writer.element(
            "text",
            [
                "x": SVGWriter.number(x), "y": SVGWriter.number(y + size * 0.35),
                "text-anchor": anchor == .start ? "" : anchor.rawValue, "font-size": SVGWriter.number(size),
                "font-weight": isBold ? "600" : "", "fill": colour, "fill-opacity": isFaint ? "0.75" : "",
                "stroke": halo ?? "", "stroke-width": halo == nil ? "" : "3",
                "paint-order": halo == nil ? "" : "stroke",
            ], content: text)
    }

    /// A line of one colour; `path` is path data.
    mutating func stroke(
        _ path: String, colour: String, width: Double, opacity: Double = 1, dash: Dash = .solid, isRound: Bool = true
    ) {
        guard !path.isEmpty else { return }
        let dashes =
            switch dash {
            case .solid: ""
            case .dashed: "6 4"
            case .dotted: "2 4"
            }
        writer.element(
            "path",
            [
                "d": path, "fill": "none", "stroke": colour, "stroke-width": SVGWriter.number(width),
                "stroke-opacity": opacity < 1 ? NumberText.plain(opacity, decimals: 2) : "", "stroke-dasharray": dashes,
                "stroke-linecap": isRound && dash == .solid ? "round" : "", "stroke-linejoin": isRound ? "round" : "",
            ])
    }

    /// An area of one colour.
    mutating func fill(_ path: String, colour: String, opacity: Double = 1, isCrisp: Bool = false) {
        guard !path.isEmpty else { return }
        writer.element(
            "path",
            [
                "d": path, "fill": colour,
                "fill-opacity": opacity < 1 ? NumberText.plain(opacity, decimals: 2) : "",
                "shape-rendering": isCrisp ? "crispEdges" : "",
            ])
    }

    /// Marks stand in groups whose class says what they are, for a page's style sheet and for tests.
    mutating func group(_ name: String, _ draw: (inout Canvas) -> Void) {
        writer.open("g", ["class": name])
        draw(&self)
        writer.close("g")
    }

    /// Path data of a rectangle.
    static func rectangle(_ box: Box) -> String {
        let width = SVGWriter.number(box.width)
        return "M" + SVGWriter.pair(box.left, box.top) + "h\(width)v\(SVGWriter.number(box.height))h-\(width)z"
    }

    private static let ringWidth = 1.4

    /// Path data of a point. A circle is a stroke of no length with round ends, which is the shortest way.
    static func symbol(_ symbol: Symbol, at spot: Spot, size: Double) -> String {
        let half = SVGWriter.number(size / 2)
        let whole = SVGWriter.number(size)
        switch symbol {
        case .circle: return "M" + SVGWriter.pair(spot.x, spot.y) + "h0"
        case .square:
            return "M" + SVGWriter.pair(spot.x - size / 2, spot.y - size / 2) + "h\(whole)v\(whole)h-\(whole)z"
        case .diamond:
            return "M" + SVGWriter.pair(spot.x, spot.y - size / 2)
                + "l\(half) \(half)l-\(half) \(half)l-\(half)-\(half)z"
        case .triangle:
            return "M" + SVGWriter.pair(spot.x, spot.y - size / 2) + "l\(half) \(whole)h-\(whole)z"
        case .cross:
            return "M" + SVGWriter.pair(spot.x - size / 2, spot.y - size / 2)
                + "l\(whole) \(whole)m0-\(whole)l-\(whole) \(whole)"
        case .ring:
            // As large as a disc, with its line.
            let radius = SVGWriter.number(max(size - ringWidth, 1) / 2)
            let across = SVGWriter.number(max(size - ringWidth, 1))
            return "M" + SVGWriter.pair(spot.x - max(size - ringWidth, 1) / 2, spot.y)
                + "a\(radius) \(radius) 0 1 0 \(across) 0a\(radius) \(radius) 0 1 0-\(across) 0z"
        }
    }

    /// Draws path data of symbols: circles, crosses and rings are strokes, the others areas.
    mutating func symbols(_ path: String, _ symbol: Symbol, size: Double, colour: String) {
        switch symbol {
        case .circle: stroke(path, colour: colour, width: size, opacity: 0.85)
        case .cross: stroke(path, colour: colour, width: 1.8)
        case .ring: stroke(path, colour: colour, width: Self.ringWidth)
        case .square, .diamond, .triangle: fill(path, colour: colour, opacity: 0.85)
        }
    }
}
