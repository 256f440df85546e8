import Foundation
import SweepExecution
import Synchronization
import TestSupport
import Testing
import TrialProtocol

/// A shell script as a trainer, in a folder of its own.
struct ShellTrainer {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    func launch(_ script: String, timeout: Duration? = nil, grace: Duration = .seconds(5)) -> TrialLaunch {
        TrialLaunch(
            program: "/bin/sh", arguments: ["-c", script], environment: ["GIVEN": "a value"],
            directory: directory.path, timeout: timeout, grace: grace)
    }

    /// Runs the script to its end and collects its reports.
    func run(
        _ script: String, timeout: Duration? = nil, grace: Duration = .seconds(5), stop: StopRequest = StopRequest(),
        reported: @escaping @Sendable (MetricReport) -> Void = { _ in }
    ) async -> (exit: TrialExit, reports: [MetricReport]) {
        let collected = Mutex<[MetricReport]>([])
        let exit = await TrialProcess.run(
            launch(script, timeout: timeout, grace: grace), stop: stop
        ) { reports in
            collected.withLock { $0 += reports }
            reports.forEach(reported)
        }
        return (exit, collected.withLock(\.self))
    }
}

@Suite struct TrialProcessTests {
    @Test(arguments: [
        ("exit 0", TrialExit.exited(0)), ("exit 3", .exited(3)), ("kill -SEGV $$", .signaled(SIGSEGV)),
        ("kill -KILL $$", .signaled(SIGKILL)),
    ])
    func `the exit is what the trainer made it`(script: String, expected: TrialExit) async throws {
        let (exit, _) = try await ShellTrainer().run(script)
        #expect(exit == expected)
    }

    @Test func `a report is found behind a progress bar of hours`() async throws {
        let (_, reports) = try await ShellTrainer().run(
            """
            yes '50%|#####     | 1/2 [00:01<00:01, 1.00it/s]' | head -n 60000 | tr '\\n' '\\r'
            printf '\\r{"loss": 1}\\n'
            head -c 3000000 /dev/zero | tr '\\0' x; printf '{"loss": 2}\\n{"loss": 3}\\n'
            """)
        #expect(reports.map { $0["loss"] } == [1, 3])
    }

    @Test func `one that has ended was not told to stop, and is not told later`() async throws {
        let stop = StopRequest()
        let (exit, _) = try await ShellTrainer().run("exec echo '{\"loss\": 1}'", stop: stop) { _ in
            stop.stop(grace: .seconds(5), patience: .seconds(600))
        }
        #expect(exit == .exited(0))
        #expect(!stop.wasTold)
        let other = StopRequest()
        let (politely, _) = try await ShellTrainer().run(
            "trap 'exit 0' TERM; echo '{\"loss\": 1}'; while :; do sleep 0.01; done", stop: other
        ) { _ in
            other.stop(grace: .seconds(60), patience: .milliseconds(1))
        }
        #expect(politely == .exited(0))
        #expect(other.wasTold)
    }

    @Test func `reports are read and everything is logged`() async throws {
        let trainer = try ShellTrainer()
        let (exit, reports) = await trainer.run(
            """
            echo 'starting {"not": "a report"'; echo '{"step": 1, "loss": 0.5}'; echo oops >&2
            printf '{"step": 2, '; printf '"loss": 0.25}\\n'; printf '{"loss": NaN}'
            """)
        #expect(exit == .exited(0))
        #expect(reports.map(\.step) == [1, 2, nil])
        #expect(reports.prefix(2).map { $0["loss"] } == [0.5, 0.25])
        #expect(reports.last?["loss"]?.isNaN == true)
        #expect(
            try trainer.directory.text(of: "stdout.log") == """
                starting {"not": "a report"
                {"step": 1, "loss": 0.5}
                {"step": 2, "loss": 0.25}
                {"loss": NaN}
                """)
        #expect(try trainer.directory.text(of: "stderr.log") == "oops\n")
    }

    @Test(.timeLimit(.minutes(2)), arguments: ["yes &", "setsid yes &", "(trap '' TERM; yes) &"])
    func `what a trainer leaves behind may print without end`(leftover: String) async throws {
        let trainer = try ShellTrainer()
        let (exit, reports) = await trainer.run("echo '{\"loss\": 1}'; \(leftover) sleep 0.2; exit 3")
        #expect(exit == .exited(3))
        #expect(reports == [MetricReport(metrics: [.init("loss", 1)])])
    }

    @Test(.timeLimit(.minutes(2))) func `a trainer of which a part prints without end can be stopped`() async throws {
        let stop = StopRequest()
        let (exit, _) = try await ShellTrainer().run(
            "setsid yes & echo '{\"loss\": 1}'; while :; do sleep 0.01; done", stop: stop
        ) { _ in
            stop.stop(grace: .seconds(20))
        }
        #expect(exit == .signaled(SIGTERM))
    }

    @Test func `a second attempt adds to the logs of the first`() async throws {
        let trainer = try ShellTrainer()
        for word in ["one", "two"] { _ = await trainer.run("echo \(word); echo \(word) >&2") }
        #expect(try trainer.directory.text(of: "stdout.log") == "one\ntwo\n")
        #expect(try trainer.directory.text(of: "stderr.log") == "one\ntwo\n")
    }

    @Test func `the trainer gets its environment, its folder and a session of its own`() async throws {
        let trainer = try ShellTrainer()
        _ = await trainer.run("echo $GIVEN; pwd; echo $$; ps -o pgid= -o sid= -p $$")
        let lines = try trainer.directory.text(of: "stdout.log").split(separator: "\n")
        #expect(lines.prefix(2) == ["a value", "\(trainer.directory.path)"])
        let identifier = try #require(Int32(lines[2]))
        #expect(lines[3].split(separator: " ").map { Int32($0) } == [identifier, identifier])
    }

    @Test func `a line without an end that is longer than any report is only logged`() async throws {
        let trainer = try ShellTrainer()
        let (exit, reports) = await trainer.run(
            "head -c 5000000 /dev/zero | tr '\\0' '{'; echo; echo '{\"loss\": 1}'")
        #expect(exit == .exited(0))
        #expect(reports == [MetricReport(metrics: [.init("loss", 1)])])
        let size = try FileManager.default.attributesOfItem(atPath: "\(trainer.directory.path)/stdout.log")[.size]
        #expect(size as? Int == 5_000_001 + 12)
    }

    @Test func `a trainer that stops politely says its last words`() async throws {
        let stop = StopRequest()
        let (exit, reports) = try await ShellTrainer().run(
            "trap 'echo {\\\"last\\\": 2}; exit 9' TERM; echo '{\"first\": 1}'; while :; do sleep 0.01; done",
            stop: stop,
            reported: { if $0["first"] != nil { stop.stop(grace: .seconds(20)) } })
        #expect(exit == .exited(9))
        #expect(reports.compactMap { $0["last"] } == [2])
    }

    @Test func `a trainer that will not stop is killed with all its group`() async throws {
        let stop = StopRequest()
        let child = Mutex<Int32>(0)
        let (exit, _) = try await ShellTrainer().run(
            "trap '' TERM; (while :; do sleep 1; done) & echo \"{\\\"child\\\": $!}\"; while :; do sleep 0.01; done",
            stop: stop,
            reported: { report in
                child.withLock { $0 = Int32(report["child"] ?? 0) }
                stop.stop(grace: .milliseconds(50))
            })
        #expect(exit == .signaled(SIGKILL))
        let pid = child.withLock(\.self)
        #expect(pid > 0)
        #expect(try await eventually { !isRunning(pid) })
    }

    @Test func `what a trainer leaves in its group goes with it`() async throws {
        let child = Mutex<Int32>(0)
        let (exit, _) = try await ShellTrainer().run(
            "sleep 600 & echo \"{\\\"child\\\": $!}\"",
            reported: { report in child.withLock { $0 = Int32(report["child"] ?? 0) } })
        #expect(exit == .exited(0))
        let pid = child.withLock(\.self)
        #expect(pid > 0)
        #expect(try await eventually { !isRunning(pid) })
    }

    @Test func `an attempt that takes too long is stopped`() async throws {
        let (exit, _) = try await ShellTrainer().run("while :; do sleep 0.01; done", timeout: .milliseconds(100))
        #expect(exit == .timedOut)
    }

    @Test func `a trainer that closes its output is still timed and waited for`() async throws {
        let trainer = try ShellTrainer()
        let (exit, _) = await trainer.run("exec >&- 2>&-; sleep 0.2; exit 4")
        #expect(exit == .exited(4))
        let (slow, _) = await trainer.run("exec >&- 2>&-; while :; do sleep 0.01; done", timeout: .milliseconds(100))
        #expect(slow == .timedOut)
    }

    @Test func `a program that is not there is a failed launch`() async throws {
        let trainer = try ShellTrainer()
        var launch = trainer.launch("")
        launch.program = "\(trainer.directory.path)/missing"
        let exit = await TrialProcess.run(launch, stop: StopRequest()) { _ in }
        #expect(exit == .notLaunched("there is no program '\(launch.program)' any more"))
    }
}

/// Whether the process runs; a zombie does not.
func isRunning(_ process: Int32) -> Bool {
    guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
    let state = status[(status.lastIndex(of: ")") ?? status.startIndex)...].dropFirst(2).first
    return state != "Z" && state != "X"
}
