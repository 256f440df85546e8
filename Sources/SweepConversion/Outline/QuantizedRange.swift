/// A range of which a tool takes the multiples of a step, by rounding: round(x / step) · step.
///
/// Rounding may leave the range by up to half a step. A sweep file keeps the bounds: what lies outside is said in a
/// note, and only where no multiple lies within them, the multiples outside are the values.
struct QuantizedRange {
    /// The type in the sweep file: `quniform` or `qloguniform`.
    var type: String
    var min: ForeignNumber
    var max: ForeignNumber
    var step: ForeignNumber
    var remark: String?

    /// - Parameter note: takes a note and gives its comment.
    func definition(noting note: (String) -> String) -> Definition {
        let quotients = (low: min.value / step.value, high: max.value / step.value)
        // A hair of rounding must not cost a multiple: 0.3 / 0.1 is 2.9999999999999996.
        let tolerance = 1e-9 * Swift.max(1, quotients.high.magnitude)
        // 0 has no logarithm.
        let first = Swift.max((quotients.low - tolerance).rounded(.up), type == "quniform" ? -.infinity : 1)
        let last = (quotients.high + tolerance).rounded(.down)
        let outer = (
            low: quotients.low.rounded(.toNearestOrEven), high: quotients.high.rounded(.toNearestOrEven)
        )
        guard first <= last else { return outside(outer.low, outer.high, note) }
        var comments: [String] = []
        let beyond = (outer.low < first ? [outer.low] : []) + (outer.high > last ? [outer.high] : [])
        if !beyond.isEmpty {
            let values = beyond.map(multiple).joined(separator: " and ")
            comments.append(note("rounding could also give \(values), outside of the bounds; here the bounds hold"))
        }
        var definition = Definition(type, [], remark: remark, comments: comments)
        if let whole = wholeBounds(first, last) {
            definition.settings = [("min", whole.min), ("max", whole.max), ("step", whole.step)]
        } else {
            definition.settings = [("min", min.text), ("max", max.text), ("step", step.text)]
        }
        return definition
    }

    /// The bounds as whole numbers where the step is one: then all values are integers.
    private func wholeBounds(_ first: Double, _ last: Double) -> (min: String, max: String, step: String)? {
        guard let step = step.whole, let low = Int(exactly: min.value.rounded(.up)),
            let high = Int(exactly: max.value.rounded(.down)), low <= high
        else { return nil }
        return (String(low), String(high), String(step))
    }

    /// No multiple lies within the bounds, so all values lie outside of them.
    private func outside(_ low: Double, _ high: Double, _ note: (String) -> String) -> Definition {
        let values = low == high ? [low] : [low, high]
        let comment = note(
            "no multiple of \(step.text) lies from \(min.text) to \(max.text); rounding gives "
                + values.map(multiple).joined(separator: " or "))
        var definition = values.count == 1 ? Definition.constant(multiple(low)) : .choice(values.map(multiple))
        definition.comments = [comment]
        definition.remark = remark
        return definition
    }

    private func multiple(_ factor: Double) -> String { ValueText.number(factor * step.value) }
}
