import ConfigFile
import Foundation
import TestSupport
import Testing
import Training

/// The configs that come with the repository.
@Suite struct ShippedConfigTests {
    /// Paths below `configs`: `digits.yaml`, `paper/mnist_adam.yaml`, ….
    static let names: [String] = {
        let files = FileManager.default.enumerator(atPath: Project.path("configs"))?.allObjects as? [String]
        return (files ?? []).filter { $0.hasSuffix(".yaml") }.sorted()
    }()

    private static func path(_ name: String) -> String { Project.path("configs/\(name)") }

    @Test func `every config that is shipped says what its name says, and warns of nothing`() throws {
        #expect(Self.names.count >= 26)
        for name in Self.names {
            let config = try TrainingConfig.read(path: Self.path(name), warn: { Issue.record("\(name): \($0)") })
            let optimizer = config.optimizer.name.rawValue
            let stem = name.split(separator: "/").last ?? ""
            #expect(stem == "digits.yaml" || stem.contains("_\(optimizer)"), "\(name) trains with \(optimizer)")
            #expect(stem.hasPrefix(config.data.name.rawValue), "\(name) trains on \(config.data.name.rawValue)")
            let isFull = config.data.subset == config.data.batchSize
            let saysFull = stem.contains("full_batch") || stem.contains("legacy")
            #expect(stem == "digits.yaml" || isFull == saysFull, "\(name)")
        }
    }

    /// The paper's premise: a batch has fewer samples than there are features, here as there an eighth.
    @Test(arguments: names.filter { $0 != "digits.yaml" })
    func `the hidden width is eight times the batch`(name: String) throws {
        let config = try TrainingConfig.read(path: Self.path(name))
        let ratio = Double(config.model.hidden) / Double(config.data.batchSize)
        #expect(ratio > 7.5 && ratio < 8.5)
    }

    @Test(arguments: names)
    func `a config that is shipped makes a step, its network and its data made small`(name: String) throws {
        let files = try ImageFiles()
        let isLegacy = name.contains("legacy")
        var settings =
            isLegacy
            ? [
                "Setup.Data.subset=24", "Setup.Data.batch_size=24", "Setup.Model.hidden_dim=30",
                "Runtime.Train.args.num_epochs=1", "Setup.Data.path=\(files.path)",
            ] : ["data.subset=24", "data.batch_size=24", "model.hidden=30", "training.epochs=1"]
        if !isLegacy, name != "digits.yaml" { settings.append("data.path=\(files.path)") }
        let config = try TrainingConfig.read(
            path: Self.path(name), settings: settings.map { ConfigSetting($0, option: "--set") })
        var run = try TrainingRun(config, folder: "\(files.path)/run")
        #expect(run.batchesPerEpoch == 1)
        var losses: [Double] = []
        let outcome = try run.run(observe: { event in
            if case .epoch(let report) = event { losses.append(report["val_loss"] ?? .nan) }
        })
        #expect(outcome == .complete)
        #expect(losses.count == 1 && losses.allSatisfy(\.isFinite))
    }
}
