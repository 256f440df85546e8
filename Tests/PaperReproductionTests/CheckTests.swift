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
            evidence.runs[place].curves = evidence.runs[place].curves.mapValues { Array($0.prefix(10)) }
        }
        let check = evidence.checks.first { $0.statement.contains("before step 30") }
        #expect(check?.verdict == .missing("runs that it compares are too short, or have not reported it"))
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
