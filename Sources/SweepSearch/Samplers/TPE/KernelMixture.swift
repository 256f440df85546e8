import RandomStreams
import RealModule

/// A kernel density estimate over a whole conditional space: the density of assignments like the given trials.
///
///     let mixture = KernelMixture(encoding, trials, weights: trials.map { _ in 1 }, bandwidth: 0.06)
///     let draw = mixture.sample(using: &random)
///     let logDensity = mixture.logDensity(at: encoding.candidate(draw))
///
/// It is a mixture of product kernels, as in the multivariate TPE (Watanabe 2023, arXiv:2304.11127):
///
///     f(x) = Σₖ wₖ Kₖ(x)        Kₖ(x) = Π over the parameters j active in x of κₖⱼ(xⱼ)
///
/// with one kernel Kₖ for every trial k, and one more that is the prior itself. All densities are relative to the
/// prior, which is therefore the constant 1. It cancels in the ratio of two mixtures, and no type needs a unit.
/// κₖⱼ is a normal distribution around trial k's value, in quantiles and truncated to 0…1, averaged over the cell of xⱼ
/// if the type is discrete; for a choice it puts most of the probability on trial k's value. Where parameter j is
/// inactive in trial k, κₖⱼ is the prior.
///
/// The normal kernels of one parameter share one bandwidth. It shrinks with the number n of trials in which the
/// parameter is active, the less the larger the number d of parameters is (Scott's rule, on quantiles):
///
///     σ = bandwidth · n^(−1/(d+4))
///
/// Rejected: the distance to the farther neighbour, as in hyperopt and Optuna. In several dimensions nearly all kernels
/// of a large bad set are then too narrow to overlap, the bad density is flat except for spikes, and the sampler stays
/// at the mode of the good one: in a space of 8 parameters 6 of 20 sweeps never left a branch that was much worse.
///
/// Parents decide what is active, so a draw assigns parents first. Given the parents every κ integrates to 1, hence so
/// does Kₖ over the whole space; drawing a trial k and then each parameter from κₖⱼ is drawing from f.
/// Rejected: one model for each set of active parameters, which learns nothing about one branch from another. And
/// leaving out a parameter that is inactive in trial k: f would then not integrate to 1, and prefer some branches.
package struct KernelMixture {
    /// The number of kernels: the trials in order, then the prior.
    package let count: Int
    private let encoding: SpaceEncoding
    private let weights: [Double]
    private let logWeights: [Double]
    private let columns: [KernelColumn]

    /// The mixture of kernels around the given trials.
    ///
    /// - Parameters:
    ///   - weights: one for each trial; the prior's is 1.
    ///   - bandwidth: σ for one trial.
    package init(_ encoding: SpaceEncoding, _ trials: [Assignment], weights: [Double], bandwidth: Double) {
        precondition(trials.count == weights.count, "\(weights.count) weights for \(trials.count) trials")
        self.encoding = encoding
        count = trials.count + 1
        let total = weights.reduce(1, +)
        self.weights = (weights + [1]).map { $0 / total }
        logWeights = self.weights.map { Double.log($0) }
        let table = encoding.table(of: trials)
        let varying = encoding.dimensions.count { if case .constant = $0 { false } else { true } }
        columns = encoding.dimensions.indices.map { dimension in
            let values = table[(dimension * trials.count)..<((dimension + 1) * trials.count)] + [.nan]
            return switch encoding.dimensions[dimension] {
            case .constant: .constant
            case .numeric:
                .numeric(
                    NormalKernels(
                        centres: Array(values), bandwidth: bandwidth * shrinkage(Array(values), varying),
                        areShared: encoding.space.parameters[dimension].distribution.isDiscrete))
            case .categorical(let prior): .categorical(ChoiceKernels(seen: Array(values), prior: prior))
            }
        }
    }

    /// Draws an assignment.
    package func sample(using random: inout RandomStream) -> Assignment {
        var target = random.uniform()
        let kernel = weights.firstIndex { weight in
            target -= weight
            return target < 0
        }
        return encoding.space.assignment { position in
            let distribution = encoding.space.parameters[position].distribution
            switch columns[position] {
            case .constant: return distribution.sample(using: &random)
            case .numeric(let kernels):
                guard let quantile = kernels.sample(kernel ?? count - 1, using: &random) else {
                    return distribution.sample(using: &random)
                }
                return distribution.value(atQuantile: quantile)
            case .categorical(let kernels):
                guard
                    let choice = kernels.sample(kernel ?? count - 1, using: &random),
                    case .choice(let values, _) = distribution
                else { return distribution.sample(using: &random) }
                return values[choice]
            }
        }
    }

    /// log f at a candidate, relative to the prior: above 0 where it is likelier than under the prior alone.
    ///
    /// - Complexity: O(kernels · parameters).
    package func logDensity(at candidate: EncodedCandidate) -> Double {
        var product = KernelProducts(logWeights)
        for (dimension, column) in columns.enumerated() where !candidate.coordinates[dimension].isNaN {
            switch column {
            case .constant: break
            case .numeric(let kernels): kernels.multiply(into: &product, over: candidate.cells[dimension])
            case .categorical(let kernels): kernels.multiply(into: &product, at: Int(candidate.coordinates[dimension]))
            }
        }
        return product.logSum()
    }
}

/// n^(−1/(d+4)): 1 for one trial, 0.56 for 100 trials and 4 parameters.
///
/// - Parameter centres: NaN for the trials in which the parameter is inactive, which do not count.
private func shrinkage(_ centres: [Double], _ dimensionCount: Int) -> Double {
    let trials = centres.count { !$0.isNaN }
    return Double.pow(Double(max(1, trials)), -1 / Double(dimensionCount + 4))
}

/// The kernels of all trials in one parameter.
private enum KernelColumn {
    case constant
    case numeric(NormalKernels)
    case categorical(ChoiceKernels)
}
