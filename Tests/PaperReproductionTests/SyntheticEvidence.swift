import Foundation
import PaperReproduction

/// Evidence made of formulas, in which what the paper and the measurements say is true; tests change one thing of it.
enum SyntheticEvidence {
    static let seeds = [42, 43, 44]

    static var all: Evidence {
        var evidence = Evidence()
        for seed in seeds {
            let wobble = 1 + 0.01 * Double(seed - 43)
            func add(
                _ experiment: Experiment, _ optimizer: PaperSetup.Optimizer, _ rate: Double, variant: String = "",
                epochs: Int, accuracy: Double, change: Double = -5, loss: (Double) -> Double
            ) {
                let steps = (1...epochs).map(Double.init)
                evidence.runs.append(
                    PaperRun(
                        experiment: experiment, seed: seed,
                        setup: PaperSetup(optimizer: optimizer, rate: rate, variant: variant),
                        curves: [
                            "train_loss": steps.map { wobble * loss($0) }, "val_accuracy": steps.map { _ in accuracy },
                            "percentage_loss_change": steps.map { _ in wobble * change },
                        ]))
            }
            for experiment in [Experiment.mnistFull, .mnistFullWide] {
                add(experiment, .gaussNewton, 0.5, epochs: 100, accuracy: 0.86) { min(2.3, 0.8 / (0.5 * $0)) }
                add(experiment, .adam, 1e-4, epochs: 100, accuracy: 0.89) { 2.3 * exp(-$0 / 40) }
                add(experiment, .sgd, 0.1, epochs: 100, accuracy: 0.88) { 2.3 * exp(-$0 / 60) }
            }
            add(.mnistFullTuned, .gaussNewton, 4, epochs: 100, accuracy: 0.86) { min(2.3, 0.8 / (4 * $0)) }
            add(.mnistFullTuned, .adam, 2e-3, epochs: 100, accuracy: 0.89) { 2.3 * exp(-$0 / 10) }
            add(.mnistFullTuned, .sgd, 0.3, epochs: 100, accuracy: 0.88) { 2.3 * exp(-$0 / 30) }
            add(.mnistFullDamped, .gaussNewton, 0.5, epochs: 100, accuracy: 0.8) { 2.3 * exp(-$0 / 5) }
            for experiment in [Experiment.mnistMini, .cifar10Mini, .noProjection] {
                add(experiment, .gaussNewton, 0.1, epochs: 20, accuracy: 0.39, change: -30) { 2.3 / pow($0, 0.4) }
                add(experiment, .adam, 1e-4, epochs: 20, accuracy: 0.44, change: -14) { 2.3 * exp(-$0 / 5) }
                add(experiment, .sgd, 0.01, epochs: 20, accuracy: 0.43, change: -10) { 2.3 * exp(-$0 / 20) }
            }
            add(.learningRate, .gaussNewton, 0.5, epochs: 20, accuracy: 0.38) { 2.3 * exp(-$0 / 5) }
            add(.learningRate, .gaussNewton, 0.02, epochs: 20, accuracy: 0.36) { 2.3 / pow($0, 0.1) }
            for deviation in ["1e-2", "1e-3", "1e-6"] {
                add(
                    .initialDeviation, .gaussNewton, 0.1, variant: "initial_deviation \(deviation)", epochs: 15,
                    accuracy: 0.39
                ) { 1 / $0 }
            }
            for decay in ["1e-4", "1e-3"] {
                add(.weightDecay, .gaussNewton, 0.1, variant: "weight_decay \(decay)", epochs: 15, accuracy: 0.4) {
                    1 / $0
                }
            }
            for method in ["svd", "damped", "noise"] {
                add(.pseudoInverse, .gaussNewton, 0.1, variant: "method \(method)", epochs: 15, accuracy: 0.4) {
                    1 / $0
                }
            }
            add(.switchedToGaussNewton, .gaussNewton, 0.1, epochs: 15, accuracy: 0.4) { 1 / $0 }
            add(.switchedToAdam, .adam, 1e-4, epochs: 15, accuracy: 0.44) { 0.1 / $0 }
            addAnalyses(to: &evidence, seed: seed)
        }
        return evidence
    }

    private static func addAnalyses(to evidence: inout Evidence, seed: Int) {
        let setups: [(Experiment, [(PaperSetup, cka: Double, kernel: Double, cosine: Double)])] = [
            (.cifar10Mini, of(sgd: 0.01, (0.995, 0.94, 0.1), (0.92, 0.88, 0.2), (0.99, 0.93, 0.8))),
            (.mnistMini, of(sgd: 0.01, (0.98, 0.9, 0.1), (0.87, 0.89, 0.2), (0.88, 0.89, 0.8))),
            (.mnistFull, of(gaussNewton: 0.5, sgd: 0.1, (0.99, 0.88, 0.1), (0.9, 0.97, 0.2), (0.99, 0.98, 0.8))),
        ]
        for (experiment, rows) in setups {
            for (setup, cka, kernel, cosine) in rows {
                for (epoch, block) in [(5, 0), (5, 1), (20, 0), (20, 1)] {
                    evidence.alignments.append(
                        Evidence.Alignment(
                            experiment: experiment, seed: seed, setup: setup, epoch: epoch, block: block, value: cka))
                }
                func similarity(_ value: Double) -> Evidence.Similarity {
                    Evidence.Similarity(experiment: experiment, seed: seed, setup: setup, value: value)
                }
                evidence.kernels.append(similarity(kernel))
                evidence.weights.append(similarity(cosine))
            }
        }
    }

    private typealias Numbers = (cka: Double, kernel: Double, cosine: Double)

    private static func of(
        gaussNewton: Double = 0.1, sgd: Double, _ first: Numbers, _ second: Numbers, _ third: Numbers
    ) -> [(PaperSetup, cka: Double, kernel: Double, cosine: Double)] {
        zip([(PaperSetup.Optimizer.gaussNewton, gaussNewton), (.adam, 1e-4), (.sgd, sgd)], [first, second, third]).map {
            (PaperSetup(optimizer: $0.0, rate: $0.1), $1.cka, $1.kernel, $1.cosine)
        }
    }
}
