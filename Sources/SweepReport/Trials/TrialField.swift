import ConfigFile
import Foundation
import SweepModel
import SweepSearch
import SweepStore

/// Something that is known of each trial, by which trials are sorted, chosen and shown in columns.
public enum TrialField: Sendable, Hashable {
    /// As `TrialRecord` has them: `seconds` are those of the last attempt, `attempt` is how often it was started.
    case number, state, value, seconds, attempt, reason, started, ended
    /// Where its values come from, the trial that had them before, and the seed of its trainer.
    case origin, source, seed
    /// By its full name.
    case parameter(String)
    /// The last value of a metric.
    case metric(String)
    /// The value of another metric that the sweep optimizes or bounds.
    case objective(Metric)

    /// The fields that every sweep has, by their names.
    static let fixed: [(name: String, field: TrialField)] = [
        ("number", .number), ("state", .state), ("value", .value), ("seconds", .seconds), ("attempt", .attempt),
        ("reason", .reason), ("started", .started), ("ended", .ended),
    ]

    /// Further ones, whose names many parameters have: a parameter of such a name comes first.
    static let further: [(name: String, field: TrialField)] = [
        ("origin", .origin), ("source", .source), ("seed", .seed),
    ]

    /// What a trial has there; nil for a parameter that is inactive, or a metric that it has not reported.
    ///
    /// - Parameter lastValues: the last values of metrics, by name and trial.
    func value(of trial: TrialRecord, _ lastValues: [String: [Int: Double]]) -> ParameterValue? {
        switch self {
        case .number: .integer(trial.number)
        case .state: .string(trial.state.rawValue)
        case .value: trial.value.map { .number($0) }
        case .seconds: trial.seconds(at: Date()).map { .number($0) }
        case .attempt: .integer(trial.attempt)
        case .reason: trial.reason.map { _ in .string(trial.whyAtOneGlance) }
        case .started: trial.started.map { .string($0.timestamp) }
        case .ended: trial.ended.map { .string($0.timestamp) }
        case .origin: .string(trial.valueOrigin.rawValue)
        case .source: trial.source.map { .integer($0.trial) }
        case .seed: .integer(Int(clamping: trial.seed))
        case .parameter(let name): trial.parameters[name]
        case .metric(let name): lastValues[name]?[trial.number].map { .number($0) }
        case .objective(let metric): trial.further[metric.name].map { .number($0) }
        }
    }
}

/// The fields of one sweep by name, as a user writes them after `--sort`, `--columns` and `--filter`.
///
///     value  number  seconds  state  attempt  reason  started  ended
///     origin  source  seed          where no parameter has such a name
///     optimizer.learning_rate       a parameter
///     learning_rate                 the same, where no other parameter's name ends so
///     param.value                   a parameter that is called like another field
///     metric.val_accuracy           the last value of a metric
///     size                          the value of another metric that the sweep optimizes or bounds
public struct TrialFields: Sendable {
    /// What the sweep optimizes and bounds.
    let objectives: Objectives
    let parameterNames: [String]
    let space: SearchSpace

    public init(_ objectives: Objectives, parameterNames: [String], space: SearchSpace) {
        self.objectives = objectives
        self.parameterNames = parameterNames
        self.space = space
    }

    /// The metric of the sweep, of several the first.
    var metric: Metric { objectives.metric }

    /// The field that is meant; nil if there is none. A metric's name is not checked here, since only the database
    /// knows what was reported.
    public func field(_ name: String) -> TrialField? {
        if let fixed = TrialField.fixed.first(where: { $0.name == name }) { return fixed.field }
        if parameterNames.contains(name) { return .parameter(name) }
        for prefix in ["param.", "params."] where name.hasPrefix(prefix) {
            return parameter(endingIn: String(name.dropFirst(prefix.count))).map { .parameter($0) }
        }
        for prefix in ["metric.", "metrics."] where name.hasPrefix(prefix) {
            return .metric(String(name.dropFirst(prefix.count)))
        }
        if let parameter = parameter(endingIn: name) { return .parameter(parameter) }
        // The table's title of the column.
        if name == metric.name { return .value }
        if let further = objectives.further.first(where: { $0.name == name }) { return .objective(further) }
        return TrialField.further.first { $0.name == name }?.field
    }

    /// The parameter of this name, or the only one whose name ends in it after a dot.
    private func parameter(endingIn name: String) -> String? {
        if parameterNames.contains(name) { return name }
        let longer = parameterNames.filter { $0.hasSuffix("." + name) }
        return longer.count == 1 ? longer[0] : nil
    }

    /// What to write instead of a name that is not known.
    ///
    /// - Parameter metrics: the names of the metrics that trials have reported.
    func help(for name: String, metrics: [String], words: Set<String> = []) -> String {
        let ambiguous = parameterNames.filter { $0.hasSuffix("." + name) }
        if ambiguous.count > 1 { return "which of \(ambiguous.joined(separator: ", "))?" }
        if metrics.contains(name) { return "did you mean 'metric.\(name)'?" }
        // `val/loss` is read as a quotient.
        let split = (parameterNames + metrics.map { "metric.\($0)" }).first { whole in
            let pieces = whole.split { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "." }
            return pieces.count > 1 && pieces.contains { $0 == name || $0 == "metric.\(name)" }
        }
        if let split { return "other names than those of letters, digits, _ and . stand in backquotes: `\(split)`" }
        let fixed = (TrialField.fixed + TrialField.further).map(\.name)
        // Those of the sweep's own metrics that no parameter hides.
        let own = objectives.measured.map(\.name).filter { parameter(endingIn: $0) == nil && !fixed.contains($0) }
        var names = fixed + parameterNames + own
        names += metrics.map { "metric.\($0)" }
        names += words.sorted()
        names += parameterNames.compactMap { $0.split(separator: ".").last.map(String.init) }
        // Of other metrics the name alone is no field.
        if let nearest = nearestName(to: name, among: names + metrics) {
            return "did you mean '\(names.contains(nearest) ? nearest : "metric.\(nearest)")'?"
        }
        return "known are \((fixed + own).joined(separator: ", ")), metric.NAME, and the parameters "
            + parameterNames.prefix(20).joined(separator: ", ") + (parameterNames.count > 20 ? ", …" : "")
    }

    /// What the field can be in a filter.
    func variable(_ field: TrialField) -> FilterVariable {
        switch field {
        case .number, .value, .seconds, .attempt, .metric, .objective, .source, .seed: return .number
        case .origin:
            return .values(.choice(ValueOrigin.allCases.map { .string($0.rawValue) }))
        case .reason, .started, .ended: return .text
        case .state: return .values(.choice(TrialState.allCases.map { .string($0.rawValue) }))
        case .parameter(let name):
            // A parameter that a changed sweep file no longer has may have been anything.
            let distribution = space.parameters.first { $0.name == name }?.distribution
            return distribution.map { .values($0) } ?? .anything
        }
    }

    /// The words that the fields can be: a filter may write them without quotes.
    var words: Set<String> {
        var words = Set(TrialState.allCases.map(\.rawValue) + ValueOrigin.allCases.map(\.rawValue))
        for parameter in space.parameters {
            switch parameter.distribution {
            case .choice(let values, _), .ordinal(let values):
                for case .string(let word) in values { words.insert(word) }
            case .real, .quantized, .integer: break
            }
        }
        return words
    }
}
