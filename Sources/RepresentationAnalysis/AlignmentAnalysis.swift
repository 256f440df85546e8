import Datasets
import LinearAlgebra
import ReversibleCore
import Training

/// CKA of what the blocks of trained networks put out.
///
///     let analysis = AlignmentAnalysis(split: .validation, samples: 1024, kernel: .linear, batch: nil)
///     print(try analysis.alongRuns(StoredRun.find(at: ["results/digits"])).text)
///
/// The table has a row for each block: CKA near 1 where training has left the block's output as it was but for a
/// rotation and a scale, lower where it has changed which samples are alike. Block 0 is the one nearest to the input.
public struct AlignmentAnalysis: Sendable {
    /// By its word on the command line. The width of `radial` is the median of the distances that are not 0.
    public enum Kernel: String, Hashable, Sendable, CaseIterable {
        case linear, radial
    }

    /// Which samples the networks are shown.
    public var split: SplitName
    /// The maximum number of samples; the first ones of the split are taken.
    public var samples: Int
    /// How samples are compared with one another within a network, before two networks are compared by that.
    public var kernel: Kernel
    /// The samples of a batch of the unbiased estimate; `nil`: all samples at once, without an estimate.
    public var batch: Int?

    public init(split: SplitName, samples: Int, kernel: Kernel, batch: Int?) {
        precondition(samples >= MinibatchAlignment.minSamples, "\(samples) samples are too few to be compared")
        precondition(batch ?? .max >= MinibatchAlignment.minSamples, "batches of \(batch ?? 0) samples are too small")
        self.split = split
        self.samples = samples
        self.kernel = kernel
        self.batch = batch
    }

    /// Runs whose samples are not of one kind.
    public struct DifferentSamples: Error, Hashable, Sendable, CustomStringConvertible {
        public var first: String
        public var second: String

        public var description: String {
            "\(first) and \(second) were trained on images of different sizes, which no network can be shown both of"
        }
    }

    /// A split with too few samples to be compared.
    public struct TooFewSamples: Error, Hashable, Sendable, CustomStringConvertible {
        /// The path of the run.
        public var run: String
        public var split: SplitName
        public var samples: Int

        public var description: String {
            let words = split == .train ? "training" : split.rawValue
            return "\(run) has \(samples) \(words) \(samples == 1 ? "sample" : "samples"), where a comparison takes at "
                + "least \(MinibatchAlignment.minSamples)\n  = help: --split takes others: train, validation or test"
        }
    }

    /// Checkpoints of each run against its start or another of its checkpoints, block by block.
    ///
    ///     try analysis.alongRuns(runs)                                              // the end against the start
    ///     try analysis.alongRuns(runs, Comparison(against: .start, byEpoch: true))  // each checkpoint that was kept
    ///
    /// Columns: those that name a run, `against` unless that is the start, `epoch`, `block` from 0, `cka`, which is
    /// missing where a block makes all samples the same.
    ///
    /// - Throws: `TooFewSamples`, or `CheckpointError` where a checkpoint cannot be read.
    public func alongRuns(_ runs: [StoredRun], _ comparison: Comparison = Comparison()) throws -> ResultTable {
        var table = ResultTable(columns: RunNames.columns + comparison.columns + ["epoch", "block", "cka"])
        let names = RunNames(runs)
        for run in runs {
            let images = try images(of: run)
            let reference = representations(try run.network(at: comparison.reference), images)
            // The same for all checkpoints.
            let kernels = batch == nil ? reference.map { CentredKernel(of: $0, wholeKernel) } : []
            for checkpoint in comparison.checkpoints(of: run) {
                let outputs = representations(try run.network(at: checkpoint.moment), images)
                for block in outputs.indices {
                    let alignment =
                        kernels.isEmpty
                        ? alignment(reference[block], outputs[block])
                        : kernels[block].alignment(with: CentredKernel(of: outputs[block], wholeKernel))
                    table.append(
                        names.cells(of: run) + comparison.cells + [
                            .integer(checkpoint.epoch), .integer(block), .init(alignment),
                        ])
                }
            }
        }
        return table
    }

    /// The ends of all runs against one another, block by block, on the samples of the first.
    ///
    /// Each pair of runs is there once, with the blocks that both have. Columns: those that name a run, the same for
    /// the other one as `other_run` and so on, `block`, `cka`.
    ///
    /// - Throws: `TooFewSamples`, `DifferentSamples`, or `CheckpointError` where a checkpoint cannot be read.
    public func amongRuns(_ runs: [StoredRun]) throws -> ResultTable {
        var table = ResultTable(
            columns: RunNames.columns + RunNames.columns.map { "other_\($0)" } + ["block", "cka"])
        guard let first = runs.first else { return table }
        let names = RunNames(runs)
        let images = try images(of: first)
        let ends = try runs.map { run in
            guard run.split.training.images.columns == images.columns else {
                throw DifferentSamples(first: first.path, second: run.path)
            }
            return representations(try run.network(at: .last), images)
        }
        // Block by block, so that the kernels of one block are all that is in memory at a time.
        let alignments = (0..<(ends.map(\.count).max() ?? 0)).map { block in
            pairwise(ends.map { block < $0.count ? $0[block] : nil })
        }
        for left in runs.indices {
            for right in runs.indices.dropFirst(left + 1) {
                for block in 0..<min(ends[left].count, ends[right].count) {
                    table.append(
                        names.cells(of: runs[left]) + names.cells(of: runs[right]) + [
                            .integer(block), .init(alignments[block][left][right - left - 1]),
                        ])
                }
            }
        }
        return table
    }

    /// The alignment of each with those behind it.
    private func pairwise(_ features: [Matrix<Float>?]) -> [[Double?]] {
        guard batch == nil else {
            return features.indices.map { left in
                features.dropFirst(left + 1).map { right in
                    features[left].flatMap { left in right.flatMap { alignment(left, $0) } }
                }
            }
        }
        let kernels = features.map { $0.map { CentredKernel(of: $0, wholeKernel) } }
        return kernels.indices.map { left in
            kernels.dropFirst(left + 1).map { right in
                kernels[left].flatMap { left in right.flatMap { left.alignment(with: $0) } }
            }
        }
    }

    /// The kernel where all samples are compared at once: the median is then that of all of them.
    private var wholeKernel: SampleKernel { kernel == .linear ? .linear : .radial(.median) }

    /// What the networks are shown, `[n, d]`.
    private func images(of run: StoredRun) throws(TooFewSamples) -> Matrix<Float> {
        let all = run.split[split].images
        guard all.rows >= MinibatchAlignment.minSamples else {
            throw TooFewSamples(run: run.path, split: split, samples: all.rows)
        }
        return all.rows(0..<min(samples, all.rows))
    }

    /// What every block puts out, `[n, d]` each.
    private func representations(_ network: ReversibleNetwork<Float>, _ images: Matrix<Float>) -> [Matrix<Float>] {
        network.blockOutputs(of: Halves(splitting: images)).map(\.joined)
    }

    /// CKA of two outputs for the same samples, exact or estimated from batches; samples that do not fill a last batch
    /// are left out of the estimate, and fewer than a batch are one by themselves.
    private func alignment(_ first: Matrix<Float>, _ second: Matrix<Float>) -> Double? {
        guard let batch else {
            return CentredKernel(of: first, wholeKernel).alignment(with: CentredKernel(of: second, wholeKernel))
        }
        // One σ for all batches, by the first of them: HSIC is of one kernel.
        let head = 0..<min(batch, first.rows)
        let (left, right) = (sampleKernel(of: first.rows(head)), sampleKernel(of: second.rows(head)))
        var estimate = MinibatchAlignment()
        for start in stride(from: 0, through: first.rows - min(batch, first.rows), by: batch) {
            let rows = start..<start + min(batch, first.rows)
            estimate.add(left.matrix(of: first.rows(rows)), right.matrix(of: second.rows(rows)))
        }
        return estimate.alignment
    }

    /// The kernel with the bandwidth of these samples, to be used for others.
    private func sampleKernel(of features: Matrix<Float>) -> SampleKernel {
        switch kernel {
        case .linear: .linear
        case .radial: .radial(SampleKernel.medianBandwidth(of: features))
        }
    }
}
