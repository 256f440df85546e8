import Foundation
import GRDB
import TestSupport
import Testing

/// In which folder trainers run, which program is run, and what their environment holds.
@Suite struct WorkingFolderTests {
    private static func place(_ trainer: String, settings: String = "") throws -> Workplace {
        let place = try Workplace()
        try place.directory.write(
            """
            metric: {name: loss, goal: minimize}
            trainer: \(trainer)
            parameters: {x: {type: uniform, min: 0, max: 1}}
            budget: {trials: 2}
            \(settings)
            """, to: "test.yaml")
        return place
    }

    @Test(arguments: [
        "{command: [sh, train.sh, '{args}']}", "{command: [sh, -c, ./train.sh]}", "{command: [./train.sh]}",
        "{command: [sh, -c, '. ./train.sh; cat data/x.txt']}",
        "{command: [sh, ../train.sh], directory: data}",
    ])
    func `a command means in a trial what it means in the folder of the sweep file`(trainer: String) async throws {
        let place = try Self.place(trainer)
        try place.directory.write("#!/bin/sh\necho '{\"loss\": 1}'\n", to: "train.sh", executable: true)
        try place.directory.write("3\n", to: "data/x.txt")
        // Started from another folder, which must make no difference.
        let elsewhere = try TemporaryDirectory()
        let run = try await Program.revsweep.run(
            ["run", "\(place.directory.path)/test.yaml", "--results", "\(place.directory.path)/results", "--quiet"],
            in: elsewhere.path)
        #expect(run.status == .exited(0), "\(run.errorOutput)")
        #expect(try await place.trials().map(\.state) == ["complete", "complete"])
    }

    @Test(.enabled(if: Machine.has("python3")), arguments: ["[python3, train.py]", "[python3, -m, package.train]"])
    func `a Python script and a module run as by hand`(command: String) async throws {
        let place = try Self.place("{command: \(command)}")
        try place.directory.write("import package.train\n", to: "train.py")
        try place.directory.write("print('{\"loss\": 1}')\n", to: "package/train.py")
        try place.directory.write("", to: "package/__init__.py")
        let run = try await place.revsweep("run", "test.yaml", "--quiet")
        #expect(run.status == .exited(0), "\(run.errorOutput)")
    }

    @Test func `a bare name goes on to mean the program that it meant`() async throws {
        let place = try Self.place("{command: [mytrainer]}")
        for (folder, loss) in [("one", 1), ("two", 2)] {
            try place.directory.write(
                "#!/bin/sh\necho '{\"loss\": \(loss)}'\n", to: "\(folder)/mytrainer", executable: true)
        }
        func run(_ folder: String, _ arguments: String) async throws -> Program.Result {
            try await place.shell("PATH=$PWD/\(folder):$PATH $revsweep \(arguments)")
        }
        #expect(try await run("one", "run test.yaml --quiet").status == .exited(0))
        let text = try place.directory.text(of: "test.yaml")
        try place.directory.write(text.replacing("trials: 2", with: "trials: 3"), to: "test.yaml")
        let refused = try await run("two", "run test.yaml --quiet")
        #expect(refused.status == .exited(1))
        #expect(
            refused.errorOutput.contains("the program 'mytrainer' on PATH: \(place.directory.path)/one/mytrainer → "),
            "\(refused.errorOutput)")
        // With the program that it was started with, the sweep goes on.
        #expect(try await run("one", "run test.yaml --quiet").status == .exited(0))
        #expect(try await run("two", "rerun test 0").status == .exited(0))
        try place.directory.write(text.replacing("trials: 2", with: "trials: 4"), to: "test.yaml")
        #expect(try await run("two", "run test.yaml --quiet --accept-changes").status == .exited(0))
        #expect(try await place.trials().map(\.value) == [1, 1, 1, 2])
        // The program that the sweep has by now is gone.
        try FileManager.default.removeItem(atPath: "\(place.directory.path)/two/mytrainer")
        let note = try await run("one", "resume test").errorOutput
        #expect(note.contains("/two/mytrainer cannot be run any more; trials are started with "), "\(note)")
    }

    @Test(arguments: [["-o", "net.yaml"], ["-o", "a/b/net.yaml"], []])
    func `what init writes runs the command that was given to it`(output: [String]) async throws {
        let place = try Workplace()
        try place.directory.write("lr: 0.1\n", to: "base.yaml")
        try place.directory.write(
            "#!/bin/sh\ngrep -q lr $1 && echo '{\"val_loss\": 1}'\n", to: "train.sh", executable: true)
        for (number, command) in ["sh train.sh {config}", "./train.sh {config}"].enumerated() {
            let file = output.last ?? "sweeps/base.yaml"
            let initial = try await Program.revsweep.run(
                ["init", "base.yaml", "--command", command] + output, in: place.directory.path)
            #expect(initial.status == .exited(0), "\(initial.errorOutput)")
            let text = try place.directory.text(of: file).replacing("trials: 50", with: "trials: 2")
            try place.directory.write("name: test\(number)\n" + text, to: file)
            let run = try await place.revsweep("run", file, "--quiet")
            #expect(run.status == .exited(0), "\(run.errorOutput)")
            try FileManager.default.removeItem(atPath: "\(place.directory.path)/\(file)")
        }
    }

    @Test func `a directory that is not there is said before anything runs`() async throws {
        let place = try Self.place("{command: [./trainer.sh], directory: work}")
        let folder = "\(place.directory.path)/work"
        let expected = """
            test.yaml:2:47: error: the trainer's directory \(folder) is not there
            2 | trainer: {command: [./trainer.sh], directory: work}
              |                                               ^
              = help: a path starts at the folder of the sweep file; a folder of the trial's own is "{trial_dir}"

            """
        #expect(try await place.revsweep("check", "test.yaml").errorOutput == expected)
        #expect(try await place.revsweep("run", "test.yaml").errorOutput == expected)
        #expect(!FileManager.default.fileExists(atPath: "\(place.directory.path)/results/test"))
    }

    @Test func `a directory that only a trial knows is missing in that trial`() async throws {
        let place = try Self.place(
            "{command: [./trainer.sh], directory: 'work{number}'}", settings: "resources: {parallel: 1}")
        try place.directory.write("", to: "work0/here")
        try place.directory.write("#!/bin/sh\necho '{\"loss\": 1}'\n", to: "trainer.sh", executable: true)
        let run = try await place.revsweep("run", "test.yaml", "--quiet")
        #expect(run.status == .exited(0), "\(run.errorOutput)")
        let trials = try await place.trials()
        #expect(trials.map(\.state) == ["complete", "failed"])
        #expect(
            trials.last?.reason?.hasPrefix("launch: the trainer's directory \(place.directory.path)/work1 ") == true)
    }

    @Test func `check says that a script is not where the trainer starts`() async throws {
        let place = try Self.place("{command: [sh, -u, train.sh, \"{args}\", --log=a.sh]}")
        let note = "note: there is no 'train.sh' in \(place.directory.path), where the trainer starts"
        let missing = try await place.revsweep("check", "test.yaml")
        #expect(missing.status == .exited(0) && missing.output.contains(note), "\(missing.output)")
        try place.directory.write("echo '{\"loss\": 1}'\n", to: "train.sh")
        let found = try await place.revsweep("check", "test.yaml")
        #expect(found.status == .exited(0) && !found.output.contains("there is no"), "\(found.output)")
    }

    @Test func `a line for a shell is not taken for a script`() async throws {
        let place = try Self.place("{command: [sh, -c, \"cd elsewhere; ./train.sh\"]}")
        let check = try await place.revsweep("check", "test.yaml")
        #expect(check.status == .exited(0) && !check.output.contains("there is no"), "\(check.output)")
    }

    @Test func `check says once that trials share a folder`() async throws {
        let place = try Self.place("{command: [./trainer.sh]}", settings: "resources: {parallel: 2}")
        let shared = try await place.revsweep("check", "test.yaml")
        #expect(shared.status == .exited(0))
        #expect(
            shared.output.hasSuffix(
                """
                note: up to 2 trials at a time work in the same folder, \(place.directory.path); what a trial writes \
                belongs in its own: {trial_dir} in the command, or REVSWEEP_TRIAL_DIR

                """), "\(shared.output)")
        let own = try Self.place("{command: [./trainer.sh, '{trial_dir}']}", settings: "resources: {parallel: 2}")
        #expect(try await !own.revsweep("check", "test.yaml").output.contains("in the same folder"))
    }

    @Test func `a sweep that an earlier release began goes on in the folders of its trials`() async throws {
        let place = try Self.place("{command: [./trainer.sh]}")
        try place.directory.write(
            "#!/bin/sh\npwd > $REVSWEEP_TRIAL_DIR/where\necho '{\"loss\": 1}'\n", to: "trainer.sh", executable: true)
        _ = try await place.revsweep("run", "test.yaml", "--quiet")
        try await DatabaseQueue(path: "\(place.directory.path)/results/test/sweep.sqlite").write {
            try $0.execute(sql: "UPDATE sweep SET trainer_directory = '{trial_dir}'")
        }
        for budget in 3...4 {
            let text = try place.directory.text(of: "test.yaml")
            try place.directory.write(
                text.replacing("trials: \(budget - 1)", with: "trials: \(budget)"), to: "test.yaml")
            let run = try await place.revsweep("run", "test.yaml", "--quiet")
            #expect(run.status == .exited(0), "\(run.errorOutput)")
        }
        let folders = try (0..<4).map { try place.directory.text(of: "results/test/trials/00000\($0)/where") }
        #expect(Array(folders.prefix(2)) == Array(repeating: "\(place.directory.path)\n", count: 2))
        #expect(folders.dropFirst(2).map { $0.suffix(14) } == ["trials/000002\n", "trials/000003\n"])
    }

    @Test func `the program is that of the active environment, and beside revsweep only if PATH has none`() async throws
    {
        let place = try Self.place("{command: [tool]}")
        try place.directory.write(
            "#!/bin/sh\necho installed >&2; echo '{\"loss\": 1}'\n", to: "installed/tool", executable: true)
        try place.directory.copyProgram(Program.revsweep.path, to: "installed/revsweep")
        try place.directory.write(
            "#!/bin/sh\necho active >&2; echo '{\"loss\": 2}'\n", to: "venv/tool", executable: true)
        let result = try await place.shell(
            """
            PATH=/usr/bin:/bin $PWD/installed/revsweep run test.yaml --quiet --results one || exit
            PATH=$PWD/venv:$PWD/installed:/usr/bin:/bin \
            $PWD/installed/revsweep run test.yaml --quiet --results two || exit
            cat one/test/trials/000000/stderr.log two/test/trials/000000/stderr.log
            """)
        #expect(result.status == .exited(0) && result.output == "installed\nactive\n", "\(result.errorOutput)")
    }

    @Test func `the program is looked for on the PATH that the trainer is given`() async throws {
        let place = try Self.place("{command: [mine], env: {PATH: 'tools:/usr/bin:/bin'}}")
        try place.directory.write("#!/bin/sh\necho '{\"loss\": 1}'\n", to: "tools/mine", executable: true)
        #expect(try await place.revsweep("run", "test.yaml", "--quiet").status == .exited(0))
        unlink("\(place.directory.path)/tools/mine")
        let check = try await place.revsweep("check", "test.yaml")
        #expect(check.errorOutput.contains("there is no program 'mine' on the PATH in trainer.env or beside revsweep"))
    }

    @Test(arguments: [
        ("unset PYTHONUNBUFFERED;", "", "1"), ("PYTHONUNBUFFERED=0", "", "0"),
        ("", ", env: {PYTHONUNBUFFERED: 'x'}", "x"),
    ])
    func `Python prints at once unless somebody says otherwise`(own: String, env: String, expected: String) async throws
    {
        let place = try Self.place("{command: [./trainer.sh]\(env)}")
        try place.directory.write(
            "#!/bin/sh\necho \"$PYTHONUNBUFFERED\" >&2\necho '{\"loss\": 1}'\n", to: "trainer.sh", executable: true)
        let run = try await place.shell(
            "\(own) $revsweep run test.yaml --quiet; cat results/test/trials/000000/stderr.log")
        #expect(run.output == "\(expected)\n", "\(run.errorOutput)")
    }
}
