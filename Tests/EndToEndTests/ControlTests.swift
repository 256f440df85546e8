import Foundation
import Subprocess
import TestSupport
import Testing

/// Commands that control a sweep while it runs in another process.
@Suite struct ControlTests {
    /// Waits until the trainer's output is in its log: by then the planner reads it, and the guardians know of it.
    private static let untilWatched = "until [ -s results/test/trials/000000/stdout.log ]; do sleep 0.01; done"

    private static let slow = "touch running; sleep 0.3; echo \"{\\\"loss\\\": $1}\""

    @Test(arguments: [("", "complete"), ("--now", "waiting")])
    func `a running sweep is stopped from elsewhere`(flag: String, state: String) async throws {
        let place = try Workplace(
            flag.isEmpty ? Self.slow : "touch running; exec sleep 600", budget: "{trials: 50}",
            settings: "resources: {parallel: 1}")
        let result = try await place.shell(
            """
            $revsweep run test.yaml --quiet & planner=$!
            until [ -e results/test/trials/000000/running ]; do sleep 0.01; done
            $revsweep stop test \(flag) || exit 9
            wait $planner
            """)
        #expect(result.status == .exited(130))
        #expect(result.output.hasSuffix("stopped; go on with: revsweep resume test\n"))
        let trials = try await place.trials()
        #expect(trials.last?.state == state && trials.count < 50)
        #expect(try await place.revsweep("stop", "test").output == "the sweep 'test' is not running\n")
    }

    /// A person who breaks off a `stop` that waits types it again; that must not cost the trials that run.
    @Test(arguments: ["", "kill -INT $planner"])
    func `however often a sweep is asked to stop, its running trials may end`(before: String) async throws {
        let place = try Workplace(
            "trap 'exit 7' TERM; touch running; until [ -e ../go ]; do sleep 0.01; done; echo \"{\\\"loss\\\": $1}\"",
            budget: "{trials: 9}", settings: "resources: {parallel: 1}")
        let result = try await place.shell(
            """
            $revsweep run test.yaml --quiet & planner=$!
            until [ -e results/test/trials/000000/running ]; do sleep 0.01; done
            \(before)
            for each in 1 2 3; do
                $revsweep stop test > said & stop=$!
                until [ -s said ]; do sleep 0.01; done
                kill -KILL $stop; rm said
            done
            $revsweep stop test > said & stop=$!
            until [ -s said ]; do sleep 0.01; done
            touch results/test/trials/go; wait $stop; wait $planner
            """)
        #expect(result.status == .exited(130))
        #expect(try await place.trials().map(\.state) == ["complete"])
    }

    @Test(arguments: [("{trials: 1}", true), ("{trials: 9, target: 2}", true), ("{trials: 9}", false)])
    func `a sweep that comes to its end while a stop waits has ended`(budget: String, ends: Bool) async throws {
        let place = try Workplace(
            "touch running; until [ -e ../go ]; do sleep 0.01; done; echo \"{\\\"loss\\\": $1}\"",
            budget: budget, settings: "resources: {parallel: 1}")
        let result = try await place.shell(
            """
            $revsweep run test.yaml --quiet & planner=$!
            until [ -e results/test/trials/000000/running ]; do sleep 0.01; done
            $revsweep stop test > said & stop=$!
            until [ -s said ]; do sleep 0.01; done
            touch results/test/trials/go; wait $stop; wait $planner; cat said
            """)
        let words =
            ends
            ? "it has ended; how it stands: revsweep status test\n" : "stopped; go on with: revsweep resume test\n"
        #expect(result.output.hasSuffix(words), "\(result)")
    }

    @Test func `a stop before the sweep is under way is no crash`() async throws {
        let place = try Workplace(budget: "{trials: 5000}")
        // Waits until the program handles SIGTERM (bit 14 of `SigCgt`); before that the signal would just kill it.
        let result = try await place.shell(
            """
            $revsweep run test.yaml --quiet & planner=$!
            until grep -Eq 'Sig(Ign|Cgt):[[:space:]]*[0-9a-f]{12}[4-7c-f]' /proc/$planner/status; do :; done
            kill -TERM $planner; wait $planner
            """)
        #expect(result.status == .exited(130))
    }

    @Test func `values enqueued into a running sweep are tried next`() async throws {
        let place = try Workplace(
            "touch running; until [ -e ../go ]; do sleep 0.01; done; echo \"{\\\"loss\\\": $1}\"",
            budget: "{trials: 6}", settings: "resources: {parallel: 1}")
        let result = try await place.shell(
            """
            $revsweep run test.yaml --quiet & planner=$!
            until [ -e results/test/trials/000000/running ]; do sleep 0.01; done
            $revsweep enqueue test x=0.125 && $revsweep enqueue test x=1 || exit 9
            touch results/test/trials/go; wait $planner
            """)
        #expect(result.status == .exited(0))
        #expect(result.output == "it will be tried next\n1 other will be tried before it\n")
        let values = try await place.trials().map(\.value)
        #expect(values.count == 6)
        #expect(values[1] == 0.125 && values[2] == 1)
    }

    @Test(arguments: [
        (["x=2"], "error: 'x' cannot be '2'\n  = help: it is a number from 0.0 to 1.0\n"),
        (["y=1"], "error: 'y' is not a parameter of this sweep\n"),
        (["x"], "error: 'x' is no NAME=VALUE\n"),
        (["x=0.5", "x=0.25"], "error: 'x' is given twice\n"),
    ])
    func `values that are not legal are refused`(values: [String], message: String) async throws {
        let place = try Workplace(budget: "{trials: 1}")
        _ = try await place.revsweep("run", "test.yaml", "--quiet")
        let result = try await Program.revsweep.run(["enqueue", "test"] + values, in: place.directory.path)
        #expect(result.status == .exited(1))
        #expect(result.errorOutput == message)
    }

    @Test func `the status is watched until nobody runs the sweep`() async throws {
        // The first trial waits until the status has been printed.
        let place = try Workplace(
            "touch running; until [ -e ../../../../seen ]; do sleep 0.02; done; echo \"{\\\"loss\\\": $1}\"",
            budget: "{trials: 3}", settings: "resources: {parallel: 1}")
        let result = try await place.shell(
            """
            $revsweep run test.yaml --quiet & planner=$!
            until [ -e results/test/trials/000000/running ]; do sleep 0.01; done
            $revsweep status test --watch >watched & watcher=$!
            until grep -q running watched; do sleep 0.02; done
            touch seen
            wait $watcher && wait $planner && cat watched
            """)
        #expect(result.status == .exited(0))
        #expect(result.output.contains("planner   running (process "))
        #expect(result.output.contains("planner   not running"))
        #expect(result.output.contains("trials    3 of 3 ended"))
    }

    @Test(arguments: ["", "--json"])
    func `the status is watched no longer than somebody reads it`(option: String) async throws {
        // The trial waits until the watcher has ended, so that nothing changes meanwhile.
        let place = try Workplace(
            "touch running; until [ -e ../../../../unread ]; do sleep 0.02; done; echo \"{\\\"loss\\\": $1}\"",
            budget: "{trials: 1}")
        let result = try await place.shell(
            """
            $revsweep run test.yaml --quiet & planner=$!
            until [ -e results/test/trials/000000/running ]; do sleep 0.01; done
            timeout 60 $revsweep status test --watch \(option) | head -n 1 >first
            $revsweep status test | grep planner
            touch unread
            wait $planner && grep -c test first
            """)
        #expect(result.status == .exited(0) && result.errorOutput.isEmpty, "\(result.errorOutput)")
        #expect(result.output.hasPrefix("planner   running (process "), "\(result.output)")
        #expect(result.output.hasSuffix(")\n1\n"), "\(result.output)")
    }

    @Test(.enabled(if: Machine.has("sqlite3"), "there is no sqlite3"))
    func `a database that somebody else holds is waited for, and that is said`() async throws {
        let place = try Workplace(
            "touch running; until [ -e ../locked ]; do sleep 0.01; done; echo \"{\\\"loss\\\": $1}\"",
            budget: "{trials: 2}", settings: "resources: {parallel: 1}")
        let result = try await place.shell(
            """
            $revsweep run test.yaml >said & planner=$!
            until [ -e results/test/trials/000000/running ]; do sleep 0.01; done
            {
                printf 'BEGIN IMMEDIATE;\\n.shell touch results/test/trials/locked\\n'
                while kill -0 $planner && ! grep -q 'another program holds' said; do sleep 0.05; done
                echo 'COMMIT;'
            } | sqlite3 results/test/sweep.sqlite
            wait $planner && cat said
            """)
        #expect(result.status == .exited(0))
        #expect(result.output.contains("another program holds the database of this sweep"))
        #expect(try await place.trials().map(\.state) == ["complete", "complete"])
    }

    /// While it is stopped, as by Ctrl-Z, a planner reads nothing of what its trainers print.
    @Test func `the time for which the planner was stopped is no silence of the trainer`() async throws {
        let place = try Workplace(
            "echo begun; until [ -e ../go ]; do sleep 0.01; done; echo \"{\\\"loss\\\": $1}\"",
            budget: "{trials: 1}", settings: "resources: {stall: 8s}")
        let result = try await place.shell(
            """
            $revsweep run test.yaml --quiet & planner=$!
            until [ -s results/test/trials/000000/stdout.log ]; do sleep 0.01; done
            kill -STOP $planner
            sleep 10
            touch results/test/trials/go
            kill -CONT $planner
            wait $planner
            """)
        #expect(result.status == .exited(0), "\(result.errorOutput)")
        #expect(try await place.trials().map(\.state) == ["complete"])
    }

    @Test(.enabled(if: Machine.has("prlimit")))
    func `a planner that is short of file descriptors says so and tries again`() async throws {
        let place = try Workplace(
            "echo begun; until [ -e ../go ]; do sleep 0.01; done; echo \"{\\\"loss\\\": $1}\"",
            budget: "{trials: 2}", settings: "resources: {parallel: 1}")
        // When the trainer's output is in its log, the planner has started it and reads from it. A few descriptors are
        // left then, too few for another start: with none at all Dispatch would abort the process when it next checks
        // its threads.
        let result = try await place.shell(
            """
            $revsweep run test.yaml >said & planner=$!
            until [ -s results/test/trials/000000/stdout.log ]; do sleep 0.01; done
            prlimit --pid $planner --nofile=$(($(ls /proc/$planner/fd | wc -l) + 16)):
            touch results/test/trials/go
            while kill -0 $planner && ! grep -q 'cannot be started for now' said; do sleep 0.01; done
            prlimit --pid $planner --nofile=1024: && wait $planner && cat said
            """)
        #expect(result.status == .exited(0), "\(result.errorOutput)")
        #expect(
            result.output.contains(
                "trial 1: the trainer cannot be started for now: this process has too many open files; trying again"))
        #expect(try await place.trials().map(\.state) == ["complete", "complete"])
    }

    @Test func `trials that start at once with few file descriptors wait for each other`() async throws {
        let place = try Workplace(budget: "{trials: 60}", settings: "resources: {parallel: 8}")
        let result = try await place.shell("ulimit -n 128 && exec $revsweep run test.yaml")
        #expect(result.status == .exited(0), "\(result.errorOutput)")
        #expect(!result.output.contains("cannot be started"))
        #expect(try await place.trials().map(\.state) == [String](repeating: "complete", count: 60))
    }

    @Test(.tags(.slow)) func `the time up to a kill is charged to the budget`() async throws {
        let place = try Workplace("touch running; exec sleep 600", budget: "{time: 300s}")
        _ = try await place.shell(
            """
            $revsweep run test.yaml --quiet & planner=$!
            until [ -e results/test/trials/000000/running ]; do sleep 0.01; done
            while kill -0 $planner && ! $revsweep status test --json | grep -Eq '"seconds": *([2-9]|[1-9][0-9])'; do
                sleep 0.1
            done
            kill -KILL $planner; wait $planner
            """)
        struct Status: Decodable { var seconds: Double }
        let status = try await place.revsweep("status", "test", "--json").output
        let spent = try JSONDecoder().decode(Status.self, from: Data(status.utf8)).seconds
        #expect(spent >= 2 && spent < 300)
    }

    @Test func `a trainer without its environment does not outlive its planner`() async throws {
        let place = try Workplace("echo $$ > ../pid; echo begun; exec env -i sleep 600", budget: "{trials: 1}")
        let result = try await place.shell(
            """
            $revsweep run test.yaml --quiet & planner=$!
            \(Self.untilWatched)
            kill -KILL $planner; wait $planner
            """)
        #expect(result.status == .exited(128 + SIGKILL))
        let trainer = try #require(
            Int32(
                try place.directory.text(of: "results/test/trials/pid")
                    .trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(try await eventually { kill(trainer, 0) != 0 || isZombie(trainer) })
    }

    /// Kills some of the guardians first and then the planner, or one guardian together with the planner.
    @Test(
        .enabled(if: Machine.has("pgrep"), "there is no pgrep"),
        arguments: [
            """
            kill -KILL $guardians
            until new=$(pgrep -P $planner -x trial-guardian | wc -l) && [ $new = 2 ]; do sleep 0.01; done
            sleep 1; kill -KILL $planner
            """,
            "kill -KILL $planner ${guardians%% *}",
            "kill -KILL ${guardians##* } $planner",
        ])
    func `a guardian that is killed is not missed`(kills: String) async throws {
        let place = try Workplace("echo $$ > ../pid; echo begun; exec env -i sleep 600", budget: "{trials: 1}")
        _ = try await place.shell(
            """
            $revsweep run test.yaml --quiet & planner=$!
            \(Self.untilWatched)
            guardians=$(echo $(pgrep -P $planner -x trial-guardian))
            \(kills); wait $planner
            """)
        let trainer = try #require(
            Int32(
                try place.directory.text(of: "results/test/trials/pid")
                    .trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(try await eventually { kill(trainer, 0) != 0 || isZombie(trainer) })
    }

    @Test(.enabled("this user may not mount") { await Machine.mayMount() })
    func `a sweep on a file system that cannot be written is read all the same`() async throws {
        let place = try Workplace(budget: "{trials: 2}")
        _ = try await place.revsweep("run", "test.yaml", "--quiet")
        try place.directory.write(
            """
            mount --bind results results && mount -o remount,ro,bind results || exit 9
            $revsweep status test && $revsweep trials test --json && $revsweep run test.yaml
            """, to: "read-only.sh")
        let result = try await place.shell("unshare --map-root-user --mount sh read-only.sh")
        #expect(result.status == .exited(1))
        #expect(result.output.contains("trials    2 of 2 ended") && result.output.contains("\"number\": 1"))
        #expect(result.errorOutput.contains("Read-only file system"), "\(result.errorOutput)")
    }

    /// In one case the database fills the disk, in the other a trainer's log does.
    @Test(
        .enabled("this user may not mount") { await Machine.mayMount() },
        arguments: ["", "head -c 100000000 /dev/zero;"])
    func `a full disk stops a sweep, which goes on when there is room again`(flood: String) async throws {
        let place = try Workplace(
            "[ -e ../../../../room ] || { \(flood) :; }; echo \"{\\\"loss\\\": $1}\"", budget: "{trials: 300}")
        try place.directory.write(
            """
            mkdir results && mount -t tmpfs -o size=400k tmpfs results || exit 9
            $revsweep run test.yaml --quiet; echo "code $?"
            ls -A /proc/[0-9]*/cwd -d 2>/dev/null | xargs -n1 readlink 2>/dev/null | grep -c "$PWD/results" || true
            touch room; mount -o remount,size=50m results && $revsweep resume test --quiet; echo "code $?"
            $revsweep trials test --json
            """, to: "full.sh")
        let result = try await place.shell("unshare --map-root-user --mount sh full.sh")
        #expect(result.output.hasPrefix("code 1\n0\ncode 0\n"), "\(result.output.prefix(200)) \(result.errorOutput)")
        #expect(result.errorOutput.contains("nothing that was stored is lost; go on with: revsweep resume test"))
        #expect(
            ["disk is full", "No space left on device", "out of space"].contains { result.errorOutput.contains($0) },
            "\(result.errorOutput)")
        let listing = result.output.drop { $0 != "[" }
        let trials = try JSONDecoder().decode([Workplace.Trial].self, from: Data(listing.utf8))
        #expect(trials.map(\.number) == Array(0..<300) && trials.allSatisfy { $0.state == "complete" })
    }

    private func isZombie(_ process: Int32) -> Bool {
        let status = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
        return ["Z", "X"].contains(status[(status.lastIndex(of: ")") ?? status.startIndex)...].dropFirst(2).first)
    }
}
