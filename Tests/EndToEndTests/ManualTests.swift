import Foundation
import TestSupport
import Testing

/// The manual pages that the programs write of themselves.
@Suite struct ManualTests {
    private static let programs = [Program.revsweep, Program.revmlp]

    /// Has a program write its pages; what is in them, by name.
    private static func pages(of program: Program, in folder: TemporaryDirectory) async throws -> [String: String] {
        let result = try await program.run(["manual", "."], in: folder.path)
        try #require(result.status == .exited(0), "\(result.errorOutput)")
        return Dictionary(
            uniqueKeysWithValues: try folder.names.filter { $0.hasSuffix(".1") }.map { ($0, try folder.text(of: $0)) })
    }

    @Test(arguments: programs.indices)
    func `every page has a text and exit codes, and the program's has examples`(index: Int) async throws {
        let pages = try await Self.pages(of: Self.programs[index], in: TemporaryDirectory())
        #expect(pages.count > 5)
        for (name, text) in pages {
            for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "EXIT STATUS", "SEE ALSO"] {
                #expect(text.contains("\n.SH \(section)\n"), "\(name) has no \(section)")
            }
            #expect(text.contains("\n.SH EXAMPLES\n") || name.contains("-"), "\(name) has no examples")
        }
    }

    @Test(.enabled("there is no groff") { Machine.has("groff") }, arguments: programs.indices)
    func `no page makes the formatter warn`(index: Int) async throws {
        let folder = try TemporaryDirectory()
        let names = try await Self.pages(of: Self.programs[index], in: folder).keys.sorted()
        // `-ww` reports whatever looks wrong; `-z` prints nothing else.
        let groff = try #require(Program(onPath: "groff"))
        for name in names {
            let result = try await groff.run(["-ww", "-z", "-man", "-Tutf8", "-Kutf8", name], in: folder.path)
            #expect(result.status == .exited(0) && result.errorOutput.isEmpty, "\(name): \(result.errorOutput)")
        }
    }

    @Test func `help does not show the command for installing`() async throws {
        for program in Self.programs {
            let help = try await program.run(["--help"], in: NSTemporaryDirectory())
            #expect(!help.output.contains("manual"))
        }
    }

    @Test func `the version names program, number and commit`() async throws {
        for (program, name) in zip(Self.programs, ["revsweep", "revmlp"]) {
            let version = try await program.run(["--version"], in: NSTemporaryDirectory())
            let pattern = try Regex("\(name) [0-9]+\\.[0-9]+\\.[0-9]+( \\([0-9a-f]{7,}(-dirty)?\\))?\n")
            #expect(version.output.wholeMatch(of: pattern) != nil, "\(version.output)")
        }
    }
}
