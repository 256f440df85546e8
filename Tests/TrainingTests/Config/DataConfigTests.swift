import Datasets
import Foundation
import TestSupport
import Testing
import Training

@Suite struct DataConfigTests {
    @Test(arguments: [
        "{name: mnist}", "{name: cifar10, path: somewhere/else, subset: 1024, validation: test}",
        "{name: correlated, synthetic: {features: 10, samples: 100, correlation: 0.5, seed: 3}}",
        "{augmentations: [{name: random_crop, padding: 2}, horizontal_flip, random_resized_crop, gaussian_noise]}",
        "{augmentations: [{name: random_resized_crop, scale: [0.5, 1], ratio: [1, 1]}]}",
        "{name: gaussian, synthetic: {classes: 3, test_samples: 7, separation: 0}}",
    ])
    func `what is said of the data reads back as the same`(data: String) throws {
        let original = try config("data: \(data)")
        let again = try config(original.resolved.yaml())
        #expect(again.resolved == original.resolved)
        #expect(again.data.name == original.data.name && again.data.subset == original.data.subset)
        #expect(again.data.synthetic == original.data.synthetic)
        #expect(again.data.augmentations == original.data.augmentations)
    }

    @Test(arguments: [
        ("horizontal_flip", "'data.augmentations' must be a list, found the string 'horizontal_flip'"),
        ("[horizontal_flop]", "'data.augmentations[0].name' cannot be 'horizontal_flop'"),
        ("[horizontal_flip, {padding: 3}]", "'data.augmentations[1].name' is missing"),
        ("[{name: random_crop, paddin: 3}]", "unknown key 'data.augmentations[0].paddin'"),
        ("[{name: random_crop, padding: 0}]", "'data.augmentations[0].padding' must lie between 1 and 1000, found 0"),
        ("[3]", "'data.augmentations[0]' must be a mapping, found the integer 3"),
        (
            "[{name: random_resized_crop, scale: [1, 0.5]}]",
            "'data.augmentations[0].scale' must be two numbers, the smaller one first, greater than 0 and at most 1.0"
        ),
    ])
    func `a mistake in an augmentation is told by its place`(list: String, words: String) {
        do {
            _ = try config("data: {augmentations: \(list)}")
            Issue.record("read")
        } catch {
            #expect("\(error)".split(separator: "\n").first?.hasSuffix("error: \(words)") == true, "\(error)")
        }
    }

    @Test func `points cannot be flipped`() {
        do {
            _ = try config("data: {name: gaussian, augmentations: [gaussian_noise, horizontal_flip]}")
            Issue.record("read")
        } catch {
            #expect("\(error)".contains("'data.augmentations[1]' needs images, and gaussian has none"))
        }
    }

    @Test func `augmented runs stopped at any batch end with the bits of an unbroken one, and differ from plain ones`()
        throws
    {
        let folder = try TemporaryDirectory()
        func remains(_ name: String, augmentations: String, stopAfter limit: Int) throws -> Remains {
            let settings = try config(
                smallConfig("sgd").replacing(
                    "data: {batch_size: 100}", with: "data: {batch_size: 100, augmentations: \(augmentations)}"))
            var outcome = TrainingOutcome.stopped
            while outcome == .stopped {
                var run = try TrainingRun(settings, folder: "\(folder.path)/\(name)")
                var done = 0
                outcome = try run.run(
                    shouldStop: { done >= limit }, observe: { if case .progress = $0 { done += 1 } })
            }
            return try Remains(of: "\(folder.path)/\(name)")
        }
        let all = "[{name: random_crop, padding: 1}, random_resized_crop, horizontal_flip, gaussian_noise]"
        let whole = try remains("whole", augmentations: all, stopAfter: .max)
        #expect(try remains("broken", augmentations: all, stopAfter: 5) == whole)
        #expect(try remains("plain", augmentations: "[]", stopAfter: .max) != whole)
    }

    @Test func `points are drawn and learnt`() throws {
        let folder = try TemporaryDirectory()
        for name in ["gaussian", "correlated"] {
            let settings = try config(
                """
                data: {name: \(name), subset: 300, synthetic: {features: 20, classes: 3, samples: 500}}
                model: {hidden: 40}
                training: {epochs: 5}
                """)
            var run = try TrainingRun(settings, folder: folder.path, fresh: true)
            #expect(try run.run(observe: { _ in }) == .complete)
            let trained = try TrainedNetwork(readingFrom: folder.path)
            #expect(trained.split.training.count == 300 && trained.split.validation.count == 75)
            #expect(trained.evaluation(on: .test).accuracy > 0.7, "\(name)")
        }
    }

    @Test func `a data set that is not there says how to get it`() throws {
        let folder = try TemporaryDirectory()
        for (name, quote) in [("none", ""), ("not here", "'")] {
            let path = "\(folder.path)/\(name)"
            do {
                _ = try TrainingRun(config("data: {name: mnist, path: \(path)}"), folder: folder.path)
                Issue.record("read")
            } catch let error as DatasetError {
                #expect(
                    error.description == """
                        \(path)/train-images-idx3-ubyte.gz: there is no such file
                          = help: 'revmlp data fetch mnist --to \(quote)\(path)\(quote)' downloads the published files
                        """)
            }
        }
    }

    @Test func `more images than there are cannot be trained on`() throws {
        let folder = try TemporaryDirectory()
        do {
            _ = try TrainingRun(config("data: {subset: 2000}"), folder: folder.path)
            Issue.record("read")
        } catch let error as DatasetError {
            #expect(
                error.description
                    == "a subset of 2000 training images was asked for, and there are 1221")
        }
    }

    @Test func `data may lie elsewhere when a run goes on, and nothing else may differ`() throws {
        let folder = try TemporaryDirectory()
        for place in ["here", "there"] {
            let to = "\(folder.path)/\(place)"
            try FileManager.default.createDirectory(atPath: to, withIntermediateDirectories: true)
            for (prefix, count) in [("train", 40), ("t10k", 10)] {
                func idx(_ sizes: [UInt8]) -> [UInt8] {
                    [0, 0, 8, UInt8(sizes.count)] + sizes.flatMap { [0, 0, 0, $0] }
                }
                let images = idx([UInt8(count), 4, 4]) + (0..<16 * count).map { UInt8($0 * 7 % 256) }
                let labels = idx([UInt8(count)]) + (0..<count).map { UInt8($0 % 10) }
                try Foundation.Data(images).write(to: URL(fileURLWithPath: "\(to)/\(prefix)-images-idx3-ubyte"))
                try Foundation.Data(labels).write(to: URL(fileURLWithPath: "\(to)/\(prefix)-labels-idx1-ubyte"))
            }
        }
        func run(_ data: String, epochs: Int) throws -> TrainingOutcome {
            let settings = try config(
                "data: {name: fashion_mnist, path: \(folder.path)/\(data)}\ntraining: {epochs: \(epochs)}")
            var run = try TrainingRun(settings, folder: "\(folder.path)/run")
            return try run.run(observe: { _ in })
        }
        #expect(try run("here", epochs: 1) == .complete)
        #expect(try run("there", epochs: 2) == .complete)
        do {
            _ = try run("here, subset: 20", epochs: 2)
            Issue.record("trained")
        } catch let error as TrainingError {
            #expect(error.description.contains("data.subset was all, is 20"))
        }
    }
}
