import ConfigFile
import Foundation
import SweepFile
import SweepModel
import SweepSearch

/// A sweep of two parameters, and trials of it.
enum Example {
    static func sweep(_ settings: String = "", goal: Metric.Goal = .minimize) throws -> Sweep {
        let text = """
            name: test
            metric: {name: loss, goal: \(goal.rawValue)}
            trainer: {command: [train]}
            parameters:
              lr: {type: loguniform, min: 1e-5, max: 1}
              kind: {type: choice, values: [a, b, [1, 2]], when: {lr: "< 0.5"}}
            budget: {trials: 4}
            \(settings)
            """
        return try SweepFile(source: SourceFile(path: "s.yaml", text: text), base: nil, directory: "/nowhere").sweep
    }

    /// A sweep of dotted parameters, of which one is a constant.
    static func busySweep() throws -> Sweep {
        let text = """
            name: digits
            metric: {name: val_accuracy, goal: maximize}
            trainer: {command: [train]}
            parameters:
              optimizer.learning_rate: {type: loguniform, min: 1e-5, max: 1}
              optimizer.name: {type: choice, values: [sgd, adam, 最適化]}
              model.hidden: {type: int, min: 32, max: 512}
              data.seed: {type: constant, value: 1}
            budget: {trials: 100}
            """
        return try SweepFile(source: SourceFile(path: "s.yaml", text: text), base: nil, directory: "/nowhere").sweep
    }

    static func time(_ seconds: Double) -> Date { Date(timeIntervalSince1970: 1_800_000_000 + seconds) }

    static func trial(
        _ number: Int, _ parameters: Assignment = ["lr": 0.001], _ ending: TrialEnding? = nil, lasted: Double? = nil
    ) -> TrialRecord {
        var trial = TrialRecord(
            number: number, origin: .sampled, seed: 1, parameters: parameters, created: time(Double(number)))
        trial.attempt = 1
        trial.started = time(Double(number) + 0.5)
        trial.state = .running
        if let ending { trial.end(ending, at: time(Double(number) + 1), lasted: lasted) }
        return trial
    }
}
