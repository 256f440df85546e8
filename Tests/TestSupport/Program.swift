import Foundation
import Subprocess
import SystemPackage

/// A real program of this package, run as its users run it.
public struct Program: Sendable {
    public struct Result: Sendable {
        public var status: TerminationStatus
        public var output: String
        public var errorOutput: String
    }

    public let path: String

    public static let revsweep = Program(named: "revsweep")
    public static let revmlp = Program(named: "revmlp")
    public static let shell = Program(path: "/bin/sh")

    private init(path: String) {
        self.path = path
    }

    /// Programs and tests are built into one folder.
    private init(named name: String) {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        path = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent(name).path
    }

    /// That of the tests, but for what has a meaning for revsweep or its trainers: a test says so itself.
    static let environment = ProcessInfo.processInfo.environment.filter { name, _ in
        !name.hasPrefix("REVSWEEP_") && name != "PYTHONUNBUFFERED"
    }

    /// Runs the program to its end.
    public func run(
        _ arguments: [String], in directory: String, environment: [String: String] = [:]
    ) async throws -> Result {
        // Files rather than pipes: what a program prints must not depend on who reads it when.
        let output = "\(directory)/.output-\(UUID().uuidString)"
        defer { for suffix in ["", ".errors"] { unlink(output + suffix) } }
        func file(_ path: String) throws -> FileDescriptor {
            try FileDescriptor.open(
                FilePath(path), .writeOnly, options: [.create, .closeOnExec], permissions: .ownerReadWrite)
        }
        let result = try await Subprocess.run(
            .path(FilePath(path)), arguments: Arguments(arguments),
            environment: .custom(
                Dictionary(
                    uniqueKeysWithValues: Self.environment.merging(environment) { $1 }
                        .map { (.init(stringLiteral: $0), $1) })),
            workingDirectory: FilePath(directory), input: .none,
            output: .fileDescriptor(try file(output), closeAfterSpawningProcess: true),
            error: .fileDescriptor(try file(output + ".errors"), closeAfterSpawningProcess: true)
        )
        return Result(
            status: result.terminationStatus, output: try String(contentsOfFile: output, encoding: .utf8),
            errorOutput: try String(contentsOfFile: output + ".errors", encoding: .utf8))
    }
}

/// Waits until something holds.
///
/// - Returns: whether it came to hold within the time.
public func eventually(
    within limit: Duration = .seconds(20), _ condition: () async throws -> Bool
) async throws -> Bool {
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
        if try await condition() { return true }
        try await Task.sleep(for: .milliseconds(5))
    }
    return try await condition()
}
