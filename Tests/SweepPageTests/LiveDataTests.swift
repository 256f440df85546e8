import Foundation
import SweepFile
import SweepModel
import SweepPage
import SweepStore
import TestSupport
import Testing

/// What a page is told of a sweep that goes on.
@Suite struct LiveDataTests {
    private static let addresses = LiveAddresses(events: "events", data: "data.json", log: "log/{number}")

    /// What the page is sent at some moments of a sweep's life, for `check_changes.py`.
    private struct Case: Encodable {
        var seed: UInt64
        /// The document of each moment.
        var documents: [String]
        var changes: [Change]

        struct Change: Encodable {
            var from: Int
            var to: Int
            var json: String
        }
    }

    private static func moments(seed: UInt64) async throws -> Case {
        let folder = try TemporaryDirectory()
        var history = try await RandomHistory(seed: seed, hasBounds: seed.isMultiple(of: 3), in: folder)
        let reader = try SweepStore(readingSweepIn: folder.path)
        let record = try reader.sweep()
        var result = Case(seed: seed, documents: [], changes: [])
        var ids: [ChangeID] = []
        for moment in 0..<6 {
            // The first is of a sweep to which nothing has happened; some are close together.
            if moment > 0 { for _ in 0..<[2, 40, 1, 25, 60][(moment + Int(seed)) % 5] { try await history.goOn() } }
            let (json, id) = try LiveData.document(
                of: reader, history.file, record, program: "test", planner: "running", addresses: addresses)
            result.documents.append(json)
            ids.append(id)
            for (earlier, since) in ids.dropLast().enumerated() {
                let change = try #require(try LiveData.changes(in: reader, history.file, record, since: since))
                #expect(change.id == id)
                result.changes.append(.init(from: earlier, to: moment, json: change.json))
            }
        }
        return result
    }

    private static func object(_ json: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    }

    private static func document(_ store: SweepStore, _ file: SweepFile) throws -> [String: Any] {
        let (json, _) = try LiveData.document(
            of: store, file, try store.sweep(), program: "test", planner: "running", addresses: addresses)
        return try #require((try object(json)["sweeps"] as? [[String: Any]])?.first)
    }

    private static func entry(_ store: SweepStore, _ file: SweepFile) throws -> [String: Any] {
        let json = try LiveData.sweepEntry(
            of: store, file, try store.sweep(), planner: "running", withImportance: true)
        return try #require(try object(json)["changes"] as? [String: Any])
    }

    @Test func `other metrics have all their digits, at first and in what follows`() async throws {
        let (store, file, record) = try await ReportPageTests.sweep(in: TemporaryDirectory())
        let since = try ChangeID(of: store, record)
        try await store.record([MetricRecord(trial: 39, attempt: 1, step: 1, name: "count", value: 1_234_567)])
        let (json, _) = try #require(try LiveData.changes(in: store, file, record, since: since))
        let trial = try #require((try Self.object(json)["trials"] as? [[String: Any]])?.first)
        #expect(trial["metrics"] as? [String: Double] == ["count": 1_234_567])
        let metrics = try #require(try Self.document(store, file)["metrics"] as? [[String: Any]])
        let count = try #require(metrics.first { $0["name"] as? String == "count" })
        let numbers = try ReportPageTests.numbers(count["values"])
        #expect(numbers.isEmpty || numbers.last == 1_234_567)
    }

    @Test func `where trials have several seeds, the best is that of the best mean`() async throws {
        let text = """
            metric: {name: loss, goal: minimize}
            trainer: {command: [train, "{args}", "{seed}"]}
            parameters: {x: {type: uniform, min: 0, max: 1}}
            replicates: 2
            budget: {trials: 10}
            """
        let time = Date(timeIntervalSince1970: 1_800_000_000)
        let record = SweepRecord(
            name: "seeds", metric: Metric(name: "loss", goal: .minimize, rule: .last), parameterNames: ["x"], lag: nil,
            file: .init(path: "seeds.yaml", text: text), base: nil, directory: "/nowhere", created: time)
        let file = try SweepFile(record)
        let folder = try TemporaryDirectory()
        try SweepStore.create(in: folder.path, record)
        let store = try SweepStore(runningSweepIn: folder.path)
        // The first trial has the best value, and was lucky.
        for (number, (x, value)) in [(0.1, 0.1), (0.1, 0.9), (0.5, 0.2), (0.5, 0.25)].enumerated() {
            let trial = TrialRecord(
                number: number, origin: .sampled, seed: UInt64(number), parameters: ["x": .number(x)], created: time)
            try await store.plan(trial, startingAt: time)
            try await store.end(number, .complete(value), metrics: [], at: time)
        }
        for sweep in [try Self.document(store, file), try Self.entry(store, file)] {
            #expect(sweep["best"] as? Int == 2)
            #expect((sweep["bestWords"] as? String)?.contains("the mean of 2 seeds") == true, "\(sweep)")
        }
    }

    @Test func `where only values tell, no trial is named as the best`() async throws {
        let (store, file, _) = try await ReportPageTests.sweep(in: TemporaryDirectory())
        #expect(try Self.document(store, file)["best"] is NSNull)
        // What was said before is taken back.
        let entry = try Self.entry(store, file)
        #expect(entry["best"] is NSNull && entry["bestWords"] is NSNull)
    }

    @Test(.tags(.slow), .enabled("there is no Chromium, or no Python with Playwright") { await Browser.isThere() })
    func `a page that is told of all changes holds what the document of that moment says`() async throws {
        let folder = try TemporaryDirectory()
        var cases: [Case] = []
        for seed in 1...24 { cases.append(try await Self.moments(seed: UInt64(seed))) }
        let path = try folder.write(
            String(decoding: try JSONEncoder().encode(cases), as: UTF8.self), to: "cases.json")
        let printed = try await Browser.run("check_changes.py", [path], samples: folder.path)
        #expect(printed == "360 changes\n")
    }
}
