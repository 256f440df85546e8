import ArgumentParser
import ConfigFile
import Foundation

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

            Exit codes: 0 done, 1 error, 3 the training diverged, 128 + n stopped by \
            signal n with its checkpoint written (130 for Ctrl-C, 143 for SIGTERM).
            """,
        version: "0.1.0",
        subcommands: [
            TrainCommand.self, EvalCommand.self, AlignmentCommand.self, TangentCommand.self, WeightsCommand.self,
            CurvesCommand.self, DataCommand.self,
        ])

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

    private static func message(of error: any Error) -> String {
        if exitCode(for: error) == .validationFailure { return fullMessage(for: error) }
        return switch error {
        case let diagnostics as DiagnosticsError: diagnostics.description
        case let error as CocoaError: "error: \(error.localizedDescription)"
        default: "error: \(error)"
        }
    }
}
