import Foundation
import TestSupport
import Testing

/// If something other than a sound database stands in its place, each command says so in one line and ends with 1.
@Suite struct BadDatabaseTests {
    private static let commands = [
        "status test", "status test --watch", "trials test", "trials test --json", "best test", "export test",
        "run test.yaml", "resume test", "ask test", "tell test 0 --value 1", "enqueue test x=0.5",
    ]

    @Test(arguments: [
        (": > FILE", "is not a sweep's database: it is empty"),
        ("echo hello > FILE", "is not a sweep's database: file is not a database"),
        (
            "rm FILE; sqlite3 FILE 'CREATE TABLE t (a)'",
            "is not a sweep's database: it is the database of another program"
        ),
        ("rm FILE; mkfifo FILE", "is not a sweep's database: it is no file"),
        ("rm FILE; mkdir FILE", "is not a sweep's database: it is no file"),
        (
            "sqlite3 FILE 'PRAGMA writable_schema = 1; UPDATE sqlite_schema SET sql = replace(sql, \"STRICT\", \"\")' "
                + "'DROP TRIGGER ended_trial_never_changes' && sqlite3 FILE "
                + "\"PRAGMA ignore_check_constraints = 1; UPDATE trial SET created = 'x' WHERE number = 0\"",
            "is damaged: table 'trial', row 0: 'created' is not a time but \"x\""
        ),
    ])
    func `it is said in one line`(damage: String, words: String) async throws {
        let place = try Workplace(budget: "{trials: 3}")
        let script = Self.commands.map { "timeout 60 $revsweep \($0) > out; echo $?" }.joined(separator: "\n")
        let result = try await place.shell(
            """
            $revsweep run test.yaml --quiet
            \(damage.replacing("FILE", with: "results/test/sweep.sqlite")) || exit 9
            \(script)
            """)
        // In a damaged file, commands that do not read the trials may still succeed.
        let codes = result.output.split(separator: "\n")
        let lines = result.errorOutput.split(separator: "\n").filter { !$0.contains("= help") }
        #expect(lines.allSatisfy { $0.contains(words) }, "\(result.errorOutput)")
        #expect(lines.count == codes.count { $0 == "1" })
        #expect(codes.allSatisfy { $0 == "1" || $0 == "0" && words.contains("damaged") }, "\(codes)")
    }

    @Test func `one that is gone is not made anew beside what its trials have written`() async throws {
        let place = try Workplace(budget: "{trials: 2}")
        let result = try await place.shell(
            """
            $revsweep run test.yaml --quiet && rm results/test/sweep.sqlite
            $revsweep run test.yaml; ls results/test/sweep.sqlite
            rm -r results/test && $revsweep run test.yaml --quiet
            """)
        #expect(result.status == .exited(0), "\(result.errorOutput)")
        let words = "sweep.sqlite is not there, and beside it is what trials of a sweep have written"
        #expect(result.errorOutput.contains(words), "\(result.errorOutput)")
        #expect(!result.output.contains("sweep.sqlite"))
    }
}
