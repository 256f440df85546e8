import Foundation
import GRDB
import RandomStreams
import Subprocess
import TestSupport
import Testing

/// Planners that are stopped or killed while they run, in the ways in which users and machines do it.
@Suite struct InterruptionTests {
    /// The trainer reports x after a time that differs from trial to trial. It leaves a process behind in a session of
    /// its own, and just before it ends it adds its number to a file that all trials share.
    private static let script = """
        setsid sleep 600 &
        touch ../started
        sleep 0.$((REVSWEEP_SEED % 2))$((REVSWEEP_SEED % 8))
        echo "$REVSWEEP_TRIAL" >> ../ended
        echo "{\\"loss\\": $1}"
        """

    @Test func `Ctrl-C once lets running trials end, and the sweep goes on`() async throws {
        let place = try Workplace(
            "touch running; sleep 0.3; echo \"{\\\"loss\\\": $1}\"", budget: "{trials: 6}")
        let result = try await place.shell(
            """
            $revsweep run test.yaml & planner=$!
            until [ -e results/test/trials/000000/running ]; do sleep 0.01; done
            kill -INT $planner; wait $planner
            """)
        #expect(result.status == .exited(130))
        #expect(result.output.contains("go on with: revsweep resume test"))
        let states = try await place.trials().map(\.state)
        #expect(!states.isEmpty && states.count < 6)
        #expect(states.allSatisfy { ["complete", "waiting"].contains($0) } && states.contains("complete"))
        #expect(try await place.revsweep("resume", "test").status == .exited(0))
        let trials = try await place.trials()
        #expect(trials.map(\.state) == Array(repeating: "complete", count: 6))
        #expect(trials.allSatisfy { $0.attempt == 1 })
    }

    @Test(arguments: ["| tee log", "> log"])
    func `Ctrl-C is answered on the terminal, wherever the lines go`(elsewhere: String) async throws {
        let place = try Workplace(
            "[ $REVSWEEP_TRIAL = 0 ] || { echo running >&2; until [ -e ../../../typed ]; do sleep 0.02; done; }; "
                + "echo '{\"loss\": 1}'",
            settings: "resources: {parallel: 1}")
        let wait = "until [ -s results/test/trials/000001/stderr.log ]; do sleep 0.01; done; echo waiting"
        let terminal = try PseudoTerminal(columns: 120, rows: 40)
        _ = try await terminal.run(
            .shell, ["-c", "(\(wait)) & $revsweep run test.yaml \(elsewhere)"], in: place.directory.path,
            environment: ["revsweep": Program.revsweep.path],
            steps: [
                PseudoTerminal.Step(when: { $0.all.contains("waiting") }) { $0.type("\u{3}") },
                PseudoTerminal.Step(when: { $0.all.contains { $0.contains("stopping:") } }) { _ in
                    _ = FileManager.default.createFile(
                        atPath: "\(place.directory.path)/results/typed", contents: nil)
                },
            ])
        let shown = terminal.screen.all.joined(separator: "\n")
        #expect(shown.contains("stopping: running trials may end; Ctrl-C again ends them"), "\(shown)")
        #expect(shown.contains("interrupted; go on with: revsweep resume test"), "\(shown)")
    }

    @Test func `Ctrl-C twice ends running trials, and they are run again`() async throws {
        let place = try Workplace(
            "touch running; [ $REVSWEEP_ATTEMPT = 1 ] && sleep 600; echo \"{\\\"loss\\\": $1}\"",
            budget: "{trials: 1}")
        let result = try await place.shell(
            """
            $revsweep run test.yaml >said & planner=$!
            until [ -e results/test/trials/000000/running ]; do sleep 0.01; done
            kill -INT $planner
            while kill -0 $planner && ! grep -q 'Ctrl-C again' said; do sleep 0.01; done
            kill -INT $planner; wait $planner
            """)
        #expect(result.status == .exited(130))
        let before = try await place.trials()
        #expect(before.first?.attempt == 1)
        #expect(before.first?.state == "waiting" && before.first?.reason == "interrupted")
        #expect(try await place.revsweep("resume", "test").status == .exited(0))
        let after = try await place.trials()
        #expect(after.first?.params == before.first?.params)
        #expect(after.first?.state == "complete" && after.first?.attempt == 2)
    }

    @Test func `Ctrl-C ends a planner that looks for the next point of a grid`() async throws {
        let place = try Workplace()
        // Only the first and the last of 10¹² points satisfy the constraints, so the search for the second takes long.
        try place.directory.write(
            """
            metric: {name: loss, goal: minimize}
            trainer: {command: [./trainer.sh, "{param:a}"]}
            parameters:
              a: {type: int, min: 1, max: 1000}
              b: {type: int, min: 1, max: 1000}
              c: {type: int, min: 1, max: 1000}
              d: {type: int, min: 1, max: 1000}
            constraints: ["a + b + c + d < 5 or a + b + c + d > 3999"]
            sampler: grid
            resources: {parallel: 1}
            """, to: "grid.yaml")
        let result = try await place.shell(
            """
            $revsweep run grid.yaml >said & planner=$!
            while kill -0 $planner && ! grep -q complete said; do sleep 0.01; done
            kill -INT $planner; wait $planner
            """)
        #expect(result.status == .exited(130), "\(result.errorOutput)")
        let listing = try await place.revsweep("trials", "grid", "--json").output
        #expect(try JSONDecoder().decode([Number].self, from: Data(listing.utf8)).map(\.number) == [0])
    }

    private struct Number: Decodable { var number: Int }

    @Test(.tags(.slow), arguments: [1, 2])
    func `a planner killed ten times loses nothing, doubles nothing, leaves nothing`(workers: Int) async throws {
        let settings = "resources: {parallel: \(workers)}"
        let place = try Workplace(Self.script, budget: "{trials: 60}", settings: settings)
        var random = RandomStream(seed: 2, stream: UInt64(workers))
        for kill in 0..<10 {
            let delay = 0.02 + 0.2 * random.uniform()
            let result = try await place.shell(
                """
                rm -f results/test/trials/started
                $revsweep run test.yaml --quiet & planner=$!
                until [ -e results/test/trials/started ]; do sleep 0.005; done
                sleep \(delay); kill -KILL $planner; wait $planner
                """)
            #expect(result.status == .exited(128 + SIGKILL), "kill \(kill) came too late")
            #expect(try await eventually { survivors(of: place).isEmpty })
            try checkDatabase(of: place)
        }
        #expect(try await place.revsweep("run", "test.yaml", "--quiet").status == .exited(0))

        let trials = try await place.trials()
        #expect(trials.map(\.number) == Array(0..<60))
        #expect(trials.allSatisfy { $0.state == "complete" && $0.value == $0.params["x"] })
        #expect(survivors(of: place).isEmpty)
        try checkDatabase(of: place)
        // A trial whose result was committed was not run again: only a killed attempt is followed by another.
        let ended = try place.directory.text(of: "results/test/trials/ended").split(separator: "\n").map { Int($0) }
        for trial in trials where trial.attempt == 1 { #expect(ended.count { $0 == trial.number } == 1) }
        #expect(trials.contains { $0.attempt > 1 })

        guard workers == 1 else { return }
        let unbroken = try Workplace(Self.script, budget: "{trials: 60}", settings: settings)
        _ = try await unbroken.revsweep("run", "test.yaml", "--quiet")
        let reference = try await unbroken.trials()
        #expect(reference.map(\.params) == trials.map(\.params))
        #expect(reference.map(\.value) == trials.map(\.value))
    }

    private func checkDatabase(of place: Workplace) throws {
        let path = "\(place.directory.path)/results/test/sweep.sqlite"
        guard FileManager.default.fileExists(atPath: path) else { return }
        let check = try DatabaseQueue(path: path).read { try String.fetchAll($0, sql: "PRAGMA integrity_check") }
        #expect(check == ["ok"])
        let doubled = try DatabaseQueue(path: path).read { database in
            try Int.fetchOne(database, sql: "SELECT count(*) - count(DISTINCT number) FROM trial")
        }
        #expect(doubled == 0)
    }

    /// The living processes that were started for trials of the sweep.
    private func survivors(of place: Workplace) -> [Int32] {
        let needle = "REVSWEEP_TRIAL_DIR=\(place.directory.path)/"
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return processes.compactMap { Int32($0) }.filter { process in
            guard let environment = FileManager.default.contents(atPath: "/proc/\(process)/environ"),
                String(decoding: environment, as: UTF8.self).contains(needle),
                let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
            else { return false }
            let state = status[(status.lastIndex(of: ")") ?? status.startIndex)...].dropFirst(2).first
            return state != "Z" && state != "X"
        }
    }

    @Test func `a planner that is killed while trials wait at rungs goes on as if it had not been`() async throws {
        // Its trainer begins anew when it is promoted, so that the reports of the former attempt are gone for a while.
        let place = try Workplace(
            """
            for step in 1 2 3 4 5 6 7 8; do
                awk -v x="$1" -v s=$step 'BEGIN { printf "{\\"step\\": %d, \\"loss\\": %.9f}\\n", s, x + 1 / s }'
                sleep 0.01
            done
            """, budget: "{trials: 18}",
            settings: """
                sampler: tpe
                reproducible: true
                resources: {parallel: 2}
                pruner: {name: successive_halving, min_steps: 2, reduction: 2, max_steps: 9}
                """)
        let result = try await place.shell(
            """
            $revsweep run test.yaml --quiet --results whole >/dev/null
            for seconds in 0.4 0.6 0.8 1 1.2; do
                timeout -s KILL $seconds $revsweep run test.yaml --quiet >/dev/null 2>&1
            done
            $revsweep run test.yaml --quiet >/dev/null
            for results in whole results; do
                $revsweep trials test --results $results --json | tr ',' '\\n' | grep '"x"' >$results.txt
            done
            wc -l <whole.txt; diff whole.txt results.txt
            """)
        #expect(result.status == .exited(0) && result.output.contains("18"), "\(result.output)\(result.errorOutput)")
    }
}
