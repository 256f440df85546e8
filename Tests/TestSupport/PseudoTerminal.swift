import Foundation

/// A terminal that a program runs in, with an emulator that shows what a person would see.
///
///     let terminal = try PseudoTerminal(columns: 80, rows: 24)
///     let ending = try await terminal.run(.revsweep, ["run", "test.yaml"], in: folder.path, steps: [
///         PseudoTerminal.Step(when: { $0.all.contains("ready") }) { $0.resize(columns: 40, rows: 12) }
///     ])
///     #expect(terminal.screen.all.last == "…")
///
/// A test says what is to be done when something is seen, so it does not depend on how fast the program is.
public final class PseudoTerminal {
    /// What is to be done, once, when the screen shows something.
    public struct Step {
        var condition: (ScreenEmulator) -> Bool
        var action: (PseudoTerminal) -> Void

        public init(when condition: @escaping (ScreenEmulator) -> Bool, _ action: @escaping (PseudoTerminal) -> Void) {
            self.condition = condition
            self.action = action
        }
    }

    /// How a program ended, or that it took too long and was killed.
    public enum Ending: Sendable, Hashable {
        case exited(Int32)
        case signaled(Int32)
        case tookTooLong
    }

    public private(set) var screen: ScreenEmulator
    /// All that was written to the terminal.
    public private(set) var bytes: [UInt8] = []
    private var child: pid_t?
    private let controller: Int32
    private let path: String

    public struct Failure: Error {
        public var call: String
        public var code: Int32
    }

    public init(columns: Int, rows: Int, resizing: ScreenEmulator.Resizing = .reflows) throws {
        screen = ScreenEmulator(columns: columns, rows: rows, resizing: resizing)
        controller = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        // What unlockpt(3) and ptsname(3) do: Swift does not see these, since they are no part of POSIX by default.
        let (setLock, getNumber) = (UInt(0x4004_5431), UInt(0x8004_5430))
        var (isLocked, number) = (CInt(0), CUnsignedInt(0))
        guard controller >= 0, ioctl(controller, setLock, &isLocked) == 0, ioctl(controller, getNumber, &number) == 0
        else {
            throw Failure(call: "/dev/ptmx", code: errno)
        }
        path = "/dev/pts/\(number)"
        _ = fcntl(controller, F_SETFL, O_NONBLOCK)
        setSize(columns: columns, rows: rows)
    }

    deinit { close(controller) }

    /// Makes the window larger or smaller.
    public func resize(columns: Int, rows: Int) {
        screen.resize(columns: columns, rows: rows)
        setSize(columns: columns, rows: rows)
    }

    /// Types on the keyboard: `"\u{3}"` is Ctrl-C.
    public func type(_ text: String) {
        var bytes = Array(text.utf8)
        _ = write(controller, &bytes, bytes.count)
    }

    /// Sends a signal to the program that runs.
    public func send(_ number: Int32) { if let child { kill(child, number) } }

    /// How the terminal treats what is typed and printed, in the numbers of `termios`.
    public var modes: [UInt32] {
        var settings = termios()
        guard tcgetattr(controller, &settings) == 0 else { return [] }
        return [settings.c_iflag, settings.c_oflag, settings.c_lflag]
    }

    /// Whether what is typed is shown by the terminal itself.
    public var hasEcho: Bool {
        var settings = termios()
        return tcgetattr(controller, &settings) == 0 && settings.c_lflag & tcflag_t(ECHO) != 0
    }

    private func setSize(columns: Int, rows: Int) {
        var size = winsize(
            ws_row: UInt16(clamping: rows), ws_col: UInt16(clamping: columns), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(controller, UInt(TIOCSWINSZ), &size)
    }

    /// Runs a program whose standard streams are this terminal, to its end.
    ///
    /// - Parameters:
    ///   - environment: in addition to that of the test, which has no variable that says what terminal it is.
    ///   - steps: are done one after another.
    ///   - whenDrawn: called whenever a frame has been drawn to its end.
    public func run(
        _ program: Program, _ arguments: [String], in directory: String, environment: [String: String] = [:],
        steps: [Step] = [], within limit: Duration = .seconds(120), whenDrawn: (ScreenEmulator) -> Void = { _ in }
    ) async throws -> Ending {
        let child = try start(program, arguments, in: directory, environment)
        self.child = child
        defer { self.child = nil }
        let end = ContinuousClock.now + limit
        var steps = steps[...]
        var status: Int32 = 0
        var hasEnded = false
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(controller, &buffer, buffer.count)
            if count > 0 {
                bytes += buffer[..<count]
                let frames = screen.frames
                screen.feed(buffer[..<count])
                if !screen.isInFrame, screen.frames > frames { whenDrawn(screen) }
                if !screen.isInFrame, let step = steps.first, step.condition(screen) {
                    steps.removeFirst()
                    step.action(self)
                }
                continue
            }
            // What was written before the end is read first.
            if hasEnded { break }
            hasEnded = waitpid(child, &status, WNOHANG) != 0
            if ContinuousClock.now > end {
                kill(child, SIGKILL)
                waitpid(child, &status, 0)
                return .tookTooLong
            }
            if !hasEnded { try await Task.sleep(for: .milliseconds(2)) }
        }
        return status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .signaled(status & 0x7F)
    }

    private func start(
        _ program: Program, _ arguments: [String], in directory: String, _ environment: [String: String]
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, path, O_RDWR, 0)
        for stream in [STDOUT_FILENO, STDERR_FILENO] {
            posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, stream)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // In a session of its own, whose controlling terminal is the first that it opens, and with signals as a shell
        // leaves them: threads of the test's own process block most.
        let newSession: Int16 = 0x80
        posix_spawnattr_setflags(&attributes, newSession | Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        let words = (["env", "-C", directory, program.path] + arguments).map { strdup($0) } + [nil]
        let variables = Self.environment.merging(environment) { $1 }.map { strdup("\($0)=\($1)") } + [nil]
        defer { for pointer in words + variables { free(pointer) } }
        var child: pid_t = 0
        let code = posix_spawn(&child, "/usr/bin/env", &actions, &attributes, words, variables)
        guard code == 0 else { throw Failure(call: "posix_spawn", code: code) }
        return child
    }

    /// A plain terminal, whatever the tests themselves run in.
    private static let environment: [String: String] = {
        let others = Program.environment.filter { name, _ in
            !["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLORTERM", "TMUX", "STY", "FORCE_HYPERLINK", "CI"]
                .contains(name) && !name.hasPrefix("LC_") && !name.hasPrefix("TERM") && !name.hasSuffix("_VERSION")
        }
        return others.merging(["TERM": "xterm-256color", "LANG": "C.UTF-8"]) { $1 }
    }()
}
