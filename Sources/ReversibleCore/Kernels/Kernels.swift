internal import CElementwise
import LinearAlgebra

// Loops over single numbers: activations and update rules.
//
// The loops are compiled for Float and for Double, in which they run on vector registers; generic callers reach them
// through one test of the type. They take buffers rather than spans, because a span of an unknown type is passed in
// memory, where the compiler has to expect that every number written changes its length. So where a caller has spans,
// there are two functions: one that takes the spans and checks that they are equally long, and one that has the loop.

/// Elements of a matrix, to be changed.
typealias Numbers<Scalar> = UnsafeMutableBufferPointer<Scalar>
/// Elements of a matrix, to be read.
typealias ConstNumbers<Scalar> = UnsafeBufferPointer<Scalar>

/// `z ← z`, or `slope·z` where z ≤ 0; undefined numbers stay undefined, and with slope 0, −∞ becomes so.
func applyReLU<Scalar: BLASScalar>(_ z: inout MutableSpan<Scalar>, slope: Scalar) {
    z.withUnsafeMutableBufferPointer { applyReLU($0, slope: slope) }
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func applyReLU<Scalar: BLASScalar>(_ z: Numbers<Scalar>, slope: Scalar) {
    // A product and not a choice: the compiler makes a choice a branch around the store, five times as slow.
    for index in 0..<z.count { z[index] *= z[index] <= 0 ? slope : 1 }
}

/// `t ← t` where `features > 0`, else `slope·t`, which with slope 0 makes what is infinite or undefined undefined.
func multiplyByReLUDerivative<Scalar: BLASScalar>(
    _ t: inout MutableSpan<Scalar>, at features: Span<Scalar>, slope: Scalar
) {
    precondition(t.count == features.count, "\(features.count) features for \(t.count) numbers")
    t.withUnsafeMutableBufferPointer { t in
        features.withUnsafeBufferPointer { multiplyByReLUDerivative(t, at: $0, slope: slope) }
    }
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func multiplyByReLUDerivative<Scalar: BLASScalar>(
    _ t: Numbers<Scalar>, at features: ConstNumbers<Scalar>, slope: Scalar
) {
    for index in 0..<t.count { t[index] *= features[index] > 0 ? 1 : slope }
}

/// `θ ← θ − rate·(d + decay·θ)`.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func applySGD<Scalar: BLASScalar>(
    _ theta: Numbers<Scalar>, along direction: ConstNumbers<Scalar>, rate: Scalar, decay: Scalar
) {
    precondition(theta.count == direction.count, "\(direction.count) directions for \(theta.count) parameters")
    for index in 0..<theta.count { theta[index] -= rate * (direction[index] + decay * theta[index]) }
}

/// `g = d + decay·θ`, `u ← momentum·u + g`, then `θ ← θ − rate·u`, or, with `ahead` not 0, `θ ← θ − rate·(g +
/// ahead·u)`.
func applyMomentum<Scalar: BLASScalar>(
    _ theta: Numbers<Scalar>, _ velocity: Numbers<Scalar>, along direction: ConstNumbers<Scalar>, rate: Scalar,
    momentum: Scalar, ahead: Scalar, decay: Scalar
) {
    precondition(
        theta.count == direction.count && theta.count == velocity.count,
        "\(direction.count) directions and \(velocity.count) velocities for \(theta.count) parameters")
    if ahead == 0 {
        applyMomentum(theta, velocity, along: direction, rate: rate, momentum: momentum, decay: decay)
    } else {
        applyNesterov(theta, velocity, along: direction, rate: rate, momentum: momentum, ahead: ahead, decay: decay)
    }
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func applyMomentum<Scalar: BLASScalar>(
    _ theta: Numbers<Scalar>, _ velocity: Numbers<Scalar>, along direction: ConstNumbers<Scalar>, rate: Scalar,
    momentum: Scalar, decay: Scalar
) {
    for index in 0..<theta.count {
        let speed = momentum * velocity[index] + (direction[index] + decay * theta[index])
        velocity[index] = speed
        theta[index] -= rate * speed
    }
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func applyNesterov<Scalar: BLASScalar>(
    _ theta: Numbers<Scalar>, _ velocity: Numbers<Scalar>, along direction: ConstNumbers<Scalar>, rate: Scalar,
    momentum: Scalar, ahead: Scalar, decay: Scalar
) {
    for index in 0..<theta.count {
        let gradient = direction[index] + decay * theta[index]
        let speed = momentum * velocity[index] + gradient
        velocity[index] = speed
        theta[index] -= rate * (gradient + ahead * speed)
    }
}

/// What one step of Adam multiplies with, all of it the same for every parameter.
struct AdamFactors<Scalar: BLASScalar> {
    var beta2, epsilon, decay: Scalar
    /// 1 − β₁ and 1 − β₂, rounded once: the difference from a β that was rounded before would be 0 for one near 1.
    var fresh1, fresh2: Scalar
    /// By what part of itself a parameter shrinks before the update.
    var shrinkage: Scalar
    /// rate/(1 − β₁ᵗ).
    var rate: Scalar
    /// √(1 − β₂ᵗ).
    var correction: Scalar
}

/// `m ← m + (1−β₁)(g − m)`, `v ← β₂v + (1−β₂)g²`, `θ ← θ − rate·m/(√v/correction + ε)`, with `g = d + decay·θ`;
/// before all that, `θ ← θ − shrinkage·θ`.
///
/// The moments of a parameter that no longer moves shrink for ever. Below the normal numbers, where every operation on
/// them would take a hundred times as long, they are taken as 0.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func applyAdam<Scalar: BLASScalar>(
    _ theta: Numbers<Scalar>, _ mean: Numbers<Scalar>, _ square: Numbers<Scalar>,
    along direction: ConstNumbers<Scalar>, _ factors: AdamFactors<Scalar>
) {
    precondition(
        theta.count == direction.count && theta.count == mean.count && theta.count == square.count,
        "\(direction.count) directions and \(mean.count) moments for \(theta.count) parameters")
    let (fresh1, fresh2, beta2, rate) = (factors.fresh1, factors.fresh2, factors.beta2, factors.rate)
    let (epsilon, decay, correction) = (factors.epsilon, factors.decay, factors.correction)
    let shrinkage = factors.shrinkage
    let smallest = Scalar.leastNormalMagnitude
    for index in 0..<theta.count {
        let gradient = direction[index] + decay * theta[index]
        let first = mean[index] + fresh1 * (gradient - mean[index])
        let second = beta2 * square[index] + fresh2 * gradient * gradient
        mean[index] = first * (first.magnitude < smallest ? 0 : 1)
        square[index] = second * (second < smallest ? 0 : 1)
        theta[index] -= shrinkage * theta[index] + rate * first / (root(second) / correction + epsilon)
    }
}

/// √x for a loop on vector registers.
private func root<Scalar: BLASScalar>(_ x: Scalar) -> Scalar {
    if let x = x as? Float, let root = elementwise_root_float(x) as? Scalar { return root }
    if let x = x as? Double, let root = elementwise_root_double(x) as? Scalar { return root }
    return x.squareRoot()
}
