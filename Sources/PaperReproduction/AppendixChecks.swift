extension Evidence {
    /// Figure 5 and the appendix.
    var appendixChecks: [Check] { [withoutProjection, deviations, decay, pseudoInverses, switches] }

    private func lastLosses(_ runs: [PaperRun]) -> Measured {
        Measured(runs, "last training loss") { $0.last("train_loss") }
    }

    private func lastAccuracies(_ runs: [PaperRun]) -> Measured {
        Measured(runs, "last accuracy on held-out images") { $0.last("val_accuracy") }
    }

    private func accuracies(_ groups: [[PaperRun]]) -> [Measured] {
        atCommonEpoch(groups, "val_accuracy", "accuracy on held-out images")
    }

    private func setupsOfGaussNewton(_ experiment: Experiment) -> [[PaperRun]] {
        setups(experiment).filter { $0.optimizer == .gaussNewton }.map { setup in runs(experiment) { $0 == setup } }
    }

    /// Nothing where an experiment has too few setups to be compared.
    private func atLeast(_ count: Int, _ measured: [Measured]) -> [Measured] {
        measured.count < count ? measured + [.nothing] : measured
    }

    private var withoutProjection: Check {
        let measured = PaperSetup.Optimizer.allCases.map { lastAccuracies(best(.noProjection, $0)) }
        return Check(
            .noProjection, .supports,
            "Without the inverted bottleneck, too, GN has the lowest accuracy on mini-batches",
            of: measured
        ) { measured[0].isBelow(measured[1]) && measured[0].isBelow(measured[2]) }
    }

    private var deviations: Check {
        let measured = atLeast(3, setupsOfGaussNewton(.initialDeviation).map(lastLosses))
        return Check(
            .initialDeviation, .supports, "The initial deviation changes GN's last training loss by less than a third",
            of: measured
        ) {
            let means = measured.map { $0.present.reduce(0, +) / Double(max(1, $0.present.count)) }
            guard let low = means.min(), let high = means.max() else { return false }
            return low > 0 && high / low < 4.0 / 3
        }
    }

    private var decay: Check {
        let all = setupsOfGaussNewton(.weightDecay)
        let measured = atLeast(3, accuracies(all + [best(.mnistMini, .adam)]))
        return Check(
            .weightDecay, .supports, "Weight decay does not bring GN to Adam's accuracy", of: measured
        ) { measured.dropLast().allSatisfy { $0.isBelow(measured[measured.count - 1]) } }
    }

    private var pseudoInverses: Check {
        let all = setupsOfGaussNewton(.pseudoInverse)
        let measured = atLeast(4, accuracies(all + [best(.mnistMini, .adam)]))
        return Check(
            .pseudoInverse, .supports, "No pseudo-inverse brings GN to Adam's accuracy", of: measured
        ) { measured.dropLast().allSatisfy { $0.isBelow(measured[measured.count - 1]) } }
    }

    /// Runs that began with the other optimizer's weights.
    private var switches: Check {
        let later = [
            lastLosses(best(.switchedToGaussNewton, .gaussNewton)), lastLosses(best(.switchedToAdam, .adam)),
        ]
        return Check(
            .switched, .supports, "GN from Adam's weights ends with a higher training loss than Adam from GN's",
            of: later
        ) { later[1].isBelow(later[0]) }
    }
}
