import TestSupport
import Testing

/// Full file systems: what could not be done is said in one line, and nothing that was stored is lost.
@Suite(.enabled("nothing may be mounted here") { await Machine.mayMount() }) struct NoRoomTests {
    /// Runs a script that may mount file systems, which no process outside it can see.
    private static func shell(_ place: Workplace, _ script: String) async throws -> Program.Result {
        try place.directory.write("set -e\n\(script)\n", to: "mounting.sh")
        return try await place.shell("exec unshare --map-root-user --mount sh mounting.sh")
    }

    @Test(arguments: [
        ("enqueue test x=0.5", "sweep.sqlite cannot be written"), ("rerun test 0", "sweep.sqlite cannot be written"),
        ("run test.yaml", "Read-only file system"), ("resume test", "Read-only file system"),
        ("ask test", "Read-only file system"), ("tell test 0 --value 1", "Read-only file system"),
        ("export test -o results/best", "Read-only file system"),
    ])
    func `what a read-only file system forbids is said in one line`(command: String, words: String) async throws {
        let place = try Workplace(budget: "{trials: 2}")
        let result = try await Self.shell(
            place,
            """
            $revsweep run test.yaml --quiet
            mount --bind results results; mount -o remount,bind,ro results
            $revsweep status test; $revsweep trials test
            $revsweep \(command) && exit 9 || exit $?
            """)
        #expect(result.status == .exited(1))
        #expect(result.output.contains("2 complete"))
        let lines = result.errorOutput.split(separator: "\n")
        #expect(lines.count == 1 && lines[0].hasPrefix("error: ") && lines[0].contains(words), "\(lines)")
    }

    @Test func `a sweep that finds no inode for a trial's files stops, and goes on when there are some`() async throws {
        let place = try Workplace(budget: "{trials: 30}")
        let result = try await Self.shell(
            place,
            """
            mkdir results; mount -t tmpfs -o nr_inodes=40,size=20m tmpfs results
            $revsweep run test.yaml --quiet && exit 9
            $revsweep trials test --json
            mount -o remount,nr_inodes=4000 results
            $revsweep resume test --quiet
            $revsweep status test
            """)
        #expect(result.status == .exited(0), "\(result.errorOutput)")
        #expect(result.errorOutput.contains("No space left on device"))
        #expect(!result.output.contains("\"failed\""))
        #expect(result.output.contains("30 complete"))
    }
}
