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
