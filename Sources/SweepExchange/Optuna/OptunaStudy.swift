import Foundation
import SweepModel
import SweepSearch

/// One study of a file that Optuna wrote, or can read.
///
///     let study = try OptunaFile.study(in: "study.log")
///     study.directions                            // [.maximize]
///     study.trials[0].parameters["lr"]?.value     // 0.01
public struct OptunaStudy: Sendable, Hashable {
    /// Which way an objective is better. The raw values are those of a journal.
    public enum Direction: Int, Sendable, Hashable {
        /// The study does not say it.
        case notSet = 0
        case minimize, maximize
    }

    public var name: String
    /// One for each objective.
    public var directions: [Direction]
    /// What programs have stored with it; names with `revsweep:` are those of an export.
    public var userAttributes: [String: ParameterValue] = [:]
    /// What Optuna has stored with it, such as the names of the objectives.
    public var systemAttributes: [String: ParameterValue] = [:]
    /// In the order of their numbers.
    public var trials: [OptunaTrial] = []

    public init(name: String, directions: [Direction]) {
        self.name = name
        self.directions = directions
    }

    /// The names of the objectives, where the study says them.
    public var metricNames: [String] {
        guard case .list(let names)? = systemAttributes["study:metric_names"] else { return [] }
        return names.compactMap(\.asText)
    }

    /// Every parameter that any trial has, in the order in which they first occur, with the distributions that it had.
    ///
    /// There are several where a program changed a range between two trials; the last is the latest.
    public var distributions: [(name: String, distributions: [OptunaDistribution])] {
        var places: [String: Int] = [:]
        var found: [(name: String, distributions: [OptunaDistribution])] = []
        for parameter in trials.lazy.flatMap(\.parameters) {
            if let place = places[parameter.name] {
                if found[place].distributions.last == parameter.distribution { continue }
                found[place].distributions.removeAll { $0 == parameter.distribution }
                found[place].distributions.append(parameter.distribution)
            } else {
                places[parameter.name] = found.count
                found.append((parameter.name, [parameter.distribution]))
            }
        }
        return found
    }
}

/// One trial of a study.
public struct OptunaTrial: Sendable, Hashable {
    /// The raw values are those of a journal.
    public enum State: Int, Sendable, Hashable, CaseIterable {
        case running, complete, pruned, fail, waiting

        /// Whether the trial is over.
        public var isFinished: Bool {
            switch self {
            case .complete, .pruned, .fail: true
            case .running, .waiting: false
            }
        }

        /// The word that a database has for it.
        var word: String {
            switch self {
            case .running: "RUNNING"
            case .complete: "COMPLETE"
            case .pruned: "PRUNED"
            case .fail: "FAIL"
            case .waiting: "WAITING"
            }
        }
    }

    /// A value with the range that it was chosen from.
    public struct Parameter: Sendable, Hashable {
        public var name: String
        /// The value itself, where Optuna stores the place of a choice.
        public var value: ParameterValue
        public var distribution: OptunaDistribution

        public init(_ name: String, _ value: ParameterValue, from distribution: OptunaDistribution) {
            self.name = name
            self.value = value
            self.distribution = distribution
        }
    }

    /// What was reported at one step.
    public struct Report: Sendable, Hashable {
        public var step: Int
        /// May be infinite or NaN.
        public var value: Double

        public init(step: Int, value: Double) {
            self.step = step
            self.value = value
        }
    }

    /// From 0; its place in the study.
    public var number: Int
    public var state: State
    /// One for each objective; empty without a result. May be infinite, never NaN.
    public var values: [Double] = []
    /// In the order in which they were chosen.
    public var parameters: [Parameter] = []
    /// In the order of their steps.
    public var reports: [Report] = []
    /// What programs have stored with it; names with `revsweep:` are those of an export.
    public var userAttributes: [String: ParameterValue] = [:]
    /// What Optuna has stored with it, such as `fixed_params` of values that were enqueued, and `constraints`.
    public var systemAttributes: [String: ParameterValue] = [:]
    /// Nil where the file says none, like the next. Without an offset a time is local in a journal, and in UTC in a
    /// database.
    public var started: Date?
    public var ended: Date?

    public init(number: Int, state: State) {
        self.number = number
        self.state = state
    }

    /// Sets a parameter, in its own place if it is there already.
    mutating func set(_ parameter: Parameter) {
        if let place = parameters.firstIndex(where: { $0.name == parameter.name }) {
            parameters[place] = parameter
        } else {
            parameters.append(parameter)
        }
    }

    /// Sets what was reported at a step, as the last report of a step counts.
    mutating func set(_ report: Report) {
        // Steps mostly rise.
        let place = (reports.lastIndex { $0.step <= report.step } ?? -1) + 1
        if place > 0, reports[place - 1].step == report.step {
            reports[place - 1] = report
        } else {
            reports.insert(report, at: place)
        }
    }
}

extension Array where Element == OptunaTrial.Parameter {
    /// The parameter with this name.
    public subscript(name: String) -> Element? { first { $0.name == name } }
}
