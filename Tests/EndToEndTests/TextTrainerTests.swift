import Foundation
import TestSupport
import Testing

/// Programs that print their numbers as text, and know nothing of revsweep.
@Suite struct TextTrainerTests {
    @Test func `its lines are reports, with their steps`() async throws {
        let place = try Workplace(
            """
            for epoch in 1 2 3; do
                echo "Epoch $epoch/3 [12s]"; echo "Epoch $epoch/3: train 0.5 loss = $1 ok"
            done
            """,
            trainer: #", reports: ["Epoch {step}/{}: train {train_loss}", "Epoch {step}/{} loss = {loss}"]"#)
        let result = try await place.revsweep("run", "test.yaml")
        #expect(result.status == .exited(0), "\(result.errorOutput)")
        let trials = try await place.trials()
        #expect(trials.count == 5)
        for trial in trials {
            #expect(trial.state == "complete" && trial.value == trial.params["x"])
            #expect(trial.metrics.keys.sorted() == ["loss", "train_loss"] && trial.metrics["train_loss"] == 0.5)
        }
        #expect(try await reports(in: place) == [3, 3])
    }

    @Test func `what was printed when the planner was killed is not lost`() async throws {
        let place = try Workplace(
            """
            if [ "$REVSWEEP_ATTEMPT" = 1 ]; then echo "Epoch 1 loss=0.7"; echo "Epoch 2 loss=0.6"; sleep 600; fi
            echo "Epoch 3 loss=0.5"
            """, budget: "{trials: 1}", trainer: ", reports: 'Epoch {step} loss={loss}'")
        let killed = try await place.shell(
            """
            $revsweep run test.yaml --quiet & planner=$!
            until grep -qs 'Epoch 2' results/test/trials/000000/stdout.log; do sleep 0.01; done
            kill -KILL $planner; wait $planner
            """)
        #expect(killed.status == .exited(128 + SIGKILL))
        #expect(try await place.revsweep("resume", "test").status == .exited(0))
        #expect(try await reports(in: place) == [3, 3])
        #expect(try await place.trials().map(\.value) == [0.5])
    }

    /// How often the first trial reported the metric, and the last step of it.
    private func reports(in place: Workplace) async throws -> [Int] {
        struct Shown: Decodable { var details: Details }
        struct Details: Decodable { var metrics: [String: Reports] }
        struct Reports: Decodable { var reports, step: Int }
        let shown = try await place.revsweep("show", "test", "0", "--json")
        let metrics = try JSONDecoder().decode(Shown.self, from: Data(shown.output.utf8)).details.metrics
        return metrics["loss"].map { [$0.reports, $0.step] } ?? []
    }

    @Test func `a pattern without the metric is noted, and the reason proposes one`() async throws {
        let place = try Workplace(
            "echo 'loss=0.5'", budget: "{trials: 1}", trainer: ", reports: 'loss={los}'")
        let checked = try await place.revsweep("check", "test.yaml").output
        let words = checked.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(words.contains("note: 'trainer.reports' does not read 'loss'"), "\(checked)")
        #expect(words.contains("did you mean {los}?"), "\(checked)")
        _ = try await place.revsweep("run", "test.yaml")
        #expect(try await place.trials().first?.reason?.contains("reported were 'los'") == true)
        let other = try Workplace("echo 'loss=0.5'", budget: "{trials: 1}", trainer: ", reports: '{acc}'")
        _ = try await other.revsweep("run", "test.yaml")
        let reason = try #require(try await other.trials().first?.reason)
        #expect(reason.contains(#"reports: "loss={loss}""#), "\(reason)")
        let third = try Workplace("echo 'the end'", budget: "{trials: 1}", trainer: ", reports: 'loss={loss}'")
        _ = try await third.revsweep("run", "test.yaml")
        let nothing = try #require(try await third.trials().first?.reason)
        #expect(
            nothing.contains(#"'trainer.reports' reads no line of it; the first was "the end"; a pattern"#),
            "\(nothing)")
    }
}
