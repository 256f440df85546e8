import LinearAlgebra
import RandomStreams
import RealModule

/// What more trials are expected to bring.
public struct Outlook: Sendable, Hashable {
    /// The improvement that a number of further trials is expected to bring.
    public struct Gain: Sendable, Hashable {
        public var trials: Int
        /// By how much they lower the metric below the best trial.
        public var improvement: Estimate
    }

    /// For several numbers of trials, ascending. They are taken to be planned together, so that none learns from
    /// another: a sampler that learns does somewhat better.
    public var gains: [Gain]
    /// What would be gained if the best of all points that were looked at were known.
    public var reachable: Estimate
}

extension SurrogateModel {
    /// After how many trials an improvement is computed.
    private static let horizons = [1, 2, 5, 10, 20, 50]
    /// How many points of the whole space, and how many around the best trials, are looked at.
    private static let far = 192
    private static let near = 160

    /// What more trials are expected to bring, from functions that are drawn from the model.
    ///
    /// Of many points, those that a sampler would try next are chosen one after the other, each by its expected
    /// improvement after the others are taken to have given their means. Let f be a function drawn from the model at
    /// all of them, and x⁺ the trial of the least predicted mean; then
    ///
    ///     improvement of n trials = max(0, f(x⁺) − min over the first n of f(x))
    ///     reachable = max(0, f(x⁺) − min over all points of f(x))
    ///
    /// The former is the expected improvement of several points (Ginsbourger, Le Riche and Carraro 2010). The latter is
    /// the expected simple regret of x⁺, by which Makarova et al. 2022, "Automatic Termination for Hyperparameter
    /// Optimization" (arXiv:2104.08166), and Ishibashi et al. 2023, "A Stopping Criterion for Bayesian Optimization by
    /// the Gap of Expected Minimum Simple Regrets", decide when to stop: they bound it, and here it is estimated at a
    /// finite number of points.
    ///
    /// Points at which a trial would rather have no value are left out: nothing is gained there, whatever the process
    /// expects.
    ///
    /// - Parameter observations: the trials that are not to be tried again.
    /// - Returns: nil if everything that was looked at has been tried.
    public func outlook(beside observations: Observations) -> Outlook? {
        let (candidates, incumbent) = candidates(beside: observations)
        if candidates.isEmpty { return nil }
        let points = [incumbent] + points(of: candidates)
        let (means, covariance) = fit.process.joint(at: points, inverse)
        let order = nextTrials(means, covariance, Self.horizons.last ?? 1)
        let draws = draws(at: points)
        let gains = Self.horizons.filter { $0 <= order.count }.map { count in
            Outlook.Gain(
                trials: count,
                improvement: Estimate(
                    of: draws.map { row in order.prefix(count).reduce(0) { max($0, row[0] - row[$1]) } }))
        }
        return Outlook(
            gains: gains,
            reachable: Estimate(of: draws.map { row in row.reduce(0) { max($0, row[0] - $1) } }))
    }

    /// Points that may be tried, and the coordinates of the trial with the least predicted mean.
    private func candidates(beside observations: Observations) -> ([Assignment], incumbent: [Double]) {
        let process = fit.process
        let trials = (0..<process.count).map { row in process.columns.map { $0[row] } }
        let means = process.posteriors(at: trials).map(\.mean)
        let best = means.indices.sorted { (means[$0], $0) < (means[$1], $1) }
        var latent = Array(Self.quantiles(of: space, Self.far))
        var random = RandomStream(seed: 0, stream: .explanation, 1)
        let parents = best.prefix(5).map { latentPoint(trials[$0]) }
        for index in 0..<(parents.isEmpty ? 0 : Self.near) {
            let parent = parents[index % parents.count]
            let width = [0.2, 0.05, 0.01, 0.002][index / parents.count % 4]
            latent.append(
                parent.map { quantile in
                    guard let quantile else { return random.uniform() }
                    let moved = abs(quantile + width * random.normal())
                    return moved > 1 ? max(0, 2 - moved) : moved
                })
        }
        var seen: Set<Assignment> = []
        let candidates = latent.map { assignment($0) }.filter { candidate in
            space.isFeasible(candidate) && !observations.contains(candidate) && seen.insert(candidate).inserted
        }
        guard let success else { return (candidates, trials[best[0]]) }
        let likely = zip(candidates, points(of: candidates)).filter { success.probability(at: $1) >= 0.5 }.map(\.0)
        return (likely, trials[best[0]])
    }

    /// The quantiles of a point, by position in the space; nil for a constant and a choice that is inactive, of which
    /// any value is as near. A choice has the middle of its share of the quantiles, an inactive number its middle.
    private func latentPoint(_ point: [Double]) -> [Double?] {
        var latent = [Double?](repeating: nil, count: space.parameters.count)
        for (index, position) in fit.landscape.positions.enumerated() {
            switch fit.landscape.dimensions[index] {
            case .numeric: latent[position] = point[index]
            case .categorical(let count):
                let parameter = space.parameters[position]
                guard point[index] >= 0, Int(point[index]) < count,
                    case .choice(let values, _) = parameter.distribution,
                    let cell = parameter.distribution.cell(of: values[Int(point[index])])
                else { continue }
                latent[position] = (cell.lowerBound + cell.upperBound) / 2
            }
        }
        return latent
    }

    /// Which points a sampler would try next, one after the other.
    ///
    /// A point that is taken is believed to have given its mean, which leaves all means and lowers the variances.
    private func nextTrials(_ means: [Double], _ covariance: Matrix<Double>, _ count: Int) -> [Int] {
        let size = means.count
        let noise = fit.process.hyperparameters.noiseVariance
        var rows = (0..<size).map { row in (0..<size).map { covariance[row, $0] } }
        let best = means[0]
        var chosen: [Int] = []
        var isFree = [Bool](repeating: true, count: size)
        isFree[0] = false
        while chosen.count < min(count, size - 1) {
            var top: (score: Double, index: Int)?
            for index in 1..<size where isFree[index] {
                let deviation = max(rows[index][index], 1e-12).squareRoot()
                let score =
                    Double.log(deviation) + ExpectedImprovement.logarithm((best - means[index]) / deviation).value
                if score > top?.score ?? -.infinity { top = (score, index) }
            }
            guard let index = top?.index else { break }
            chosen.append(index)
            isFree[index] = false
            let taken = rows[index]
            let pivot = max(taken[index], 0) + max(noise, 1e-10)
            for row in 1..<size {
                let share = taken[row] / pivot
                for column in 1..<size { rows[row][column] -= share * taken[column] }
            }
        }
        return chosen
    }
}
