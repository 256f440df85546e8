import Foundation
import Testing

/// The page in a real browser, driven by scripts in Python with Playwright.
public enum Browser {
    /// The scripts.
    public static let folder = Project.path("Tests/SweepPageTests/browser")
    private static let python = Program(onPath: ProcessInfo.processInfo.environment["REVSWEEP_PYTHON"] ?? "python3")
    /// Debian's names for it.
    private static let program = ["chromium", "chromium-headless-shell"].lazy
        .compactMap { Program(onPath: $0)?.path }.first

    /// Whether there are a browser, and Python with Playwright.
    public static func isThere() async -> Bool {
        guard program != nil else { return false }
        return await Python.has("playwright")
    }

    /// Runs a script and expects that it succeeds.
    ///
    /// - Parameters:
    ///   - samples: the folder that it works in.
    ///   - revsweep: the program that it watches sweeps with, if it does.
    /// - Returns: what it printed.
    public static func run(
        _ script: String, _ arguments: [String] = [], samples: String, revsweep: Program? = nil
    ) async throws -> String {
        let python = try #require(python)
        let program = try #require(program)
        var environment = ["CHROMIUM": program, "PAGE_SAMPLES": samples, "PYTHONDONTWRITEBYTECODE": "1"]
        environment["REVSWEEP"] = revsweep?.path
        let result = try await python.run(
            ["\(folder)/\(script)"] + arguments, in: samples, environment: environment)
        #expect(result.status == .exited(0), "\(result.output.suffix(2000))\n\(result.errorOutput.suffix(6000))")
        return result.output
    }
}
