import LinearAlgebra

// Loops over single numbers. Each has a version compiled for Float and for Double, in which it runs on vector registers;
// callers that are generic themselves reach it through one test of the type.

/// `z ← max(z, 0)`; undefined numbers stay undefined.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func rectify<Scalar: BLASScalar>(_ z: inout MutableSpan<Scalar>) {
    for index in 0..<z.count { z[index] = z[index] <= 0 ? 0 : z[index] }
}

/// `t ← t` where `features > 0`, else 0.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func gate<Scalar: BLASScalar>(_ t: inout MutableSpan<Scalar>, by features: Span<Scalar>) {
    precondition(t.count == features.count, "\(features.count) gates for \(t.count) numbers")
    for index in 0..<t.count { t[index] = features[index] > 0 ? t[index] : 0 }
}

/// `θ ← θ − rate·(d + decay·θ)`.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func descend<Scalar: BLASScalar>(
    _ theta: inout MutableSpan<Scalar>, along direction: Span<Scalar>, rate: Scalar, decay: Scalar
) {
    precondition(theta.count == direction.count, "\(direction.count) directions for \(theta.count) parameters")
    for index in 0..<theta.count { theta[index] -= rate * (direction[index] + decay * theta[index]) }
}

/// `u ← momentum·u + d + decay·θ`, then `θ ← θ − rate·u`.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func descend<Scalar: BLASScalar>(
    _ theta: inout MutableSpan<Scalar>, velocity: inout MutableSpan<Scalar>, along direction: Span<Scalar>,
    rate: Scalar, momentum: Scalar, decay: Scalar
) {
    precondition(
        theta.count == direction.count && theta.count == velocity.count,
        "\(direction.count) directions and \(velocity.count) velocities for \(theta.count) parameters")
    for index in 0..<theta.count {
        velocity[index] = momentum * velocity[index] + (direction[index] + decay * theta[index])
        theta[index] -= rate * velocity[index]
    }
}

/// What one step of Adam multiplies with, all of it the same for every parameter.
struct AdamFactors<Scalar: BLASScalar> {
    var beta1, beta2, epsilon, decay: Scalar
    /// rate/(1 − β₁ᵗ).
    var rate: Scalar
    /// √(1 − β₂ᵗ).
    var correction: Scalar
}

/// `m ← m + (1−β₁)(g − m)`, `v ← β₂v + (1−β₂)g²`, `θ ← θ − rate·m/(√v/correction + ε)`, with `g = d + decay·θ`.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func descend<Scalar: BLASScalar>(
    _ theta: inout MutableSpan<Scalar>, mean: inout MutableSpan<Scalar>, square: inout MutableSpan<Scalar>,
    along direction: Span<Scalar>, _ factors: AdamFactors<Scalar>
) {
    precondition(
        theta.count == direction.count && theta.count == mean.count && theta.count == square.count,
        "\(direction.count) directions and \(mean.count) moments for \(theta.count) parameters")
    for index in 0..<theta.count {
        let gradient = direction[index] + factors.decay * theta[index]
        mean[index] += (1 - factors.beta1) * (gradient - mean[index])
        square[index] = factors.beta2 * square[index] + (1 - factors.beta2) * gradient * gradient
        theta[index] -= factors.rate * mean[index] / (square[index].squareRoot() / factors.correction + factors.epsilon)
    }
}
