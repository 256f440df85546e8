import ArgumentParser
import RepresentationAnalysis
import Training

extension WeightFormat: ExpressibleByArgument {}

struct WeightsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weights",
        abstract: "Print how far training has moved the weights; export and import them.",
        subcommands: [Change.self, Export.self, Import.self], defaultSubcommand: Change.self)

    struct Change: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print norm of change, relative change and cosine, layer by layer.")

        @OptionGroup var options: AnalysisOptions

        func run() throws { try options.show(WeightAnalysis.startToEnd(options.runs())) }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a run's weights, and the frozen projections they belong to, to a file for Python.",
            discussion: """
                With x = [x1 | x2] and, for each block, F(x2) = s(x2 C) Wᵀ + b, G alike:
                y1 = x1 + F(x2), y2 = x2 + G(y1), logits = [y1 | y2] U. s is the identity in block 0.

                blocks.0.f.weight      W, out × in        blocks.0.f.projection  C, in × out
                blocks.0.f.bias        b                  readout                U, in × out
                """)

        @Argument(help: ArgumentHelp("A run's folder.", valueName: "run"))
        var path: String

        @Option(help: "npz or safetensors; by the file's name where that ends so.")
        var format: WeightFormat?

        @Option(name: .shortAndLong, help: ArgumentHelp("The file.", valueName: "file"))
        var output: String

        @Option(help: "Which moment: start, last, best, or the number of an epoch whose checkpoint was kept.")
        var at = "last"

        func run() throws {
            guard let format = format ?? WeightFormat(path: output) else {
                throw ValidationError("--format is needed where the file's name does not end with .npz or .safetensors")
            }
            guard let moment = StoredRun.Moment(at) else {
                throw ValidationError("--at must be start, last, best or the number of an epoch, not '\(at)'")
            }
            try format.write(try StoredRun(readingFrom: path).tensors(at: moment), to: output)
        }
    }

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Begin a run with weights from a file; 'revmlp train' with the same config goes on from them.")

        @Argument(help: ArgumentHelp("The file of weights, .npz or .safetensors.", valueName: "file"))
        var weights: String

        @Argument(help: "The config file; its seed must be that of the run the weights come from.")
        var config: String

        @Option(name: .shortAndLong, help: ArgumentHelp("The new run's folder.", valueName: "dir"))
        var output: String

        @Option(help: "npz or safetensors; by the file's name where that ends so.")
        var format: WeightFormat?

        func run() throws {
            guard let format = format ?? WeightFormat(path: weights) else {
                throw ValidationError("--format is needed where the file's name does not end with .npz or .safetensors")
            }
            try StoredRun.begin(try TrainingConfig.read(path: config), folder: output, with: try format.read(weights))
        }
    }
}

extension StoredRun.Moment {
    fileprivate init?(_ text: String) {
        switch text {
        case "start": self = .start
        case "last": self = .last
        case "best": self = .best
        case let number:
            guard let epoch = Int(number), epoch >= 0 else { return nil }
            self = .epoch(epoch)
        }
    }
}
