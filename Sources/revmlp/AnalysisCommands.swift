import ArgumentParser
import Foundation
import RepresentationAnalysis
import Training

/// `revmlp cka`: compares the representations of trained networks, block by block.
///
///     $ revmlp cka results/runs/digits
///     run                  optimizer     seed  epoch  block     cka
///     results/runs/digits  gauss_newton     0     10      0  0.9795
///     results/runs/digits  gauss_newton     0     10      1  0.9354
///     results/runs/digits  gauss_newton     0     10      2  0.8452
///     $ revmlp cka results/runs --between --kernel radial
///
/// See `AlignmentAnalysis`.
struct AlignmentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cka",
        abstract: "Compare what the blocks put out at the start and at the end of training, or between runs.",
        discussion: """
            revmlp cka results/digits --kernel radial
            revmlp cka results/digits --by-epoch --over-seeds     of runs with output.keep_every

            Centred kernel alignment, 1 where two representations differ by a rotation and a \
            scale. The radial kernel's width is the median of the distances that are not 0.
            """)

    @OptionGroup var options: AnalysisOptions

    @OptionGroup var alignment: AlignmentOptions

    @OptionGroup var seeds: SeedsOption

    func validate() throws {
        guard !alignment.between || !seeds.overSeeds else {
            throw ValidationError("--between compares single runs; it has no --over-seeds")
        }
    }

    func run() throws {
        let runs = try options.runs()
        try options.show(alignment.table(runs, alignment.choice.comparison), of: runs, seeds)
    }
}

/// `revmlp ntk`: compares the neural tangent kernel at the start of a run with those of its checkpoints.
///
///     $ revmlp ntk results/runs/digits --samples 16
///     run                  optimizer     seed  epoch  output  samples  probes  ntk_similarity  jacobian_similarity
///     results/runs/digits  gauss_newton     0     10  logits       16       0          0.7743               0.5319
///
/// The time grows with samples × outputs × parameters; `--probes 100` bounds it, and adds the column `standard_error`.
/// See `TangentAnalysis`.
struct TangentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ntk",
        abstract: "Compare the neural tangent kernel at the start with those of the checkpoints.",
        discussion: """
            revmlp ntk results/digits --of features
            revmlp ntk results/digits --rate --over-seeds

            Checkpoints are kept where a config says output.keep_every or keep_last. Small \
            kernels are computed in full, larger ones estimated with random probes, with a \
            standard error. The rate is (1 - similarity to the checkpoint before) / epochs.
            """)

    @OptionGroup var options: AnalysisOptions

    @OptionGroup var tangents: TangentOptions

    @OptionGroup var seeds: SeedsOption

    func run() throws {
        let runs = try options.runs()
        try options.show(tangents.table(runs), of: runs, seeds)
    }
}

/// `revmlp curves`: prints what runs reported, epoch by epoch; runs that differ only in their seed share a row.
///
///     $ revmlp curves results/runs --metrics val_loss,val_accuracy --every 5
///     $ revmlp curves results/runs --metrics all --json
///
/// See `CurveAnalysis` for the columns. `all` is every metric that any of the runs has reported, those of single layers
/// included.
struct CurvesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "curves",
        abstract: "Print what runs reported, epoch by epoch: mean and spread over their seeds.",
        discussion: "revmlp curves results/digits --metrics val_accuracy --every 5")

    @OptionGroup var options: AnalysisOptions

    @Option(help: "Which metrics, separated by commas, or all: also what is said of single layers.")
    var metrics = CurveAnalysis.usualMetrics.joined(separator: ",")

    @Option(help: ArgumentHelp("Show one epoch in this many, and the last.", valueName: "epochs"))
    var every = 1

    func validate() throws {
        guard every > 0 else { throw ValidationError("--every must be at least 1") }
    }

    /// - Throws: `ValidationError` for a metric that no run has reported, unless it is one that runs usually report: a
    ///   regression has no accuracy, and asking for the usual metrics is then no mistake.
    func run() throws {
        let names = metrics.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        let runs = try options.runs()
        let reported = Set(runs.flatMap { $0.epochs.flatMap { $0.metrics.map(\.name) } })
        for name in names
        where metrics != "all" && !reported.contains(name) && !CurveAnalysis.usualMetrics.contains(name) {
            throw ValidationError(
                "no run has reported '\(name)'; known are \(reported.sorted().joined(separator: ", "))")
        }
        try options.show(CurveAnalysis(metrics: metrics == "all" ? nil : names, every: every).overSeeds(runs))
    }
}
