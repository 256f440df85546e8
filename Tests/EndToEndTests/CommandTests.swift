import Foundation
import Subprocess
import TestSupport
import Testing

/// A folder with a sweep whose trainer is a shell script; the programs are run in it.
struct Workplace {
    let directory: TemporaryDirectory

    /// - Parameters:
    ///   - script: the trainer; `$1` is the value of x, between 0 and 1.
    ///   - trainer: further keys of `trainer`.
    init(
        _ script: String = "echo \"{\\\"loss\\\": $1}\"", budget: String = "{trials: 5}", settings: String = "",
        trainer: String = ""
    ) throws {
        directory = try TemporaryDirectory()
        try directory.write("#!/bin/sh\n\(script)\n", to: "trainer.sh", executable: true)
        try directory.write(
            """
            metric: {name: loss, goal: minimize}
            trainer: {command: [./trainer.sh, "{param:x}"], directory: "{trial_dir}"\(trainer)}
            parameters:
              x: {type: uniform, min: 0, max: 1}
            budget: \(budget)
            \(settings)
            """, to: "test.yaml")
    }

    func revsweep(_ arguments: String...) async throws -> Program.Result {
        try await Program.revsweep.run(arguments, in: directory.path)
    }

    /// Runs shell commands in the folder; `$revsweep` stands for the program.
    ///
    /// Steps that depend on the right moment belong in the shell script: this process may be busy with other tests. A
    /// script that waits for what never comes is ended after twenty minutes, with all that it has started.
    func shell(_ script: String) async throws -> Program.Result {
        let limited = #"timeout --kill-after=30 1200 sh -c "$0""#
        return try await Program.shell.run(
            ["-c", limited, script], in: directory.path, environment: ["revsweep": Program.revsweep.path])
    }

    /// The trials as `revsweep trials --json` prints them.
    func trials() async throws -> [Trial] {
        let result = try await revsweep("trials", "test", "--json")
        #expect(result.status == .exited(0))
        return try JSONDecoder().decode([Trial].self, from: Data(result.output.utf8))
    }

    struct Trial: Decodable, Equatable {
        var number: Int
        var state: String
        var reason: String?
        var attempt: Int
        var value: Double?
        var params: [String: Double]
        var metrics: [String: Double]
        var started: String?
        var ended: String?
        var seconds: Double?
    }
}

@Suite struct CommandTests {
    @Test func `a sweep runs in a pipe with a line for each trial and a summary`() async throws {
        let place = try Workplace()
        let run = try await place.revsweep("run", "test.yaml")
        #expect(run.status == .exited(0))
        #expect(run.errorOutput.isEmpty)
        #expect(run.output.split(separator: "\n").filter { $0.hasPrefix("trial ") }.count == 5)
        #expect(run.output.contains("trials    5 of 5 ended"))
        #expect(!run.output.contains("\u{1B}"))
        let trials = try await place.trials()
        #expect(trials.map(\.number) == [0, 1, 2, 3, 4])
        for trial in trials {
            #expect(trial.state == "complete" && trial.attempt == 1)
            #expect(trial.value == trial.params["x"])
            #expect(trial.metrics == ["loss": trial.value])
            let seconds = try #require(trial.seconds)
            #expect(seconds >= 0 && seconds < 60)
            #expect(seconds == (seconds * 1000).rounded() / 1000, "to the millisecond, as in the database")
            #expect(trial.started?.hasSuffix("Z") == true && trial.ended?.hasSuffix("Z") == true)
        }
    }

    @Test func `the best is what is exported, with where it comes from on top`() async throws {
        let place = try Workplace()
        _ = try await place.revsweep("run", "test.yaml", "--quiet")
        let trials = try await place.trials()
        let best = try #require(trials.min { $0.value ?? .infinity < $1.value ?? .infinity })
        let exported = try await place.revsweep("export", "test").output
        #expect(try place.directory.text(of: "results/test/best.yaml") == exported)
        let lines = exported.split(separator: "\n")
        #expect(
            lines.first
                == "# trial \(best.number) of the sweep 'test': loss = \(best.value ?? 0) (minimize, last value)")
        #expect(lines.last == "x: \(best.params["x"] ?? 0)")
        let table = try await place.revsweep("export", "test", "--format", "csv").output
        #expect(
            table.hasPrefix(
                "number,state,value,reason,started,ended,seconds,attempts,param.x\r\n0,complete,"))
        _ = try await place.revsweep("export", "test", "--format", "json", "--top", "2", "--output", "top.json")
        struct Export: Decodable { var number: Int }
        let top = try JSONDecoder().decode([Export].self, from: Data(place.directory.text(of: "top.json").utf8))
        #expect(top.count == 2 && top.first?.number == best.number)
    }

    @Test func `a second run goes on, and with nothing to do it changes nothing`() async throws {
        let place = try Workplace()
        _ = try await place.revsweep("run", "test.yaml", "--quiet")
        let before = try await place.trials()
        let again = try await place.revsweep("run", "test.yaml", "--json")
        #expect(again.status == .exited(0))
        struct Status: Decodable {
            var name: String
            var states: [String: Int]
        }
        let status = try JSONDecoder().decode(Status.self, from: Data(again.output.utf8))
        #expect(status.states["complete"] == 5)
        #expect(try await place.trials() == before)
    }

    @Test(arguments: [
        (["status", "tset"], "error: there is no sweep 'tset' in results\n  = help: did you mean 'test'?\n"),
        (["run", "tets.yaml"], "tets.yaml: error: there is no such file\n  = help: did you mean 'test.yaml'?\n"),
        (["trials", "test", "--state", "complte"], "there is no state 'complte'; did you mean 'complete'?"),
        (["export", "test", "--top", "0"], "--top must be at least 1, found 0"),
        (
            ["export", "test", "-o", "t.parquet"],
            "no format has files that end with '.parquet'; give --format, which is one of yaml (.yaml, .yml), "
                + "json (.json), jsonl (.jsonl), csv (.csv), optuna (.log), optuna-sqlite (.db, .sqlite, .sqlite3), "
                + "tensorboard\n"
        ),
        (
            ["plot", "history", "test", "-o", "t.pdf"],
            "error: no picture is written to a file that ends with '.pdf'\n"
                + "  = help: --format is one of svg (.svg), png (.png), plotly (.json)\n"
        ),
        (["frobnicate"], "Unexpected argument 'frobnicate'"),
        (["statsu", "test"], "did you mean 'revsweep status'?"),
        (["resume", "test.yaml"], "what takes the file is: revsweep run test.yaml"),
        (["run", "test.yaml", "--quiet", "--json"], "Error: --quiet and --json exclude each other\n"),
        (["resume", "test", "-q", "--plain"], "Error: --quiet and --plain exclude each other\n"),
        (["confirm", "test", "--json", "--plain"], "Error: --plain and --json exclude each other\n"),
    ])
    func `a mistake on the command line is explained and ends with 1`(
        arguments: [String], expected: String
    ) async throws {
        let place = try Workplace()
        _ = try await place.revsweep("run", "test.yaml", "--quiet")
        let result = try await Program.revsweep.run(arguments, in: place.directory.path)
        #expect(result.status == .exited(1))
        #expect(result.errorOutput.contains(expected), "\(result.errorOutput)")
        #expect(result.output.isEmpty)
    }

    @Test func `resume says that the file has changed since, and which command heeds it`() async throws {
        let place = try Workplace(budget: "{trials: 2}")
        _ = try await place.revsweep("run", "test.yaml", "--quiet")
        #expect(try await place.revsweep("resume", "test").errorOutput.isEmpty)
        let file = try place.directory.text(of: "test.yaml")
        for (text, command) in [
            (file.replacing("trials: 2", with: "trials: 3"), "test.yaml\n"),
            (file.replacing("max: 1", with: "max: 2"), "test.yaml --accept-changes\n"),
        ] {
            try place.directory.write(text, to: "test.yaml")
            let result = try await place.revsweep("resume", "test")
            #expect(result.status == .exited(0))
            #expect(result.errorOutput.contains("has changed since"))
            #expect(result.errorOutput.hasSuffix(command), "\(result.errorOutput)")
        }
        #expect(try await place.revsweep("resume", "test", "--quiet").errorOutput.isEmpty)
    }

    @Test func `what waits in the queue stands in the status, and whether the budget has room for it`() async throws {
        let place = try Workplace(budget: "{trials: 2}")
        _ = try await place.revsweep("run", "test.yaml", "--quiet")
        _ = try await place.revsweep("enqueue", "test", "x=0.5")
        let status = try await place.revsweep("status", "test").output
        #expect(
            status.contains("queue     1 enqueued trial to be tried next, of which the budget has room for 0\n"),
            "\(status)")
    }

    @Test func `what a spent budget needs for values to be tried is said, with all that it has`() async throws {
        let place = try Workplace(budget: "{trials: 9, target: 2, failures: 3}")
        _ = try await place.revsweep("run", "test.yaml", "--quiet")
        let file = "\(place.directory.path)/test.yaml"
        let reached = try await place.revsweep("enqueue", "test", "x=0.5")
        #expect(
            reached.output == """
                it will be tried next
                the metric has reached the budget's target: write
                    budget: {trials: 9, failures: 3}
                into \(file), then: revsweep run \(file)

                """)
        let spent = try Workplace(budget: "{trials: 2, time: 2h, failures: 3}")
        _ = try await spent.revsweep("run", "test.yaml", "--quiet")
        let small = try await spent.revsweep("enqueue", "test", "x=0.5").output
        #expect(small.contains("    budget: {trials: 3, time: 2h, failures: 3}\n"), "\(small)")
        try FileManager.default.moveItem(
            atPath: "\(spent.directory.path)/test.yaml", toPath: "\(spent.directory.path)/moved.yaml")
        let moved = try await spent.revsweep("enqueue", "test", "x=0.25").output
        #expect(moved.contains("test.yaml any more, then: revsweep run FILE\n"), "\(moved)")
        let brief = try Workplace("sleep 0.2; echo '{\"loss\": 1}'", budget: "{time: 1ms}")
        _ = try await brief.revsweep("run", "test.yaml", "--quiet")
        let late = try await brief.revsweep("enqueue", "test", "x=0.5").output
        #expect(late.contains("the budget's time is spent: write\n    budget: {time: 1s}\n"), "\(late)")
    }

    @Test func `a budget of one trial has one that has ended`() async throws {
        let place = try Workplace(budget: "{trials: 1}")
        let run = try await place.revsweep("run", "test.yaml")
        #expect(run.output.hasSuffix("\ndone: the budget's 1 trial has ended\n"), "\(run)")
    }

    @Test func `the name of the file says the format of an export`() async throws {
        let place = try Workplace(budget: "{trials: 2}")
        _ = try await place.revsweep("run", "test.yaml", "--quiet")
        _ = try await place.revsweep("export", "test", "-o", "all.csv")
        #expect(try place.directory.text(of: "all.csv").hasPrefix("number,state,"))
    }

    @Test func `a trial that crashed is listed with the last line of its errors`() async throws {
        let place = try Workplace("echo before >&2; echo 'ValueError: bad x' >&2; exit 1", budget: "{trials: 1}")
        _ = try await place.revsweep("run", "test.yaml", "--quiet")
        #expect(try await place.revsweep("trials", "test").output.contains("crash: exit 1: ValueError: bad x"))
        let json = try await place.revsweep("trials", "test", "--json").output
        #expect(json.contains("\"error_output\": \"before\\nValueError: bad x"), "\(json)")
    }

    @Test(arguments: [
        ("launcher: {command: [srun2, -n1]}", "there is no program 'srun2'"),
        ("constraints: ['not x + 0 in [y, 9]']", "a number is expected here, found text"),
        ("pruner: false", "to prune nothing, leave it out"), ("budget2: 10", "did you mean 'budget'?"),
        ("retry: 3", "retry: {attempts: 3}"),
    ])
    func `check says what run would refuse`(setting: String, words: String) async throws {
        let place = try Workplace(settings: setting)
        for command in ["check", "run"] {
            let result = try await place.revsweep(command, "test.yaml")
            #expect(result.status == .exited(1) && result.errorOutput.contains(words), "\(result.errorOutput)")
        }
    }

    @Test func `a value cannot hold what no command line can carry`() async throws {
        let place = try Workplace()
        let text = try place.directory.text(of: "test.yaml")
        try place.directory.write(
            text.replacing("{type: uniform, min: 0, max: 1}", with: #"{type: choice, values: ["a\0b", "a\0c"]}"#),
            to: "test.yaml")
        let result = try await place.revsweep("check", "test.yaml")
        #expect(result.errorOutput.contains("test.yaml:4:3: error: a value of 'x' cannot hold a NUL"))
    }

    @Test func `a bound may be any number`() async throws {
        let place = try Workplace(settings: "bounds: ['lat >= -9223372036854775808']")
        let result = try await place.revsweep("check", "test.yaml")
        #expect(result.status == .exited(0), "\(result.errorOutput)")
    }

    @Test func `an integer keeps its digits in the configuration of the best trial`() async throws {
        let place = try Workplace()
        try place.directory.write("x: 1\nbig: 18446744073709551629\n", to: "base.yaml")
        let text = try place.directory.text(of: "test.yaml")
            .replacing("trainer: {", with: "trainer: {config: base.yaml, ")
            .replacing("{type: uniform, min: 0, max: 1}", with: "{type: choice, values: [1]}")
            .replacing("budget:", with: "  big: {type: choice, values: [18446744073709551629]}\nbudget:")
        try place.directory.write(text, to: "test.yaml")
        let run = try await place.revsweep("run", "test.yaml", "-q")
        #expect(run.status == .exited(0), "\(run.errorOutput)")
        let best = try await place.revsweep("best", "test", "--json").output
        #expect(best.split(separator: "18446744073709551629").count == 3, "\(best)")
    }

    /// `check` shows the program that is called, and `run` calls that.
    @Test func `a program above the sweep file is called by its own name`() async throws {
        let place = try Workplace()
        try place.directory.write(
            "#!/bin/sh\necho \"{\\\"loss\\\": 1, \\\"named\\\": $([ ${0##*/} = alias ] && echo 1 || echo 0)}\"\n",
            to: "real/tool", executable: true)
        symlink("real/tool", "\(place.directory.path)/alias")
        let text = try place.directory.text(of: "test.yaml").replacing("./trainer.sh", with: "../alias")
        try place.directory.write(text, to: "sweeps/test.yaml")
        #expect(
            try await place.revsweep("check", "sweeps/test.yaml").output
                .contains("trainer \(place.directory.path)/alias\n"))
        let run = try await place.revsweep("run", "sweeps/test.yaml", "-q")
        #expect(run.status == .exited(0), "\(run.errorOutput)")
        #expect(try await place.revsweep("show", "test", "0").output.contains("named"))
        let trials = try await place.revsweep("trials", "test", "--columns", "metric.named").output
        #expect(trials.contains("1") && !trials.split(separator: "\n").dropFirst().contains { $0.hasSuffix(" 0") })
    }

    @Test func `a trainer that does not exist is an error at its place in the file`() async throws {
        let place = try Workplace()
        let file = try place.directory.text(of: "test.yaml").replacing("./trainer.sh", with: "trainre")
        try place.directory.write(file, to: "test.yaml")
        for command in ["check", "run"] {
            let result = try await place.revsweep(command, "test.yaml")
            #expect(result.status == .exited(1))
            #expect(
                result.errorOutput == """
                    test.yaml:2:21: error: there is no program 'trainre' on PATH or beside revsweep
                    2 | trainer: {command: [trainre, "{param:x}"], directory: "{trial_dir}"}
                      |                     ^
                      = help: give its path, which starts at the folder of the sweep file, or install it

                    """)
        }
        #expect(!FileManager.default.fileExists(atPath: "\(place.directory.path)/results"))
    }

    @Test func `a sweep in which every trial fails ends with 2 and the trainer's last words`() async throws {
        let place = try Workplace("echo 'no such GPU' >&2; exit 7")
        let result = try await place.revsweep("run", "test.yaml")
        #expect(result.status == .exited(2))
        let folder = "\(place.directory.path)/results/test/trials/000004"
        #expect(
            result.errorOutput == """
                no such GPU
                error: no trial was completed (5 failed); the last that failed, trial 4: crash: exit 7; \
                what trial 4 printed: \(folder)/stderr.log

                """)
    }

    @Test func `where all were pruned or diverged, no decision is named as if it were the mistake`() async throws {
        let place = try Workplace(
            """
            [ $REVSWEEP_TRIAL = 1 ] && exec echo '{"loss": NaN}'
            echo '{"loss": 1}'; exec sleep 60
            """, budget: "{trials: 2}", settings: "pruner: {name: threshold, upper: 0.5}\nresources: {parallel: 1}")
        let result = try await place.revsweep("run", "test.yaml")
        #expect(result.status == .exited(2))
        #expect(
            result.errorOutput.hasPrefix(
                "error: no trial was completed (1 diverged, 1 pruned); the last that diverged, trial 1: "
                    + "the metric is not a finite number; what trial 1 printed: /"))
        #expect(result.errorOutput.hasSuffix("/results/test/trials/000001/stdout.log\n"))
    }

    @Test func `a sweep whose first trials report no metric stops and says what they reported`() async throws {
        let place = try Workplace("echo '{\"Loss\": 0.5}'", budget: "{trials: 20}")
        let result = try await place.revsweep("run", "test.yaml")
        #expect(result.status == .exited(1))
        #expect(
            result.errorOutput.contains("reported were 'Loss' (upper and lower case are not the same)"),
            "\(result.errorOutput)")
        #expect(result.errorOutput.contains("/results/test/trials/00000"))
        let trials = try await place.trials()
        #expect((3...10).contains(trials.count))
        // When the trainer is repaired, the sweep goes on.
        try place.directory.write("#!/bin/sh\necho '{\"loss\": 0.5}'\n", to: "trainer.sh", executable: true)
        #expect(try await place.revsweep("resume", "test").status == .exited(0))
        #expect(try await place.trials().count == 20)
    }

    @Test func `a sweep that another planner runs is refused with its process`() async throws {
        let place = try Workplace("touch running; sleep 600", budget: "{trials: 1}")
        let result = try await place.shell(
            """
            $revsweep run test.yaml --quiet & planner=$!
            until [ -e results/test/trials/000000/running ]; do sleep 0.01; done
            $revsweep run test.yaml; echo "second: $?, first: $planner"
            kill -TERM $planner; wait $planner; echo "first: $?"
            """)
        let lines = result.output.split(separator: "\n")
        let planner = try #require(lines.first?.split(separator: " ").last)
        #expect(lines == ["second: 1, first: \(planner)", "first: 130"])
        #expect(
            result.errorOutput == "error: the sweep in \(place.directory.path)/results/test is being run by another "
                + "planner (process \(planner))\n")
        #expect(try await place.trials().map(\.state) == ["waiting"])
    }

    @Test func `output that cannot be written whole is an error`() async throws {
        let place = try Workplace()
        _ = try await place.revsweep("run", "test.yaml", "--quiet")
        let result = try await place.shell(
            """
            $revsweep trials test --json > /dev/full; echo $?
            $revsweep trials test --json | head -n 1
            mkfifo pipe; cat pipe > copy & $revsweep export test -o pipe; wait
            ln -s target link; touch target; $revsweep export test -o link
            cmp copy target && cmp copy results/test/best.yaml && [ -p pipe ] && [ -L link ] && echo same
            """)
        #expect(result.output == "1\n[\nsame\n")
        #expect(result.errorOutput == "error: standard output: No space left on device\n")
    }

    @Test func `a reader that stops reading does not hold up the sweep`() async throws {
        let place = try Workplace(budget: "{trials: 1200}")
        let result = try await place.shell(
            """
            mkfifo pipe; (exec < pipe; until [ -e done ]; do sleep 0.05; done; cat > copy) &
            $revsweep run test.yaml > pipe & planner=$!
            until $revsweep status test 2> /dev/null | grep -q '1200 of 1200 ended'; do sleep 0.1; done
            touch done; wait $planner; echo $?; wait; grep -c '^trial ' copy
            """)
        #expect(result.output == "0\n1200\n")
    }

    @Test func `nohup keeps a sweep from the end of its terminal`() async throws {
        let place = try Workplace("touch running; sleep 0.3; echo \"{\\\"loss\\\": $1}\"", budget: "{trials: 3}")
        let result = try await place.shell(
            """
            nohup $revsweep run test.yaml --quiet & planner=$!
            until [ -e results/test/trials/000000/running ]; do sleep 0.01; done
            kill -HUP $planner; wait $planner
            """)
        #expect(result.status == .exited(0))
        #expect(try await place.trials().allSatisfy { $0.state == "complete" && $0.attempt == 1 })
    }

    @Test func `too few open files are said before a trial is lost to them`() async throws {
        let place = try Workplace(settings: "resources: {parallel: 60}")
        let result = try await place.shell("ulimit -n 200; $revsweep run test.yaml")
        #expect(result.status == .exited(1))
        #expect(result.errorOutput.hasPrefix("error: 60 trials at once need 544 open files, and 200 are allowed\n"))
        #expect(try await place.trials().isEmpty)
    }

    @Test func `too little address space is said before a model waits for it`() async throws {
        let place = try Workplace(budget: "{trials: 8}")
        let result = try await place.shell("ulimit -v 500000; exec $revsweep run test.yaml -q")
        #expect(result.status == .exited(1))
        #expect(result.errorOutput.contains("a sweep needs 1 GiB of address space, and 488 MiB are allowed"))
    }

    @Test func `help names every command`() async throws {
        let place = try Workplace()
        let result = try await place.revsweep("--help")
        #expect(result.status == .exited(0))
        for command in ["check", "run", "resume", "status", "trials", "best", "export"] {
            #expect(result.output.contains("\n  \(command) "))
        }
    }
}
