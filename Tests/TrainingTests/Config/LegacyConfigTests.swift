import ConfigFile
import Datasets
import Foundation
import TestSupport
import Testing
import Training
import TrialProtocol

/// A config in the research code's form, with lines put in place of others.
private func legacy(_ changes: (String, String)...) -> String {
    var text = """
        Setup:
          Data:
            name: mnist
            path: data/mnist
            batch_size: 512
            num_classes: 10
            subset: false
            augmentations: false
            add_random: false
            random_proj: false
          Experiment:
            reversible: true
            train_ggn: true
            seed: 44
          Model:
            feature_dim: 784
            hidden_dim: 8000
            output_dim: 10
            bias: true
            num_layers: 3
            layer_norm: false
            non_linearity: true
            inv_method: default
            inv_method_args: {rtol: 1.0e-3, atol: 1.0e-6}
        Runtime:
          Train:
            Task: {name: classification}
            args: {num_epochs: 7, save_checkpoint_every: 2, log_full_train: false}
            loss_function: {name: cross_entropy, args: {use_identity: true}}
            optimizer: {name: sgd, args: {lr: 0.25, weight_decay: 1.0e-4}}
            scheduler: null
            checkpoint_path: null
        Output:
          Results:
            output_dir: out
            format_strs: [stdout, csv, json, tensorboard]
        """
    for (old, new) in changes {
        precondition(text.contains(old), "no '\(old)' in the config")
        text = text.replacing(old, with: new)
    }
    return text
}

@Suite struct LegacyConfigTests {
    @Test func `every key has its counterpart`() throws {
        let read = try config(legacy())
        let ours = try config(
            """
            seed: 44
            data: {name: mnist, path: data/mnist, batch_size: 512, validation: test}
            model: {blocks: 3, hidden: 8000}
            loss: {name: cross_entropy, curvature: identity}
            optimizer:
              name: gauss_newton
              learning_rate: 0.25
              weight_decay: 1e-4
              pseudo_inverse: {method: svd, rtol: 1e-3, atol: 1e-6}
            training: {epochs: 7}
            """)
        #expect(read.resolved == ours.resolved)
        #expect(read.output.checkpointEvery == 2 && read.output.logs == [.csv, .jsonl, .tensorboard])
        #expect(read.output.logEvery == .batch)
        #expect(read.keysWithoutEffect.isEmpty && ours.keysWithoutEffect.isEmpty)
    }

    @Test func `a run has a folder of its own in the output folder, unless it is a trial`() throws {
        let read = try config(legacy())
        #expect(read.directory(configPath: "some/where.yaml", environment: [:]) == "out/where")
        #expect(
            read.directory(configPath: "some/where.yaml", environment: ["REVSWEEP_TRIAL_DIR": "trials/1"])
                == "trials/1")
        let without = try config(legacy(("output_dir: out", "output_dir: ''")))
        #expect(without.directory(configPath: "where.yaml", environment: [:]) == "results/runs/where")
    }

    @Test(arguments: [
        ("sgd, args: {lr: 0.25", "adam, args: {lr: 0.25, betas: [0.8, 0.99], eps: 1.0e-7"),
        ("sgd, args: {lr: 0.25", "sgd, args: {lr: 0.25, momentum: 0.9, nesterov: true"),
    ])
    func `the named optimizer trains where Gauss-Newton does not`(old: String, new: String) throws {
        let isAdam = new.hasPrefix("adam")
        let newton = try config(legacy((old, new)))
        #expect(newton.optimizer.name == .gaussNewton)
        let read = try config(legacy((old, new), ("train_ggn: true", "train_ggn: false"))).optimizer
        #expect(read.name == (isAdam ? .adam : .sgd))
        #expect(read.rate == 0.25 && read.weightDecay == 1e-4)
        if isAdam {
            #expect(read.beta1 == 0.8 && read.beta2 == 0.99 && read.epsilon == 1e-7)
        } else {
            #expect(read.momentum == 0.9 && read.nesterov)
        }
    }

    @Test func `the curvature follows the loss's switches`() throws {
        func loss(_ text: String) throws -> TrainingConfig.LossChoice {
            try config(legacy(("{name: cross_entropy, args: {use_identity: true}}", text))).loss
        }
        #expect(try loss("{name: cross_entropy}").curvature == .exact)
        let damped = try loss("{name: cross_entropy, args: {use_identity: false, damping: 0.3}}")
        #expect(damped.curvature == .damped && damped.damping == 0.3)
        #expect(try loss("{name: mse}").name == .mse)
        let smooth = try loss("{name: cross_entropy, args: {use_identity: true, damping: 0.3, label_smoothing: 0.2}}")
        #expect(smooth.curvature == .identity && smooth.labelSmoothing == 0.2)
    }

    @Test(arguments: [
        ("default", "svd"), ("tp", "transpose"), ("qr", "qr"), ("damped", "damped"),
        ("fast-rsvd", "randomized_svd"), ("adaptive-rsvd", "adaptive_randomized_svd"),
    ])
    func `each inverse has its name`(theirs: String, ours: String) throws {
        let read = try config(
            legacy(
                ("inv_method: default", "inv_method: \(theirs)"),
                ("atol: 1.0e-6}", "atol: 1.0e-6, rank: 50, over_sample: 7, power: 3, tolerance: 0.05}")))
        let inverse = read.optimizer.pseudoInverse
        #expect(inverse.method.rawValue == ours)
        #expect(inverse.sketch.rank == 50 && inverse.sketch.oversampling == 7)
        #expect(inverse.sketch.powerIterations == 3 && inverse.sketch.tolerance == 0.05)
    }

    @Test func `the schedule is stepped by the batch`() throws {
        let read = try config(legacy(("scheduler: null", "scheduler: {name: step, args: {step_size: 30, gamma: 0.5}}")))
        let schedule = read.optimizer.schedule
        #expect(schedule.name == .step && schedule.unit == .batch && schedule.stepSize == 30 && schedule.gamma == 0.5)
    }

    @Test func `CIFAR-10 with its augmentations, a teacher, no projections`() throws {
        let read = try config(
            legacy(
                ("name: mnist", "name: cifar"), ("feature_dim: 784", "feature_dim: 3072"),
                ("subset: false", "subset: 1024"), ("hidden_dim: 8000", "hidden_dim: null"),
                ("output_dim: 10", "output_dim: false"), ("name: classification", "name: labeller"),
                ("non_linearity: true", "non_linearity: [ReLU, GELU, gelu]"),
                (
                    "augmentations: false",
                    """
                    augmentations:
                          - {name: RandomResizeCrop, args: {size: 32, scale: [0.5, 1]}}
                          - {name: randomhorizontalflip}
                          - {name: noise, args: {std: 0.2}}
                    """
                )))
        #expect(read.data.name == .cifar10 && read.data.subset == 1024)
        #expect(
            read.data.augmentations == [
                .randomResizedCrop(scale: 0.5...1, ratio: 0.75...4 / 3), .horizontalFlip(probability: 0.5),
                .gaussianNoise(std: 0.2),
            ])
        #expect(read.model.hidden == 0 && !read.model.outputProjection && read.model.activation == .gelu)
        #expect(read.task.name == .teacher && read.task.blocks == 3 && read.task.hidden == 0)
    }

    @Test func `what changes no number is named`() throws {
        let read = try config(
            legacy(
                ("seed: 44", "seed: 44\n    device: true\n    version: 1.0\n    description: Dense"),
                ("num_epochs: 7", "num_epochs: 7, steps_for_printing: 10, log_test: true"),
                ("output_dir: out", "output_dir: out\n    weight_root_dir: weights")))
        #expect(
            read.keysWithoutEffect == [
                "Setup.Experiment.device", "Setup.Experiment.version", "Setup.Experiment.description",
                "Runtime.Train.args.steps_for_printing", "Output.Results.weight_root_dir",
            ])
    }

    @Test func `without tests a run is evaluated at its end only`() throws {
        let read = try config(legacy(("num_epochs: 7", "num_epochs: 7, log_test: false")))
        #expect(read.training.evaluateEvery == 7 && read.keysWithoutEffect.isEmpty)
        #expect(try config(legacy(("num_epochs: 7", "num_epochs: 7, log_test: true"))).training.evaluateEvery == 1)
    }

    /// What the research code reads and does not use either is named on one line; it is no warning.
    @Test func `what another key makes useless is named as well`() throws {
        func named(_ changes: (String, String)...) throws -> [String] {
            var text = legacy()
            for (old, new) in changes { text = text.replacing(old, with: new) }
            let document = try ConfigDocument(parsing: SourceFile(path: "run.yaml", text: text))
            return try TrainingConfig(document, warn: { Issue.record("\($0)") }).keysWithoutEffect
        }
        #expect(
            try named(("train_ggn: true", "train_ggn: false")) == [
                "Setup.Model.inv_method", "Setup.Model.inv_method_args",
                "Runtime.Train.loss_function.args.use_identity",
            ])
        #expect(
            try named(
                ("name: sgd, args: {lr: 0.25,", "name: adam, args: {lr: 0.25, betas: [0.8, 0.9], eps: 1.0e-6,"),
                ("use_identity: true", "use_identity: true, damping: 0.5"),
                ("rtol: 1.0e-3,", "rtol: 1.0e-3, rank: 5, tolerance: 0.1,")) == [
                    "Setup.Model.inv_method_args.rank", "Setup.Model.inv_method_args.tolerance",
                    "Runtime.Train.loss_function.args.damping", "Runtime.Train.optimizer.args.betas",
                    "Runtime.Train.optimizer.args.eps",
                ])
    }

    @Test func `values are set in this form as well`() throws {
        let document = try ConfigDocument(parsing: SourceFile(path: "run.yaml", text: legacy()))
        let read = try TrainingConfig(
            document,
            settings: ["Runtime.Train.args.num_epochs=9", "Setup.Data.subset=100"].map {
                ConfigSetting($0, option: "--set")
            })
        #expect(read.training.epochs == 9 && read.data.subset == 100)
        let error = #expect(throws: DiagnosticsError.self) {
            try TrainingConfig(document, settings: [ConfigSetting("training.epochs=9", option: "--set")])
        }
        #expect(error?.description.contains("--set training.epochs: error: unknown key 'training'") == true)
    }

    @Test(arguments: [
        ("seed: 44", "sead: 44", "14:5: error: unknown key 'Setup.Experiment.sead'", "did you mean 'seed'?"),
        (
            "layer_norm: false", "layer_norm: true", "21:17: error: 'Setup.Model.layer_norm' must be false",
            "builds no normalisation"
        ),
        (
            "inv_method: default", "inv_method: fast_rsvd",
            "23:17: error: 'Setup.Model.inv_method' cannot be 'fast_rsvd'", "did you mean 'fast-rsvd'?"
        ),
        (
            "feature_dim: 784", "feature_dim: 785",
            "16:18: error: 'Setup.Model.feature_dim' must be 784, found 785", "the size of the images"
        ),
        (
            "add_random: false", "add_random: true", "9:17: error: 'Setup.Data.add_random' must be false",
            "not supported"
        ),
        (
            "checkpoint_path: null", "checkpoint_path: a.pt", "names weights of PyTorch", "revmlp weights import"
        ),
        (
            "augmentations: false", "augmentations: [{name: cifarautoaugment}]",
            "'Setup.Data.augmentations[0].name' cannot be 'cifarautoaugment'", "known are randomresizecrop"
        ),
        ("non_linearity: true", "non_linearity: Relo", "'Setup.Model.non_linearity' cannot be 'Relo'", "'ReLU'"),
        ("lr: 0.25", "lr: fast", "'Runtime.Train.optimizer.args.lr' must be a number", "found the string 'fast'"),
        ("    train_ggn: true\n", "", "'Setup.Experiment.train_ggn' is missing", "Gauss-Newton"),
        ("reversible: true", "reversible: false", "'Setup.Experiment.reversible' must be true", "invertible"),
        ("tensorboard]", "tensorbord]", "'Output.Results.format_strs' cannot be 'tensorbord'", "'tensorboard'"),
    ])
    func `what cannot be done is told by its place`(old: String, new: String, words: String, help: String) {
        do {
            _ = try config(legacy((old, new)))
            Issue.record("read")
        } catch {
            #expect("\(error)".contains(words) && "\(error)".contains(help), "\(error)")
        }
    }

    @Test func `every mistake is told at once`() {
        do {
            _ = try config(legacy(("lr: 0.25", "lr: -1"), ("seed: 44", "seed: x"), ("name: mnist", "name: mnust")))
            Issue.record("read")
        } catch {
            #expect((error as? DiagnosticsError)?.diagnostics.count == 3, "\(error)")
        }
    }

    @Test func `the paper's own settings train unchanged on images of their size`() throws {
        let folder = try TemporaryDirectory()
        let images = "\(folder.path)/data/MNIST/raw"
        try FileManager.default.createDirectory(atPath: images, withIntermediateDirectories: true)
        for (prefix, count) in [("train", 40), ("t10k", 10)] {
            func idx(_ sizes: [UInt8]) -> [UInt8] { [0, 0, 8, UInt8(sizes.count)] + sizes.flatMap { [0, 0, 0, $0] } }
            let pixels = idx([UInt8(count), 28, 28]) + (0..<784 * count).map { UInt8($0 * 7 % 251) }
            let labels = idx([UInt8(count)]) + (0..<count).map { UInt8($0 % 10) }
            try Foundation.Data(pixels).write(to: URL(fileURLWithPath: "\(images)/\(prefix)-images-idx3-ubyte"))
            try Foundation.Data(labels).write(to: URL(fileURLWithPath: "\(images)/\(prefix)-labels-idx1-ubyte"))
        }
        let settings = try config(
            legacy(
                ("path: data/mnist", "path: \(folder.path)/data"), ("num_epochs: 7", "num_epochs: 2"),
                ("hidden_dim: 8000", "hidden_dim: 500"), ("log_full_train: false", "log_full_train: true")))
        #expect(settings.training.evaluatesTrainingSet)
        var run = try TrainingRun(settings, folder: "\(folder.path)/run")
        #expect(try run.run(observe: { _ in }) == .complete)
        let trained = try TrainedNetwork(readingFrom: "\(folder.path)/run")
        let log = try String(contentsOfFile: "\(folder.path)/run/metrics.jsonl", encoding: .utf8)
        let last = try #require(log.split(separator: "\n").last.flatMap { MetricReport(line: $0.utf8) })
        #expect(last["train_loss"] == trained.evaluation(on: .train).loss)
        #expect(last["train_accuracy"] == trained.evaluation(on: .train).accuracy)
        for name in ["batches.csv", "batches.jsonl", "events.out.tfevents.revmlp"] {
            #expect(FileManager.default.fileExists(atPath: "\(folder.path)/run/\(name)"), "\(name)")
        }
    }
}
