import ConfigFile
import SweepModel
import SweepSearch

/// A sweep file in the making: a text with comments that a person then edits.
///
///     var draft = try StarterFile.draft(of: base, path: "../base.yaml")
///     draft.metric = "val_accuracy"
///     draft.goal = .maximize
///     print(draft.text)
///
/// Its fields are the parts that differ from file to file; the rest of the text, such as the sampler and the budget, is
/// the same in all of them.
public struct SweepDraft: Sendable {
    /// One parameter: one line below `parameters`.
    public struct Line: Sendable, Hashable {
        /// The dotted path of the value in the configuration, or the name of the argument.
        public var name: String
        /// The parameter's type and range as the file has them: `{type: uniform, min: 0, max: 1}`.
        public var definition: String
        /// A comment at the end of the line.
        public var remark: String?
        /// Whether the parameter is part of the sweep; if not, its line is a comment, as a suggestion.
        public var isActive = true
    }

    /// The lines of the comment on top.
    public var header: [String]
    /// The name of the number that the trainer reports.
    public var metric = "val_loss"
    /// Which way is better.
    public var goal = Metric.Goal.minimize
    /// The program and its arguments, with placeholders.
    public var command = ["revmlp", "train", "{config}"]
    /// The path of the base configuration, from the folder of the sweep file; nil for a trainer that has none.
    public var config: String?
    /// The folder in which the trainer starts, from the folder of the sweep file; nil for that folder itself.
    public var directory: String?
    /// In the order in which the file lists them.
    public var parameters: [Line]

    /// A draft for a trainer with a base configuration, which is passed as `{config}`, or for one that takes `{args}`.
    public init(header: [String], config: String?, parameters: [Line]) {
        self.header = header
        self.config = config
        self.parameters = parameters
        if config == nil { command = ["train", "{args}"] }
    }

    /// The whole file.
    ///
    ///     metric: {name: val_loss, goal: minimize}  # …
    ///
    ///     trainer:
    ///       command: [revmlp, train, '{config}']
    ///       config: '../base.yaml'
    ///
    ///     parameters:
    ///       optimizer.learning_rate: {type: loguniform, min: 0.0003, max: 0.1}  # now 0.01
    ///       # label_smoothing: {type: uniform, min: 0.0, max: 0.2}              # now 0.1
    ///
    /// A comment line like the last one stands for a `Line` that is not active.
    public var text: String {
        let top = header.map { $0.isEmpty ? "#" : "# \($0)" }.joined(separator: "\n")
        let arguments = command.map { ParameterValue.string($0).description }.joined(separator: ", ")
        let base = config.map { "\n  config: \(ParameterValue.string($0).description)" } ?? ""
        let place = directory.map { "\n  directory: \(ParameterValue.string($0).description)" } ?? ""
        let definitions = parameters.map { ($0.isActive ? "  " : "  # ") + "\(name(of: $0)): \($0.definition)" }
        let width = definitions.map(\.count).max() ?? 0
        let lines = zip(parameters, definitions).map { line, text in
            guard let remark = line.remark else { return text }
            return text + String(repeating: " ", count: width - text.count) + "  # \(remark)"
        }
        return """
            \(top)

            metric: {name: \(ParameterValue.string(metric)), goal: \(goal.rawValue)}  \
            # a number that the trainer reports, and which way is better

            trainer:
              command: [\(arguments)]\(base)\(place)

            parameters:
            \(lines.joined(separator: "\n"))

            # constraints: ["A * B <= 100000"]        # between parameters, in their names
            # enqueue: [{\(parameters.first(where: \.isActive).map(name(of:)) ?? "NAME"): VALUE}]   \
            # tried first; what is missing is sampled
            sampler: {name: auto, seed: 0}
            budget: {trials: 50}
            resources: {parallel: auto, threads: 1}

            """
    }

    /// A parameter's name as a YAML key, in quotes if it needs them.
    private func name(of line: Line) -> String { ParameterValue.string(line.name).description }
}
