import Foundation
import TestSupport
import Testing

/// `revmlp` where some of the files of CIFAR-10 are missing.
@Suite struct PartialDataTests {
    private let files: ImageFiles

    init() throws {
        files = try ImageFiles(batches: 1...2)
        try """
        data: {name: cifar10, path: \(files.path), batch_size: 8, validation: test}
        model: {blocks: 1, hidden: 20}
        optimizer: {name: sgd, learning_rate: 0.01}
        training: {epochs: 1}
        """.write(toFile: "\(files.path)/run.yaml", atomically: true, encoding: .utf8)
    }

    private func train(_ options: String...) async throws -> Program.Result {
        try await Program.revmlp.run(["train", "run.yaml", "--fresh"] + options, in: files.path)
    }

    @Test func `what is missing is named before training, and how to go on`() async throws {
        let result = try await train()
        #expect(result.status == .exited(0), "\(result.errorOutput)")
        #expect(
            result.errorOutput.hasPrefix(
                """
                warning: \(files.path): a part of the data set: 2 of its 5 training files, 16 of 50000 images; \
                missing: data_batch_3.bin, data_batch_4.bin, data_batch_5.bin
                  = help: 'revmlp data fetch cifar10 --to \(files.path)' downloads all of it; \
                with data.subset, at most 16, these images are enough

                """), "\(result.errorOutput)")
    }

    @Test func `a subset that the files have is what was wanted, and a larger one is refused`() async throws {
        for options in [["--set", "data.subset=12"], ["--quiet"]] {
            let result = try await Program.revmlp.run(["train", "run.yaml", "--fresh"] + options, in: files.path)
            #expect(result.status == .exited(0) && !result.errorOutput.contains("part of"), "\(result.errorOutput)")
        }
        let refused = try await train("--set", "data.subset=100")
        #expect(refused.status == .exited(1))
        for words in ["a subset of 100 training images", "there are 16", "missing: data_batch_3.bin", "data fetch"] {
            #expect(refused.errorOutput.contains(words), "\(refused.errorOutput)")
        }
    }

    @Test func `the list of data sets says so, too`() async throws {
        let place = try TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: "\(place.path)/data", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: "\(place.path)/data/cifar10", withDestinationPath: files.path)
        let result = try await Program.revmlp.run(["data", "list"], in: place.path)
        let words = "in data/cifar10, without data_batch_3.bin, data_batch_4.bin, data_batch_5.bin; 'revmlp data fetch"
        #expect(result.output.contains(words), "\(result.output)")
    }
}
