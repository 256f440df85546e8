import Foundation
import TestSupport
import Testing

/// A sweep is one database file: what was stored stays there, and only one process at a time writes it.
@Suite struct WholeSweepTests {
    private static let slow = "touch running; sleep 0.3; echo \"{\\\"loss\\\": $1}\""
    /// Runs the sweep in the background until its first trial is under way.
    private static let start = """
        $revsweep run test.yaml --quiet & planner=$!
        until [ -e results/test/trials/000000/running ]; do sleep 0.01; done
        """

    /// Each case ends the sweep in order, in a different way.
    @Test(arguments: [
        ("$revsweep run test.yaml --quiet", 5),
        (
            """
            $revsweep run test.yaml --quiet & p=$!; until [ -e results/test/trials/000000 ]; do sleep 0.01; done; \
            kill -INT $p; wait $p
            """, nil
        ),
        ("$revsweep ask test.yaml", 1),
        ("$revsweep ask test.yaml; $revsweep tell test 0 --value 1", 1),
        ("$revsweep ask test.yaml; $revsweep enqueue test x=0.5", 1),
        ("$revsweep ask test.yaml > /dev/full", 1),
        ("$revsweep run test.yaml --quiet; $revsweep status test; $revsweep trials test", 5),
    ])
    func `the database alone is the whole sweep`(script: String, trials: Int?) async throws {
        let place = try Workplace()
        let result = try await place.shell(
            """
            { \(script); } > said 2>&1
            mkdir -p copy/test; cp results/test/sweep.sqlite copy/test/
            find results/test -maxdepth 1 -name '*-wal' -size +0 -o -maxdepth 1 -name planner.mark
            cat results/test/planner.lock
            """)
        #expect(result.output.isEmpty && result.errorOutput.isEmpty, "\(result)")
        let copied = try await place.revsweep("trials", "test", "--results", "copy", "--json")
        let whole = try await place.revsweep("trials", "test", "--json")
        #expect(copied.status == .exited(0) && copied.output == whole.output)
        let count = try JSONDecoder().decode([Workplace.Trial].self, from: Data(copied.output.utf8)).count
        #expect(trials.map { $0 == count } ?? (count > 0))
    }

    @Test func `the log of a killed planner is missed, and the sweep is not taken back to what it was`() async throws {
        let place = try Workplace(Self.slow, budget: "{trials: 50}", settings: "resources: {parallel: 1}")
        let result = try await place.shell(
            """
            \(Self.start)
            kill -KILL $planner; wait $planner 2> /dev/null
            mv results/test/sweep.sqlite-wal log
            for command in 'status test' 'trials test' 'resume test' 'run test.yaml' 'ask test' 'enqueue test x=1'; do
                $revsweep $command; echo $?
            done
            mv log results/test/sweep.sqlite-wal; $revsweep status test; cat results/test/planner.lock
            """)
        let lines = result.errorOutput.split(separator: "\n")
        #expect(
            lines.count == 6 && lines.allSatisfy { $0.contains("sweep.sqlite is older than the sweep: ") }, "\(lines)")
        #expect(result.output.hasPrefix("1\n1\n1\n1\n1\n1\nsweep     test\n"))
        #expect(result.output.contains("planner   gone; 1 running trial was interrupted and will be run again\n"))
        // The killed planner's lock file no longer says that it runs: the first command that read it has corrected it.
        #expect(!result.output.contains(" run\n"))
    }

    @Test func `a lock that is removed lets no second planner in`() async throws {
        let place = try Workplace(
            "touch running; until [ -e ../go ]; do sleep 0.01; done; echo \"{\\\"loss\\\": $1}\"",
            budget: "{trials: 8}", settings: "resources: {parallel: 2}")
        let result = try await place.shell(
            """
            \(Self.start)
            rm results/test/planner.lock; $revsweep resume test; echo "second: $?"
            until [ -s results/test/planner.lock ]; do sleep 0.01; done; $revsweep status test | grep planner
            echo "1 run" > lock; mv lock results/test/planner.lock; $revsweep ask test; echo "third: $?"
            touch results/test/trials/go; wait $planner; echo "first: $?"
            """)
        #expect(result.output.contains("second: 1\n") && result.output.contains("third: 1\n"))
        #expect(result.output.hasSuffix("first: 0\n"))
        #expect(result.output.contains("planner   running (process "))
        let lines = result.errorOutput.split(separator: "\n")
        #expect(lines.count == 2 && lines.allSatisfy { $0.contains("is being run by another planner") }, "\(lines)")
        #expect(try await place.trials().allSatisfy { $0.state == "complete" && $0.attempt == 1 })
    }

    private static let hasCompiler = ["/usr/bin/cc", "/usr/bin/gcc", "/usr/bin/clang"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    @Test(.enabled(if: hasCompiler != nil, "needs a C compiler"))
    func `a time of day that is set forward by a day costs nothing`() async throws {
        let place = try Workplace(Self.slow, budget: "{time: 30m, trials: 1000}", settings: "resources: {parallel: 1}")
        // As soon as the file 'jump' exists, the time of day is a day later; other clocks are not affected.
        try place.directory.write(
            """
            #define _GNU_SOURCE
            #include <dlfcn.h>
            #include <sys/time.h>
            #include <time.h>
            #include <unistd.h>
            int clock_gettime(clockid_t clock, struct timespec *time) {
                static int (*real)(clockid_t, struct timespec *);
                if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
                int result = real(clock, time);
                if (clock == CLOCK_REALTIME && access(JUMP, F_OK) == 0) time->tv_sec += 86400;
                return result;
            }
            int gettimeofday(struct timeval *restrict value, void *restrict zone) {
                struct timespec time;
                clock_gettime(CLOCK_REALTIME, &time);
                value->tv_sec = time.tv_sec;
                value->tv_usec = time.tv_nsec / 1000;
                return 0;
            }
            """, to: "clock.c")
        let result = try await place.shell(
            """
            \(Self.hasCompiler ?? "cc") -shared -fPIC -DJUMP="\\"$PWD/jump\\"" clock.c -o clock.so -ldl || exit 9
            LD_PRELOAD=$PWD/clock.so $revsweep run test.yaml --quiet & planner=$!
            until [ -e results/test/trials/000000/running ]; do sleep 0.01; done
            touch jump; sleep 1; kill -INT $planner; wait $planner; echo $?
            """)
        #expect(result.output == "130\n", "\(result.errorOutput)")
        struct Status: Decodable { var seconds: Double }
        let status = try JSONDecoder().decode(
            Status.self, from: Data(try await place.revsweep("status", "test", "--json").output.utf8))
        #expect(status.seconds > 0.5 && status.seconds < 600)
        let trials = try await place.trials()
        #expect(trials.contains { $0.started ?? "" < "\($0.ended?.prefix(10) ?? "")" })
        #expect(trials.compactMap(\.seconds).allSatisfy { $0 < 600 })
    }

    @Test func `a folder that is removed under a running sweep ends it with words`() async throws {
        let place = try Workplace(Self.slow, budget: "{trials: 1000}", settings: "resources: {parallel: 1}")
        let result = try await place.shell(
            """
            \(Self.start)
            $revsweep status test --watch > watched 2> watcher & watcher=$!
            until grep -q running watched; do sleep 0.01; done
            mv results elsewhere; wait $planner; echo $?; wait $watcher; echo $?; [ -e results/test ] || echo none
            """)
        #expect(result.output == "1\n1\nnone\n")
        #expect(
            result.errorOutput.contains("sweep.sqlite was removed while the sweep ran\n  = help: put the folder back"))
        #expect(try place.directory.text(of: "watcher").hasPrefix("error: there is no sweep in "))
    }

    @Test func `a budget that was lowered is not what has ended`() async throws {
        let place = try Workplace(budget: "{trials: 6}")
        _ = try await place.revsweep("run", "test.yaml", "--quiet")
        let file = try place.directory.text(of: "test.yaml").replacing("trials: 6", with: "trials: 4")
        try place.directory.write(file, to: "test.yaml")
        let result = try await place.revsweep("run", "test.yaml")
        #expect(result.status == .exited(0))
        #expect(result.output.contains("trials    6 ended, more than the budget of 4\n"))
        #expect(result.output.hasSuffix("done: 6 trials have ended, more than the budget of 4\n"))
    }

    /// If standard output is closed, the next file that the program opens gets its descriptor, and could be printed to.
    @Test(arguments: ["run test.yaml", "run test.yaml --json", "status test", "trials test", "enqueue test x=0.5"])
    func `what is printed into a closed output gets into no file`(command: String) async throws {
        let place = try Workplace(budget: "{trials: 3}")
        if !command.hasPrefix("run") { _ = try await place.revsweep("run", "test.yaml", "--quiet") }
        _ = try await place.shell("$revsweep \(command) >&- 2>&- <&-")
        #expect(try await place.trials().map(\.state) == ["complete", "complete", "complete"])
        let files = try await place.shell(
            "cat results/test/planner.lock; file=$(cat results/test/best.yaml); echo ${#file}")
        #expect(files.output.split(separator: "\n").count == 1)
        #expect(try place.directory.text(of: "results/test/best.yaml").hasPrefix("# trial "))
    }

    @Test func `Ctrl-C ends the wait for a database that somebody else holds`() async throws {
        let place = try Workplace(budget: "{trials: 1}")
        _ = try await place.revsweep("ask", "test.yaml")
        let result = try await place.shell(
            """
            mkfifo commands; sqlite3 results/test/sweep.sqlite < commands & exec 9> commands
            printf 'BEGIN IMMEDIATE;\\n.shell touch locked\\n' >&9
            until [ -e locked ]; do sleep 0.01; done
            $revsweep resume test > said 2>&1 & planner=$!
            until grep -q 'another program holds' said; do sleep 0.05; done
            kill -INT $planner; wait $planner; echo $?; cat said; exec 9>&-; wait
            """)
        #expect(result.output.hasPrefix("1\n"))
        #expect(result.output.contains("is held by another program; close its transaction and try again\n"))
    }
}
