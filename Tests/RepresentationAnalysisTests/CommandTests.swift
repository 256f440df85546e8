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

    @Test func `checkpoints are compared by epoch, and seeds share rows`() async throws {
        let directory = try TemporaryDirectory()
        let folder = directory.path
        for seed in [1, 2] {
            try directory.write(
                "seed: \(seed)\nmodel: {hidden: 20}\ntraining: {epochs: 3}\noutput: {keep_every: 1}", to: "\(seed).yaml"
            )
            #expect(try await revmlp("train", "\(seed).yaml", in: folder).status.isSuccess)
        }
        func lines(_ arguments: [String]) async throws -> [Substring] {
            let result = try await Program.revmlp.run(arguments + ["results/runs"], in: folder)
            #expect(result.status.isSuccess, "\(arguments) \(result.errorOutput)")
            return result.output.split(separator: "\n")
        }
        for (arguments, count) in [
            (["cka", "--by-epoch"], 13), (["cka", "--by-epoch", "--over-seeds"], 7), (["ntk", "--rate"], 7),
            (["ntk", "--rate", "--over-seeds", "--samples", "4"], 4), (["weights", "--by-epoch"], 61),
            (["weights", "--over-seeds", "--against", "1"], 11), (["cka", "--against", "last", "--by-epoch"], 13),
        ] {
            #expect(try await lines(arguments).count == count, "\(arguments)")
        }
        let heading = try await lines(["cka", "--by-epoch", "--over-seeds"])[0].split(separator: " ")
        #expect(heading == ["optimizer", "runs", "epoch", "block", "cka_mean", "cka_std"])
        for (arguments, message) in [
            (["cka", "--against", "7"], "checkpoint.000007: the checkpoint cannot be read: there is no such file"),
            (["cka", "--against", "never"], "'never' is invalid"),
            (["cka", "--between", "--by-epoch"], "it has no --by-epoch and no --against"),
            (["cka", "--between", "--over-seeds"], "it has no --over-seeds"),
        ] {
            let result = try await Program.revmlp.run(arguments + ["results/runs"], in: folder)
            #expect(result.status == .exited(1) && result.errorOutput.contains(message), "\(result.errorOutput)")
        }
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
