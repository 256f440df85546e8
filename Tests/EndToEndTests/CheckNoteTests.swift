import Foundation
import TestSupport
import Testing

/// What `revsweep check` and `init` note of a file that is right, and that may not do what was meant.
@Suite struct CheckNoteTests {
    @Test(arguments: [
        ("{type: choice, values: [1, 2, 3]}", 30, "", true), ("{type: choice, values: [1, 2, 3]}", 3, "", false),
        ("{type: int, min: 1, max: 9}", 10, "", true), ("{type: int, min: 1, max: 9}", 10, "sampler: grid", false),
        ("{type: int, min: 1, max: 9}", 10, "replicates: 2", false), ("{type: uniform, min: 1, max: 9}", 99, "", false),
    ])
    func `a budget beyond the points of the space is noted`(
        parameter: String, trials: Int, more: String, isNoted: Bool
    ) async throws {
        let folder = try TemporaryDirectory()
        try folder.write(
            """
            metric: {name: loss, goal: minimize}
            trainer: {command: [sh, -c, "echo $0", "{args}"]}
            parameters: {n: \(parameter)}
            budget: {trials: \(trials)}
            \(more)
            """, to: "s.yaml")
        let checked = try await Program.revsweep.run(["check", "s.yaml"], in: folder.path)
        #expect(checked.status == .exited(0), "\(checked.errorOutput)")
        #expect(checked.output.contains("note: the space has ") == isNoted, "\(checked.output)")
    }

    @Test(arguments: [
        ("{optimizer: {learning_rate: 0.1}, model: {hidden: 20}}", [], false), ("{lr: 0.1, epochs: 5}", [], true),
        ("{lr: 0.1}", ["--command", "python3 train.py {config}"], false),
    ])
    func `a draft for another trainer than its command says so`(
        config: String, options: [String], isNoted: Bool
    ) async throws {
        let folder = try TemporaryDirectory()
        try folder.write(config, to: "base.yaml")
        let made = try await Program.revsweep.run(["init", "base.yaml", "-o", "s.yaml"] + options, in: folder.path)
        #expect(made.status == .exited(0), "\(made.errorOutput)")
        let note = "note: the command is that of revmlp, which has no 'lr'; yours is given with --command"
        #expect(made.errorOutput.hasPrefix(note) == isNoted, "\(made.errorOutput)")
    }

    @Test(arguments: [("{name: patience, patience: 3}", true), ("{name: median}", false), ("auto", false)])
    func `that a trial without patience is not complete is noted`(pruner: String, isNoted: Bool) async throws {
        let folder = try TemporaryDirectory()
        try folder.write(
            """
            metric: {name: loss, goal: minimize}
            trainer: {command: [sh, -c, "echo $0", "{args}"]}
            parameters: {x: {type: uniform, min: 0, max: 1}}
            pruner: \(pruner)
            budget: {trials: 3}
            """, to: "s.yaml")
        let checked = try await Program.revsweep.run(["check", "s.yaml"], in: folder.path)
        #expect(checked.status == .exited(0), "\(checked.errorOutput)")
        #expect(checked.output.contains("pruner: patience stops is pruned") == isNoted, "\(checked.output)")
    }
}
