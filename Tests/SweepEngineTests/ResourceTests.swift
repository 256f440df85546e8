import Foundation
import SweepEngine
import SweepFile
import SweepModel
import SweepStore
import Testing

@Suite struct ResourceTests {
    @Test func `retries wait, and others run meanwhile`() async throws {
        let sweep = try ShellSweep(
            """
            [ $REVSWEEP_TRIAL$REVSWEEP_ATTEMPT = 01 ] && exit 3
            echo "{\\"loss\\": $x}"; echo $REVSWEEP_TRIAL >> ../order
            """,
            "budget: {trials: 3}\nresources: {parallel: 1}\nretry: {attempts: 2, on: [crash], backoff: 1s}")
        let (_, trials) = try await sweep.run()
        #expect(trials.map(\.state) == [.complete, .complete, .complete])
        let order = try sweep.directory.text(of: "results/test/trials/order").split(separator: "\n")
        #expect(order.first == "1" && order.count == 3)
    }

    @Test(arguments: [(1, 10), (2, 20), (3, 40), (20, 3600), (100, 3600)])
    func `the pause before a retry doubles up to an hour`(failures: Int, seconds: Int) {
        #expect(
            Retry(attempts: 9, causes: [], backoff: .seconds(10)).pause(afterFailures: failures) == .seconds(seconds))
    }

    @Test func `too much memory is a reason of its own, and may be retried`() async throws {
        let sweep = try ShellSweep(
            "[ $REVSWEEP_ATTEMPT = 1 ] && (head -c 96M /dev/zero; sleep 600) | tail; echo \"{\\\"loss\\\": $x}\"",
            "budget: {trials: 1}\nresources: {memory: 48MiB}\nretry: {attempts: 2, on: [memory]}")
        let (_, trials) = try await sweep.run()
        #expect(trials.map(\.state) == [.complete])
        #expect(trials.map(\.attempt) == [2])
        let retried = try sweep.store().events().first { $0.kind == .trialRetried }
        #expect(retried?.detail?.contains(/waiting: memory: peak \d+ MiB/) == true)
    }

    @Test func `a trainer that says nothing for too long fails with that reason`() async throws {
        let sweep = try ShellSweep("exec sleep 600", "budget: {trials: 1}\nresources: {stall: 200ms}")
        let (_, trials) = try await sweep.run()
        #expect(trials.map(\.reason?.description) == ["stall"])
    }

    @Test(arguments: [("minimize", 0.5), ("maximize", 0.5)])
    func `a value that is good enough ends the sweep`(goal: String, target: Double) async throws {
        let sweep = try ShellSweep(
            "echo \"{\\\"loss\\\": $x}\"",
            """
            budget: {trials: 100, target: \(target)}
            resources: {parallel: 1}
            enqueue: [{x: \(goal == "minimize" ? 0.9 : 0.1)}]
            """)
        let file = try sweep.directory.text(of: "test.yaml")
        try sweep.directory.write(file.replacing("goal: minimize", with: "goal: \(goal)"), to: "test.yaml")
        let (ending, trials) = try await sweep.run()
        #expect(ending == .target)
        let values = trials.compactMap(\.value)
        let isGood = { (value: Double) in goal == "minimize" ? value <= target : value >= target }
        #expect(values.last.map(isGood) == true && values.dropLast().allSatisfy { !isGood($0) })
    }

    @Test func `trials keep to cores and GPUs of their own`() async throws {
        let allowed = Machine.cores
        try #require(allowed.count >= 2)
        let sweep = try ShellSweep(
            """
            echo "$CUDA_VISIBLE_DEVICES $(grep Cpus_allowed_list /proc/self/status | cut -f2)" >> ../slots
            echo "{\\"loss\\": $x}"
            """,
            "budget: {trials: 8}\nresources: {parallel: 2, affinity: true, gpus: 2}")
        try await sweep.run(cores: allowed, gpus: ["0", "1", "GPU-a", "GPU-b"])
        let slots = Set(
            try sweep.directory.text(of: "results/test/trials/slots").split(separator: "\n").map(String.init))
        #expect(slots.isSubset(of: ["0,1 \(allowed[0])", "GPU-a,GPU-b \(allowed[1])"]) && !slots.isEmpty)
    }

    @Test(arguments: [
        ("{parallel: 3, gpus: 2}", "3 trials with 2 GPUs each need 6, and there are 4"),
        ("{gpus: 5}", "1 trial with 5 GPUs each needs 5, and there are 4"),
        ("{parallel: 9, gpus: 0.5}", "9 trials with 1/2 of a GPU each need 5, and there are 4"),
        ("{parallel: 4, threads: 2, affinity: true}", "4 trials with 2 cores of their own need 8, and there are 4"),
    ])
    func `what is not there is said before anything runs`(resources: String, words: String) throws {
        let sweep = try ShellSweep("exit 0", "budget: {trials: 1}\nresources: \(resources)")
        let file = try SweepFile.read(path: "\(sweep.directory.path)/test.yaml")
        let error = #expect(throws: SweepRunError.self) {
            try TrialSlots(file.sweep, cores: [0, 1, 2, 3], gpus: ["0", "1", "2", "3"])
        }
        #expect(error?.description == words)
    }

    @Test func `as many trials run at once as have GPUs`() throws {
        let sweep = try ShellSweep("exit 0", "budget: {trials: 1}\nresources: {gpus: 2}")
        let file = try SweepFile.read(path: "\(sweep.directory.path)/test.yaml")
        let slots = try TrialSlots(file.sweep, cores: Array(0..<16), gpus: ["0", "1", "2", "3", "4"]).slots
        #expect(slots.map(\.gpus) == [["0", "1"], ["2", "3"]])
    }

    @Test(arguments: [
        ("0.5", ["0"], ["0", "0"]), ("1/2", ["3", "5"], ["3", "5", "3", "5"]),
        ("0.33", ["0"], ["0", "0", "0"]), ("1.0", ["0", "1"], ["0", "1"]),
    ])
    func `trials share a GPU`(share: String, gpus: [String], expected: [String]) throws {
        let sweep = try ShellSweep("exit 0", "budget: {trials: 1}\nresources: {gpus: \(share)}")
        let file = try SweepFile.read(path: "\(sweep.directory.path)/test.yaml")
        let slots = try TrialSlots(file.sweep, cores: Array(0..<16), gpus: gpus).slots
        #expect(slots.map(\.gpus) == expected.map { [$0] })
    }

    @Test func `a trial that shares a GPU sees that one, and its launcher is told how much of it is meant`()
        async throws
    {
        let sweep = try ShellSweep(
            "echo $CUDA_VISIBLE_DEVICES >> ../slots; echo \"{\\\"loss\\\": $x}\"",
            "budget: {trials: 6}\nresources: {parallel: 4, gpus: 0.5}")
        try await sweep.run(gpus: ["0", "GPU-a"])
        let slots = try sweep.directory.text(of: "results/test/trials/slots").split(separator: "\n")
        #expect(slots.count == 6 && Set(slots).isSubset(of: ["0", "GPU-a"]))
        let launched = try ShellSweep(
            "echo \"{\\\"loss\\\": $x}\"",
            """
            budget: {trials: 1}
            resources: {parallel: 4, gpus: 0.33}
            launcher: {command: [./launcher.sh, "{gpus}", "{gpu_share}"]}
            """)
        try launched.directory.write(
            "#!/bin/sh\necho $1 $2 > ../launched\nshift 2\nexec \"$@\"\n", to: "launcher.sh", executable: true)
        try await launched.run()
        #expect(try launched.directory.text(of: "results/test/trials/launched") == "1 0.333\n")
    }

    @Test func `a launcher that loses its trainer is retried, and its trainer's end counts`() async throws {
        let sweep = try ShellSweep(
            "echo \"{\\\"loss\\\": $x}\"; [ $REVSWEEP_ATTEMPT = 2 ] && exit 0; sleep 600",
            """
            budget: {trials: 1}
            retry: {attempts: 2, on: [crash]}
            resources: {memory: 3GiB, threads: 2}
            launcher: {command: [./launcher.sh, "{memory_mib}", "{threads}"], stop_signal: INT}
            """)
        // Like `srun` of a job that was cancelled: it ends with 0.
        try sweep.directory.write(
            """
            #!/bin/sh
            echo "$1 $2" > ../launched
            shift 2
            [ $REVSWEEP_ATTEMPT = 2 ] && exec "$@"
            "$@" & sleep 0.2; kill -KILL $!; exit 0
            """, to: "launcher.sh", executable: true)
        let (_, trials) = try await sweep.run()
        #expect(trials.map(\.state) == [.complete])
        #expect(trials.map(\.attempt) == [2])
        #expect(try sweep.directory.text(of: "results/test/trials/launched") == "3072 2\n")
        let retried = try sweep.store().events().first { $0.kind == .trialRetried }
        #expect(retried?.detail == "waiting: crash: the launcher ended before the trainer: exit 0")
    }
}
