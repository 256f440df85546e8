import SweepSearch

/// The numbers start, start + step, … as Optuna and Katib count them: from the start on, and not from 0.
struct SteppedRange {
    var start: ForeignNumber
    var stop: ForeignNumber
    var step: ForeignNumber

    private static let most = 10_000

    private var isInteger: Bool { start.isInteger && stop.isInteger && step.isInteger }

    /// All of them.
    ///
    /// - Parameter withStop: whether the stop belongs to them where the steps come to it.
    /// - Throws: `ForeignProblem` if there are none, or too many to list.
    func numbers(withStop: Bool) throws(ForeignProblem) -> [ForeignValue] {
        let exact = (stop.value - start.value) / step.value
        let nearest = exact.rounded()
        let isAtStop = (exact - nearest).magnitude <= 1e-9 * Swift.max(1, nearest.magnitude)
        let last = isAtStop ? (withStop ? nearest : nearest - 1) : exact.rounded(.down)
        guard last >= 0 else { throw ForeignProblem(message: "the range from \(start.text) to \(stop.text) is empty") }
        guard last < Double(Self.most) else {
            throw ForeignProblem(message: "the range from \(start.text) to \(stop.text) has more than 10,000 values")
        }
        return (0...Int(last)).map { index in
            let number = start.value + Double(index) * step.value
            // 0.1 + 2 · 0.1 is 0.30000000000000004; what is meant is 0.3.
            let rounded = Double(ValueText.rounded(number)) ?? number
            let value: ParameterValue =
                isInteger ? Int(exactly: rounded).map { .integer($0) } ?? .number(rounded) : .number(rounded)
            return ForeignValue(value: value, text: value.description)
        }
    }

    /// The definition of a parameter with these numbers.
    ///
    /// - Throws: `ForeignProblem` if there are none, or too many to list where they have to be listed.
    func definition(withStop: Bool) throws(ForeignProblem) -> Definition {
        guard step.value > 0 else { throw ForeignProblem(message: "the step \(step.text) is not above 0") }
        guard start.value <= stop.value else {
            throw ForeignProblem(message: "\(start.text) is larger than \(stop.text)")
        }
        if isInteger, let first = start.whole, let end = stop.whole, let step = step.whole {
            let last = withStop ? end : end - 1
            guard first <= last else { throw ForeignProblem(message: "the range is empty") }
            var definition = Definition.range("int", String(first), String(last))
            if step != 1 { definition.settings.append(("step", String(step))) }
            if !withStop { definition.remark = "a grid leaves the upper end out, \(end)" }
            return definition
        }
        let factor = start.value / step.value
        let isMultiple = (factor - factor.rounded()).magnitude <= 1e-9 * Swift.max(1, factor.magnitude)
        if withStop, isMultiple {
            return Definition("quniform", [("min", start.text), ("max", stop.text), ("step", step.text)])
        }
        return Definition("ordinal", [("values", ValueText.list(try numbers(withStop: withStop).map(\.text)))])
    }
}
