import Foundation
import Subprocess
import TestSupport
import Testing

/// Trials on a real cluster: `scripts/slurm-test` starts one and runs these.
@Suite(
    .serialized, .tags(.slow),
    .enabled(if: ProcessInfo.processInfo.environment["SLURM_CONF"] != nil, "there is no cluster"))
struct SlurmTests {
    private static let settings = """
        resources: {parallel: 2, memory: 100MiB}
        launcher:
          command: [srun, -X, -Q, -n1, "-c{threads}", "--mem={memory_mib}M", "--job-name=revsweep-{number}"]
          stop_signal: INT
        """

    private func place(_ script: String, trials: Int, more: String = "") throws -> Workplace {
        try Workplace(script, budget: "{trials: \(trials)}", settings: Self.settings + "\n" + more)
    }

    @Test func `metrics arrive while the job runs, and jobs spread over the nodes`() async throws {
        let place = try place(
            """
            hostname > node; echo $SLURMD_NODENAME >> ../nodes
            echo "{\\"loss\\": $1}"
            until [ -e ../go ]; do sleep 0.05; done
            """, trials: 2)
        let result = try await place.shell(
            """
            $revsweep run test.yaml --quiet & planner=$!
            tries=0
            until [ "$($revsweep trials test --json 2>/dev/null | grep -c '"loss"')" = 2 ] || [ $tries = 200 ]; do
                sleep 0.1; tries=$((tries + 1))
            done
            echo waited $tries; squeue --noheader | wc -l
            touch results/test/trials/go; wait $planner
            """)
        #expect(result.status == .exited(0))
        #expect(!result.output.contains("waited 200") && result.output.hasSuffix("\n2\n"), "\(result)")
        #expect(try await place.trials().map(\.state) == ["complete", "complete"])
    }

    @Test(arguments: [
        ("exit 3", "crash: exit 3"), ("kill -SEGV $$", "crash: signal 11"), ("exit 0", "no metric"),
        ("kill -KILL $$", "crash: signal 9"),
    ])
    func `the trainer's own end comes through`(script: String, reason: String) async throws {
        let place = try place(script, trials: 1)
        _ = try await place.revsweep("run", "test.yaml", "--quiet")
        let reasons = try await place.trials().map(\.reason)
        #expect(reasons.count == 1 && reasons.first??.hasPrefix(reason) == true)
    }

    /// If a job is cancelled and does not stop, `srun` ends with status 0 all the same.
    @Test(arguments: ["scancel --full --name=revsweep-0", "node down"])
    func `a job that the cluster ends is run again`(end: String) async throws {
        let place = try place(
            """
            trap '' TERM
            echo $SLURMD_NODENAME > node; echo "{\\"loss\\": $1}"
            if [ $REVSWEEP_ATTEMPT = 1 ]; then touch running; while :; do sleep 0.1; done; fi
            """, trials: 1, more: "retry: {attempts: 2, on: [crash]}")
        let command =
            end == "node down"
            ? "scontrol update NodeName=$(cat $folder/node) State=DOWN Reason=test" : end
        let result = try await place.shell(
            """
            folder=results/test/trials/000000
            $revsweep run test.yaml --quiet & planner=$!
            until [ -e $folder/running ]; do sleep 0.05; done
            \(command)
            wait $planner; code=$?
            for node in n1 n2; do scontrol update NodeName=$node State=RESUME 2>/dev/null; done
            exit $code
            """)
        #expect(result.status == .exited(0), "\(result)")
        let trials = try await place.trials()
        #expect(trials.map(\.state) == ["complete"] && trials.map(\.attempt) == [2])
    }

    @Test func `a trial that is pruned may write its checkpoint`() async throws {
        let place = try place(
            """
            trap 'echo saved > checkpoint; exit 0' INT
            echo '{"loss": 9}'; while :; do sleep 0.05; done
            """, trials: 1, more: "pruner: {name: threshold, upper: 5}")
        _ = try await place.revsweep("run", "test.yaml", "--quiet")
        #expect(try await place.trials().map(\.state) == ["pruned"])
        #expect(try place.directory.text(of: "results/test/trials/000000/checkpoint") == "saved\n")
    }

    @Test func `a planner that is killed leaves no job behind, and goes on`() async throws {
        let place = try place(
            """
            touch running; [ $REVSWEEP_TRIAL$REVSWEEP_ATTEMPT != 21 ] && [ $REVSWEEP_ATTEMPT = 1 ] \
            && while :; do sleep 0.1; done
            echo "{\\"loss\\": $1}"
            """, trials: 3)
        let result = try await place.shell(
            """
            $revsweep run test.yaml --quiet & planner=$!
            until [ -e results/test/trials/000000/running ] && [ -e results/test/trials/000001/running ]; do
                sleep 0.05
            done
            kill -KILL $planner; wait $planner
            tries=0
            until [ -z "$(squeue --noheader)" ] || [ $tries = 100 ]; do sleep 0.1; tries=$((tries + 1)); done
            squeue --noheader
            """)
        #expect(result.output.isEmpty, "\(result.output)")
        #expect(try await place.revsweep("resume", "test", "--quiet").status == .exited(0))
        let trials = try await place.trials()
        #expect(trials.map(\.state) == ["complete", "complete", "complete"])
        #expect(trials.map(\.attempt).prefix(2) == [2, 2])
    }
}
