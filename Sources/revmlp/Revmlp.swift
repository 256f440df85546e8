import About
import ArgumentParser
import ConfigFile
import Foundation

/// The program `revmlp`: reads the command line and hands over to one of the commands.
///
/// Commands parse, call `Training`, `RepresentationAnalysis` or `Datasets`, and print. Results go to standard output,
/// lines of JSON or a table; everything else goes to standard error, so that a planner that reads standard output
/// sees results alone.
///
///     $ revmlp train configs/digits.yaml | tail -n 1
///     {"step": 10, "train_loss": 0.026867753690273083, …, "val_accuracy": 0.9907407407407407, …}
@main
struct Revmlp: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revmlp",
        abstract: "Trains reversible networks with exact Gauss-Newton, SGD or Adam.",
        discussion: """
            revmlp train configs/digits.yaml     train, or go on with a stopped run
            revmlp eval results/runs/digits      loss and accuracy on the test images
            revmlp data fetch mnist              download a data set to data/mnist
            revmlp curves results/digits         what a sweep's runs reported, over their seeds
            revmlp cka results/runs              what became of the representations; ntk, weights alike
            revmlp plot curves results/digits    the same as pictures

            Exit codes: 0 done, 1 error, 3 the training diverged, 128 + n stopped by \
            signal n with its checkpoint written (130 for Ctrl-C, 143 for SIGTERM).
            """,
        version: ProgramVersion.line(of: "revmlp"),
        subcommands: [
            TrainCommand.self, EvalCommand.self, AlignmentCommand.self, TangentCommand.self, WeightsCommand.self,
            CurvesCommand.self, PlotCommand.self, DataCommand.self, ManualCommand.self,
        ])

    /// Runs one command, and turns every error into a message and an exit code.
    ///
    /// The argument parser's own `main` is not used: it would end with code 64 for wrong arguments, where every error
    /// of this program ends with 1.
    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
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

    /// The words for an error: those of the argument parser with its usage line, a config's with their places in the
    /// file, and `error: …` for all others.
    private static func message(of error: any Error) -> String {
        if exitCode(for: error) == .validationFailure { return fullMessage(for: error) }
        return switch error {
        case let diagnostics as DiagnosticsError: diagnostics.description
        case let error as CocoaError: "error: \(error.localizedDescription)"
        default: "error: \(error)"
        }
    }
}
