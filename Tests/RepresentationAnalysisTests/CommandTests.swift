import Foundation
import Testing

/// The analyses as a person calls them.
@Suite struct CommandTests {
    private func revmlp(
        _ arguments: String..., in folder: String
    ) throws -> (code: Int32, output: String, errors: String) {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("revmlp")
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        let complaints = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (
            process.terminationStatus, String(decoding: text, as: UTF8.self),
            String(decoding: complaints, as: UTF8.self)
        )
    }

    @Test func `every analysis prints a table or JSON, and writes CSV`() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/analysis-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for seed in [1, 2] {
            try "seed: \(seed)\nmodel: {hidden: 20}\ntraining: {epochs: 2}"
                .write(toFile: "\(folder)/\(seed).yaml", atomically: true, encoding: .utf8)
            #expect(try revmlp("train", "\(seed).yaml", in: folder).code == 0)
        }
        for (command, lines) in [("cka", 5), ("ntk", 3), ("weights", 21), ("curves", 3)] {
            let table = try revmlp(command, "results/runs", "-o", "\(command).csv", in: folder)
            #expect(table.code == 0 && table.errors.isEmpty, "\(table.errors)")
            #expect(table.output.split(separator: "\n").count == lines, "\(command)")
            let csv = try String(contentsOfFile: "\(folder)/\(command).csv", encoding: .utf8)
            #expect(csv.split(separator: "\n").count == lines, "\(command)")
            let json = try revmlp(command, "--json", "results/runs", in: folder).output
            let objects = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]]
            #expect(objects?.count == lines - 1, "\(command)")
        }
        #expect(try revmlp("cka", "--between", "results/runs", in: folder).output.split(separator: "\n").count == 3)

        let exported = try revmlp("weights", "export", "results/runs/1", "-o", "w.npz", "--at", "start", in: folder)
        #expect(exported.code == 0, "\(exported.errors)")
        let imported = try revmlp("weights", "import", "w.npz", "1.yaml", "-o", "results/again", in: folder)
        #expect(imported.code == 0, "\(imported.errors)")
        #expect(try revmlp("train", "1.yaml", "--output", "results/again", in: folder).code == 0)
        let (first, again) = (
            try revmlp("eval", "results/runs/1", in: folder).output,
            try revmlp("eval", "results/again", in: folder).output
        )
        #expect(first == again && first.hasPrefix("test samples  360"))
    }

    @Test func `mistakes exit with 1 and say what to do`() throws {
        let nothing = try revmlp("curves", "nothing", in: "/")
        #expect(nothing.code == 1 && nothing.errors.hasPrefix("error: nothing: there is no run"))
        #expect(
            try revmlp("ntk", "nothing", "--probes", "1", in: "/").errors.contains("--probes must be 0 or at least 2"))
        #expect(try revmlp("weights", "export", "nothing", "-o", "w", in: "/").errors.contains("--format is needed"))
        #expect(try revmlp("cka", "nothing", "--samples", "3", in: "/").errors.contains("must be at least 4"))
    }
}
