import Foundation
import TestSupport
import Testing

/// Runs whose data are files that may change.
@Suite struct DataChecksumTests {
    private let files: ImageFiles

    init() throws {
        files = try ImageFiles()
        for name in ["cifar10", "mnist"] { try write("\(name).yaml", config(name)) }
    }

    private func config(_ name: String, epochs: Int = 1, _ key: String = "") -> String {
        """
        data: {name: \(name), path: '\(files.path)', batch_size: 8\(key)}
        model: {blocks: 1, hidden: 20}
        optimizer: {name: sgd, learning_rate: 0.01}
        training: {epochs: \(epochs)}
        """
    }

    private func write(_ name: String, _ text: String) throws {
        try text.write(toFile: "\(files.path)/\(name)", atomically: true, encoding: .utf8)
    }

    private func revmlp(_ arguments: String...) async throws -> Program.Result {
        try await Program.revmlp.run(arguments, in: files.path)
    }

    /// The check sum that the `resolved.yaml` of a run has.
    private func checksum(of run: String) throws -> String {
        let text = try String(contentsOfFile: "\(files.path)/\(run)/resolved.yaml", encoding: .utf8)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("  checksum: ") })
        return String(line.dropFirst(12)).replacing("'", with: "")
    }

    /// Changes one byte of a file.
    private func change(_ file: String) throws {
        let path = "\(files.path)/\(file)"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[bytes.count - 1] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
    }

    @Test(arguments: [
        ("cifar10", "data_batch_3.bin"), ("cifar10", "test_batch.bin"), ("mnist", "train-images-idx3-ubyte"),
        ("mnist", "t10k-labels-idx1-ubyte"),
    ])
    func `a run does not go on with other images or labels`(name: String, file: String) async throws {
        #expect(try await revmlp("train", "\(name).yaml", "--output", "run").status == .exited(0))
        let before = try checksum(of: "run")
        #expect(before.utf8.count == 16)
        let remains = try FileManager.default.contentsOfDirectory(atPath: "\(files.path)/run").sorted()
        try change(file)
        try write("\(name).yaml", config(name, epochs: 2))
        let resumed = try await revmlp("train", "\(name).yaml", "--output", "run")
        #expect(resumed.status == .exited(1))
        #expect(
            resumed.errorOutput.contains("run holds a run of another config:\n  data.checksum was \(before), is "),
            "\(resumed.errorOutput)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(files.path)/run").sorted() == remains)
        let judged = try await revmlp("eval", "run")
        #expect(judged.status == .exited(1) && judged.output.isEmpty)
        for words in [
            "\(files.path): the images or labels are not those that are meant: their check sum is ",
            ", and data.checksum is \(before)\n  = help: 'revmlp data fetch \(name)",
        ] {
            #expect(judged.errorOutput.contains(words), "\(judged.errorOutput)")
        }
        try change(file)
        #expect(try await revmlp("train", "\(name).yaml", "--output", "run").status == .exited(0))
        #expect(try checksum(of: "run") == before)
    }

    @Test func `where the files lie does not matter`() async throws {
        #expect(try await revmlp("train", "cifar10.yaml", "--output", "run").status == .exited(0))
        let place = try TemporaryDirectory()
        try FileManager.default.copyItem(atPath: files.path, toPath: "\(place.path)/copy")
        try write(
            "moved.yaml", config("cifar10", epochs: 2).replacing("'\(files.path)'", with: "'\(place.path)/copy'"))
        let resumed = try await revmlp("train", "moved.yaml", "--output", "run")
        #expect(resumed.status == .exited(0), "\(resumed.errorOutput)")
    }

    @Test func `a check sum in a config is a condition`() async throws {
        #expect(try await revmlp("train", "mnist.yaml", "--output", "run").status == .exited(0))
        let sum = try checksum(of: "run")
        try write("pinned.yaml", config("mnist", ", checksum: '\(sum)'"))
        #expect(try await revmlp("train", "pinned.yaml", "--output", "pinned").status == .exited(0))
        try change("train-labels-idx1-ubyte")
        let refused = try await revmlp("train", "pinned.yaml", "--output", "other")
        #expect(refused.status == .exited(1) && refused.errorOutput.contains("data.checksum is \(sum)\n"))
        try write("wrong.yaml", config("mnist", ", checksum: abc"))
        let wrong = try await revmlp("train", "wrong.yaml", "--output", "other")
        #expect(wrong.errorOutput.contains("'data.checksum' must be 16 hexadecimal digits, found 'abc'"))
    }
}
