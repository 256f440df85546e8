import SweepModel
import SweepSearch

/// Complete trials with the cell of each value, so that their resamples are compared without looking at values again.
struct ComparedTrials: Sendable, Hashable {
    /// The parameters that any trial has, in the order of the space.
    let names: [String]
    /// How many trials there are.
    let count: Int
    private let parameters: [Compared]
    /// By trial, in the order of their losses: the smallest is the best.
    private let losses: [Double]
    private let bestFraction: Double

    /// One parameter: its cells, and the cell of each trial, or -1 where it has no value that the space knows.
    private struct Compared: Sendable, Hashable {
        /// Nil for a parameter that can have one value only.
        var cells: ParameterCells?
        var places: [Int]
    }

    init(
        _ trials: some Sequence<TrialRecord>, _ space: SearchSpace, _ metric: Metric, _ bestFraction: Double
    ) {
        var compared: [(loss: Double, number: Int, values: Assignment)] = []
        for trial in trials where trial.state == .complete {
            guard let value = trial.value, value.isFinite else { continue }
            compared.append((metric.minimized(value), trial.number, trial.parameters))
        }
        compared.sort { ($0.loss, $0.number) < ($1.loss, $1.number) }
        count = compared.count
        losses = compared.map(\.loss)
        self.bestFraction = bestFraction.isFinite ? min(1, max(0, bestFraction)) : 1
        var names: [String] = []
        var parameters: [Compared] = []
        for parameter in space.parameters {
            let values = compared.map { $0.values[parameter.name] }
            guard values.contains(where: { $0 != nil }) else { continue }
            let cells = ParameterCells(parameter.distribution, observed: values.lazy.compactMap(\.self))
            names.append(parameter.name)
            // A value that the space does not know, of a trial from before a change, is as none.
            parameters.append(
                Compared(cells: cells, places: values.map { value in value.flatMap { cells?.cell(of: $0) } ?? -1 }))
        }
        (self.names, self.parameters) = (names, parameters)
    }

    /// The share of each parameter, by the formula of `PedANOVA`, and how many of the trials are the best ones.
    ///
    /// - Parameter counts: how often each trial counts, in the order of the losses; together as often as there are
    ///   trials, of which there is one at least.
    func shares(counting counts: [Int]) -> (shares: [Double], best: Int) {
        let wanted = min(count, max(1, Int((bestFraction * Double(count)).rounded(.up))))
        // All that are as good as the last of the wanted ones are among the best. At least one is wanted, so that there
        // is a last one when it is compared.
        var (end, best) = (0, 0)
        while end < count, best < wanted || losses[end] == losses[end - 1] {
            best += counts[end]
            end += 1
        }
        let share = Double(best) / Double(count)
        let divergences = parameters.map { divergence($0, counts, bestEnd: end, best) * share * share }
        let sum = divergences.reduce(0, +)
        // Where nothing tells the best trials from the others, no parameter is more important than another.
        return (divergences.map { sum > 0 ? $0 / sum : 1 / Double(divergences.count) }, best)
    }

    /// How much the values of the best trials are distributed otherwise than those of all: `α² / β` times the sum over
    /// the cells.
    private func divergence(_ parameter: Compared, _ counts: [Int], bestEnd: Int, _ bestCount: Int) -> Double {
        guard let cells = parameter.cells else { return 0 }
        var all = cells.empty
        var best = cells.empty
        for (index, place) in parameter.places.enumerated() where place >= 0 {
            all[place] += counts[index]
            if index < bestEnd { best[place] += counts[index] }
        }
        let (active, activeBest) = (all.reduce(0, +), best.reduce(0, +))
        guard active >= 2, activeBest >= 1 else { return 0 }
        let densities = zip(cells.density(of: best), cells.density(of: all))
        let sum = densities.reduce(0.0) { sum, pair in
            let excess = pair.0 / pair.1 - 1
            return sum + pair.1 * excess * excess
        }
        let alpha = Double(activeBest) / Double(bestCount)
        let beta = Double(active) / Double(count)
        return alpha * alpha / beta * sum
    }
}
