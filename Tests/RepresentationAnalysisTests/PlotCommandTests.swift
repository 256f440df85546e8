import Foundation
import TestSupport
import Testing

/// Pictures of runs, as a person makes them.
@Suite struct PlotCommandTests {
    private func revmlp(_ arguments: [String], in folder: String) async throws -> Program.Result {
        try await Program.revmlp.run(arguments, in: folder)
    }

    /// Two set-ups, one of them with two seeds.
    private func runs() async throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        for (name, seed, hidden) in [("a1", 1, 20), ("a2", 2, 20), ("b", 1, 30)] {
            try directory.write(
                "seed: \(seed)\nmodel: {hidden: \(hidden)}\ntraining: {epochs: 2}\noutput: {keep_last: all}",
                to: "\(name).yaml")
            let result = try await revmlp(["train", "\(name).yaml"], in: directory.path)
            #expect(result.status.isSuccess, "\(result.errorOutput)")
        }
        return directory
    }

    @Test func `every analysis has a picture, the same bytes each time`() async throws {
        let folder = try await runs()
        for arguments in [
            ["curves"], ["cka"], ["cka", "--no-by-epoch"], ["ntk", "--samples", "8"],
            ["ntk", "--samples", "8", "--rate"],
            ["weights"], ["weights", "--no-by-epoch"], ["cka", "--between"], ["cka", "--against", "1"],
        ] {
            let all = ["plot"] + arguments + ["results/runs", "-o", "-"]
            let first = try await revmlp(all, in: folder.path)
            #expect(first.status.isSuccess && first.errorOutput.isEmpty, "\(arguments) \(first.errorOutput)")
            #expect(first.output.hasPrefix("<svg") && first.output.contains("<title"), "\(arguments)")
            #expect(!first.output.contains("no data"), "\(arguments)")
            #expect(try await revmlp(all, in: folder.path).output == first.output, "\(arguments)")
            if arguments != ["cka", "--between"] {
                // The seeds of one set-up are one entry of the legend.
                #expect(first.output.contains(">hidden=20<") && first.output.contains(">hidden=30<"), "\(arguments)")
            }
        }
        let plotly = try await revmlp(
            ["plot", "curves", "results/runs", "--metrics", "val_loss", "--format", "plotly"], in: folder.path)
        #expect(plotly.errorOutput == "wrote curves.json\n")
        let json = try JSONSerialization.jsonObject(with: Data(try folder.text(of: "curves.json").utf8))
        #expect(((json as? [String: Any])?["data"] as? [Any])?.isEmpty == false)
    }

    @Test func `checkpoints are drawn by epoch, a plot for each block and layer`() async throws {
        let folder = try await runs()
        func svg(_ arguments: String...) async throws -> String {
            let result = try await revmlp(["plot"] + arguments + ["results/runs", "-o", "-"], in: folder.path)
            #expect(result.status.isSuccess && result.errorOutput.isEmpty, "\(arguments) \(result.errorOutput)")
            return result.output
        }
        let cka = try await svg("cka")
        #expect(cka.contains(">block 0<") && cka.contains(">block 1<") && cka.contains(">epoch<"))
        let end = try await svg("cka", "--no-by-epoch")
        #expect(!end.contains(">block 0<") && end.contains(">block<"))
        let weights = try await svg("weights")
        for title in ["layer 0.f", "layer 1.g", "all layers", "relative change", "cosine"] {
            #expect(weights.contains(">\(title)<"), "\(title)")
        }
        let bars = try await svg("weights", "--no-by-epoch")
        #expect(bars.contains(">relative change<") && bars.contains(">cosine<") && !bars.contains(">all layers<"))
        let rates = try await svg("ntk", "--samples", "8", "--rate")
        #expect(rates.contains(">ntk_rate<"))
        #expect(try await svg("weights", "--against", "1").contains("Change of weights since epoch 1"))
    }

    @Test func `runs are grouped by what is asked for`() async throws {
        let folder = try await runs()
        let bySeed = try await revmlp(
            ["plot", "curves", "results/runs", "--by", "seed", "--metrics", "val_loss", "-o", "-"], in: folder.path)
        #expect(bySeed.output.contains(">1<") && bySeed.output.contains(">2<"))
        let unknown = try await revmlp(["plot", "weights", "results/runs", "--by", "sead"], in: folder.path)
        #expect(unknown.status == .exited(1))
        #expect(
            unknown.errorOutput
                == "error: the runs have no setting 'sead'; those in which they differ: model.hidden, seed\n")
        let none = try await revmlp(["plot", "curves", "results/runs", "--metrics", "lost"], in: folder.path)
        #expect(none.status == .exited(1) && none.errorOutput.contains("no run has reported 'lost'; known are"))
    }

    @Test func `a picture that cannot be written is said`() async throws {
        let folder = try await runs()
        let result = try await Program.revmlp.run(
            ["plot", "weights", "results/runs", "-o", "w.png"], in: folder.path, environment: ["PATH": "/nowhere"])
        #expect(result.status == .exited(1) && result.errorOutput.contains("a PNG takes the program rsvg-convert"))
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/w.png"))
        let other = try await revmlp(["plot", "weights", "results/runs", "-o", "w.pdf"], in: folder.path)
        #expect(other.status == .exited(1), "\(other.errorOutput)")
        #expect(other.errorOutput.hasPrefix("Error: no picture is written to a file that ends with '.pdf'\n"))
    }
}
