import Foundation
import SweepEngine
import SweepExecution
import SweepModel
import SweepReport
import SweepStore

/// Keeps the file `best.yaml` in the sweep's folder up to date: the best configuration so far, ready for the trainer.
struct BestFile: Sendable {
    let sweep: OpenSweep

    /// Replaces the file by the trial that has the best value so far; where configurations are run with several seeds,
    /// by the best configuration.
    @Sendable func write(_ trial: TrialRecord) {
        write {
            if sweep.file.sweep.replicates != nil {
                return BestConfig(file: sweep.file, record: sweep.record, trials: try sweep.store.trials())
            }
            let confirmed = ConfirmedBest(inSweepAt: sweep.directory)
            let others = try confirmed?.order.filter { $0 != trial.number }.compactMap(sweep.store.trial) ?? []
            return BestConfig(file: sweep.file, record: sweep.record, trials: [trial] + others, confirmed: confirmed)
        }
    }

    /// Replaces the file by the trial that is the best one of all, when the run is over: that may not be the one with
    /// the best value.
    ///
    /// - Parameter trial: has the best value.
    /// - Returns: what is in the file, for the user, where that is another trial.
    func writeForGood(_ trial: TrialRecord) -> String? {
        guard let count = try? sweep.store.trialCount(), count <= ExpectedBest.mostTrials else {
            write(trial)
            return nil
        }
        let best = write {
            BestConfig(
                file: sweep.file, record: sweep.record, trials: try sweep.store.trials(),
                confirmed: ConfirmedBest(inSweepAt: sweep.directory), expecting: true)
        }
        guard let best, let first = best.trials.first, first.number != trial.number else { return nil }
        return "trial \(first.number)" + (best.remarks(on: first).first.map { ", \($0)" } ?? "")
    }

    /// An error must not end the sweep, since everything in the file is in the database too.
    @discardableResult
    private func write(_ best: () throws -> BestConfig) -> BestConfig? {
        do {
            let best = try best()
            guard let first = best.trials.first else { return nil }
            try TrialFiles.replace("best.yaml", inSweepAt: sweep.directory, with: best.yaml(of: first))
            return best
        } catch {
            Console.printError("warning: best.yaml could not be written: \(error)")
            return nil
        }
    }
}
