import Foundation
import TestSupport
import Testing

/// What a trial has, as tables, filters and exports name it.
@Suite struct TrialFieldTests {
    private struct Numbered: Decodable { var number: Int }

    @Test func `a metric with a slash in its name is found in backquotes, and that is said`() async throws {
        let place = try Workplace("echo \"{\\\"loss\\\": $1, \\\"val/acc\\\": 0.5}\"", budget: "{trials: 1}")
        _ = try await place.revsweep("run", "test.yaml", "--quiet")
        for name in ["val/acc", "metric.val/acc"] {
            let result = try await place.revsweep("trials", "test", "--filter", "\(name) < 0.9")
            #expect(result.status == .exited(1))
            #expect(result.errorOutput.contains(" stand in backquotes: `metric.val/acc`\n"), "\(result.errorOutput)")
        }
        let found = try await place.revsweep("trials", "test", "--json", "--filter", "`metric.val/acc` < 0.9")
        #expect(try JSONDecoder().decode([Numbered].self, from: Data(found.output.utf8)).count == 1)
    }

    @Test func `the reason of a trial is the same in tables, filters and exports`() async throws {
        let place = try await TrialReadingTests.place()
        let why = "crash: exit 3: RuntimeError: CUDA error"
        for command in [
            ["trials", "test"], ["trials", "test", "--csv", "--columns", "number,reason"],
            ["export", "test", "--format", "csv"],
        ] {
            let result = try await Program.revsweep.run(command, in: place.directory.path)
            #expect(result.output.contains(why), "\(command): \(result.output)")
            #expect(!result.output.contains("\"\""), "\(command): without a reason the cell is empty")
        }
    }
}
