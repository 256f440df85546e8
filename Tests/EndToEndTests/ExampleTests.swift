import Foundation
import Subprocess
import TestSupport
import Testing

/// The examples, run as their first line says, where what they need is installed.
@Suite(.tags(.slow)) struct ExampleTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("examples").path

    @Test(arguments: [
        ("shell", "command -v gzip bzip2", 10), ("scikit-learn", "python3 -c 'import sklearn'", 20),
        ("pytorch", "python3 -c 'import torch'", 20),
    ])
    func `an example runs and finds something`(name: String, needs: String, trials: Int) async throws {
        let folder = try TemporaryDirectory()
        guard try await Program.shell.run(["-c", needs], in: folder.path).status == .exited(0) else { return }
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
