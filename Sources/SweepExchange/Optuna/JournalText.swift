import Foundation
import JSONWriting
import SweepModel
import SweepSearch

/// The lines of an Optuna journal.
///
/// There is never NaN or Infinity in one: Python's Optuna would read them, and strict readers refuse the line. Reports
/// that are not finite are left out.
struct JournalText {
    /// Written with every line: who wrote it. A mirror replaces only a journal that begins so.
    static let worker = "revsweep"
    static let beginning = "{\"op_code\":0,\"worker_id\":\"\(worker)\""

    /// The JSON of each parameter's distribution, as it stands in a line: a text in quotes.
    private var distributions: [String: (distribution: OptunaDistribution, text: String)] = [:]

    /// The lines that make a study.
    func study(_ study: OptunaStudy) -> String {
        let directions = study.directions.map { String($0.rawValue) }.joined(separator: ",")
        var text =
            "\(Self.beginning),\"study_name\":\(JSONText.quoted(study.name)),\"directions\":[\(directions)]}\n"
        for (code, name, attributes) in [
            (2, "user_attr", study.userAttributes), (3, "system_attr", study.systemAttributes),
        ] {
            for (key, value) in attributes.sorted(by: { $0.key < $1.key }) {
                text += Self.line(code, "\"study_id\":0,\"\(name)\":{\(Self.field(key, value))}")
            }
        }
        return text
    }

    /// The line that makes a trial with all that it has.
    mutating func trial(_ trial: OptunaTrial) -> String {
        var text = "\"study_id\":0,\"datetime_start\":\(Self.time(trial.started))"
        // The key must be missing where there is no end.
        if let ended = trial.ended { text += ",\"datetime_complete\":\(Self.time(ended))" }
        let numbers = trial.values.map(Self.number)
        text += ",\"state\":\(trial.state.rawValue),\"value\":\(numbers.count == 1 ? numbers[0] : "null")"
        text += ",\"values\":\(numbers.count > 1 ? "[\(numbers.joined(separator: ","))]" : "null"),\"distributions\":{"
        var values = ""
        for parameter in trial.parameters {
            guard let stored = parameter.distribution.stored(parameter.value) else { continue }
            let name = JSONText.quoted(parameter.name)
            let comma = values.isEmpty ? "" : ","
            text += "\(comma)\(name):\(distribution(of: parameter))"
            values += "\(comma)\(name):\(stored)"
        }
        text += "},\"params\":{\(values)}"
        text += ",\"user_attrs\":{\(Self.fields(trial.userAttributes))}"
        text += ",\"system_attrs\":{\(Self.fields(trial.systemAttributes))},\"intermediate_values\":{"
        var isFirst = true
        for report in trial.reports where report.value.isFinite {
            text += "\(isFirst ? "" : ",")\"\(report.step)\":\(report.value)"
            isFirst = false
        }
        return Self.line(4, text + "}")
    }

    /// The lines that give a trial its parameters after it was made.
    mutating func parameters(_ parameters: [OptunaTrial.Parameter], ofTrial id: Int) -> String {
        parameters.compactMap { parameter in
            parameter.distribution.stored(parameter.value).map { stored in
                Self.line(
                    5,
                    "\"trial_id\":\(id),\"param_name\":\(JSONText.quoted(parameter.name)),"
                        + "\"param_value_internal\":\(stored),\"distribution\":\(distribution(of: parameter))")
            }
        }.joined()
    }

    static func started(trial id: Int, at time: Date) -> String {
        line(6, "\"trial_id\":\(id),\"state\":0,\"values\":null,\"datetime_start\":\(self.time(time))")
    }

    static func ended(_ trial: OptunaTrial) -> String {
        let values = trial.values.isEmpty ? "null" : "[\(trial.values.map(number).joined(separator: ","))]"
        return line(
            6,
            "\"trial_id\":\(trial.number),\"state\":\(trial.state.rawValue),\"values\":\(values),"
                + "\"datetime_complete\":\(time(trial.ended ?? trial.started))")
    }

    /// Empty for a value that is not finite.
    static func report(trial id: Int, step: Int, _ value: Double) -> String {
        value.isFinite ? line(7, "\"trial_id\":\(id),\"step\":\(step),\"intermediate_value\":\(value)") : ""
    }

    /// One line for each attribute.
    static func attributes(_ attributes: [String: ParameterValue], ofTrial id: Int) -> String {
        attributes.sorted { $0.key < $1.key }
            .map { line(8, "\"trial_id\":\(id),\"user_attr\":{\(field($0.key, $0.value))}") }.joined()
    }

    /// The same for what belongs to Optuna itself, such as constraints.
    static func systemAttributes(_ attributes: [String: ParameterValue], ofTrial id: Int) -> String {
        attributes.sorted { $0.key < $1.key }
            .map { line(9, "\"trial_id\":\(id),\"system_attr\":{\(field($0.key, $0.value))}") }.joined()
    }

    private static func line(_ code: Int, _ fields: String) -> String {
        "{\"op_code\":\(code),\"worker_id\":\"\(worker)\",\(fields)}\n"
    }

    private static func fields(_ attributes: [String: ParameterValue]) -> String {
        attributes.sorted { $0.key < $1.key }.map { field($0.key, $0.value) }.joined(separator: ",")
    }

    private static func field(_ key: String, _ value: ParameterValue) -> String {
        "\(JSONText.quoted(key)):\(value.json(.compact))"
    }

    private static func number(_ value: Double) -> String { value.isFinite ? "\(value)" : "null" }

    private static func time(_ date: Date?) -> String {
        date.map { "\"\(PythonTime.text($0))+00:00\"" } ?? "null"
    }

    private mutating func distribution(of parameter: OptunaTrial.Parameter) -> String {
        if let known = distributions[parameter.name], known.distribution == parameter.distribution { return known.text }
        let text = JSONText.quoted(parameter.distribution.json)
        distributions[parameter.name] = (parameter.distribution, text)
        return text
    }
}
