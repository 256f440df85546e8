import Foundation
import Subprocess
import SystemPackage

/// A program of this package, run in a process of its own, as users run it.
///
///     let result = try await Program.revsweep.run(["run", "test.yaml"], in: folder.path)
///     #expect(result.status == .exited(0), "\(result.errorOutput)")
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

    /// The program that PATH has by this name, or the file if the name is a path; nil if it cannot be executed.
    public init?(onPath name: String) {
        let folders = (Self.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        let paths = name.contains("/") ? [name] : folders.map { "\($0)/\(name)" }
        guard let path = paths.first(where: { access($0, X_OK) == 0 }) else { return nil }
        self.init(path: path)
    }

    /// The build puts programs and tests into the same folder.
    private init(named name: String) {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        path = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent(name).path
    }

    /// The tests' own environment without the variables that revsweep or its trainers read: a test that needs one sets
    /// it itself.
    static let environment = ProcessInfo.processInfo.environment.filter { name, _ in
        !name.hasPrefix("REVSWEEP_") && name != "PYTHONUNBUFFERED"
    }

    /// Runs the program to its end.
    ///
    /// Tests never use Foundation's `Process`: beside children of Subprocess it may miss the end of its own, and
    /// `waitUntilExit` then never returns.
    ///
    /// - Parameter input: what the program reads from standard input.
    /// - Throws: `SubprocessError` if it cannot be started; an exit status other than 0 is a result.
    public func run(
        _ arguments: [String], in directory: String, environment: [String: String] = [:], input: Data = Data()
    ) async throws -> Result {
        // Files and not pipes, so that a slow reader cannot change what the program does.
        let output = "\(directory)/.output-\(UUID().uuidString)"
        defer { for suffix in ["", ".errors", ".input"] { unlink(output + suffix) } }
        func file(_ path: String) throws -> FileDescriptor {
            try FileDescriptor.open(
                FilePath(path), .writeOnly, options: [.create, .closeOnExec], permissions: .ownerReadWrite)
        }
        if !input.isEmpty { try input.write(to: URL(fileURLWithPath: output + ".input")) }
        let inputFile = try FileDescriptor.open(
            FilePath(input.isEmpty ? "/dev/null" : output + ".input"), .readOnly, options: .closeOnExec)
        let result = try await Subprocess.run(
            .path(FilePath(path)), arguments: Arguments(arguments),
            environment: .custom(
                Dictionary(
                    uniqueKeysWithValues: Self.environment.merging(environment) { $1 }
                        .map { (.init(stringLiteral: $0), $1) })),
            workingDirectory: FilePath(directory), input: .fileDescriptor(inputFile, closeAfterSpawningProcess: true),
            output: .fileDescriptor(try file(output), closeAfterSpawningProcess: true),
            error: .fileDescriptor(try file(output + ".errors"), closeAfterSpawningProcess: true)
        )
        return Result(
            status: result.terminationStatus, output: try String(contentsOfFile: output, encoding: .utf8),
            errorOutput: try String(contentsOfFile: output + ".errors", encoding: .utf8))
    }
}

/// Checks a condition again and again until it holds or the time is over.
///
/// - Returns: whether it held in the end.
/// - Throws: what `condition` throws.
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
