import SweepSearch

/// The numbers start, start + step, … as Optuna and Katib count them: from the start on, and not from 0.
struct SteppedRange {
    var start: ForeignNumber
    var stop: ForeignNumber
    var step: ForeignNumber

    /// What becomes of the last number.
    enum Ending {
        /// It belongs to the others: Optuna, Katib.
        case included
        /// The stop is left out where the steps come to it: Python's range, and Hydra's.
        case stopLeftOut
        /// The last number is left out whether or not it is the stop: the grid of Hydra's Optuna sweeper, which takes
        /// (stop - start) / step numbers, cut to a whole one.
        case lastLeftOut
    }

    private static let most = 10_000

    private var isInteger: Bool { start.isInteger && stop.isInteger && step.isInteger }

    /// All of them.
    ///
    /// - Throws: `ForeignProblem` if there are none, or too many to list.
    func numbers(_ ending: Ending) throws(ForeignProblem) -> [ForeignValue] {
        let exact = (stop.value - start.value) / step.value
        let nearest = exact.rounded()
        let isAtStop = (exact - nearest).magnitude <= 1e-9 * Swift.max(1, nearest.magnitude)
        let whole = isAtStop ? nearest : exact.rounded(.down)
        let last =
            switch ending {
            case .included: whole
            case .stopLeftOut: isAtStop ? whole - 1 : whole
            case .lastLeftOut: whole - 1
            }
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
    func definition(_ ending: Ending) throws(ForeignProblem) -> Definition {
        guard step.value > 0 else { throw ForeignProblem(message: "the step \(step.text) is not above 0") }
        guard start.value <= stop.value else {
            throw ForeignProblem(message: "\(start.text) is larger than \(stop.text)")
        }
        if isInteger, let first = start.whole, let end = stop.whole, let step = step.whole {
            let (span, isTooLong) = end.subtractingReportingOverflow(first)
            guard !isTooLong else { throw ForeignProblem(message: "the range is too long") }
            let kept =
                switch ending {
                case .included: span
                case .stopLeftOut: span - 1
                case .lastLeftOut: span / step * step - step
                }
            guard kept >= 0 else {
                throw ForeignProblem(message: "a grid leaves the upper end out, \(end), and then nothing is left")
            }
            var definition = Definition.range("int", String(first), String(first + kept))
            if step != 1 { definition.settings.append(("step", String(step))) }
            if ending != .included { definition.remark = "a grid leaves the upper end out, \(end)" }
            return definition
        }
        let factor = start.value / step.value
        let isMultiple = (factor - factor.rounded()).magnitude <= 1e-9 * Swift.max(1, factor.magnitude)
        if ending == .included, isMultiple {
            return Definition("quniform", [("min", start.text), ("max", stop.text), ("step", step.text)])
        }
        return Definition(
            "ordinal", [("values", ValueText.list(try numbers(ending).map(\.text)))],
            remark: ending == .included ? nil : "a grid leaves the upper end out, \(stop.text)")
    }
}
