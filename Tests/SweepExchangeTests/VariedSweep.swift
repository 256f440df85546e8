import Foundation
import SweepFile
import SweepModel
import SweepSearch
import SweepStore
import TestSupport

/// A stored sweep with parameters of all types and trials in all states.
struct VariedSweep {
    let directory: TemporaryDirectory
    let file: SweepFile
    let store: SweepStore

    static let parameters = """
        optimizer: {type: choice, values: [sgd, adam, 3, true, 1, null, [64, 32], {a: 1.5}], weights: [2\
        , 1, 1, 1, 1, 1, 1, 1]}
        momentum: {type: uniform, min: 0, max: 0.99, when: {optimizer: sgd}}
        rate: {type: loguniform, min: 1e-4, max: 1}
        dropout: {type: quniform, min: 0.05, max: 0.55, step: 0.1}
        whole: {type: quniform, min: 0, max: 30, step: 10}
        decay: {type: qloguniform, min: 0.1, max: 100, step: 0.1}
        layers: {type: int, min: 1, max: 9, step: 3}
        width: {type: int, min: 8, max: 512, log: true}
        batch: {type: ordinal, values: [64, 128, 256]}
        shift: {type: normal, mean: 0, std: 1}
        scale: {type: lognormal, mean: 0, std: 1}
        "größe.日": {type: uniform, min: -1, max: 1}
        fixed: {type: constant, value: "7"}
        """

    /// - Parameter count: of the trials that are in it, one after the other in the states of `state(_:)`.
    init(_ count: Int, goal: Metric.Goal = .maximize, rule: Metric.Rule = .last) async throws {
        directory = try TemporaryDirectory()
        let indented = Self.parameters.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
        let text = """
            name: varied
            metric: {name: val_accuracy, goal: \(goal), value: \(rule)}
            trainer: {command: [train]}
            parameters:
            \(indented)
            sampler: {name: random, seed: 3}
            budget: {trials: 100}
            """
        let path = try directory.write(text, to: "varied.yaml")
        file = try SweepFile.read(path: path)
        let folder = "\(directory.path)/results/varied"
        let record = SweepRecord(
            name: "varied", metric: file.sweep.metric, parameterNames: file.sweep.space.parameters.map(\.name),
            lag: nil, file: .init(path: path, text: text), base: nil, directory: directory.path, created: Self.time(0))
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try SweepStore.create(in: folder, record)
        store = try SweepStore(runningSweepIn: folder)
        for number in 0..<count { try await add(number) }
    }

    static func time(_ seconds: Double) -> Date { Date(timeIntervalSince1970: 1_795_842_000 + seconds) }

    /// Adds one trial, plans it, runs it and ends it.
    func add(_ number: Int) async throws {
        let start = Self.time(10 * Double(number))
        try await store.plan(trial(number), startingAt: start)
        try await finish(number)
    }

    /// The values are spread over the whole space, and are the same each time.
    func trial(_ number: Int) -> TrialRecord {
        var values: [String: ParameterValue] = [:]
        for (place, parameter) in file.sweep.space.parameters.enumerated() {
            let isActive = parameter.conditions.allSatisfy { condition in
                values[condition.parameter].map(condition.test.holds(for:)) ?? false
            }
            if !isActive { continue }
            let quantile = (Double(number * (2 * place + 3)) * 0.6180339887 + 0.05 * Double(place))
                .truncatingRemainder(dividingBy: 1)
            let value = parameter.distribution.value(atQuantile: quantile)
            values[parameter.name] = file.sweep.written.shown(value, of: parameter.name)
        }
        return TrialRecord(
            number: number, origin: .sampled, seed: UInt64(number),
            parameters: Assignment(values, in: file.sweep.space), created: Self.time(10 * Double(number)))
    }

    static func state(_ number: Int) -> TrialState {
        switch number % 8 {
        case 3: .pruned
        case 5: .failed
        case 7: .diverged
        default: .complete
        }
    }

    private func finish(_ number: Int) async throws {
        let value = 0.5 + 0.4 * sin(Double(number))
        var curve = (1...3).map { (step: $0, value: value * Double($0) / 3) }
        let ending: TrialEnding
        switch Self.state(number) {
        case .complete: ending = .complete(file.sweep.metric.value(of: curve.map(\.value)) ?? 0)
        case .pruned:
            curve.removeLast()
            ending = TrialEnding(
                .pruned, .pruned("rung 1: \"worst\" of 3"), value: file.sweep.metric.value(of: curve.map(\.value)))
        case .diverged:
            curve[2].value = .nan
            ending = .diverged
        case .failed, .waiting, .running: ending = TrialEnding(.failed, .crash(.exit(2)), errorOutput: "no")
        }
        let metrics = curve.flatMap { point in
            [("val_accuracy", point.value), ("loss", 1 - point.value)].map {
                MetricRecord(trial: number, attempt: 1, step: point.step, name: $0.0, value: $0.1)
            }
        }
        try await store.end(
            number, ending, metrics: metrics, at: Self.time(10 * Double(number) + 6.25), lasted: 6.25)
    }
}
