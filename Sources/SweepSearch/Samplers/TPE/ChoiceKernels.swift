import RandomStreams
import RealModule

/// The kernels of a mixture in one categorical dimension.
///
///     κ(c) = (δ(c, seen) + s·p(c)) / (1 + s)        p: the prior,  s = choices / kernels
///
/// With few trials most of the probability is still the prior's, so that a single good trial does not decide for its
/// choice. For two equally likely choices, one trial and the prior's kernel, s is 1: the choice of the trial gets ¾ in
/// its kernel, the other ¼. With equal weights this is Optuna's kernel.
package struct ChoiceKernels {
    /// The index of the choice each kernel saw; -1 for a kernel that is the prior.
    private let seen: [Int]
    /// p, the probability of each choice.
    private let prior: [Double]
    /// s.
    private let smoothing: Double

    /// - Parameter seen: the index of the choice, NaN for a kernel that is the prior.
    package init(seen: [Double], prior: [Double]) {
        // A choice of weight 0 has no density relative to the prior: having tried it tells nothing about the others.
        self.seen = seen.map { $0.isNaN || prior[Int($0)] == 0 ? -1 : Int($0) }
        self.prior = prior
        smoothing = Double(prior.count(where: { $0 > 0 })) / Double(seen.count)
    }

    /// Draws the index of a choice; nil if it is to be drawn from the prior.
    package func sample(_ kernel: Int, using random: inout RandomStream) -> Int? {
        random.uniform() * (1 + smoothing) < 1 && seen[kernel] >= 0 ? seen[kernel] : nil
    }

    /// Multiplies the products by the probability of a choice under every kernel, relative to the prior.
    package func multiply(into products: inout KernelProducts, at choice: Int) {
        // A choice the samplers do not propose cannot be a candidate.
        precondition(prior[choice] > 0, "choice \(choice) has no density")
        let whereSeen = Double.log((1 / prior[choice] + smoothing) / (1 + smoothing))
        let elsewhere = Double.log(smoothing / (1 + smoothing))
        let seen = seen.span
        var exponents = products.exponents.mutableSpan
        precondition(seen.count == exponents.count)
        for kernel in seen.indices {
            exponents[kernel] += seen[kernel] == choice ? whereSeen : seen[kernel] < 0 ? 0 : elsewhere
        }
    }
}
