import ArgumentParser
import ConfigFile
import Files
import Foundation
import SweepEngine
import SweepExecution
import SweepFile
import SweepModel
import SweepReport
import SweepSearch
import SweepStore
import TerminalDrawing
import TrialProtocol

/// `revsweep run`: starts the sweep that a file describes, or goes on with it.
///
/// A sweep that exists already is only continued if its file still means the same trials. Otherwise trials of two
/// different searches would be mixed without a trace.
///
///     revsweep run sweeps/digits.yaml --accept-changes
///
///     revsweep run line.yaml
///     starting sweep 'line', 2 at once, in …/results/line
///     trial   0  complete  loss 0.017053 *  0.5 s  learning_rate=0.65598 momentum=0.69642
///     …
///     done: the budget's 15 trials have ended
///
/// | exit code | |
/// |---|---|
/// | 0 | the sweep has ended as its budget has it, or at its target |
/// | 1 | the file, the machine or the database does not allow it; or the first trials all failed alike |
/// | 2 | every trial has ended, and none is complete |
/// | 130 | it was interrupted, and can be resumed |
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Runs a sweep, or goes on with it.",
        discussion: """
            revsweep run sweeps/digits.yaml

            A sweep that exists goes on where it stopped, if its file still means the same trials; budget and \
            resources may have changed. With --accept-changes it goes on with other changes, too, if its trials so far \
            fit them: each is said and noted.
            Ctrl-C lets the running trials end, a second one ends them; both leave a sweep that can be resumed.
            """)

    @Argument(help: "The sweep file.", completion: .sweepFiles) var file: String
    @Flag(help: "Go on with what the file says now; the trials so far are its history.") var acceptChanges = false
    @OptionGroup var results: ResultsOption
    @OptionGroup var options: RunningOptions

    func run() async throws {
        // Signals are caught only further below: while the file is read there is nothing to end in order, and Ctrl-C
        // simply ends the process.
        let file = try SweepFile.reading(file)
        try options.mirror.check()
        // A missing program is reported before the sweep is created, so that no empty sweep is left behind.
        let programs = try file.programs()
        let program = file.nameOnPath == nil ? nil : programs.onPath
        let interruptions = Signals.interruptions()
        let sweep = try await SweepSession.opening {
            try await OpenSweep.starting(
                file, below: results.path, cores: Machine.cores.count, program: program, acceptsChanges: acceptChanges,
                at: Date(),
                SweepSession.heldUp)
        }
        if sweep.isNew, !options.quiet, !options.json {
            for note in file.valueNotes { Console.printError("note: \(note)") }
        }
        try await sweep.closing(unmerged: SweepSession.warn) { sweep in
            if !sweep.accepted.isEmpty, !options.quiet, !options.json {
                try Console.print(
                    (["accepted, from trial \(sweep.firstRevisedTrial) on:"] + sweep.accepted.map { "    \($0)" })
                        .joined(separator: "\n"))
                if !sweep.givenUp.isEmpty {
                    let numbers = sweep.givenUp.map(String.init).joined(separator: ", ")
                    try Console.print("given up, as their values are not legal any more: trial \(numbers)")
                }
            }
            try await SweepSession(sweep, interruptions: interruptions, options: options).run()
        }
    }
}

/// `revsweep resume`: goes on with a sweep by its name, with the file that is stored in it.
///
/// It needs nothing but the sweep's folder: the file it was started from may be gone, or may have been edited.
///
///     revsweep resume digits
///
///     going on with sweep 'digits', 2 at once, in …/results/digits
///     interrupted before, and run again: trial 1, 2
struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Goes on with a sweep as it was started, after any interruption.",
        discussion: "revsweep resume digits")

    @OptionGroup var sweep: SweepArgument
    @OptionGroup var options: RunningOptions

    func run() async throws {
        try options.mirror.check()
        let interruptions = Signals.interruptions()
        let directory = try sweep.directory()
        let sweep = try await SweepSession.opening {
            try await OpenSweep.resuming(in: directory, SweepSession.heldUp)
        }
        try await sweep.closing(unmerged: SweepSession.warn) { sweep in
            if !options.quiet, !options.json { noteChanges(since: sweep) }
            try await SweepSession(sweep, interruptions: interruptions, options: options).run()
        }
    }

    /// Says that the sweep file has been edited since: a user who has edited it may expect the changes to count.
    private func noteChanges(since sweep: OpenSweep) {
        let name = URL(fileURLWithPath: sweep.record.file.path).lastPathComponent
        let path = "\(sweep.record.directory)/\(name)"
        // Of another name, it is not the file of this sweep: one that confirms another has a file of its own.
        guard let now = try? SweepFile.read(path: path), now.sweep.name == sweep.file.sweep.name else { return }
        let needsAccepting = !now.changes(since: sweep.file).isEmpty
        if !needsAccepting, now.sweep.budget == sweep.file.sweep.budget,
            now.sweep.resources == sweep.file.sweep.resources
        {
            return
        }
        Console.printError(
            "note: \(path) has changed since; the sweep goes on as it was started. With the changes:\n"
                + "      revsweep run \(shell: path)\(sweep.resultsWords)\(needsAccepting ? " --accept-changes" : "")")
    }
}
