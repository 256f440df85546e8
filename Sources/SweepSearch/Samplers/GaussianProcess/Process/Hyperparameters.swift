import LinearAlgebra

/// What a Gaussian process takes for granted about the function before it has seen values of it.
///
///     Hyperparameters(weights: [4, 0.01], signalVariance: 1, noiseVariance: 1e-3)     // ℓ = 0.5 and 10
///
/// A function with ℓ = 10 hardly changes over the range from 0 to 1, so the second input matters little.
package struct Hyperparameters: Hashable, Sendable {
    /// How smooth the function is.
    package var kernel: ProcessKernel
    /// wⱼ = 1/ℓⱼ², one for each dimension.
    package var weights: [Double]
    /// σ_f², the variance of the function.
    package var signalVariance: Double
    /// σₙ², the variance of the noise of an observation.
    package var noiseVariance: Double

    package init(kernel: ProcessKernel = .matern, weights: [Double], signalVariance: Double, noiseVariance: Double) {
        self.kernel = kernel
        self.weights = weights
        self.signalVariance = signalVariance
        self.noiseVariance = noiseVariance
    }
}
