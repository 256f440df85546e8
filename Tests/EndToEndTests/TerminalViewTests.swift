import Foundation
import TerminalDrawing
import TestSupport
import Testing

/// `revsweep run` in a terminal, as a person sees it.
@Suite struct TerminalViewTests {
    /// A trainer of three steps. From trial 4 on it waits for the file `gate`, so that a test can look before the end.
    private static let trainer = """
        until [ $REVSWEEP_TRIAL -lt 4 ] || [ -e ../../../../gate ]; do sleep 0.02; done
        for step in 1 2 3; do echo "{\\"step\\": $step, \\"loss\\": $step.5}"; sleep 0.02; done
        """

    private static func place(_ settings: String = "") throws -> Workplace {
        try Workplace(trainer, budget: "{trials: 12}", settings: "resources: {parallel: 2}\n" + settings)
    }

    /// Trials 4 and 5 wait.
    private static func isWaiting(_ screen: ScreenEmulator) -> Bool {
        screen.lines.contains { $0.contains("4/12") } && numbers(screen) == [0, 1, 2, 3]
    }

    /// The trials that have rows above the block.
    private static func numbers(_ screen: ScreenEmulator) -> [Int] {
        screen.all.compactMap { line in
            line.wholeMatch(of: /\s*(\d+) +(?:complete|✓|\+)(?: .*)?/).flatMap { Int($0.1) }
        }.sorted()
    }

    private static func openGate(_ place: Workplace) {
        _ = FileManager.default.createFile(atPath: place.directory.path + "/gate", contents: nil)
    }

    /// What is left of a block.
    private static func leftovers(_ screen: ScreenEmulator) -> [String] {
        screen.all.filter { line in
            ["━", "/12", "more running"].contains { line.contains($0) } || line.contains(/\d+ +(running|→)/)
        }
    }

    @Test(arguments: [20, 40, 80, 120])
    func `every trial has one line that fits, and nothing is left of the block`(columns: Int) async throws {
        let place = try Self.place()
        let terminal = try PseudoTerminal(columns: columns, rows: 15)
        // What is printed after the last frame may be longer than a line.
        var isTooLong = false
        let ending = try await terminal.run(
            .revsweep, ["run", "test.yaml"], in: place.directory.path,
            steps: [PseudoTerminal.Step(when: Self.isWaiting) { _ in Self.openGate(place) }],
            whenDrawn: { screen in
                if screen.lines.contains(where: { $0.contains("/12") }) {
                    isTooLong = isTooLong || screen.overflows + screen.wraps > 0
                }
            })
        #expect(ending == .exited(0) && !isTooLong)
        let screen = terminal.screen
        #expect(screen.hasColors && screen.progress == nil && screen.alarms == [] && !screen.isInFrame)
        let text = screen.all.joined(separator: "\n")
        #expect(Self.numbers(screen) == Array(0..<12), "\(text)")
        #expect(Self.leftovers(screen) == [], "\(text)")
        #expect(screen.all.contains("done: the budget's 12 trials have ended") || columns < 40, "\(text)")
    }

    /// The window is full, and is made half as wide at once: one that breaks lines then still holds the whole block.
    @Test(arguments: ScreenEmulator.Resizing.allCases)
    func `a window may be resized at any time`(resizing: ScreenEmulator.Resizing) async throws {
        let place = try Self.place()
        let terminal = try PseudoTerminal(columns: 100, rows: 12, resizing: resizing)
        func sees(_ text: String) -> (ScreenEmulator) -> Bool {
            { screen in screen.lines.contains { $0.contains(text) } }
        }
        let ending = try await terminal.run(
            .revsweep, ["run", "test.yaml"], in: place.directory.path,
            steps: [
                PseudoTerminal.Step(when: Self.isWaiting) { $0.resize(columns: 50, rows: 12) },
                PseudoTerminal.Step(when: sees("4/12")) { $0.resize(columns: 110, rows: 12) },
                PseudoTerminal.Step(when: sees("4/12")) { $0.type("\n\nhello\n") },
                PseudoTerminal.Step(when: sees("4/12")) { $0.resize(columns: 110, rows: 20) },
                PseudoTerminal.Step(when: sees("4/12 ended")) { _ in Self.openGate(place) },
            ])
        #expect(ending == .exited(0))
        // The lines after the end may be longer than the window was; those are not cut.
        let all = terminal.screen.all
        let numbers = Self.numbers(terminal.screen)
        // A row that had been broken and joined again is whole; one that was cut still has its number.
        #expect(numbers == Array(0..<12), "\(all.joined(separator: "\n"))")
        #expect(terminal.screen.alarms == [] && !terminal.screen.isInFrame)
        #expect(Self.leftovers(terminal.screen) == [], "\(all.joined(separator: "\n"))")
        #expect(!all.contains { $0.contains("hello") })
    }

    @Test func `what the environment asks for is what is drawn`() async throws {
        for (environment, look) in [
            (["NO_COLOR": "1"], "uncoloured"), (["LC_ALL": "C"], "ASCII"), (["TERM": "dumb"], "plain"),
            (["WT_SESSION": "1"], "linked"),
        ] {
            let place = try Self.place()
            Self.openGate(place)
            let terminal = try PseudoTerminal(columns: 100, rows: 24)
            let ending = try await terminal.run(
                .revsweep, ["run", "test.yaml"], in: place.directory.path, environment: environment)
            #expect(ending == .exited(0), "\(look)")
            let (screen, bytes) = (terminal.screen, terminal.bytes)
            #expect(screen.alarms == [], "\(look)")
            #expect(screen.hasColors == (look != "uncoloured" && look != "plain"), "\(look)")
            #expect((screen.frames > 0) == (look != "plain") && (look == "plain") == !bytes.contains(0x1B), "\(look)")
            #expect(look != "ASCII" || bytes.allSatisfy { $0 < 0x80 })
            #expect(screen.progress == (look == "linked" ? "0;0" : nil), "\(look)")
            #expect(screen.links.count == (look == "linked" ? 12 : 0), "\(look): \(screen.links)")
            if look == "linked" {
                #expect(screen.links.allSatisfy { $0.hasPrefix("file://") && $0.contains("/results/test/trials/0000") })
            }
            if look == "plain" {
                #expect(screen.all.contains { $0.hasPrefix("trial   3  complete  loss 3.5") })
            }
        }
    }

    @Test func `--plain gives the lines of a pipe`() async throws {
        let place = try Self.place()
        let terminal = try PseudoTerminal(columns: 100, rows: 24)
        Self.openGate(place)
        let ending = try await terminal.run(.revsweep, ["run", "test.yaml", "--plain"], in: place.directory.path)
        #expect(ending == .exited(0) && !terminal.bytes.contains(0x1B))
        #expect(terminal.screen.all.count { $0.hasPrefix("trial ") } == 12)
    }

    @Test func `an interruption leaves a clean terminal`() async throws {
        let place = try Self.place()
        let terminal = try PseudoTerminal(columns: 80, rows: 24)
        let ending = try await terminal.run(
            .revsweep, ["run", "test.yaml"], in: place.directory.path, environment: ["WT_SESSION": "1"],
            steps: [
                PseudoTerminal.Step(when: Self.isWaiting) { $0.type("\u{3}") },
                PseudoTerminal.Step(when: { screen in screen.lines.contains { $0.contains("Ctrl-C again ends") } }) {
                    #expect(!$0.hasEcho)
                    $0.type("\u{3}")
                },
            ])
        #expect(ending == .exited(130))
        let all = terminal.screen.all
        #expect(terminal.screen.progress == "0;0" && terminal.screen.alarms == [] && terminal.hasEcho)
        #expect(!all.contains { $0.contains("━") || $0.contains("/12") || $0.contains("^C") }, "\(all)")
        #expect(all.last == "interrupted; go on with: revsweep resume test")
    }

    @Test func `Ctrl-Z leaves a clean terminal, and the block comes back`() async throws {
        let place = try Self.place()
        // A shell with job control, as people have it.
        try place.directory.write(
            """
            set -m
            \(Program.revsweep.path) run test.yaml
            echo "stopped with $?"
            until [ -e resumed ]; do sleep 0.02; done
            fg
            echo "ended with $?"
            """, to: "session.sh")
        let terminal = try PseudoTerminal(columns: 80, rows: 24)
        var stopped: [String] = []
        let ending = try await terminal.run(
            .shell, ["session.sh"], in: place.directory.path,
            steps: [
                PseudoTerminal.Step(when: Self.isWaiting) { $0.type("\u{1A}") },
                PseudoTerminal.Step(when: { $0.all.contains("stopped with 148") }) { terminal in
                    stopped = terminal.screen.all
                    #expect(terminal.hasEcho)
                    _ = try? place.directory.write("", to: "resumed")
                },
                PseudoTerminal.Step(when: { screen in screen.lines.contains { $0.contains("4/12") } }) { _ in
                    Self.openGate(place)
                },
            ])
        #expect(ending == .exited(0))
        #expect(!stopped.contains { $0.contains("━") || $0.contains("/12") }, "\(stopped)")
        let text = terminal.screen.all.joined(separator: "\n")
        #expect(text.contains("done: the budget's 12 trials have ended") && text.contains("ended with 0"), "\(text)")
        #expect(Self.leftovers(terminal.screen) == [], "\(text)")
        #expect(terminal.hasEcho)
    }

    @Test func `an error leaves a clean terminal`() async throws {
        let place = try Workplace("exit 3", budget: "{trials: 50}")
        let terminal = try PseudoTerminal(columns: 80, rows: 24)
        let ending = try await terminal.run(
            .revsweep, ["run", "test.yaml"], in: place.directory.path, environment: ["WT_SESSION": "1"])
        #expect(ending != .exited(0) && ending != .tookTooLong)
        let screen = terminal.screen
        #expect(screen.progress == nil || screen.progress == "0;0")
        #expect(screen.alarms == [] && !screen.all.contains { $0.contains("━") } && terminal.hasEcho)
        #expect(screen.all.contains { $0.wholeMatch(of: #/    0  failed .*crash: exit 3/#) != nil }, "\(screen.all)")
    }

    @Test(arguments: [30, 100]) func `what a trainer prints commands nothing`(columns: Int) async throws {
        let hidden = "\u{1B}]52;c;ZXZpbA==\u{7}\u{1B}[2J\u{9B}31m\u{202E}\u{2066}\u{85}\u{1B}[?1049h"
        let place = try Workplace(budget: "{trials: 3}")
        try place.directory.write(hidden, to: "hidden")
        try place.directory.write(
            """
            #!/bin/sh
            cat hidden; cat hidden >&2
            printf '\\n{"step": 1, "loss": 1, "%s": 2}\\n{"step": 2, "loss": 2}\\n' "$(cat hidden)"
            [ "$REVSWEEP_TRIAL" != 1 ] || exit 3
            """, to: "trainer.sh", executable: true)
        let escaped = hidden.unicodeScalars.map { "\\u" + String(String($0.value + 0x10000, radix: 16).suffix(4)) }
            .joined()
        try place.directory.write(
            """
            metric: {name: loss, goal: minimize}
            trainer: {command: [./trainer.sh]}
            parameters:
              a.p: {type: choice, values: ["x\(escaped)", "損失\(escaped)"]}
              q: {type: int, min: 0, max: 9}
            sampler: random
            budget: {trials: 3}
            """, to: "test.yaml")
        let terminal = try PseudoTerminal(columns: columns, rows: 24)
        _ = try await terminal.run(.revsweep, ["run", "test.yaml"], in: place.directory.path)
        #expect(terminal.screen.alarms == [], "\(terminal.screen.all)")
        #expect(terminal.screen.all.contains { $0.contains("  1  failed") || $0.contains("  1 ✗") })
    }
}
