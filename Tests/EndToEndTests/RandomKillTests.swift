import Foundation
import Subprocess
import TestSupport
import Testing

/// The scripts described in `Benchmarks/robustness.md`, with numbers small enough for a test.
@Suite(.tags(.slow), .enabled(if: Machine.has("python3"), "there is no Python"))
struct RandomKillTests {
    private static let scripts = Project.path("Benchmarks/robustness")

    private func run(_ script: String, _ arguments: String...) async throws -> Program.Result {
        let folder = try TemporaryDirectory()
        return try await Program.shell.run(
            ["-c", "exec python3 \"$@\"", "sh", "\(Self.scripts)/\(script)", Program.revsweep.path] + arguments,
            in: folder.path)
    }

    @Test func `fifty kills at random moments lose nothing, double nothing and leave nothing`() async throws {
        let result = try await run("kills", "50")
        #expect(result.status == .exited(0), "\(result.errorOutput)")
        #expect(result.output.hasPrefix("50 kills in "))
    }

    @Test(arguments: [
        "{name: asha, min_steps: 1, reduction: 3}",
        "{name: successive_halving, min_steps: 1, reduction: 3, max_steps: 9}",
    ])
    func `five databases are the same, whatever the workers and the interruptions`(pruner: String) async throws {
        let result = try await run("identity", "40", "1", pruner)
        #expect(result.status == .exited(0), "\(result.errorOutput)")
        #expect(result.output.hasPrefix("five databases"))
    }
}
