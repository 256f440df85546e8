import Foundation
import TestSupport
import Testing

/// `revsweep top` in a terminal of its own, while another process runs the sweep.
@Suite(.tags(.slow)) struct TopTests {
    /// Each trial waits before its end until there is a file, so that nothing depends on how fast it is.
    private static let sweep = """
        name: live
        metric: {name: loss, goal: minimize}
        trainer:
          command:
            - sh
            - -c
            - |
              echo '{{"step": 1, "loss": {param:x}}'
              echo "a line of trial {number}"
              printf '\\033]0;evil\\007\\033[2J\\n'
              while [ {number} -ge 3 ] && [ ! -e go-{number} ]; do sleep 0.01; done
              echo '{{"step": 2, "loss": {param:x}}'
        parameters: {x: {type: uniform, min: 0, max: 1}}
        sampler: {name: random, seed: 1}
        budget: {trials: 5}
        resources: {parallel: 1}
        """

    private static func shows(_ text: String) -> (ScreenEmulator) -> Bool {
        { screen in screen.lines.contains { $0.contains(text) } }
    }

    private typealias Step = PseudoTerminal.Step

    @Test func `it follows a running sweep, obeys keys and sizes, and leaves the terminal as it was`() async throws {
        let folder = try TemporaryDirectory()
        try folder.write(Self.sweep, to: "live.yaml")
        async let run = Program.revsweep.run(["run", "live.yaml", "--quiet"], in: folder.path)
        #expect(
            try await eventually { FileManager.default.fileExists(atPath: "\(folder.path)/results/live/sweep.sqlite") })
        let terminal = try PseudoTerminal(columns: 80, rows: 24)
        let modes = terminal.modes
        let ending = try await terminal.run(
            .revsweep, ["top"], in: folder.path,
            steps: [
                Step(when: { Self.shows("3/5")($0) && Self.shows("running")($0) }) { _ in
                    _ = try? folder.write("", to: "go-3")
                },
                Step(when: Self.shows("4/5")) { $0.type("i") },
                Step(when: Self.shows("PED-ANOVA")) { $0.type("\u{1B}[C") },
                Step(when: Self.shows("history")) { $0.type("l") },
                Step(when: Self.shows("a line of trial")) { $0.resize(columns: 40, rows: 12) },
                // As many keys are named in the last line as fit, so it tells that the size has been noticed.
                Step(when: { $0.lines.last == "q quit  ? help  tab pane  s sort" }) { $0.type("l") },
                Step(when: { $0.lines[1].hasPrefix("log of trial") }) { $0.type("\t") },
                Step(when: { $0.lines[1].hasPrefix("trials 5, by loss") }) { $0.resize(columns: 120, rows: 30) },
                Step(when: { $0.lines.last?.hasSuffix("h history") == true }) { terminal in
                    _ = try? folder.write("", to: "go-4")
                    terminal.type("/complete\r")
                },
                Step(when: Self.shows("5/5")) { $0.type("q") },
            ])
        #expect(ending == .exited(0))
        // Whatever was seen, the sweep ends.
        for number in [3, 4] { try folder.write("", to: "go-\(number)") }
        #expect(try await run.status == .exited(0))
        let screen = terminal.screen
        #expect(screen.all.isEmpty && screen.scrollBack.isEmpty, "\(screen.all)")
        #expect(screen.isCursorShown && !screen.isSecondScreen && !screen.isPasteMarked)
        #expect(screen.wraps == 0 && screen.alarms.isEmpty, "\(screen.alarms)")
        #expect(terminal.modes == modes)
    }

    @Test(arguments: [SIGTERM, SIGINT, SIGHUP, SIGSEGV, SIGABRT])
    func `a signal that ends it leaves the terminal as it was`(number: Int32) async throws {
        let folder = try await Self.finished()
        let terminal = try PseudoTerminal(columns: 80, rows: 24)
        let modes = terminal.modes
        let ending = try await terminal.run(
            .revsweep, ["top", "live"], in: folder.path,
            steps: [Step(when: Self.shows("5/5")) { $0.send(number) }])
        #expect(ending == .signaled(number))
        #expect(terminal.screen.isCursorShown && !terminal.screen.isSecondScreen)
        #expect(terminal.modes == modes)
    }

    @Test func `Ctrl-Z gives the terminal back, and going on takes it again`() async throws {
        let folder = try await Self.finished()
        // A shell with job control, as people have it.
        try folder.write(
            """
            set -m
            \(Program.revsweep.path) top live
            echo "stopped with $?"
            fg
            echo "ended with $?"
            """, to: "session.sh")
        let terminal = try PseudoTerminal(columns: 80, rows: 24)
        let ending = try await terminal.run(
            .shell, ["session.sh"], in: folder.path,
            steps: [
                Step(when: Self.shows("5/5")) { $0.type("\u{1A}") },
                // If it is typed before the program has stopped, it is read when the program goes on.
                Step(when: { $0.frames > 1 && Self.shows("5/5")($0) }) { $0.type("q") },
            ])
        #expect(ending == .exited(0))
        let text = terminal.screen.all.joined(separator: "\n")
        #expect(text.contains("stopped with 148") && text.contains("ended with 0"), "\(text)")
        #expect(terminal.screen.isCursorShown && !terminal.screen.isSecondScreen)
        #expect(terminal.hasEcho)
    }

    @Test func `without a terminal, or with one that can do nothing, it says what to use`() async throws {
        let folder = try await Self.finished()
        let piped = try await Program.revsweep.run(["top", "live"], in: folder.path)
        #expect(piped.status == .exited(1))
        #expect(piped.output.isEmpty)
        #expect(
            piped.errorOutput.contains("revsweep status live") && piped.errorOutput.contains("revsweep trials live"))
        let terminal = try PseudoTerminal(columns: 80, rows: 24)
        let ending = try await terminal.run(.revsweep, ["top"], in: folder.path, environment: ["TERM": "dumb"])
        #expect(ending == .exited(1))
        #expect(terminal.screen.all.contains { $0.contains("TERM=dumb") }, "\(terminal.screen.all)")
        #expect(!terminal.bytes.contains(0x1B))
        let unknown = try PseudoTerminal(columns: 80, rows: 24)
        #expect(try await unknown.run(.revsweep, ["top"], in: folder.path, environment: ["TERM": ""]) == .exited(1))
        #expect(unknown.screen.all.contains { $0.contains("error: TERM is not set") }, "\(unknown.screen.all)")
        let nothing = try await PseudoTerminal(columns: 80, rows: 24)
            .run(.revsweep, ["top", "--results", "elsewhere"], in: folder.path)
        #expect(nothing == .exited(1))
    }

    @Test func `plain terminals get neither colours nor characters that they do not know`() async throws {
        let folder = try await Self.finished()
        let terminal = try PseudoTerminal(columns: 60, rows: 20)
        let ending = try await terminal.run(
            .revsweep, ["top"], in: folder.path, environment: ["LANG": "C", "NO_COLOR": "1"],
            steps: [
                Step(when: Self.shows("5/5")) { $0.type("h") },
                Step(when: Self.shows("history of loss")) { $0.type("\u{3}") },
            ])
        #expect(ending == .exited(0))
        #expect(!terminal.screen.hasColors)
        #expect(terminal.bytes.allSatisfy { $0 < 0x80 })
    }

    @Test func `it reads a folder that it must not write`() async throws {
        let folder = try await Self.finished()
        let path = "\(folder.path)/results/live"
        try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: path)
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path) }
        let before = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        let terminal = try PseudoTerminal(columns: 80, rows: 24)
        let ending = try await terminal.run(
            .revsweep, ["top", path], in: folder.path, steps: [Step(when: Self.shows("5/5")) { $0.type("q") }])
        #expect(ending == .exited(0))
        #expect(try FileManager.default.contentsOfDirectory(atPath: path).sorted() == before)
    }

    /// A folder with a sweep that has ended.
    private static func finished() async throws -> TemporaryDirectory {
        let folder = try TemporaryDirectory()
        try folder.write(sweep, to: "live.yaml")
        for number in [3, 4] { try folder.write("", to: "go-\(number)") }
        let result = try await Program.revsweep.run(["run", "live.yaml", "--quiet"], in: folder.path)
        #expect(result.status == .exited(0), "\(result.errorOutput)")
        return folder
    }
}
