import Foundation

/// Python, for tests that have packages of others read our files, or run trainers in Python.
///
///     @Test(.enabled("there is no Python with NumPy") { await Python.has("numpy") })
public enum Python {
    /// `REVSWEEP_PYTHON` if it is set, else the `python3` that PATH has.
    private static let program = Program(
        onPath: ProcessInfo.processInfo.environment["REVSWEEP_PYTHON"] ?? "python3")

    /// Whether these packages can be imported.
    public static func has(_ packages: String...) async -> Bool {
        (try? await run(packages.map { "import \($0)" }.joined(separator: "\n"))) != nil
    }

    /// Whether the `python3` on PATH, which commands of sweeps name, can import these packages.
    public static func onPathHas(_ packages: String...) async -> Bool {
        let script = packages.map { "import \($0)" }.joined(separator: "\n")
        let result = try? await Program(onPath: "python3")?.run(["-c", script], in: NSTemporaryDirectory())
        return result?.status.isSuccess == true
    }

    /// What a script prints.
    ///
    /// - Throws: `Failure` if there is no Python, or if the script does not end with 0.
    public static func run(_ script: String, _ arguments: [String] = [], input: Data = Data()) async throws -> String {
        guard let program else { throw Failure(text: "there is no Python") }
        let result = try await program.run(
            ["-c", script] + arguments, in: NSTemporaryDirectory(), environment: ["PYTHONIOENCODING": "utf-8"],
            input: input)
        guard result.status.isSuccess else { throw Failure(text: result.errorOutput) }
        return result.output
    }

    public struct Failure: Error, CustomStringConvertible {
        public var text: String
        public var description: String { text }
    }
}
