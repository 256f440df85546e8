import Foundation
import TestSupport
import Testing

/// Where commands write to, and which folder their advice is for.
@Suite struct OutputTests {
    @Test func `advice can be followed where the sweep is in another folder`() async throws {
        let place = try Workplace("sleep 0.2; echo \"{\\\"loss\\\": $1}\"", budget: "{time: 1ms}")
        let run = try await place.revsweep("run", "test.yaml", "--results", "r")
        let folder = "\(place.directory.path)/r"
        #expect(run.output.hasSuffix("a larger one goes on with: revsweep run FILE --results \(folder)\n"), "\(run)")
        for (arguments, advice) in [
            (["trials", "test", "--front"], "revsweep trials test --results r --sort value lists the best first\n"),
            (["rerun", "test"], "revsweep rerun test --results r NUMBER …\n"),
            (["plot", "front", "test"], "revsweep plot history test --results r\n"),
            (["resume", "test.yaml"], "what takes the file is: revsweep run test.yaml --results r\n"),
        ] {
            let result = try await Program.revsweep.run(arguments + ["--results", "r"], in: place.directory.path)
            #expect(result.status == .exited(1) && result.errorOutput.hasSuffix(advice), "\(result.errorOutput)")
        }
        let text = try place.directory.text(of: "test.yaml")
        try place.directory.write(text.replacing("max: 1", with: "max: 2"), to: "test.yaml")
        let resumed = try await place.revsweep("resume", "test", "--results", "r")
        let file = "\(place.directory.path)/test.yaml"
        #expect(
            resumed.errorOutput.hasSuffix("revsweep run \(file) --results \(folder) --accept-changes\n"),
            "\(resumed.errorOutput)")
        let elsewhere = try await place.revsweep("status", "test", "--results", "none")
        #expect(elsewhere.errorOutput.hasSuffix("yet: revsweep run FILE --results none\n"), "\(elsewhere.errorOutput)")
    }

    @Test func `what needs a complete trial says in which folder there is none`() async throws {
        let place = try Workplace("exit 3", budget: "{trials: 1}")
        _ = try await place.revsweep("run", "test.yaml", "--quiet", "--results", "r")
        for command in ["best", "export", "confirm"] {
            let result = try await place.revsweep(command, "test", "--results", "r")
            #expect(result.status == .exited(1), "\(command)")
            #expect(
                result.errorOutput == """
                    error: no trial of the sweep 'test' is complete
                      = help: revsweep trials test --results r lists what there is

                    """, "\(command)")
        }
        try place.directory.write(
            place.directory.text(of: "test.yaml").replacing(
                "metric: {name: loss, goal: minimize}",
                with: "metrics: [{name: loss, goal: minimize}, {name: size, goal: minimize}]"), to: "pair.yaml")
        _ = try await place.revsweep("run", "pair.yaml", "--quiet", "--results", "r")
        let pair = try await place.revsweep("confirm", "pair", "--results", "r")
        #expect(
            pair.errorOutput.contains("= help: revsweep best pair --results r lists the trials "),
            "\(pair.errorOutput)")
    }

    @Test(arguments: [
        (["run", "test.yaml", "--results", ""], "--results"), (["status", "test", "--results", ""], "--results"),
        (["ask", "test.yaml", "--results", ""], "--results"), (["report", "test", "-o", ""], "--output"),
        (["plot", "history", "test", "-o", ""], "--output"), (["export", "test", "-o", ""], "--output"),
        (["init", "test.yaml", "-o", ""], "--output"), (["convert", "test.yaml", "-o", ""], "--output"),
    ])
    func `an empty path is refused, and is not the root folder`(arguments: [String], option: String) async throws {
        let place = try Workplace(budget: "{trials: 1}")
        let before = try FileManager.default.contentsOfDirectory(atPath: place.directory.path).sorted()
        let result = try await Program.revsweep.run(arguments, in: place.directory.path)
        #expect(result.status == .exited(1) && result.output.isEmpty)
        #expect(result.errorOutput.hasPrefix("Error: the path after \(option) is empty\n"), "\(result.errorOutput)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.directory.path).sorted() == before)
    }

    /// A pipe, a file that the shell has opened, and one that it appends to.
    @Test func `by any name, standard output has what was asked for and nothing else`() async throws {
        let place = try Workplace(budget: "{trials: 2}")
        _ = try await place.revsweep("run", "test.yaml", "--quiet")
        try place.directory.write("lr: 0.1\n", to: "net.yaml")
        for command in ["plot history test", "report test", "init net.yaml --command 't {config}'"] {
            let result = try await place.shell(
                """
                $revsweep \(command) -o - > wanted || exit 9
                $revsweep \(command) -o /dev/stdout | cmp - wanted
                $revsweep \(command) -o /dev/stdout > file; cmp file wanted
                echo before > both; $revsweep \(command) -o /dev/stdout >> both
                { echo before; cat wanted; } | cmp - both; echo end
                """)
            #expect(result.output == "end\n" && result.errorOutput.isEmpty, "\(command): \(result)")
        }
    }

    /// As the shell's `>(gzip > file)` and as `/dev/fd/3` have it.
    @Test func `an export goes through a pipe by the name that the system has for it`() async throws {
        let place = try Workplace(budget: "{trials: 2}")
        _ = try await place.revsweep("run", "test.yaml", "--quiet")
        for format in ["csv --metrics", "optuna", "jsonl", "yaml"] {
            let result = try await place.shell(
                """
                export="$revsweep export test --format \(format)"
                $export -o - > wanted || exit 9
                $export -o /dev/stdout | cmp - wanted
                { $export -o /dev/fd/3 3>&1 >said; } | cmp - wanted
                [ ! -s said ] && echo end
                """)
            #expect(result.output == "end\n" && result.errorOutput.isEmpty, "\(format): \(result)")
        }
    }

    @Test func `what was written into a pipe is said on standard error`() async throws {
        let place = try Workplace(budget: "{trials: 2}")
        _ = try await place.revsweep("run", "test.yaml", "--quiet")
        try place.directory.write("lr: 0.1\n", to: "net.yaml")
        for (command, words) in [
            ("plot history test", "wrote pipe\n"), ("report test", "wrote pipe, "),
            ("init net.yaml --command 't {config}'", "wrote pipe; next: revsweep check pipe\n"),
        ] {
            let result = try await place.shell(
                """
                rm -f pipe; mkfifo pipe; cat pipe > copy & $revsweep \(command) -o pipe; wait; [ -s copy ] && echo end
                """)
            #expect(result.output == "end\n" && result.errorOutput.hasPrefix(words), "\(command): \(result)")
        }
    }
}
