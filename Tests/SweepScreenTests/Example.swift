import Foundation
import ImportanceAnalysis
import SweepModel
import SweepReport
import SweepScreen
import SweepSearch
import TerminalDrawing

/// A made-up sweep for the tests of the screen, the same every time.
enum Example {
    static let time = Date(timeIntervalSince1970: 1_800_000_000)
    static let metric = Metric(name: "val_loss", goal: .minimize, rule: .last)
    static let directory = "/results/digits"

    static func space() throws -> SearchSpace {
        try SearchSpace([
            Parameter("optimizer.name", .choice(["adam", "sgd"])),
            Parameter("optimizer.learning_rate", .logUniform(min: 1e-4, max: 1)),
            Parameter(
                "optimizer.momentum", .uniform(min: 0, max: 1), when: [Condition("optimizer.name", .equals("sgd"))]),
            Parameter("model.hidden", .integer(min: 32, max: 512, step: 32, log: false)),
            Parameter("data.seed", .constant(3)),
        ])
    }

    /// Numbers from 0 to 1 that look like chance.
    private static func part(_ number: Int, _ stream: Int) -> Double {
        let mixed: Int = number * 7919 + stream * 104_729 + number * number * 31
        return Double(mixed % 1000) / 1000
    }

    static func trials(_ count: Int) throws -> [TrialRecord] {
        let space = try space()
        return (0..<count).map { number in
            let rate = pow(10, -4 * part(number, 1))
            var values: [String: ParameterValue] = [
                "optimizer.name": number % 3 == 0 ? "sgd" : "adam", "optimizer.learning_rate": .number(rate),
                "model.hidden": .integer(32 * (1 + number * 5 % 16)), "data.seed": .integer(3),
            ]
            if number % 3 == 0 { values["optimizer.momentum"] = .number(part(number, 2)) }
            var trial = TrialRecord(
                number: number, origin: .sampled, seed: 1, parameters: Assignment(values, in: space), created: time)
            (trial.state, trial.attempt, trial.started) = (.running, 1, time.addingTimeInterval(-65))
            if number == count - 2 { return trial }
            if number == count - 1 {
                (trial.state, trial.attempt, trial.started) = (.waiting, 0, nil)
                return trial
            }
            let distance = log10(rate) + 2
            let value = 0.1 + 0.05 * distance * distance + 0.01 * part(number, 3)
            switch number % 10 {
            case 4: trial.end(TrialEnding(.failed, .crash(.exit(1))), at: time, lasted: 0.4)
            case 7:
                trial.end(
                    TrialEnding(.pruned, .pruned("rank 5 of 6 at step 2"), value: value + 0.2), at: time, lasted: 1.5)
            case 8: trial.end(.diverged, at: time, lasted: 2)
            default: trial.end(.complete(value), at: time, lasted: 3 + 10 * part(number, 4))
            }
            return trial
        }
    }

    static func content(_ count: Int = 40) throws -> SweepContent {
        let space = try space()
        return SweepContent(
            directory: directory, metric: metric, parameterNames: space.parameters.map(\.name), space: space,
            trials: try trials(count), latest: [count - 2: .init(step: 4, value: 0.31)])
    }

    static func overview(_ content: SweepContent) -> SweepOverview {
        var overview = SweepOverview(directory: content.directory, name: "digits")
        overview.metric = content.metric
        overview.budget = 100
        (overview.isRun, overview.process) = (true, 4711)
        for trial in content.trials { overview.counts[trial.state, default: 0] += 1 }
        overview.best = content.metric.ranked(content.trials).first.flatMap { trial in
            trial.value.map { .init(number: trial.number, value: $0) }
        }
        return overview
    }

    /// A second and a third sweep.
    static var others: [SweepOverview] {
        var mnist = SweepOverview(directory: "/results/mnist", name: "mnist")
        mnist.metric = Metric(name: "val_accuracy", goal: .maximize, rule: .best)
        (mnist.budget, mnist.counts) = (20, [.complete: 18, .failed: 2])
        mnist.best = .init(number: 3, value: 0.9791)
        var lost = SweepOverview(directory: "/results/toy", name: "toy")
        lost.problem = "its folder is no longer there"
        return [mnist, lost]
    }

    static func curve(_ number: Int) -> TrialCurve {
        var curve = TrialCurve()
        for step in 1...30 { curve.add(step: step, value: 0.2 + exp(-Double(step) / Double(3 + number % 7))) }
        return curve
    }

    /// A screen that has read everything it may want.
    static func state(columns: Int, rows: Int, sweeps: Int = 1) throws -> ScreenState {
        let content = try content()
        var state = ScreenState(size: TerminalSize(columns: columns, rows: rows), time: time)
        let overviews = [overview(content)] + others.prefix(sweeps - 1)
        _ = state.apply(.data(.overviews(overviews)))
        _ = state.apply(.data(.content(content, directory: directory)))
        _ = state.apply(
            .data(.curves(Dictionary(uniqueKeysWithValues: (0..<40).map { ($0, curve($0)) }), directory: directory)))
        let importance = PedANOVA(of: content.trials, in: try space(), metric: metric)
        _ = state.apply(.data(.importance(importance, directory: directory)))
        return state
    }
}

extension ScreenState {
    /// Presses keys, one character each.
    @discardableResult
    mutating func press(_ keys: String) -> ScreenAction {
        var action = ScreenAction.nothing
        for key in keys { action = apply(.key(key == "\n" ? .enter : .character(key))) }
        return action
    }

    /// What is read on the screen.
    var text: [String] { lines.map(\.text) }
}
