import Datasets
import LinearAlgebra
import ReversibleCore
import Training

/// How the neural tangent kernel changes during a run, compared with that of the initialisation.
///
///     let analysis = TangentAnalysis(split: .train, samples: 64, output: .logits, probes: nil, seed: 0)
///     print(try analysis.alongRuns(runs).text)
public struct TangentAnalysis: Sendable {
    /// Which samples the networks are shown.
    public var split: SplitName
    /// The maximum number of samples; the first ones of the split are taken.
    public var samples: Int
    /// What the kernel's Jacobian is the derivative of.
    public var output: TangentKernel<Float>.Output
    /// `nil`: exact where `exactLimit` allows, else 100; 0: exact.
    public var probes: Int?
    /// Of the probes.
    public var seed: UInt64

    /// The largest kernel that is computed in full unless probes are asked for: samples times outputs times parameters.
    ///
    /// Some seconds on one core; the paper's MNIST network on 64 samples is eight times as large, and takes 32 s in
    /// full and 8 s with 100 probes.
    public static let exactLimit = 200_000_000

    public init(
        split: SplitName, samples: Int, output: TangentKernel<Float>.Output, probes: Int?, seed: UInt64
    ) {
        precondition(samples > 0, "a kernel of no samples")
        precondition(probes != 1, "a standard error takes at least 2 probes")
        self.split = split
        self.samples = samples
        self.output = output
        self.probes = probes
        self.seed = seed
    }

    /// The kept checkpoints and the last one of each run against its start.
    ///
    /// One row for each checkpoint. `ntk_similarity` is 1 for a kernel that is the initial one but for a factor, as it
    /// stays in the limit of infinite width; `standard_error` is missing where it is exact.
    ///
    /// - Throws: `CheckpointError`, `NumericalFailure.nonFinite`.
    public func alongRuns(_ runs: [StoredRun]) throws -> ResultTable {
        var table = ResultTable(
            columns: StoredRun.nameColumns + [
                "epoch", "output", "samples", "probes", "ntk_similarity", "standard_error", "jacobian_similarity",
            ])
        for run in runs {
            let all = run.split[split].images
            let input = Halves(splitting: all.rows(0..<min(samples, all.rows)))
            let start = TangentKernel(try run.network(at: .start), on: input, of: output)
            let epochs = run.keptEpochs.filter { $0 < run.epochsDone } + [run.epochsDone]
            for epoch in epochs {
                let kernel = TangentKernel(try run.network(at: .epoch(epoch)), on: input, of: output)
                let similarity = try similarity(start, kernel)
                table.append(
                    run.nameCells + [
                        .integer(epoch), .text(output.rawValue), .integer(input.batch), .integer(similarity.probes),
                        .number(similarity.kernel), .init(similarity.standardError), .number(similarity.jacobian),
                    ])
            }
        }
        return table
    }

    /// Exact where no probes are asked for and the kernel is small enough, or where 0 are; else estimated.
    private func similarity(
        _ first: TangentKernel<Float>, _ second: TangentKernel<Float>
    ) throws(NumericalFailure) -> TangentSimilarity {
        let size = first.input.batch * first.width * first.network.architecture.parameterCount
        let isSmall = size <= Self.exactLimit
        let count = probes ?? (isSmall ? 0 : 100)
        return count == 0
            ? try TangentSimilarity(exactly: first, second)
            : try TangentSimilarity(estimating: first, second, probes: count, seed: seed)
    }
}
