import Foundation
import Subprocess
import TestSupport
import Testing

/// The main use case on real images: the sweep of the demo is killed half-way and resumed, and its best configuration
/// is then trained with revmlp alone.
@Suite struct DigitsSweepTests {
    private static let root = Project.root.path

    private struct Trial: Decodable {
        struct Parameters: Decodable {
            var optimizer: String

            enum CodingKeys: String, CodingKey {
                case optimizer = "optimizer.name"
            }
        }

        var state: String
        var value: Double?
        var params: Parameters
    }

    private struct Evaluation: Decodable {
        var samples: Int
        var accuracy: Double
    }

    @Test(.tags(.slow))
    func `the sweep of the demo finds a configuration that reads other writers' digits`() async throws {
        let directory = try TemporaryDirectory()
        for file in ["sweeps/digits.yaml", "configs/digits.yaml"] {
            try directory.write(try String(contentsOfFile: "\(Self.root)/\(file)", encoding: .utf8), to: file)
        }
        func shell(_ script: String) async throws -> Program.Result {
            try await Program.shell.run(
                ["-c", script], in: directory.path,
                environment: ["revsweep": Program.revsweep.path, "revmlp": Program.revmlp.path])
        }

        let killed = try await shell(
            """
            $revsweep run sweeps/digits.yaml --quiet & planner=$!
            until [ -e results/digits/trials/000008 ]; do sleep 0.02; done
            kill -KILL $planner; wait $planner
            """)
        #expect(killed.status == .exited(128 + SIGKILL))
        let resumed = try await shell("$revsweep resume digits --quiet")
        #expect(resumed.status == .exited(0), "\(resumed.errorOutput)")

        let listing = try await shell("$revsweep trials digits --json")
        let trials = try JSONDecoder().decode([Trial].self, from: Data(listing.output.utf8))
        #expect(trials.count >= 24)
        #expect(trials.allSatisfy { ["complete", "diverged"].contains($0.state) })
        #expect(Set(trials.map(\.params.optimizer)) == ["sgd", "adam", "gauss_newton"])
        let best = try #require(trials.compactMap(\.value).max())
        #expect(best >= 0.97)

        let training = try await shell("$revmlp train results/digits/best.yaml --output best")
        #expect(training.status == .exited(0))
        // That run repeats the trial bit for bit.
        #expect(training.output.split(separator: "\n").last?.contains("\"val_accuracy\": \(best)") == true)
        let evaluation = try await shell("$revmlp eval best --split test --json")
        let test = try JSONDecoder().decode(Evaluation.self, from: Data(evaluation.output.utf8))
        #expect(test.samples == 360)
        #expect(test.accuracy >= 0.92)
    }
}
