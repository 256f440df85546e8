import About
import ArgumentParser
import ConfigFile
import Files
import Foundation
import SweepExecution
import SweepModel

/// The program `revsweep`: reads the command line and hands over to one of the commands.
///
/// Commands parse, call the modules and print; what a sweep is and how it runs is decided in those. Errors of all
/// kinds end up here, where they become a message and an exit code.
///
///     revsweep run sweeps/digits.yaml
///
///     $ revsweep runn sweeps/digits.yaml; echo $?
///     error: Unexpected argument 'runn': there is no such command
///       = help: did you mean 'revsweep run'?
///     1
@main
struct Revsweep: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revsweep",
        abstract: "Runs hyperparameter sweeps: many trials of any trainer, every outcome kept.",
        discussion: """
            revsweep run sweeps/digits.yaml     start a sweep, or go on with it
            revsweep status digits              how far it is, and what is best
            revsweep best digits                the best configuration, ready for the trainer

            SWEEP is the name of a sweep below the results folder, or the path of its folder.
            Exit codes: 0 done, 1 an error, 2 all trials failed, 130 interrupted.
            """,
        version: ProgramVersion.line(of: "revsweep"),
        subcommands: [
            InitCommand.self, CheckCommand.self, RunCommand.self, ResumeCommand.self, StopCommand.self,
            EnqueueCommand.self, RerunCommand.self, ForkCommand.self, ConfirmCommand.self, ImportCommand.self,
            AskCommand.self,
            TellCommand.self, StatusCommand.self, TopCommand.self, ServeCommand.self, TrialsCommand.self,
            ShowCommand.self,
            CompareCommand.self, LogsCommand.self, BestCommand.self, ImportanceCommand.self, ExplainCommand.self,
            ReportCommand.self, PlotCommand.self, ExportCommand.self, ConvertCommand.self, ManualCommand.self,
        ])

    /// Runs one command, and turns every error into a message and an exit code.
    ///
    /// The order at the beginning matters. SIGPIPE is ignored and the standard streams are claimed before anything can
    /// print or open a file. A guardian is this same program under another name, and must not read the command line as
    /// a planner does.
    static func main() async {
        // Without this, a reader that goes away (`| head`) would end the sweep.
        signal(SIGPIPE, SIG_IGN)
        Console.claimStandardStreams()
        Allocator.sharePools()
        if Guardian.isThisProcess { return Guardian.runAsGuardian() }
        do {
            try requireCommand(named: CommandLine.arguments.dropFirst().first)
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let code as ExitCode {
            Foundation.exit(code.rawValue)
        } catch {
            if exitCode(for: error) == .success {
                try? Console.print(fullMessage(for: error))
            } else {
                Console.printError(message(of: error))
                Foundation.exit(1)
            }
        }
    }

    /// Checks the first argument before the parser does, whose message would not say which command was meant.
    ///
    /// - Throws: `UserError` if it is neither a command nor an option.
    private static func requireCommand(named name: String?) throws {
        let names = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        guard let name, !name.hasPrefix("-"), !names.contains(name) else { return }
        let nearest = nearestName(to: name, among: names).map { "did you mean 'revsweep \($0)'?" }
        throw UserError(
            message: "Unexpected argument '\(name)': there is no such command",
            help: nearest
                ?? (name.hasSuffix(".yaml")
                    ? "to run a file: revsweep run \(shell: name)" : "revsweep --help lists them"))
    }

    /// The words for an error, whichever module it comes from.
    private static func message(of error: any Error) -> String {
        if exitCode(for: error) == .validationFailure { return fullMessage(for: error) }
        return switch error {
        case let diagnostics as DiagnosticsError: diagnostics.description
        case let error as CocoaError: "error: \(error.words)"
        default: "error: \(error)"
        }
    }
}
