import PaperReproduction
import Testing

@Suite struct CheckTests {
    @Test func everyStatementHoldsWhereItsFormulaIsTrue() {
        let checks = SyntheticEvidence.all.checks
        #expect(checks.count == 29)
        for check in checks { #expect(check.verdict == .holds, "\(check.statement)\n\(check.rows)") }
    }

    @Test func nothingIsSaidWithoutRuns() {
        for check in Evidence().checks {
            guard case .missing = check.verdict else {
                Issue.record("\(check.statement): \(check.verdictText)")
                continue
            }
            #expect(check.meaning.isEmpty)
        }
    }

    /// With the optimizers' names exchanged, what was said of Gauss-Newton is true of Adam.
    @Test func statementsFailWhereTheyAreNotTrue() {
        func exchanged(_ setup: PaperSetup) -> PaperSetup {
            var setup = setup
            switch setup.optimizer {
            case .gaussNewton: setup.optimizer = .adam
            case .adam: setup.optimizer = .gaussNewton
            case .sgd: break
            }
            return setup
        }
        var evidence = SyntheticEvidence.all
        for place in evidence.runs.indices { evidence.runs[place].setup = exchanged(evidence.runs[place].setup) }
        for place in evidence.alignments.indices {
            evidence.alignments[place].setup = exchanged(evidence.alignments[place].setup)
        }
        for place in evidence.kernels.indices {
            evidence.kernels[place].setup = exchanged(evidence.kernels[place].setup)
        }
        let compared = evidence.checks.filter { check in
            check.verdict != .missing("runs that it compares are not there") && check.rows.count > 1
                // What is said of both optimizers together stays true.
                && check.figure != .weights
        }
        #expect(compared.count > 12)
        for check in compared { #expect(check.verdict == .fails, "\(check.statement)\n\(check.rows)") }
    }

    /// One seed that does not agree is enough.
    @Test func aStatementHoldsForEverySeedOrNot() throws {
        var evidence = SyntheticEvidence.all
        let place = try #require(
            evidence.runs.firstIndex { $0.experiment == .cifar10Mini && $0.setup.optimizer == .gaussNewton })
        evidence.runs[place].curves["val_accuracy"] = Array(repeating: 0.5, count: 20)
        let check = try #require(
            evidence.checks.first { $0.statement.hasPrefix("CIFAR-10: GN has the lowest accuracy at the") })
        #expect(check.verdict == .fails)
        #expect(check.meaning == "against the paper")
        #expect(check.rows[0].numbers.contains("0.5"))
    }

    @Test func aFailedStatementAgainstThePaperSpeaksForIt() {
        var evidence = SyntheticEvidence.all
        for place in evidence.kernels.indices where evidence.kernels[place].setup.optimizer == .gaussNewton {
            evidence.kernels[place].value = 1
        }
        let check = evidence.checks.first { $0.statement.hasPrefix("MNIST, full batch: the tangent kernel") }
        #expect(check?.verdict == .fails)
        #expect(check?.meaning == "as the paper says")
    }

    @Test func nothingIsSaidOfRunsThatAreTooShort() {
        var evidence = SyntheticEvidence.all
        for place in evidence.runs.indices {
            evidence.runs[place].stop(after: 10)
            evidence.runs[place].epochs = 10
        }
        let check = evidence.checks.first { $0.statement.contains("before step 30") }
        #expect(check?.verdict == .missing("runs that it compares are too short, or have not reported it"))
    }

    private let stopped = Check.Verdict.missing("runs that it compares ended before their last epoch")

    /// A single run of those that it compares is enough.
    @Test(arguments: SyntheticEvidence.all.runs.indices)
    func nothingIsSaidWhereARunWasStopped(place: Int) {
        let whole = SyntheticEvidence.all
        var evidence = whole
        evidence.runs[place].stop(after: 6)
        for (before, after) in zip(whole.checks, evidence.checks) where after.verdict != before.verdict {
            #expect(after.verdict == stopped, "\(after.statement)")
        }
        // Every run is compared somewhere.
        #expect(evidence.checks.contains { $0.verdict == stopped }, "\(evidence.runs[place].setup.name)")
    }

    /// What never comes to a loss is known of a run that diverged, and not of one that was stopped.
    @Test func aRunThatDivergedDecidesWhatItNeverCameTo() throws {
        var evidence = SyntheticEvidence.all
        for place in evidence.runs.indices
        where evidence.runs[place].experiment == .mnistFull && evidence.runs[place].setup.optimizer == .sgd {
            evidence.runs[place].stop(after: 10)
        }
        func verdict(_ beginning: String) throws -> Check.Verdict {
            try #require(evidence.checks.first { $0.statement.hasPrefix(beginning) }).verdict
        }
        #expect(try verdict("SGD at the paper's rate does not come") == stopped)
        for place in evidence.runs.indices { evidence.runs[place].hasDiverged = true }
        #expect(try verdict("SGD at the paper's rate does not come") == .holds)
        // Where its loss or accuracy would have ended is not known.
        for place in evidence.runs.indices where evidence.runs[place].setup.optimizer == .gaussNewton {
            evidence.runs[place].stop(after: 6)
        }
        #expect(try verdict("GN is sublinear at the paper's rate") == stopped)
        #expect(try verdict("MNIST: GN has the lowest accuracy at the paper's rates") == stopped)
        #expect(try verdict("A well tuned Adam overtakes") == stopped)
    }

    /// A run that was never overtaken is not the same as one with nothing to compare it with.
    @Test func nobodyIsOvertakenByRunsThatAreNotThere() {
        var evidence = SyntheticEvidence.all
        evidence.runs.removeAll {
            $0.experiment == .mnistFullTuned && $0.setup.optimizer == .adam && $0.seed == SyntheticEvidence.seeds[1]
        }
        let check = evidence.checks.first { $0.statement.hasPrefix("A well tuned Adam overtakes") }
        #expect(check?.verdict == .missing("runs that it compares are not there"))
        evidence.runs.removeAll { $0.experiment == .mnistFullTuned && $0.setup.optimizer == .adam }
        let alone = evidence.checks.first { $0.statement.hasPrefix("A well tuned Adam overtakes") }
        #expect(alone?.verdict == .missing("runs that it compares are not there"))
    }

    /// An analysis that lacks a run, or has only an earlier epoch of it, or no number.
    @Test(arguments: ["removed", "earlier", "empty"])
    func everySeedHasItsNumberOrNothingIsSaid(fault: String) throws {
        var evidence = SyntheticEvidence.all
        func isMeant(_ experiment: Experiment, _ setup: PaperSetup, _ seed: Int) -> Bool {
            experiment == .cifar10Mini && setup.optimizer == .gaussNewton && seed == SyntheticEvidence.seeds[2]
        }
        switch fault {
        case "removed":
            evidence.alignments.removeAll { isMeant($0.experiment, $0.setup, $0.seed) }
            evidence.kernels.removeAll { isMeant($0.experiment, $0.setup, $0.seed) }
            evidence.weights.removeAll { isMeant($0.experiment, $0.setup, $0.seed) }
        case "earlier":
            evidence.alignments.removeAll { isMeant($0.experiment, $0.setup, $0.seed) && $0.epoch == 20 }
        default:
            for (place, one) in evidence.alignments.enumerated() where isMeant(one.experiment, one.setup, one.seed) {
                evidence.alignments[place].value = nil
            }
            for (place, one) in evidence.kernels.enumerated() where isMeant(one.experiment, one.setup, one.seed) {
                evidence.kernels[place].value = nil
            }
            for (place, one) in evidence.weights.enumerated() where isMeant(one.experiment, one.setup, one.seed) {
                evidence.weights[place].value = nil
            }
        }
        let concerned =
            ["CIFAR-10: the last block", "CIFAR-10: in every block"]
            + (fault == "earlier" ? [] : ["CIFAR-10, mini-batches: the tangent kernel", "CIFAR-10: the weights'"])
        for beginning in concerned {
            let check = try #require(evidence.checks.first { $0.statement.hasPrefix(beginning) })
            #expect(check.verdict == .missing("runs that it compares are too short, or have not reported it"))
            #expect(check.rows[0].numbers.last == "–", "\(beginning)")
        }
        #expect(evidence.checks.count { $0.verdict == .holds } == 29 - concerned.count)
    }

    @Test func aLossThatDivergedIsNeverReached() {
        let run = PaperRun(
            experiment: .mnistFull, seed: 0, setup: PaperSetup(optimizer: .sgd, rate: 1),
            curves: ["train_loss": [2.3, .infinity, .nan]])
        #expect(run.first("train_loss", atMost: 0.1) == nil)
        #expect(run.last("train_loss") == .infinity)
        #expect(run.value("train_loss", at: 3) == nil)
        #expect(run.value("train_loss", at: 0) == nil)
        #expect(run.value("train_loss", at: 4) == nil)
    }
}

extension PaperRun {
    /// Takes away what was reported after an epoch.
    fileprivate mutating func stop(after epoch: Int) { curves = curves.mapValues { Array($0.prefix(epoch)) } }
}
