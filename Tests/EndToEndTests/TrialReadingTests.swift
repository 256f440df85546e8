import Foundation
import GRDB
import TerminalDrawing
import TestSupport
import Testing

/// The commands `trials`, `show` and `compare`.
@Suite struct TrialReadingTests {
    /// Four trials of a sweep with a conditional parameter: losses 0.5, 0.25 and 0.75, and one that failed.
    static func place() async throws -> Workplace {
        let place = try Workplace()
        try place.directory.write(
            """
            #!/bin/sh
            case $1 in 0.125) echo 'RuntimeError: CUDA error' >&2; exit 3 ;; esac
            echo "a line of its own"
            echo '{"step": 1, "loss": 9, "acc": 0}'
            echo "{\\"step\\": 2, \\"loss\\": $1, \\"acc\\": 0.$REVSWEEP_TRIAL}"
            """, to: "trainer.sh", executable: true)
        try place.directory.write(
            """
            metric: {name: loss, goal: minimize}
            trainer: {command: [./trainer.sh, "{param:optimizer.learning_rate}", "a b"]}
            parameters:
              optimizer.name: {type: choice, values: [adam, sgd]}
              optimizer.learning_rate: {type: uniform, min: 0, max: 1}
              optimizer.momentum: {type: uniform, min: 0, max: 0.9, when: {optimizer.name: sgd}}
              width: {type: choice, values: [8]}
            enqueue:
              - {optimizer.name: adam, optimizer.learning_rate: 0.5}
              - {optimizer.name: sgd, optimizer.learning_rate: 0.25, optimizer.momentum: 0.5}
              - {optimizer.name: sgd, optimizer.learning_rate: 0.75, optimizer.momentum: 0.1}
              - {optimizer.name: adam, optimizer.learning_rate: 0.125}
            budget: {trials: 4}
            resources: {parallel: 1}
            """, to: "test.yaml")
        let run = try await place.revsweep("run", "test.yaml", "--quiet")
        #expect(run.status == .exited(0), "\(run.errorOutput)")
        return place
    }

    private struct Numbered: Decodable { var number: Int }

    @Test func `trials are sorted, chosen and limited`() async throws {
        let place = try await Self.place()
        let cases: [([String], [Int])] = [
            ([], [0, 1, 2, 3]), (["--reverse"], [3, 2, 1, 0]), (["--limit", "2"], [0, 1]),
            // The best first; without a value last, whatever the order.
            (["--sort", "value"], [1, 0, 2, 3]), (["--sort", "-value"], [2, 0, 1, 3]),
            (["--sort", "value", "--reverse"], [2, 0, 1, 3]), (["--sort", "-value", "--reverse"], [1, 0, 2, 3]),
            (["--sort", "loss", "--limit", "1"], [1]), (["--sort", "-number"], [3, 2, 1, 0]),
            (["--sort", "learning_rate"], [3, 1, 0, 2]), (["--sort", "-optimizer.learning_rate"], [2, 0, 1, 3]),
            (["--sort", "momentum"], [2, 1, 0, 3]), (["--sort", "-momentum"], [1, 2, 0, 3]),
            (["--sort", "param.momentum"], [2, 1, 0, 3]), (["--sort", "name"], [0, 3, 1, 2]),
            (["--sort", "-metric.acc"], [2, 1, 0, 3]), (["--sort", "state"], [0, 1, 2, 3]),
            (["--sort", "-state"], [3, 0, 1, 2]), (["--state", "failed"], [3]),
            (["--filter", "state == complete"], [0, 1, 2]), (["--filter", "value < 0.6 and number > 0"], [1]),
            (["--filter", "loss < 0.6"], [0, 1]), (["--filter", "momentum < 0.3"], [2]),
            (["--filter", "momentum != 0.1"], [1]), (["--filter", "not momentum < 0.3"], [0, 1, 3]),
            (["--filter", "momentum not in [0.1]"], [1]), (["--filter", "optimizer.name in [adam]"], [0, 3]),
            (["--filter", "name == sgd", "--sort", "value", "--limit", "1"], [1]),
            (["--filter", "'exit 3' in reason"], [3]),
            (["--filter", "'CUDA' in reason"], [3]), (["--filter", "metric.acc > 0.05"], [1, 2]),
            (["--filter", "-value < -0.4"], [0, 2]),
            (["--filter", "abs(value - 0.5) < 0.01 or state == failed"], [0, 3]),
            (["--filter", "attempt == 1 and seconds >= 0"], [0, 1, 2, 3]), (["--filter", "width == 8"], [0, 1, 2, 3]),
            (["--filter", "number > 100"], []), (["--filter", "number > 0", "--limit", "2"], [1, 2]),
        ]
        for (options, numbers) in cases {
            let result = try await Program.revsweep.run(
                ["trials", "test", "--json"] + options, in: place.directory.path)
            #expect(result.status == .exited(0), "\(options): \(result.errorOutput)")
            let trials = try JSONDecoder().decode([Numbered].self, from: Data(result.output.utf8))
            #expect(trials.map(\.number) == numbers, "\(options)")
        }
    }

    @Test func `what is not known is an error with the nearest name, and its place in the expression`() async throws {
        let place = try await Self.place()
        let cases: [([String], String)] = [
            (
                ["--filter", "valu < 1"],
                "--filter:1:1: error: there is no 'valu' in this sweep\n1 | valu < 1\n  | ^\n"
                    + "  = help: did you mean 'value'?\n"
            ),
            (
                ["--filter", "los < 1"],
                "--filter:1:1: error: there is no 'los' in this sweep\n1 | los < 1\n  | ^\n"
                    + "  = help: did you mean 'loss'?\n"
            ),
            (["--sort", "los"], "--sort: error: there is no 'los' in this sweep\n  = help: did you mean 'loss'?\n"),
            (
                ["--columns", "ac"],
                "--columns: error: there is no 'ac' in this sweep\n  = help: did you mean 'metric.acc'?\n"
            ),
            (
                ["--filter", "state == complet"],
                "--filter:1:10: error: there is no 'complet' in this sweep\n1 | state == complet\n  |          ^\n"
                    + "  = help: did you mean 'complete'?\n"
            ),
            (
                ["--filter", "number > 1 and metric.ac > 1"],
                "--filter:1:16: error: no trial has reported a metric 'ac'\n1 | number > 1 and metric.ac > 1\n"
                    + "  |                ^\n  = help: did you mean 'metric.acc'?\n"
            ),
            (
                ["--filter", "name == 'adm'"],
                "--filter:1:9: error: 'name' is never adm\n1 | name == 'adm'\n  |         ^\n"
                    + "  = help: did you mean 'adam'?\n"
            ),
            (["--filter", "number <"], "--filter:1:9: error: a value is expected here, found its end\n"),
            (["--filter", "value = 1"], "--filter:1:7: error: '=' is written '=='\n"),
            (["--filter", "number"], "--filter:1:1: error: a condition is expected here, found a number\n"),
            (["--filter", " "], "--filter:1:1: error: the expression is empty\n"),
            (["--sort", "lerning_rate"], "--sort: error: there is no 'lerning_rate' in this sweep\n"),
            (
                ["--sort", "acc"],
                "--sort: error: there is no 'acc' in this sweep\n  = help: did you mean 'metric.acc'?\n"
            ),
            (["--columns", "number,stat"], "--columns: error: there is no 'stat' in this sweep\n"),
            (["--columns", ","], "--columns: error: there is no field in it\n"),
            (["--limit", "0"], "Error: --limit must be at least 1, found 0\n"),
            (["--json", "--csv"], "Error: --json and --csv exclude each other\n"),
        ]
        for (options, message) in cases {
            let result = try await Program.revsweep.run(["trials", "test"] + options, in: place.directory.path)
            #expect(result.status == .exited(1) && result.output.isEmpty, "\(options)")
            #expect(result.errorOutput.hasPrefix(message), "\(result.errorOutput)")
        }
        for command in [["show", "test", "9"], ["compare", "test", "1", "9"], ["logs", "test", "9"]] {
            let result = try await Program.revsweep.run(command, in: place.directory.path)
            #expect(result.status == .exited(1))
            #expect(result.errorOutput == "error: there is no trial 9\n  = help: trials 0 to 3 are there\n")
        }
        let one = try await place.revsweep("compare", "test", "1", "1")
        #expect(one.errorOutput.hasSuffix("= help: one alone is shown by: revsweep show test 1\n"))
        #expect(try await place.revsweep("shwo", "test", "1").errorOutput.contains("did you mean 'revsweep show'?"))
    }

    @Test func `tables have the columns that were chosen, and CSV has all digits`() async throws {
        let place = try await Self.place()
        let plain = try await place.revsweep("trials", "test").output.split(separator: "\n")
        #expect(plain.count == 5 && plain[0].hasPrefix("trial  state     loss   time  optimizer.name"))
        let rows = try await place.revsweep(
            "trials", "test", "--columns", "number, value,learning_rate,state,metric.acc", "--sort", "value")
        #expect(
            rows.output == """
                number  value  learning_rate  state     metric.acc
                     1   0.25           0.25  complete         0.1
                     0    0.5            0.5  complete           0
                     2   0.75           0.75  complete         0.2
                     3                 0.125  failed\n
                """, "\(rows.output)")
        let csv = try await place.revsweep(
            "trials", "test", "--columns", "number,value,momentum,name", "--csv", "--limit", "2")
        #expect(csv.output == "number,value,momentum,name\r\n0,0.5,,adam\r\n1,0.25,0.5,sgd\r\n")
        let all = try await place.revsweep("trials", "test", "--csv")
        #expect(all.output.hasPrefix("number,state,") && all.output.split(separator: "\r\n").count == 5)
        #expect(try await place.revsweep("trials", "test", "--json", "--filter", "number > 9").output == "[]\n")
    }

    @Test func `trials and export write the same table, with the values that count`() async throws {
        let place = try Workplace()
        try place.directory.write(
            #"""
            metrics: [{name: loss, goal: minimize, value: best}, {name: size, goal: minimize, value: best}]
            trainer:
              command: [sh, -c, 'printf "{{\"step\": %d, \"loss\": %d, \"size\": %d}}\n" 1 2 3 2 4 5']
            parameters: {x: {type: uniform, min: 0, max: 1}}
            budget: {trials: 2}
            """#, to: "test.yaml")
        let run = try await place.revsweep("run", "test.yaml", "--quiet")
        #expect(run.status == .exited(0), "\(run.errorOutput)")
        let listed = try await place.revsweep("trials", "test", "--csv").output
        let exported = try await place.revsweep("export", "test", "--format", "csv", "--metrics").output
        #expect(listed == exported)
        let rows = listed.split(separator: "\r\n")
        #expect(rows.first?.hasSuffix(",param.x,metric.loss,metric.size") == true, "\(listed)")
        #expect(rows.count == 3 && rows.dropFirst().allSatisfy { $0.hasSuffix(",4.0,3.0") }, "\(listed)")
        let one = try await place.revsweep("trials", "test", "--csv", "--filter", "number == 1").output
        #expect(one == "\(rows[0])\r\n\(rows[2])\r\n")
    }

    @Test(arguments: [20, 50, 120])
    func `on a terminal no line is wider than it is, and the best trial is marked`(columns: Int) async throws {
        let place = try await Self.place()
        for arguments in [
            ["trials", "test"], ["trials", "test", "--columns", "number,value,reason,started"], ["status", "test"],
        ] {
            let terminal = try PseudoTerminal(columns: columns, rows: 24)
            let ending = try await terminal.run(.revsweep, arguments, in: place.directory.path)
            let text = terminal.screen.all.joined(separator: "\n")
            #expect(ending == .exited(0) && terminal.screen.wraps == 0 && terminal.screen.alarms == [], "\(text)")
            if columns == 120, arguments == ["trials", "test"] {
                #expect(terminal.screen.hasColors && text.contains("0.25 ★"), "\(text)")
                // The width never varies, and short names say enough.
                #expect(text.contains("  learning_rate  ") && !text.contains("optimizer.") && !text.contains("width"))
                #expect(text.contains("crash: exit 3: RuntimeError: CUDA error"))
            }
        }
    }

    @Test func `show tells everything of one trial`() async throws {
        let place = try await Self.place()
        let text = try await place.revsweep("show", "test", "1").output
        for line in [
            "trial     1 of test\nstate     complete\nvalue     loss 0.25, the best of 3 complete trials\ntime      ",
            "\nvalues    enqueued by hand\n", "\ncommand   ./trainer.sh 0.25 'a b'\n",
            "\noptimizer.name           sgd\noptimizer.learning_rate  0.25\noptimizer.momentum       0.5\n",
            "stdout.log, the last lines\n  a line of its own\n  {\"step\": 1, \"loss\": 9, \"acc\": 0}\n",
        ] { #expect(text.contains(line), "\(line) in \(text)") }
        let rows = text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        #expect(rows.contains("metric last best least greatest reports last step curve"))
        #expect(rows.contains("loss 0.25 0.25 0.25 9 2 2 █▁") && rows.contains("acc 0.1 0 0.1 2 2 ▁█"), "\(text)")
        let failed = try await place.revsweep("show", "test", "3").output
        #expect(failed.contains("\nstate     failed: crash: exit 3\n"))
        #expect(failed.contains("stderr.log, the last lines\n  RuntimeError: CUDA error\n"))
        #expect(failed.contains("failed: crash: exit 3\n\nstderr"), "the attempt")
        struct Shown: Decodable {
            struct Metric: Decodable, Equatable {
                var last, least, greatest: Double
                var best: Double?
                var reports, step: Int
            }
            struct Details: Decodable {
                var command: [String]
                var rank: Int?
                var metrics: [String: Metric]
                var logs: [String: [String]]
            }
            var number: Int
            var state: String
            var metrics: [String: Double]
            var details: Details
        }
        let json = try await place.revsweep("show", "test", "1", "--json").output
        let shown = try JSONDecoder().decode(Shown.self, from: Data(json.utf8))
        #expect(shown.number == 1 && shown.metrics == ["loss": 0.25, "acc": 0.1] && shown.details.rank == 1)
        #expect(shown.details.command == ["./trainer.sh", "0.25", "a b"])
        #expect(
            shown.details.metrics["loss"]
                == .init(last: 0.25, least: 0.25, greatest: 9, best: 0.25, reports: 2, step: 2))
        #expect(shown.details.logs["stderr.log"] == [])
    }

    @Test func `show leaves out what a later attempt has replaced`() async throws {
        let place = try Workplace()
        try place.directory.write(
            #"""
            metric: {name: loss, goal: minimize, value: best}
            trainer:
              command:
                - sh
                - -c
                - |
                  if [ {attempt} = 1 ]; then
                    printf '{{"step": %d, "loss": %s, "acc": %s}}\n' 1 9 1 2 0.1 2 3 8 3
                    exit 3
                  fi
                  printf '{{"step": %d, "loss": %s, "acc": %s}}\n' 2 12 20 3 11 30
            parameters: {x: {type: uniform, min: 0, max: 1}}
            budget: {trials: 1}
            retry: {attempts: 2}
            """#, to: "test.yaml")
        _ = try await place.revsweep("run", "test.yaml", "--quiet")
        let text = try await place.revsweep("show", "test", "0").output
        let rows = text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        #expect(rows.contains("value loss 9, the only complete trial"), "\(text)")
        #expect(rows.contains("loss 11 9 9 12 3 3 ▁█▆") && rows.contains("acc 30 1 30 3 3 ▁▆█"), "\(text)")
        struct Shown: Decodable {
            struct Metric: Decodable, Equatable {
                var last, least, greatest: Double
                var best: Double?
                var reports, step: Int
            }
            struct Details: Decodable { var metrics: [String: Metric] }
            var details: Details
        }
        let json = try await place.revsweep("show", "test", "0", "--json").output
        let metrics = try JSONDecoder().decode(Shown.self, from: Data(json.utf8)).details.metrics
        #expect(metrics["loss"] == .init(last: 11, least: 9, greatest: 12, best: 9, reports: 3, step: 3))
        #expect(metrics["acc"] == .init(last: 30, least: 1, greatest: 30, best: nil, reports: 3, step: 3))
    }

    @Test(.enabled("there is no bash") { Program(onPath: "bash") != nil })
    func `the command that show prints can be pasted, whatever is in it`() async throws {
        let place = try Workplace()
        try place.directory.write(
            #"""
            metric: {name: loss, goal: minimize}
            trainer:
              command:
                - sh
                - -c
                - |
                  for argument; do echo "<$argument>"; done
                  echo '{{"loss": 1}}'
                - name
                - "a tab\there, it's"
                - "$DATA dir/x"
                - "$$DATA"
                - "${DATA}x"
                - "\e[31mred"
                - ""
            parameters: {x: {type: uniform, min: 0, max: 1}}
            budget: {trials: 1}
            """#, to: "test.yaml")
        let result = try await place.shell(
            """
            export DATA='/my data'
            $revsweep run test.yaml --quiet
            $revsweep show test 0 | sed -n 's/^command *//p' > command
            bash command
            """)
        #expect(
            result.output == """
                <a tab\there, it's>
                </my data dir/x>
                <$DATA>
                </my datax>
                <\u{1B}[31mred>
                <>
                {"loss": 1}

                """, "\(result.errorOutput)")
        let command = try place.directory.text(of: "command")
        #expect(command.contains(#" "$DATA"' dir/x' '$DATA' "$DATA"x $'\033[31mred' ''"#), "\(command)")
        #expect(!command.unicodeScalars.contains { $0.properties.generalCategory == .control && $0 != "\n" })
    }

    @Test func `a number and its noun agree`() async throws {
        let place = try await Self.place()
        let importance = try await place.revsweep("importance", "test").output
        #expect(importance.hasPrefix("importance for loss, of 3 complete trials; the best tenth is 1\n"))
        #expect(importance.contains("\n\nOnly 1 trial is the best tenth; from 5 on "), "\(importance)")
    }

    @Test(arguments: [40, 80])
    func `importance and show are no wider than the terminal`(columns: Int) async throws {
        let place = try await Self.place()
        for arguments in [
            ["importance", "test"], ["importance", "test", "--method", "fanova"], ["show", "test", "1"],
        ] {
            let terminal = try PseudoTerminal(columns: columns, rows: 80)
            let ending = try await terminal.run(.revsweep, arguments, in: place.directory.path)
            #expect(ending == .exited(0), "\(arguments)")
            let text = String(decoding: terminal.bytes, as: UTF8.self).replacing("\r\n", with: "\n")
            // What is copied is not broken.
            let lines = text.split(separator: "\n").filter { !$0.hasPrefix("folder ") && !$0.hasPrefix("command ") }
            #expect(lines.count > 2 && lines.allSatisfy { TextWidth.columns(of: $0) <= columns }, "\(text)")
        }
    }

    @Test func `compare shows what differs`() async throws {
        let place = try await Self.place()
        let text = try await place.revsweep("compare", "test", "2", "1").output
        #expect(
            text == """
                                          trial 2   trial 1
                optimizer.learning_rate      0.75      0.25
                optimizer.momentum            0.1       0.5
                state                    complete  complete
                loss                         0.75      0.25
                \(text.split(separator: "\n").first { $0.hasPrefix("time ") } ?? "")
                last acc                      0.2       0.1
                last loss                    0.75      0.25
                2 parameters are the same in all of them: --all\n
                """, "\(text)")
        let all = try await place.revsweep("compare", "test", "0", "1", "3", "--all").output
        #expect(all.contains("\nwidth ") && all.contains("\nreason ") && !all.contains("--all"))
        struct Comparison: Decodable {
            var differ: [String]
            var trials: [Numbered]
        }
        let json = try await place.revsweep("compare", "test", "3", "0", "--json").output
        let comparison = try JSONDecoder().decode(Comparison.self, from: Data(json.utf8))
        #expect(comparison.differ == ["optimizer.learning_rate"] && comparison.trials.map(\.number) == [3, 0])
    }

    @Test func `while a trial runs its metrics are seen`() async throws {
        let place = try Workplace(
            "echo '{\"step\": 1, \"loss\": 0.375}'; until [ -e ../../../../go ]; do sleep 0.02; done",
            budget: "{trials: 1}")
        let result = try await place.shell(
            """
            $revsweep run test.yaml --quiet & planner=$!
            until $revsweep trials test 2>/dev/null | grep -q 'running *0.375'; do sleep 0.1; done
            $revsweep show test 0; $revsweep status test; $revsweep trials test --json
            $revsweep trials test --filter 'metric.loss < 1'
            touch go; wait $planner
            """)
        #expect(result.status == .exited(0), "\(result.errorOutput)")
        #expect(result.output.contains("state     running\n") && result.output.contains("it runs\n"))
        #expect(result.output.contains("running   trial 0: step 1, loss 0.375\n"))
        #expect(result.output.contains("\"loss\": 0.375") && result.output.contains("running  0.375"))
    }

    @Test(arguments: [1, 2, 3, 4, 6, 7])
    func `sweeps of every release are read as they are`(version: Int) async throws {
        let directory = try TemporaryDirectory()
        try directory.write("", to: "results/old/made")
        let path = "\(directory.path)/results/old/sweep.sqlite"
        let sql = try String(contentsOfFile: Project.path("Tests/StoredSweeps/version\(version).sql"), encoding: .utf8)
        try await DatabaseQueue(path: path).writeWithoutTransaction { try $0.execute(sql: sql) }
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        for arguments in [
            ["trials", "old"], ["trials", "old", "--json", "--sort", "value"], ["trials", "old", "--csv"],
            ["trials", "old", "--filter", "state == complete and value > -1e9"], ["status", "old"],
            ["show", "old", "2"], ["show", "old", "2", "--json"], ["compare", "old", "1", "2"],
            ["logs", "old", "2"],
        ] {
            let result = try await Program.revsweep.run(arguments, in: directory.path)
            #expect(result.status == .exited(0), "\(arguments): \(result.errorOutput)")
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }

    @Test(.enabled("there is no Python that writes the sweep") { await Python.onPathHas("sqlite3") })
    func `the sweep of the benchmark is one that every command reads`() async throws {
        let directory = try TemporaryDirectory()
        let python = try #require(Program(onPath: "python3"))
        let made = try await python.run(
            [Project.path("Benchmarks/reading/sweep.py"), Program.revsweep.path, "300"], in: directory.path)
        #expect(made.status == .exited(0), "\(made.errorOutput)")
        let json = try await Program.revsweep.run(
            ["trials", "reading", "--json", "--sort", "value", "--filter", "state == complete"], in: directory.path)
        let trials = try JSONDecoder().decode([Numbered].self, from: Data(json.output.utf8))
        #expect(trials.count > 100)
        let best = try await Program.revsweep.run(["best", "reading"], in: directory.path)
        #expect(best.output.hasPrefix("trial \(trials.first?.number ?? -1): "))
        for arguments in [["show", "reading", "299"], ["compare", "reading", "1", "299"], ["status", "reading"]] {
            let result = try await Program.revsweep.run(arguments, in: directory.path)
            #expect(result.status == .exited(0), "\(arguments): \(result.errorOutput)")
        }
    }

    @Test(.enabled(if: Rights.bind, "root passes over the rights of files, and there is no setpriv"))
    func `a copy in a folder that may not be written is read`() async throws {
        let folder = try TemporaryDirectory()
        try folder.write(
            """
            metric: {name: loss, goal: minimize}
            trainer: {command: [echo, '{{"loss": 0.5}}']}
            parameters: {x: {type: uniform, min: 0, max: 1}}
            budget: {trials: 3}
            """, to: "copied.yaml")
        let run = try await Program.revsweep.run(["run", "copied.yaml", "--quiet"], in: folder.path)
        #expect(run.status == .exited(0), "\(run.errorOutput)")
        try FileManager.default.createDirectory(atPath: "\(folder.path)/copy", withIntermediateDirectories: false)
        let (source, copy) = ("\(folder.path)/results/copied/sweep.sqlite", "\(folder.path)/copy/sweep.sqlite")
        try FileManager.default.copyItem(atPath: source, toPath: copy)
        for (path, rights) in [(copy, 0o444), ("\(folder.path)/copy", 0o555)] {
            try FileManager.default.setAttributes([.posixPermissions: rights], ofItemAtPath: path)
        }
        defer {
            try? FileManager.default.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: "\(folder.path)/copy")
        }
        for arguments in [
            ["status", "copy"], ["trials", "copy", "--json"], ["best", "copy"], ["show", "copy", "1"],
        ] {
            let (program, before) = try Rights.bound(.revsweep)
            let result = try await program.run(before + arguments, in: folder.path)
            #expect(result.status == .exited(0), "\(arguments): \(result.errorOutput)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/copy") == ["sweep.sqlite"])
    }

    @Test(
        .enabled(if: Rights.bind, "root passes over the rights of files, and there is no setpriv"),
        arguments: [("results", 0o000), ("results", 0o444), ("results", 0o311), ("results/new", 0o000)])
    func `a folder that cannot be read is not taken for one without sweeps`(name: String, rights: Int) async throws {
        let folder = try TemporaryDirectory()
        try folder.write("", to: "results/new/other")
        let path = "\(folder.path)/\(name)"
        try FileManager.default.setAttributes([.posixPermissions: rights], ofItemAtPath: path)
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path) }
        for arguments in [["status", "new"], ["trials", "new", "--json"], ["resume", "new"]] {
            let (program, before) = try Rights.bound(.revsweep)
            let result = try await program.run(before + arguments, in: folder.path)
            #expect(result.status == .exited(1), "\(arguments)")
            #expect(result.errorOutput == "error: \(name): cannot be read: Permission denied\n", "\(arguments)")
        }
    }
}
