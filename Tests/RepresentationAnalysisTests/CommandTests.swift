import Foundation
import TestSupport
import Testing

/// The analyses as a person calls them.
@Suite struct CommandTests {
    private func revmlp(_ arguments: String..., in folder: String) async throws -> Program.Result {
        try await Program.revmlp.run(arguments, in: folder)
    }

    @Test func `every analysis prints a table or JSON, and writes CSV`() async throws {
        let directory = try TemporaryDirectory()
        let folder = directory.path
        for seed in [1, 2] {
            try directory.write("seed: \(seed)\nmodel: {hidden: 20}\ntraining: {epochs: 2}", to: "\(seed).yaml")
            #expect(try await revmlp("train", "\(seed).yaml", in: folder).status.isSuccess)
        }
        for (command, lines) in [("cka", 5), ("ntk", 3), ("weights", 21), ("curves", 3)] {
            let table = try await revmlp(command, "results/runs", "-o", "\(command).csv", in: folder)
            #expect(table.status.isSuccess && table.errorOutput.isEmpty, "\(table.errorOutput)")
            #expect(table.output.split(separator: "\n").count == lines, "\(command)")
            let csv = try directory.text(of: "\(command).csv")
            #expect(csv.split(separator: "\n").count == lines, "\(command)")
            let json = try await revmlp(command, "--json", "results/runs", in: folder).output
            let objects = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]]
            #expect(objects?.count == lines - 1, "\(command)")
        }
        #expect(
            try await revmlp("cka", "--between", "results/runs", in: folder).output.split(separator: "\n").count == 3)

        let exported = try await revmlp(
            "weights", "export", "results/runs/1", "-o", "w.npz", "--at", "start", in: folder)
        #expect(exported.status.isSuccess, "\(exported.errorOutput)")
        let imported = try await revmlp("weights", "import", "w.npz", "1.yaml", "-o", "results/again", in: folder)
        #expect(imported.status.isSuccess, "\(imported.errorOutput)")
        #expect(try await revmlp("train", "1.yaml", "--output", "results/again", in: folder).status.isSuccess)
        let (first, again) = (
            try await revmlp("eval", "results/runs/1", in: folder).output,
            try await revmlp("eval", "results/again", in: folder).output
        )
        #expect(first == again && first.hasPrefix("test samples  360"))
    }

    @Test func `mistakes exit with 1 and say what to do`() async throws {
        let folder = try TemporaryDirectory()
        let nothing = try await revmlp("curves", "nothing", in: folder.path)
        #expect(nothing.status == .exited(1) && nothing.errorOutput.hasPrefix("error: nothing: there is no run"))
        #expect(
            try await revmlp("ntk", "nothing", "--probes", "1", in: folder.path).errorOutput.contains(
                "--probes must be 0 or at least 2"))
        #expect(
            try await revmlp("weights", "export", "nothing", "-o", "w", in: folder.path).errorOutput.contains(
                "--format is needed"))
        #expect(
            try await revmlp("cka", "nothing", "--samples", "3", in: folder.path).errorOutput.contains(
                "must be at least 4"))
    }
}
