import Foundation
import GRDB
import SweepEngine
import SweepExecution
import SweepFile
import SweepModel
import SweepSearch
import SweepStore
import Synchronization
import TestSupport
import Testing

/// A sweep over a shell script, in a folder of its own.
struct ShellSweep {
    let directory: TemporaryDirectory

    /// - Parameters:
    ///   - script: the trainer; `$x` is its parameter, between 0 and 1.
    ///   - settings: further lines of the sweep file.
    init(_ script: String, _ settings: String) throws {
        directory = try TemporaryDirectory()
        try directory.write("#!/bin/sh\nx=${1#--x=}\n" + script, to: "trainer.sh", executable: true)
        try write(settings)
    }

    func write(_ settings: String) throws {
        try directory.write(
            """
            name: test
            metric: {name: loss, goal: minimize}
            trainer: {command: [./trainer.sh, "{args}"], directory: "{trial_dir}"}
            parameters: {x: {type: uniform, min: 0, max: 1}}
            \(settings)
            """, to: "test.yaml")
    }

    func open() async throws -> OpenSweep {
        try await OpenSweep.starting(
            SweepFile.read(path: "\(directory.path)/test.yaml"), below: "\(directory.path)/results", cores: 2,
            at: Date())
    }

    /// Runs the sweep as far as it goes.
    @discardableResult
    func run(
        interruptions: AsyncStream<Void> = AsyncStream { _ in }, cores: [Int] = [0, 1], gpus: [String] = [],
        notify: @escaping @Sendable (SweepNotice) -> Void = { _ in },
        isInterrupted: @escaping @Sendable () -> Bool = { false }
    ) async throws -> (ending: SweepEnding, trials: [TrialRecord]) {
        let sweep = try await open()
        let runner = SweepRunner(
            sweep.file, store: sweep.store, directory: sweep.directory,
            programs: TrialPrograms(
                trainer: "\(directory.path)/trainer.sh",
                launcher: sweep.file.sweep.launcher.map { _ in "\(directory.path)/launcher.sh" },
                taskset: sweep.file.sweep.resources.affinity ? "/usr/bin/taskset" : nil),
            token: UUID().uuidString, lag: sweep.record.lag,
            slots: try TrialSlots(sweep.file.sweep, cores: cores, gpus: gpus).slots,
            isInterrupted: isInterrupted, notify: notify)
        let ending = try await runner.run(interruptions: interruptions)
        return (ending, try sweep.store.trials())
    }

    func metrics(ofTrial number: Int) throws -> [MetricRecord] {
        try SweepStore(readingSweepIn: "\(directory.path)/results/test").metrics(ofTrial: number)
    }
}

@Suite struct SweepRunnerTests {
    @Test func `every trial of the budget runs once and its value is stored`() async throws {
        let sweep = try ShellSweep("echo \"{\\\"loss\\\": $x}\"", "budget: {trials: 6}")
        let (ending, trials) = try await sweep.run()
        #expect(ending == .trials)
        #expect(trials.map(\.number) == Array(0..<6))
        #expect(trials.allSatisfy { $0.state == .complete && $0.attempt == 1 })
        for trial in trials {
            #expect(trial.parameters.map(\.value) == [.number(trial.value ?? .nan)])
            #expect(try sweep.metrics(ofTrial: trial.number).map(\.value) == [trial.value])
        }
    }

    @Test func `a run that is over holds no file open`() async throws {
        let sweep = try ShellSweep("echo '{\"loss\": 1}'", "budget: {trials: 2}")
        try await sweep.run()
        func openFiles() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
                .compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)") }
                .filter { $0.hasPrefix(sweep.directory.path) }
        }
        _ = try await eventually { try openFiles().isEmpty }
        #expect(try openFiles() == [])
    }

    @Test(arguments: [
        ("exit 0", TrialState.failed, "no metric"),
        ("echo '{\"loss\": 1}'; exit 3", .failed, "crash: exit 3"),
        ("kill -KILL $$", .failed, "crash: signal 9"),
        ("echo '{\"loss\": NaN}'; sleep 600", .diverged, "the metric is not a finite number"),
        ("echo '{\"loss\": 1e999}'", .diverged, "the metric is not a finite number"),
        ("echo '{\"loss\": \"0.5\"}'", .failed, "no metric"),
        ("echo '{\"other\": NaN, \"loss\": 1}'; exit 1", .failed, "crash: exit 1"),
    ])
    func `a bad trainer ends with its reason and the sweep goes on`(
        script: String, state: TrialState, reason: String
    ) async throws {
        let sweep = try ShellSweep(script, "budget: {trials: 2}")
        let (_, trials) = try await sweep.run()
        #expect(trials.map(\.state) == [state, state])
        #expect(trials.allSatisfy { $0.reason?.description.hasPrefix(reason) == true })
    }

    @Test func `an attempt that takes too long fails, whatever it reported`() async throws {
        let sweep = try ShellSweep(
            "echo '{\"loss\": 1}'; sleep 600", "budget: {trials: 2}\nresources: {timeout: 200ms}")
        let (_, trials) = try await sweep.run()
        #expect(trials.map(\.reason?.description) == ["timeout", "timeout"])
    }

    @Test func `the last words that are kept are those of the last attempt`() async throws {
        let sweep = try ShellSweep(
            "[ $REVSWEEP_ATTEMPT = 1 ] && echo first >&2; exit 1", "budget: {trials: 1}\nretry: {attempts: 2}")
        let (_, trials) = try await sweep.run()
        #expect(trials.map(\.attempt) == [2])
        #expect(trials.first?.errorOutput == nil)
    }

    /// The first attempt reports steps 1 and 2 and is interrupted; the second goes on from `step`, or says nothing.
    @Test(arguments: [
        // Its checkpoint was behind the second step, which is done again: that one never was.
        ("best", "printf '{\"step\": 2, \"loss\": 8}\n{\"step\": 3, \"loss\": 9}\n'", 7.0),
        ("best", "printf '{\"step\": 1, \"loss\": 8}\n{\"step\": 2, \"loss\": 9}\n'", 8),
        ("last", "printf '{\"step\": 3, \"loss\": 9}\n'", 9),
        // All was done when it was interrupted.
        ("last", "", 1), ("best", "", 1),
    ])
    func `a trial that goes on from its checkpoint keeps what it had reported`(
        rule: String, second: String, expected: Double
    ) async throws {
        let sweep = try ShellSweep(
            """
            if [ $REVSWEEP_ATTEMPT = 2 ]; then \(second.isEmpty ? ":" : second); exit 0; fi
            printf '{"step": 1, "loss": 7}\\n{"step": 2, "loss": 1}\\n'; sleep 600
            """, "budget: {trials: 1}")
        let file = try sweep.directory.text(of: "test.yaml")
        try sweep.directory.write(
            file.replacing("goal: minimize", with: "goal: minimize, value: \(rule)"), to: "test.yaml")
        let (interruptions, interrupt) = AsyncStream<Void>.makeStream()
        try await sweep.run(interruptions: interruptions) { notice in
            guard case .reported(_, let report) = notice, report.step == 2 else { return }
            interrupt.yield()
            interrupt.yield()
        }
        let (_, trials) = try await sweep.run()
        #expect(trials.map(\.state) == [.complete])
        #expect(trials.map(\.value) == [expected])
    }

    @Test func `interruptions do not use up a trial's retries`() async throws {
        let sweep = try ShellSweep(
            """
            case $REVSWEEP_ATTEMPT in 1) echo '{"loss": 1}'; sleep 600;; 2) exit 3;; esac
            echo '{"loss": 1}'
            """, "budget: {trials: 1}\nretry: {attempts: 2}")
        let (interruptions, interrupt) = AsyncStream<Void>.makeStream()
        try await sweep.run(interruptions: interruptions) { notice in
            guard case .reported = notice else { return }
            interrupt.yield()
            interrupt.yield()
        }
        let (_, trials) = try await sweep.run()
        #expect(trials.map(\.state) == [.complete])
        #expect(trials.map(\.attempt) == [3])
    }

    @Test func `a trainer that does not start ends the sweep before it has cost the budget`() async throws {
        let sweep = try ShellSweep("exit 0", "budget: {trials: 50}\nresources: {parallel: 1}")
        let file = sweep.directory.path + "/trainer.sh"
        _ = try await #require(throws: SweepRunError.self) {
            try await sweep.run { notice in
                if case .started(let trial) = notice, trial.number == 2 { unlink(file) }
            }
        }
        let store = try SweepStore(readingSweepIn: "\(sweep.directory.path)/results/test")
        #expect(try store.trials().count <= 6)
    }

    @Test func `a sweep whose folder is removed stops and says so`() async throws {
        let sweep = try ShellSweep("sleep 0.05; echo \"{\\\"loss\\\": $x}\"", "budget: {trials: 500}")
        let folder = "\(sweep.directory.path)/results/test"
        let error = try await #require(throws: SweepStoreError.self) {
            try await sweep.run { notice in
                guard case .started(let trial) = notice, trial.number == 3 else { return }
                // As if by another process: all of it at once.
                rename(folder, "\(folder)-moved")
            }
        }
        #expect(error == .removed(path: "\(folder)/\(SweepStore.fileName)"))
        #expect(!FileManager.default.fileExists(atPath: folder))
    }

    @Test func `the last lines of standard error are kept of a failed trial`() async throws {
        let sweep = try ShellSweep("seq 1 5000 >&2; exit 1", "budget: {trials: 1}")
        let (_, trials) = try await sweep.run()
        #expect(trials.first?.errorOutput?.split(separator: "\n").suffix(2) == ["4999", "5000"])
    }

    @Test func `a failed trial is run again as often as it may be`() async throws {
        let sweep = try ShellSweep(
            "echo \"{\\\"loss\\\": $REVSWEEP_ATTEMPT}\"; [ $REVSWEEP_ATTEMPT = 3 ]",
            "budget: {trials: 2}\nretry: {attempts: 3, on: [crash]}")
        let (_, trials) = try await sweep.run()
        #expect(trials.map(\.state) == [.complete, .complete])
        #expect(trials.map(\.attempt) == [3, 3])
        #expect(trials.map(\.value) == [3, 3])
        #expect(try sweep.metrics(ofTrial: 0).map(\.attempt) == [1, 2, 3])
    }

    @Test(arguments: [("last", 2.0), ("best", 1)])
    func `the value of a trial follows the rule`(rule: String, expected: Double) async throws {
        let sweep = try ShellSweep("printf '{\"loss\": 3}\\n{\"loss\": 1}\\n{\"loss\": 2}\\n'", "budget: {trials: 1}")
        let file = try sweep.directory.text(of: "test.yaml")
        try sweep.directory.write(
            file.replacing("goal: minimize", with: "goal: minimize, value: \(rule)"), to: "test.yaml")
        let (_, trials) = try await sweep.run()
        #expect(trials.map(\.value) == [expected])
        #expect(try sweep.metrics(ofTrial: 0).map(\.step) == [1, 2, 3])
    }

    @Test func `steps that are no whole numbers are counted instead, and that is said once`() async throws {
        let sweep = try ShellSweep(
            "printf '{\"step\": 0.5, \"loss\": 3}\\n{\"step\": \"x\", \"loss\": 2}\\n'", "budget: {trials: 3}")
        let notices = Mutex<[String]>([])
        let (_, trials) = try await sweep.run { notice in
            if case .notice(let text) = notice { notices.withLock { $0.append(text) } }
        }
        #expect(trials.map(\.value) == [2, 2, 2])
        #expect(try sweep.metrics(ofTrial: 1).map(\.step) == [1, 2])
        #expect(try sweep.metrics(ofTrial: 1).map(\.name) == ["loss", "loss"])
        #expect(
            notices.withLock(\.self) == [
                "a trainer reports steps that are no whole numbers: its reports are counted instead"
            ])
    }

    @Test func `enqueued values are tried first`() async throws {
        let sweep = try ShellSweep("echo \"{\\\"loss\\\": $x}\"", "budget: {trials: 3}\nenqueue: [{x: 0.125}, {x: 1}]")
        let (_, trials) = try await sweep.run()
        #expect(trials.map(\.value).prefix(2) == [0.125, 1])
        #expect(trials.map(\.origin) == [.enqueued, .enqueued, .sampled])
    }

    @Test func `the same seed gives the same trials for any number of workers within the lag`() async throws {
        // Trials take unequal time, so that they end in another order each time.
        let script = "sleep 0.0$(( REVSWEEP_SEED % 7 )); echo \"{\\\"loss\\\": $x}\""
        var runs: [[Assignment]] = []
        for parallel in [1, 2, 4] {
            let sweep = try ShellSweep(
                script, "budget: {trials: 24}\nreproducible: {lag: 4}\nresources: {parallel: \(parallel)}")
            let (_, trials) = try await sweep.run()
            #expect(trials.allSatisfy { $0.state == .complete })
            runs.append(trials.map(\.parameters))
        }
        #expect(runs[0] == runs[1])
        #expect(runs[0] == runs[2])
        let other = try ShellSweep(script, "budget: {trials: 24}\nsampler: {seed: 1}")
        let (_, otherTrials) = try await other.run()
        #expect(otherTrials.map(\.parameters) != runs[0])
    }

    @Test func `two interruptions stop the trials and the sweep goes on where it was`() async throws {
        let sweep = try ShellSweep(
            "[ $REVSWEEP_ATTEMPT = 1 ] && [ $REVSWEEP_TRIAL = 2 ] && sleep 600; echo \"{\\\"loss\\\": $x}\"",
            "budget: {trials: 4}\nresources: {parallel: 1}")
        let (interruptions, interrupt) = AsyncStream<Void>.makeStream()
        let (ending, trials) = try await sweep.run(interruptions: interruptions) { notice in
            guard case .started(let trial) = notice, trial.number == 2 else { return }
            interrupt.yield()
            interrupt.yield()
        }
        #expect(ending == .interrupted)
        #expect(trials.map(\.state) == [.complete, .complete, .waiting])
        let (second, resumed) = try await sweep.run()
        #expect(second == .trials)
        #expect(resumed.map(\.state) == [.complete, .complete, .complete, .complete])
        #expect(resumed.map(\.attempt) == [1, 1, 2, 1])
        #expect(resumed[2].parameters == trials[2].parameters)
    }

    @Test func `the budget may grow and everything else may not change`() async throws {
        let sweep = try ShellSweep("echo \"{\\\"loss\\\": $x}\"", "budget: {trials: 2}")
        try await sweep.run()
        try sweep.write("# a comment\nbudget: {trials: 3}\nresources: {parallel: 1}")
        let (_, grown) = try await sweep.run()
        #expect(grown.count == 3)
        try sweep.write("budget: {trials: 3}\nsampler: {name: random, seed: 5}")
        let error = try await #require(throws: OpenSweepError.self) { try await sweep.run() }
        guard case .changed(_, let changes) = error, changes.map(\.path) == ["sampler"] else {
            Issue.record("\(error)")
            return
        }
    }

    @Test func `time ends a sweep that has no other end`() async throws {
        let sweep = try ShellSweep("echo \"{\\\"loss\\\": $x}\"", "budget: {time: 300ms}")
        let (ending, trials) = try await sweep.run()
        #expect(ending == .time)
        #expect(!trials.isEmpty)
        #expect(trials.allSatisfy { $0.state.isFinal })
        let (_, later) = try await sweep.run()
        #expect(later.count == trials.count)
    }

    @Test func `failures end a sweep early`() async throws {
        let sweep = try ShellSweep("exit 1", "budget: {trials: 50, failures: 3}\nresources: {parallel: 1}")
        let (ending, trials) = try await sweep.run()
        #expect(ending == .failures)
        #expect(trials.count == 3)
    }

    @Test func `a database that refuses a write stops the trainers and leaves a sweep that goes on`() async throws {
        let sweep = try ShellSweep(
            "[ $REVSWEEP_ATTEMPT$REVSWEEP_TRIAL = 12 ] && sleep 600; echo \"{\\\"loss\\\": $x}\"",
            "budget: {trials: 5}")
        let path = try await sweep.open().directory + "/\(SweepStore.fileName)"
        // What a full disk does: the write fails, and nothing of it is there.
        func execute(_ sql: String) throws { try DatabaseQueue(path: path).write { try $0.execute(sql: sql) } }
        try execute(
            """
            CREATE TRIGGER full BEFORE INSERT ON trial WHEN NEW.number = 4
            BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END
            """)
        let error = try await #require(throws: DatabaseError.self) { try await sweep.run() }
        #expect(error.message == "database or disk is full")
        #expect(ProcessTable.processes(inTrialsBelow: "\(sweep.directory.path)/results/test/trials").isEmpty)
        try execute("DROP TRIGGER full")
        let (ending, trials) = try await sweep.run()
        #expect(ending == .trials)
        #expect(trials.map(\.state) == Array(repeating: .complete, count: 5))
        #expect(trials[2].attempt == 2)
    }

    /// The trainers are told to stop when the first write fails; this one goes on until the test has mended the
    /// database.
    @Test func `what could not be stored in one moment is stored with the end`() async throws {
        let sweep = try ShellSweep(
            """
            trap 'touch ../../../../told' TERM
            for step in 1 2 3 4 5; do echo "{\\"step\\": $step, \\"loss\\": $step}"; done
            until [ -e ../../../../mended ]; do sleep 0.02; done
            """, "budget: {trials: 1}")
        let path = try await sweep.open().directory + "/\(SweepStore.fileName)"
        let root = sweep.directory.path
        @Sendable func execute(_ sql: String) async throws {
            try await DatabaseQueue(path: path).write { try $0.execute(sql: sql) }
        }
        try await execute(
            """
            CREATE TRIGGER full BEFORE INSERT ON metric
            BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END
            """)
        let mending = Task {
            while !FileManager.default.fileExists(atPath: "\(root)/told") {
                try await Task.sleep(for: .milliseconds(20))
            }
            try await execute("DROP TRIGGER full")
            _ = FileManager.default.createFile(atPath: "\(root)/mended", contents: nil)
        }
        await #expect(throws: DatabaseError.self) { try await sweep.run() }
        try await mending.value
        let stored = try await sweep.open().store.metrics(ofTrial: 0).map(\.step)
        #expect(stored == [1, 2, 3, 4, 5])
    }
}
