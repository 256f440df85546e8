import Foundation
import Subprocess
import TestSupport
import Testing

/// The examples, run with the command in their first line, if the packages they need are installed.
@Suite(.tags(.slow)) struct ExampleTests {
    private static let folder = Project.path("examples")

    @Test(.enabled(if: Machine.has("gzip", "bzip2"), "there is no gzip or no bzip2"))
    func `the shell script`() async throws { try await check("shell", trials: 10) }

    @Test(.enabled(if: Machine.has("python3"), "there is no Python"))
    func `the trainer with argparse`() async throws { try await check("argparse", trials: 12) }

    @Test(.enabled(if: Machine.has("python3"), "there is no Python"))
    func `the program that prints text`() async throws { try await check("text", trials: 12) }

    @Test(.enabled(if: Machine.has("python3"), "there is no Python"))
    func `the trainer with two metrics`() async throws { try await check("objectives", trials: 40) }

    @Test(.enabled(if: Machine.has("python3"), "there is no Python"))
    func `the module of a package, which reads a file by a relative path`() async throws {
        try await check("module", trials: 12)
    }

    @Test(.enabled("there is no Python with click") { await Python.onPathHas("click") })
    func `the trainer with click`() async throws { try await check("click", trials: 12) }

    @Test(.enabled("there is no Python with scikit-learn") { await Python.onPathHas("sklearn") })
    func `the trainer with scikit-learn`() async throws { try await check("scikit-learn", trials: 20) }

    @Test(.enabled("there is no Python with PyTorch") { await Python.onPathHas("torch") })
    func `the trainer with PyTorch`() async throws { try await check("pytorch", trials: 20) }

    /// Runs the sweep from another folder, which must make no difference.
    private func check(_ name: String, trials: Int) async throws {
        let folder = try TemporaryDirectory()
        let result = try await Program.revsweep.run(
            ["run", "\(Self.folder)/\(name)/sweep.yaml", "--quiet"], in: folder.path)
        #expect(result.status == .exited(0), "\(result.errorOutput)")
        struct Trial: Decodable {
            var state: String
            var value: Double?
        }
        let listing = try await Program.revsweep.run(["trials", name, "--json"], in: folder.path).output
        let found = try JSONDecoder().decode([Trial].self, from: Data(listing.utf8))
        #expect(found.count == trials)
        #expect(found.allSatisfy { ["complete", "pruned"].contains($0.state) }, "\(listing)")
        #expect(found.contains { $0.state == "complete" })
    }
}
