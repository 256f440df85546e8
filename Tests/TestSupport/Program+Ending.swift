import Foundation
import Subprocess

extension Program {
    /// Runs the program, and sends it a signal unless it has ended by then.
    ///
    /// It is not started with Foundation's `Process`, which misses the end of its children in a process that also uses
    /// Subprocess.
    ///
    /// - Parameters:
    ///   - lines: how many lines of output to wait for before the signal is sent.
    ///   - delay: how long to wait after that.
    public func run(
        _ arguments: [String], in directory: String, ending signal: CInt, afterLines lines: Int = 0,
        delay: Duration = .zero
    ) async throws -> Result {
        let output = "\(directory)/.output-\(UUID().uuidString)"
        let errors = output + ".errors"
        defer { for path in [output, errors] { unlink(path) } }
        let child = try start(arguments, in: directory, output: output, errors: errors)
        var status: CInt = 0
        var hasEnded = false
        func look() -> Bool {
            if !hasEnded { hasEnded = waitpid(child, &status, WNOHANG) == child }
            return hasEnded
        }
        func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
        while !look(), try text(output).count(where: { $0 == "\n" }) < lines {
            try await Task.sleep(for: .milliseconds(1))
        }
        if !look() {
            try await Task.sleep(for: delay)
            // As long as its status has not been collected, its identifier belongs to no other process.
            kill(child, signal)
        }
        while !look() { try await Task.sleep(for: .milliseconds(1)) }
        let ending = status & 0x7F
        return Result(
            status: ending == 0 ? .exited(status >> 8 & 0xFF) : .signaled(ending),
            output: try text(output), errorOutput: try text(errors))
    }

    private func start(
        _ arguments: [String], in directory: String, output: String, errors: String
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (stream, file) in [(STDOUT_FILENO, output), (STDERR_FILENO, errors)] {
            posix_spawn_file_actions_addopen(&actions, stream, file, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        }
        // `env -C` changes the directory and then becomes the program, so that `child` is the program itself.
        let words = (["env", "-C", directory, path] + arguments).map { strdup($0) } + [nil]
        let variables = Self.environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for pointer in words + variables { free(pointer) } }
        // Made before the program starts, since `run` reads the output at once.
        for file in [output, errors] { try Data().write(to: URL(fileURLWithPath: file)) }
        var child: pid_t = 0
        let code = posix_spawn(&child, "/usr/bin/env", &actions, nil, words, variables)
        guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO) }
        return child
    }
}
