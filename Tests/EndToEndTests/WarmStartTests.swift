import Foundation
import Subprocess
import SweepStore
import TestSupport
import Testing

/// A sweep that learns from another one, by the program.
@Suite(.tags(.slow)) struct WarmStartTests {
    private static func file(_ name: String, _ more: String) -> String {
        """
        name: \(name)
        metric: {name: loss, goal: minimize}
        trainer: {command: [sh, -c, 'echo "{\\"loss\\": {param:x}}"']}
        parameters: {x: {type: uniform, min: 0, max: 1}}
        \(more)

        """
    }

    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
        try write("old.yaml", Self.file("old", "budget: {trials: 12}\nsampler: random"))
        try write("new.yaml", Self.file("new", "budget: {trials: 8}\nwarm_start: old\nreproducible: true"))
    }

    private func write(_ name: String, _ text: String) throws {
        try text.write(toFile: "\(folder.path)/\(name)", atomically: true, encoding: .utf8)
    }

    private func revsweep(_ arguments: String...) async throws -> (
        status: TerminationStatus, output: String, errorOutput: String
    ) {
        let result = try await Program.revsweep.run(arguments, in: folder.path)
        return (result.status, result.output, result.errorOutput)
    }

    @Test func `its first trial is the best of the other sweep, which may then go`() async throws {
        #expect(try await revsweep("run", "old.yaml", "--quiet").status == .exited(0))
        let old = try SweepStore(readingSweepIn: "\(folder.path)/results/old")
        let best = try #require(try old.bestTrial())
        #expect(try await revsweep("run", "new.yaml", "--quiet").status == .exited(0))
        let directory = "\(folder.path)/results/new"
        let store = try SweepStore(readingSweepIn: directory)
        let trials = try store.trials()
        #expect(trials.count == 8 && trials[0].parameters == best.parameters)
        #expect(try store.proposal(ofTrial: 0)?.method == .transfer)
        #expect(try store.priorTrials().count == 12)
        // What it learnt is its own: the other sweep may go, and this one goes on.
        try FileManager.default.removeItem(atPath: "\(folder.path)/results/old")
        try write("new.yaml", Self.file("new", "budget: {trials: 10}\nwarm_start: old\nreproducible: true"))
        #expect(try await revsweep("run", "new.yaml", "--quiet").status == .exited(0))
        #expect(try SweepStore(readingSweepIn: directory).trialCount() == 10)
    }

    @Test func `a sweep that is not there is a mistake in the file, and leaves nothing behind`() async throws {
        let result = try await revsweep("run", "new.yaml")
        #expect(result.status == .exited(1))
        #expect(result.errorOutput.contains("new.yaml:6:13: error: there is no sweep in"), "\(result.errorOutput)")
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/results/new"))
    }

    @Test func `it cannot be changed after the first trial`() async throws {
        #expect(try await revsweep("run", "old.yaml", "--quiet").status == .exited(0))
        #expect(try await revsweep("run", "new.yaml", "--quiet").status == .exited(0))
        try write("new.yaml", Self.file("new", "budget: {trials: 12}\nreproducible: true"))
        let result = try await revsweep("run", "new.yaml", "--accept-changes")
        #expect(result.status == .exited(1) && result.errorOutput.contains("warm_start"), "\(result.errorOutput)")
    }

    @Test(arguments: [
        ("sampler: random\nwarm_start: old", "the sampler 'random' learns nothing"),
        ("warm_start: {a: 1}", "'warm_start' must be the names of other sweeps"),
        ("bounds: [loss <= 1]\nwarm_start: old", "'warm_start' goes with one metric and no bounds"),
    ]) func `what does not go with it is said`(more: String, message: String) async throws {
        try write("bad.yaml", Self.file("bad", "budget: {trials: 2}\n\(more)"))
        let result = try await revsweep("check", "bad.yaml")
        #expect(result.status == .exited(1) && result.errorOutput.contains(message), "\(result.errorOutput)")
    }
}
