import ArgumentParser
import Datasets
import Foundation
import RepresentationAnalysis
import Training

extension AlignmentAnalysis.Kernel: ExpressibleByArgument {}
extension TangentKernel<Float>.Output: ExpressibleByArgument {}

extension StoredRun.Moment: ExpressibleByArgument {
    /// `start`, `last`, `best`, or the number of an epoch from 0.
    public init?(argument: String) {
        switch argument {
        case "start": self = .start
        case "last": self = .last
        case "best": self = .best
        case let number:
            guard let epoch = Int(number), epoch >= 0 else { return nil }
            self = .epoch(epoch)
        }
    }

    public var defaultValueDescription: String { self == .start ? "start" : "" }
}

/// With what the checkpoints of a run are compared.
struct ReferenceOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Compare with this checkpoint of the same run: start, last, best, or the number of an epoch that was kept.",
            valueName: "moment"))
    var against = StoredRun.Moment.start
}

/// Which checkpoints of each run are compared, as `revmlp cka`, `weights` and their pictures are told it.
struct ComparisonOptions: ParsableArguments {
    @Flag(
        inversion: .prefixedNo,
        help: ArgumentHelp(
            "A row for each checkpoint that was kept, and not for the end alone.",
            discussion: "Pictures are drawn by epoch where a run has several checkpoints, unless told otherwise."))
    var byEpoch: Bool?

    @OptionGroup var reference: ReferenceOption

    /// For a table.
    var comparison: Comparison { Comparison(against: reference.against, byEpoch: byEpoch ?? false) }

    /// For a picture: by epoch where there are several.
    func comparison(drawing runs: [StoredRun]) -> Comparison {
        Comparison(against: reference.against, byEpoch: byEpoch ?? runs.contains { $0.checkpoints.count > 1 })
    }
}

/// How representations are compared, as `revmlp cka` and `revmlp plot cka` are told it.
struct AlignmentOptions: ParsableArguments {
    @Flag(help: "Compare the ends of all runs with one another.")
    var between = false

    @OptionGroup var choice: ComparisonOptions

    @Option(help: "linear or radial.")
    var kernel = AlignmentAnalysis.Kernel.linear

    @Option(help: "Which samples: train, validation or test.")
    var split = SplitName.validation

    @Option(help: "How many samples at most.")
    var samples = 1024

    @Option(help: "Estimate without bias from batches of this many samples, in the memory of one batch.")
    var batch: Int?

    /// The unbiased estimate divides by n − 3: fewer than 4 samples have none.
    func validate() throws {
        guard samples >= MinibatchAlignment.minSamples, batch ?? samples >= MinibatchAlignment.minSamples else {
            throw ValidationError("--samples and --batch must be at least \(MinibatchAlignment.minSamples)")
        }
        guard !between || choice.byEpoch != true && choice.reference.against == .start else {
            throw ValidationError("--between compares the ends of runs; it has no --by-epoch and no --against")
        }
    }

    /// - Throws: `CheckpointError`, `AlignmentAnalysis.DifferentSamples`.
    func table(_ runs: [StoredRun], _ comparison: Comparison) throws -> ResultTable {
        let analysis = AlignmentAnalysis(split: split, samples: samples, kernel: kernel, batch: batch)
        return between ? try analysis.amongRuns(runs) : try analysis.alongRuns(runs, comparison)
    }
}

/// Which tangent kernels are compared, as `revmlp ntk` and `revmlp plot ntk` are told it.
struct TangentOptions: ParsableArguments {
    @Option(help: "The derivative of what: logits, or the features that the last block puts out.")
    var of = TangentKernel<Float>.Output.logits

    @Option(help: "Which samples: train, validation or test.")
    var split = SplitName.train

    @Option(help: "How many samples at most.")
    var samples = 64

    @Option(help: "How many probes; 0: none, the kernel in full. [0 for small networks, else 100]")
    var probes: Int?

    @Option(help: "Of the probes.")
    var seed: UInt64 = 0

    @Flag(help: "Compare each checkpoint with the one before it, too, and say how fast the kernel changes.")
    var rate = false

    @OptionGroup var reference: ReferenceOption

    /// One probe has no scatter, and so no standard error.
    func validate() throws {
        guard samples > 0 else { throw ValidationError("--samples must be at least 1") }
        guard probes ?? 0 != 1, probes ?? 0 >= 0 else { throw ValidationError("--probes must be 0 or at least 2") }
    }

    /// - Throws: `CheckpointError`, `NumericalFailure.nonFinite`.
    func table(_ runs: [StoredRun]) throws -> ResultTable {
        try TangentAnalysis(split: split, samples: samples, output: of, probes: probes, seed: seed)
            .alongRuns(runs, against: reference.against, withRate: rate)
    }
}
