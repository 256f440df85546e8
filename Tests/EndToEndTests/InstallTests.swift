import Foundation
import TestSupport
import Testing

/// `scripts/install`, with the programs that are built already.
@Suite(.tags(.slow)) struct InstallTests {
    private let directory: TemporaryDirectory
    private var prefix: String { "\(directory.path)/with space/prefix" }

    init() throws { directory = try TemporaryDirectory() }

    @discardableResult
    private func install(
        _ arguments: String..., environment: [String: String] = [:], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Program.Result {
        let script = try #require(Program(onPath: Project.path("scripts/install")))
        let programs = URL(fileURLWithPath: Program.revsweep.path).deletingLastPathComponent().path
        let result = try await script.run(
            ["--prefix", prefix, "--from", programs] + arguments, in: directory.path,
            environment: ["HOME": directory.path].merging(environment) { $1 })
        #expect(result.status == .exited(0), "\(result.errorOutput)", sourceLocation: sourceLocation)
        return result
    }

    /// The installed files below a folder, sorted.
    private func files(below folder: String) throws -> [String] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder)
        return paths.filter { path in
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: "\(folder)/\(path)", isDirectory: &isFolder)
            return !isFolder.boolValue
        }.sorted()
    }

    @Test func `what is installed works, and is removed whole`() async throws {
        let first = try await install()
        #expect(first.output.contains("export PATH=\"$HOME/with space/prefix/bin:$PATH\""), "\(first.output)")
        let installed = try files(below: prefix)
        for file in [
            "bin/revmlp", "bin/revsweep", "share/bash-completion/completions/revsweep",
            "share/fish/vendor_completions.d/revmlp.fish", "share/man/man1/revmlp-data-fetch.1",
            "share/man/man1/revsweep-run.1", "share/zsh/site-functions/_revsweep",
        ] {
            #expect(installed.contains(file), "\(file)")
        }
        // The built-in data is found from where the programs are now.
        let config = try directory.write("training: {epochs: 1}", to: "config.yaml")
        let trainer = try #require(Program(onPath: "\(prefix)/bin/revmlp"))
        let run = try await trainer.run(["train", config, "--output", "run"], in: directory.path)
        #expect(run.status == .exited(0) && run.output.contains("val_accuracy"), "\(run.errorOutput)")

        // Again: what an earlier version had and this one has not goes away, and what is not ours stays.
        let list = "with space/prefix/share/revsweep/installed-files"
        try directory.write(try directory.text(of: list) + "share/old/file\n/etc/x\n../x\n", to: list)
        try directory.write("", to: "with space/prefix/share/old/file")
        try directory.write("", to: "with space/x")
        try directory.write("", to: "with space/prefix/bin/other")
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let second = try await install(environment: ["PATH": "\(prefix)/bin:\(path)"])
        #expect(!second.output.contains("PATH="), "\(second.output)")
        #expect(try files(below: prefix) == (installed + ["bin/other"]).sorted())
        #expect(directory.names.contains("with space"))
        #expect(FileManager.default.fileExists(atPath: "\(directory.path)/with space/x"))
        #expect(!FileManager.default.fileExists(atPath: "\(prefix)/share/old"))

        try await install("--uninstall")
        #expect(try files(below: prefix) == ["bin/other"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: prefix) == ["bin"])
    }

    @Test func `a package maker's folder comes before the prefix`() async throws {
        let result = try await install(environment: ["DESTDIR": "\(directory.path)/root"])
        #expect(result.output.isEmpty, "\(result.output)")
        #expect(!FileManager.default.fileExists(atPath: prefix))
        #expect(try files(below: "\(directory.path)/root\(prefix)").contains("bin/revsweep"))
    }

    @Test func `mistakes are told before anything is built`() async throws {
        let script = try #require(Program(onPath: Project.path("scripts/install")))
        try directory.write("", to: "file")
        for (arguments, message) in [
            (["--prefx", "x"], "install: there is no option '--prefx'"), (["--prefix"], "--prefix needs a folder"),
            (["--prefix", "nothing", "--uninstall"], "nothing that this script has installed is in"),
            (["--prefix", "file/x"], "file cannot be written to"),
        ] {
            let result = try await script.run(arguments, in: directory.path)
            #expect(result.status == .exited(1) && result.errorOutput.contains(message), "\(result.errorOutput)")
        }
    }
}
