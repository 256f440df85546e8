import Files
import Foundation
import RandomStreams
import TestSupport
import Testing
import Training
import TrialProtocol

@Suite struct TrainingRunTests {
    /// Trains, stopping after so many batches; the reports that came.
    @discardableResult
    private func train(
        _ yaml: String, in folder: String, stopAfter batches: Int = .max, reportAll: Bool = false, fresh: Bool = false
    ) throws -> (outcome: TrainingOutcome, reports: [MetricReport]) {
        var run = try TrainingRun(config(yaml), folder: folder, fresh: fresh)
        var (done, reports) = (0, [MetricReport]())
        func watch(_ event: TrainingEvent) {
            switch event {
            case .epoch(let report): reports.append(report)
            case .progress: done += 1
            case .resumed, .alreadyComplete, .diagnostics: break
            }
        }
        let outcome = try run.run(reportAll: reportAll, shouldStop: { done >= batches }, observe: watch)
        return (outcome, reports)
    }

    @Test(arguments: optimizers.keys.sorted())
    func `a run stopped at any batch ends with the bits of an unbroken one`(optimizer: String) throws {
        let folder = try TemporaryDirectory()
        let yaml = smallConfig(optimizer)
        #expect(try train(yaml, in: "\(folder.path)/whole").outcome == .complete)
        var random = RandomStream(seed: 1, stream: 77)
        var (stops, outcome) = (0, TrainingOutcome.stopped)
        while outcome == .stopped {
            outcome = try train(
                yaml, in: "\(folder.path)/broken", stopAfter: Int(random.integer(below: 9))
            ).outcome
            stops += 1
        }
        #expect(stops > 3)
        #expect(try Remains(of: "\(folder.path)/broken") == Remains(of: "\(folder.path)/whole"))
    }

    @Test func `a run whose rate falls towards its end cannot be made longer`() throws {
        let folder = try TemporaryDirectory()
        func yaml(_ epochs: Int, _ name: String) -> String {
            smallConfig("sgd", epochs: epochs).replacing("momentum", with: "schedule: {name: \(name)}, momentum")
        }
        try train(yaml(2, "cosine"), in: "\(folder.path)/cosine")
        #expect(throws: TrainingError.self) { try train(yaml(3, "cosine"), in: "\(folder.path)/cosine") }
        try train(yaml(2, "step"), in: "\(folder.path)/step")
        #expect(try train(yaml(3, "step"), in: "\(folder.path)/step").outcome == .complete)
    }

    @Test func `a report has the metrics and their ranges`() throws {
        let folder = try TemporaryDirectory()
        let reports = try train(smallConfig("gauss_newton"), in: folder.path).reports
        #expect(reports.map(\.step) == [1, 2, 3])
        for report in reports {
            #expect(
                report.metrics.map(\.name) == [
                    "train_loss", "train_accuracy", "val_loss", "val_accuracy", "percentage_loss_change", "seconds",
                ])
            #expect((0...1).contains(report["val_accuracy"]!) && (0...1).contains(report["train_accuracy"]!))
            #expect(report["percentage_loss_change"]! < 0)
        }
        #expect(reports[2]["val_accuracy"]! > 0.8)
    }

    @Test func `an evaluation weighs every sample the same and agrees with the report`() throws {
        let folder = try TemporaryDirectory()
        let reports = try train(smallConfig("adam"), in: folder.path).reports
        let trained = try TrainedNetwork(readingFrom: folder.path)
        let validation = trained.evaluation(on: .validation)
        #expect(validation.loss == reports[2]["val_loss"])
        #expect(validation.accuracy == reports[2]["val_accuracy"])
        #expect(validation.samples == 216 && trained.evaluation(on: .test).samples == 360)
        // 1221 images do not fit one chunk of an evaluation.
        #expect(trained.evaluation(on: .train).samples == 1221)
    }

    @Test func `a complete run reports its last epoch again and trains no more`() throws {
        let folder = try TemporaryDirectory()
        let yaml = smallConfig("sgd")
        let first = try train(yaml, in: folder.path).reports
        let remains = try Remains(of: folder.path)
        #expect(try train(yaml, in: folder.path).reports == [first[2]])
        #expect(try train(yaml, in: folder.path, reportAll: true).reports == first)
        #expect(try Remains(of: folder.path) == remains)
    }

    @Test func `a resumed run reports the epochs that are new, or all if asked for`() throws {
        let folder = try TemporaryDirectory()
        let yaml = smallConfig("sgd")
        #expect(try train(yaml, in: folder.path, stopAfter: 15).reports.map(\.step) == [1])
        #expect(try train(yaml, in: folder.path, stopAfter: 15, reportAll: true).reports.map(\.step) == [1, 2])
        #expect(try train(yaml, in: folder.path).reports.map(\.step) == [3])
    }

    @Test func `a run that is made longer is what it would have been at once`() throws {
        let folder = try TemporaryDirectory()
        try train(smallConfig("gauss_newton", epochs: 2), in: "\(folder.path)/a")
        try train(smallConfig("gauss_newton", epochs: 4), in: "\(folder.path)/a")
        try train(smallConfig("gauss_newton", epochs: 4), in: "\(folder.path)/b")
        #expect(try Remains(of: "\(folder.path)/a") == Remains(of: "\(folder.path)/b"))
    }

    @Test func `a folder with a run of another config is refused, naming the keys`() throws {
        let folder = try TemporaryDirectory()
        try train(smallConfig("sgd"), in: folder.path)
        let other = smallConfig("sgd", epochs: 2).replacing("hidden: 40", with: "hidden: 50")
        do {
            try train(other, in: folder.path)
            Issue.record("trained")
        } catch let error as TrainingError {
            #expect(
                error.description == """
                    \(folder.path) holds a run of another config:
                      model.hidden was 40, is 50
                      training.epochs was 3, is 2
                      = help: --fresh discards that run, --output DIR puts this one elsewhere
                    """)
        }
        #expect(try train(other, in: folder.path, fresh: true).reports.map(\.step) == [1, 2])
        #expect(try TrainedNetwork(readingFrom: folder.path).config.model.hidden == 50)
    }

    @Test(arguments: [
        "{name: sgd, learning_rate: 1e30}", "{name: sgd, learning_rate: 50, momentum: 0.9}",
        "{name: gauss_newton, learning_rate: 1e25}",
        "{name: gauss_newton, learning_rate: 1e4, pseudo_inverse: {method: transpose}}",
        "{name: gauss_newton, learning_rate: 1e8, pseudo_inverse: {method: qr}}",
    ])
    func `a diverging run ends with metrics that are not numbers, and says where`(optimizer: String) throws {
        let folder = try TemporaryDirectory()
        let yaml = "model: {blocks: 4, hidden: 30}\noptimizer: \(optimizer)\ntraining: {epochs: 30}"
        let (outcome, reports) = try train(yaml, in: folder.path)
        guard case .diverged(let reason) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(reason.hasPrefix("epoch "))
        #expect(reports.last?["val_accuracy"]?.isNaN == true)
        #expect(reports.last?.line.contains("\"train_loss\": NaN, \"train_accuracy\": NaN") == true)
    }

    /// Weights so large that the outputs of the 2 training samples are finite, and some of the 360 test samples' are
    /// not. The only block is linear: outputs grow with the square of the weights, and which are that large is found
    /// by halving.
    @Test func `an evaluation that is not finite names no batch`() throws {
        let folder = try TemporaryDirectory()
        func reason(_ deviation: Double) throws -> String? {
            let yaml = """
                data: {subset: 2, batch_size: 2, validation: test}
                model: {blocks: 1, hidden: 20, initial_deviation: \(deviation)}
                optimizer: {name: sgd, learning_rate: 1e-30}
                training: {epochs: 1}
                """
            guard case .diverged(let text) = try train(yaml, in: folder.path, fresh: true).outcome else { return nil }
            return text
        }
        var (low, high) = (10.0, 30.0)
        for _ in 0..<40 {
            let middle = (low + high) / 2
            guard let found = try reason(pow(10, middle)) else {
                low = middle
                continue
            }
            if found.hasPrefix("epoch 1, batch 1: ") {
                high = middle
                continue
            }
            #expect(found == "epoch 1: the output on the validation samples has infinite or undefined numbers")
            return
        }
        Issue.record("no such weights between 1e\(low) and 1e\(high)")
    }

    @Test func `a network without bias, projection or read-out trains as well`() throws {
        let folder = try TemporaryDirectory()
        let model = "{blocks: 2, hidden: 0, bias: false, output_projection: false}"
        for (loss, rate) in [
            ("{name: mse}", 0.02), ("{name: cross_entropy, curvature: exact}", 0.001),
            ("{curvature: damped, damping: 0.5}", 0.02),
            ("{name: mse, tangent_factor: 1}", 0.04), ("{label_smoothing: 0.2}", 0.02),
        ] {
            let yaml = "model: \(model)\nloss: \(loss)\noptimizer: {learning_rate: \(rate)}\ntraining: {epochs: 2}"
            let (outcome, reports) = try train(yaml, in: folder.path, fresh: true)
            try #require(outcome == .complete, "\(loss)")
            #expect(reports[1]["train_loss"]! < reports[0]["train_loss"]!, "\(loss)")
        }
    }

    @Test(arguments: ["sgd", "gauss_newton"])
    func `activations that are kept or recomputed train with the same bits`(optimizer: String) throws {
        let folder = try TemporaryDirectory()
        func yaml(_ activations: String) -> String {
            smallConfig(optimizer).replacing("training: {", with: "training: {activations: \(activations), ")
        }
        for activations in ["auto", "keep", "recompute", "reverse"] {
            try train(yaml(activations), in: "\(folder.path)/\(activations)")
        }
        let kept = try Remains(of: "\(folder.path)/keep")
        #expect(try Remains(of: "\(folder.path)/auto") == kept)
        #expect(try Remains(of: "\(folder.path)/recompute") == kept)
        #expect(try Remains(of: "\(folder.path)/reverse") != kept)

        // So one may be gone on with as the other, and as the third it may not.
        try train(yaml("keep"), in: "\(folder.path)/mixed", stopAfter: 11)
        #expect(throws: TrainingError.self) { try train(yaml("reverse"), in: "\(folder.path)/mixed") }
        try train(yaml("recompute"), in: "\(folder.path)/mixed")
        #expect(try Remains(of: "\(folder.path)/mixed") == kept)
    }

    @Test(arguments: ["tanh", "gelu", "leaky_relu, slope: 0.2", "identity"], ["xavier", "he"])
    func `every activation and initialisation learns`(activation: String, initialization: String) throws {
        let folder = try TemporaryDirectory()
        let yaml = """
            model: {blocks: 3, hidden: 60, initialization: \(initialization), activation: \(activation)}
            optimizer: {name: adam}
            training: {epochs: 4}
            """
        let (outcome, reports) = try train(yaml, in: folder.path)
        #expect(outcome == .complete)
        #expect(reports[3]["train_loss"]! < 0.8 * reports[0]["train_loss"]!)
    }

    @Test func `two trainers do not share a folder`() throws {
        let folder = try TemporaryDirectory()
        let first = try TrainingRun(config(smallConfig("sgd")), folder: folder.path, patience: .zero)
        #expect(throws: RunFolderError.inUse(path: folder.path)) {
            try TrainingRun(config(smallConfig("sgd")), folder: folder.path, patience: .zero)
        }
        withExtendedLifetime(first) {}
    }

    @Test func `a folder that cannot be made is named`() throws {
        let folder = try TemporaryDirectory()
        try folder.write("", to: "file")
        let below = "\(folder.path)/file/below"
        #expect(throws: FileError(.write, path: below, code: ENOTDIR)) {
            try train(smallConfig("sgd"), in: below)
        }
    }
}
