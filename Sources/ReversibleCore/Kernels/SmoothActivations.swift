import LinearAlgebra
import RealModule

// tanh and gelu. In double precision they are the library's, one number at a time. In single precision they are made of
// operations that run on vector registers: no branch, no table, no conversion that could trap.
//
// Undefined numbers stay undefined.

/// `z ← tanh z`; in single precision to 4 units of the last place.
func applyTanh<Scalar: BLASScalar>(_ z: Numbers<Scalar>) {
    if let z = singlePrecision(z) {
        for index in 0..<z.count { z[index] = hyperbolicTangent(z[index]) }
    } else {
        for index in 0..<z.count { z[index] = Scalar(Double.tanh(Double(z[index]))) }
    }
}

/// `t ← (1 − tanh²) t`, the values being those of tanh.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func multiplyByTanhDerivative<Scalar: BLASScalar>(_ t: Numbers<Scalar>, values: ConstNumbers<Scalar>) {
    for index in 0..<t.count { t[index] *= (1 - values[index]) * (1 + values[index]) }
}

/// `z ← z Φ(z)`; in single precision to 8 units of the last place.
func applyGELU<Scalar: BLASScalar>(_ z: Numbers<Scalar>) {
    if let z = singlePrecision(z) {
        for index in 0..<z.count { z[index] = GELU(z[index]).value }
    } else {
        for index in 0..<z.count {
            let x = Double(z[index])
            z[index] = Scalar(x * normalDistribution(x))
        }
    }
}

/// `z ← z Φ(z)`, and the derivatives at the z that there was: `slopes ← Φ(z) + z φ(z)`.
func applyGELU<Scalar: BLASScalar>(_ z: Numbers<Scalar>, slopes: Numbers<Scalar>) {
    precondition(z.count == slopes.count, "\(slopes.count) slopes for \(z.count) numbers")
    if let z = singlePrecision(z), let slopes = singlePrecision(slopes) {
        for index in 0..<z.count {
            let gelu = GELU(z[index])
            z[index] = gelu.value
            slopes[index] = gelu.slope
        }
    } else {
        let density = 1 / (2 * Double.pi).squareRoot()
        for index in 0..<z.count {
            let x = Double(z[index])
            let share = normalDistribution(x)
            z[index] = Scalar(x * share)
            slopes[index] = Scalar(share + x * density * Double.exp(-x * x / 2))
        }
    }
}

/// Φ(z).
private func normalDistribution(_ z: Double) -> Double { 0.5 * Double.erfc(-z * 0.5.squareRoot()) }

private func singlePrecision<Scalar: BLASScalar>(_ z: Numbers<Scalar>) -> UnsafeMutableBufferPointer<Float>? {
    guard Scalar.self == Float.self else { return nil }
    return UnsafeMutableRawBufferPointer(z).assumingMemoryBound(to: Float.self)
}

// MARK: Single precision

/// The nearest whole number k to `x / log 2`, with 2ᵏ; for |x| < 87.
@inline(__always)
private func powerOfTwo(nearest x: Float) -> (exponent: Float, power: Float) {
    // Added to a number of this size, the digits behind the point fall off, and the others are the last bits.
    let shift: Float = 12_582_912
    let shifted = x * 1.442_695_04 + shift
    let bits = shifted.bitPattern &- shift.bitPattern
    return (shifted - shift, Float(bitPattern: (bits &+ 127) << 23))
}

/// `x − k log 2`, with log 2 in two parts, the first of which is exact when multiplied by k.
@inline(__always)
private func remainder(_ x: Float, _ exponent: Float) -> Float {
    (x - exponent * 0.693_359_375) + exponent * 2.121_944_4e-4
}

/// `eʳ − 1` for |r| < 0.4, by its series: the first term left out is below 2⁻²⁵ of it.
@inline(__always)
private func exponentialLessOne(_ r: Float) -> Float {
    let tail = 1.0 / 6 + r * (1.0 / 24 + r * (1.0 / 120 + r * (1.0 / 720 + r * (1.0 / 5040))))
    return r + r * r * (0.5 + r * tail)
}

/// `tanh |x| = e / (e + 2)` with `e = exp(2|x|) − 1`, in which nothing cancels.
@inline(__always)
private func hyperbolicTangent(_ x: Float) -> Float {
    let double = 2 * x.magnitude
    // tanh 10 is 1 to single precision.
    let bounded = double > 20 ? 20 : double
    let (exponent, power) = powerOfTwo(nearest: bounded)
    let e = power * exponentialLessOne(remainder(bounded, exponent)) + (power - 1)
    return Float(signOf: x, magnitudeOf: e / (e + 2))
}

/// `x Φ(x)` and its derivative, of the upper tail `Q(t) = 1 − Φ(t)` at t = |x|:
///
///     Q(t) = exp(−t²/2) M(t)        M(t) = u P(u), u = 1/(1 + 0.35 t)
///
/// P is a polynomial that agrees with M/u at the Chebyshev points of 0 ≤ t ≤ 14; M is good to 3e-7 of itself.
private struct GELU {
    let value: Float
    let slope: Float

    @inline(__always)
    init(_ x: Float) {
        // Beyond 13 the tail is below every normal number.
        let t = x.magnitude > 13 ? 13 : x.magnitude
        // t² in two parts, of which the first is exact: an error of t² is one of the exponential's logarithm.
        let head = Float(bitPattern: t.bitPattern & 0xFFFF_F000)
        let square = -0.5 * head * head
        let rest = -0.5 * (t - head) * (t + head)
        let (exponent, power) = powerOfTwo(nearest: square)
        let exponential = power + power * exponentialLessOne(remainder(square, exponent) + rest)
        let u = 1 / (1 + 0.35 * t)
        let tail = exponential * u * Self.millsRatio(u)
        let share = x > 0 ? 1 - tail : tail
        // Below −13 the product is −0 to single precision, which −∞·0 would not be.
        let bounded = x < -13 ? -13 : x
        value = bounded * share
        let bent = x < -13 ? -13 : (x > 13 ? 13 : x)
        slope = share + bent * (exponential * 0.398_942_28)
    }

    @inline(__always)
    private static func millsRatio(_ u: Float) -> Float {
        let high = -0.027_046_608 + u * (0.165_051 + u * (-0.260_961_23 + u * (0.146_545_83 + u * -0.029_679_522)))
        return 0.139_618_71 + u * (0.139_912_29 + u * (0.119_444_914 + u * (0.107_114_59 + u * high)))
    }
}
