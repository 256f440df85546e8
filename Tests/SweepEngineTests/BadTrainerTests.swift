import Foundation
import SweepEngine
import SweepExecution
import SweepModel
import SweepStore
import Testing

/// Each misbehaves in one way; the next trial of the same sweep is a good one.
@Suite struct BadTrainerTests {
    @Test(arguments: [
        ("exits with a code", "exit 3", TrialState.failed, "crash: exit 3"),
        ("is killed", "kill -SEGV $$", .failed, "crash: signal 11"),
        ("hangs", "exec sleep 6000", .failed, "timeout"),
        ("hangs and ignores signals", "trap '' TERM INT HUP; while :; do sleep 1; done", .failed, "timeout"),
        // 127 processes, some in sessions of their own.
        (
            "forks without end",
            "f() { [ $1 = 0 ] || { f $(($1 - 1)) & f $(($1 - 1)) & }; sleep 6000; }; setsid sleep 6000 & f 6",
            .failed, "timeout"
        ),
        ("floods its output", "head -c 300000000 /dev/zero | tr '\\0' 'x' | fold -w 200", .failed, "no metric"),
        ("never ends its line", "head -c 100000000 /dev/zero | tr '\\0' '{'", .failed, "no metric"),
        ("prints what is no text", "head -c 5000000 /dev/urandom; echo; echo '{\"loss\": 0.5}'", .complete, ""),
        ("closes its output", "exec >&- 2>&-; sleep 0.1", .failed, "no metric"),
        ("closes its output after its report", "echo '{\"loss\": 0.5}'; exec >&-; sleep 0.1", .complete, ""),
        ("ends at once", ":", .failed, "no metric"),
        ("says its metric in words", "echo 'loss: 0.5'", .failed, "no metric"),
        ("says its metric in quotes", "echo '{\"loss\": \"0.5\"}'", .failed, "no metric"),
        ("says a list", "echo '{\"loss\": [0.5]}'", .failed, "no metric"),
        ("says a number too large", "echo '{\"loss\": 1e400}'", .diverged, "the metric is not a finite number"),
        ("says NaN", "echo '{\"loss\": NaN}'", .diverged, "the metric is not a finite number"),
        ("ends within a line", "printf '{\"loss\": 0.5}'", .complete, ""),
        ("counts in fractions", "echo '{\"step\": 0.5, \"loss\": 0.5}'", .complete, ""),
    ])
    func `a bad trainer ends with its state and reason, and the sweep goes on`(
        name: String, script: String, state: TrialState, reason: String
    ) async throws {
        let sweep = try ShellSweep(
            "if [ $REVSWEEP_TRIAL = 0 ]; then \(script)\nexit $?; fi\necho \"{\\\"loss\\\": $x}\"",
            "budget: {trials: 2}\nresources: {parallel: 1, timeout: \(reason == "timeout" ? "3s" : "5m")}")
        let (_, trials) = try await sweep.run()
        #expect(trials[0].state == state)
        if reason == "no metric" {
            #expect(trials[0].reason?.description.hasPrefix("no metric 'loss': ") == true)
        } else {
            #expect(trials[0].reason?.description == (reason.isEmpty ? nil : reason))
        }
        #expect(ProcessTable.processes(inTrialsBelow: "\(sweep.directory.path)/results/test/trials").isEmpty)
        #expect(trials.count == 2 && trials[1].state == .complete)
    }
}
