import Foundation
import TestSupport
import Testing

/// `revsweep serve` and a real browser, driven by Python with Playwright.
@Suite(.tags(.slow)) struct ServeBrowserTests {
    private static let python = Program(onPath: ProcessInfo.processInfo.environment["REVSWEEP_PYTHON"] ?? "python3")
    /// Debian's names for it.
    private static let browser = ["chromium", "chromium-headless-shell"].lazy
        .compactMap { Program(onPath: $0)?.path }.first

    private static func isThere() async -> Bool {
        guard browser != nil else { return false }
        return await Python.has("playwright")
    }

    private struct Seen: Decodable {
        var names: [String]
        var shown: Int
        var title: String
        var policy: Bool
        var policySaid: [String]
        var before: [String]
        var loads: Int
        var said: [String]
        var foreign: [String]
    }

    @Test(.enabled("there is no Chromium, or no Python with Playwright") { await isThere() })
    func `a browser follows a sweep from the list to its last trial without loading a page again`() async throws {
        let (python, browser) = (try #require(Self.python), try #require(Self.browser))
        let place = try Workplace(
            """
            if [ "$(basename "$PWD")" != 000000 ]; then until [ -e ../go ]; do sleep 0.01; done; fi
            echo "</script><img src=x onerror=alert(1)>"; echo "{\\"loss\\": $1}"
            """, budget: "{trials: 4}", settings: "resources: {parallel: 1}")
        let hostile = "<img src=x onerror=alert(1)>\"'&"
        try place.directory.write("no database", to: "results/\(hostile)/sweep.sqlite")
        _ = try await Program.revsweep.serve(
            ["serve", "--port", "0", "--token", "browser-0123456789"], in: place.directory.path
        ) { (serving) async throws in
            async let run = place.revsweep("run", "test.yaml", "--quiet")
            let hasBegun = try await eventually(within: .seconds(120)) {
                try await place.revsweep("status", "test").output.contains("1 running")
            }
            #expect(hasBegun)
            let result = try await python.run(
                [
                    Project.path("Tests/SweepServerTests/browser/follow.py"), serving.address,
                    "\(place.directory.path)/results/test/trials/go",
                ], in: place.directory.path, environment: ["CHROMIUM": browser, "PYTHONDONTWRITEBYTECODE": "1"])
            try place.directory.write("", to: "results/test/trials/go")
            #expect(try await run.status == .exited(0))
            #expect(result.status == .exited(0), "\(result.output.suffix(2000))\n\(result.errorOutput.suffix(4000))")
            let seen = try JSONDecoder().decode(Seen.self, from: Data(result.output.utf8))
            #expect(Set(seen.names) == ["test", hostile] && seen.shown == 1)
            #expect(seen.title.hasPrefix("test"))
            // The browser refuses what is put into the page, and says so; it says nothing else.
            #expect(seen.policy && !seen.policySaid.isEmpty)
            #expect(seen.policySaid.allSatisfy { $0.contains("Content Security Policy") })
            #expect(seen.said == [] && seen.foreign == [] && seen.loads == 0)
            #expect(seen.before.count < 4)
        }
    }
}
