import Foundation

extension Evidence {
    /// Figures 2 and 3: mini-batches of 128, an eighth of the hidden width as in the paper.
    var miniBatchChecks: [Check] {
        [Experiment.mnistMini, .cifar10Mini].flatMap { experiment in
            [accuracy(experiment), ownBatch(experiment), wholeEpoch(experiment)]
        } + [saturation, saturationByRate, worstAtEveryRate(.mnistMini), worstAtEveryRate(.cifar10Mini)]
    }

    private func data(_ experiment: Experiment) -> String {
        experiment.rawValue.hasPrefix("mnist") ? "MNIST" : "CIFAR-10"
    }

    /// One measurement for each optimizer, at the paper's rates: GN, Adam, SGD.
    private func ofEach(
        _ experiment: Experiment, _ quantity: String, _ number: (PaperRun) -> Double?
    ) -> [Measured] {
        PaperSetup.Optimizer.allCases.map { Measured(best(experiment, $0), quantity, number) }
    }

    private func accuracy(_ experiment: Experiment) -> Check {
        let measured = ofEach(experiment, "last accuracy on held-out images") { $0.last("val_accuracy") }
        return Check(
            .miniBatch, .supports, "\(data(experiment)): GN has the lowest accuracy at the paper's rates", of: measured
        ) { measured[0].isBelow(measured[1]) && measured[0].isBelow(measured[2]) }
    }

    /// The last quarter of a run, in which losses are no longer falling by leaps.
    private func tail(_ run: PaperRun) -> Int { max(1, run.length / 4) }

    private func ownBatch(_ experiment: Experiment) -> Check {
        let measured = ofEach(experiment, "change of a step's own batch, last quarter, %") {
            $0.mean("percentage_loss_change", ofLast: tail($0))
        }
        return Check(
            .lossChange, .supports, "\(data(experiment)): late in training a step of GN takes most off its own batch",
            of: measured
        ) { measured[0].isBelow(measured[1]) && measured[0].isBelow(measured[2]) }
    }

    private func wholeEpoch(_ experiment: Experiment) -> Check {
        let measured = ofEach(experiment, "change of the epoch's training loss, last quarter, % an epoch") { run in
            let count = tail(run)
            guard let end = run.last("train_loss"), let start = run.value("train_loss", at: run.length - count)
            else { return nil }
            return start > 0 && end > 0 ? 100 * (pow(end / start, 1 / Double(count)) - 1) : nil
        }
        return Check(
            .lossChange, .supports, "\(data(experiment)): late in training an epoch of GN takes least off the loss",
            of: measured
        ) { measured[1].isBelow(measured[0]) && measured[2].isBelow(measured[0]) }
    }

    private var saturation: Check {
        let measured = [PaperSetup.Optimizer.gaussNewton, .adam].map { optimizer in
            Measured(best(.cifar10Mini, optimizer), "last training loss") { $0.last("train_loss") }
        }
        return Check(
            .miniBatch, .supports,
            "CIFAR-10: at the paper's rates Adam ends with a fifth of GN's training loss or less",
            of: measured
        ) {
            guard let lowest = measured[0].present.min(), let highest = measured[1].present.max() else { return false }
            return highest <= lowest / 5
        }
    }

    /// The rates of GN in an experiment, ascending.
    private func rates(_ experiment: Experiment) -> [[PaperRun]] {
        setups(experiment).filter { $0.optimizer == .gaussNewton }.sorted { $0.rate < $1.rate }
            .map { setup in runs(experiment) { $0 == setup } }
    }

    private var saturationByRate: Check {
        let published = best(.cifar10Mini, .gaussNewton)
        let rate = published.first?.setup.rate ?? 0
        let higher = rates(.learningRate).last { ($0.first?.setup.rate ?? 0) > rate } ?? []
        let measured = atCommonEpoch([published, higher], "train_loss", "training loss")
        return Check(
            .miniBatch, .contradicts,
            "CIFAR-10: whether GN stops learning depends on its rate: at a higher one than the paper's it ends with a "
                + "third of the loss or less", of: measured
        ) {
            guard let high = measured[1].present.max(), let low = measured[0].present.min() else { return false }
            return high <= low / 3
        }
    }

    /// A metric of several groups of runs at the last epoch that all of them have: longer training is no better
    /// setup.
    func atCommonEpoch(_ groups: [[PaperRun]], _ metric: String, _ name: String) -> [Measured] {
        let epoch = groups.flatMap { $0.map(\.length) }.min() ?? 0
        return groups.map { runs in Measured(runs, "\(name) at epoch \(epoch)") { $0.value(metric, at: epoch) } }
    }

    private func worstAtEveryRate(_ experiment: Experiment) -> Check {
        let gaussNewton =
            rates(experiment) + (experiment == .cifar10Mini ? rates(.learningRate) : [])
            + rates(experiment == .mnistMini ? .mnistMiniTuned : .cifar10MiniTuned)
        let peers = [PaperSetup.Optimizer.adam, .sgd].map { best(experiment, $0) }
        func accuracy(_ runs: [PaperRun], at epoch: Int) -> Measured {
            Measured(runs, "accuracy on held-out images at epoch \(epoch)") { $0.value("val_accuracy", at: epoch) }
        }
        // Tuned runs may be shorter than those at the paper's rates: what is compared has trained for as long.
        let groups = gaussNewton.isEmpty ? [[]] : gaussNewton
        let byLength = Dictionary(grouping: groups) { runs in runs.map(\.length).min() ?? 0 }
        let compared = byLength.sorted { $0.key < $1.key }.map { epoch, groups in
            (mine: groups.map { accuracy($0, at: epoch) }, peers: peers.map { accuracy($0, at: epoch) })
        }
        return Check(
            .miniBatch, .supports, "\(data(experiment)): GN has the lowest accuracy at every one of its rates",
            of: compared.flatMap { $0.mine + $0.peers }
        ) {
            compared.allSatisfy { mine, peers in mine.allSatisfy { one in peers.allSatisfy(one.isBelow) } }
        }
    }
}
