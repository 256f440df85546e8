import ArgumentParser
import RandomStreams
import SweepSearch

/// One sweep of a function with several objectives by a sampler, in this process, one trial after the other.
struct VectorCampaign: Sendable {
    let method: String
    let function: VectorFunction
    let sampler: any Sampler
    let seed: Int
    let trials: Int

    /// - Parameter method: `auto`, `gp`, `tpe`, `nsga2`, `sobol` or `random`.
    init(_ method: String, _ function: VectorFunction, seed: Int, trials: Int) throws {
        self.method = method
        self.function = function
        self.seed = seed
        self.trials = trials
        sampler =
            switch method {
            case "auto": ObjectivesSampler(by: .process(maxTrials: 300), seed: UInt64(seed))
            case "gp": ObjectivesSampler(by: .process(maxTrials: 1000), seed: UInt64(seed))
            case "tpe": ObjectivesSampler(by: .tpe, seed: UInt64(seed))
            case "nsga2": NSGA2Sampler(seed: UInt64(seed))
            case "sobol": SobolSampler(seed: UInt64(seed))
            case "random": RandomSampler()
            default: throw ValidationError("there is no sampler '\(method)' for several objectives")
            }
    }

    /// What the trials have reached, in their order.
    func run() -> [ObjectiveVector] {
        var observations = Observations()
        var vectors = [ObjectiveVector]()
        for number in 0..<trials {
            var random = RandomStream(seed: UInt64(seed), stream: 1, UInt64(number))
            let assignment = sampler.suggest(
                from: function.space, given: observations, pending: [], using: &random)
            let vector = function.value(Values(assignment))
            vectors.append(vector)
            observations.insert(
                Observation(
                    number: number, assignment: assignment, outcome: .value(vector.values[0]), objectives: vector))
        }
        return vectors
    }
}
