import ArgumentParser
import Foundation
import Training

/// `revmlp train`: trains a network as a config file says, or goes on with a run that was stopped.
///
///     $ revmlp train configs/digits.yaml --output results/a
///     {"step": 1, "train_loss": …, "train_accuracy": …, "val_loss": …, "val_accuracy": …, …}
///     …
///     $ revmlp train configs/digits.yaml --output results/a; echo $?
///     all 10 epochs were already done in results/a
///     {"step": 10, …}
///     0
///
/// A second call prints the last report again, so that a planner that has lost it gets the value of the trial all the
/// same.
///
/// | exit code | |
/// |---|---|
/// | 0 | all epochs are done |
/// | 1 | the config, the data or the folder cannot be used |
/// | 3 | a number became infinite or undefined |
/// | 128 + n | signal n came; the checkpoint is written |
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train as a config says, reporting each epoch as one line of JSON on standard output.",
        discussion: """
            The run's folder keeps a checkpoint: started again with the same config, the \
            run goes on where it was, and ends with the same bits as one that was never \
            stopped. SIGTERM, SIGINT or SIGHUP ends it after the batch under way, with a \
            checkpoint. In a folder whose run is complete, its last report is printed again.
            """)

    @Argument(help: "The config file.")
    var config: String

    @Option(
        help: ArgumentHelp(
            "The run's folder, instead of the config's or the default, results/runs/<name of the config>.",
            valueName: "dir"))
    var output: String?

    @Flag(help: "Discard the run that is in the folder.")
    var fresh = false

    @Flag(help: "Show no progress, even on a terminal.")
    var quiet = false

    /// Signals are caught before the data are read, which may take seconds: a signal in that time then stops the run
    /// before its first batch, with a checkpoint, and not in the middle of reading.
    ///
    /// - Throws: `ExitCode` 3 or 128 + n, or what `TrainingConfig.read` and `TrainingRun` throw.
    func run() throws {
        let environment = ProcessInfo.processInfo.environment
        let settings = try TrainingConfig.read(path: config)
        if !quiet, !settings.keysWithoutEffect.isEmpty {
            Console.printError(
                "\(config): of no effect here: \(settings.keysWithoutEffect.joined(separator: ", "))")
        }
        let folder = output ?? settings.directory(configPath: config, environment: environment)
        StopSignals.install()
        if let notice = Threads.use(settings.threads(environment: environment)), !quiet { Console.printError(notice) }
        var run = try TrainingRun(settings, folder: folder, fresh: fresh)

        let progress = !quiet && Console.errorIsTerminal ? ProgressLine() : nil
        let outcome = try run.run(
            reportAll: PlannerEnvironment.isRepeated(environment), shouldStop: { StopSignals.pending != nil },
            observe: { try show($0, of: settings, in: folder, progress) })
        progress?.clear()
        switch outcome {
        case .complete:
            if progress != nil { Console.printError("done; the run is in \(folder)") }
        case .stopped:
            Console.printError("stopped; the same command goes on from the checkpoint in \(folder)")
            throw ExitCode(128 + (StopSignals.pending ?? 0))
        case .diverged(let reason):
            Console.printError("diverged: \(reason)")
            throw ExitCode(3)
        }
    }

    /// Prints a report as a line of results, and everything else for people on standard error, nothing of it if
    /// `--quiet`.
    ///
    /// - Parameter progress: the line that shows the batch under way; nil where standard error is no terminal.
    /// - Throws: `Console.OutputError`, which ends the run: nothing that is still computed could be reported.
    private func show(
        _ event: TrainingEvent, of settings: TrainingConfig, in folder: String, _ progress: ProgressLine?
    ) throws {
        switch event {
        case .epoch(let report):
            progress?.clear()
            try Console.print(report.line)
        case .progress(let epoch, let batch, let batches, let loss):
            progress?.show(
                "epoch \(epoch) of \(settings.training.epochs), batch \(batch) of \(batches), loss \(Float(loss))")
        case .diagnostics: break
        case .resumed(let epoch):
            if !quiet { Console.printError("goes on in epoch \(epoch) from the checkpoint in \(folder)") }
        case .alreadyComplete(let epochs):
            if !quiet { Console.printError("all \(epochs) epochs were already done in \(folder)") }
        }
    }
}
