import ArgumentParser
import Datasets
import Foundation
import RepresentationAnalysis
import Training

extension SplitName: ExpressibleByArgument {}

/// `revmlp eval`: shows a trained network samples, and prints how well it does.
///
///     $ revmlp eval results/digits/best --split test
///     test samples  360
///     loss          0.255065
///     accuracy      94.17 % (339 correct)
///     after         10 epochs
///     $ revmlp eval results/digits/best --json
///     {"split": "test", "epochs": 10, "samples": 360, "loss": 0.25506…, "accuracy": 0.9416666666666667}
///
/// A checkpoint that was kept can be named in place of the folder: `results/digits/best/checkpoint.000005`. There is no
/// accuracy in a regression.
struct EvalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval", abstract: "Print the loss and the accuracy of a trained network.",
        discussion: "revmlp eval results/runs/digits --split test")

    @Argument(help: ArgumentHelp("A run's folder, or a checkpoint.", valueName: "run"), completion: .file())
    var path: String

    @Option(help: "Which samples: train, validation or test.")
    var split = SplitName.test

    @Flag(help: "Print one JSON object.")
    var json = false

    /// - Throws: `CheckpointError`, `DatasetError`, or `Console.OutputError`.
    func run() throws {
        let environment = ProcessInfo.processInfo.environment
        let trained = try TrainedNetwork(readingFrom: path)
        Threads.use(trained.config.threads(environment: environment))
        let result = trained.evaluation(on: split)
        if json {
            var fields: [(String, ResultTable.Cell)] = [
                ("split", .text(split.rawValue)), ("epochs", .integer(trained.epochs)),
                ("samples", .integer(result.samples)), ("loss", .number(result.loss)),
            ]
            if trained.hasAccuracy { fields.append(("accuracy", .number(result.accuracy))) }
            try Console.print(ResultTable.object(fields))
        } else {
            let correct = Int((result.accuracy * Double(result.samples)).rounded())
            let percentage = String(format: "%.2f", 100 * result.accuracy)
            let accuracy = trained.hasAccuracy ? "\naccuracy      \(percentage) % (\(correct) correct)" : ""
            try Console.print(
                """
                \(split.rawValue) samples  \(result.samples)
                loss          \(Float(result.loss))\(accuracy)
                after         \(trained.epochs) epochs
                """)
        }
    }
}
