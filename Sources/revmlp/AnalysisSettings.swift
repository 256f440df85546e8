import ArgumentParser
import Datasets
import Foundation
import RepresentationAnalysis
import Training

extension AlignmentAnalysis.Kernel: ExpressibleByArgument {}
extension TangentKernel<Float>.Output: ExpressibleByArgument {}

/// How representations are compared, as `revmlp cka` and `revmlp plot cka` are told it.
struct AlignmentOptions: ParsableArguments {
    @Flag(help: "Compare the ends of all runs with one another.")
    var between = false

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
    }

    /// - Throws: `CheckpointError`, `AlignmentAnalysis.DifferentSamples`.
    func table(_ runs: [StoredRun]) throws -> ResultTable {
        let analysis = AlignmentAnalysis(split: split, samples: samples, kernel: kernel, batch: batch)
        return between ? try analysis.amongRuns(runs) : try analysis.startToEnd(runs)
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

    /// One probe has no scatter, and so no standard error.
    func validate() throws {
        guard samples > 0 else { throw ValidationError("--samples must be at least 1") }
        guard probes ?? 0 != 1, probes ?? 0 >= 0 else { throw ValidationError("--probes must be 0 or at least 2") }
    }

    /// - Throws: `CheckpointError`, `NumericalFailure.nonFinite`.
    func table(_ runs: [StoredRun]) throws -> ResultTable {
        try TangentAnalysis(split: split, samples: samples, output: of, probes: probes, seed: seed).alongRuns(runs)
    }
}
