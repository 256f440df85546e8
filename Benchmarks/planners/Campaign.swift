import Foundation
import RandomStreams
import SweepSearch

/// One sweep of a function by a sampler, in this process.
struct Campaign: Sendable {
    let function: BenchFunction
    let sampler: any Sampler
    let seed: UInt64
    let trials: Int
    /// How many trials run at once. With more than one, their durations are drawn from 0.5 to 1.5.
    let workers: Int
    /// Whether the optimum lies elsewhere, by the seed.
    var isMoved = false

    struct Row: Sendable {
        let trial: Int
        let observed: Double
        let exact: Double
    }

    /// The trials in the order in which they ended.
    func run() -> [Row] {
        var running = [(number: Int, end: Double, assignment: Assignment)]()
        var observations = Observations()
        var rows = [Row]()
        var now = 0.0
        for number in 0..<trials + workers {
            if number >= workers || number >= trials {
                // The order of the ends decides; of equals the first.
                guard let first = running.indices.min(by: { running[$0].end < running[$1].end }) else { break }
                let ended = running.remove(at: first)
                now = ended.end
                var noise = RandomStream(seed: seed, stream: 3, UInt64(ended.number))
                let place = isMoved ? ended.assignment.moved(in: function.space, seed: seed) : ended.assignment
                let (observed, exact) = function.measure(place, using: &noise)
                rows.append(Row(trial: ended.number, observed: observed, exact: exact))
                let outcome = observed.isNaN ? Outcome.diverged : .value(observed)
                observations.insert(
                    Observation(number: ended.number, assignment: ended.assignment, outcome: outcome))
            }
            guard number < trials else { continue }
            var random = RandomStream(seed: seed, stream: 1, UInt64(number))
            let assignment = sampler.suggest(
                from: function.space, given: observations, pending: running.map(\.assignment), using: &random)
            var clock = RandomStream(seed: seed, stream: 4, UInt64(number))
            running.append((number, now + (workers == 1 ? 1 : 0.5 + clock.uniform()), assignment))
        }
        return rows
    }
}

/// The result of one campaign: the regret of the best trial so far, after each trial.
struct Curve: Sendable {
    let method: String
    let function: String
    let seed: Int
    let regrets: [Double]

    /// The value without noise of the trial with the best reported value, minus the optimum; after each trial.
    static func regrets(_ rows: [Campaign.Row], optimum: Double) -> [Double] {
        var best = Double.infinity
        var exact = Double.infinity
        return rows.map { row in
            if row.observed < best { (best, exact) = (row.observed, row.exact) }
            return exact - optimum
        }
    }
}
