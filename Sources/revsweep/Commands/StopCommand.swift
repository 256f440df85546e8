import ArgumentParser
import Files
import Foundation
import SweepStore

/// `revsweep stop`: stops a sweep that runs in another terminal or in the background, and waits until it has stopped.
///
/// It sends the planner the signal of Ctrl-C, so there is only one way in which a sweep stops. However often it is
/// called without `--now`, the running trials may end.
///
///     revsweep stop digits --now
///
///     revsweep stop digits
///     waiting for the running trials to end; to end them: revsweep stop digits --now
///     stopped; go on with: revsweep resume digits
///
/// The trials that were waited for may have been the last ones of the budget; it is said then that the sweep has ended.
struct StopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Stops a running sweep, which can be resumed.",
        discussion: """
            revsweep stop digits
            revsweep stop digits --now

            As Ctrl-C does where it runs: trials that run may end. Returns when the sweep has stopped.
            """)

    @OptionGroup var sweep: SweepArgument
    @Flag(help: "End the running trials too; they are run again when the sweep is resumed.") var now = false

    /// Waits until the lock is free or has another holder, however long the running trials take.
    ///
    /// - Throws: `UserError` if the planner's process is not known yet, or belongs to another user.
    func run() async throws {
        let directory = try sweep.directory()
        guard let holder = SweepLock.holder(ofSweepIn: directory), holder.purpose == .run else {
            return try Console.print("the sweep '\(sweep.sweep)' is not running")
        }
        guard let planner = holder.process else {
            throw UserError(
                message: "the sweep '\(sweep.sweep)' is running, and planner.lock does not say in which process",
                help: "it is written anew within a second: try again")
        }
        if let place = holder.place {
            throw UserError(
                message: "the sweep '\(sweep.sweep)' is run by process \(planner) of \(place), which cannot be reached "
                    + "from here", help: "stop it there: revsweep stop \(sweep.words)")
        }
        guard Signals.stop(planner, atOnce: now) || errno == ESRCH else {
            throw UserError(
                message: "process \(planner), which runs the sweep: \(String(cString: strerror(errno)))")
        }
        if !now {
            try Console.print(
                "waiting for the running trials to end; to end them: revsweep stop \(sweep.words) --now")
        }
        while SweepLock.holder(ofSweepIn: directory) == holder { try await Task.sleep(for: .milliseconds(50)) }
        // That it has stopped is true whether or not it can still be read.
        let hasEnded = (try? StoredSweep(in: directory).hasEnded()) ?? false
        try Console.print(
            hasEnded
                ? "it has ended; how it stands: revsweep status \(sweep.words)"
                : "stopped; go on with: revsweep resume \(sweep.words)")
    }
}
