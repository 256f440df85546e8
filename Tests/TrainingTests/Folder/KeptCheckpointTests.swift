import Foundation
import RandomStreams
import TestSupport
import Testing
import Training

@Suite struct KeptCheckpointTests {
    private func yaml(_ output: String, epochs: Int = 6) -> String {
        smallConfig("gauss_newton", epochs: epochs).replacing(
            "output: {checkpoint_every: 1}", with: "output: {\(output)}")
    }

    private func train(_ yaml: String, in folder: String, stopAfter batches: Int = .max) throws {
        var run = try TrainingRun(config(yaml), folder: folder)
        var done = 0
        _ = try run.run(shouldStop: { done >= batches }, observe: { if case .progress = $0 { done += 1 } })
    }

    private func checkpoints(_ folder: String) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasPrefix("checkpoint") {
            files[name] = FileManager.default.contents(atPath: "\(folder)/\(name)")
        }
        return files
    }

    @Test(arguments: [
        ("keep_last: 0", []), ("keep_last: 2", ["000005", "000006"]),
        ("checkpoint_every: 2, keep_last: 2", ["000004", "000006"]),
        ("checkpoint_every: 4, keep_last: all", ["000004", "000006"]),
    ])
    func `as many checkpoints stay as are asked for`(output: String, kept: [String]) throws {
        let folder = try TemporaryDirectory()
        try train(yaml(output), in: folder.path)
        #expect(try checkpoints(folder.path).keys.sorted() == ["checkpoint"] + kept.map { "checkpoint.\($0)" })
    }

    @Test func `a kept checkpoint is the run as it was`() throws {
        let folder = try TemporaryDirectory()
        try train(yaml("keep_last: all, best: val_loss"), in: "\(folder.path)/long")
        let run = try StoredRun(readingFrom: "\(folder.path)/long")
        #expect(run.keptEpochs == [1, 2, 3, 4, 5, 6])
        let short = try StoredRun(readingFrom: "\(folder.path)/long")
        for epoch in [2, 5] {
            try train(yaml("keep_last: 0", epochs: epoch), in: "\(folder.path)/\(epoch)")
            let other = try StoredRun(readingFrom: "\(folder.path)/\(epoch)")
            #expect(try run.network(at: .epoch(epoch)).parameters == other.network(at: .last).parameters)
            #expect(try run.network(at: .start).parameters == other.network(at: .epoch(0)).parameters)
        }
        let losses = run.epochs.compactMap { $0["val_loss"] }
        let best = try #require(losses.indices.min { losses[$0] < losses[$1] }) + 1
        #expect(try run.network(at: .best).parameters == short.network(at: .epoch(best)).parameters)
        #expect(throws: CheckpointError.self) { try run.network(at: .epoch(7)) }
    }

    @Test func `a run stopped anywhere leaves the same checkpoints as an unbroken one`() throws {
        let folder = try TemporaryDirectory()
        let yaml = yaml("checkpoint_every: 2, keep_last: 2, best: val_accuracy")
        try train(yaml, in: "\(folder.path)/whole")
        var random = RandomStream(seed: 2, stream: 77)
        for _ in 0..<30 { try train(yaml, in: "\(folder.path)/broken", stopAfter: Int(random.integer(below: 9))) }
        let (whole, broken) = (try checkpoints("\(folder.path)/whole"), try checkpoints("\(folder.path)/broken"))
        #expect(whole.keys.sorted() == broken.keys.sorted() && whole.count == 4)
        for name in ["checkpoint.best", "checkpoint.000004"] {
            let (first, second) = (
                try TrainedNetwork(readingFrom: "\(folder.path)/whole/\(name)"),
                try TrainedNetwork(readingFrom: "\(folder.path)/broken/\(name)")
            )
            #expect(first.network.parameters == second.network.parameters && first.epochs == second.epochs, "\(name)")
        }
    }

    @Test func `a fresh start discards what was kept, and nothing else`() throws {
        let folder = try TemporaryDirectory()
        try train(yaml("keep_last: all, best: val_loss"), in: folder.path)
        try folder.write("mine", to: "checkpoint.notes")
        var run = try TrainingRun(config(yaml("keep_last: 0", epochs: 1)), folder: folder.path, fresh: true)
        _ = try run.run(observe: { _ in })
        #expect(try checkpoints(folder.path).keys.sorted() == ["checkpoint", "checkpoint.notes"])
    }

    @Test func `a metric that a best epoch cannot be known by is refused`() {
        #expect(throws: (any Error).self) { try config("output: {best: val_los}") }
        #expect(throws: (any Error).self) { try config("output: {keep_last: some}") }
    }
}
