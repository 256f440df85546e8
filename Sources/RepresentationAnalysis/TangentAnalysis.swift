import Datasets
import LinearAlgebra
import ReversibleCore
import Training

/// How the neural tangent kernel changes during a run, compared with that of the initialisation, and how fast.
///
///     let analysis = TangentAnalysis(split: .train, samples: 64, output: .logits, probes: nil, seed: 0)
///     print(try analysis.alongRuns(runs, withRate: true).text)
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

    /// The kept checkpoints and the last one of each run against its start, or against another checkpoint.
    ///
    /// One row for each checkpoint. `ntk_similarity` is 1 for a kernel that is the other one but for a factor, as it
    /// stays in the limit of infinite width; `standard_error` is missing where it is exact.
    ///
    /// With the rate, each checkpoint is also compared with the one before it, `previous`, which is the start, 0, for
    /// the first:
    ///
    ///     ntk_rate = (1 − similarity_to_previous) / (epoch − previous)
    ///
    /// Source of the rate: Fort, Dziugaite, Paul, Kharaghani, Roy, Ganguli, "Deep learning versus kernel learning",
    /// NeurIPS 2020 (arXiv:2010.15110), where it is the kernel velocity.
    ///
    /// - Throws: `CheckpointError`, `NumericalFailure.nonFinite`.
    public func alongRuns(
        _ runs: [StoredRun], against reference: StoredRun.Moment = .start, withRate: Bool = false
    ) throws -> ResultTable {
        let comparison = Comparison(against: reference, byEpoch: true)
        var table = ResultTable(
            columns: RunNames.columns + comparison.columns + [
                "epoch", "output", "samples", "probes", "ntk_similarity", "standard_error", "jacobian_similarity",
            ] + (withRate ? ["previous", "similarity_to_previous", "ntk_rate"] : []))
        let names = RunNames(runs)
        for run in runs {
            let all = run.split[split].images
            let input = Halves(splitting: all.rows(0..<min(samples, all.rows)))
            func kernel(at moment: StoredRun.Moment) throws -> TangentKernel<Float> {
                TangentKernel(try run.network(at: moment), on: input, of: output)
            }
            let fixed = try kernel(at: reference)
            var before = (epoch: 0, kernel: withRate && reference != .start ? try kernel(at: .start) : fixed)
            for checkpoint in comparison.checkpoints(of: run) {
                let kernel = try kernel(at: checkpoint.moment)
                let found = try similarity(fixed, kernel)
                var row: [ResultTable.Cell] = [
                    .integer(checkpoint.epoch), .text(output.rawValue), .integer(input.batch), .integer(found.probes),
                    .number(found.kernel), .init(found.standardError), .number(found.jacobian),
                ]
                if withRate {
                    let isSame = reference == .start && before.epoch == 0
                    let step = isSame ? found : try similarity(before.kernel, kernel)
                    let epochs = checkpoint.epoch - before.epoch
                    row += [
                        .integer(before.epoch), .number(step.kernel),
                        // A run that was stopped in its first epoch has no time to divide by.
                        .init(epochs > 0 ? (1 - step.kernel) / Double(epochs) : nil),
                    ]
                    before = (checkpoint.epoch, kernel)
                }
                table.append(names.cells(of: run) + comparison.cells + row)
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
