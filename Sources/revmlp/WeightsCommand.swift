import ArgumentParser
import RepresentationAnalysis
import Training

extension WeightFormat: ExpressibleByArgument {}

/// `revmlp weights`: how far training has moved the weights, and weights as files.
///
///     $ revmlp weights results/runs/digits                              a table of changes, layer by layer
///     $ revmlp weights export results/runs/digits -o digits.npz         for Python
///     $ revmlp weights import digits.npz configs/digits.yaml -o results/runs/again
struct WeightsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weights",
        abstract: "Print how far training has moved the weights; export and import them.",
        subcommands: [Change.self, Export.self, Import.self], defaultSubcommand: Change.self)

    /// `revmlp weights change`, also without its last word: columns `layer`, `norm_start`, `norm_end`,
    /// `norm_of_change`, `relative_change`, `cosine`. See `WeightChange`.
    struct Change: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print norm of change, relative change and cosine, layer by layer.",
            discussion: "revmlp weights results/digits --by-epoch --against 1 --over-seeds")

        @OptionGroup var options: AnalysisOptions

        @OptionGroup var choice: ComparisonOptions

        @OptionGroup var seeds: SeedsOption

        func run() throws {
            let runs = try options.runs()
            try options.show(WeightAnalysis.alongRuns(runs, choice.comparison), of: runs, seeds)
        }
    }

    /// `revmlp weights export`: writes the weights of a moment of a run.
    ///
    ///     $ revmlp weights export results/runs/digits -o best.safetensors --at best
    ///     $ revmlp weights export results/runs/digits -o start.npz --at start
    ///     $ python3 -c 'import numpy; print(numpy.load("start.npz").files[:3])'
    ///     ['blocks.0.f.weight', 'blocks.0.f.bias', 'blocks.0.f.projection']
    ///
    /// The frozen projections are written as well: weights mean nothing without those that they were trained with.
    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a run's weights, and the frozen projections they belong to, to a file for Python.",
            discussion: """
                revmlp weights export results/runs/digits --output weights.npz

                With x = [x1 | x2] and, for each block, F(x2) = s(x2 C) Wᵀ + b, G alike:
                y1 = x1 + F(x2), y2 = x2 + G(y1), logits = [y1 | y2] U. s is the identity in block 0.

                blocks.0.f.weight      W, out × in        blocks.0.f.projection  C, in × out
                blocks.0.f.bias        b                  readout                U, in × out
                """)

        @Argument(help: ArgumentHelp("A run's folder.", valueName: "run"), completion: .directory)
        var path: String

        @Option(help: "npz or safetensors; by the file's name where that ends so.")
        var format: WeightFormat?

        @Option(name: .shortAndLong, help: ArgumentHelp("The file.", valueName: "file"), completion: .file())
        var output: String

        @Option(help: "Which moment: start, last, best, or the number of an epoch whose checkpoint was kept.")
        var at = "last"

        func run() throws {
            guard let format = format ?? WeightFormat(path: output) else {
                throw ValidationError("--format is needed where the file's name does not end with .npz or .safetensors")
            }
            guard let moment = StoredRun.Moment(argument: at) else {
                throw ValidationError("--at must be start, last, best or the number of an epoch, not '\(at)'")
            }
            try format.write(try StoredRun(readingFrom: path).tensors(at: moment), to: output)
        }
    }

    /// `revmlp weights import`: makes the folder of a run that begins with the weights of a file.
    ///
    ///     $ revmlp weights import digits.npz configs/digits.yaml -o results/runs/again
    ///     $ revmlp train configs/digits.yaml --output results/runs/again      # all epochs, from these weights on
    ///
    /// The config must make the same frozen projections, so its seed must be that of the run that the weights come
    /// from. A folder that holds a run already is refused.
    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Begin a run with weights from a file; 'revmlp train' with the same config goes on from them.",
            discussion: "revmlp weights import weights.npz configs/digits.yaml --output results/runs/begun")

        @Argument(
            help: ArgumentHelp("The file of weights, .npz or .safetensors.", valueName: "file"), completion: .file())
        var weights: String

        @Argument(
            help: "The config file; its seed must be that of the run the weights come from.", completion: .file())
        var config: String

        @Option(
            name: .shortAndLong, help: ArgumentHelp("The new run's folder.", valueName: "dir"), completion: .directory)
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
