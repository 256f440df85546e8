import RealModule

/// The expected improvement of the hypervolume: how much more the trials are expected to dominate after one at this
/// point, times how likely it satisfies all bounds and has a value at all.
///
///     log EHVI + Σ log P(gⱼ ≤ bⱼ) + k·log p
///
/// With the processes of the objectives independent, and disjoint boxes (l, u) that make up what no trial dominates:
///
///     EHVI = Σ_boxes Πₘ (Gₘ(uₘ) − Gₘ(lₘ))        Gₘ(t) = E max(0, t − yₘ) = σ·h((t − μ)/σ)
///
/// since a value y takes max(0, u − y) − max(0, l − y) of an interval (Emmerich et al. 2006, "Single- and
/// Multiobjective Evolutionary Optimization Assisted by Gaussian Random Field Metamodels"; the boxes are those of
/// ``Hypervolume/boxes(of:below:)``). With one objective it is the expected improvement. The bounds weigh it by their
/// probability (Gardner et al. 2014, "Bayesian Optimization with Inequality Constraints", eq. 5).
///
///     let score = HypervolumeScore(processes, front: [[0.1, 0.9]], below: [1, 1], bounds: [])
///     score.score(at: [0.5, 0.2])
package struct HypervolumeScore: AcquisitionScore {
    /// A process of a bounded metric, and the bound as it is modelled.
    package struct Bound {
        var process: GaussianProcess
        var limit: Double

        package init(process: GaussianProcess, limit: Double) {
            self.process = process
            self.limit = limit
        }
    }

    private let processes: [GaussianProcess]
    private let bounds: [Bound]
    /// Nil where every trial has a value.
    private let success: SuccessModel?
    /// The different ends of the boxes, by objective, ascending.
    private let ends: [[Double]]
    /// For each box and objective where its ends are among these; -1 for −∞. One box after the other.
    private let boxes: [(lower: Int, upper: Int)]

    package let weights: [Double]

    /// - Parameters:
    ///   - processes: one for each objective.
    ///   - front: what is to be improved on, as it is modelled; vectors beyond the reference do not count.
    ///   - reference: nothing is gained beyond it.
    ///   - bounds: the processes of bounded metrics with their limits.
    package init(
        _ processes: [GaussianProcess], front: [[Double]], below reference: [Double], bounds: [Bound],
        _ success: SuccessModel? = nil
    ) {
        self.processes = processes
        self.bounds = bounds
        self.success = success
        let boxes = Hypervolume.boxes(of: front, below: reference)
        let ends = processes.indices.map { objective in
            Set(boxes.flatMap { [$0.lower[objective], $0.upper[objective]] }).filter(\.isFinite).sorted()
        }
        self.boxes = boxes.flatMap { box in
            processes.indices.map { objective in
                (
                    lower: ends[objective].firstIndex(of: box.lower[objective]) ?? -1,
                    upper: ends[objective].firstIndex(of: box.upper[objective]) ?? -1
                )
            }
        }
        self.ends = ends
        // Two points must promise the same in all objectives to be one.
        weights = (processes.first?.hyperparameters.weights.indices ?? 0..<0).map { dimension in
            processes.map { $0.hyperparameters.weights[dimension] }.max() ?? 0
        }
    }

    package func score(at point: [Double]) -> Double {
        improvement(processes.map { $0.posterior(at: point) }).value
            + bounds.reduce(0) { $0 + chance($1, $1.process.posterior(at: point)).value }
            + (success?.score(at: point) ?? 0)
    }

    package func scores(at points: [[Double]]) -> [Double] {
        let posteriors = processes.map { $0.posteriors(at: points) }
        let bounded = bounds.map { $0.process.posteriors(at: points) }
        let successes = success?.scores(at: points)
        return points.indices.map { index in
            improvement(posteriors.map { $0[index] }).value
                + bounds.indices.reduce(0) { $0 + chance(bounds[$1], bounded[$1][index]).value }
                + (successes?[index] ?? 0)
        }
    }

    package func slopes(at point: [Double], along moving: [Int]) -> (value: Double, slopes: [Double]) {
        let slopes = processes.map { $0.slopes(at: point, along: moving) }
        let improvement = improvement(slopes.map { ($0.mean, $0.deviation) })
        var value = improvement.value
        var gradient = moving.indices.map { index in
            slopes.indices.reduce(0) { sum, objective in
                sum + improvement.byMean[objective] * slopes[objective].meanSlopes[index]
                    + improvement.byDeviation[objective] * slopes[objective].deviationSlopes[index]
            }
        }
        for bound in bounds {
            let slopes = bound.process.slopes(at: point, along: moving)
            let chance = chance(bound, (slopes.mean, slopes.deviation))
            value += chance.value
            for index in moving.indices {
                gradient[index] +=
                    chance.byMean * slopes.meanSlopes[index] + chance.byDeviation * slopes.deviationSlopes[index]
            }
        }
        if let success = success?.slopes(at: point, along: moving) {
            value += success.value
            for index in moving.indices { gradient[index] += success.slopes[index] }
        }
        return (value, gradient)
    }

    /// log EHVI, and its derivatives with respect to the means and deviations of the objectives.
    private func improvement(
        _ posteriors: [(mean: Double, deviation: Double)]
    ) -> (value: Double, byMean: [Double], byDeviation: [Double]) {
        // By objective and end; the last one of each list is that of −∞, where G is 0.
        let gains = zip(posteriors, ends).map { posterior, ends in
            ends.map { Gain(of: $0, posterior.mean, posterior.deviation) } + [Gain.none]
        }
        let goals = posteriors.count
        // As shares of the greatest G of each objective, so that products of several do not become 0 too soon.
        let scales = gains.map { $0.map(\.logarithm).max() ?? 0 }
        let shares = zip(gains, scales).map { gains, scale in gains.map { Double.exp($0.logarithm - scale) } }
        var sum = 0.0
        var byMean = [Double](repeating: 0, count: goals)
        var byDeviation = byMean
        var sides = byMean
        for start in stride(from: 0, to: boxes.count, by: goals) {
            var product = 1.0
            for goal in 0..<goals {
                let (low, high) = place(boxes[start + goal], of: goal)
                sides[goal] = max(0, shares[goal][high] - shares[goal][low])
                product *= sides[goal]
            }
            sum += product
            for goal in 0..<goals where product > 0 {
                let (low, high) = place(boxes[start + goal], of: goal)
                let others = product / sides[goal]
                byMean[goal] +=
                    others
                    * (shares[goal][high] * gains[goal][high].byMean - shares[goal][low] * gains[goal][low].byMean)
                byDeviation[goal] +=
                    others
                    * (shares[goal][high] * gains[goal][high].byDeviation
                        - shares[goal][low] * gains[goal][low].byDeviation)
            }
        }
        guard sum > 1e-280 else { return tinyImprovement(gains) }
        return (
            Double.log(sum) + scales.reduce(0, +), byMean.map { $0 / sum }, byDeviation.map { $0 / sum }
        )
    }

    /// The places of an interval's ends among those of an objective.
    private func place(_ box: (lower: Int, upper: Int), of goal: Int) -> (low: Int, high: Int) {
        let none = ends[goal].count
        return (box.lower < 0 ? none : box.lower, box.upper < 0 ? none : box.upper)
    }

    /// The same where the improvement is 0 as a Double: a sum of logarithms of products, added up from the greatest
    /// on, which can still be climbed.
    private func tinyImprovement(_ gains: [[Gain]]) -> (value: Double, byMean: [Double], byDeviation: [Double]) {
        let goals = gains.count
        let terms = stride(from: 0, to: boxes.count, by: goals).map { start in
            (0..<goals).reduce(0.0) { sum, goal in
                let (low, high) = place(boxes[start + goal], of: goal)
                return sum + gains[goal].difference(low, high)
            }
        }
        var byMean = [Double](repeating: 0, count: goals)
        var byDeviation = byMean
        guard let greatest = terms.max(), greatest > -.infinity else { return (-.infinity, byMean, byDeviation) }
        var sum = 0.0
        for (box, term) in terms.enumerated() where term > greatest - 40 {
            let share = Double.exp(term - greatest)
            sum += share
            for goal in 0..<goals {
                let (low, high) = place(boxes[box * goals + goal], of: goal)
                let slopes = gains[goal].slopes(low, high)
                byMean[goal] += share * slopes.byMean
                byDeviation[goal] += share * slopes.byDeviation
            }
        }
        return (greatest + Double.log(sum), byMean.map { $0 / sum }, byDeviation.map { $0 / sum })
    }

    /// log P(g ≤ b) of a bound, and its derivatives with respect to the mean and the deviation.
    private func chance(
        _ bound: Bound, _ posterior: (mean: Double, deviation: Double)
    ) -> (value: Double, byMean: Double, byDeviation: Double) {
        let u = (bound.limit - posterior.mean) / posterior.deviation
        let (value, hazard) = NormalProbability.logarithm(u)
        return (value, -hazard / posterior.deviation, -hazard * u / posterior.deviation)
    }
}

/// log G(t), and the derivatives of that with respect to mean and deviation.
private struct Gain {
    var logarithm: Double
    var byMean: Double
    var byDeviation: Double

    /// G(−∞) = 0.
    static let none = Gain(logarithm: -.infinity, byMean: 0, byDeviation: 0)

    private init(logarithm: Double, byMean: Double, byDeviation: Double) {
        (self.logarithm, self.byMean, self.byDeviation) = (logarithm, byMean, byDeviation)
    }

    /// log G = log σ + log h(z), with z = (t − μ)/σ
    init(of end: Double, _ mean: Double, _ deviation: Double) {
        let z = (end - mean) / deviation
        let (value, slope) = ExpectedImprovement.logarithm(z)
        logarithm = Double.log(deviation) + value
        byMean = -slope / deviation
        byDeviation = (1 - z * slope) / deviation
    }
}

extension [Gain] {
    /// G(l)/G(u), less than 1.
    private func ratio(_ lower: Int, _ upper: Int) -> Double {
        Swift.min(Double.exp(self[lower].logarithm - self[upper].logarithm), 1 - 0x1p-50)
    }

    /// log (G(u) − G(l))
    fileprivate func difference(_ lower: Int, _ upper: Int) -> Double {
        self[upper].logarithm + Double.log(onePlus: -ratio(lower, upper))
    }

    /// The derivatives of log (G(u) − G(l)).
    fileprivate func slopes(_ lower: Int, _ upper: Int) -> (byMean: Double, byDeviation: Double) {
        let (low, high, ratio) = (self[lower], self[upper], ratio(lower, upper))
        return (
            (high.byMean - ratio * low.byMean) / (1 - ratio),
            (high.byDeviation - ratio * low.byDeviation) / (1 - ratio)
        )
    }
}
