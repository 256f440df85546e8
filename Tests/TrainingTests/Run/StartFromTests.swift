import Foundation
import ReversibleCore
import TestSupport
import Testing
import Training

/// Runs that begin with the weights of others.
@Suite struct StartFromTests {
    private func yaml(_ optimizer: String, _ training: String, seed: Int = 4) -> String {
        smallConfig(optimizer).replacing("training: {epochs: 3}", with: "training: {\(training)}")
            .replacing("checkpoint_every: 1", with: "keep_last: all").replacing("seed: 4", with: "seed: \(seed)")
    }

    @discardableResult
    private func train(_ yaml: String, in folder: String, stopAfter batches: Int = .max) throws -> StoredRun {
        var run = try TrainingRun(config(yaml), folder: folder)
        var done = 0
        _ = try run.run(shouldStop: { done >= batches }, observe: { if case .progress = $0 { done += 1 } })
        return try StoredRun(readingFrom: folder)
    }

    private func failure(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch { return "\(error)" }
    }

    @Test func `folder, checkpoint and file of weights are the same beginning`() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path
        let first = try train(yaml("adam", "epochs: 2"), in: "\(path)/adam-4")
        for format in WeightFormat.allCases { try format.write(first.tensors(at: .last), to: "\(path)/w.\(format)") }
        try StoredRun.begin(
            config(yaml("gauss_newton", "epochs: 2")), folder: "\(path)/import", with: first.tensors(at: .last))
        let imported = try train(yaml("gauss_newton", "epochs: 2"), in: "\(path)/import")
        var sums: Set<String> = []
        for (index, source) in ["adam-4", "adam-4/checkpoint.000002", "w.npz", "w.safetensors", "adam-{seed}"]
            .enumerated()
        {
            let run = try train(
                yaml("gauss_newton", "epochs: 2, start_from: '\(path)/\(source)'"), in: "\(path)/\(index)")
            #expect(try run.network(at: .start).parameters == first.network(at: .last).parameters, "\(source)")
            // Nothing but the weights comes over: an import, which never knew the other run, ends the same.
            #expect(try run.network(at: .last).parameters == imported.network(at: .last).parameters, "\(source)")
            #expect(run.epochs.map(\.epoch) == [1, 2])
            sums.insert(try #require(run.config.training.startChecksum))
        }
        #expect(sums.count == 1 && sums.first?.count == 16)
        let early = try train(
            yaml("sgd", "epochs: 1, start_from: '\(path)/adam-4/checkpoint.000001'"), in: "\(path)/early")
        #expect(try early.network(at: .start).parameters == first.network(at: .epoch(1)).parameters)
        #expect(early.config.training.startChecksum != sums.first)
    }

    @Test(arguments: ["gauss_newton, noisy", "adam"])
    func `a run stopped anywhere goes on without the file, with the same bits`(optimizer: String) throws {
        let folder = try TemporaryDirectory()
        let path = folder.path
        try train(yaml("sgd", "epochs: 1"), in: "\(path)/source")
        let second = yaml(optimizer, "epochs: 3, start_from: '\(path)/source'")
        try train(second, in: "\(path)/whole")
        try train(second, in: "\(path)/broken", stopAfter: 0)
        try FileManager.default.removeItem(atPath: "\(path)/source")
        for batches in [3, 0, 11, 20, 40] { try train(second, in: "\(path)/broken", stopAfter: batches) }
        #expect(try Remains(of: "\(path)/broken") == Remains(of: "\(path)/whole"))
        let (whole, broken) = (
            try StoredRun(readingFrom: "\(path)/whole"), try StoredRun(readingFrom: "\(path)/broken")
        )
        #expect(try whole.network(at: .start).parameters == broken.network(at: .start).parameters)
        // Its resolved config has the check sum, and names weights that are no longer there.
        let resolved = try String(contentsOfFile: "\(path)/whole/resolved.yaml", encoding: .utf8)
        #expect(resolved.contains("start_checksum: "))
        #expect(try #require(failure { try train(second, in: "\(path)/third") }).contains("there is no such file"))
    }

    @Test func `a resumed run knows whether it began with these weights`() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path
        let source = try train(yaml("sgd", "epochs: 1"), in: "\(path)/source")
        try WeightFormat.npz.write(source.tensors(at: .last), to: "\(path)/w.npz")
        try train(yaml("adam", "epochs: 1, start_from: '\(path)/source'"), in: "\(path)/run")
        // The same weights in another file are the same beginning.
        try train(yaml("adam", "epochs: 2, start_from: '\(path)/w.npz'"), in: "\(path)/run")
        try WeightFormat.npz.write(source.tensors(at: .start), to: "\(path)/w.npz")
        let other = try #require(
            failure { try train(yaml("adam", "epochs: 2, start_from: '\(path)/w.npz'"), in: "\(path)/run") })
        #expect(other.contains("holds a run of another config:") && other.contains("training.start_checksum was "))
        let none = try #require(failure { try train(yaml("adam", "epochs: 2"), in: "\(path)/run") })
        #expect(none.contains("training.start_from was ") && none.contains(", is none"))
        let sum = try #require(try StoredRun(readingFrom: "\(path)/run").config.training.startChecksum)
        let pinned = "epochs: 1, start_from: '\(path)/source', start_checksum: '\(sum)'"
        try train(yaml("sgd", pinned), in: "\(path)/pinned")
        let wrong = try #require(
            failure {
                try train(yaml("sgd", pinned.replacing("/source", with: "/w.npz")), in: "\(path)/wrong")
            })
        #expect(wrong.hasPrefix("'training.start_checksum' is \(sum), and the weights in \(path)/w.npz have "))
    }

    @Test func `weights of another network are refused with the reason`() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path
        let source = try train(yaml("sgd", "epochs: 1"), in: "\(path)/source")
        try WeightFormat.npz.write(source.tensors(at: .last), to: "\(path)/w.npz")
        func message(_ yaml: String) throws -> String {
            let message = try #require(failure { try train(yaml, in: "\(path)/new") })
            #expect(!FileManager.default.fileExists(atPath: "\(path)/new/checkpoint"))
            return message
        }
        let start = "epochs: 1, start_from: '\(path)/source'"
        #expect(
            try message(yaml("adam", start).replacing("hidden: 40", with: "hidden: 50, activation: tanh")).contains(
                "source has another network: model.hidden was 40, is 50, model.activation was relu, is tanh"))
        #expect(
            try message(yaml("adam", start, seed: 5)).contains(
                "source was trained with seed 4, and this run has seed 5\n  = help: the frozen projections come"))
        #expect(
            try message(
                yaml("adam", start).replacing("/source", with: "/w.npz").replacing("hidden: 40", with: "hidden: 50")
            )
            .contains("w.npz: the tensor 'blocks.0.f.weight' has the shape [32, 40]"))
        #expect(
            try message(
                yaml("adam", start).replacing(
                    "data: {", with: "data: {name: gaussian, synthetic: {features: 8, classes: 4}, ")
            )
            .contains("the checkpoint has parameters of the shape [41, 32], where the network has [41, 4]"))
        // As many features as digits have, so that all trained weights have the same shape.
        func drawn(_ classes: Int, _ yaml: String) -> String {
            yaml.replacing("data: {", with: "data: {name: gaussian, synthetic: {features: 64, classes: \(classes)}, ")
        }
        #expect(
            try message(drawn(4, yaml("adam", start))).contains(
                "source has another network: task.outputs was 10 classes, is 4 classes\n  = help: the data have to"))
        #expect(
            try message(drawn(4, yaml("adam", start.replacing("/source", with: "/w.npz")))).contains(
                "w.npz: the tensor 'readout' has the shape [64, 10]"))
        try train(drawn(10, yaml("adam", start)), in: "\(path)/ten")
        #expect(try message(yaml("adam", start.replacing("/source", with: "/none"))).contains("there is no such file"))
        try folder.write("hello, world: nothing", to: "other")
        #expect(
            try message(yaml("adam", start.replacing("/source", with: "/other"))).contains("this is not a checkpoint"))
    }

    @Test func `first weights come from one place`() throws {
        let folder = try TemporaryDirectory()
        let source = try train(yaml("sgd", "epochs: 1"), in: "\(folder.path)/source")
        let both = try config(yaml("adam", "epochs: 1, start_from: '\(folder.path)/source'"))
        let message = try #require(
            failure { try StoredRun.begin(both, folder: "\(folder.path)/new", with: source.tensors(at: .last)) })
        #expect(message.contains("'training.start_from' says already where the first weights come from"))
    }

    @Test func `a mistake is told in its line`() async throws {
        let folder = try TemporaryDirectory()
        try folder.write("training:\n  epochs: 1\n  start_from: results/runs/adam", to: "run.yaml")
        let result = try await Program.revmlp.run(["train", "run.yaml"], in: folder.path)
        #expect(result.status == .exited(1))
        #expect(
            result.errorOutput == """
                run.yaml:3:15: error: 'training.start_from': results/runs/adam: the checkpoint cannot be read: \
                there is no such file
                3 |   start_from: results/runs/adam
                  |               ^
                  = help: a run's folder, a checkpoint in it, or an .npz or .safetensors file

                """)
    }

    @Test func `weights without frozen numbers may have another seed`() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path
        func plain(_ yaml: String) -> String {
            yaml.replacing("hidden: 40", with: "hidden: off, output_projection: false")
                .replacing("learning_rate: 0.3", with: "learning_rate: 0.02")
        }
        let source = try train(plain(yaml("adam", "epochs: 1")), in: "\(path)/source")
        let run = try train(
            plain(yaml("sgd", "epochs: 1, start_from: '\(path)/source'", seed: 9)), in: "\(path)/other")
        #expect(try run.network(at: .start).parameters == source.network(at: .last).parameters)
    }

    @Test func `the first weights are as large as asked for, the same but for the factor`() throws {
        let folder = try TemporaryDirectory()
        func start(_ deviation: String) throws -> ReversibleNetwork<Float> {
            let yaml = yaml("sgd", "epochs: 1").replacing(
                "hidden: 40", with: "hidden: 40, initial_deviation: \(deviation)")
            return try train(yaml, in: "\(folder.path)/\(deviation)").network(at: .start)
        }
        let usual = try train(yaml("sgd", "epochs: 1"), in: "\(folder.path)/usual").network(at: .start)
        #expect(try start("1e-3").parameters == usual.parameters)
        for (text, factor) in [("1e-2", 10.0), ("1e-6", 1e-3), ("0", 0)] {
            var difference = try start(text).parameters
            difference.add(usual.parameters, scale: Float(-factor))
            // Of numbers that are rounded once each.
            #expect(difference.norm <= 1.2e-7 * Float(factor) * usual.parameters.norm, "\(text)")
        }
    }
}
