import Foundation
import Subprocess
import SystemPackage

extension Program {
    /// Runs the program, and sends it a signal unless it has ended by then.
    ///
    /// The program cannot run away from a test that is slow on a busy machine: its output goes into a pipe of 4 KiB,
    /// and when that is full it waits until the test has read on.
    ///
    /// - Parameters:
    ///   - lines: how many lines of output to wait for before the signal is sent.
    ///   - delay: how long to wait after that.
    public func run(
        _ arguments: [String], in directory: String, ending signal: CInt, afterLines lines: Int = 0,
        delay: Duration = .zero
    ) async throws -> Result {
        let errors = "\(directory)/.errors-\(UUID().uuidString)"
        defer { unlink(errors) }
        let output = try SmallPipe()
        let child = try start(arguments, in: directory, output: output, errors: errors)
        var status: CInt = 0
        var hasEnded = false
        func look() -> Bool {
            if !hasEnded { hasEnded = waitpid(child, &status, WNOHANG) != 0 }
            return hasEnded
        }
        while !look(), output.lines < lines {
            output.read()
            try await Task.sleep(for: .milliseconds(1))
        }
        if !look() {
            try await Task.sleep(for: delay)
            // As long as its status has not been collected, its identifier belongs to no other process.
            kill(child, signal)
        }
        while !look() {
            output.read()
            try await Task.sleep(for: .milliseconds(1))
        }
        output.read()
        let ending = status & 0x7F
        return Result(
            status: ending == 0 ? .exited(status >> 8 & 0xFF) : .signaled(ending),
            output: String(decoding: output.bytes, as: UTF8.self),
            errorOutput: try String(contentsOfFile: errors, encoding: .utf8))
    }

    private func start(
        _ arguments: [String], in directory: String, output: SmallPipe, errors: String
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, output.writeEnd.rawValue, STDOUT_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        // `env -C` changes the directory and then becomes the program, so that `child` is the program itself.
        let words = (["env", "-C", directory, path] + arguments).map { strdup($0) } + [nil]
        let variables = Self.environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for pointer in words + variables { free(pointer) } }
        var child: pid_t = 0
        let code = posix_spawn(&child, "/usr/bin/env", &actions, nil, words, variables)
        guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO) }
        return child
    }
}

/// A pipe that holds as little as the system allows, 4 KiB, with what has been read from it so far.
private final class SmallPipe {
    let writeEnd: FileDescriptor
    private let readEnd: FileDescriptor
    private(set) var bytes: [UInt8] = []
    private(set) var lines = 0

    init() throws {
        (readEnd, writeEnd) = try FileDescriptor.pipe()
        for end in [readEnd, writeEnd] { _ = fcntl(end.rawValue, F_SETFD, FD_CLOEXEC) }
        let setPipeSize: CInt = 1031
        _ = fcntl(writeEnd.rawValue, setPipeSize, 4096)
        // The reading end only: a program that finds its output full is to wait.
        _ = fcntl(readEnd.rawValue, F_SETFL, O_NONBLOCK)
    }

    deinit {
        try? readEnd.close()
        try? writeEnd.close()
    }

    /// Takes what there is; does not wait for more.
    func read() {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while let count = try? buffer.withUnsafeMutableBytes({ try readEnd.read(into: $0) }), count > 0 {
            bytes += buffer[..<count]
            lines += buffer[..<count].count { $0 == UInt8(ascii: "\n") }
        }
    }
}
