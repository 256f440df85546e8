import ConfigFile
import SweepSearch

/// Reads one parameter's type and range: `{type: loguniform, min: 1e-4, max: 0.1}` becomes a `Distribution`.
///
/// The types, and what they need:
///
///     uniform, loguniform              min, max
///     quniform, qloguniform            min, max, step: only multiples of the step
///     normal, lognormal                mean, std; min and max cut the ends off
///     qnormal, qlognormal              mean, std, step
///     int                              min, max, both included; step, log
///     choice, ordinal                  values; for a choice weights
///     constant                         value
///
/// So this YAML is read as
///
///     {type: loguniform, min: 1e-4, max: 0.1}         .real(.logarithmic, min: 0.0001, max: 0.1)
///     {type: int, min: 1, max: 4}                     .integer(min: 1, max: 4, step: 1, log: false)
///     {type: choice, values: [sgd, adam]}             .choice(values: ["sgd", "adam"], weights: [1, 1])
///     {type: uniform, min: 1, max: 0}                 nil, and a report at `min`: min 1.0 is larger than max 0.0
struct DistributionReader {
    let problems: DiagnosticCollector

    /// The words that `type` may have. The names are those of other tools: q for quantized, log for a logarithmic
    /// scale.
    enum Kind: String, CaseIterable {
        case uniform, quniform, loguniform, qloguniform, normal, qnormal, lognormal, qlognormal
        case int, choice, ordinal, constant
    }

    /// Reads the mapping of one parameter. Without a type that is known, its other keys are not reported: which of them
    /// are right depends on the type.
    ///
    /// - Returns: nil if there is a mistake, which is reported.
    func read(_ section: ConfigSection) -> Distribution? {
        let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
        let missing = ForeignWords.help(forMissingTypeIn: section) ?? "known are \(known)"
        let kind = section.requiredNode("type", help: missing)
            .flatMap { _ in section.choice("type", of: Kind.self, explain: ForeignWords.help(forType:)) }
        guard let kind else {
            section.acceptOtherKeys()
            return nil
        }
        guard let distribution = distribution(kind, section) else { return nil }
        if let problem = distribution.problem() {
            problems.report("'\(section.path)': \(problem)", at: place(of: problem, in: section))
            return nil
        }
        return distribution
    }

    /// Reads the settings that belong to a type.
    private func distribution(_ kind: Kind, _ section: ConfigSection) -> Distribution? {
        switch kind {
        case .uniform: range(section).map { .real(.linear, min: $0, max: $1) }
        case .loguniform: range(section).map { .real(.logarithmic, min: $0, max: $1) }
        case .quniform: quantized(section, .linear)
        case .qloguniform: quantized(section, .logarithmic)
        case .normal: normalRange(section, isLogarithmic: false).map { .real($0, min: $1, max: $2) }
        case .lognormal: normalRange(section, isLogarithmic: true).map { .real($0, min: $1, max: $2) }
        case .qnormal: quantizedNormal(section, isLogarithmic: false)
        case .qlognormal: quantizedNormal(section, isLogarithmic: true)
        case .int: integer(section)
        case .choice: choice(section)
        case .ordinal: list("values", of: section, Self.valueKind) { ParameterValue($0) }.map { .ordinal($0) }
        case .constant: constant(section)
        }
    }

    /// What an element of `values` has to be, in words.
    private static let valueKind = "a value without '.nan'"

    // MARK: Numbers

    /// Reads `min` and `max`. Both are looked at before either may end the reading, so that both mistakes are reported.
    private func range(_ section: ConfigSection) -> (Double, Double)? {
        let min = requiredNumber("min", of: section)
        let max = requiredNumber("max", of: section)
        guard let min, let max else { return nil }
        return (min, max)
    }

    /// Reads a range whose values are multiples of `step`.
    private func quantized(_ section: ConfigSection, _ axis: NumberAxis) -> Distribution? {
        let range = range(section)
        let step = requiredNumber("step", of: section)
        guard let (min, max) = range, let step else { return nil }
        return .quantized(axis, min: min, max: max, step: step)
    }

    /// Reads a normal distribution, whose bounds are optional.
    ///
    /// - Returns: the axis, min and max. A bound that is not given is so far from the mean that it cuts off next to
    ///   nothing.
    private func normalRange(_ section: ConfigSection, isLogarithmic: Bool) -> (NumberAxis, Double, Double)? {
        let mean = requiredNumber("mean", of: section)
        let std = requiredNumber("std", of: section)
        let min = section.number("min")
        let max = section.number("max")
        let isWhole = (section.contains("min") ? min != nil : true) && (section.contains("max") ? max != nil : true)
        guard let mean, let std, isWhole else { return nil }
        let axis: NumberAxis = isLogarithmic ? .logNormal(mean: mean, std: std) : .normal(mean: mean, std: std)
        // A single bound may be beyond the default of the other one; the range is then one point, not reversed.
        let (low, high) = axis.reach
        return (axis, min ?? Swift.min(low, max ?? low), max ?? Swift.max(high, min ?? high))
    }

    /// Reads a normal distribution whose values are multiples of `step`.
    private func quantizedNormal(_ section: ConfigSection, isLogarithmic: Bool) -> Distribution? {
        let range = normalRange(section, isLogarithmic: isLogarithmic)
        let step = requiredNumber("step", of: section)
        guard let (axis, min, max) = range, let step else { return nil }
        return .quantized(axis, min: min, max: max, step: step)
    }

    /// Reads `{type: int, min: 1, max: 64, step: 1, log: true}`; both bounds are included.
    private func integer(_ section: ConfigSection) -> Distribution? {
        let min = section.requiredNode("min").flatMap { _ in section.integer("min") }
        let max = section.requiredNode("max").flatMap { _ in section.integer("max") }
        let step = section.contains("step") ? section.integer("step") : 1
        let log = section.contains("log") ? section.boolean("log") : false
        guard let min, let max, let step, let log else { return nil }
        return .integer(min: min, max: max, step: step, log: log)
    }

    /// Reads a finite number; nil if it is missing or wrong, both of which are reported.
    private func requiredNumber(_ key: String, of section: ConfigSection) -> Double? {
        section.requiredNode(key).flatMap { _ in section.number(key) }
    }

    // MARK: Values

    /// Reads `{type: choice, values: [a, b], weights: [3, 1]}`; without weights all values are equally likely.
    private func choice(_ section: ConfigSection) -> Distribution? {
        let values = list("values", of: section, Self.valueKind) { ParameterValue($0) }
        let weights =
            section.contains("weights")
            ? list("weights", of: section, "a number") { $0.value.asNumber }
            : values?.map { _ in 1 }
        guard let values, let weights else { return nil }
        return .choice(values: values, weights: weights)
    }

    /// Reads `{type: constant, value: 5}`: a parameter that is passed to the trainer and never varied.
    private func constant(_ section: ConfigSection) -> Distribution? {
        guard let node = section.requiredNode("value") else { return nil }
        guard let value = ParameterValue(node) else {
            problems.report(
                "'\(section.name("value"))' must be \(Self.valueKind), found \(node.kindDescription)", at: node.location
            )
            return nil
        }
        return .constant(value)
    }

    /// Reads a list, and reports each element for which `convert` has no value.
    ///
    /// - Parameter kind: what an element has to be, in words.
    private func list<Element>(
        _ key: String, of section: ConfigSection, _ kind: String, _ convert: (ConfigNode) -> Element?
    ) -> [Element]? {
        guard let node = section.requiredNode(key, help: "\(key): […]") else { return nil }
        guard case .sequence(let items) = node.value else {
            problems.report("'\(section.name(key))' must be a list, found \(node.kindDescription)", at: node.location)
            return nil
        }
        let elements = items.compactMap { item in
            let element = convert(item)
            if element == nil {
                problems.report(
                    "an element of '\(section.name(key))' must be \(kind), found \(item.kindDescription)",
                    at: item.location)
            }
            return element
        }
        return elements.count == items.count ? elements : nil
    }

    /// The place of the setting that a problem is about; of the whole parameter if the setting is not written.
    private func place(of problem: DistributionProblem, in section: ConfigSection) -> SourceLocation? {
        if case .duplicateChoice(let value) = problem, case .sequence(let items) = section.node("values")?.value {
            return items.filter { ParameterValue($0)?.matches(value) ?? false }.dropFirst().first?.location
        }
        let key = problem.settings.first { setting in section.entries.contains { $0.key == setting } }
        return key.map { section.place(of: $0) } ?? section.location
    }
}

extension ConfigNode.Value {
    /// A number, finite or not.
    fileprivate var asNumber: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        case .null, .boolean, .string, .sequence, .mapping: nil
        }
    }
}

extension DistributionProblem {
    /// The settings of a sweep file that the problem may be about, the likeliest first.
    fileprivate var settings: [String] {
        switch self {
        case .boundIsNotFinite, .logarithmOfNonPositive, .rangeIsFarFromMean: ["min", "max"]
        case .minAboveMax: ["min"]
        case .stepIsNotPositive, .stepIsTooSmall, .noMultiple: ["step"]
        case .stdIsNotPositive: ["std"]
        case .logarithmicMeanIsTooLarge: ["mean"]
        case .noChoices, .duplicateChoice, .choiceIsNotANumber: ["values", "value"]
        case .weightCount, .illegalWeight, .weightsAreTooLarge, .allWeightsAreZero: ["weights", "values"]
        }
    }
}
