import ConfigFile
import Foundation
import SweepFile
import SweepModel
import SweepReport
import SweepSearch
import SweepStore
import TestSupport
import Testing

@Suite struct ExplanationTests {
    private static func file(goal: Metric.Goal = .minimize, base: String? = nil) throws -> SweepFile {
        let text = """
            name: test
            metric: {name: loss, goal: \(goal.rawValue)}
            trainer: {command: [train, "{config}"]\(base == nil ? "" : ", config: base.yaml")}
            parameters:
              x: {type: uniform, min: 0, max: 1}
              kind: {type: choice, values: [a, b]}
              deep: {type: uniform, min: 0, max: 1, when: {kind: b}}
            budget: {trials: 100}
            """
        let plain = text.replacing("\"{config}\"", with: base == nil ? "\"{args}\"" : "\"{config}\"")
        return try SweepFile(
            source: SourceFile(path: "s.yaml", text: plain),
            base: base.map { SourceFile(path: "base.yaml", text: $0) }, directory: "/nowhere")
    }

    /// Forty trials of (x − 0.3)² + (a ? 1 : deep/5), or the negative of it.
    private static func trials(_ file: SweepFile) -> [TrialRecord] {
        (0..<40).map { number in
            let x = Double(number * 17 % 40) / 40
            var values: [String: ParameterValue] = ["x": .number(x), "kind": number % 3 == 0 ? "a" : "b"]
            let deep = Double(number * 7 % 40) / 40
            if number % 3 != 0 { values["deep"] = .number(deep) }
            let loss = (x - 0.3) * (x - 0.3) + (number % 3 == 0 ? 1 : deep / 5)
            let ending: TrialEnding =
                number % 11 == 10
                ? TrialEnding(.failed, .crash(.exit(1))) : .complete(file.sweep.metric.minimized(loss))
            return Example.trial(number, Assignment(values, in: file.sweep.space), ending)
        }
    }

    @Test(arguments: Metric.Goal.allCases)
    func `the way to the best begins with what matters most, whichever way is better`(goal: Metric.Goal) throws {
        let file = try Self.file(goal: goal)
        let explanation = SweepExplanation(of: Self.trials(file), in: file, name: "test")
        let path = try #require(explanation.path)
        // The first trial has kind a, which costs 1.
        #expect(path.start == .trial(0) && path.steps.steps.first?.parameter == "kind")
        #expect(path.steps.steps[0].following == ["deep"])
        #expect(path.steps.steps[0].gain.mean > 0.6)
        let sign = goal == .maximize ? -1.0 : 1
        #expect(sign * path.steps.startValue.mean > 0.8, "\(path.steps.startValue)")
        #expect(path.steps.startValue.low <= path.steps.startValue.high)
        #expect(abs(path.steps.steps.last?.value.mean ?? 9 - path.value) < 0.2)
        let outlook = try #require(explanation.outlook)
        #expect(outlook.gains.allSatisfy { $0.improvement.mean >= 0 })
        let curves = explanation.dependences()
        #expect(curves.map(\.parameter) == ["x", "kind", "deep"])
        #expect(curves.allSatisfy { $0.estimates.allSatisfy { sign * $0.mean > -0.2 && $0.low <= $0.high } })
        let text = explanation.text(isUnicode: true)
        #expect(text.contains("when may I stop?") && text.contains("kind") && text.contains("kind takes along: deep."))
        let node = explanation.node
        #expect(node["path"]?["steps"]?.elements?.count == path.steps.steps.count)
        #expect(node["outlook"]?["gains"]?.elements?.count == outlook.gains.count)
    }

    @Test func `it begins with the base configuration where that is in the space`() throws {
        let base = "x: 0.9\nkind: a\ndeep: 0.5\nother: 1\n"
        let file = try Self.file(base: base)
        let explanation = SweepExplanation(of: Self.trials(file), in: file, name: "test")
        let path = try #require(explanation.path)
        #expect(path.start == .base && path.steps.start == Assignment(["x": 0.9, "kind": "a"], in: file.sweep.space))
        // A value beyond the range is no place in the space.
        let outside = try Self.file(base: base.replacing("0.9", with: "9.5"))
        #expect(SweepExplanation(of: Self.trials(outside), in: outside, name: "test").path?.start == .trial(0))
    }

    @Test func `it counts how often what was expected came true`() throws {
        let file = try Self.file()
        let trials = Self.trials(file)
        let proposals = (0..<12).map { number in
            // Trial 10 has failed; the interval of trial 3 is far from its value.
            let middle = number == 3 ? 50 : trials[number].value ?? 0
            let value = Expectation(mean: middle, deviation: 0.1, low: middle - 0.2, high: middle + 0.2)
            return TrialProposal(
                trial: number, method: .process, ended: number, pending: 0,
                forecast: number == 0 ? nil : .init(value: value, improvement: 0))
        }
        let explanation = SweepExplanation(of: trials, proposals, in: file, name: "test")
        #expect(explanation.record == .init(trials: 10, inside: 9))
        #expect(explanation.text(isUnicode: false).contains("Of 10 complete trials of which a value was expected"))
        #expect(explanation.node["forecasts"]?["inside"]?.value == .integer(9))
        #expect(SweepExplanation(of: trials, in: file, name: "test").record == nil)
    }

    @Test func `where there is no model it says why`() throws {
        let file = try Self.file()
        let few = SweepExplanation(of: Array(Self.trials(file).prefix(2)), in: file, name: "test")
        #expect(few.model == nil && few.path == nil && few.outlook == nil && few.dependences().isEmpty)
        #expect(few.text(isUnicode: true).contains("takes 4 complete trials or more, and there are 2"))
        #expect(few.node["model"]?.value == .null)
        let none = SweepExplanation(of: [], in: file, name: "test")
        #expect(none.outlookWords.contains("there are 0"))
    }

    // MARK: One trial

    private static func stored(_ file: SweepFile, in folder: TemporaryDirectory) throws -> (SweepStore, SweepRecord) {
        let record = SweepRecord(
            name: "test", metric: file.sweep.metric, parameterNames: file.sweep.space.parameters.map(\.name), lag: nil,
            file: .init(path: "s.yaml", text: "x"), base: nil, directory: "/nowhere", relativeDirectory: nil,
            created: Example.time(0))
        try SweepStore.create(in: folder.path, record)
        return (try SweepStore(runningSweepIn: folder.path), record)
    }

    @Test(arguments: Metric.Goal.allCases)
    func `a trial is explained by what was stored when it was planned`(goal: Metric.Goal) async throws {
        let file = try Self.file(goal: goal)
        let folder = try TemporaryDirectory()
        let (store, record) = try Self.stored(file, in: folder)
        let metric = file.sweep.metric
        let value = metric.minimized(Expectation(mean: 0.5, deviation: 0.1, low: 0.3, high: 0.7))
        for number in 0..<5 {
            let trial = TrialRecord(
                number: number, origin: number == 3 ? .enqueued : .sampled, seed: 1,
                parameters: Assignment(
                    ["x": .number(Double(number) / 8), "kind": number == 4 ? "a" : "b"]
                        .merging(number == 4 ? [:] : ["deep": 0.5]) { first, _ in first }, in: file.sweep.space),
                created: Example.time(0))
            let proposal: TrialProposal? =
                switch number {
                case 0:
                    TrialProposal(trial: 0, method: .sobol, occasion: .startUp, ended: 0, pending: 0)
                case 1:
                    TrialProposal(
                        trial: 1, method: .process, ended: 1, pending: 2,
                        forecast: .init(value: value, improvement: 0.02))
                case 2: TrialProposal(trial: 2, method: .tpe, ended: 2, pending: 0, logRatio: 1.5)
                default: nil
                }
            try await store.plan(trial, proposal: proposal, startingAt: Example.time(1))
            let decision = TrialDecision(
                trial: number, attempt: 1, step: 1, value: metric.minimized(Double(number)),
                action: number == 2 ? .prune : .goOn, reason: "rank", at: Example.time(2))
            try await store.record([], [decision])
            if number == 4 { continue }
            try await store.end(
                number,
                number == 2
                    ? TrialEnding(.pruned, .pruned("rank"), value: metric.minimized(2))
                    : .complete(metric.minimized(number == 1 ? 0.34 : 2)), metrics: [], at: Example.time(3))
        }
        func explanation(_ number: Int) throws -> TrialExplanation {
            try TrialExplanation(
                of: try #require(try store.trial(number)), in: store, file: file, record: record)
        }
        let first = try explanation(1)
        #expect(first.proposal?.forecast?.value == value && first.surprise?.isInside == true)
        // Better than the mean by 0.16, and 0.4 is 3.29 standard deviations.
        #expect(abs((first.surprise?.deviations ?? 0) - 0.16 * 3.29 / 0.4) < 1e-9)
        #expect(first.text().contains("the Gaussian process, after 1 trial had ended and while 2 had not"))
        #expect(first.text().contains("within what was expected") && first.text().contains("better than the mean"))
        #expect(first.neighbours.map(\.trial.number).prefix(2) == [0, 2])
        #expect(abs(first.neighbours[0].distance - 0.125) < 1e-12)
        #expect(first.neighbours.last?.differing.map(\.parameter).contains("deep") == true)
        let pruned = try explanation(2)
        #expect(pruned.comparisons.first?.others.map(\.trial) == [0, 1] && pruned.surprise == nil)
        #expect(pruned.text().contains("4.48 times more likely") && pruned.text().contains("cannot be compared"))
        let start = try explanation(0)
        #expect(start.text().contains("Sobol' points (too few trials had a value for a model)"))
        #expect(try explanation(3).text().contains("enqueued by hand"))
        let running = try explanation(4)
        #expect(running.text().contains("nothing more is stored") && running.text().contains("it has not ended"))
        for number in 0..<5 {
            let node = try explanation(number).node
            #expect(node["trial"]?.value == .integer(number))
            #expect((node["proposal"]?.value == .null) == (number >= 3))
        }
    }
}

extension ConfigNode {
    fileprivate var elements: [ConfigNode]? {
        if case .sequence(let nodes) = value { nodes } else { nil }
    }
}
