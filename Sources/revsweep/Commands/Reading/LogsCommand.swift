import ArgumentParser
import Foundation
import SweepExecution
import SweepModel
import SweepReport
import SweepStore
import TrialProtocol

/// `revsweep logs`: what the trainer of one trial printed.
///
///     revsweep logs digits 12 --follow
struct LogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "What the trainer of a trial printed.",
        discussion: """
            revsweep logs digits 12                 everything on standard output, all attempts
            revsweep logs digits 12 --stderr        everything on standard error
            revsweep logs digits 12 --attempt 2     only what the second attempt printed
            revsweep logs digits 12 -f              goes on until the trial has ended

            Into a pipe or a file the log goes byte for byte. On a terminal, characters that would command it are \
            replaced.
            """)

    @OptionGroup var sweep: SweepArgument
    @OptionGroup var trial: TrialArgument
    @Flag(name: .shortAndLong, help: "Print what is added, until the trial has ended or nobody runs the sweep.")
    var follow = false
    @Flag(help: "Standard error instead of standard output.") var stderr = false
    @Option(help: "Only this attempt, from 1.") var attempt: Int?

    private static let pause = Duration.milliseconds(100)

    func run() async throws {
        let directory = try sweep.directory()
        let trial = try trial.record(in: StoredSweep(in: directory))
        let number = trial.number
        if let attempt, attempt < 1 || attempt > max(1, trial.attempt) {
            throw UserError(
                message: "trial \(number) has no attempt \(attempt)",
                help: trial.attempt == 0
                    ? "it has not been started yet"
                    : "it has been started \(trial.attempt == 1 ? "once" : "\(trial.attempt) times")")
        }
        let wanted = stderr ? TrialLog.errors : .output
        guard var log = LogReader(wanted, ofTrial: number, in: directory, attempt: attempt) else {
            throw UserError(
                message: "it is not known where attempt \(attempt ?? 1) begins in \(wanted.fileName)",
                help: "its folder does not say it: it was changed, or an early release ran the trial; without "
                    + "--attempt all is printed")
        }
        let isTerminal = Console.isTerminal
        var text = LogText()
        var isDone = !follow
        while true {
            while let bytes = log.next() {
                let isRead = try isTerminal ? Console.write(text.take(bytes)) : Console.write(bytes: bytes)
                if !isRead { return }
            }
            if isDone { break }
            // First whether it has ended, then once more what it has printed: nothing is added after its end.
            isDone = try hasEnded(number, in: directory)
            if isDone { continue }
            // A trainer that prints nothing more would not show that the reader has gone.
            if !Console.hasReader { return }
            try await Task.sleep(for: Self.pause)
        }
        if isTerminal { try Console.write(text.finish()) }
    }

    /// Whether nothing will be added to the log: the trial, or the attempt that was asked for, is over, or no planner
    /// runs the sweep.
    private func hasEnded(_ number: Int, in directory: String) throws -> Bool {
        let isHeld = SweepLock.holder(ofSweepIn: directory) != nil
        // The database is opened each time: on a read-only file system it is read as it was when it was opened.
        guard let trial = try SweepStore(readingSweepIn: directory).trial(number), !trial.state.isFinal else {
            return true
        }
        if let attempt, trial.attempt > attempt || trial.state == .waiting { return true }
        if isHeld { return false }
        if trial.state == .running, Self.isFresh(directory) { return false }
        Console.printError("nobody runs the sweep, and trial \(number) is \(trial.state.rawValue)")
        return true
    }

    /// Whether the database was written to a moment ago: a planner on another machine, whose lock is not seen here,
    /// does so every few seconds.
    private static func isFresh(_ directory: String) -> Bool {
        ["", "-wal"].contains { suffix in
            var status = stat()
            return stat("\(directory)/\(SweepStore.fileName)\(suffix)", &status) == 0
                && time(nil) - status.st_mtim.tv_sec < 30
        }
    }
}
