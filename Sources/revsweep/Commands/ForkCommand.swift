import ArgumentParser
import Files
import Foundation
import SweepEngine
import SweepExecution
import SweepFile

/// `revsweep fork`: starts a new sweep whose history is the trials of another one.
///
/// It is the way to widen a range, or to change the metric, without losing what the old sweep has found.
///
///     revsweep fork digits sweeps/digits-wide.yaml
///
/// Trials are imported only if their values are legal in the new file; a parameter that they did not have needs a
/// `default:`.
///
///     imported 27 of 30 trials of …/results/digits
///     left out, failed or not ended: 1
///     left out, as they do not fit: 2
///         trial 4: …
///         trial 9: …
///     starting sweep 'digits-wide', 2 at once, in …/results/digits-wide
struct ForkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fork", abstract: "Starts a new sweep that begins with the trials of another one.",
        discussion: """
            revsweep fork digits sweeps/digits-wide.yaml

            Trials that are complete, pruned or diverged, and whose values are legal in the new file, become the \
            history of the new sweep: its sampler and its pruner know them, `trials` shows them, one of them may be \
            best, and its budget does not count them. A parameter that they did not have needs a `default:`. Where \
            the metric is another, what they reported of it counts. The old sweep stays as it is.
            """)

    @Argument(
        help: "The sweep to begin with: its name below the results folder, or the path of its folder.",
        completion: .sweeps)
    var sweep: String
    @Argument(help: "The file of the new sweep.", completion: .sweepFiles) var file: String
    @Flag(help: "Make the new sweep and do not run it yet.") var prepare = false
    @OptionGroup var results: ResultsOption
    @OptionGroup var options: RunningOptions

    /// Refuses what says how a run is shown, where there is none.
    func validate() throws {
        if !prepare { return }
        let given = [("--json", options.json), ("--plain", options.plain), ("--mirror", options.mirror.path != nil)]
        if let option = given.first(where: \.1)?.0 {
            throw ValidationError("\(option) does not go with --prepare, which runs no trial")
        }
    }

    func run() async throws {
        try options.mirror.check()
        let source = try SweepArgument.directory(of: sweep, in: results)
        let file = try SweepFile.reading(file)
        // A missing program is reported before the sweep is created, so that no half-made sweep is left behind.
        if !prepare { _ = try file.programs() }
        let interruptions = Signals.interruptions()
        let (forked, imported) = try await SweepSession.opening {
            try await OpenSweep.forking(
                source, into: file, below: results.path, cores: Machine.cores.count, at: Date(), SweepSession.heldUp)
        }
        let isSaid = !options.quiet && !options.json
        try await forked.closing(unmerged: SweepSession.warn) { forked in
            if isSaid { try Console.print(imported.words(of: source)) }
            if !prepare {
                try await SweepSession(forked, interruptions: interruptions, options: options).run()
            } else if isSaid {
                try Console.print("made \(forked.directory); next: revsweep run \(shell: self.file)\(results.words)")
            }
        }
        // A run has said so itself.
        if prepare, Signals.haveCome() { throw ExitCode(130) }
    }
}
