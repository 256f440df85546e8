import Foundation

/// The Python that these tests may have others' packages read our files with: `REVSWEEP_PYTHON`, else `python3`.
enum Python {
    /// Whether this machine's Python has these packages.
    static func has(_ packages: String...) -> Bool {
        (try? start(["-c", packages.map { "import \($0)" }.joined(separator: "\n")]).code) == 0
    }

    /// What a script prints.
    ///
    /// - Throws: `Failure` if the script does not end with 0.
    static func run(_ script: String, _ arguments: String...) throws -> String {
        let result = try start(["-c", script] + arguments)
        guard result.code == 0 else { throw Failure(text: result.errors) }
        return result.output
    }

    struct Failure: Error, CustomStringConvertible {
        var text: String
        var description: String { text }
    }

    private static func start(_ arguments: [String]) throws -> (code: Int32, output: String, errors: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [ProcessInfo.processInfo.environment["REVSWEEP_PYTHON"] ?? "python3"] + arguments
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        let complaints = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (
            process.terminationStatus, String(decoding: text, as: UTF8.self),
            String(decoding: complaints, as: UTF8.self)
        )
    }
}
