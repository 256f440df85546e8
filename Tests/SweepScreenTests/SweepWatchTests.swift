import Foundation
import GRDB
import SweepModel
import SweepReport
import SweepScreen
import SweepSearch
import SweepStore
import TestSupport
import Testing

/// Sweeps as they change under the eyes of a reader.
@Suite struct SweepWatchTests {
    private static let file = """
        name: watched
        metric: {name: loss, goal: minimize}
        trainer: {command: [train]}
        parameters: {x: {type: uniform, min: 0, max: 1}}
        budget: {trials: 5}
        """

    private static func sweep() throws -> (directory: TemporaryDirectory, store: SweepStore) {
        let directory = try TemporaryDirectory()
        let metric = Metric(name: "loss", goal: .minimize, rule: .last)
        try SweepStore.create(
            in: directory.path,
            SweepRecord(
                name: "watched", metric: metric, parameterNames: ["x"], lag: nil,
                file: .init(path: "watched.yaml", text: file), base: nil, directory: "/nowhere",
                created: Example.time))
        return (directory, try SweepStore(runningSweepIn: directory.path))
    }

    private static func plan(_ number: Int, in store: SweepStore) async throws {
        let x = Double(number % 10) / 10
        try await store.plan(
            TrialRecord(
                number: number, origin: .sampled, seed: 1, parameters: ["x": .number(x)], created: Example.time),
            startingAt: Example.time)
    }

    private static func report(_ number: Int, _ step: Int, _ value: Double, in store: SweepStore) async throws {
        try await store.record([MetricRecord(trial: number, attempt: 1, step: step, name: "loss", value: value)])
    }

    @Test func `each look finds what has changed, and nothing where nothing has`() async throws {
        let (directory, store) = try Self.sweep()
        var watch = SweepWatch(directory: directory.path)
        #expect(watch.look(isChosen: true) == true)
        #expect(watch.overview.name == "watched" && watch.overview.budget == 5 && watch.overview.problem == nil)
        #expect(watch.content?.trials.isEmpty == true)
        #expect(watch.look(isChosen: true) == false)

        try await Self.plan(0, in: store)
        try await Self.plan(1, in: store)
        try await Self.report(1, 3, 0.5, in: store)
        #expect(watch.look(isChosen: true) == true)
        #expect(watch.content?.trials.map(\.state) == [.running, .running])
        #expect(watch.content?.latest == [1: SweepContent.Latest(step: 3, value: 0.5)])
        #expect(watch.curves(of: [0, 1])[1]?.points.map(\.value) == [0.5])
        #expect(watch.look(isChosen: true) == false)

        try await Self.report(1, 4, 0.25, in: store)
        try await store.end(1, .complete(0.25), metrics: [], at: Example.time.addingTimeInterval(2))
        try await Self.plan(2, in: store)
        #expect(watch.look(isChosen: true) == true)
        #expect(watch.content?.trials.map(\.state) == [.running, .complete, .running])
        #expect(watch.overview.best == SweepOverview.Best(number: 1, value: 0.25) && watch.overview.ended == 1)
        #expect(watch.curves(of: [1])[1]?.points.map(\.step) == [3, 4])
        #expect(watch.content?.trials == (try store.trials()))
        #expect(watch.look(isChosen: true) == false)
    }

    @Test func `a curve has no points that a later attempt has replaced`() async throws {
        let (directory, store) = try Self.sweep()
        try await Self.plan(0, in: store)
        for step in 1...4 { try await Self.report(0, step, Double(step), in: store) }
        var watch = SweepWatch(directory: directory.path)
        #expect(watch.look(isChosen: true) == true)
        #expect(watch.curves(of: [0])[0]?.points.map(\.step) == [1, 2, 3, 4])
        try await store.end(0, .interrupted, metrics: [], at: Example.time)
        _ = try await store.start(0, at: Example.time)
        for step in 2...3 {
            try await store.record([MetricRecord(trial: 0, attempt: 2, step: step, name: "loss", value: 9)])
            // One that has followed it, and one that looks for the first time.
            var other = SweepWatch(directory: directory.path)
            #expect(watch.look(isChosen: true) == true)
            #expect(other.look(isChosen: true) == true)
            let curves = [watch.curves(of: [0])[0], other.curves(of: [0])[0]]
            #expect(curves.map { $0?.points.map(\.step) } == [Array(1...step), Array(1...step)])
            #expect(curves.map { $0?.points.last?.value } == [9, 9])
        }
    }

    @Test func `a sweep that is not chosen has counts and its best trial only`() async throws {
        let (directory, store) = try Self.sweep()
        var watch = SweepWatch(directory: directory.path)
        // A call that changes its value must be compared, for the macro to accept it.
        #expect(watch.look(isChosen: false) == true)
        #expect(watch.content == nil && watch.overview.counts.isEmpty)
        try await Self.plan(0, in: store)
        try await store.end(0, .complete(0.75), metrics: [], at: Example.time.addingTimeInterval(2))
        #expect(watch.look(isChosen: false) == true)
        #expect(
            watch.overview.counts == [.complete: 1] && watch.overview.best == SweepOverview.Best(number: 0, value: 0.75)
        )
        #expect(watch.look(isChosen: true) == true)
        #expect(watch.content?.trials.count == 1)
        _ = watch.look(isChosen: false)
        #expect(watch.content == nil)
    }

    @Test func `many trials, of which few change, are followed one by one`() async throws {
        let (directory, store) = try Self.sweep()
        var watch = SweepWatch(directory: directory.path)
        for number in 0..<60 {
            try await Self.plan(number, in: store)
            if number >= 3 {
                let ending: TrialEnding = number % 4 == 0 ? .diverged : .complete(Double(number % 7))
                try await store.end(number - 3, ending, metrics: [], at: Example.time.addingTimeInterval(2))
            }
            #expect(watch.look(isChosen: true) == true)
            #expect(watch.content?.trials == (try store.trials()))
        }
        let analysis = watch.importances()
        let importances = try #require(analysis)
        #expect(importances.importances.map(\.name) == ["x"])
    }

    @Test func `a folder that vanishes is said to have, and what was read stays`() async throws {
        let (directory, store) = try Self.sweep()
        try await Self.plan(0, in: store)
        var watch = SweepWatch(directory: directory.path)
        #expect(watch.look(isChosen: true) == true)
        let away = directory.path + "-away"
        try FileManager.default.moveItem(atPath: directory.path, toPath: away)
        #expect(watch.look(isChosen: true) == true)
        #expect(watch.overview.problem == "its folder is no longer there")
        #expect(watch.content?.trials.count == 1)
        var other = SweepWatch(directory: directory.path)
        #expect(other.look(isChosen: false) == true)
        #expect(other.overview.problem == "its folder is no longer there")
        try FileManager.default.moveItem(atPath: away, toPath: directory.path)
        #expect(watch.look(isChosen: true) == true)
        #expect(watch.overview.problem == nil && watch.content?.trials.count == 1)
    }

    @Test(arguments: [1, 2, 3, 4, 6, 7])
    func `sweeps of every version are read, and not changed`(version: Int) throws {
        let sql = try String(
            contentsOfFile: Project.path("Tests/StoredSweeps/version\(version).sql"), encoding: .utf8)
        let directory = try TemporaryDirectory()
        let path = "\(directory.path)/\(SweepStore.fileName)"
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try queue.close()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for isChosen in [false, true] {
            var watch = SweepWatch(directory: directory.path)
            #expect(watch.look(isChosen: isChosen) == true)
            #expect(watch.overview.problem == nil)
            #expect(watch.overview.counts.values.reduce(0, +) > 0)
            let curves = watch.curves(of: [0])
            #expect(curves.isEmpty != isChosen)
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
    }

    @Test func `what is no sweep is a problem and not the end`() throws {
        let directory = try TemporaryDirectory()
        try directory.write("this is no database, and long enough not to be taken for one", to: SweepStore.fileName)
        for isChosen in [false, true] {
            var watch = SweepWatch(directory: directory.path)
            #expect(watch.look(isChosen: isChosen) == true)
            #expect(watch.overview.problem?.isEmpty == false)
        }
    }
}
