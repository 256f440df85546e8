import Foundation
import SweepExecution
import Synchronization
import TestSupport
import Testing
import TrialProtocol

@Suite struct LimitTests {
    @Test func `a trainer that prints nothing for too long is stopped`() async throws {
        let trainer = try ShellTrainer()
        var launch = trainer.launch("echo start; while :; do sleep 0.01; done")
        launch.stall = .milliseconds(200)
        #expect(await TrialProcess.run(launch, stop: StopRequest()) { _ in } == .stalled)
    }

    /// A byte every 0.4 seconds: each comes well within the limit, all of them take longer than the limit.
    @Test(arguments: [
        "printf .", "printf . >&2", "[ $((i % 2)) = 0 ] && printf . || printf . >&2", "printf . > stderr.log",
        "rm stderr.log; printf . > stderr.log",
        "[ $i = 1 ] && exec 2> other.log && ln -f other.log stderr.log; printf . >&2",
    ])
    func `any byte on either output counts, also in a log that is cut off or replaced`(byte: String) async throws {
        let trainer = try ShellTrainer()
        var launch = trainer.launch("for i in $(seq 40); do sleep 0.4; \(byte); done; exit 7")
        launch.stall = .seconds(15)
        #expect(await TrialProcess.run(launch, stop: StopRequest()) { _ in } == .exited(7))
    }

    /// 64 MiB in a child count like memory of the trainer itself, even if the child is in another session.
    @Test(arguments: [
        "(head -c 64M /dev/zero; sleep 600) | tail",
        "setsid sh -c '(head -c 64M /dev/zero; sleep 600) | tail' & sleep 600",
    ])
    func `processes that use too much memory together are killed, and the peak is told`(script: String) async throws {
        let trainer = try ShellTrainer()
        // `tail` holds a line in memory until it ends, and this one never does.
        var launch = trainer.launch(script)
        launch.environment[TrialVariable.trialDirectory.rawValue] = trainer.directory.path
        launch.memory = 32 << 20
        let exit = await TrialProcess.run(launch, stop: StopRequest()) { _ in }
        guard case .outOfMemory(let peak) = exit else {
            Issue.record("\(exit)")
            return
        }
        #expect(peak > 32 << 20)
        #expect(ProcessTable.processes(inTrialsBelow: trainer.directory.path).isEmpty)
    }

    @Test func `too many processes are killed, also in sessions of their own`() async throws {
        let trainer = try ShellTrainer()
        var launch = trainer.launch("i=0; while [ $i -lt 60 ]; do setsid sleep 600 & i=$((i + 1)); done; wait")
        launch.environment[TrialVariable.trialDirectory.rawValue] = trainer.directory.path
        launch.processes = 20
        let exit = await TrialProcess.run(launch, stop: StopRequest()) { _ in }
        guard case .tooManyProcesses(let peak) = exit else {
            Issue.record("\(exit)")
            return
        }
        #expect(peak > 20 && peak < 100)
        #expect(ProcessTable.processes(inTrialsBelow: trainer.directory.path).isEmpty)
    }

    /// Each process starts the next one in another session and ends, too soon to be listed first and killed afterwards.
    @Test func `processes that hand over to one another are caught`() async throws {
        let trainer = try ShellTrainer()
        let next = "\(trainer.directory.path)/next"
        try trainer.directory.write(
            "#!/bin/sh\n[ $(date +%s) -gt $1 ] || setsid \(next) $1 &\n", to: "next", executable: true)
        var launch = trainer.launch("end=$(($(date +%s) + 60)); for i in 1 2 3 4; do \(next) $end & done; sleep 600")
        launch.environment[TrialVariable.trialDirectory.rawValue] = trainer.directory.path
        launch.timeout = .milliseconds(500)
        launch.grace = .zero
        #expect(await TrialProcess.run(launch, stop: StopRequest()) { _ in } == .timedOut)
        #expect(ProcessTable.processes(inTrialsBelow: trainer.directory.path).isEmpty)
    }

    @Test func `what has left for a session of its own ends with the trial`() async throws {
        let trainer = try ShellTrainer()
        var launch = trainer.launch(
            """
            setsid sh -c 'trap "" TERM; echo $$ > child; exec sleep 600' &
            until [ -s child ]; do sleep 0.01; done
            """)
        launch.environment[TrialVariable.trialDirectory.rawValue] = trainer.directory.path
        #expect(await TrialProcess.run(launch, stop: StopRequest()) { _ in } == .exited(0))
        let child = try #require(
            Int32(try trainer.directory.text(of: "child").trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(!isRunning(child))
    }

    @Test func `the signal that asks to stop is the launcher's`() async throws {
        let stop = StopRequest()
        let trainer = try ShellTrainer()
        var launch = trainer.launch(
            "trap 'exit 5' USR1; trap '' TERM; echo '{\"a\": 1}'; while :; do sleep 0.01; done", grace: .seconds(20))
        launch.stopSignal = SIGUSR1
        let exit = await TrialProcess.run(launch, stop: stop) { _ in stop.stop(grace: .seconds(20)) }
        #expect(exit == .exited(5))
    }

    @Test(arguments: ["ln -s /dev/full stdout.log", "mkfifo stdout.log", "ln -s /nowhere stdout.log"])
    func `what is no file in the place of a log is replaced by one`(preparation: String) async throws {
        let trainer = try ShellTrainer()
        _ = try await Program.shell.run(["-c", preparation], in: trainer.directory.path)
        let (exit, _) = await trainer.run("echo something; exit 3")
        #expect(exit == .exited(3))
        #expect(try trainer.directory.text(of: "stdout.log") == "something\n")
    }

    @Test func `a log that cannot be there is a failed launch`() async throws {
        let trainer = try ShellTrainer()
        try trainer.directory.write("", to: "stdout.log/here")
        let (exit, _) = await trainer.run("exit 3")
        #expect(exit == .notLaunched("\(trainer.directory.path)/stdout.log is a folder, not a file"))
    }

    // MARK: Behind a launcher

    /// Runs a script as the trainer behind a launcher, which is a script as well: `$@` in it stands for the trainer.
    private static func run(_ script: String, behind launcher: String) async throws -> (TrialExit, [MetricReport]) {
        let trainer = try ShellTrainer()
        let launch = TrialLaunch(
            program: "/bin/sh", arguments: ["-c", launcher, "launcher"] + EndMark.shell + ["/bin/sh", "-c", script],
            environment: [:], directory: trainer.directory.path, timeout: nil, isRemote: true)
        let reports = Mutex<[MetricReport]>([])
        let exit = await TrialProcess.run(launch, stop: StopRequest()) { new in reports.withLock { $0 += new } }
        return (exit, reports.withLock(\.self))
    }

    @Test(arguments: [
        ("exit 0", "\"$@\"", TrialExit.exited(0)),
        ("exit 7", "\"$@\"", .exited(7)),
        ("kill -SEGV $$", "\"$@\"", .signaled(SIGSEGV)),
        // The trainer's own exit status counts, not that of its launcher.
        ("exit 0", "\"$@\"; exit 3", .exited(0)),
        ("exit 3", "\"$@\"; exit 0", .exited(3)),
        // If the launcher ends before the trainer, it is not known how the trainer ended.
        ("echo '{\"loss\": 1}'; sleep 600", "\"$@\" & sleep 0.3; kill -KILL $!; exit 0", .lost(status: 0)),
        ("exit 0", "echo no such queue >&2; exit 4", .lost(status: 4)),
    ])
    func `the trainer's end is told apart from the launcher's`(
        script: String, launcher: String, expected: TrialExit
    ) async throws {
        let (exit, reports) = try await Self.run(script, behind: launcher)
        #expect(exit == expected)
        #expect(reports.allSatisfy { $0["loss"] != nil })
    }

    @Test func `a trainer behind a launcher hears the request to stop and has the last word`() async throws {
        let stop = StopRequest()
        let trainer = try ShellTrainer()
        let script = "trap 'echo {\\\"last\\\": 2}; exit 9' INT; echo '{\"first\": 1}'; while :; do sleep 0.01; done"
        let launch = TrialLaunch(
            program: EndMark.shell[0], arguments: EndMark.shell.dropFirst() + ["/bin/sh", "-c", script],
            environment: [:], directory: trainer.directory.path, timeout: nil, stopSignal: SIGINT, isRemote: true)
        let reports = Mutex<[MetricReport]>([])
        let exit = await TrialProcess.run(launch, stop: stop) { new in
            reports.withLock { $0 += new }
            stop.stop(grace: .seconds(20))
        }
        #expect(exit == .exited(9))
        #expect(reports.withLock(\.self).compactMap { $0["last"] } == [2])
    }
}
