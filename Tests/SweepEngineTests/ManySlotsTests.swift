import Foundation
import SweepEngine
import SweepFile
import SweepModel
import SweepSearch
import SweepStore
import TestSupport
import Testing

/// Sweeps with more trials at once than the planner can propose values for one by one.
@Suite struct ManySlotsTests {
    @Test(arguments: ["auto", "tpe", "random", "cmaes"])
    func `every number is planned once, each with values of its own`(sampler: String) async throws {
        let sweep = try ShellSweep(
            "echo \"{\\\"loss\\\": $x}\"",
            "sampler: \(sampler)\nbudget: {trials: 90}\nresources: {parallel: 20}")
        let (ending, trials) = try await sweep.run()
        #expect(ending == .trials && trials.map(\.number) == Array(0..<90))
        #expect(trials.allSatisfy { $0.state == .complete })
        #expect(Set(trials.map(\.parameters)).count == 90 && Set(trials.map(\.seed)).count == 90)
    }

    @Test func `values that are enqueued meanwhile are tried, beside those that were made ahead`() async throws {
        // Trials wait until the values are enqueued, so that none is planned before that beyond the first.
        let sweep = try ShellSweep(
            "until [ -e ../../enqueued ]; do sleep 0.01; done; echo \"{\\\"loss\\\": $x}\"",
            "sampler: auto\nbudget: {trials: 120}\nresources: {parallel: 20}")
        let directory = "\(sweep.directory.path)/results/test"
        let given = (0..<10).map { Double($0) / 16 }
        let (ending, trials) = try await sweep.run { notice in
            guard case .started(let trial) = notice, trial.number == 0 else { return }
            do {
                try SweepStore.enqueue(given.map { ["x": .number($0)] }, in: directory, at: Date())
                try Data().write(to: URL(fileURLWithPath: "\(directory)/enqueued"))
            } catch {
                Issue.record(error)
            }
        }
        #expect(ending == .trials && trials.map(\.number) == Array(0..<120))
        let enqueued = trials.filter { $0.origin == .enqueued }.compactMap { $0.parameters["x"] }
        #expect(Set(enqueued) == Set(given.map { .number($0) }) && enqueued.count == 10)
        let store = try SweepStore(readingSweepIn: directory)
        for trial in trials where trial.origin == .sampled {
            #expect(try store.proposal(ofTrial: trial.number)?.trial == trial.number)
        }
    }

    @Test func `a target or an interruption ends the sweep, whatever is being proposed`() async throws {
        let sweep = try ShellSweep(
            "echo \"{\\\"loss\\\": $x}\"",
            "sampler: auto\nbudget: {trials: 500, target: 0.2}\nresources: {parallel: 20}")
        let (ending, trials) = try await sweep.run()
        #expect(ending == .target && trials.count < 500)
        #expect(trials.allSatisfy { $0.state != .running })
        let other = try ShellSweep(
            "echo \"{\\\"loss\\\": $x}\"", "sampler: auto\nbudget: {trials: 500}\nresources: {parallel: 20}")
        let (interruptions, interrupt) = AsyncStream<Void>.makeStream()
        let stopped = try await other.run(interruptions: interruptions) { notice in
            if case .ended(let trial) = notice, trial.number == 30 { interrupt.yield() }
        }
        #expect(stopped.ending == .interrupted && stopped.trials.count < 500)
        #expect(try await other.run().trials.count == 500)
    }
}
