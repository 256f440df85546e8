import Foundation
import SweepFile
import SweepModel
import SweepPage
import SweepSearch
import SweepStore
import TestSupport
import Testing

/// Pictures of what happened to trials: their attempts, what was decided about them, and why they failed; and which
/// sweep the pictures of a page are of.
@Suite struct PictureTests {
    private static let time = Date(timeIntervalSince1970: 1_800_000_000)
    private static let text = """
        name: pictured
        metric: {name: loss, goal: minimize}
        trainer: {command: [train, "{args}"]}
        parameters:
          lr: {type: loguniform, min: 1e-5, max: 1}
        budget: {trials: 100}
        """
    private static let pause = TrialEnding(.waiting, .paused("paused at rung 0, step 1"))

    private let folder: TemporaryDirectory
    private let store: SweepStore
    private let file: SweepFile

    init() throws {
        folder = try TemporaryDirectory()
        let record = SweepRecord(
            name: "pictured", metric: Metric(name: "loss", goal: .minimize, rule: .last), parameterNames: ["lr"],
            lag: nil, file: .init(path: "pictured.yaml", text: Self.text), base: nil, directory: "/nowhere",
            created: Self.time)
        file = try SweepFile(record)
        try SweepStore.create(in: folder.path, record)
        store = try SweepStore(runningSweepIn: folder.path)
    }

    private var data: PictureData {
        get throws { PictureData(try SweepSnapshot(store, file, store.sweep())) }
    }

    /// A time so many seconds after the beginning.
    private func at(_ seconds: Double) -> Date { Self.time.addingTimeInterval(seconds) }

    private func begin(_ number: Int, after seconds: Double = 0, rate: Double = 0.1) async throws {
        let trial = TrialRecord(
            number: number, origin: .sampled, seed: 1,
            parameters: Assignment(["lr": .number(rate)], in: file.sweep.space), created: Self.time)
        try await store.plan(trial, startingAt: at(seconds))
    }

    private func end(
        _ number: Int, _ ending: TrialEnding, after seconds: Double = 1, _ decisions: TrialDecision...
    ) async throws {
        try await store.end(number, ending, metrics: [], decisions: decisions, at: at(seconds))
    }

    private func decision(_ trial: Int, _ action: TrialDecision.Action, _ value: Double) -> TrialDecision {
        TrialDecision(
            trial: trial, attempt: 1, step: 1, rung: action == .pause || action == .promote ? 0 : nil, value: value,
            action: action, reason: "rank 1 of 3", at: Self.time)
    }

    // MARK: What happened

    @Test func `each attempt has the colour of its own end`() async throws {
        try await begin(0)
        _ = try await store.recoverInterruptedTrials(at: at(1))
        _ = try await store.start(0, at: at(2))
        try await end(0, TrialEnding(.waiting, .timeout), after: 3)
        _ = try await store.start(0, at: at(4))
        try await end(0, Self.pause, after: 5, decision(0, .pause, 0.5))
        try await store.promote(decision(0, .promote, 0.5))
        _ = try await store.start(0, at: at(6))
        try await end(0, .complete(1), after: 7)
        try await begin(1, after: 8)
        var starts: [String: [Double]] = [:]
        for case .intervals(let some) in SweepPicture.timeline.figure(try data).panels.flatMap(\.marks) {
            starts[some.name ?? ""] = some.starts
        }
        #expect(starts == ["paused or interrupted": [0, 4], "failed": [2], "complete": [6], "running": [8]])
    }

    @Test func `a trial is at a rung once, and one that was promoted goes on`() async throws {
        for number in 0..<4 { try await begin(number) }
        try await store.record([], [decision(0, .goOn, 0.1)])
        try await end(1, Self.pause, decision(1, .pause, 0.2))
        try await end(2, Self.pause, decision(2, .pause, 0.3))
        try await end(3, TrialEnding(.pruned, .pruned("rank 4 of 4"), value: 0.4), decision(3, .prune, 0.4))
        try await store.promote(decision(1, .promote, 0.2))
        var values: [String: [Double?]] = [:]
        for case .points(let some) in SweepPicture.rungs.figure(try data).panels.flatMap(\.marks) {
            values[some.name ?? ""] = some.y
        }
        #expect(values == ["goes on": [0.1, 0.2], "stopped": [0.3, 0.4]])
        let logarithmic = SweepPicture.rungs.figure(try data, isLog: true)
        #expect(logarithmic.panels.count == 1 && logarithmic.panels.allSatisfy { $0.y.kind == .log })
    }

    @Test func `failures of one reason are counted together`() async throws {
        let endings: [TrialEnding] = [
            TrialEnding(.failed, .crash(.exit(1))), TrialEnding(.failed, .crash(.exit(3))), .diverged,
            TrialEnding(.failed, .crash(.exit(3))),
        ]
        for (number, ending) in endings.enumerated() {
            try await begin(number)
            try await end(number, ending)
        }
        let figure = SweepPicture.failures.figure(try data)
        #expect(figure.description == "4 trials failed.")
        #expect(figure.panels.first?.y.kind == .categories(["crash: exit 3", "crash: exit 1", "diverged"]))
    }

    // MARK: Too few parameters

    @Test func `a picture of two parameters says that fewer vary, and keeps its axis`() async throws {
        for (number, rate) in [0.1, 0.01, 0.001].enumerated() {
            try await begin(number, rate: rate)
            try await end(number, .complete(rate))
        }
        for picture in [SweepPicture.contour, .rank] {
            let figure = picture.figure(try data, isLog: true)
            #expect(figure.title == "Slices" && figure.note == "fewer than two parameters vary")
            #expect(figure.panels.count == 1 && figure.panels.allSatisfy { $0.y.kind == .log })
        }
    }

    // MARK: The page

    private func page(sweeps: Int = 1) throws -> String {
        var page = try ReportPage(program: "revsweep test")
        for _ in 0..<sweeps { try page.add(store, file, store.sweep(), planner: "not running") }
        return page.html()
    }

    @Test func `pictures of several sweeps stand under their names`() async throws {
        try await begin(0)
        try await end(0, .complete(1))
        let heading = "<h2>pictured</h2>\n<figure><svg"
        #expect(try !page().contains(heading))
        #expect(try page(sweeps: 2).components(separatedBy: heading).count == 3)
    }

    @Test func `the starts of a sweep of months are told`() async throws {
        try await begin(0)
        try await end(0, .complete(1))
        let hundredDays = 8_640_000.0
        try await begin(1, after: hundredDays)
        try await end(1, .complete(2), after: hundredDays + 1)
        let sweeps = try #require(try ReportPageTests.data(page())["sweeps"] as? [[String: Any]])
        let attempts = try #require(sweeps.first?["attempts"] as? [String: Any])
        #expect(attempts["tick"] as? Double == 0.01)
        let started = try #require(attempts["started"] as? [String: Any])
        // 864,000,000 hundredths of a second.
        #expect(started["data"] as? String == Data([0, 0, 0, 0, 0x00, 0x98, 0x7F, 0x33]).base64EncodedString())
    }
}
