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
    func apply<Scalar: BLASScalar>(to z: inout Matrix<Scalar>, slope: Double) {
        switch self {
        case .identity: break
        case .relu: z.withMutableElements { rectify(&$0, slope: 0) }
        case .leakyReLU: z.withMutableElements { rectify(&$0, slope: Scalar(slope)) }
        case .tanh: z.withMutableElements { $0.withUnsafeMutableBufferPointer { saturate($0) } }
        case .gelu: z.withMutableElements { $0.withUnsafeMutableBufferPointer { weigh($0) } }
        }
    }

    /// `s'(z)` of numbers that were not yet activated, where it will be needed.
    func slopes<Scalar: BLASScalar>(at z: Matrix<Scalar>) -> Matrix<Scalar>? {
        guard self == .gelu else { return nil }
        var slopes = z
        slopes.withMutableElements { $0.withUnsafeMutableBufferPointer { weighingSlopes($0) } }
        return slopes
    }

    /// `t ← s'(z) ∘ t`, told from `s(z)` or from the slopes that were kept.
    func gate<Scalar: BLASScalar>(_ t: inout Matrix<Scalar>, by features: CouplingFeatures<Scalar>, slope: Double) {
        switch self {
        case .identity: break
        case .relu: gate(&t, by: features.values, below: 0)
        case .leakyReLU: gate(&t, by: features.values, below: Scalar(slope))
        case .tanh:
            t.withMutableElements { t in
                features.values.withElements { values in
                    precondition(t.count == values.count, "\(values.count) gates for \(t.count) numbers")
                    t.withUnsafeMutableBufferPointer { t in
                        values.withUnsafeBufferPointer { scaleBySaturation(t, values: $0) }
                    }
                }
            }
        case .gelu:
            guard let slopes = features.slopes else { preconditionFailure("gelu is derived from its slopes") }
            t.withMutableElements { t in
                slopes.withElements { slopes in
                    precondition(t.count == slopes.count, "\(slopes.count) gates for \(t.count) numbers")
                    t.withUnsafeMutableBufferPointer { t in
                        slopes.withUnsafeBufferPointer { scale(t, by: $0) }
                    }
                }
            }
        }
    }

    private func gate<Scalar: BLASScalar>(_ t: inout Matrix<Scalar>, by values: Matrix<Scalar>, below slope: Scalar) {
        t.withMutableElements { t in values.withElements { ReversibleCore.gate(&t, by: $0, below: slope) } }
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
