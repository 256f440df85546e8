import ArgumentParser
import Files
import Foundation
import Plots
import RepresentationAnalysis
import Training

/// `revmlp plot`: what the analyses find, as a picture.
///
///     $ revmlp plot curves results/runs -o curves.svg
///     $ revmlp plot cka results/runs --between -o cka.png
///     $ revmlp plot weights results/digits --by optimizer.name
struct PlotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plot", abstract: "Draw what runs reported, or what became of their networks, as SVG or PNG.",
        discussion: """
            revmlp plot curves results/runs -o curves.svg
            revmlp plot cka results/runs --between -o cka.png     with rsvg-convert, if that is installed
            revmlp plot weights results/digits --by optimizer.name

            Runs that differ only in their seed are one line with a band of one standard deviation.
            """,
        subcommands: [Curves.self, Alignment.self, Tangents.self, Weights.self])

    /// `revmlp plot curves`: see `CurvesCommand`.
    struct Curves: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What runs reported, epoch by epoch.",
            discussion: "revmlp plot curves results/digits --metrics val_accuracy --by optimizer.name")

        @OptionGroup var options: PlotOptions
        @Option(help: "Which metrics, separated by commas: a plot for each that a run has reported.")
        var metrics = "train_loss,val_loss,train_accuracy,val_accuracy"
        @Flag(help: "Logarithmic axes for the metrics.") var log = false

        /// - Throws: `ValidationError` if no run has reported any of the metrics.
        func run() throws {
            let names = metrics.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            let runs = try options.runs.read()
            let reported = Set(runs.flatMap { $0.epochs.flatMap { $0.metrics.map(\.name) } })
            guard names.contains(where: reported.contains) else {
                throw ValidationError(
                    "no run has reported '\(metrics)'; known are \(reported.sorted().joined(separator: ", "))")
            }
            try options.write(options.figures(runs).curves(names, isLog: log), named: "curves")
        }
    }

    /// `revmlp plot cka`: see `AlignmentCommand`. Where checkpoints were kept, by epoch with a plot for each block.
    /// With `--between` a map of all pairs of runs for each block.
    struct Alignment: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "cka", abstract: "CKA of the blocks' outputs: against the start, or runs against runs.",
            discussion: """
                revmlp plot cka results/runs                     by epoch, where checkpoints were kept
                revmlp plot cka results/runs --no-by-epoch       by block, at the end
                revmlp plot cka results/runs --between
                """)

        @OptionGroup var options: PlotOptions
        @OptionGroup var alignment: AlignmentOptions

        func run() throws {
            let runs = try options.runs.read()
            let figures = try options.figures(runs)
            let comparison = alignment.choice.comparison(drawing: runs)
            let table = try alignment.table(runs, comparison)
            try options.write(
                alignment.between
                    ? figures.alignmentAmongRuns(table) : figures.alignment(table, against: comparison.reference),
                named: "cka")
        }
    }

    /// `revmlp plot ntk`: see `TangentCommand`.
    struct Tangents: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "ntk", abstract: "How similar the tangent kernel stays to that of the start.",
            discussion: "revmlp plot ntk results/runs --samples 32 --rate")

        @OptionGroup var options: PlotOptions
        @OptionGroup var tangents: TangentOptions

        func run() throws {
            let runs = try options.runs.read()
            let figures = try options.figures(runs)
            try options.write(
                figures.tangents(tangents.table(runs), against: tangents.reference.against), named: "ntk")
        }
    }

    /// `revmlp plot weights`: see `WeightsCommand.Change`.
    struct Weights: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "How far the weights of each layer have moved, and how far they have turned.",
            discussion: "revmlp plot weights results/digits --by optimizer.name")

        @OptionGroup var options: PlotOptions
        @OptionGroup var choice: ComparisonOptions

        func run() throws {
            let runs = try options.runs.read()
            let comparison = choice.comparison(drawing: runs)
            let table = try WeightAnalysis.alongRuns(runs, comparison)
            try options.write(
                options.figures(runs).weights(table, against: comparison.reference), named: "weights")
        }
    }
}

extension FigureFormat: ExpressibleByArgument {}

/// Which runs a picture is of, how they are grouped, and where it is written.
struct PlotOptions: ParsableArguments {
    @OptionGroup var runs: RunsArgument

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The file to write, .svg, .png or .json; '-' for standard output. [KIND.svg]", valueName: "file"),
        completion: .file())
    var output: String?

    @Option(help: "svg, png or plotly; by the file's name where that ends so.") var format: FigureFormat?

    @Option(
        help: ArgumentHelp(
            "Group runs by this setting, such as optimizer.name, and not by all in which they differ.",
            valueName: "setting"))
    var by: String?

    /// More groups than these would be lines that nobody can tell apart.
    private static let mostGroups = 10

    /// The analysis may take minutes, so what cannot be written is refused before.
    func validate() throws {
        do { _ = try FigureFormat.chosen(format, forFile: output) } catch { throw ValidationError("\(error)") }
    }

    /// - Throws: `RunGroup.UnknownSetting`.
    func figures(_ runs: [StoredRun]) throws -> AnalysisFigures {
        if let by { return AnalysisFigures(try RunGroup.groups(of: runs, by: by)) }
        let setups = RunGroup.shortlyNamed(setupsOf: runs)
        if setups.count <= Self.mostGroups { return AnalysisFigures(setups) }
        let groups = try RunGroup.groups(of: runs, by: "optimizer.name")
        Console.printError("note: of \(setups.count) set-ups those of one optimizer are drawn together; see --by")
        return AnalysisFigures(groups)
    }

    /// Writes the picture, whole or not at all.
    ///
    /// - Throws: `FigureFormat.Failure`, `FileError`, `Console.OutputError`.
    func write(_ figure: Figure, named kind: String) throws {
        let format = try FigureFormat.chosen(format, forFile: output)
        let data = try format.data(of: figure)
        let output = output ?? "\(kind).\(format.ending)"
        if output == "-" { return try Console.write(data) }
        let draft = try DraftFile(replacing: output)
        try draft.append(data)
        try draft.publish()
        Console.printError("wrote \(output)")
    }
}
