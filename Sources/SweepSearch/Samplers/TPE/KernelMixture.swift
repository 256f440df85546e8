import RandomStreams
import RealModule

/// A density over a whole conditional space, learnt from trials: the mixture
///
///     f(x) = Σₖ wₖ Kₖ(x)        Kₖ(x) = Π over the parameters j active in x of κₖⱼ(xⱼ)
///
/// with one product kernel Kₖ for every trial k and one more that is the prior itself. All densities are relative to
/// the prior, which is therefore the constant 1; that cancels in the ratio of two mixtures, and types need no units.
/// κₖⱼ is a normal around trial k's value, in quantiles and truncated to them, averaged over the cell of xⱼ if the type
/// is discrete; or, on a choice, most of the mass on the value seen. Where trial k has no parameter j, κₖⱼ is the prior.
///
/// The normals of one axis share one bandwidth, which shrinks with the number n of trials that have the axis and hardly
/// where the number d of axes is large (Scott's rule, on quantiles):
///
///     σ = bandwidth · n^(−1/(d+4))
///
/// Rejected: the larger gap to the neighbours, as hyperopt and Optuna have it. In several dimensions nearly all of a
/// large bad set's kernels are then too narrow to overlap, the bad density is flat but for spikes, and the sampler
/// settles at the mode of the good one: in a space of 8 parameters 6 of 20 sweeps never left a branch that was much worse.
///
/// Parents decide what is active, so x is drawn from the root down; on that way every κ integrates to 1 whatever came
/// before, hence so does Kₖ over the whole space, and drawing a trial k and then each parameter from κₖⱼ draws from f.
/// Rejected: a model per set of active parameters, which learns nothing about one branch from another; and leaving out
/// a parameter that trial k lacks, which makes f integrate to something else than 1 and skews the choice of the branch.
package struct KernelMixture {
    /// The number of kernels: the trials in order, then the prior.
    package let count: Int
    private let encoding: SpaceEncoding
    private let weights: [Double]
    private let logWeights: [Double]
    private let columns: [KernelColumn]

    /// A mixture around the given trials.
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
        let dimensions = encoding.axes.count { if case .constant = $0 { false } else { true } }
        columns = encoding.axes.indices.map { axis in
            let values = table[(axis * trials.count)..<((axis + 1) * trials.count)] + [.nan]
            return switch encoding.axes[axis] {
            case .constant: .constant
            case .numeric:
                .numeric(
                    NormalKernels(
                        centres: Array(values), bandwidth: bandwidth * shrinkage(Array(values), dimensions),
                        areShared: encoding.space.parameters[axis].distribution.isDiscrete))
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

    /// log f at a candidate.
    package func logDensity(at candidate: EncodedCandidate) -> Double {
        var product = KernelProducts(logWeights)
        for (axis, column) in columns.enumerated() where !candidate.coordinates[axis].isNaN {
            switch column {
            case .constant: break
            case .numeric(let kernels): kernels.multiply(into: &product, over: candidate.cells[axis])
            case .categorical(let kernels): kernels.multiply(into: &product, at: Int(candidate.coordinates[axis]))
            }
        }
        return product.logSum()
    }
}

private func shrinkage(_ centres: [Double], _ dimensions: Int) -> Double {
    let trials = centres.count { !$0.isNaN }
    return Double.pow(Double(max(1, trials)), -1 / Double(dimensions + 4))
}

private enum KernelColumn {
    case constant
    case numeric(NormalKernels)
    case categorical(ChoiceKernels)
}

/// The values of all kernels at one point, as they are multiplied together: exp(exponent)·factor for each.
package struct KernelProducts {
    package var exponents: [Double]
    package var factors: [Double]
    private var factorsInside = 0

    package init(_ logarithms: [Double]) {
        exponents = logarithms
        factors = [Double](repeating: 1, count: logarithms.count)
    }

    /// To be called after every factor. One lies between 1e-15 and 1e3, so that 16 of them neither vanish nor overflow;
    /// then they move into the exponents, which saves 15 of 16 logarithms.
    mutating func factorWasMultiplied() {
        factorsInside += 1
        guard factorsInside == 16 else { return }
        factorsInside = 0
        for kernel in exponents.indices {
            exponents[kernel] += Double.log(factors[kernel])
            factors[kernel] = 1
        }
    }

    /// log Σ exp(exponent)·factor, without overflow.
    package func logSum() -> Double {
        let largest = exponents.max() ?? 0
        var sum = 0.0
        for kernel in exponents.indices { sum += factors[kernel] * Double.exp(exponents[kernel] - largest) }
        return largest + Double.log(sum)
    }
}
