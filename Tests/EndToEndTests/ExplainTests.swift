import Foundation
import TestSupport
import Testing

/// The command `explain`, from the run of a sweep to what is said about it.
@Suite struct ExplainTests {
    private struct Proposal: Decodable {
        var method: String
        var occasion: String
        var ended: Int
        var mean: Double?
        var low: Double?
        var high: Double?
        var logRatio: Double?

        enum CodingKeys: String, CodingKey {
            case method, occasion, ended, mean, low, high
            case logRatio = "log_ratio"
        }
    }

    private struct Explained: Decodable {
        var proposal: Proposal?
        var origin: String
    }

    /// A sweep whose loss is computed by awk.
    private static func place(sampler: String, trials: Int, runs: Bool = true) async throws -> Workplace {
        let place = try Workplace()
        try place.directory.write(
            """
            #!/bin/sh
            awk -v x="$1" -v y="$2" 'BEGIN { printf "{\\"loss\\": %.17g}\\n", (x - 0.3) ^ 2 + (y - 0.6) ^ 2 / 4 }'
            """, to: "trainer.sh", executable: true)
        try place.directory.write(
            """
            metric: {name: loss, goal: minimize}
            trainer: {command: [./trainer.sh, "{param:x}", "{param:y}"]}
            parameters:
              x: {type: uniform, min: 0, max: 1}
              y: {type: uniform, min: 0, max: 1}
            enqueue: [{x: 0.9, y: 0.1}]
            sampler: {name: \(sampler), seed: 3}
            budget: {trials: \(trials)}
            resources: {parallel: 1}
            """, to: "test.yaml")
        if !runs { return place }
        let run = try await place.revsweep("run", "test.yaml", "--quiet")
        #expect(run.status == .exited(0), "\(run.errorOutput)")
        return place
    }

    private static func explained(_ place: Workplace, _ number: Int) async throws -> Explained {
        let result = try await place.revsweep("explain", "test", "\(number)", "--json")
        #expect(result.status == .exited(0), "\(result.errorOutput)")
        return try JSONDecoder().decode(Explained.self, from: Data(result.output.utf8))
    }

    @Test func `what the process expected is stored when a trial is planned`() async throws {
        let place = try await Self.place(sampler: "auto", trials: 14)
        let first = try await Self.explained(place, 0)
        #expect(first.proposal == nil && first.origin == "enqueued")
        let start = try #require(try await Self.explained(place, 1).proposal)
        #expect(start.method == "sobol" && start.occasion == "start-up" && start.ended == 1 && start.mean == nil)
        let last = try #require(try await Self.explained(place, 13).proposal)
        #expect(last.method == "gp" && last.occasion == "regular" && last.ended == 13)
        let (low, high) = (try #require(last.low), try #require(last.high))
        #expect(low <= high && low > -1 && high < 2)
        for words in [
            try await place.revsweep("explain", "test", "13").output,
            try await place.revsweep("explain", "test").output,
        ] { #expect(words.contains("expected"), "\(words)") }
        let whole = try await place.revsweep("explain", "test").output
        #expect(whole.contains("from trial 0 to trial") && whole.contains("when may I stop?"), "\(whole)")
        let missing = try await place.revsweep("explain", "test", "99")
        #expect(missing.status == .exited(1) && missing.errorOutput.contains("there is no trial 99"))
    }

    @Test func `TPE stores its ratio`() async throws {
        let place = try await Self.place(sampler: "tpe", trials: 12)
        let last = try #require(try await Self.explained(place, 11).proposal)
        #expect(last.method == "tpe" && last.logRatio != nil && last.mean == nil)
    }

    @Test func `a trial that is asked for is explained like one that is run`() async throws {
        let place = try await Self.place(sampler: "random", trials: 3, runs: false)
        for _ in 0..<2 {
            let asked = try await place.revsweep("ask", "test.yaml")
            #expect(asked.status == .exited(0), "\(asked.errorOutput)")
        }
        let proposal = try #require(try await Self.explained(place, 1).proposal)
        #expect(proposal.method == "random" && proposal.occasion == "regular")
        #expect(try await place.revsweep("explain", "test", "1").output.contains("it has not ended"))
        let whole = try await place.revsweep("explain", "test")
        #expect(whole.status == .exited(0) && whole.output.contains("and there are 0"), "\(whole.output)")
    }

    @Test func `failed and imported trials are explained by the command`() async throws {
        let place = try await Self.place(sampler: "random", trials: 3, runs: false)
        try place.directory.write(
            "#!/bin/sh\n[ \"$REVSWEEP_TRIAL\" = 1 ] && exit 3\necho '{\"loss\": 0.5}'\n", to: "trainer.sh",
            executable: true)
        _ = try await place.revsweep("run", "test.yaml", "--quiet")
        let failed = try await place.revsweep("explain", "test", "1").output
        #expect(failed.contains("failed: crash: exit 3") && failed.contains("came of it  no value"), "\(failed)")
        _ = try await place.revsweep("report", "test", "-o", "all.html")
        let text = try place.directory.text(of: "test.yaml")
        try place.directory.write("name: new\n" + text, to: "new.yaml")
        let imported = try await place.revsweep("import", "new.yaml", "all.html")
        // What has failed is no history to learn from, and is left out.
        #expect(imported.output.contains("imported 2 of 3 trials"), "\(imported.output)")
        for (number, earlier) in [0, 2].enumerated() {
            let result = try await place.revsweep("explain", "new", "\(number)")
            #expect(result.status == .exited(0), "\(result.errorOutput)")
            #expect(result.output.contains("imported: trial \(earlier) of"), "\(result.output)")
            let explained = try JSONDecoder().decode(
                Explained.self,
                from: Data(try await place.revsweep("explain", "new", "\(number)", "--json").output.utf8))
            #expect(explained.origin == "imported" && explained.proposal == nil)
        }
    }
}
