import Foundation
import Subprocess
import TestSupport
import Testing

/// A sweep that learns from another one, by the program.
@Suite(.tags(.slow)) struct WarmStartTests {
    private static func file(_ name: String, _ more: String) -> String {
        """
        name: \(name)
        metric: {name: loss, goal: minimize}
        trainer: {command: [sh, -c, 'echo "{{\\"loss\\": $0}"', '{param:x}']}
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

    private struct Trial: Decodable {
        var value: Double?
        var params: [String: Double]
    }

    private func trials(_ sweep: String, _ more: String...) async throws -> [Trial] {
        let result = try await Program.revsweep.run(["trials", sweep, "--json"] + more, in: folder.path)
        return try JSONDecoder().decode([Trial].self, from: Data(result.output.utf8))
    }

    @Test func `its first trial is the best of the other sweep, which may then go`() async throws {
        #expect(try await revsweep("run", "old.yaml", "--quiet").status == .exited(0))
        let old = try await trials("old")
        let best = try #require(old.min { ($0.value ?? 9) < ($1.value ?? 9) })
        #expect(try await revsweep("run", "new.yaml", "--quiet").status == .exited(0))
        let new = try await trials("new")
        #expect(new.count == 8 && new.first?.params == best.params)
        let told = try await revsweep("explain", "new", "0")
        #expect(told.output.contains("another sweep, of which it was among the best"), "\(told)")
        // It goes on from there: x close to 0 is good, and nothing else needs to be looked at.
        #expect(new.contains { ($0.value ?? 9) < (best.value ?? 0) / 2 }, "\(new)")
        // What it learnt is its own: the other sweep may go, and this one goes on.
        try FileManager.default.removeItem(atPath: "\(folder.path)/results/old")
        try write("new.yaml", Self.file("new", "budget: {trials: 10}\nwarm_start: old\nreproducible: true"))
        #expect(try await revsweep("run", "new.yaml", "--quiet").status == .exited(0))
        #expect(try await trials("new").count == 10)
    }

    @Test func `the same file and the same other sweep give the same trials`() async throws {
        #expect(try await revsweep("run", "old.yaml", "--quiet").status == .exited(0))
        for folder in ["a", "b"] {
            try FileManager.default.createDirectory(
                atPath: "\(self.folder.path)/\(folder)", withIntermediateDirectories: true)
            let text = Self.file(
                "new", "budget: {trials: 8}\nwarm_start: ../results/old\nreproducible: true\nresources: {parallel: 2}")
            try write("\(folder)/new.yaml", text)
            let run = try await revsweep("run", "\(folder)/new.yaml", "--quiet", "--results", folder)
            #expect(run.status == .exited(0), "\(run.errorOutput)")
        }
        let (first, second) = (try await trials("new", "--results", "a"), try await trials("new", "--results", "b"))
        #expect(first.count == 8 && first.map(\.params) == second.map(\.params))
    }

    @Test func `a sweep that is not there is a mistake in the file, and leaves nothing behind`() async throws {
        let result = try await revsweep("run", "new.yaml")
        #expect(result.status == .exited(1))
        #expect(result.errorOutput.contains("new.yaml:6:13: error: there is no sweep in"), "\(result.errorOutput)")
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/results/new"))
        #expect(try await revsweep("run", "old.yaml", "--quiet").status == .exited(0))
        try write("near.yaml", Self.file("near", "budget: {trials: 8}\nwarm_start: [old, ol, results/old]"))
        let near = try await revsweep("run", "near.yaml")
        #expect(near.errorOutput.contains("near.yaml:6:19: error: there is no sweep in"), "\(near.errorOutput)")
        #expect(near.errorOutput.contains("did you mean 'old'?"))
        let early = try await revsweep("check", "near.yaml")
        #expect(early.status == .exited(0))
        #expect(
            early.output.split(separator: "\n").joined(separator: " ")
                .contains("note: warm_start: there is no sweep in 'results/ol' (did you mean 'old'?)"),
            "\(early.output)")
        // Two names of one folder.
        try write("near.yaml", Self.file("near", "budget: {trials: 8}\nwarm_start: [old, results/old]"))
        let run = try await revsweep("run", "near.yaml")
        #expect(run.status == .exited(0) && run.output.contains("learning from 12 trials of old\n"), "\(run)")
        let checked = try await revsweep("check", "near.yaml").output
        #expect(checked.contains("begins with what it learns from old, results/old;"), "\(checked)")
        #expect(!checked.contains("note: warm_start"))
    }

    /// The first seed of x = 0.25 is lucky; the user has enqueued x = 0.5 twice.
    @Test func `of a sweep with several seeds it learns the values of configurations`() async throws {
        let luck =
            #"'l=0.3; [ $0 = 0.25 ] && l=0.9; [ $1 = 0 ] && l=0; echo "{{\"loss\": $l}"', '{param:x}', '{number}'"#
        let old = Self.file(
            "old",
            "budget: {trials: 6}\nreplicates: 3\nenqueue: [{x: 0.25}, {x: 0.5}, {x: 0.5}]\nresources: {parallel: 1}"
        ).replacing(#"'echo "{{\"loss\": $0}"', '{param:x}'"#, with: luck)
        try #require(old.contains("l=0.3"))
        try write("old.yaml", old)
        #expect(try await revsweep("run", "old.yaml", "--quiet").status == .exited(0))
        #expect(try await trials("old").map(\.value) == [0, 0.3, 0.3, 0.9, 0.3, 0.9])
        let run = try await revsweep("run", "new.yaml")
        #expect(run.status == .exited(0) && run.output.contains("learning from 2 trials of old\n"), "\(run)")
        #expect(try await trials("new").first?.params["x"] == 0.5)
    }

    @Test func `it cannot be changed after the first trial`() async throws {
        #expect(try await revsweep("run", "old.yaml", "--quiet").status == .exited(0))
        #expect(try await revsweep("run", "new.yaml", "--quiet").status == .exited(0))
        try write("new.yaml", Self.file("new", "budget: {trials: 12}\nreproducible: true"))
        let result = try await revsweep("run", "new.yaml", "--accept-changes")
        #expect(result.status == .exited(1) && result.errorOutput.contains("warm_start"), "\(result.errorOutput)")
    }

    @Test func `a sweep of which nothing fits is a mistake in the file`() async throws {
        #expect(try await revsweep("run", "old.yaml", "--quiet").status == .exited(0))
        let parameters = ["{x: {type: uniform, min: 5, max: 6}}", "{y: {type: uniform, min: 0, max: 1}}"]
        let reasons = ["no trial fits into this space; ", "it has none of the parameters of this one"]
        for (parameters, reason) in zip(parameters, reasons) {
            let text = Self.file("new", "budget: {trials: 8}\nwarm_start: [old]")
                .replacing("{x: {type: uniform, min: 0, max: 1}}", with: parameters)
                .replacing("{param:x}", with: "{number}")
            try write("new.yaml", text)
            let result = try await revsweep("run", "new.yaml")
            #expect(result.status == .exited(1))
            let error = "new.yaml:6:14: error: the sweep 'old': \(reason)"
            #expect(result.errorOutput.contains(error), "\(result.errorOutput)")
        }
        // Some fit: it is said how many. A new parameter has its default.
        let text = Self.file("new", "budget: {trials: 8}\nwarm_start: old")
            .replacing(
                "{x: {type: uniform, min: 0, max: 1}}",
                with: "{x: {type: uniform, min: 0, max: 0.5}, y: {type: uniform, min: 0, max: 9, default: 3}}")
        try write("new.yaml", text)
        let run = try await revsweep("run", "new.yaml")
        #expect(run.status == .exited(0) && run.output.contains(" of 12 trials of old\n"), "\(run)")
        #expect(try await trials("new").first?.params["y"] == 3)
    }

    @Test func `a sweep does not learn from itself`() async throws {
        try write("old.yaml", Self.file("old", "budget: {trials: 3}\nwarm_start: old"))
        let result = try await revsweep("run", "old.yaml")
        #expect(result.errorOutput.contains("old.yaml:6:13: error: a sweep cannot learn from itself"))
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
