import Foundation
import LinearAlgebra

/// What is applied to each number of a projection.
public enum Activation: String, Hashable, Sendable, CaseIterable {
    case identity
    /// max(z, 0), with derivative 0 at 0.
    case relu
    /// z, or slope·z where z ≤ 0; the slope is `Architecture.slope`.
    case leakyReLU = "leaky_relu"
    case tanh
    /// z Φ(z) with the normal distribution function itself, not its approximation. Hendrycks and Gimpel 2016.
    case gelu
}

/// `A(x)` of a coupling, and what its derivative is computed from.
struct CouplingFeatures<Scalar: BLASScalar>: Sendable {
    /// `A(x) = [s(x C) | 1]`, shape `[n, c]`.
    var values: Matrix<Scalar>
    /// `s'(x C)` where it cannot be told from the values, which only `gelu` reaches twice; shape `[n, c]`.
    var slopes: Matrix<Scalar>?
}

extension Activation {
    /// `z ← s(z)`.
    func apply<Scalar: BLASScalar>(to z: MatrixView<Scalar>, slope: Double) {
        switch self {
        case .identity: break
        case .relu: z.forEachRow { rectify(&$0, slope: 0) }
        case .leakyReLU: z.forEachRow { rectify(&$0, slope: Scalar(slope)) }
        case .tanh: for row in 0..<z.rows { saturate(z[row]) }
        case .gelu: for row in 0..<z.rows { weigh(z[row]) }
        }
    }

    /// Whether `gate` cannot tell s'(z) from s(z) and has to be given it.
    var needsSlopes: Bool { self == .gelu }

    /// `slopes ← s'(z)` of numbers that were not yet activated, for `gelu`.
    func write<Scalar: BLASScalar>(slopesAt z: MatrixView<Scalar>, into slopes: MatrixView<Scalar>) {
        slopes.copy(from: z)
        for row in 0..<slopes.rows { weighingSlopes(slopes[row]) }
    }

    /// `t ← s'(z) ∘ t`, told from `s(z)` or from the slopes that were kept.
    func gate<Scalar: BLASScalar>(
        _ t: MatrixView<Scalar>, by values: MatrixView<Scalar>, slopes: MatrixView<Scalar>?, slope: Double
    ) {
        switch self {
        case .identity: break
        case .relu: t.forEachRow(beside: values) { ReversibleCore.gate(&$0, by: $1, below: 0) }
        case .leakyReLU: t.forEachRow(beside: values) { ReversibleCore.gate(&$0, by: $1, below: Scalar(slope)) }
        case .tanh:
            for row in 0..<t.rows { scaleBySaturation(t[row], values: UnsafeBufferPointer(values[row])) }
        case .gelu:
            guard let slopes else { preconditionFailure("gelu is derived from its slopes") }
            for row in 0..<t.rows { scale(t[row], by: UnsafeBufferPointer(slopes[row])) }
        }
    }
}

// Transcendental functions are taken in `Double` for both precisions: the library's are good to one of its units.

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func saturate<Scalar: BLASScalar>(_ z: UnsafeMutableBufferPointer<Scalar>) {
    for index in 0..<z.count { z[index] = Scalar(tanh(Double(z[index]))) }
}

/// The derivative of tanh is 1 − tanh².
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func scaleBySaturation<Scalar: BLASScalar>(
    _ t: UnsafeMutableBufferPointer<Scalar>, values: UnsafeBufferPointer<Scalar>
) {
    for index in 0..<t.count { t[index] *= (1 - values[index]) * (1 + values[index]) }
}

/// Φ(z).
private func normalDistribution(_ z: Double) -> Double { 0.5 * erfc(-z * 0.5.squareRoot()) }

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func weigh<Scalar: BLASScalar>(_ z: UnsafeMutableBufferPointer<Scalar>) {
    for index in 0..<z.count {
        let x = Double(z[index])
        z[index] = Scalar(x * normalDistribution(x))
    }
}

/// (z Φ(z))' = Φ(z) + z φ(z).
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func weighingSlopes<Scalar: BLASScalar>(_ z: UnsafeMutableBufferPointer<Scalar>) {
    let density = 1 / (2 * Double.pi).squareRoot()
    for index in 0..<z.count {
        let x = Double(z[index])
        z[index] = Scalar(normalDistribution(x) + x * density * exp(-x * x / 2))
    }
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func scale<Scalar: BLASScalar>(
    _ t: UnsafeMutableBufferPointer<Scalar>, by slopes: UnsafeBufferPointer<Scalar>
) {
    for index in 0..<t.count { t[index] *= slopes[index] }
}
