import ConfigFile
import SweepModel
import SweepSearch

/// Reads the `when` of a parameter: in which trials it is active.
///
///     when: {optimizer: sgd}                      # the parent has this value
///     when: {optimizer: [sgd, nesterov]}          # … one of these
///     when: {layers: "> 2"}                       # … a value above 2
///     when: {layers: {">=": 2, "<": 5}}           # several comparisons at once
///     when: {optimizer: sgd, layers: "> 2"}       # conditions on two parents, both of which must hold
///
/// The bound of a comparison may also be a value of an ordinal parameter. Its place in the list is then compared: for
/// `size: {type: ordinal, values: [small, medium, large]}`, `">= medium"` means medium or large.
struct ConditionReader {
    /// The distributions of the parameters that could be read; one with a mistake is missing.
    let distributions: [String: Distribution]
    let problems: DiagnosticCollector

    /// The conditions that were read, and where in the file the one on each parent is.
    struct Reading {
        var conditions: [Condition] = []
        /// By parent, the place of its key in the mapping.
        var locations: [String: SourceLocation] = [:]
        /// Whether a condition could not be read; that has been reported.
        var isBroken = false
    }

    /// The forms that a condition may have, in one line.
    private static let help = """
        when: {PARENT: VALUE}, {PARENT: [VALUE, …]}, {PARENT: "< NUMBER"} or {PARENT: {">=": NUMBER, "<": NUMBER}}
        """

    /// Reads the mapping after `when`. All its conditions have to hold.
    func read(_ node: ConfigNode) -> Reading {
        var reading = Reading()
        guard case .mapping(let entries) = node.value else {
            problems.report(
                "'when' must be a mapping, found \(node.kindDescription)", at: node.location, help: Self.help)
            reading.isBroken = true
            return reading
        }
        for entry in entries {
            reading.locations[entry.key] = entry.keyLocation
            if let tests = tests(entry) {
                reading.conditions += tests.map { Condition(entry.key, $0) }
            } else {
                reading.isBroken = true
            }
        }
        return reading
    }

    /// The conditions on one parent; nil if they could not be read, which is reported. There are several only for a
    /// mapping of comparisons.
    private func tests(_ entry: ConfigEntry) -> [Condition.Test]? {
        let node = entry.node
        // A list may be one value or several. If the parent can have the list as its value, that is meant.
        if let value = ParameterValue(node), value.isStructure, let parent = distributions[entry.key],
            parent.legalForm(of: value) != nil
        {
            return [.equals(value)]
        }
        switch node.value {
        case .string(let text): return test(text, entry).map { [$0] }
        case .sequence(let items):
            let values = items.compactMap { ParameterValue($0) }
            if !values.isEmpty, values.count == items.count { return [.isOneOf(values)] }
        case .mapping(let bounds) where !bounds.isEmpty:
            let tests = bounds.map { test($0, on: entry.key) }
            return tests.contains(nil) ? nil : tests.compactMap(\.self)
        case .boolean, .integer, .number:
            if let value = ParameterValue(node) { return [.equals(value)] }
        case .null, .mapping: break
        }
        problems.report(
            "a condition on '\(entry.key)' must be a value, a list of values or a comparison, found "
                + node.kindDescription, at: node.location, help: Self.help)
        return nil
    }

    /// Reads a text as a comparison if it looks like one, unless it is a value of the parent: a choice may be named
    /// `<3`.
    ///
    ///     layers: "> 2"           .comparison(.greater, 2)
    ///     size: ">= medium"       .isOneOf(["medium", "large"]), for an ordinal size of small, medium and large
    ///     optimizer: sgd          .equals("sgd")
    private func test(_ text: String, _ entry: ConfigEntry) -> Condition.Test? {
        let parent = distributions[entry.key]
        let operators = Condition.Comparison.allCases.sorted { $0.rawValue.count > $1.rawValue.count }
        guard parent?.legalForm(of: .string(text)) == nil,
            let comparison = operators.first(where: { text.hasPrefix($0.rawValue) })
        else { return .equals(.string(text)) }
        let bound = text.dropFirst(comparison.rawValue.count).drop { $0 == " " }
        if let test = test(comparison, Double(bound), String(bound), on: parent) { return test }
        if let parent, !parent.hasOrder { return .equals(.string(text)) }
        reportBound(comparison, "'\(bound)'", on: entry.key, at: entry.node.location)
        return nil
    }

    /// Reads one of several comparisons, such as `">=": 2`; nil if it could not be read, which is reported.
    private func test(_ entry: ConfigEntry, on parent: String) -> Condition.Test? {
        guard let comparison = Condition.Comparison(rawValue: entry.key) else {
            problems.report(
                "'\(entry.key)' is not a comparison", at: entry.keyLocation,
                help: "known are \(Condition.Comparison.allCases.map(\.rawValue).joined(separator: ", "))")
            return nil
        }
        let value = ParameterValue(entry.node)
        if let value, let test = test(comparison, value.asNumber, value.argument, on: distributions[parent]) {
            return test
        }
        reportBound(comparison, entry.node.kindDescription, on: parent, at: entry.node.location)
        return nil
    }

    /// The test for a bound that is a number or a value of an ordinal parameter; nil if it is neither.
    ///
    /// For an ordinal parent the comparison becomes the list of values that satisfy it, so that samplers need to know
    /// nothing of places in a list.
    private func test(
        _ comparison: Condition.Comparison, _ number: Double?, _ text: String, on parent: Distribution?
    ) -> Condition.Test? {
        if let number, number.isFinite { return .comparison(comparison, number) }
        guard case .ordinal(let values) = parent, let place = values.firstIndex(where: { $0.argument == text }) else {
            return nil
        }
        return .isOneOf(values.indices.filter { comparison.holds(Double($0), Double(place)) }.map { values[$0] })
    }

    /// Reports that a comparison has no bound that it could be made with.
    private func reportBound(
        _ comparison: Condition.Comparison, _ found: String, on parent: String, at location: SourceLocation?
    ) {
        var help = "what '\(parent)' is compared with is a number"
        if case .ordinal = distributions[parent] { help += ", or one of its values" }
        problems.report(
            "'\(parent) \(comparison.rawValue)' needs a finite number, found \(found)", at: location, help: help)
    }
}

extension Distribution {
    /// Whether its values can be compared with a bound.
    fileprivate var hasOrder: Bool {
        switch self {
        case .real, .quantized, .integer, .ordinal: true
        case .choice(let values, _): values.contains { $0.asNumber != nil }
        }
    }
}
