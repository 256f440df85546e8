import Foundation
import SweepEngine
import SweepStore
import Testing

@Suite struct NoMetricTests {
    @Test(arguments: [
        (
            #"echo '{"step": 1, "val_loss": 0.5, "Loss": 0.4}'"#,
            "reported were 'val_loss', 'Loss' (upper and lower case are not the same)"
        ),
        (#"echo '{"val_loss": 0.5}'"#, "reported were 'val_loss' (did you mean 'val_loss'?)"),
        (#"echo '{"loss ": 0.5}'"#, "reported were 'loss ' (did you mean 'loss '?)"),
        (#"echo '{"accuracy": 0.5}'"#, "reported were 'accuracy'; what"),
        (#"echo "{'loss': 0.5}""#, #"the line "{'loss': 0.5}" is how Python prints a dict, and no JSON"#),
        (#"echo "INFO {'loss': 0.5}""#, "is how Python prints a dict"),
        (#"echo '{"loss": "0.5"}'"#, #"it was the text "0.5", not a number"#),
        (#"echo '{"loss": null}'"#, "it was null, not a number"),
        (#"echo '{"loss": [0.5]}'"#, "it was a list, not a number"),
        (#"echo '{"loss": true, "other": 1}'"#, "it was true or false, not a number"),
        (#"echo '{"loss": {"train": 1}}'"#, "it was an object, not a number"),
        (#"echo '{"metrics": {"loss": 0.5}}'"#, "reported were 'metrics.loss' (did you mean 'metrics.loss'?)"),
        (#"echo '{"a": {"b": {"loss": 0.5}}, "lr": 1}'"#, "'a.b.loss', 'lr' (did you mean 'a.b.loss'?)"),
        (#"printf '{\n  "loss": 0.5\n}\n'"#, "the JSON object was spread over several lines"),
        (#"printf '[\n  {\n    "loss": 0.5\n  }\n]\n'"#, "the JSON object was spread over several lines"),
        (#"printf 'INFO {\n "loss": 0.5\n}\n'"#, "the JSON object was spread over several lines"),
        (#"printf '{\n"a": {\n"x": 1\n},\n"loss": 0.5\n}\n'"#, "the JSON object was spread over several lines"),
        (#"printf "{'h': [0,\n       1],\n 'loss': 0.5}\n""#, "is how Python prints a dict"),
        (#"printf '\r 10%%\r 50%% loss=0.5\n'"#, #"the line " 50% loss=0.5" is no report"#),
        (#"printf '\r 10%%\r 50%% loss=0.5\r\n'"#, #"the line " 50% loss=0.5" is no report"#),
        (#"echo '{"loss": 0.5}' >> stdout.log"#, "it stands in the log, and did not come through standard output"),
        (#"echo '{"loss": 0.5} done'"#, "does not end with its JSON object"),
        (#"echo '{"loss": 0.5} {"loss": 0.6}'"#, "is no report"),
        ("echo 'epoch 1'; echo 'loss: 0.5'", #"the line "loss: 0.5" is no report"#),
        ("echo 'epoch 1, loss = 0.5'", #"or what 'trainer.reports' describes: reports: "loss = {loss}""#),
        (#"echo "{'loss': 0.5}""#, #"reports: "'loss': {loss}""#),
        ("echo 'loss=0.5' >&2", #"describes, on standard output: reports: "loss={loss}""#),
        ("echo; echo 'epoch 1'", #"no line was a JSON object with a number; the first was "epoch 1""#),
        (":", "nothing was printed"), (#"echo '{"step": 5}'"#, "the reports hold no number but 'step'"),
        (#"echo '{"val_loss": 1}'; yes 'a glossy losses line' | head -n 20000"#, "reported were 'val_loss'"),
        ("head -c 3000000 /dev/zero | tr '\\0' x; echo", "it printed a line of more than 1 MiB"),
        (#"echo '{"loss": 0.5}' >&2"#, "it was reported on standard error, and reports are read from standard output"),
        (#"echo "{'loss': 0.5}" >&2"#, "on standard error, and reports are read from standard output, the line"),
        (#"printf '\033]0;evil\007loss \033[2J\n'"#, #"the line "\u{1b}]0;evil\u{7}loss \u{1b}[2J" is no report"#),
        (#"ln -sf /dev/zero stdout.log; echo '{"Loss": 1}'"#, "nothing was printed"),
    ])
    func `the reason says what there was in place of the metric`(script: String, words: String) async throws {
        let sweep = try ShellSweep("cd \"$REVSWEEP_TRIAL_DIR\"\n\(script)", "budget: {trials: 1}")
        let (_, trials) = try await sweep.run()
        let reason = try #require(trials.first?.reason?.description)
        #expect(reason.hasPrefix("no metric 'loss': "), "\(reason)")
        #expect(reason.contains(words), "\(reason)")
        let log = script.hasSuffix(">&2") ? "stderr" : "stdout"
        let isSilent = words == "nothing was printed"
        #expect(reason.hasSuffix("; what it printed is in trials/000000/\(log).log") != isSilent, "\(reason)")
    }

    @Test(arguments: [
        #"echo 'INFO:root:{"loss": 0.5}'"#, #"printf '\r 50%%\r100%%\r{"loss": 0.5}\n'"#,
        #"printf '\033[32m{"loss": 0.5}\033[0m\n'"#, #"printf '\357\273\277{"loss": 0.5}\n'"#,
        #"echo 'continue? {"loss": 0.5}'"#,
    ])
    func `a report behind other text is read`(script: String) async throws {
        let (_, trials) = try await ShellSweep(script, "budget: {trials: 1}").run()
        #expect(trials.map(\.value) == [0.5])
    }

    @Test func `the log of an earlier attempt is not taken for this one's`() async throws {
        let sweep = try ShellSweep(
            "[ $REVSWEEP_ATTEMPT = 1 ] && echo '{\"los\": 1}'; exit 0",
            "budget: {trials: 1}\nretry: {attempts: 2, on: [no_metric]}")
        let (_, trials) = try await sweep.run()
        #expect(trials.first?.attempt == 2)
        #expect(trials.first?.reason?.description.contains("nothing was printed") == true)
    }
}

@Suite struct HopelessStartTests {
    private static let settings = "budget: {trials: 9}\nresources: {parallel: 1}"

    @Test(arguments: [
        ("echo '{\"los\": 1}'", "reported were 'los'"), (":", "nothing was printed"),
        ("echo '{\"loss\": 1}' >&2", "it was reported on standard error"),
        ("no-such-program-anywhere", "crash: exit 127"), ("sh ./no-such-script.sh", "no-such-script.sh"),
        ("echo \"ModuleNotFoundError: No module named 'torch'\" >&2; exit 1", "No module named 'torch'"),
        ("echo \"t.py: error: unrecognized arguments: --x=$x\" >&2; exit 2", "unrecognized arguments"),
    ])
    func `a sweep whose first trials fail alike stops, and goes on when that is mended`(
        script: String, words: String
    ) async throws {
        let sweep = try ShellSweep("\(script)", Self.settings)
        let log = words.contains("reported were") || words.contains("printed") ? "stdout" : "stderr"
        for count in [3, 6] {
            let error = await #expect(throws: SweepRunError.self) { try await sweep.run() }
            guard case .everyTrialFailsAlike(3, count - 1, _, _, _)? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(error?.description.contains(words) == true, "\(String(describing: error))")
            let path = "/results/test/trials/00000\(count - 1)/\(log).log"
            #expect(error?.description.contains("; its log: /") == true, "\(String(describing: error))")
            #expect(error?.description.hasSuffix(path) == true, "\(String(describing: error))")
            #expect(error?.description.ranges(of: "trials/0").count == 1, "\(String(describing: error))")
            #expect(try sweep.store().trials().map(\.state) == Array(repeating: .failed, count: count))
        }
        try sweep.directory.write("#!/bin/sh\necho '{\"loss\": 1}'\n", to: "trainer.sh", executable: true)
        let (ending, trials) = try await sweep.run()
        #expect(ending == .trials)
        #expect(trials.count { $0.state == .complete } == 3)
    }

    @Test func `a metric that is only bounded is missed like the one that is optimized`() async throws {
        let sweep = try ShellSweep(
            "echo '{\"loss\": 1}'", "bounds: [latency <= 20]\n\(Self.settings)")
        for count in [3, 6] {
            let error = await #expect(throws: SweepRunError.self) { try await sweep.run() }
            #expect(error?.description.contains("no metric 'latency'") == true, "\(String(describing: error))")
            #expect(try sweep.store().trials().count == count)
        }
    }

    @Test(arguments: [
        ("echo \"KeyError: 'lr'\" >&2; exit 1", 10), ("echo \"KeyError: $REVSWEEP_TRIAL\" >&2; exit 1", 12),
        ("exit 7", 12), ("[ $REVSWEEP_TRIAL = 9 ] && echo '{\"loss\": 1}' && exit 0; echo no >&2; exit 1", 12),
    ])
    func `ten that end with the same words are enough`(script: String, count: Int) async throws {
        let sweep = try ShellSweep(script, "budget: {trials: 12}\nresources: {parallel: 2}")
        do {
            _ = try await sweep.run()
            #expect(count == 12)
        } catch let error as SweepRunError {
            guard case .everyTrialFailsAlike(10, _, _, _, _) = error else { throw error }
            #expect(count == 10)
        }
        #expect((count...count + 1).contains(try sweep.store().trials().count { $0.state.isFinal }))
    }

    @Test(arguments: [
        // One of the first had a value; they fail in several ways; what they say may be a matter of their values.
        "[ $REVSWEEP_TRIAL = 1 ] && echo '{\"loss\": 1}'; exit 0", "[ $REVSWEEP_TRIAL = 1 ] && exit 127; exit 0",
        "exit 7", "echo 'CUDA out of memory' >&2; exit 1", "echo '{\"loss\": 1}'; exit 127",
    ])
    func `a sweep whose first trials fail otherwise goes on`(script: String) async throws {
        let (ending, trials) = try await ShellSweep(script, Self.settings).run()
        #expect(ending == .trials)
        #expect(trials.count == 9)
    }

    /// With one trial at a time, the first one reports and then fails, or waits until it has to pause. The others print
    /// nothing.
    @Test(arguments: [
        ("exit 3", ""), ("[ $REVSWEEP_ATTEMPT -gt 1 ] || sleep 600", "pruner: successive_halving\n"),
    ])
    func `a sweep in which a trial has reported the metric goes on, also when it is resumed`(
        end: String, pruner: String
    ) async throws {
        let script = "[ $REVSWEEP_TRIAL = 0 ] || exit 0; echo '{\"loss\": 1}'; \(end)"
        for stages in [[6], [1, 6]] {
            let sweep = try ShellSweep(script, "")
            for trials in stages {
                try sweep.write("\(pruner)budget: {trials: \(trials)}\nresources: {parallel: 1}")
                let (ending, found) = try await sweep.run()
                #expect(ending == .trials && found.count == trials)
            }
        }
    }

    @Test func `a budget that ends with them ends as any other`() async throws {
        let (ending, trials) = try await ShellSweep(":", "budget: {trials: 3}\nresources: {parallel: 2}").run()
        #expect(ending == .trials)
        #expect(trials.map(\.state) == [.failed, .failed, .failed])
    }
}
