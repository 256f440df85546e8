import ConfigFile
import Foundation
import SweepModel
import SweepReport
import SweepSearch
import SweepStore
import Testing

/// A sweep in a few lines, and what its file means.
@Suite struct SweepSummaryTests {
    private static func summary(
        planner: SweepLock.Holder? = nil, counts: [TrialState: Int], asked: Int = 0, imported: Int = 0, queued: Int = 0,
        best: TrialRecord? = nil
    ) throws -> SweepSummary {
        SweepSummary(
            sweep: try Example.sweep(), directory: "/results/test", planner: planner, counts: counts, asked: asked,
            imported: imported, queued: queued, best: best, timeRun: .seconds(3725))
    }

    private static func line(_ name: String, of summary: SweepSummary) -> String? {
        summary.text.split(separator: "\n").first { $0.hasPrefix(name.padded) }.map { String($0.dropFirst(10)) }
    }

    @Test func `a sweep that has ended`() throws {
        let best = Example.trial(1, ["lr": 0.123456789, "kind": .list([1, 2])], .complete(0.5))
        #expect(
            try Self.summary(counts: [.complete: 3, .pruned: 1], best: best).text == """
                sweep     test
                folder    /results/test
                planner   not running
                trials    4 of 4 ended
                states    3 complete, 1 pruned
                time run  1 h 02 m
                best      trial 1: loss 0.5
                          lr = 0.12346
                          kind = [1,2]
                """)
    }

    @Test(arguments: [
        (SweepLock.Holder(process: 7, purpose: .run), [TrialState.running: 2], 0, "running (process 7)"),
        (SweepLock.Holder(process: nil, purpose: .run), [.running: 2], 0, "running"),
        (nil, [.running: 1], 0, "gone; 1 running trial was interrupted and will be run again"),
        (nil, [.running: 3], 3, "not running; 3 trials were asked for and not told yet"),
        (
            nil, [.running: 3], 1,
            "gone; 2 running trials were interrupted and will be run again; 1 trial was asked for and not told yet"
        ),
        (nil, [:], 0, "not running"),
    ])
    func `who has the sweep`(
        planner: SweepLock.Holder?, counts: [TrialState: Int], asked: Int, expected: String
    ) throws {
        #expect(try Self.line("planner", of: Self.summary(planner: planner, counts: counts, asked: asked)) == expected)
    }

    @Test func `imported trials are not of the budget, and more than that is said`() throws {
        let imported = try Self.summary(counts: [.complete: 5], imported: 3)
        #expect(Self.line("trials", of: imported) == "2 of 4 ended")
        #expect(Self.line("imported", of: imported) == "3 more, which the budget does not count")
        #expect(
            Self.line("trials", of: try Self.summary(counts: [.complete: 6])) == "6 ended, more than the budget of 4")
    }

    @Test func `the queue, and whether the budget has room for it`() throws {
        #expect(Self.line("queue", of: try Self.summary(counts: [:])) == nil)
        #expect(
            Self.line("queue", of: try Self.summary(counts: [.complete: 2], queued: 2))
                == "2 enqueued trials to be tried next")
        #expect(
            Self.line("queue", of: try Self.summary(counts: [.complete: 4], queued: 1))
                == "1 enqueued trial to be tried next, of which the budget has room for 0")
    }

    @Test func `for programs it is an object`() throws {
        let node = try Self.summary(counts: [.complete: 1], best: Example.trial(0, ["lr": 0.5], .complete(1))).node
        #expect(node["states"]?["complete"]?.json == "1" && node["states"]?["failed"]?.json == "0")
        #expect(node["best"]?.json == "{\"number\": 0, \"value\": 1.0, \"params\": {\"lr\": 0.5}}")
        #expect(node["seconds"]?.json == "3725.0" && node["planner"]?.json == "null")
    }

    @Test func `what a sweep file means is told with its parameters and samples`() throws {
        let text = SpaceDescription(try Example.sweep("constraints: ['lr < 0.9']"), program: "/bin/train").text()
        #expect(text.hasPrefix("sweep 'test': minimize loss (last value of a trial)\nsampler auto, seed 0;"), "\(text)")
        #expect(text.contains("trainer /bin/train\n") && text.contains("lr < 0.9"))
        #expect(text.split(separator: "\n").contains { $0.hasPrefix("kind ") && $0.contains("lr < 0.5") })
    }
}

extension String {
    fileprivate var padded: String { padding(toLength: 10, withPad: " ", startingAt: 0) }
}
