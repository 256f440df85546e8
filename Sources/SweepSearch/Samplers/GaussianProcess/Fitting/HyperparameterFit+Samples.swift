import RandomStreams
import RealModule

extension HyperparameterFit {
    /// Draws hyperparameters by Hamiltonian Monte Carlo, from a posterior density of their logarithms.
    ///
    /// Position x, the logarithms, and momentum p follow the gradient of U for a few leapfrog steps of the length ε,
    /// with sⱼ the typical extent of xⱼ:
    ///
    ///     p ← p − ½ε·s·∇U(x)        x ← x + ε·s·p        p ← p − ½ε·s·∇U(x)
    ///
    /// Where they end is the next sample with the probability min(1, exp(H − H′)), H = U + ½|p|², and otherwise the
    /// last one is it again. At the bounds of ``maximumAPosteriori(from:iterations:)`` x is reflected and p turns.
    ///
    /// U is what `negativeLogPosterior` has, in which the priors are densities of ℓ and of σₙ². In a density of their
    /// logarithms each would be multiplied by ℓ or σₙ². Without that the samples have another prior than the maximum:
    /// log ℓⱼ has the mean √2 + ½ log d − 3, and σₙ² the shape 0.1, which is for shorter length scales and less noise.
    /// It was kept since it searches better: multiplied by ℓ and σₙ², or divided by them once more, regrets are 1.4 to
    /// 1.8 times as great after 20, 30 and 40 trials, and multiplied by one of the two 1.1 to 1.3 times (`plannerbench
    /// run --samplers auto --functions practice --moved --seeds 6 --first-seed 7000 --trials 40`, before and after).
    ///
    /// Source: Neal 2011, "MCMC Using Hamiltonian Dynamics", sections 5.3.2 and 5.5.1.
    ///
    /// Where there are enough trials to know the hyperparameters, the steps are too long, and the samples stay at the
    /// start. Shorter steps, found by trying, gained nothing.
    ///
    ///     let samples = fit.samples(16, from: fit.maximumAPosteriori().hyperparameters, using: &random)
    ///
    /// - Parameters:
    ///   - count: how many; neighbours depend on each other.
    ///   - start: where the chain begins; the first samples are left out.
    /// - Complexity: O(n³ + d·n²) for each of 8·(count + 4) steps.
    package func samples(
        _ count: Int, from start: Hyperparameters, using random: inout RandomStream
    ) -> [Hyperparameters] {
        var position = logarithms(start)
        let (lower, upper) = bounds
        var (energy, slopes) = negativeLogPosterior(position)
        // Beyond rounding errors, K can be factorized at the start.
        guard energy.isFinite else { return [] }
        let extents = position.indices.map { index in
            switch index - dimensionCount {
            case ..<0: Self.lengthExtent
            case 0: Self.signalExtent
            default: Self.noiseExtent
            }
        }
        var samples: [Hyperparameters] = []
        for draw in 0..<(Self.leftOut + count) {
            var momentum = position.map { _ in random.normal() }
            // Steps of different lengths, so that no trajectory leads back to its start again and again.
            let step = Self.step * (0.7 + 0.6 * random.uniform())
            var trajectory = (position: position, energy: energy, slopes: slopes)
            let before = energy + 0.5 * momentum.reduce(0) { $0 + $1 * $1 }
            for _ in 0..<Self.steps where trajectory.energy.isFinite {
                for index in extents.indices {
                    let length = step * extents[index]
                    momentum[index] -= 0.5 * length * trajectory.slopes[index]
                    let next = trajectory.position[index] + length * momentum[index]
                    let inside = min(max(next, lower[index]), upper[index])
                    if next != inside { momentum[index] = -momentum[index] }
                    // A step that is longer than the whole range ends at the other bound.
                    trajectory.position[index] = min(max(2 * inside - next, lower[index]), upper[index])
                }
                (trajectory.energy, trajectory.slopes) = negativeLogPosterior(trajectory.position)
                guard trajectory.energy.isFinite else { break }
                for index in extents.indices {
                    momentum[index] -= 0.5 * step * extents[index] * trajectory.slopes[index]
                }
            }
            let after = trajectory.energy + 0.5 * momentum.reduce(0) { $0 + $1 * $1 }
            if random.uniform() < Double.exp(before - after) { (position, energy, slopes) = trajectory }
            if draw >= Self.leftOut { samples.append(hyperparameters(position)) }
        }
        return samples
    }

    /// ε, on average.
    private static let step = 0.3
    /// How many steps lead to the next sample.
    private static let steps = 8
    /// How many samples at the beginning still depend on the start, and are left out.
    private static let leftOut = 4
    /// sⱼ of log ℓⱼ, of log σ_f² and of log σₙ².
    private static let lengthExtent = 1.0
    private static let signalExtent = 0.7
    private static let noiseExtent = 1.5
}
