import Foundation
import Testing

@Suite struct DataCommandTests {
    private func revmlp(_ arguments: String..., in folder: String) throws -> (code: Int32, output: String) {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("revmlp")
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = ["no_proxy": "127.0.0.1"]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: text, as: UTF8.self))
    }

    @Test func `the list says what is there, also above the working directory`() throws {
        let folder = try TemporaryFolder()
        let below = "\(folder.path)/results/trials/1"
        for place in [below, "\(folder.path)/data/cifar10/cifar-10-batches-bin"] {
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        }
        try folder.write("", "data/cifar10/cifar-10-batches-bin/test_batch.bin")
        for place in [folder.path, below] {
            let list = try revmlp("data", "list", in: place)
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
    func `a download that fails exits with 1 and names the file`(name: String) throws {
        let folder = try TemporaryFolder()
        // Nobody listens on the lowest port.
        let fetch = try revmlp("data", "fetch", name, "--mirror", "http://127.0.0.1:1/x", in: folder.path)
        #expect(fetch.code == 1)
        let file = name == "cifar10" ? "cifar-10-binary.tar.gz" : "train-images-idx3-ubyte.gz"
        #expect(fetch.output.hasPrefix("error: http://127.0.0.1:1/x/\(file): the server cannot be reached"))
    }

    @Test func `what needs no files cannot be fetched`() throws {
        let folder = try TemporaryFolder()
        for name in ["digits", "gaussian", "imagenet"] {
            #expect(try revmlp("data", "fetch", name, in: folder.path).code == 1, "\(name)")
        }
    }
}
