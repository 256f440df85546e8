import ConfigFile
import Foundation
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
        let values = trials.map { trial -> Value in
            if let value = trial.parameters[parameter.name] { return .value(value) }
            let isActive = file.sweep.space.isActive(parameter.name, in: trial.parameters)
            return isActive ? .unknown : .inactive
        }
        let (kind, column) = column(values)
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
            "values": column.node.value,
        ])
    }

    private enum Value {
        case value(ParameterValue)
        case inactive
        case unknown
    }

    // MARK: Values

    private func column(_ values: [Value]) -> (kind: String, ReportColumn) {
        switch parameter.distribution {
        case .choice(let choices, _), .ordinal(let choices): return ("category", words(values, choices))
        case .real, .quantized: return ("number", numbers(values))
        case .integer:
            let integers = values.map { value -> Int32? in
                switch value {
                case .inactive: return .min
                case .unknown: return .min + 1
                case .value(let value):
                    guard case .integer(let number) = value, let number = Int32(exactly: number), number > .min + 1
                    else { return nil }
                    return number
                }
            }
            if integers.contains(nil) { return ("number", numbers(values)) }
            return ("integer", .integers(integers.compactMap(\.self)))
        }
    }

    /// A value that is no number, of a trial from before a change, is not known here.
    private func numbers(_ values: [Value]) -> ReportColumn {
        .numbers(
            values.map { value in
                switch value {
                case .inactive: return .nan
                case .unknown: return .infinity
                case .value(let value):
                    let number = value.asNumber ?? .infinity
                    return number.isFinite ? number : .infinity
                }
            })
    }

    private func words(_ values: [Value], _ choices: [ParameterValue]) -> ReportColumn {
        var words = choices
        var places: [ReportColumn.WordPlace] = []
        for value in values {
            switch value {
            case .inactive: places.append(.inactive)
            case .unknown: places.append(.unknown)
            case .value(let value):
                if let place = words.firstIndex(of: value) ?? words.firstIndex(where: { $0.matches(value) }) {
                    places.append(.word(place))
                } else if words.count < 65_534 {
                    // A choice that a changed file no longer has.
                    places.append(.word(words.count))
                    words.append(value)
                } else {
                    places.append(.unknown)
                }
            }
        }
        let written = words.map { file.sweep.written.text(of: $0, of: parameter.name) }
        return .words(places, words.map { ConfigNode($0.configValue) }, written: written)
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
