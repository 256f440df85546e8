import ArgumentParser
import ConfigFile
import Files
import Foundation
import TerminalDrawing
import Training
import TrainingDisplay

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
        abstract: "Train as a config says, with a table of epochs on a terminal and lines of JSON elsewhere.",
        discussion: """
            revmlp train configs/digits.yaml --set optimizer.name=sgd --set training.epochs=5

            On a terminal a person sees a bar and a line for each epoch. In a pipe, under a \
            planner and with --quiet, each epoch is one line of JSON on standard output.

            The run's folder keeps a checkpoint: started again with the same config, the \
            run goes on where it was, and ends with the same bits as one that was never \
            stopped. SIGTERM, SIGINT or SIGHUP ends it after the batch under way, with a \
            checkpoint. In a folder whose run is complete, its last report is printed again.
            """)

    @Argument(help: "The config file.", completion: .file(extensions: ["yaml", "yml"]))
    var config: String

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "A value in the place of the config's, checked as the config is. May be given more than once.",
            discussion: "The key is a path such as optimizer.schedule.name, the value is YAML.",
            valueName: "key=value"))
    var settings: [String] = []

    @Option(
        help: ArgumentHelp(
            "The run's folder, instead of the config's or the default, results/runs/<name of the config>.",
            valueName: "dir"), completion: .directory)
    var output: String?

    @Flag(help: "Discard the run that is in the folder.")
    var fresh = false

    @Flag(help: "Show no progress and no warnings, and print lines of JSON even on a terminal.")
    var quiet = false

    /// Signals are caught before the data are read, which may take seconds: a signal in that time then stops the run
    /// before its first batch, with a checkpoint, and not in the middle of reading.
    ///
    /// - Throws: `ExitCode` 3 or 128 + n, or what `TrainingConfig.read` and `TrainingRun` throw.
    func run() throws {
        let environment = ProcessInfo.processInfo.environment
        let changes = settings.map { ConfigSetting($0, option: "--set") }
        let settings = try TrainingConfig.read(
            path: config, settings: changes, warn: { if !quiet { Console.printError($0.description) } })
        if !quiet, !settings.keysWithoutEffect.isEmpty {
            Console.printError(
                "\(config): of no effect here: \(settings.keysWithoutEffect.joined(separator: ", "))")
        }
        let folder = output ?? settings.directory(configPath: config, environment: environment)
        StopSignals.install()
        if let notice = Threads.use(settings.threads(environment: environment)), !quiet { Console.printError(notice) }
        var run: TrainingRun
        do {
            run = try TrainingRun(settings, folder: folder, fresh: fresh)
        } catch let error as SettingError {
            throw error.located(in: config, settings: changes)
        }
        if let notice = run.dataNotice, !quiet { Console.printError("warning: \(notice)") }

        let view = TrainingView(TrainingPlan(settings, batches: run.batchesPerEpoch))
        let isForPeople =
            !quiet && StandardStream.output.isTerminal && !PlannerEnvironment.isPresent(environment)
        let screen = screen(view, isForPeople: isForPeople, environment)
        screen?.begin()
        // Also where the run ends with an error: its message comes below a clean screen.
        defer { screen?.end() }
        let outcome = try run.run(
            reportAll: isForPeople || PlannerEnvironment.isRepeated(environment),
            shouldStop: { StopSignals.pending != nil },
            observe: { event in
                screen?.show(event)
                if !isForPeople { try printLine(event, in: folder, screen) }
            })
        if isForPeople {
            let next = NextSteps(command: self, settings: settings, folder: folder)
            screen?.end { next.summary(of: $0, outcome).lines(width: $1) }
        } else {
            screen?.end()
            printEnd(outcome, in: folder, isShown: screen != nil)
        }
        switch outcome {
        case .complete: break
        case .stopped: throw ExitCode(128 + (StopSignals.pending ?? 0))
        case .diverged: throw ExitCode(3)
        }
    }

    /// What is drawn on: standard output, or for the bar alone standard error, while standard output goes elsewhere.
    private func screen(
        _ view: TrainingView, isForPeople: Bool, _ environment: [String: String]
    ) -> TrainingScreen? {
        let stream: StandardStream = isForPeople ? .output : .error
        guard !quiet, stream.isTerminal else { return nil }
        return TrainingScreen(
            view,
            TrainingScreen.Surroundings(
                features: TerminalFeatures(environment: environment, isTerminal: true), showsEpochs: isForPeople,
                size: {
                    let size = stream.size
                    return TerminalSize(columns: size.columns, rows: size.rows)
                },
                isStopping: { StopSignals.pending != nil }, write: { _ = try? stream.write($0) }))
    }

    /// For programs: one line of JSON for an epoch on standard output, everything else on standard error.
    private func printLine(_ event: TrainingEvent, in folder: String, _ screen: TrainingScreen?) throws {
        func print(_ text: () throws -> Void) throws {
            if let screen { try screen.interrupt(toPrint: text) } else { try text() }
        }
        switch event {
        case .epoch(let report): try print { try Console.print(report.line) }
        case .progress, .diagnostics: break
        case .resumed(let epoch):
            if !quiet {
                try print { Console.printError("goes on in epoch \(epoch) from the checkpoint in \(folder)") }
            }
        case .alreadyComplete(let epochs):
            if !quiet { try print { Console.printError("all \(epochs) epochs were already done in \(folder)") } }
        }
    }

    private func printEnd(_ outcome: TrainingOutcome, in folder: String, isShown: Bool) {
        switch outcome {
        case .complete:
            if isShown { Console.printError("done; the run is in \(folder)") }
        case .stopped: Console.printError("stopped; the same command goes on from the checkpoint in \(folder)")
        case .diverged(let reason): Console.printError("diverged: \(reason)")
        }
    }
}
