import Foundation
import TestSupport
import Testing

@Suite struct DataCommandTests {
    private func revmlp(_ arguments: String..., in folder: String) async throws -> Program.Result {
        try await Program.revmlp.run(arguments, in: folder, environment: ["no_proxy": "127.0.0.1"])
    }

    @Test func `the list says what is there, also above the working directory`() async throws {
        let folder = try TemporaryDirectory()
        let below = "\(folder.path)/results/trials/1"
        for place in [below, "\(folder.path)/data/cifar10/cifar-10-batches-bin"] {
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        }
        for file in (1...5).map({ "data_batch_\($0).bin" }) + ["test_batch.bin"] {
            try folder.write("", to: "data/cifar10/cifar-10-batches-bin/\(file)")
        }
        for place in [folder.path, below] {
            let list = try await revmlp("data", "list", in: place)
            #expect(
                list.output == """
                    digits         built in
                    mnist          not there; 'revmlp data fetch mnist'
                    fashion_mnist  not there; 'revmlp data fetch fashion_mnist'
                    cifar10        in data/cifar10
                    gaussian       drawn; see data.synthetic
                    correlated     drawn; see data.synthetic

                    """)
        }
    }

    @Test(arguments: ["mnist", "fashion-mnist", "fashion_mnist", "cifar10"])
    func `a download that fails exits with 1 and names the file`(name: String) async throws {
        let folder = try TemporaryDirectory()
        // Nobody listens on the lowest port.
        let fetch = try await revmlp("data", "fetch", name, "--mirror", "http://127.0.0.1:1/x", in: folder.path)
        #expect(fetch.status == .exited(1))
        let file = name == "cifar10" ? "cifar-10-binary.tar.gz" : "train-images-idx3-ubyte.gz"
        #expect(fetch.errorOutput.hasPrefix("error: http://127.0.0.1:1/x/\(file): the server cannot be reached"))
    }

    @Test func `what needs no files cannot be fetched`() async throws {
        let folder = try TemporaryDirectory()
        for name in ["digits", "gaussian", "imagenet"] {
            #expect(try await revmlp("data", "fetch", name, in: folder.path).status == .exited(1), "\(name)")
        }
    }
}
