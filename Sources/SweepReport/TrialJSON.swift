import ConfigFile
import JSONWriting
import SweepModel
import SweepSearch

/// Trials as JSON objects for other programs, with the fields of `TrialListing.node(of:)`.
///
/// The text is put together here, without nodes, since ten thousand trials should take no longer than a moment.
///
///     var text = ""
///     TrialJSON.write(trial, metrics: ["loss": 0.25], .line, to: &text)    // {"number": 12, "state": "complete", …}
public enum TrialJSON {
    /// How an object is divided into lines.
    public enum Layout: Sendable, Hashable {
        /// All on one line.
        case line
        /// A field on each line, the closing bracket behind as many spaces.
        case lines(margin: Int)
    }

    /// Adds a trial to `text`.
    ///
    /// - Parameters:
    ///   - metrics: the last value of each metric; what is not finite becomes `null`.
    ///   - objectives: what the sweep optimizes; nil where that is one metric without a bound.
    ///   - front: the numbers of the trials that no other one dominates.
    public static func write(
        _ trial: TrialRecord, metrics: [String: Double], _ layout: Layout, objectives: Objectives? = nil,
        front: Set<Int> = [], to text: inout String
    ) {
        var object = ObjectWriter(layout, depth: 0)
        func words(_ key: String, _ value: String?) {
            object.key(key, to: &text)
            if let value { JSONText.write(value, to: &text) } else { text += "null" }
        }
        func number(_ key: String, _ value: Double?) {
            object.key(key, to: &text)
            text += value.flatMap { $0.isFinite ? $0.description : nil } ?? "null"
        }
        func integer(_ key: String, _ value: Int) {
            object.key(key, to: &text)
            text += String(value)
        }
        integer("number", trial.number)
        words("state", trial.state.rawValue)
        words("reason", trial.reason?.description)
        words("error_output", trial.errorOutput)
        integer("attempt", trial.attempt)
        number("value", trial.value)
        var inner = ObjectWriter(layout, depth: 1)
        if let objectives, !objectives.areOne {
            object.key("values", to: &text)
            for metric in objectives.measured {
                inner.key(metric.name, to: &text)
                text += objectives.value(of: metric.name, in: trial)?.description ?? "null"
            }
            inner.end(&text)
            if objectives.areSeveral {
                object.key("front", to: &text)
                text += front.contains(trial.number) ? "true" : "false"
            }
            if !objectives.bounds.isEmpty, trial.state == .complete {
                object.key("keeps_bounds", to: &text)
                text += objectives.keepsBounds(trial) ? "true" : "false"
            }
        }
        object.key("params", to: &text)
        inner = ObjectWriter(layout, depth: 1)
        for parameter in trial.parameters {
            inner.key(parameter.name, to: &text)
            text += inner.text(of: parameter.value)
        }
        inner.end(&text)
        object.key("metrics", to: &text)
        inner = ObjectWriter(layout, depth: 1)
        for (name, value) in metrics.sorted(by: { $0.key < $1.key }) {
            inner.key(name, to: &text)
            text += value.isFinite ? value.description : "null"
        }
        inner.end(&text)
        words("started", trial.started?.timestamp)
        words("ended", trial.ended?.timestamp)
        number("seconds", trial.seconds)
        words("origin", trial.valueOrigin.rawValue)
        object.key("source", to: &text)
        if let source = trial.source {
            inner = ObjectWriter(layout, depth: 1)
            inner.key("sweep", to: &text)
            text += source.sweep.map(JSONText.quoted) ?? "null"
            inner.key("trial", to: &text)
            text += String(source.trial)
            inner.end(&text)
        } else {
            text += "null"
        }
        object.end(&text)
    }
}

/// Brackets, commas and line breaks of one object.
private struct ObjectWriter {
    /// Before the first key, before every other one, and before the closing bracket.
    private let first: String
    private let next: String
    private let last: String
    /// How far a value on several lines is indented; nil on one line.
    private let margin: Int?
    private var isEmpty = true

    init(_ layout: TrialJSON.Layout, depth: Int) {
        switch layout {
        case .line:
            (first, next, last, margin) = ("{", ", ", "}", nil)
        case .lines(let outer):
            let space = outer + 2 * depth
            let line = "\n" + String(repeating: " ", count: space + 2)
            (first, next) = ("{" + line, "," + line)
            (last, margin) = ("\n" + String(repeating: " ", count: space) + "}", space + 2)
        }
    }

    mutating func key(_ key: String, to text: inout String) {
        text += isEmpty ? first : next
        isEmpty = false
        JSONText.write(key, to: &text)
        text += ": "
    }

    func end(_ text: inout String) { text += isEmpty ? "{}" : last }

    /// The value of a parameter; a list or a mapping is laid out as the object is.
    func text(of value: ParameterValue) -> String {
        guard let margin, value.isStructure else { return value.json(.spaced) }
        return ConfigNode(value.configValue).indentedJSON(by: margin)
    }
}
