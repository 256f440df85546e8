extension Evidence {
    /// Figure 1: the full batch, where an epoch is one step.
    var fullBatchChecks: [Check] {
        let wide = Experiment.mnistFullWide
        let paper = Experiment.mnistFull
        let tuned = Experiment.mnistFullTuned
        return [
            race(setups(wide).isEmpty ? paper : wide, "At the paper's width and rates"),
            steps(
                .supports, "At tuned rates GN comes to a training loss of 0.1 in 20 steps; Adam takes 26 or more",
                Measured.steps(best(tuned, .gaussNewton), toLoss: 0.1),
                Measured.steps(best(tuned, .adam), toLoss: 0.1)),
            Check(
                .fullBatch, .supports, "SGD at the paper's rate does not come to a training loss of 0.1 in its run",
                of: [Measured.steps(runs(paper) { $0.optimizer == .sgd }, toLoss: 0.1)]
            ) { runs(paper) { $0.optimizer == .sgd }.allSatisfy { $0.first("train_loss", atMost: 0.1) == nil } },
            sublinear(paper, "at the paper's rate"), sublinear(tuned, "at the tuned rate"),
            overtaken, damped, dampedAccuracy,
        ]
    }

    /// The runs of an optimizer in an experiment that has one setup of it.
    func best(_ experiment: Experiment, _ optimizer: PaperSetup.Optimizer) -> [PaperRun] {
        let setups = setups(experiment).filter { $0.optimizer == optimizer }
        guard let first = setups.first else { return [] }
        return runs(experiment) { $0 == first }
    }

    private func steps(
        _ relation: Check.Relation, _ statement: String, _ gaussNewton: Measured, _ adam: Measured
    ) -> Check {
        Check(.fullBatch, relation, statement, of: [gaussNewton, adam]) {
            gaussNewton.all { $0 <= 20 } && adam.numbers.allSatisfy { ($0 ?? .infinity) >= 26 }
        }
    }

    private func race(_ experiment: Experiment, _ words: String) -> Check {
        let step = 30
        let losses = PaperSetup.Optimizer.allCases.map { optimizer in
            Measured(best(experiment, optimizer), "training loss before step \(step)") {
                $0.value("train_loss", at: step)
            }
        }
        let (gaussNewton, adam, sgd) = (losses[0], losses[1], losses[2])
        return Check(
            .fullBatch, .supports,
            "\(words) the loss of GN before step \(step) is a third of Adam's or less, "
                + "and a fifth of SGD's or less", of: losses
        ) {
            guard let highest = gaussNewton.present.max(), let lowAdam = adam.present.min(),
                let lowSGD = sgd.present.min()
            else { return false }
            return highest <= lowAdam / 3 && highest <= lowSGD / 5
        }
    }

    /// With the identity curvature a step is functional gradient descent, so that the loss falls like 1/(rate · step).
    private func sublinear(_ experiment: Experiment, _ words: String) -> Check {
        let product = Measured(best(experiment, .gaussNewton), "training loss · rate · step, at the end") { run in
            run.last("train_loss").map { $0 * run.setup.rate * Double(run.length) }
        }
        return Check(
            .fullBatch, .adds, "GN is sublinear \(words): loss · rate · step is between 0.6 and 1.1 at the end",
            of: [product]
        ) { product.all { 0.6...1.1 ~= $0 } }
    }

    /// From which step on Adam's loss is the lower one to the end.
    private var overtaken: Check {
        let gaussNewton = best(.mnistFullTuned, .gaussNewton)
        let adam = best(.mnistFullTuned, .adam)
        // Without the other run nothing says that it was never overtaken.
        let arePaired = gaussNewton.allSatisfy { run in adam.contains { $0.seed == run.seed } }
        let overtaking = Measured(
            arePaired ? gaussNewton : [], "step from which on Adam with the same seed has the lower loss",
            areSteps: true, besides: adam
        ) { run in
            guard let other = adam.first(where: { $0.seed == run.seed }) else { return nil }
            let length = min(run.length, other.length)
            var step: Int?
            for epoch in (1...max(1, length)).reversed() {
                guard let mine = run.value("train_loss", at: epoch), let its = other.value("train_loss", at: epoch),
                    its < mine
                else { break }
                step = epoch
            }
            return step.map(Double.init)
        }
        return Check(
            .fullBatch, .adds, "A well tuned Adam overtakes a well tuned GN after 50 to 100 steps", of: [overtaking]
        ) { overtaking.all { 50...100 ~= $0 } }
    }

    private var damped: Check {
        let losses = [best(.mnistFullDamped, .gaussNewton), best(.mnistFullTuned, .adam)].map { runs in
            Measured(runs, "training loss before step 60") { $0.value("train_loss", at: 60) }
        }
        return Check(
            .fullBatch, .adds, "With damped curvature GN is still ahead of the tuned Adam before step 60", of: losses
        ) { losses[0].isBelow(losses[1]) }
    }

    private var dampedAccuracy: Check {
        let setups = [
            best(.mnistFullDamped, .gaussNewton), best(.mnistFullTuned, .gaussNewton), best(.mnistFullTuned, .adam),
            best(.mnistFullTuned, .sgd),
        ]
        let accuracies = setups.map { runs in
            Measured(runs, "last accuracy on held-out images") { $0.last("val_accuracy") }
        }
        return Check(
            .fullBatch, .adds, "GN with damped curvature has the worst accuracy on held-out images", of: accuracies
        ) { accuracies.dropFirst().allSatisfy { accuracies[0].isBelow($0) } }
    }
}
