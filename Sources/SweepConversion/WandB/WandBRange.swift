import ConfigFile

#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

/// Reads one parameter of a W&B sweep.
///
///     {min: 1, max: 8}                                       integers, both ends included
///     {min: 0.0, max: 1}                                     real numbers
///     {distribution: log_uniform, min: -9.2, max: -2.3}      the bounds are exponents of e
///     {distribution: q_uniform, min: 0, max: 64, q: 16}      multiples of 16
struct WandBRange {
    let section: ConfigSection
    let method: WandBSweep.Method?
    let problems: DiagnosticCollector
    let notes: ConversionNotes

    /// Nil if there is a mistake, which is reported.
    func definition() -> Definition? {
        var comments: [String] = []
        guard let kind = kind(&comments) else { return nil }
        reportUnknownKeys(of: kind)
        if method == .grid, !isForGrid(kind) {
            let words = kind == .categorical ? "'probabilities'" : "'\(kind.rawValue)'"
            problems.report(
                "'\(section.path)': a grid cannot have \(words)", at: section.location,
                help: "W&B refuses it too: give 'values', or write method: random")
            return nil
        }
        var definition = definition(kind, &comments)
        definition?.comments += comments
        return definition
    }

    // MARK: The distribution

    private func has(_ key: String) -> Bool { section.contains(key) }

    /// The distribution that is named, or that the keys imply.
    private func kind(_ comments: inout [String]) -> WandBDistribution? {
        guard let node = section.node("distribution"), node.value != .null else { return impliedKind() }
        let word = node.foreignText ?? ""
        guard let kind = WandBDistribution(rawValue: word) else {
            if let meant = WandBDistribution.meant(by: word) {
                problems.report(
                    "'\(section.name("distribution"))' cannot be '\(word)'", at: node.location,
                    help: "write \(meant.rawValue)")
            } else {
                section.reportUnknownName(
                    word.isEmpty ? node.kindDescription : word, of: section.name("distribution"),
                    among: WandBDistribution.allCases.map(\.rawValue), at: node.location)
            }
            return nil
        }
        let needsRange = kind.keys.contains("min")
        guard needsRange, !has("min"), !has("max"), has("values") || has("value") else { return kind }
        let key = has("values") ? "values" : "value"
        comments.append(
            notes.add(
                "'distribution: \(word)' needs min and max, and there is '\(key)'; it is read as "
                    + (has("values") ? "a choice" : "a constant"), at: node.location))
        return has("values") ? .categorical : .constant
    }

    private func impliedKind() -> WandBDistribution? {
        if has("values") { return has("probabilities") ? .categoricalWithProbabilities : .categorical }
        if has("value") { return .constant }
        if has("q") || has("mu") || has("sigma") || has("a") || has("b") {
            problems.report(
                "'\(section.name("distribution"))' is missing", at: section.location,
                help: has("q") && has("min")
                    ? "write distribution: q_uniform, or q_log_uniform_values"
                    : has("a") || has("b") ? "write distribution: beta" : "write distribution: normal")
            return nil
        }
        guard has("min"), has("max") else {
            problems.report(
                "'\(section.path)' has no values", at: section.location,
                help: nearHelp() ?? "write value: …, values: […] or min: …, max: …")
            return nil
        }
        let numbers = ["min", "max"].compactMap { section.node($0)?.foreignNumber }
        return numbers.allSatisfy(\.isInteger) ? .integers : .uniform
    }

    /// The help for a misspelled key, without which the parameter has no values.
    private func nearHelp() -> String? {
        let known = ["value", "values", "min", "max", "distribution", "parameters"]
        for entry in section.entries where !known.contains(entry.key) {
            if let near = nearestName(to: entry.key, among: known) { return "did you mean '\(near)'?" }
        }
        return nil
    }

    private func reportUnknownKeys(of kind: WandBDistribution) {
        for key in kind.keys { _ = section.node(key) }
        section.explain([
            "q": "only the distributions that begin with 'q_' have it",
            "probabilities": "they belong to 'values'",
        ])
        section.reportUnknownKeys()
    }

    private func isForGrid(_ kind: WandBDistribution) -> Bool {
        kind.suitsGrid && !(kind == .categorical && has("probabilities"))
    }

    private func definition(_ kind: WandBDistribution, _ comments: inout [String]) -> Definition? {
        switch kind {
        case .constant: return constant()
        case .categorical, .categoricalWithProbabilities: return choice(kind, &comments)
        case .integers: return integers()
        case .uniform: return range().map { .range("uniform", $0.text, $1.text) }
        case .logUniformValues, .inverseLogUniformValues:
            return range(isPositive: true).map { .range("loguniform", $0.text, $1.text) }
        case .logUniform: return exponents(&comments).map { .range("loguniform", $0.text, $1.text, remark: $2) }
        case .inverseLogUniform:
            return exponents(&comments, isInverse: true).map { .range("loguniform", $0.text, $1.text, remark: $2) }
        case .quantizedUniform:
            guard let step = step(), let (min, max) = range() else { return nil }
            let quantized = QuantizedRange(type: "quniform", min: min, max: max, step: step)
            return method == .grid ? grid(quantized) : quantized.definition(noting: note)
        case .quantizedLogUniformValues:
            guard let step = step(), let (min, max) = range(isPositive: true) else { return nil }
            return QuantizedRange(type: "qloguniform", min: min, max: max, step: step).definition(noting: note)
        case .quantizedLogUniform:
            guard let step = step(), let (min, max, remark) = exponents(&comments, near: step) else { return nil }
            return QuantizedRange(type: "qloguniform", min: min, max: max, step: step, remark: remark)
                .definition(noting: note)
        case .normal, .logNormal, .quantizedNormal, .quantizedLogNormal: return normal(kind)
        case .beta, .quantizedBeta: return beta(kind)
        }
    }

    private func note(_ text: String) -> String { notes.add("'\(section.path)': \(text)", at: section.location) }

    // MARK: Values

    private func constant() -> Definition? {
        guard let node = section.requiredNode("value") else { return nil }
        guard let value = node.foreignValue(older: true) else {
            problems.report("'\(section.name("value"))' cannot be or hold NaN", at: node.location)
            return nil
        }
        return .constant(value.text)
    }

    private func choice(_ kind: WandBDistribution, _ comments: inout [String]) -> Definition? {
        guard let node = section.requiredNode("values", help: "values: […]") else { return nil }
        guard case .sequence(let items) = node.value, !items.isEmpty else {
            problems.report(
                "'\(section.name("values"))' must be a list of values, found \(node.kindDescription)",
                at: node.location)
            return nil
        }
        let values = items.compactMap { $0.foreignValue(older: true) }
        guard values.count == items.count else {
            problems.report("'\(section.name("values"))' cannot hold NaN", at: node.location)
            return nil
        }
        var weights: [Double]?
        if kind == .categoricalWithProbabilities || has("probabilities") {
            guard let given = probabilities(count: items.count, &comments) else { return nil }
            weights = given
        }
        let distinct = DistinctValues(values, weights: weights)
        var definition = Definition.choice(distinct.texts)
        if distinct.hasDuplicates {
            let isGrid = method == .grid
            comments.append(
                notes.add(
                    "'\(section.name("values"))' has a value twice"
                        + (isGrid ? "; a grid tries it once" : ", which is therefore likelier"), at: node.location))
        }
        if weights != nil || distinct.hasDuplicates && method != .grid {
            definition.settings.append(("weights", ValueText.list(distinct.weights.map(ValueText.number))))
        }
        return definition
    }

    private func probabilities(count: Int, _ comments: inout [String]) -> [Double]? {
        guard let node = section.requiredNode("probabilities", help: "probabilities: […]") else { return nil }
        guard case .sequence(let items) = node.value else {
            problems.report(
                "'\(section.name("probabilities"))' must be a list of numbers, found \(node.kindDescription)",
                at: node.location)
            return nil
        }
        let numbers = items.compactMap { $0.foreignNumber?.value }.filter { $0 >= 0 }
        guard numbers.count == items.count, numbers.count == count else {
            problems.report(
                "'\(section.name("probabilities"))' must be a list of \(count) numbers from 0 up, one for each value",
                at: node.location)
            return nil
        }
        let sum = numbers.reduce(0, +)
        if (sum - 1).magnitude > 1e-6 {
            comments.append(
                notes.add("the probabilities do not add up to 1; here only their ratio counts", at: node.location))
        }
        return numbers
    }

    // MARK: Ranges

    /// A number that must be there; nil if it is not, which is reported.
    private func number(_ key: String, default standard: ForeignNumber? = nil) -> ForeignNumber? {
        guard let node = section.node(key), node.value != .null else {
            if let standard { return standard }
            problems.report("'\(section.name(key))' is missing", at: section.location)
            return nil
        }
        if let number = node.foreignNumber { return number }
        problems.report(
            "'\(section.name(key))' must be a finite number, found \(node.kindDescription)", at: node.location)
        return nil
    }

    /// `min` and `max`; nil if one is missing or they are in the wrong order, which is reported.
    private func range(isPositive: Bool = false) -> (min: ForeignNumber, max: ForeignNumber)? {
        let (min, max) = (number("min"), number("max"))
        guard let min, let max else { return nil }
        if min.value > max.value {
            problems.report(
                "'\(section.name("min"))' is larger than max: \(min.text) and \(max.text)",
                at: section.place(of: "min"))
            return nil
        }
        if isPositive, min.value <= 0 {
            problems.report(
                "'\(section.name("min"))' must be above 0, since the range is logarithmic, found \(min.text)",
                at: section.place(of: "min"),
                help: min.value < 0 && max.value < 10 ? "bounds that are exponents of e are those of log_uniform" : nil)
            return nil
        }
        return (min, max)
    }

    private func integers() -> Definition? {
        guard let (min, max) = range() else { return nil }
        for (key, number) in [("min", min), ("max", max)] where number.whole == nil {
            problems.report(
                "'\(section.name(key))' must be an integer, found \(number.text)", at: section.place(of: key),
                help: "real numbers have distribution: uniform")
        }
        guard let first = min.whole, let last = max.whole else { return nil }
        return .range("int", String(first), String(last))
    }

    /// The powers of e that `min` and `max` are exponents of.
    ///
    /// - Parameter step: the step of which multiples are taken. An exponent is a logarithm with a few digits: 6.2146081
    ///   is meant as ln 500, though e to the power of it is 499.99996. So a power that is that near to a multiple is
    ///   taken for it.
    private func exponents(
        _ comments: inout [String], near step: ForeignNumber? = nil, isInverse: Bool = false
    ) -> (min: ForeignNumber, max: ForeignNumber, remark: String)? {
        guard let (min, max) = range() else { return nil }
        let (low, high) = isInverse ? (-max.value, -min.value) : (min.value, max.value)
        let numbers = [exp(low), exp(high)]
        for (number, exponent) in zip(numbers, [low, high]) where !number.isNormal {
            problems.report(
                "'\(section.path)': e to the power of \(ValueText.number(exponent)) is no number that can be searched",
                at: section.location, help: "min and max are exponents of e; values stand in log_uniform_values")
            return nil
        }
        // Nobody means 1.00001 by 1e-5, or e^64 by 64.
        let isDoubtful = min.value > 0 && min.value < 1 || min.value >= 0 && max.value <= 1 || max.value > 25
        if !isInverse, isDoubtful {
            comments.append(
                note("min and max are exponents of e; if they are meant as values, write log_uniform_values there"))
        }
        func foreign(_ power: Double) -> ForeignNumber {
            let multiple = step.map { (power / $0.value).rounded() * $0.value } ?? power
            let number = (multiple - power).magnitude <= 1e-6 * power ? multiple : power
            return ForeignNumber(value: number, text: ValueText.number(number), isInteger: false)
        }
        let remark = "e^\(ValueText.number(low)) to e^\(ValueText.number(high))"
        return (foreign(numbers[0]), foreign(numbers[1]), remark)
    }

    /// `q`, which is 1 if it is not given.
    private func step() -> ForeignNumber? {
        guard let step = number("q", default: ForeignNumber(value: 1, text: "1", isInteger: true)) else { return nil }
        if step.value > 0 { return step }
        problems.report("'\(section.name("q"))' must be above 0, found \(step.text)", at: section.place(of: "q"))
        return nil
    }

    /// The values that a grid tries: min, min + q, … below max, which is left out.
    private func grid(_ range: QuantizedRange) -> Definition? {
        let (min, max, step) = (range.min.value, range.max.value, range.step.value)
        let count = ((max - min) / step).rounded(.up)
        guard count >= 1, count <= 10_000 else {
            problems.report(
                "'\(section.path)' gives a grid " + (count < 1 ? "no value" : "more than 10,000 values"),
                at: section.location, help: "W&B's grid tries min, min + q and so on, and leaves max out")
            return nil
        }
        let remark = "W&B's grid leaves max out, which is \(range.max.text)"
        let numbers = (0..<Int(count)).map { min + Double($0) * step }
        if let first = range.min.whole, let step = range.step.whole, let last = numbers.last.flatMap(Int.init(exactly:))
        {
            return Definition(
                "int", [("min", String(first)), ("max", String(last)), ("step", String(step))], remark: remark)
        }
        var definition = Definition("ordinal", [("values", ValueText.list(numbers.map(ValueText.number)))])
        definition.remark = remark
        return definition
    }

    // MARK: Bell-shaped

    private func normal(_ kind: WandBDistribution) -> Definition? {
        let zero = ForeignNumber(value: 0, text: "0", isInteger: true)
        let one = ForeignNumber(value: 1, text: "1", isInteger: true)
        let (mean, std) = (number("mu", default: zero), number("sigma", default: one))
        guard let mean, let std else { return nil }
        guard std.value > 0 else {
            problems.report(
                "'\(section.name("sigma"))' must be above 0, found \(std.text)", at: section.place(of: "sigma"))
            return nil
        }
        let settings = [(key: "mean", text: mean.text), (key: "std", text: std.text)]
        switch kind {
        case .quantizedNormal, .quantizedLogNormal:
            guard let step = step() else { return nil }
            let text = step.whole.map(String.init) ?? step.text
            return Definition(
                kind == .quantizedNormal ? "qnormal" : "qlognormal", settings + [(key: "step", text: text)])
        default: return Definition(kind == .logNormal ? "lognormal" : "normal", settings)
        }
    }

    private func beta(_ kind: WandBDistribution) -> Definition? {
        let one = ForeignNumber(value: 1, text: "1", isInteger: true)
        guard let a = number("a", default: one), let b = number("b", default: one) else { return nil }
        guard a.value == 1, b.value == 1 else {
            problems.report(
                "'\(section.path)': a beta distribution has no counterpart in a sweep file", at: section.location,
                help: "only that with a: 1 and b: 1 has, which is uniform from 0 to 1; normal can have min and max")
            return nil
        }
        guard kind == .quantizedBeta else { return .range("uniform", "0", "1") }
        guard let step = step() else { return nil }
        let zero = ForeignNumber(value: 0, text: "0", isInteger: true)
        return QuantizedRange(type: "quniform", min: zero, max: one, step: step).definition(noting: note)
    }
}
