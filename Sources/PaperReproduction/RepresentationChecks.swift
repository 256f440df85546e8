extension Evidence {
    /// Figure 4 and page 18: what became of representations, tangent kernel and weights.
    var representationChecks: [Check] {
        [
            alignment(.cifar10Mini, "CIFAR-10"), alignment(.mnistMini, "MNIST"), kernelOnFullBatch, kernelOnMiniBatches,
            everyBlock, weightsMoved,
        ]
    }

    /// CKA with the start of one block at the last epoch, for each optimizer at the paper's rates. A run that has none
    /// is seen to lack it.
    ///
    /// - Parameter wanted: nil: the last block.
    private func lastAlignments(_ experiment: Experiment, block wanted: Int? = nil) -> [Measured] {
        PaperSetup.Optimizer.allCases.map { optimizer in
            let runs = best(experiment, optimizer)
            let own = alignments.filter { $0.experiment == experiment && $0.setup == runs.first?.setup }
            let block = wanted ?? own.map(\.block).max() ?? 0
            return Measured(
                own.isEmpty ? [] : runs, "CKA of block \(block + 1) with the start, at the end"
            ) { run in
                own.first { $0.seed == run.seed && $0.epoch == run.epochs && $0.block == block }?.value
            }
        }
    }

    private func alignment(_ experiment: Experiment, _ data: String) -> Check {
        let measured = lastAlignments(experiment)
        return Check(
            .representations, .supports,
            "\(data): the last block stays as it was under GN (CKA above 0.97) and moves under Adam (below 0.95)",
            of: measured
        ) { measured[0].all { $0 > 0.97 } && measured[1].all { $0 < 0.95 } }
    }

    private var everyBlock: Check {
        let blocks = Set(alignments.filter { $0.experiment == .cifar10Mini }.map(\.block)).sorted()
        let pairs = blocks.map { lastAlignments(.cifar10Mini, block: $0) }
        let measured = pairs.flatMap(\.self)
        return Check(
            .blocks, .supports, "CIFAR-10: in every block GN's representation stays nearer to its start than Adam's",
            of: measured.isEmpty ? [.nothing] : measured
        ) { pairs.allSatisfy { $0[1].isBelow($0[0]) } }
    }

    private func similarities(_ all: [Similarity], _ experiment: Experiment, _ quantity: String) -> [Measured] {
        PaperSetup.Optimizer.allCases.map { optimizer in
            let runs = best(experiment, optimizer)
            let own = all.filter { $0.experiment == experiment && $0.setup == runs.first?.setup }
            return Measured(own.isEmpty ? [] : runs, quantity) { run in own.first { $0.seed == run.seed }?.value }
        }
    }

    private var kernelOnFullBatch: Check {
        let measured = similarities(kernels, .mnistFull, "similarity of the tangent kernel with the start's")
        return Check(
            .representations, .contradicts,
            "MNIST, full batch: the tangent kernel does not stay nearer to its start under GN than under Adam "
                + "(against arXiv v2, as in the poster's abstract)", of: measured
        ) { !measured[1].isBelow(measured[0]) }
    }

    private var kernelOnMiniBatches: Check {
        let measured = similarities(kernels, .cifar10Mini, "similarity of the tangent kernel with the start's")
        return Check(
            .representations, .supports,
            "CIFAR-10, mini-batches: the tangent kernel stays nearer to its start under GN than under Adam",
            of: measured
        ) { measured[1].isBelow(measured[0]) }
    }

    private var weightsMoved: Check {
        let measured = similarities(
            weights, .cifar10Mini, "cosine of all weight matrices, as one vector, with the start's")
        return Check(
            .weights, .supports, "CIFAR-10: the weights' direction moves less under SGD than under GN and Adam",
            of: measured
        ) { measured[0].isBelow(measured[2]) && measured[1].isBelow(measured[2]) }
    }
}
