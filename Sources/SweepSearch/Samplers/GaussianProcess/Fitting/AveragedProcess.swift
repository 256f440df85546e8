import RandomStreams

/// The average of Gaussian processes whose hyperparameters are drawn from what the trials say of these.
///
/// After few trials many length scales explain them about equally well. The most likely ones are then often wrong, and
/// a search that trusts them keeps away from regions it knows nothing of. With μᵢ and σᵢ of the processes at a point,
/// and πᵢ their shares, the function has there
///
///     μ = Σ πᵢ·μᵢ        σ² = Σ πᵢ·(σᵢ² + (μᵢ − μ)²)
///
/// so that what they disagree on is uncertain. The search takes it to be normal with these moments. Rejected: the
/// average of the expected improvements (Snoek, Larochelle and Adams 2012, "Practical Bayesian Optimization of Machine
/// Learning Algorithms", section 3.2), which gained less in the first thirty trials: see
/// `Benchmarks/planners/introduction.md`.
///
///     let process: any Posterior = AveragedProcess(around: process, values, using: &random) ?? process
package struct AveragedProcess: Posterior {
    private let processes: [GaussianProcess]
    /// πᵢ.
    private let shares: [Double]

    package let weights: [Double]
    package let noiseVariance: Double

    /// With more trials, pending ones included, the hyperparameters are certain enough, and drawing them would take too
    /// long.
    static let maxTrials = 40
    /// How many hyperparameters are drawn beside the most likely ones.
    private static let drawn = 16

    /// - Parameters:
    ///   - processes: at least one, all of the same trials and of as many beliefs.
    ///   - counts: how often each was drawn; at least once.
    package init(of processes: [GaussianProcess], counts: [Int]) {
        self.processes = processes
        let total = counts.reduce(0, +)
        shares = counts.map { Double($0) / Double(total) }
        weights = processes[0].weights.indices.map { [shares] dimension in
            zip(shares, processes).reduce(0) { $0 + $1.0 * $1.1.weights[dimension] }
        }
        noiseVariance = zip(shares, processes).reduce(0) { $0 + $1.0 * $1.1.noiseVariance }
    }

    /// The average of the process with the most likely hyperparameters and of others.
    ///
    /// - Parameters:
    ///   - likeliest: the former, conditioned on the trials that have ended and then on beliefs for those pending.
    ///   - values: of the trials that have ended.
    /// - Returns: nil if there are more than ``maxTrials``.
    init?(around likeliest: GaussianProcess, _ values: ModelledValues, using random: inout RandomStream) {
        guard likeliest.count <= Self.maxTrials else { return nil }
        let count = values.standardized.count
        let ended = likeliest.columns.map { Array($0.prefix(count)) }
        let pending = likeliest.points.dropFirst(count)
        let fit = HyperparameterFit(
            likeliest.dimensions, columns: ended, values: values.standardized, errors: values.errors,
            kernel: likeliest.hyperparameters.kernel)
        var (processes, counts) = ([likeliest], [1])
        var last = likeliest.hyperparameters
        for hyperparameters in fit.samples(Self.drawn, from: last, using: &random) {
            // The last one again where a step was rejected.
            if hyperparameters == last {
                counts[counts.count - 1] += 1
                continue
            }
            guard
                var process = GaussianProcess.stable(
                    likeliest.dimensions, columns: ended, values: values.standardized, errors: values.errors,
                    hyperparameters)
            else { continue }
            for point in pending { process.addBelief(at: point) }
            processes.append(process)
            counts.append(1)
            last = hyperparameters
        }
        self.init(of: processes, counts: counts)
    }

    package var points: [[Double]] { processes[0].points }

    package func posterior(at point: [Double]) -> (mean: Double, deviation: Double) {
        moments(processes.map { $0.posterior(at: point) })
    }

    package func posteriors(at points: [[Double]]) -> [(mean: Double, deviation: Double)] {
        let all = processes.map { $0.posteriors(at: points) }
        return points.indices.map { index in moments(all.map { $0[index] }) }
    }

    package func slopes(
        at point: [Double], along moving: [Int]
    ) -> (mean: Double, deviation: Double, meanSlopes: [Double], deviationSlopes: [Double]) {
        let all = processes.map { $0.slopes(at: point, along: moving) }
        let (mean, deviation) = moments(all.map { ($0.mean, $0.deviation) })
        let meanSlopes = moving.indices.map { index in average(all.map { $0.meanSlopes[index] }) }
        // ½ dσ²/dx = Σ πᵢ·(σᵢ·dσᵢ/dx + (μᵢ − μ)(dμᵢ/dx − dμ/dx))
        let deviationSlopes = moving.indices.map { index in
            average(
                all.map { part in
                    part.deviation * part.deviationSlopes[index]
                        + (part.mean - mean) * (part.meanSlopes[index] - meanSlopes[index])
                }) / deviation
        }
        return (mean, deviation, meanSlopes, deviationSlopes)
    }

    /// The mean and the standard deviation of what is one of the processes, each with the chance of its share.
    private func moments(_ parts: [(mean: Double, deviation: Double)]) -> (mean: Double, deviation: Double) {
        let mean = average(parts.map(\.mean))
        let variance = average(parts.map { $0.deviation * $0.deviation + ($0.mean - mean) * ($0.mean - mean) })
        return (mean, variance.squareRoot())
    }

    /// - Parameter values: one of each process.
    private func average(_ values: [Double]) -> Double { zip(shares, values).reduce(0) { $0 + $1.0 * $1.1 } }
}
