import Foundation
import RandomStreams
import TestSupport
import Testing
import Training

@Suite struct RunLogTests {
    private static let names = [
        "batches.csv", "batches.jsonl", "epochs.csv", "epochs.jsonl", "events.out.tfevents.revmlp",
    ]

    private func yaml(_ optimizer: String, _ output: String, epochs: Int = 3) -> String {
        smallConfig(optimizer, epochs: epochs).replacing("output: {checkpoint_every: 1}", with: "output: {\(output)}")
    }

    private func train(_ yaml: String, in folder: String, stopAfter batches: Int = .max) throws {
        var run = try TrainingRun(config(yaml), folder: folder)
        var done = 0
        _ = try run.run(shouldStop: { done >= batches }, observe: { if case .progress = $0 { done += 1 } })
    }

    private func lines(_ path: String) throws -> [String] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    /// The logs without what a clock or the machine's memory puts in them.
    private func reproducible(_ folder: String) throws -> [String: [String]] {
        let volatile: Set = ["seconds", "seconds_total", "peak_memory"]
        var result: [String: [String]] = [:]
        for name in ["batches.csv", "epochs.csv"] {
            let rows = try lines("\(folder)/\(name)").map { $0.split(separator: ",") }
            let kept = try #require(rows.first).indices.filter { !volatile.contains(String(rows[0][$0])) }
            result[name] = rows.map { row in kept.map { row[$0] }.joined(separator: ",") }
        }
        for name in ["batches.jsonl", "epochs.jsonl"] {
            result[name] = try lines("\(folder)/\(name)").map { line in
                line.split(separator: ", ").filter { field in !volatile.contains { field.hasPrefix("\"\($0)\"") } }
                    .joined(separator: ",")
            }
        }
        // Numbers of records and their length: the times in them take the same room.
        let events = FileManager.default.contents(atPath: "\(folder)/events.out.tfevents.revmlp") ?? Data()
        result["events"] = ["\(events.count) bytes"]
        return result
    }

    @Test(arguments: ["sgd", "adam", "gauss_newton"], [1, 2])
    func `a run stopped and killed anywhere logs what an unbroken one does`(optimizer: String, every: Int) throws {
        let folder = try TemporaryDirectory()
        let yaml = yaml(
            optimizer, "checkpoint_every: \(every), logs: [csv, jsonl, tensorboard], log_every: batch", epochs: 4)
        let (whole, broken) = ("\(folder.path)/whole", "\(folder.path)/broken")
        try train(yaml, in: whole)
        var random = RandomStream(seed: 3, stream: 77)
        struct Killed: Error {}
        for _ in 0..<20 {
            let count = Int(random.integer(below: 16))
            if random.uniform() < 0.5 {
                try train(yaml, in: broken, stopAfter: count)
            } else {
                // As a kill does, an error out of the loop leaves no checkpoint of where the run is.
                var (run, done) = (try TrainingRun(config(yaml), folder: broken), 0)
                _ = try? run.run(observe: { event in
                    if case .progress = event { done += 1 }
                    if done > count { throw Killed() }
                })
                let name = Self.names[Int(random.integer(below: 5))]
                if let file = FileHandle(forWritingAtPath: "\(broken)/\(name)") {
                    // And half a line.
                    try file.seekToEnd()
                    try file.write(contentsOf: Data("17,1".utf8))
                }
            }
        }
        try train(yaml, in: broken)
        #expect(try reproducible(broken) == reproducible(whole))
        #expect(try lines("\(whole)/batches.csv").count == 1 + 4 * 13)
    }

    @Test func `every column has its name and its number`() throws {
        let folder = try TemporaryDirectory()
        try train(yaml("adam", "logs: [csv, jsonl]"), in: folder.path)
        let rows = try lines("\(folder.path)/epochs.csv").map { $0.split(separator: ",").map(String.init) }
        let weights = ["0.f", "0.g", "1.f", "1.g"].flatMap { ["\($0).weight_norm", "\($0).weight_variance"] }
        #expect(
            rows[0] == [
                "epoch", "step", "train_loss", "train_accuracy", "val_loss", "val_accuracy", "percentage_loss_change",
                "seconds", "seconds_total", "peak_memory", "learning_rate",
            ] + weights)
        #expect(rows.map(\.count) == [19, 19, 19, 19] && rows[3][0] == "3" && rows[3][1] == "39")
        let run = try StoredRun(readingFrom: folder.path)
        #expect(rows[3][4] == run.epochs[2]["val_loss"]?.description)
        let total = try #require(Double(rows[3][8]))
        #expect(abs(total - run.epochs.reduce(0) { $0 + ($1["seconds"] ?? 0) }) < 1e-12)
        #expect(try #require(Double(rows[3][9])) > 1)
        // W of 0.f is its tensor in a file of weights.
        let values = try #require(run.tensors(at: .last).first).values.map(Double.init)
        let norm = try #require(Double(rows[3][11]))
        let variance = try #require(Double(rows[3][12]))
        let mean = values.reduce(0, +) / Double(values.count)
        #expect(abs(norm - values.reduce(0) { $0 + $1 * $1 }.squareRoot()) < 1e-12 * norm)
        let scatter = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
        #expect(abs(variance - scatter) < 1e-12 * norm)
        #expect(try lines("\(folder.path)/epochs.jsonl")[2].hasPrefix("{\"epoch\": 3, \"step\": 39, \"train_loss\": "))
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/batches.csv"))
    }

    @Test(arguments: ["none", "epoch", "batch"])
    func `diagnostics are logged where they are asked for, each number once`(diagnostics: String) throws {
        let folder = try TemporaryDirectory()
        let output = "logs: [csv, jsonl], log_every: batch, diagnostics: \(diagnostics)"
        try train(yaml("gauss_newton", output), in: folder.path, stopAfter: 20)
        try train(yaml("gauss_newton", output), in: folder.path)
        for (name, rows) in [("epochs", 3), ("batches", 39)] {
            let lines = try lines("\(folder.path)/\(name).csv").map {
                $0.split(separator: ",", omittingEmptySubsequences: false)
            }
            #expect(lines.count == rows + 1 && Set(lines.map(\.count)).count == 1, "\(name)")
            #expect(Set(lines[0]).count == lines[0].count && lines[0].contains("1.g.weight_norm"), "\(name)")
            let isDiagnosed = diagnostics == "batch" || diagnostics == "epoch" && name == "epochs"
            #expect(lines[0].contains("0.f.kept_rank") == isDiagnosed, "\(name)")
        }
    }

    @Test func `a regression has no accuracy to log or to be best by`() throws {
        let folder = try TemporaryDirectory()
        let task = "task: {name: regression, outputs: 3}\nloss: {name: mse}\n"
        try train(task + yaml("sgd", "logs: [csv], log_every: batch, best: val_loss", epochs: 1), in: folder.path)
        for name in ["epochs", "batches"] {
            #expect(try !lines("\(folder.path)/\(name).csv")[0].contains("accuracy"))
        }
        #expect(throws: (any Error).self) { try config(task + "output: {best: val_accuracy}") }
    }

    @Test func `a run that diverged is logged once however often it is tried`() throws {
        let folder = try TemporaryDirectory()
        let yaml = "optimizer: {name: sgd, learning_rate: 1e20}\noutput: {logs: [csv, tensorboard], log_every: batch}"
        for _ in 0..<3 { try train(yaml, in: folder.path) }
        #expect(try lines("\(folder.path)/epochs.csv").count == 2)
        // Whose line has fewer numbers than those of epochs that ended well.
        let later = "optimizer: {name: sgd, learning_rate: 5}\ntraining: {epochs: 100}\n"
        for _ in 0..<2 {
            try train(later + "output: {logs: [csv], diagnostics: epoch}", in: "\(folder.path)/later")
        }
        let rows = try lines("\(folder.path)/later/epochs.csv")
        #expect(rows.last?.contains("NaN") == true && rows.dropLast().allSatisfy { !$0.contains("NaN") })
    }

    @Test func `a fresh start begins the logs again, and other columns are not mixed`() throws {
        let folder = try TemporaryDirectory()
        try train(yaml("sgd", "logs: [csv]"), in: folder.path)
        do {
            var run = try TrainingRun(config(yaml("sgd", "logs: [csv]", epochs: 1)), folder: folder.path, fresh: true)
            _ = try run.run(observe: { _ in })
        }
        #expect(try lines("\(folder.path)/epochs.csv").count == 2)
        try folder.write("epoch,step,loss\n1,13,0.5\n", to: "epochs.csv")
        let error = RunLogError.otherColumns(path: "\(folder.path)/epochs.csv")
        #expect(throws: error) { try train(yaml("sgd", "logs: [csv]", epochs: 2), in: folder.path) }
        #expect("\(error)".hasSuffix("/epochs.csv: cannot be written: it has other columns; move it away to go on"))
    }

    @Test(arguments: [
        ("logs: [csv]", "train_metrics: [after_steps]", "epochs"), ("logs: [csv]", "diagnostics: epoch", "epochs"),
        ("logs: [csv], log_every: batch", "diagnostics: batch", "batches"),
    ])
    func `a table that lacks columns is found out before anything is trained`(
        logs: String, more: String, table: String
    ) throws {
        let folder = try TemporaryDirectory()
        let path = "\(folder.path)/\(table).csv"
        try train(yaml("gauss_newton", logs), in: folder.path, stopAfter: 20)
        let before = try lines(path)
        var (run, batches) = (
            try TrainingRun(config(yaml("gauss_newton", "\(logs), \(more)")), folder: folder.path), 0
        )
        do {
            _ = try run.run(observe: { if case .progress = $0 { batches += 1 } })
            Issue.record("trained")
        } catch let error as RunLogError {
            #expect(error == .otherColumns(path: path))
        }
        #expect(batches == 0)
        #expect(try lines(path) == before)
    }

    @Test func `a run that is complete needs no columns`() throws {
        let folder = try TemporaryDirectory()
        try train(yaml("sgd", "logs: [csv]"), in: folder.path)
        let before = try lines("\(folder.path)/epochs.csv")
        try train(yaml("sgd", "logs: [csv], diagnostics: epoch"), in: folder.path)
        #expect(try lines("\(folder.path)/epochs.csv") == before)
        // Where it is made longer, it does.
        #expect(throws: RunLogError.otherColumns(path: "\(folder.path)/epochs.csv")) {
            try train(yaml("sgd", "logs: [csv], diagnostics: epoch", epochs: 4), in: folder.path)
        }
    }

    @Test func `a log that is none is refused by name`() throws {
        do {
            _ = try config("output: {logs: [csv, tensorbord], log_every: epochs}")
            Issue.record("read")
        } catch {
            #expect("\(error)".contains("'output.logs' cannot be 'tensorbord'"))
            #expect("\(error)".contains("did you mean 'tensorboard'?"))
            #expect("\(error)".contains("'output.log_every' cannot be 'epochs'"))
        }
    }

    @Test(.enabled("there is no Python with TensorBoard") { await Python.has("tensorboard") })
    func `TensorBoard reads the events`() async throws {
        let folder = try TemporaryDirectory()
        let yaml = yaml("sgd", "logs: [tensorboard], log_every: batch")
        try train(yaml, in: folder.path, stopAfter: 20)
        try train(yaml, in: folder.path)
        let output = try await Python.run(
            """
            import sys
            from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
            events = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0, "tensors": 0})
            events.Reload()
            def curve(tag):
                return [(e.step, round(e.value, 4)) for e in events.Scalars(tag)]
            print(*sorted(events.Tags()["scalars"]), sep=",")
            print(*[s for s, _ in curve("Percentage loss change per batch")])
            print(*[s for s, _ in curve("validation/loss")])
            print(curve("validation/loss")[-1][1])
            """, [folder.path])
        let lines = output.split(separator: "\n")
        try #require(lines.count == 4)
        let tags = lines[0].split(separator: ",")
        #expect(tags.count == 11 + 8 && tags.contains("Weight norm/1.g") && tags.contains("Time excluding evaluation"))
        #expect(lines[1] == (1...39).map { "\($0)" }.joined(separator: " "))
        #expect(lines[2] == "13 26 39")
        let loss = try #require(StoredRun(readingFrom: folder.path).epochs.last?["val_loss"])
        #expect(abs(try #require(Double(lines[3])) - loss) < 1e-4)
    }
}
