import Foundation
import TestSupport
import Testing

/// Commands by which values do not come to the trainer, which nothing else would tell.
@Suite struct ValueNoteTests {
    private struct Case: Sendable, CustomTestStringConvertible {
        /// The command, and more of the trainer.
        var trainer: String
        /// What `train.py` holds.
        var script = "import argparse"
        /// A part of the note; nil if there is to be none.
        var note: String?
        var parameters = "{lr: {type: uniform, min: 0, max: 1}, width: {type: int, min: 1, max: 9}}"

        var testDescription: String { "\(trainer), \(script)" }
    }

    private static let hasPrograms = Machine.has("python3") && Machine.has("bash")

    @Test(
        .enabled(if: hasPrograms, "there is no Python, or no bash"),
        arguments: [
            Case(
                trainer: "[python3, train.py]", note: "the command passes no values, so that only"),
            Case(trainer: "[python3, -m, train]", note: "the command passes no values"),
            Case(trainer: "[python3, train.py, '--lr={param:lr}']", note: "the command does not pass 'width'"),
            Case(trainer: "[python3, train.py], config: base.yaml", note: "{config} is the path of the configuration"),
            Case(trainer: "[python3, train.py]", script: "os.environ['REVSWEEP_PARAMS']"),
            Case(trainer: "[python3, train.py]", script: "import wandb"),
            Case(trainer: "[sh, -c, 'cd . && python3 train.py']", script: "os.environ['REVSWEEP_PARAMS']"),
            Case(trainer: "[python3, -m, train]", script: "os.environ['REVSWEEP_PARAMS']"),
            Case(trainer: "[python3, train.py, '{args}']"),
            Case(trainer: "[python3, train.py, '{args:json}']"),
            Case(trainer: "[python3, train.py], env: {VALUES: '{args:json}'}"),
            Case(trainer: "[python3, train.py, '{param:lr}', '{param:width}']"),
            Case(trainer: "[python3, train.py, '{config}'], config: base.yaml"),
            Case(trainer: "[sh, -c, 'echo $REVSWEEP_PARAMS']"),
            Case(trainer: "[bash, -c, 'python3 train.py \"$@\"', '{args}']", note: "'bash -c' becomes $0"),
            Case(trainer: "[env, A=1, /bin/sh, -ec, 'train $1', '{param:lr}', '{args}']", note: "'sh -ec' becomes $0"),
            Case(trainer: "[sh, -c, 'python3 train.py \"$@\"', sh, '{args}']"),
            Case(trainer: "[sh, -c, 'python3 train.py \"$0\" \"$@\"', '{args}']"),
            Case(trainer: "[python3, -c, 'print(1)', '{args}']"),
        ])
    private func `values that do not come to the trainer are noted`(_ wanted: Case) async throws {
        let folder = try TemporaryDirectory()
        try folder.write(wanted.script, to: "train.py")
        try folder.write("lr: 0.5\nwidth: 3\n", to: "base.yaml")
        try folder.write(
            """
            metric: {name: loss, goal: minimize}
            trainer: {command: \(wanted.trainer)}
            parameters: \(wanted.parameters)
            budget: {trials: 1}
            """, to: "s.yaml")
        let checked = try await Program.revsweep.run(["check", "s.yaml"], in: folder.path)
        #expect(checked.status == .exited(0), "\(checked.errorOutput)")
        let notes = checked.output.split(separator: "\n\n").filter { $0.hasPrefix("note: ") }
            .map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
            .filter { $0.contains("passes no") || $0.contains("does not pass") || $0.contains("$0") }
        if let note = wanted.note {
            #expect(notes.contains { $0.contains(note) }, "\(checked.output)")
        } else {
            #expect(notes.isEmpty, "\(checked.output)")
        }
    }

    @Test(
        .enabled(if: hasPrograms, "there is no Python, or no bash"),
        arguments: [
            ("[python3, train.py]", ["the command passes no values"]), ("[python3, train.py, '{args}']", []),
            ("[python3, missing.py, '{args}']", ["there is no 'missing.py' in "]),
        ])
    func `programs are told the notes, too`(command: String, wanted: [String]) async throws {
        let folder = try TemporaryDirectory()
        try folder.write("import argparse", to: "train.py")
        try folder.write(
            """
            metric: {name: loss, goal: minimize}
            trainer: {command: \(command)}
            parameters: {lr: {type: uniform, min: 0, max: 1}}
            budget: {trials: 1}
            resources: {parallel: 1}
            """, to: "s.yaml")
        struct Checked: Decodable {
            var name: String
            var notes: [String]
        }
        let result = try await Program.revsweep.run(["check", "s.yaml", "--json"], in: folder.path)
        let checked = try JSONDecoder().decode(Checked.self, from: Data(result.output.utf8))
        #expect(checked.name == "s" && checked.notes.count == wanted.count, "\(checked.notes)")
        #expect(zip(checked.notes, wanted).allSatisfy { $0.hasPrefix($1) }, "\(checked.notes)")
    }

    @Test(.enabled(if: hasPrograms, "there is no Python, or no bash"))
    func `a new sweep says it as it starts, and the way out works`() async throws {
        let folder = try TemporaryDirectory()
        try folder.write(
            "import sys, json\nprint(json.dumps({'loss': len(sys.argv)}))", to: "train.py")
        func write(_ command: String) throws {
            try folder.write(
                """
                metric: {name: loss, goal: minimize}
                trainer: {command: \(command)}
                parameters: {lr: {type: uniform, min: 0, max: 1}, width: {type: int, min: 1, max: 9}}
                budget: {trials: 1}
                """, to: "s.yaml")
        }
        try write("[sh, -c, 'python3 train.py \"$@\"', '{args}']")
        let swallowed = try await Program.revsweep.run(["run", "s.yaml", "--results", "a"], in: folder.path)
        #expect(swallowed.errorOutput.hasPrefix("note: the first value in the argument after the script of 'sh -c'"))
        #expect(swallowed.output.contains("loss 2 "), "\(swallowed.output)")
        let again = try await Program.revsweep.run(["run", "s.yaml", "--results", "a"], in: folder.path)
        #expect(!again.errorOutput.contains("note:"))
        try write("[sh, -c, 'python3 train.py \"$@\"', sh, '{args}']")
        let passed = try await Program.revsweep.run(["run", "s.yaml", "--results", "b"], in: folder.path)
        #expect(passed.errorOutput.isEmpty && passed.output.contains("loss 3 "), "\(passed)")
    }
}
