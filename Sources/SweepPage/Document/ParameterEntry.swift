import ConfigFile
import Foundation
import ImportanceAnalysis
import ReportFormat
import SweepFile
import SweepModel
import SweepSearch

/// One parameter of a sweep as the page reads it: how it is distributed, and its value in each trial.
struct ParameterEntry {
    let parameter: Parameter
    let file: SweepFile
    /// Its distribution as Optuna stores it, as JSON; nil if Optuna has none for it.
    let optuna: String?

    /// - Parameter trials: all trials, in the order of their numbers.
    func node(_ trials: [TrialRecord]) -> ConfigNode {
        let values = trials.map(cell)
        let (kind, column, digits) = column(values)
        let axis = axis
        return .object([
            "name": .string(parameter.name), "type": .string(type), "kind": .string(kind),
            "scale": kind == "category" ? nil : .string(axis.isLogarithmic ? "log" : "linear"),
            "low": axis.low.map { .number($0) }, "high": axis.high.map { .number($0) },
            "when": parameter.conditions.isEmpty
                ? .null : .string(parameter.conditions.map { "\($0)" }.joined(separator: " and ")),
            "role": parameter.name.split(separator: ".").last == "seed" ? .string("seed") : .null,
            "grid": axis.grid.map {
                ConfigNode.object(["step": .number($0.step), "first": .number($0.first)]).value
            },
            "weights": weights.map { .sequence($0.map { ConfigNode(.number($0)) }) },
            "spec": .sequence(
                spec.map { ConfigNode(.sequence([ConfigNode(.string($0.key)), ConfigNode(.string($0.text))])) }),
            "optuna": optuna.map { .string($0) },
            "values": column.value, "exact": digits?.value,
        ])
    }

    // MARK: Values

    private func cell(_ trial: TrialRecord) -> ReportColumn.Cell<ParameterValue> {
        if let value = trial.parameters[parameter.name] { return .value(value) }
        let isActive = file.sweep.space.isActive(parameter.name, in: trial.parameters)
        return isActive ? .unknown : .inactive
    }

    /// A value as JSON, and the digits of an integer that is too large for a number of JavaScript's.
    typealias LiveValue = (json: ConfigNode.Value, digits: String?)

    /// Its value in one trial, as the page is told of it while the sweep runs: what `node` would have in its columns.
    func value(in trial: TrialRecord) -> ReportColumn.Cell<LiveValue> {
        switch cell(trial) {
        case .inactive: return .inactive
        case .unknown: return .unknown
        case .value(let value):
            switch parameter.distribution {
            case .choice(let choices, _), .ordinal(let choices):
                let choice = Self.place(of: value, in: choices).map { choices[$0] }
                return .value(((choice ?? value).configValue, nil))
            case .real, .quantized, .integer:
                guard let number = Self.number(value) else { return .unknown }
                guard case .integer = parameter.distribution else { return .value((.number(number), nil)) }
                let digits = Self.digits(value)
                return .value((.number(number), digits.isEmpty ? nil : digits))
            }
        }
    }

    /// - Returns: also the digits of integers that are too large for a number of JavaScript's.
    private func column(
        _ values: [ReportColumn.Cell<ParameterValue>]
    ) -> (kind: String, column: ConfigNode, digits: ConfigNode?) {
        switch parameter.distribution {
        case .choice(let choices, _), .ordinal(let choices): return ("category", words(values, choices), nil)
        case .real, .quantized: return ("number", numbers(values).node, nil)
        case .integer:
            let integers = values.map { cell -> ReportColumn.Cell<Int> in
                switch cell {
                case .inactive: return .inactive
                case .unknown: return .unknown
                case .value(let value):
                    // What is no integer is of no legal size either, so that the column becomes one of numbers.
                    guard case .integer(let number) = value.normalized else { return .value(.max) }
                    return .value(number)
                }
            }
            if let column = ReportColumn.integers(cells: integers) { return ("integer", column.node, nil) }
            return ("number", numbers(values).node, digits(values))
        }
    }

    private func numbers(_ values: [ReportColumn.Cell<ParameterValue>]) -> ReportColumn {
        .numbers(
            cells: values.map { cell in
                switch cell {
                case .inactive: return .inactive
                case .unknown: return .unknown
                case .value(let value):
                    return Self.number(value).map { .value($0) } ?? .unknown
                }
            })
    }

    /// A value that is no number, of a trial from before a change, is not known here.
    private static func number(_ value: ParameterValue) -> Double? {
        value.asNumber.flatMap { $0.isFinite ? $0 : nil }
    }

    /// Nil if none is needed. A seed of 64 bits is not to become its neighbour when a report is read back.
    private func digits(_ values: [ReportColumn.Cell<ParameterValue>]) -> ConfigNode? {
        let texts = values.map { cell -> String in
            guard case .value(let value) = cell else { return "" }
            return Self.digits(value)
        }
        return texts.allSatisfy(\.isEmpty) ? nil : ReportColumn.texts(texts).node
    }

    private static func digits(_ value: ParameterValue) -> String {
        switch value {
        case .integer(let number) where Int(exactly: Double(number)) != number: String(number)
        case .largeInteger(let digits): digits
        case .integer, .number, .string, .boolean, .null, .list, .mapping: ""
        }
    }

    private func words(_ values: [ReportColumn.Cell<ParameterValue>], _ choices: [ParameterValue]) -> ConfigNode {
        var words = ValuePlaces(choices)
        let places = values.map { cell -> ReportColumn.Cell<Int> in
            switch cell {
            case .inactive: return .inactive
            case .unknown: return .unknown
            case .value(let value):
                if let place = words[value] { return .value(place) }
                if words.values.count >= ReportColumn.maxWords { return .unknown }
                // A choice that a changed file no longer has.
                words.append(value)
                return .value(words.values.count - 1)
            }
        }
        let written = words.values.map { file.sweep.written.text(of: $0, of: parameter.name) }
        return ReportColumn.words(places, words.values.map { ConfigNode($0.configValue) }, written: written)
    }

    private static func place(of value: ParameterValue, in words: [ParameterValue]) -> Int? {
        words.firstIndex(of: value) ?? words.firstIndex { $0.matches(value) }
    }

    // MARK: The sweep file

    private var definition: ConfigNode? { file.document.root["parameters"]?[parameter.name] }

    private var type: String { definition?["type"]?.text ?? "choice" }

    /// Keys and texts of its entry in the sweep file.
    private var spec: [(key: String, text: String)] {
        (definition?.entries ?? []).map { entry in
            switch entry.node.value {
            case .string(let text) where entry.key != "type": (entry.key, ParameterValue.string(text).description)
            case .integer, .number, .boolean, .string: (entry.key, entry.node.text ?? entry.node.json)
            case .null, .sequence, .mapping: (entry.key, entry.node.json)
            }
        }
    }

    private var weights: [Double]? {
        guard case .choice(_, let weights) = parameter.distribution, Set(weights).count > 1 else { return nil }
        return weights
    }

    private struct Axis {
        var isLogarithmic = false
        /// Nil where there is no bound that a person has set.
        var low: Double?
        var high: Double?
        var grid: (step: Double, first: Double)?
    }

    private var axis: Axis {
        func bounds(_ kind: NumberAxis, _ low: Double, _ high: Double) -> Axis {
            switch kind {
            case .linear: Axis(low: low, high: high)
            case .logarithmic: Axis(isLogarithmic: true, low: low, high: high)
            case .normal: Axis()
            case .logNormal: Axis(isLogarithmic: true)
            }
        }
        switch parameter.distribution {
        case .choice, .ordinal: return Axis()
        case .real(let kind, let min, let max): return bounds(kind, min, max)
        case .quantized(let kind, let min, let max, let step):
            var axis = bounds(kind, min, max)
            axis.grid = (step, parameter.distribution.value(atQuantile: 0).asNumber ?? min)
            return axis
        case .integer(let min, let max, let step, let log):
            return Axis(
                isLogarithmic: log, low: Double(min), high: Double(max), grid: (Double(step), Double(min)))
        }
    }
}
