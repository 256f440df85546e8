import TestSupport
import Testing

/// Sweeps that run while a browser watches them through `revsweep serve`.
@Suite(.tags(.slow)) struct WatchingTests {
    @Test(.enabled("there is no Chromium, or no Python with Playwright") { await Browser.isThere() })
    func `a page follows a sweep to its end, also over a server that is started again`() async throws {
        let folder = try TemporaryDirectory()
        _ = try await Browser.run("test_serve.py", samples: folder.path, revsweep: .revsweep)
    }
}
