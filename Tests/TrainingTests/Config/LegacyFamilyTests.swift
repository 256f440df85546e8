import ConfigFile
import TestSupport
import Testing
import Training

/// One of the 36 configs that the research code comes with: two data sets, full and mini-batches, three optimizers, and
/// three seeds, of which 42 is not always like the others.
struct PublishedCase: CustomTestStringConvertible, Sendable {
    var data: String
    var isFull: Bool
    var optimizer: String
    var seed: Int

    static let all = ["mnist", "cifar"].flatMap { data in
        [true, false].flatMap { isFull in
            ["ggn", "adam", "sgd"].flatMap { optimizer in
                [42, 43, 44].map { PublishedCase(data: data, isFull: isFull, optimizer: optimizer, seed: $0) }
            }
        }
    }

    var testDescription: String { "\(data) \(isFull ? "full" : "mini") \(optimizer) \(seed)" }
    /// Whether the first seed's file has settings of its own.
    var isOdd: Bool { seed == 42 && optimizer == "ggn" && (data == "cifar" || !isFull) }
    var batch: Int { isOdd && !isFull ? 1000 : 1024 }
    var isCropped: Bool { data == "cifar" && !isFull && !isOdd }
    var rate: String {
        switch optimizer {
        case "ggn": isFull ? (isOdd ? "1.0" : "0.5") : "0.1"
        case "adam": data == "cifar" && isFull ? "0.00001" : "0.0001"
        default: data == "cifar" ? "0.01" : "0.1"
        }
    }

    /// What its file has for augmentations: nothing behind the key, a switch that is off, or the crop with its size as
    /// height and width.
    private var augmentations: String {
        if isCropped {
            return """

                      - name: randomresizecrop
                        args:
                          size: [32,32]
                          scale: [0.08, 1.0]
                          ratio: [0.75, 1.33]
                """
        }
        return isOdd && !isFull ? "\n      # - name: randomresizecrop" : " false"
    }

    func text(data path: String, results: String) -> String {
        """
        Setup:
          Experiment:
            reversible: true
            train_ggn: \(optimizer == "ggn")
            seed: \(seed)
            device: true
            version: 1.0
            description: Dense
          Data:
            name: \(data)
            path: \(path)
            subset: \(isFull ? "1024" : "false")
            batch_size: \(batch)
            batch_size_test: 512
            num_classes: 10
            add_random: false
            random_proj: false
            augmentations:\(augmentations)
          Model:
            num_layers: \(data == "cifar" ? 6 : 2)
            feature_dim: \(data == "cifar" ? 3072 : 784)
            hidden_dim: 8000
            output_dim: 10
            bias: true
            layer_norm: false
            non_linearity: true
            inv_method: default
            inv_method_args:
              rtol: 1.0e-2
              atol: 1.0e-5
        Runtime:
          Train:
            Task:
              name: classification
            args:
              num_epochs: 100
              save_checkpoint_every: \(isOdd && !isFull ? 20 : 1)
              steps_for_printing: 1
              log_test: true
              log_full_train: False
            loss_function:
              name: cross_entropy
              args:
                use_identity: true
            optimizer:
              name: \(optimizer == "ggn" ? "sgd" : optimizer)
              args:
                lr: \(rate)
                weight_decay: 0.00
            scheduler:
              # name: step
            checkpoint_path: null
        Output:
          Results:
            output_dir: \(results)
            weight_root_dir: \(results)/weights
            format_strs: ["log", "json", "csv", "tensorboard"]
        """
    }

    /// The shipped config of the same set-up.
    var shipped: String {
        let names = ["ggn": "gauss_newton", "adam": "adam", "sgd": "sgd"]
        return (data == "cifar" ? "cifar10" : data) + "_\(names[optimizer] ?? "")" + (isFull ? "_full_batch" : "")
            + ".yaml"
    }
}

@Suite struct LegacyFamilyTests {
    @Test(arguments: PublishedCase.all)
    func `each config of the research code is one of ours`(published: PublishedCase) throws {
        let path = published.data == "cifar" ? "data/cifar10" : "data/mnist"
        let read = try config(published.text(data: path, results: "results"))
        let settings = ["seed=\(published.seed)"].map { ConfigSetting($0, option: "--set") }
        var ours = try TrainingConfig.read(
            path: Project.path("configs/paper/\(published.shipped)"), settings: settings)
        if published.isOdd {
            ours.data.batchSize = published.batch
            ours.data.augmentations = []
            ours.optimizer.learningRate = Double(published.rate)
        }
        #expect(read.resolved == ours.resolved)
        #expect(read.output.checkpointEvery == (published.isOdd && !published.isFull ? 20 : 1))
    }

    @Test(arguments: PublishedCase.all)
    func `each trains once its two folders are changed`(published: PublishedCase) throws {
        let files = try ImageFiles()
        // Nothing else is changed, but that the network and the data of this test are small.
        let text = published.text(data: files.path, results: "\(files.path)/results")
            .replacing("hidden_dim: 8000", with: "hidden_dim: 30").replacing("num_epochs: 100", with: "num_epochs: 1")
            .replacing("subset: 1024", with: "subset: 32")
        let settings = try config(text)
        var run = try TrainingRun(settings, folder: settings.directory(configPath: "a.yaml", environment: [:]))
        #expect(try run.run(observe: { _ in }) == .complete)
    }

    @Test(arguments: ["32", "[32]", "[32, 32]", "[32,32]"])
    func `a size is a number, or a height and a width`(size: String) throws {
        let crop = PublishedCase(data: "cifar", isFull: false, optimizer: "adam", seed: 43)
        let text = crop.text(data: "d", results: "r").replacing("[32,32]", with: size)
        #expect(try config(text).data.augmentations == [.randomResizedCrop(scale: 0.08...1, ratio: 0.75...1.33)])
    }

    @Test(arguments: ["28", "[32, 28]", "[32, 32, 3]", "[]", "large"])
    func `another size is refused`(size: String) throws {
        let crop = PublishedCase(data: "cifar", isFull: false, optimizer: "adam", seed: 43)
        let text = crop.text(data: "d", results: "r").replacing("[32,32]", with: size)
        let error = #expect(throws: DiagnosticsError.self) { try config(text) }
        let words = "'Setup.Data.augmentations[0].args.size' must be 32 or [32, 32], found"
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "read")")
    }
}
