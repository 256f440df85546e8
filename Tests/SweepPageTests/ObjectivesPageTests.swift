import Foundation
import SweepFile
import SweepModel
import SweepPage
import SweepSearch
import SweepStore
import TestSupport
import Testing

/// Pages and pictures of sweeps with several objectives or with bounds.
@Suite struct ObjectivesPageTests {
    private static let time = Date(timeIntervalSince1970: 1_800_000_000)

    private static let several = """
        name: front
        metrics: [{name: loss, goal: minimize}, {name: accuracy, goal: maximize}]
        bounds: [latency <= 20]
        trainer: {command: [train, "{args}"]}
        parameters:
          width: {type: int, min: 16, max: 256, step: 16}
        budget: {trials: 100}
        """
    private static let bounded = several.replacing(
        "metrics: [{name: loss, goal: minimize}, {name: accuracy, goal: maximize}]",
        with: "metric: {name: loss, goal: minimize}")

    /// Values by the names of the metrics. The first three are on the front, the next one is dominated, the last one is
    /// too slow. Behind them are a trial that has failed and one that runs.
    private static let values: [(loss: Double, further: [String: Double])] = [
        (3, ["accuracy": 0.9, "latency": 10]), (1, ["accuracy": 0.5, "latency": 15]),
        (2, ["accuracy": 0.8, "latency": 12]), (2.5, ["accuracy": 0.7, "latency": 5]),
        (0.5, ["accuracy": 0.95, "latency": 25]),
    ]

    private static func sweep(
        _ text: String, in folder: TemporaryDirectory
    ) async throws -> (store: SweepStore, file: SweepFile, record: SweepRecord) {
        var record = SweepRecord(
            name: "front", metric: Metric(name: "loss", goal: .minimize, rule: .last), parameterNames: ["width"],
            lag: nil, file: .init(path: "front.yaml", text: text), base: nil, directory: "/nowhere", created: time)
        let file = try SweepFile(record)
        record.objectives = file.sweep.objectives
        try SweepStore.create(in: folder.path, record)
        let store = try SweepStore(runningSweepIn: folder.path)
        for number in 0..<values.count + 2 {
            let trial = TrialRecord(
                number: number, origin: .sampled, seed: 1,
                parameters: Assignment(["width": .integer(16 * (1 + number))], in: file.sweep.space), created: time)
            try await store.plan(trial, startingAt: time)
            if number > values.count { continue }
            let names = Set(file.sweep.objectives.further.map(\.name))
            let ending: TrialEnding =
                number == values.count
                ? TrialEnding(.failed, .crash(.exit(3)))
                : .complete(values[number].loss, further: values[number].further.filter { names.contains($0.key) })
            try await store.end(number, ending, metrics: [], at: time)
        }
        return (store, file, try store.sweep())
    }

    private static func html(_ text: String, in folder: TemporaryDirectory) async throws -> String {
        let (store, file, record) = try await sweep(text, in: folder)
        var page = try ReportPage(program: "revsweep test")
        try page.add(store, file, record, planner: "not running")
        return page.html()
    }

    private static func pictures(_ text: String) async throws -> PictureData {
        let folder = try TemporaryDirectory()
        let (store, file, record) = try await sweep(text, in: folder)
        return PictureData(try SweepSnapshot(store, file, record))
    }

    // MARK: Data

    @Test func `the page is told what is optimized and bounded, and the values of each trial`() async throws {
        let html = try await Self.html(Self.several, in: TemporaryDirectory())
        let sweeps = try #require(try ReportPageTests.data(html)["sweeps"] as? [[String: Any]])
        let sweep = try #require(sweeps.first)
        #expect((sweep["metric"] as? [String: Any])?["name"] as? String == "loss")
        let objectives = try #require(sweep["objectives"] as? [String: Any])
        let metrics = try #require(objectives["metrics"] as? [[String: String]])
        #expect(
            metrics == [
                ["name": "loss", "goal": "minimize", "rule": "last"],
                ["name": "accuracy", "goal": "maximize", "rule": "last"],
            ])
        let bound = try #require((objectives["bounds"] as? [[String: Any]])?.first)
        #expect(bound["metric"] as? String == "latency" && bound["relation"] as? String == "<=")
        #expect(bound["limit"] as? Double == 20 && bound["words"] as? String == "latency <= 20")
        let further = try #require(objectives["further"] as? [[String: Any]])
        #expect(further.compactMap { $0["name"] as? String } == ["accuracy", "latency"])
        for entry in further {
            let name = try #require(entry["name"] as? String)
            let column = try ReportPageTests.numbers(entry["values"])
            // Empty where it is packed.
            if column.isEmpty { continue }
            #expect(column.count == 7 && column.suffix(2).allSatisfy(\.isNaN))
            #expect(Array(column.prefix(5)) == Self.values.map { $0.further[name] ?? .nan })
        }
    }

    @Test func `a bound alone is told without a second metric to optimize`() async throws {
        let html = try await Self.html(Self.bounded, in: TemporaryDirectory())
        let sweeps = try #require(try ReportPageTests.data(html)["sweeps"] as? [[String: Any]])
        let objectives = try #require(sweeps.first?["objectives"] as? [String: Any])
        #expect((objectives["metrics"] as? [Any])?.count == 1 && (objectives["bounds"] as? [Any])?.count == 1)
        let further = try #require(objectives["further"] as? [[String: Any]])
        #expect(further.compactMap { $0["name"] as? String } == ["latency"])
        #expect(html.contains("<title>Bounds</title>"))
    }

    @Test func `a sweep with one metric has nothing of it`() async throws {
        let folder = try TemporaryDirectory()
        let (store, file, record) = try await ReportPageTests.sweep(in: folder)
        var page = try ReportPage(program: "revsweep test")
        try page.add(store, file, record, planner: "not running")
        let sweeps = try #require(try ReportPageTests.data(page.html())["sweeps"] as? [[String: Any]])
        #expect(try #require(sweeps.first)["objectives"] == nil)
        #expect(!page.html().contains("<title>Pareto front</title>"))
        let data = PictureData(try SweepSnapshot(store, file, record))
        #expect(data.frontAxes == ["loss"])
        #expect(SweepPicture.front.figure(data).panels.isEmpty)
        let since = try ChangeID(of: store, record)
        try await store.end(39, .complete(1), metrics: [], at: Self.time)
        let (json, _) = try #require(try LiveData.changes(in: store, file, record, since: since))
        #expect(json.contains("\"complete\"") && !json.contains("\"further\""))
    }

    @Test func `a page that follows the sweep is told of all values of a trial that ends`() async throws {
        let folder = try TemporaryDirectory()
        let (store, file, record) = try await Self.sweep(Self.several, in: folder)
        let since = try ChangeID(of: store, record)
        try await store.end(
            6, .complete(0.25, further: ["accuracy": 1.0 / 3, "latency": 1e-300]), metrics: [], at: Self.time)
        let (json, _) = try #require(try LiveData.changes(in: store, file, record, since: since))
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        let change = try #require((object["trials"] as? [[String: Any]])?.first)
        #expect(change["number"] as? Int == 6 && change["value"] as? Double == 0.25)
        #expect(change["further"] as? [String: Double] == ["accuracy": 1.0 / 3, "latency": 1e-300])
    }

    // MARK: Pictures

    @Test func `the front is the first still picture`() async throws {
        let html = try await Self.html(Self.several, in: TemporaryDirectory())
        let start = try #require(html.firstRange(of: "<noscript>"))
        let title = try #require(html[start.upperBound...].firstMatch(of: /<title>([^<]*)<\/title>/))
        #expect(title.1 == "Pareto front")
    }

    @Test func `the picture of the front has what is optimized, and on demand what is bounded`() async throws {
        let data = try await Self.pictures(Self.several)
        #expect(data.frontAxes == ["loss", "accuracy", "latency"])
        let figure = SweepPicture.front.figure(data)
        #expect(figure.panels.map { [$0.x.title, $0.y.title] } == [["loss (minimize)", "accuracy (maximize)"]])
        #expect(
            figure.description == "loss, accuracy of 5 complete trials, 3 on the front: trial 0: loss 3, accuracy 0.9; "
                + "trial 1: loss 1, accuracy 0.5; trial 2: loss 2, accuracy 0.8.")
        #expect(figure.note == "not drawn: 2 trials without a final value")
        let chosen = SweepPicture.front.figure(data, axes: ["latency", "loss"])
        #expect(chosen.panels.map { [$0.x.title, $0.y.title] } == [["latency", "loss (minimize)"]])
        #expect(chosen.title == "Pareto front" && chosen.description.contains("3 on the front"))
        #expect(chosen.svg().contains("latency &lt;= 20"))
        let all = SweepPicture.front.figure(data, isLog: true, axes: data.frontAxes)
        #expect(all.panels.count == 3)
        #expect(all.panels.allSatisfy { $0.x.kind == .log && $0.y.kind == .log })
        #expect(figure.panels.allSatisfy { $0.x.kind == .linear && $0.y.kind == .linear })
    }

    @Test func `what breaks a bound is not the best so far`() async throws {
        for text in [Self.several, Self.bounded] {
            let data = try await Self.pictures(text)
            #expect(SweepPicture.history.figure(data).description.hasSuffix("The best is 1."))
        }
        let data = try await Self.pictures(Self.bounded)
        #expect(SweepPicture.front.figure(data).description.hasSuffix("the best is trial 1: loss 1, latency 15."))
    }
}
