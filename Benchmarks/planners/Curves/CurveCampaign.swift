import ArgumentParser
import EarlyStopping
import RandomStreams
import SweepSearch

/// One sweep of trainings with known curves, which a pruner may stop.
struct CurveCampaign: Sendable {
    let method: String
    let function: CurveFunction
    let seed: Int
    /// How many epochs all trials may have together.
    let budget: Int
    /// How many trials run at once.
    let workers: Int
    private let sampler: any Sampler
    private let pruner: (any Pruner)?

    /// - Parameter method: a sampler and a pruner, such as `tpe+asha`.
    init(_ method: String, _ function: CurveFunction, seed: Int, budget: Int, workers: Int) throws {
        let parts = method.split(separator: "+").map(String.init)
        guard parts.count == 2 else { throw ValidationError("'\(method)' is not like 'tpe+asha'") }
        sampler = try namedSampler(parts[0], seed: UInt64(seed), trials: budget)
        let epochs = CurveFunction.epochs
        switch parts[1] {
        case "none": pruner = nil
        case "asha":
            pruner = AsynchronousHalvingPruner(Rungs(minSteps: 1, reductionFactor: 3, maxSteps: epochs))
        case "hyperband": pruner = HyperbandPruner(minSteps: 1, maxSteps: epochs, reductionFactor: 3)
        case "auto": pruner = PredictivePruner()
        case "median": pruner = PercentilePruner()
        default: throw ValidationError("there is no pruner '\(parts[1])'")
        }
        self.method = method
        self.function = function
        self.seed = seed
        self.budget = budget
        self.workers = workers
    }

    private struct Running {
        let number: Int
        let assignment: Assignment
        let curve: [Double]
        var epoch = 0
    }

    /// The least final value of a complete trial, after each epoch of any trial; infinity before the first.
    func run() -> [Double] {
        var (running, best, history): ([Running], Double, [Double]) = ([], .infinity, [])
        var observations = Observations()
        var curves: [LearningCurve] = []
        while history.count < budget {
            while running.count < workers {
                let number = curves.count
                curves.append(LearningCurve(trial: number))
                var random = RandomStream(seed: UInt64(seed), stream: 1, UInt64(number))
                let assignment = sampler.suggest(
                    from: function.space, given: observations.estimatingPruned(),
                    pending: running.map(\.assignment), using: &random)
                running.append(Running(number: number, assignment: assignment, curve: function.curve(assignment)))
            }
            // All epochs take the same time.
            for index in running.indices.reversed() {
                let epoch = running[index].epoch
                let trial = running[index]
                running[index].epoch += 1
                let outcome: Outcome?
                if epoch >= trial.curve.count {
                    curves[trial.number].outcome = .failed
                    outcome = .diverged
                } else {
                    let value = trial.curve[epoch]
                    curves[trial.number].append(.init(step: epoch + 1, value: value))
                    if epoch + 1 == CurveFunction.epochs {
                        curves[trial.number].outcome = .complete
                        best = min(best, value)
                        outcome = .value(value)
                    } else if case .prune? = pruner?.decide(curves[trial.number], among: curves[...]) {
                        outcome = .pruned(value)
                    } else {
                        outcome = nil
                    }
                }
                history.append(best)
                guard let outcome else { continue }
                running.remove(at: index)
                observations.insert(
                    Observation(
                        number: trial.number, assignment: trial.assignment, outcome: outcome,
                        progress: pruner?.progress(of: curves[trial.number]) ?? []))
            }
        }
        return Array(history.prefix(budget))
    }
}
