import ConfigFile
import Foundation
import SweepFile
import SweepModel
import SweepReport
import SweepSearch
import SweepStore
import TestSupport
import Testing

/// What is said of trials that have no value, and of those that ran elsewhere.
@Suite struct FailedAndImportedTests {
    private static let hostile = "\u{1B}[2J\u{202E}"

    private let folder: TemporaryDirectory
    private let file: SweepFile
    private let record: SweepRecord
    private let store: SweepStore

    init() throws {
        folder = try TemporaryDirectory()
        let text = """
            name: test
            metric: {name: loss, goal: minimize}
            trainer: {command: [train, "{args}"]}
            parameters:
              x: {type: uniform, min: 0, max: 1}
              kind: {type: choice, values: [a, b]}
            budget: {trials: 100}
            """
        file = try SweepFile(source: SourceFile(path: "s.yaml", text: text), base: nil, directory: "/nowhere")
        record = SweepRecord(
            name: "test", metric: file.sweep.metric, parameterNames: ["x", "kind"], lag: nil,
            file: .init(path: "s.yaml", text: text), base: nil, directory: "/nowhere", relativeDirectory: nil,
            created: Example.time(0))
        try SweepStore.create(in: folder.path, record)
        store = try SweepStore(runningSweepIn: folder.path)
    }

    private func trial(_ number: Int, x: Double) -> TrialRecord {
        TrialRecord(
            number: number, origin: .sampled, seed: 1,
            parameters: Assignment(["x": .number(x), "kind": "a"], in: file.sweep.space), created: Example.time(0))
    }

    private func explanation(_ number: Int) throws -> TrialExplanation {
        try TrialExplanation(of: try #require(try store.trial(number)), in: store, file: file, record: record)
    }

    /// A trial that a process proposed, and its end.
    private func run(_ number: Int, x: Double, _ ending: TrialEnding) async throws {
        let proposal = TrialProposal(
            trial: number, method: .process, ended: number, pending: 0,
            forecast: .init(value: Expectation(mean: 0.5, deviation: 0.1, low: 0.3, high: 0.7), improvement: 0.02))
        try await store.plan(trial(number, x: x), proposal: proposal, startingAt: Example.time(1))
        try await store.record([MetricRecord(trial: number, attempt: 1, step: 1, name: "loss", value: 0.4)])
        try await store.end(number, ending, metrics: [], at: Example.time(3))
    }

    @Test(arguments: [
        (TrialEnding(.failed, .crash(.exit(3)), errorOutput: "boom"), "failed: crash: exit 3"),
        (TrialEnding(.failed, .timeout), "failed: timeout"), (.diverged, "diverged"),
    ])
    func `a trial without a value says why, and is compared with nothing`(
        ending: TrialEnding, words: String
    ) async throws {
        try await run(0, x: 0.5, ending)
        let explanation = try explanation(0)
        let text = explanation.text()
        #expect(explanation.surprise == nil && explanation.proposal?.forecast != nil)
        #expect(text.contains(words) && text.contains("came of it  no value"), "\(text)")
        // What was expected of it is as true as of any other.
        #expect(text.contains("expected    loss 0.5 ± 0.1"), "\(text)")
        #expect(explanation.attempts.count == 1)
        let node = explanation.node
        #expect(node["value"]?.value == .null && node["surprise"]?.value == .null)
        #expect(node["state"]?.value == .string(words.hasPrefix("diverged") ? "diverged" : "failed"))
    }

    @Test func `a failed trial is a neighbour like others, and has no value there`() async throws {
        try await run(0, x: 0.5, TrialEnding(.failed, .crash(.exit(3)), errorOutput: Self.hostile))
        try await run(1, x: 0.51, .complete(0.4))
        let neighbour = try #require(try explanation(1).neighbours.first)
        #expect(neighbour.trial.number == 0 && abs(neighbour.distance - 0.01) < 1e-9)
        let line = try #require(try explanation(1).text().split(separator: "\n").first { $0.contains("x 0.5") })
        #expect(line.split(separator: " ").map(String.init) == ["0", "0.010", "failed", "x", "0.5"], "\(line)")
        #expect(!(try explanation(0).text().contains("\u{1B}")))
    }

    @Test func `failed trials say nothing of the metric`() async throws {
        for number in 0..<6 {
            let x = Double(number) / 6
            try await run(number, x: x, number < 3 ? TrialEnding(.failed, .crash(.exit(1))) : .complete(x * x))
        }
        let explanation = SweepExplanation(of: try store.trials(), try store.proposals(), in: file, name: "test")
        #expect(explanation.complete == 3 && explanation.model == nil)
        #expect(explanation.record?.trials == 3)
        #expect(explanation.text(isUnicode: true).contains("takes 4 complete trials or more, and there are 3"))
    }

    // MARK: Imported

    private func imported(_ number: Int, x: Double, from sweep: String?, _ ending: TrialEnding) -> TrialRecord {
        var trial = trial(number, x: x)
        trial.source = .init(sweep: sweep, trial: number + 7)
        trial.attempt = 1
        trial.started = Example.time(1)
        trial.state = .running
        trial.end(ending, at: Example.time(2), lasted: 1)
        return trial
    }

    @Test func `an imported trial says where it ran, and that nothing was expected of it`() async throws {
        let trials = [
            imported(0, x: 0.5, from: "/old/results/digits", .complete(0.25)),
            imported(1, x: 0.6, from: "/old/results/\(Self.hostile)", TrialEnding(.failed, .crash(.exit(9)))),
        ]
        try await store.importTrials(trials, at: Example.time(5)) { trial in
            [MetricRecord(trial: trial.number, attempt: 1, step: 1, name: "loss", value: 0.25)]
        }
        let complete = try explanation(0)
        let text = complete.text()
        #expect(text.contains("proposed    imported: trial 7 of digits"), "\(text)")
        #expect(text.contains("came of it  loss 0.25") && !text.contains("expected"), "\(text)")
        #expect(!text.contains("It has not been started"), "\(text)")
        #expect(complete.neighbours.map(\.trial.number) == [1])
        #expect(complete.node["origin"]?.value == .string("imported") && complete.node["proposal"]?.value == .null)
        let failed = try explanation(1)
        #expect(failed.text().contains("failed: crash: exit 9") && failed.text().contains("no value"))
        #expect(!failed.text().contains("\u{1B}") && !failed.text().contains("\u{202E}"))
    }

    @Test func `imported trials are part of the model, and the way may begin with one`() async throws {
        let trials = (0..<12).map { number in
            let x = Double(number * 5 % 12) / 12
            return imported(number, x: x, from: "/old/digits", .complete((x - 0.3) * (x - 0.3)))
        }
        try await store.importTrials(trials, at: Example.time(5)) { _ in [] }
        let explanation = SweepExplanation(of: try store.trials(), try store.proposals(), in: file, name: "test")
        #expect(explanation.model?.trials == 12 && explanation.record == nil)
        #expect(explanation.path?.start == .trial(0))
        #expect(explanation.text(isUnicode: false).contains("from trial 0 to trial"))
    }
}
