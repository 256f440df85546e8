import Foundation
import TestSupport
import Testing

/// The command `logs`.
@Suite struct LogsTests {
    @Test func `a log is printed byte for byte into a pipe, whole or one attempt of it`() async throws {
        let place = try Workplace(
            #"printf 'attempt %s\n\000\377\033[31mred\n' $REVSWEEP_ATTEMPT; echo "error $REVSWEEP_ATTEMPT" >&2"#
                + "\n[ $REVSWEEP_ATTEMPT = 3 ] || exit 1; echo '{\"loss\": 1}'",
            budget: "{trials: 1}", settings: "retry: {attempts: 3}")
        let result = try await place.shell(
            """
            $revsweep run test.yaml --quiet || exit 9
            log=results/test/trials/000000
            $revsweep logs test 0 | cmp - $log/stdout.log || exit 8
            $revsweep logs test 0 --stderr | cmp - $log/stderr.log || exit 7
            for attempt in 1 2 3; do
                printf 'attempt %s\\n\\000\\377\\033[31mred\\n' $attempt > expected
                [ $attempt != 3 ] || echo '{"loss": 1}' >> expected
                $revsweep logs test 0 --attempt $attempt | cmp - expected || exit 6
                $revsweep logs test 0 --attempt $attempt --stderr
            done
            # What is over is not waited for.
            $revsweep logs test 0 --follow | cmp - $log/stdout.log || exit 5
            rm $log/attempts.log
            $revsweep logs test 0 --attempt 2; $revsweep logs test 0 --attempt 4
            rm -r $log; $revsweep logs test 0
            """)
        #expect(result.output == "error 1\nerror 2\nerror 3\n", "\(result.status) \(result.errorOutput)")
        #expect(
            result.errorOutput == """
                error: it is not known where attempt 2 begins in stdout.log
                  = help: its folder does not say it: it was changed, or an early release ran the trial; without \
                --attempt all is printed
                error: trial 0 has no attempt 4
                  = help: it has been started 3 times\n
                """)
    }

    @Test func `a log is followed until its trial ends, also when it is run again`() async throws {
        let place = try Workplace(
            "echo \"begun $REVSWEEP_ATTEMPT\"\nuntil [ -e ../../../../go$REVSWEEP_ATTEMPT ]; do sleep 0.02; done\n"
                + "echo \"done $REVSWEEP_ATTEMPT\"; [ $REVSWEEP_ATTEMPT = 2 ] || exit 1; echo '{\"loss\": 1}'",
            budget: "{trials: 1}", settings: "retry: {attempts: 2}")
        let result = try await place.shell(
            """
            $revsweep run test.yaml --quiet & planner=$!
            until [ -s results/test/trials/000000/stdout.log ]; do sleep 0.02; done
            $revsweep logs test 0 -f > all & all=$!
            $revsweep logs test 0 -f --attempt 1 > first & first=$!
            until grep -q 'begun 1' all && grep -q 'begun 1' first; do sleep 0.02; done
            touch go1; wait $first || exit 9
            until grep -q 'begun 2' all; do sleep 0.02; done
            touch go2; wait $all && wait $planner && cat all && cat first
            """)
        #expect(
            result.output == "begun 1\ndone 1\nbegun 2\ndone 2\n{\"loss\": 1}\nbegun 1\ndone 1\n",
            "\(result.status) \(result.errorOutput)")
    }

    /// A log is read in pieces of 64 KiB: the first one ends between the two.
    @Test func `a carriage return and a line feed end one line on a terminal`() async throws {
        let place = try Workplace(
            #"""
            head -c 65535 /dev/zero | tr '\0' a; printf '\r\nnext\r\n10%%\r20%%\r\n'; echo '{"loss": 1}'
            """#, budget: "{trials: 1}")
        #expect(try await place.revsweep("run", "test.yaml", "--quiet").status == .exited(0))
        let terminal = try PseudoTerminal(columns: 100, rows: 50)
        #expect(try await terminal.run(.revsweep, ["logs", "test", "0"], in: place.directory.path) == .exited(0))
        let text = String(decoding: terminal.bytes, as: UTF8.self).replacing("\r\n", with: "\n")
        #expect(text.hasSuffix("a\nnext\n10%\n20%\n{\"loss\": 1}\n"), "\(text.suffix(100))")
    }

    @Test func `a log is followed no longer than somebody reads it`() async throws {
        // The trial prints nothing more until the reader has gone.
        let place = try Workplace(
            "echo begun; until [ -e ../../../../unread ]; do sleep 0.02; done; echo '{\"loss\": 1}'",
            budget: "{trials: 1}")
        let result = try await place.shell(
            """
            $revsweep run test.yaml --quiet & planner=$!
            until [ -s results/test/trials/000000/stdout.log ]; do sleep 0.02; done
            timeout 60 $revsweep logs test 0 -f | head -n 1
            $revsweep status test | grep -c 'planner   running'
            touch unread
            wait $planner
            """)
        #expect(result.output == "begun\n1\n" && result.status == .exited(0), "\(result.errorOutput)")
    }

    @Test func `a log is not followed when nobody runs the sweep`() async throws {
        let place = try Workplace("echo begun; sleep 600", budget: "{trials: 1}")
        let result = try await place.shell(
            """
            $revsweep run test.yaml --quiet & planner=$!
            until [ -s results/test/trials/000000/stdout.log ]; do sleep 0.02; done
            $revsweep logs test 0 -f > followed & log=$!
            until grep -q begun followed; do sleep 0.02; done
            $revsweep stop test --now >/dev/null; wait $log && cat followed
            """)
        #expect(result.output == "begun\n")
        #expect(result.errorOutput.contains("nobody runs the sweep, and trial 0 is waiting\n"))
    }
}
