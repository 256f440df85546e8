import ConfigFile
import SweepModel

#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

/// The parameters of a Katib Experiment. Their numbers are text: `min: "0.01"`.
struct KatibParameters {
    let problems: DiagnosticCollector

    private enum Kind: String, CaseIterable {
        case double, int, discrete, categorical
    }

    private enum Shape: String, CaseIterable {
        case uniform, logUniform, normal, logNormal
    }

    func read(_ node: ConfigNode) -> [OutlineLine] {
        guard case .sequence(let items) = node.value, !items.isEmpty else {
            problems.report(
                "'spec.parameters' must be a list of parameters, found \(node.kindDescription)", at: node.location)
            return []
        }
        var lines: [OutlineLine] = []
        for (index, item) in items.enumerated() {
            guard let line = read(item, path: "spec.parameters.\(index)") else { continue }
            if lines.contains(where: { $0.key == line.key }) {
                problems.report("there are two parameters '\(line.key)'", at: item.location)
            } else {
                lines.append(line)
            }
        }
        return lines
    }

    private func read(_ item: ConfigNode, path: String) -> OutlineLine? {
        let section = ConfigSection(item, path: path, problems: problems)
        guard section.isReadable else { return nil }
        let nameNode = section.requiredNode("name")
        let typeNode = section.requiredNode(
            "parameterType", help: "parameterType: double, int, discrete or categorical")
        let feasible = section.requiredNode("feasibleSpace", help: "feasibleSpace: {min: \"0.01\", max: \"0.1\"}")
        section.reportUnknownKeys()
        guard let name = nameNode?.foreignText, let typeNode, let feasible,
            ParameterName.check(name, at: nameNode?.location, problems)
        else { return nil }
        guard let kind = Kind(rawValue: typeNode.foreignText ?? "") else {
            section.reportUnknownName(
                typeNode.foreignText ?? typeNode.kindDescription, of: "\(name).parameterType",
                among: Kind.allCases.map(\.rawValue), at: typeNode.location)
            return nil
        }
        let space = ConfigSection(feasible, path: "\(name).feasibleSpace", problems: problems)
        guard space.isReadable else { return nil }
        do throws(ForeignProblem) {
            let definition: Definition
            switch kind {
            case .double, .int: definition = try range(space, isInteger: kind == .int)
            case .discrete, .categorical: definition = try list(space, isNumeric: kind == .discrete)
            }
            for key in ["min", "max", "step", "list", "distribution"] where space.node(key)?.isNothing ?? false {
                _ = space.node(key)
            }
            space.reportUnknownKeys()
            return definition.line(name)
        } catch {
            problems.report(
                "'\(name)': \(error.message)", at: section.keyPlace(of: "feasibleSpace") ?? feasible.location,
                help: error.help)
            return nil
        }
    }

    private func list(_ space: ConfigSection, isNumeric: Bool) throws(ForeignProblem) -> Definition {
        guard case .sequence(let items)? = space.node("list")?.value, !items.isEmpty else {
            throw ForeignProblem(message: "it needs a list", help: "list: [\"a\", \"b\"]")
        }
        var values: [ForeignValue] = []
        for item in items {
            if isNumeric {
                guard let number = item.foreignNumber else {
                    throw ForeignProblem(message: "a discrete value must be a number, found \(item.kindDescription)")
                }
                values.append(
                    ForeignValue(
                        value: number.whole.map { .integer($0) } ?? .number(number.value), text: number.text))
            } else if let text = item.foreignText {
                // Values of a category are text, but a program that is given 32 reads a number.
                let plain = HydraParser.scalar(text)
                let isNumber = plain.value.asNumber != nil && plain.text == text
                values.append(
                    isNumber ? plain : ForeignValue(value: .string(text), text: ValueText.string(text)))
            } else {
                throw ForeignProblem(message: "a value must be text, found \(item.kindDescription)")
            }
        }
        return .choice(DistinctValues(values).texts)
    }

    private func number(_ key: String, _ space: ConfigSection) throws(ForeignProblem) -> ForeignNumber {
        guard let node = space.node(key), !node.isNothing else { throw ForeignProblem(message: "it has no '\(key)'") }
        if let number = node.foreignNumber { return number }
        throw ForeignProblem(message: "'\(key)' must be a number, found \(node.kindDescription)")
    }

    private func range(_ space: ConfigSection, isInteger: Bool) throws(ForeignProblem) -> Definition {
        let (min, max) = (try number("min", space), try number("max", space))
        guard min.value <= max.value else { throw ForeignProblem(message: "\(min.text) is larger than \(max.text)") }
        let step = space.node("step").map(\.isNothing) ?? true ? nil : try number("step", space)
        if let step, step.value <= 0 { throw ForeignProblem(message: "the step \(step.text) is not above 0") }
        var shape = Shape.uniform
        if let node = space.node("distribution"), !node.isNothing {
            let word = node.foreignText ?? node.kindDescription
            guard let known = Shape(rawValue: word) else {
                let names = Shape.allCases.map(\.rawValue)
                throw ForeignProblem(
                    message: "the distribution cannot be '\(word)'",
                    help: nearestName(to: word, among: names).map { "did you mean '\($0)'?" }
                        ?? "known are \(names.joined(separator: ", "))")
            }
            shape = known
        }
        if shape == .logUniform || shape == .logNormal, min.value <= 0 {
            throw ForeignProblem(message: "a logarithmic range must begin above 0, and begins at \(min.text)")
        }
        switch shape {
        case .uniform, .logUniform: break
        case .normal, .logNormal: return bell(shape, min, max, step ?? (isInteger ? Self.one : nil))
        }
        if isInteger { return try integers(min, max, step, isLogarithmic: shape == .logUniform) }
        guard let step else { return .range(shape == .logUniform ? "loguniform" : "uniform", min.text, max.text) }
        if shape == .logUniform {
            return Definition("qloguniform", [("min", min.text), ("max", max.text), ("step", step.text)])
        }
        let real = [min, max, step].map { ForeignNumber(value: $0.value, text: $0.text, isInteger: false) }
        return try SteppedRange(start: real[0], stop: real[1], step: real[2]).definition(.included)
    }

    private static let one = ForeignNumber(value: 1, text: "1", isInteger: true)

    private func integers(
        _ min: ForeignNumber, _ max: ForeignNumber, _ step: ForeignNumber?, isLogarithmic: Bool
    ) throws(ForeignProblem) -> Definition {
        guard let first = min.whole, let last = max.whole, let step = (step ?? Self.one).whole else {
            throw ForeignProblem(message: "an int needs whole numbers")
        }
        var definition = Definition.range("int", String(first), String(last))
        if step != 1 { definition.settings.append(("step", String(step))) }
        if isLogarithmic { definition.settings.append(("log", "true")) }
        return definition
    }

    /// Katib centres the bell between the bounds and lets them lie three standard deviations away.
    private func bell(_ shape: Shape, _ min: ForeignNumber, _ max: ForeignNumber, _ step: ForeignNumber?) -> Definition
    {
        let isLogarithmic = shape == .logNormal
        let (low, high) = isLogarithmic ? (log(min.value), log(max.value)) : (min.value, max.value)
        if low == high { return .constant(min.text) }
        var settings: [(key: String, text: String)] = [
            ("mean", ValueText.number(low / 2 + high / 2)), ("std", ValueText.number(high / 6 - low / 6)),
            ("min", min.text), ("max", max.text),
        ]
        if let step { settings.append(("step", step.text)) }
        return Definition(
            (step == nil ? "" : "q") + (isLogarithmic ? "lognormal" : "normal"), settings,
            remark: "the bounds are 3 standard deviations away, as in Katib")
    }
}

extension ConfigNode {
    /// Whether it is null or empty text, as fields that are left out are in Katib.
    fileprivate var isNothing: Bool { value == .null || value == .string("") }
}
