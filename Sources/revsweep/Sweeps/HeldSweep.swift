import Foundation
import SweepEngine
import SweepFile
import SweepStore

/// Opens a sweep with its lock, for as long as it takes to ask, to tell or to import.
enum HeldSweep {
    /// How long to wait for other processes that ask or tell, and for other programs.
    private static let patience = Duration.seconds(30)

    /// Opens a sweep by its name or folder; given a sweep file, starts the sweep or goes on with it.
    ///
    /// - Parameter acceptsChanges: whether it may go on with a changed file, as `revsweep run --accept-changes` does.
    static func open(
        _ sweep: String, below results: ResultsOption, acceptsChanges: Bool = false
    ) async throws -> OpenSweep {
        var isDirectory: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: sweep, isDirectory: &isDirectory)
        guard exists, !isDirectory.boolValue else { return try await open(existing: sweep, below: results) }
        let file = try SweepFile.reading(sweep)
        let cores = Machine.cores.count
        return try await waiting {
            try await OpenSweep.starting(
                file, below: results.path, cores: cores, acceptsChanges: acceptsChanges, at: Date(), for: .ask, heldUp()
            )
        }
    }

    /// Opens a sweep by its name or folder.
    ///
    /// - Throws: `UserError` if there is no such sweep; `SweepStoreError.locked` if a planner runs it.
    static func open(existing sweep: String, below results: ResultsOption) async throws -> OpenSweep {
        let directory = try SweepArgument.directory(of: sweep, in: results)
        return try await waiting { try await OpenSweep.resuming(in: directory, for: .ask, heldUp()) }
    }

    /// Waits as long while another program holds the database.
    private static func heldUp() -> HeldUp {
        let end = ContinuousClock.now + patience
        return HeldUp(isGivenUp: { ContinuousClock.now > end }, notice: SweepSession.sayHeldUp)
    }

    /// Tries again while another process asks or tells, which is over in a moment. A planner holds the sweep for
    /// hours, so then the error is thrown at once.
    private static func waiting(_ open: () async throws -> OpenSweep) async throws -> OpenSweep {
        let end = ContinuousClock.now + patience
        while true {
            do {
                return try await open()
            } catch SweepStoreError.locked(_, let holder)
                where ContinuousClock.now < end && holder?.purpose != .run
            {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }
}
