import Foundation
import TestSupport
import Testing

/// Processes that trainers start and leave behind are killed in time, in whatever way they hide.
@Suite struct LeftoverTests {
    /// A time for which no other test sleeps, so that the process can be told by its command.
    private static let hidden = "sleep 617.25"
    private static let hides = "env -i setsid \(hidden) >/dev/null 2>&1 </dev/null & echo $! >> ../pids"

    private static func pids(_ place: Workplace) throws -> [Int32] {
        try place.directory.text(of: "results/test/trials/pids").split(separator: "\n").compactMap { Int32($0) }
    }

    private static func isGone(_ process: Int32) -> Bool { kill(process, 0) != 0 || isZombie(process) }

    /// Compares the command as well, since the identifier may belong to another process by now.
    private static func isHiddenOneGone(_ process: Int32) -> Bool {
        let command = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") ?? Data()
        return command != Data((hidden.replacing(" ", with: "\0") + "\0").utf8) || isGone(process)
    }

    @Test(.enabled(if: Machine.has("setsid")), arguments: [1, 3])
    func `a process with an empty environment in a session of its own ends with its trial`(parallel: Int) async throws {
        let place = try Workplace(
            "\(Self.hides); echo \"{\\\"loss\\\": $1}\"", budget: "{trials: 6}",
            settings: "resources: {parallel: \(parallel)}")
        let run = try await place.revsweep("run", "test.yaml", "--quiet")
        #expect(run.status == .exited(0), "\(run.errorOutput)")
        let pids = try Self.pids(place)
        #expect(pids.count == 6 && pids.allSatisfy(Self.isHiddenOneGone))
    }

    @Test(.enabled(if: Machine.has("setsid")))
    func `it ends with its own trial, and that of another one lives on`() async throws {
        let place = try Workplace(
            """
            \(Self.hides)
            if [ $REVSWEEP_TRIAL = 1 ]; then
                for pid in $(cat ../pids); do kill -0 $pid 2>/dev/null && echo $pid >> ../seen; done
            fi
            echo "{\\"loss\\": $1}"
            """, budget: "{trials: 2}", settings: "resources: {parallel: 1}")
        _ = try await place.revsweep("run", "test.yaml", "--quiet")
        #expect(try place.directory.text(of: "results/test/trials/seen") == "\(try Self.pids(place)[1])\n")
    }

    /// A script that becomes the planner with `exec` may have started something else before, which starts a daemon
    /// while trials run. The kernel then gives it to the planner.
    @Test(.enabled(if: Machine.has("setsid")), arguments: ["ends", "is killed"])
    func `what another child of the planner has left is left alone`(planner: String) async throws {
        let isKilled = planner == "is killed"
        let place = try Workplace(
            """
            touch ../started; until [ -s ../daemon ]; do sleep 0.01; done
            \(isKilled ? "touch ../ready; sleep 600" : "sleep 0.3; echo \"{\\\"loss\\\": $1}\"")
            """, budget: "{trials: 3}", settings: "resources: {parallel: 1}")
        _ = try await place.shell(
            """
            mkdir -p results/test/trials; cd results/test/trials
            (
                until [ -e started ]; do sleep 0.01; done
                setsid sleep 618.25 >/dev/null 2>&1 </dev/null & echo $! > daemon
            ) &
            \(isKilled ? "(until [ -e ready ]; do sleep 0.01; done; sleep 1; kill -KILL $$) &" : "")
            cd ../../..; exec $revsweep run test.yaml --quiet
            """)
        let daemon = try #require(
            Int32(place.directory.text(of: "results/test/trials/daemon").trimmingCharacters(in: .newlines)))
        if isKilled { try await Task.sleep(for: .seconds(1)) }
        #expect(!Self.isGone(daemon))
        kill(daemon, SIGKILL)
    }

    @Test(.enabled(if: Machine.has("setsid")))
    func `it does not outlive a planner that is killed`() async throws {
        let place = try Workplace("\(Self.hides); sleep 600", budget: "{trials: 1}")
        _ = try await place.shell(
            """
            $revsweep run test.yaml --quiet & planner=$!
            until [ -s results/test/trials/pids ]; do sleep 0.01; done
            sleep 1; kill -KILL $planner; wait $planner
            """)
        let pids = try Self.pids(place)
        #expect(!pids.isEmpty)
        #expect(try await eventually { pids.allSatisfy(Self.isGone) })
    }

    /// The outer sweep's trainer is itself a planner. Its own trainer stays in its session, or leaves it.
    @Test(
        arguments: ["echo $$ >> $PIDS; sleep 600", "setsid sh -c 'echo $$ >> $PIDS; sleep 600'"],
        ["timeout", "kill", "stop"])
    func `the trainers of a planner inside a planner end with the outer one`(inner: String, end: String) async throws {
        let place = try Workplace(
            "exec $REVSWEEP_PROGRAM run $HERE/inner.yaml --results . --quiet", budget: "{trials: 1}",
            settings: "resources: {parallel: 1\(end == "timeout" ? ", timeout: 4s" : "")}")
        try place.directory.write("#!/bin/sh\n\(inner)\n", to: "inner.sh", executable: true)
        try place.directory.write(
            """
            metric: {name: loss, goal: minimize}
            trainer: {command: [./inner.sh]}
            parameters: {x: {type: uniform, min: 0, max: 1}}
            budget: {trials: 2}
            resources: {parallel: 2}
            """, to: "inner.yaml")
        _ = try await place.shell(
            """
            export HERE=$PWD PIDS=$PWD/pids REVSWEEP_PROGRAM=$revsweep
            $revsweep run test.yaml --quiet & planner=$!
            until [ -s pids ] && [ $(wc -l < pids) -ge 2 ]; do sleep 0.01; done
            case \(end) in kill) kill -KILL $planner;; stop) kill -TERM $planner;; esac
            wait $planner
            """)
        let pids = try place.directory.text(of: "pids").split(separator: "\n").compactMap { Int32($0) }
        #expect(pids.count >= 2)
        #expect(try await eventually { pids.allSatisfy(Self.isGone) })
    }

    @Test(.enabled(if: Machine.has("pgrep")))
    func `guardians that are stopped hold up nobody`() async throws {
        let place = try Workplace(budget: "{trials: 2000}", settings: "resources: {parallel: 1}\nsampler: random")
        let result = try await place.shell(
            """
            $revsweep run test.yaml --quiet & planner=$!
            until guardians=$(pgrep -P $planner -x trial-guardian) && [ $(echo $guardians | wc -w) = 2 ]; \
            do sleep 0.01; done
            kill -STOP $guardians
            until new=$(pgrep -P $planner -x trial-guardian) && [ $(echo $new | wc -w) = 2 ] \
                && [ "$(echo $new | tr ' ' '\\n' | grep -cxF "$(echo $guardians | tr ' ' '\\n')")" = 0 ]; \
            do sleep 0.02; done
            kill -STOP $new
            kill -TERM $planner; wait $planner
            """)
        #expect(result.status == .exited(130), "\(result.errorOutput)")
    }

    /// The trainer replaces a file that the planner reads or writes by something else.
    @Test(arguments: [
        "rm -f stderr.log; mkfifo stderr.log; exit 1", "rm -f stdout.log; mkfifo stdout.log; exit 1",
        "rm -f stdout.log; ln -s ../../../../outside stdout.log; exit 1",
        "rm -f stderr.log; ln -s ../../../../outside stderr.log; exit 1",
        "rm -f config.yaml; mkfifo config.yaml; exit 1",
        "rm -f config.yaml; ln -s ../../../../outside config.yaml; exit 1",
        "rm -f stderr.log; ln -s /dev/full stderr.log; rm -f stdout.log; ln -s /dev/zero stdout.log; exit 1",
        "rm -rf ../../best.yaml; mkfifo ../../best.yaml; exit 1",
        "rm -rf ../../best.yaml; ln -s ../../outside ../../best.yaml; exit 1",
        "rm -rf ../../best.yaml; mkdir ../../best.yaml; exit 1",
        "rm -f stdout.log; mkdir stdout.log; exit 1", "rm -rf ../000000; exit 1",
        "rm -rf ../000000; ln -s /tmp ../000000; exit 1",
        "rm -rf ../000000; mkfifo ../000000; exit 1",
    ])
    func `nothing waits for what a trainer has put in the place of a file`(script: String) async throws {
        let place = try Workplace()
        try place.directory.write("untouched\n", to: "outside")
        try place.directory.write("lr: 0.1\n", to: "base.yaml")
        try place.directory.write(
            "#!/bin/sh\nif [ $REVSWEEP_TRIAL = 0 ]; then \(script); fi\necho '{\"loss\": 1}'\n", to: "trainer.sh",
            executable: true)
        try place.directory.write(
            """
            metric: {name: loss, goal: minimize}
            trainer: {command: [./trainer.sh, "{config}"], config: base.yaml, directory: "{trial_dir}"}
            parameters: {lr: {type: uniform, min: 0, max: 1}}
            retry: {attempts: 2, on: [crash]}
            budget: {trials: 2}
            resources: {parallel: 1}
            """, to: "test.yaml")
        let result = try await place.shell("timeout 60 $revsweep run test.yaml --quiet")
        #expect(result.status == .exited(0), "\(result.errorOutput)")
        #expect(try await place.trials().map(\.state) == ["failed", "complete"])
        #expect(try place.directory.text(of: "outside") == "untouched\n")
        if !script.contains("mkdir ../../best") {
            #expect(try place.directory.text(of: "results/test/best.yaml").contains("lr: "))
        }
    }

    @Test func `a folder of trials that is a link is not followed`() async throws {
        let place = try Workplace(
            """
            [ $REVSWEEP_TRIAL = 1 ] && d=${REVSWEEP_TRIAL_DIR%/*} && mv $d $d/../../../away && ln -s ../../away $d; \
            echo '{"loss": 1}'
            """, budget: "{trials: 4}", settings: "resources: {parallel: 1}")
        let run = try await place.revsweep("run", "test.yaml", "--quiet")
        #expect(run.status == .exited(1))
        #expect(run.errorOutput.contains("results/test/trials is no folder of its own"), "\(run.errorOutput)")
        #expect(!FileManager.default.fileExists(atPath: "\(place.directory.path)/away/000002"))
        #expect(try await place.trials().map(\.state) == ["complete", "complete", "waiting"])
    }

    private static func isZombie(_ process: Int32) -> Bool {
        let status = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
        return ["Z", "X"].contains(status[(status.lastIndex(of: ")") ?? status.startIndex)...].dropFirst(2).first)
    }
}
