import Foundation
import TestSupport
import Testing

/// `revmlp train` on a terminal that Python's `pty` provides, seen with a terminal that is a value.
@Suite(.enabled("there is no Python on Linux or macOS") { await Python.has("pty", "termios") })
struct TerminalTests {
    /// Runs a program on a terminal of some width. When a text has been seen it resizes the terminal, or sends keys.
    /// Prints what the program wrote, with a mark where the terminal was resized, and how the program ended.
    private static let script = """
        import fcntl, json, os, pty, select, signal, struct, sys, termios, time
        given = json.loads(sys.argv[1])
        def resize(fd, columns):
            fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        pid, fd = pty.fork()
        if pid == 0:
            resize(0, given["columns"])
            os.chdir(given["folder"])
            kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LD_LIBRARY_PATH")}
            os.execve(given["command"][0], given["command"], {**kept, **given["environment"]})
        output, events = b"", given["events"]
        while True:
            try:
                data = os.read(fd, 65536)
            except OSError:
                break
            if not data:
                break
            output += data
            try:
                output.decode()
            except UnicodeDecodeError:
                continue
            while events and events[0]["after"].encode() in output:
                event = events.pop(0)
                if "columns" in event:
                    resize(fd, event["columns"])
                    output += b"\\0%d\\0" % event["columns"]
                else:
                    os.write(fd, event["keys"].encode())
        status = os.waitpid(pid, 0)[1]
        output += b"\\0\\0%d" % os.waitstatus_to_exitcode(status)
        sys.stdout.buffer.write(output)
        """

    private struct Event: Encodable {
        var after: String
        var columns: Int?
        var keys: String?
    }

    private struct Given: Encodable {
        var columns: Int
        var folder: String
        var command: [String]
        var environment: [String: String]
        var events: [Event]
    }

    private struct Seen {
        /// Everything that a person can read, the scroll-back included.
        var lines: [String]
        var screen: ScreenEmulator
        var exitCode: Int
        var text: String
    }

    private static let config = """
        seed: 4
        data: {batch_size: 300}
        model: {blocks: 2, hidden: 20}
        optimizer: {name: sgd, learning_rate: 0.05}
        """

    private func train(
        _ arguments: String..., columns: Int = 80, in folder: TemporaryDirectory, environment: [String: String] = [:],
        events: [Event] = []
    ) async throws -> Seen {
        try folder.write(Self.config, to: "run.yaml")
        let defaults = ["TERM": "xterm-256color", "LANG": "C.UTF-8"]
        let given = Given(
            columns: columns, folder: folder.path, command: [Program.revmlp.path, "train", "run.yaml"] + arguments,
            environment: defaults.merging(environment) { $1 }, events: events)
        let text = try String(data: JSONEncoder().encode(given), encoding: .utf8)
        let output = try await Python.run(Self.script, [try #require(text)])
        let parts = output.components(separatedBy: "\0")
        var screen = ScreenEmulator(columns: columns, rows: 24)
        for (index, part) in parts.dropLast(2).enumerated() {
            if index % 2 == 0 { screen.feed(part) } else { screen.resize(columns: Int(part) ?? 80, rows: 24) }
        }
        return Seen(
            lines: screen.all, screen: screen, exitCode: Int(parts[parts.count - 1]) ?? -1,
            text: parts.dropLast(2).joined())
    }

    /// What a person is left with must not depend on how fast the run was.
    private func withoutNumbers(_ lines: [String]) -> [String] {
        lines.map { line in
            line.replacing(/[0-9]+\.[0-9]+(e-[0-9]+)?/, with: "#").replacing(#/ +/#, with: " ")
        }
    }

    /// The text with commands that were broken at spaces on one line again.
    private func unbroken(_ lines: ArraySlice<String>) -> String {
        lines.joined(separator: "\n").replacing(#/\s*\\\n\s*/#, with: " ")
    }

    @Test func `a run leaves a table, a summary, and commands that work`() async throws {
        let folder = try TemporaryDirectory()
        let seen = try await train("--set", "training.epochs=3", in: folder)
        #expect(seen.exitCode == 0 && seen.screen.wraps == 0 && seen.screen.alarms == [])
        #expect(seen.screen.frames > 0 && !seen.screen.isInFrame && seen.screen.hasColors)
        let program = Program.revmlp.path
        try #require(seen.lines.count > 7, "\(seen.lines)")
        #expect(
            withoutNumbers(Array(seen.lines.prefix(7))) == [
                " epoch train loss train accuracy val loss val accuracy seconds", "★ 1 # # % # # % #",
                "★ 2 # # % # # % #", "★ 3 # # % # # % #", "best epoch 3: val loss #, val accuracy # %",
                "last epoch 3: val loss #, val accuracy # %, train loss #", "run results/runs/run",
            ])
        let next = seen.lines.dropFirst(7).map { $0.dropFirst(6) }.joined(separator: "\n")
        #expect(next.replacing("\\\n", with: "").contains("\(program) train run.yaml --set training.epochs=6"))
        // What is shown is pasted into a shell: the run goes on, and the analyses read it.
        let pasted = try await Program.shell.run(["-ec", String(next)], in: folder.path)
        #expect(pasted.status == .exited(0), "\(next)\n\(pasted.errorOutput)")
        #expect(pasted.errorOutput == "goes on in epoch 4 from the checkpoint in results/runs/run\n")
        #expect(pasted.output.contains("\"step\": 6") && pasted.output.contains("after         6 epochs"))
    }

    @Test(arguments: [20, 21, 40, 60, 100])
    func `nothing wraps, and nothing of the bar is left`(columns: Int) async throws {
        let folder = try TemporaryDirectory()
        let seen = try await train("--set", "training.epochs=40", columns: columns, in: folder)
        #expect(seen.exitCode == 0 && seen.screen.wraps == 0 && seen.screen.alarms == [])
        #expect(seen.lines.allSatisfy { $0.count < columns })
        #expect(seen.lines.count { $0.hasPrefix("★ ") || $0.hasPrefix("   ") && $0.contains(".") } >= 40)
        #expect(!seen.lines.contains { $0.hasPrefix("epoch ") || $0.contains("━") }, "\(seen.lines)")
    }

    @Test(arguments: [(80, 30), (30, 100)])
    func `a terminal that is resized shows what fits, and keeps no remains`(columns: Int, later: Int) async throws {
        let folder = try TemporaryDirectory()
        let seen = try await train(
            "--set", "training.epochs=60", columns: columns, in: folder,
            events: [Event(after: "epoch", columns: later)])
        #expect(seen.exitCode == 0 && seen.screen.wraps == 0 && seen.screen.alarms == [])
        // What the terminal itself has moved to the scroll-back when it broke the bar cannot be taken back.
        #expect(!seen.lines.dropFirst(2).contains { $0.hasPrefix("epoch ") }, "\(seen.lines)")
    }

    @Test func `an interrupted run leaves a clean screen and says how to go on`() async throws {
        let folder = try TemporaryDirectory()
        let endless = ["--set", "training.epochs=1000000", "--output", "a run"]
        let seen = try await train(
            endless[0], endless[1], endless[2], endless[3], in: folder, events: [Event(after: "★", keys: "\u{3}")])
        #expect(seen.exitCode == 130 && seen.screen.wraps == 0 && seen.screen.alarms == [])
        let end = try #require(seen.lines.firstIndex { $0.contains("stopped; the checkpoint is written") })
        #expect(!seen.lines.contains { $0.hasPrefix("epoch ") })
        let rest = unbroken(seen.lines[end...])
        #expect(rest.contains("run   a run") && rest.contains("train run.yaml") && rest.contains("--output 'a run'"))
        // It goes on, now with fewer epochs than it was to have.
        let again = try await train(
            endless[0], endless[1], endless[2], endless[3], in: folder, events: [Event(after: "★", keys: "\u{3}")])
        #expect(again.exitCode == 130 && again.lines.contains { $0.hasPrefix("goes on in epoch ") })
    }

    @Test func `a run that was complete is shown again, and one that diverges says so`() async throws {
        let folder = try TemporaryDirectory()
        _ = try await train("--set", "training.epochs=7", in: folder)
        let again = try await train("--set", "training.epochs=7", in: folder)
        #expect(withoutNumbers(Array(again.lines.prefix(3))).first == "2 earlier epochs are not shown")
        #expect(again.exitCode == 0 && again.lines.contains { $0.hasPrefix("best  epoch ") })
        let diverged = try await train("--set", "optimizer.learning_rate=1e20", "--fresh", in: folder)
        #expect(diverged.exitCode == 3)
        #expect(diverged.lines.contains { $0.hasPrefix("diverged: epoch 1, batch 1:") })
        #expect(unbroken(diverged.lines[...]).contains("--set optimizer.learning_rate=1e+19"))
    }

    @Test func `without colours, cursor or UTF-8 the same is said with what there is`() async throws {
        let folder = try TemporaryDirectory()
        let colourless = try await train(in: folder, environment: ["NO_COLOR": "1"])
        #expect(!colourless.screen.hasColors && colourless.screen.frames > 0)
        let ascii = try await train("--fresh", in: folder, environment: ["LANG": "C"])
        #expect(ascii.text.utf8.allSatisfy { $0 < 0x80 } && ascii.lines.contains { $0.hasPrefix("*") })
        let dumb = try await train("--fresh", in: folder, environment: ["TERM": "dumb"])
        #expect(!dumb.text.contains("\u{1B}") && dumb.lines.contains { $0.hasPrefix("best  epoch") })
        let forced = try await train("--fresh", in: folder, environment: ["TERM": "dumb", "CLICOLOR_FORCE": "1"])
        #expect(forced.screen.hasColors && forced.screen.frames == 0)
    }

    /// What programs read must not change, whatever people are shown.
    @Test func `in a pipe an epoch is a line of JSON, and nothing else is printed`() async throws {
        let folder = try TemporaryDirectory()
        try folder.write(Self.config, to: "run.yaml")
        let result = try await Program.revmlp.run(
            ["train", "run.yaml", "--set", "training.epochs=2"], in: folder.path,
            environment: ["CLICOLOR_FORCE": "1", "TERM": "xterm-256color", "LANG": "C.UTF-8"])
        #expect(result.status == .exited(0) && result.errorOutput.isEmpty)
        let names = ["train_loss", "train_accuracy", "val_loss", "val_accuracy", "percentage_loss_change", "seconds"]
        let expected = (1...2).map { step in
            "{\"step\": \(step), " + names.map { "\"\($0)\": N" }.joined(separator: ", ") + "}\n"
        }.joined()
        let number = #/-?[0-9]+\.[0-9]+(?:e-?[0-9]+)?/#
        #expect(result.output.replacing(number, with: "N") == expected)
    }

    @Test(arguments: [["--quiet"], []]) func `under a planner, and with --quiet, lines of JSON are printed`(
        arguments: [String]
    ) async throws {
        let folder = try TemporaryDirectory()
        let planner = arguments.isEmpty ? ["REVSWEEP_TRIAL": "3"] : [:]
        let seen = try await train(
            "--set", "training.epochs=2", arguments.first ?? "--fresh", columns: 1000, in: folder, environment: planner)
        let reports = seen.lines.filter { $0.hasPrefix("{\"step\": ") && $0.hasSuffix("}") }
        #expect(reports.count == 2, "\(seen.lines)")
        #expect(!seen.lines.contains { $0.hasPrefix("best") })
    }
}
