import Foundation

extension Program {
    /// A program that serves, while a test talks to it.
    public struct Serving: Sendable {
        /// What it has printed first.
        public var address: String
        public var port: Int
        public var process: pid_t
    }

    /// Starts a program that prints its address when it serves, runs `body`, and ends the program by a signal.
    ///
    /// - Returns: how it ended.
    /// - Throws: `HTTPConnection.Failure` if it ended before it served, with what it said.
    public func serve(
        _ arguments: [String], in directory: String, environment: [String: String] = [:], ending signal: CInt = SIGTERM,
        _ body: (Serving) async throws -> Void
    ) async throws -> Result {
        let output = "\(directory)/.output-\(UUID().uuidString)"
        defer { for suffix in ["", ".errors"] { unlink(output + suffix) } }
        let child = try spawn(arguments, in: directory, environment: environment, output: output)
        var status: CInt = 0
        var hasEnded = false
        func look() -> Bool {
            if !hasEnded { hasEnded = waitpid(child, &status, WNOHANG) != 0 }
            return hasEnded
        }
        func text(_ path: String) -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }
        while !look(), !text(output).contains("\n") { try await Task.sleep(for: .milliseconds(5)) }
        func end() async throws {
            if !look() { kill(child, signal) }
            while !look() { try await Task.sleep(for: .milliseconds(5)) }
        }
        let line = text(output).split(separator: "\n").first.map(String.init) ?? ""
        guard let port = URL(string: line)?.port, !hasEnded else {
            try await end()
            throw HTTPConnection.Failure(description: "it does not serve: \(line)\n\(text(output + ".errors"))")
        }
        do { try await body(Serving(address: line, port: port, process: child)) } catch {
            try await end()
            throw error
        }
        try await end()
        let ending = status & 0x7F
        return Result(
            status: ending == 0 ? .exited(status >> 8 & 0xFF) : .signaled(ending), output: text(output),
            errorOutput: text(output + ".errors"))
    }

    private func spawn(
        _ arguments: [String], in directory: String, environment: [String: String], output: String
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_addopen(
            &actions, STDERR_FILENO, output + ".errors", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        // Under `nohup` the tests ignore SIGHUP, and so would the program.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGHUP)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        // `env -C` changes the directory and then becomes the program, so that `child` is the program itself.
        let words = (["env", "-C", directory, path] + arguments).map { strdup($0) } + [nil]
        let variables =
            Self.environment.merging(environment) { $1 }.map { strdup("\($0)=\($1)") } + [nil]
        defer { for pointer in words + variables { free(pointer) } }
        var child: pid_t = 0
        let code = posix_spawn(&child, "/usr/bin/env", &actions, &attributes, words, variables)
        guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO) }
        return child
    }
}
