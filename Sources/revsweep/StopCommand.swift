import ArgumentParser
import Foundation
import SweepStore

struct StopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Stops a running sweep, which can be resumed.",
        discussion: "As Ctrl-C does where it runs: trials that run may end. Returns when the sweep has stopped.")

    @OptionGroup var sweep: SweepArgument
    @Flag(help: "End the running trials too; they are run again when the sweep is resumed.") var now = false

    func run() throws {
        let directory = try sweep.directory()
        guard let planner = SweepLock.holder(ofSweepIn: directory) else {
            return try Console.print("the sweep '\(sweep.sweep)' is not running")
        }
        guard kill(planner, now ? SIGTERM : SIGINT) == 0 || errno == ESRCH else {
            throw UserError(
                message: "process \(planner), which runs the sweep: \(String(cString: strerror(errno)))")
        }
        if !now { try Console.print("waiting for the running trials to end; to end them: revsweep stop --now") }
        while SweepLock.holder(ofSweepIn: directory) == planner { usleep(50_000) }
        try Console.print("stopped; go on with: revsweep resume \(sweep.sweep)")
    }
}
