import Foundation
import RandomStreams
import TestSupport
import Testing
import Training
import TrialProtocol

/// When a run is evaluated and on which samples, and at which weights its numbers were taken.
@Suite struct EvaluationTests {
    private func yaml(
        _ training: String, output: String = "checkpoint_every: 1", optimizer: String = "gauss_newton",
        batch: Int = 100
    ) -> String {
        smallConfig(optimizer).replacing("training: {epochs: 3}", with: "training: {\(training)}")
            .replacing("output: {checkpoint_every: 1}", with: "output: {\(output)}")
            .replacing("batch_size: 100", with: "batch_size: \(batch)")
    }

    @discardableResult
    private func train(_ yaml: String, in folder: String, stopAfter batches: Int = .max) throws -> [MetricReport] {
        var run = try TrainingRun(config(yaml), folder: folder)
        var (done, reports) = (0, [MetricReport]())
        _ = try run.run(
            shouldStop: { done >= batches },
            observe: { event in
                if case .progress = event { done += 1 }
                if case .epoch(let report) = event { reports.append(report) }
            })
        return reports
    }

    @Test(arguments: [(1, [1, 2, 3, 4, 5]), (2, [2, 4, 5]), (3, [3, 5]), (5, [5]), (100, [5])])
    func `every N-th epoch is evaluated and the last, and nothing else is said of the others`(
        every: Int, evaluated: [Int]
    ) throws {
        let folder = try TemporaryDirectory()
        let all = try train(yaml("epochs: 5"), in: "\(folder.path)/all")
        let some = try train(yaml("epochs: 5, evaluate_every: \(every)"), in: "\(folder.path)/some")
        for (report, whole) in zip(some, all) {
            let isEvaluated = evaluated.contains(try #require(report.step))
            let kept = whole.metrics.filter { isEvaluated || !$0.name.hasPrefix("val_") }
            #expect(report.metrics.dropLast() == kept.dropLast())
        }
        let (first, second) = (try Remains(of: "\(folder.path)/all"), try Remains(of: "\(folder.path)/some"))
        #expect(first.parameters == second.parameters)
    }

    @Test func `a part of the samples is the same in all epochs and runs, and is said`() throws {
        let folder = try TemporaryDirectory()
        let reports = try train(yaml("epochs: 2, evaluate_on: 50"), in: "\(folder.path)/a")
        #expect(reports.map { $0["val_samples"] } == [50, 50])
        #expect(
            reports[0].metrics.map(\.name) == [
                "train_loss", "train_accuracy", "val_loss", "val_accuracy", "percentage_loss_change", "val_samples",
                "seconds",
            ])
        // Of 50 samples an accuracy is a multiple of a fiftieth.
        let accuracy = try #require(reports[1]["val_accuracy"])
        #expect(abs((accuracy * 50).rounded() - accuracy * 50) < 1e-9)
        // Another seed of the run, the same samples: the untrained networks differ, the labels do not.
        let whole = try train(
            yaml("epochs: 2, evaluate_on: 1.0e3").replacing("1.0e3", with: "216"), in: "\(folder.path)/b")
        let all = try train(yaml("epochs: 2"), in: "\(folder.path)/c")
        for (report, other) in zip(whole, all) { #expect(report["val_loss"] == other["val_loss"]) }
        let share = try train(yaml("epochs: 1, evaluate_on: 0.25"), in: "\(folder.path)/d")
        #expect(share[0]["val_samples"] == 54)
        let other = yaml("epochs: 2, evaluate_on: 50").replacing("batch_size", with: "validation_seed: 9, batch_size")
        #expect(try train(other, in: "\(folder.path)/e")[0]["val_loss"] != reports[0]["val_loss"])
    }

    @Test func `more samples than there are is a mistake in its place`() async throws {
        let folder = try TemporaryDirectory()
        try folder.write("training:\n  evaluate_on: 500", to: "run.yaml")
        let result = try await Program.revmlp.run(["train", "run.yaml"], in: folder.path)
        #expect(result.status == .exited(1))
        #expect(
            result.errorOutput == """
                run.yaml:2:16: error: 'training.evaluate_on' is 500, and there are 216 validation samples
                2 |   evaluate_on: 500
                  |                ^
                  = help: all takes all of them, a number below 1 a share

                """)
        let set = try await Program.revmlp.run(
            ["train", "run.yaml", "--set", "training.evaluate_on=300"], in: folder.path)
        #expect(set.errorOutput.hasPrefix("--set training.evaluate_on: error: 'training.evaluate_on' is 300"))
    }

    /// With one batch an epoch, what is true after the step of an epoch is true before that of the next.
    @Test func `names say at which weights a number was taken`() throws {
        let folder = try TemporaryDirectory()
        let output = "train_metrics: [after_epoch, after_steps, before_steps]"
        let reports = try train(yaml("epochs: 4", output: output, batch: 2000), in: folder.path)
        #expect(
            reports[0].metrics.map(\.name) == [
                "train_loss", "train_accuracy", "train_loss_before_steps", "train_accuracy_before_steps",
                "train_loss_after_steps", "train_accuracy_after_steps", "train_loss_after_epoch",
                "train_accuracy_after_epoch", "val_loss", "val_accuracy", "percentage_loss_change", "seconds",
            ])
        for (index, report) in reports.enumerated() {
            let (before, after) = (
                try #require(report["train_loss_before_steps"]), try #require(report["train_loss_after_steps"])
            )
            #expect(before == report["train_loss"])
            #expect(report["train_accuracy_before_steps"] == report["train_accuracy"])
            #expect(after < before)
            // The same samples in another order: only the rounding of sums differs.
            #expect(abs(try #require(report["train_loss_after_epoch"]) - after) < 1e-5 * after)
            #expect(report["train_accuracy_after_epoch"] == report["train_accuracy_after_steps"])
            #expect(abs(try #require(report["percentage_loss_change"]) - 100 * (after - before) / before) < 1e-9)
            guard index + 1 < reports.count else { continue }
            #expect(abs(try #require(reports[index + 1]["train_loss"]) - after) < 1e-5 * after)
        }
        let whole = try train(
            yaml("epochs: 4, evaluate_training_set: true, evaluate_every: 3", output: output, batch: 2000),
            in: "\(folder.path)/whole")
        #expect(whole.map { $0["train_loss"] == nil } == [true, true, false, false])
        #expect(whole[3]["train_loss"] == whole[3]["train_loss_after_epoch"])
        #expect(whole[0]["train_loss_before_steps"] == reports[0]["train_loss"])
        #expect(whole[0]["train_loss_after_epoch"] == nil)
    }

    @Test(arguments: ["sgd", "gauss_newton, noisy"])
    func `a run stopped and resumed anywhere says what an unbroken one says`(optimizer: String) throws {
        let folder = try TemporaryDirectory()
        let yaml = yaml(
            "epochs: 5, evaluate_every: 2, evaluate_on: 0.3",
            output: "checkpoint_every: 3, keep_every: 2, train_metrics: [after_steps, after_epoch], logs: [csv, jsonl]",
            optimizer: optimizer)
        try train(yaml, in: "\(folder.path)/whole")
        var random = RandomStream(seed: 5, stream: 77)
        for _ in 0..<40 { try train(yaml, in: "\(folder.path)/broken", stopAfter: Int(random.integer(below: 9))) }
        #expect(try Remains(of: "\(folder.path)/broken") == Remains(of: "\(folder.path)/whole"))
        for name in ["whole", "broken"] {
            #expect(try StoredRun(readingFrom: "\(folder.path)/\(name)").keptEpochs == [2, 4])
        }
        for epoch in [2, 4] {
            let (whole, broken) = (
                try StoredRun(readingFrom: "\(folder.path)/whole").network(at: .epoch(epoch)),
                try StoredRun(readingFrom: "\(folder.path)/broken").network(at: .epoch(epoch))
            )
            #expect(whole.parameters == broken.parameters)
        }
    }

    @Test func `tables have a column for what the first epoch lacks`() throws {
        let folder = try TemporaryDirectory()
        try train(
            yaml("epochs: 3, evaluate_every: 2, evaluate_on: 10", output: "logs: [csv, jsonl, tensorboard]"),
            in: folder.path)
        func lines(_ name: String) throws -> [String] {
            try String(contentsOfFile: "\(folder.path)/\(name)", encoding: .utf8).split(separator: "\n").map(
                String.init)
        }
        let rows = try lines("epochs.csv").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        let column = try #require(rows[0].firstIndex(of: "val_loss"))
        #expect(rows.map(\.count) == Array(repeating: rows[0].count, count: 4))
        #expect(rows[1][column].isEmpty && Double(rows[2][column]) != nil && Double(rows[3][column]) != nil)
        #expect(
            Array(rows[0][4...8]) == ["val_loss", "val_accuracy", "percentage_loss_change", "val_samples", "seconds"])
        let objects = try lines("epochs.jsonl")
        #expect(!objects[0].contains("val_loss") && objects[1].contains("\"val_samples\": 10.0"))
    }

    @Test func `the best epoch is one of those that were evaluated`() throws {
        let folder = try TemporaryDirectory()
        try train(yaml("epochs: 6, evaluate_every: 3", output: "best: val_loss"), in: folder.path)
        let run = try StoredRun(readingFrom: folder.path)
        let losses = run.epochs.compactMap { epoch in epoch["val_loss"].map { (epoch.epoch, $0) } }
        #expect(losses.map(\.0) == [3, 6])
        let best = try #require(losses.min { $0.1 < $1.1 }).0
        #expect(try TrainedNetwork(readingFrom: "\(folder.path)/checkpoint.best").epochs == best)
    }
}
