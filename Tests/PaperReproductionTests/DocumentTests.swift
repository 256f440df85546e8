import Foundation
import PaperReproduction
import TestSupport
import Testing

@Suite struct DocumentTests {
    @Test func bothFormsHaveEveryVerdictNumberAndPicture() {
        let evidence = SyntheticEvidence.all
        let document = PaperDocument(
            evidence, pictures: ["1": ["figures/1.mnist-full.curves.svg"]], introduction: ["On <this> & that."])
        for text in [document.html, document.markdown] {
            #expect(text.contains("figures/1.mnist-full.curves.svg"))
            for check in evidence.checks {
                for number in check.rows.flatMap(\.numbers) { #expect(text.contains(number)) }
            }
        }
        #expect(document.html.contains("On &lt;this&gt; &amp; that."))
        #expect(document.html.components(separatedBy: "class=\"holds\"").count - 1 == evidence.checks.count)
        #expect(document.markdown.contains("Of 29 statements 29 hold and 0 do not."))
    }

    /// From runs of the trainer and tables of its analyses, in the folders that a sweep makes.
    @Test func readsWhatTheProgramsWrite() async throws {
        let folder = try TemporaryDirectory()
        let trials = [("gauss_newton", 42), ("gauss_newton", 43), ("adam", 42)]
        for (number, (optimizer, seed)) in trials.enumerated() {
            let place = "mnist-full/trials/00000\(number)"
            try FileManager.default.createDirectory(
                atPath: "\(folder.path)/\(place)", withIntermediateDirectories: true)
            try "seed: 0\n".write(toFile: "\(folder.path)/config.yaml", atomically: true, encoding: .utf8)
            let result = try await Program.revmlp.run(
                [
                    "train", "config.yaml", "--quiet", "--output", place, "--set", "optimizer.name=\(optimizer)",
                    "--set", "seed=\(seed)", "--set", "training.epochs=2", "--set", "model.hidden=32",
                    "--set", "optimizer.learning_rate=\(optimizer == "adam" ? 0.001 : 0.5)",
                ], in: folder.path)
            #expect(result.status == .exited(0), "\(result.errorOutput)")
        }
        for name in ["cka", "weights"] {
            let result = try await Program.revmlp.run(
                [name, "\(folder.path)/mnist-full", "-o", "mnist-full.\(name).csv"], in: folder.path)
            #expect(result.status == .exited(0), "\(result.errorOutput)")
        }
        let evidence = try Evidence(readingFrom: folder.path)
        #expect(evidence.runs.map(\.setup.name) == ["GN 0.5", "GN 0.5", "Adam 0.001"])
        #expect(evidence.runs.map(\.seed) == [42, 43, 42])
        #expect(evidence.runs.allSatisfy { $0.length == 2 && ($0.last("train_loss") ?? .nan).isFinite })
        #expect(Set(evidence.alignments.map(\.block)) == [0, 1])
        #expect(evidence.runs.allSatisfy { $0.epochs == 2 && $0.isWhole && !$0.hasDiverged })
        #expect(evidence.alignments.filter { $0.setup.optimizer == .adam }.allSatisfy { 0...1 ~= $0.value ?? .nan })
        #expect(evidence.weights.count == 3)
        #expect(evidence.kernels.isEmpty)
    }

    @Test func aTableThatCannotBeReadIsNamedWithItsLine() async throws {
        let folder = try TemporaryDirectory()
        try FileManager.default.createDirectory(
            atPath: "\(folder.path)/mnist-full/trials", withIntermediateDirectories: true)
        // Without a run there is nothing that a table could speak of.
        #expect(try Evidence(readingFrom: folder.path).runs.isEmpty)
        try "seed: 0\n".write(toFile: "\(folder.path)/config.yaml", atomically: true, encoding: .utf8)
        _ = try await Program.revmlp.run(
            [
                "train", "config.yaml", "--quiet", "--output", "mnist-full/trials/000000", "--set",
                "training.epochs=1", "--set", "model.hidden=16",
            ], in: folder.path)
        let run = "\(folder.path)/mnist-full/trials/000000"
        try "run,epoch,block,cka\n\(run),1,0,much\n".write(
            toFile: "\(folder.path)/mnist-full.cka.csv", atomically: true, encoding: .utf8)
        let error = #expect(throws: EvidenceError.self) { try Evidence(readingFrom: folder.path) }
        #expect(error?.description == "\(folder.path)/mnist-full.cka.csv:2: 'cka' is 'much', no number")
        // A cell without a number is how the analyses say that there is none.
        for (name, text) in [
            ("cka", "run,epoch,block,cka\n\(run),1,0,\n\(run),1,1,0.5\n"),
            ("ntk", "run,ntk_similarity\n\(run),0.9\n\(run),\n"), ("weights", "run,layer,cosine\n\(run),weights,\n"),
        ] {
            try text.write(toFile: "\(folder.path)/mnist-full.\(name).csv", atomically: true, encoding: .utf8)
        }
        let evidence = try Evidence(readingFrom: folder.path)
        #expect(evidence.alignments.map(\.value) == [nil, 0.5])
        #expect(evidence.kernels.map(\.value) == [nil] && evidence.weights.map(\.value) == [nil])
    }

    /// The first run is stopped, the second diverges in its second epoch.
    @Test func knowsWhichRunsDidNotComeToTheirEnd() async throws {
        let folder = try TemporaryDirectory()
        try "seed: 0\nmodel: {hidden: 16}\n".write(
            toFile: "\(folder.path)/config.yaml", atomically: true, encoding: .utf8)
        let arguments = ["train", "config.yaml", "--quiet", "--set", "optimizer.name=sgd", "--output"]
        let trials = "\(folder.path)/mnist-full/trials"
        for number in 0...1 {
            try FileManager.default.createDirectory(
                atPath: "\(trials)/00000\(number)", withIntermediateDirectories: true)
        }
        let stopped = try await Program.revmlp.run(
            arguments + ["\(trials)/000000", "--set", "training.epochs=100000"], in: folder.path, ending: SIGTERM,
            afterLines: 2)
        #expect(stopped.status == .exited(128 + SIGTERM), "\(stopped.errorOutput)")
        let diverged = try await Program.revmlp.run(
            arguments + [
                "\(trials)/000001", "--set", "training.epochs=3", "--set", "optimizer.schedule.name=step", "--set",
                "optimizer.schedule.step_size=1", "--set", "optimizer.schedule.gamma=1e25",
            ], in: folder.path)
        #expect(diverged.status == .exited(3), "\(diverged.errorOutput)")
        let runs = try Evidence(readingFrom: folder.path).runs
        #expect(runs.map(\.epochs) == [100_000, 3] && runs.allSatisfy { !$0.isWhole })
        #expect(runs.map(\.hasDiverged) == [false, true])
        #expect(runs.map { $0.length > 1 } == [true, false])
    }
}
