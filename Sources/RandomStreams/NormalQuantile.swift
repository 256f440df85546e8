/// The x at which the standard normal distribution function reaches `probability`; relative error about 1e-16.
///
/// `-∞` at 0, `+∞` at 1, NaN outside `[0, 1]`. It uses arithmetic and square roots only (no library logarithm), so
/// that IEEE 754 makes its bits the same everywhere.
///
/// Source: Wichura, "Algorithm AS 241: The Percentage Points of the Normal Distribution", Applied Statistics 37 (1988).
public func standardNormalQuantile(_ probability: Double) -> Double {
    guard probability > 0, probability < 1 else {
        return probability == 0 ? -.infinity : probability == 1 ? .infinity : .nan
    }
    let centred = probability - 0.5
    if centred.magnitude <= 0.425 {
        let r = 0.180625 - centred * centred
        return centred * polynomial(centralNumerator, r) / polynomial(centralDenominator, r)
    }
    let tail = centred < 0 ? probability : 1 - probability
    let r = (-portableLogarithm(tail)).squareRoot()
    let distance =
        r <= 5
        ? polynomial(middleNumerator, r - 1.6) / polynomial(middleDenominator, r - 1.6)
        : polynomial(farNumerator, r - 5) / polynomial(farDenominator, r - 5)
    return centred < 0 ? -distance : distance
}

/// The natural logarithm of a positive, normal `x` to about 1 ulp, in plain arithmetic.
///
/// With x = 2ᵉ·f, f in [√½, √2): log x = e·log 2 + 2·artanh((f−1)/(f+1)), the last by its series, whose argument is
/// at most 0.172, so that 11 terms leave less than 1e-17.
private func portableLogarithm(_ x: Double) -> Double {
    var exponent = Double(x.exponent)
    var fraction = x.significand
    if fraction > 1.4142135623730951 {
        fraction /= 2
        exponent += 1
    }
    let z = (fraction - 1) / (fraction + 1)
    let square = z * z
    var series = 0.0
    for odd in stride(from: 21, through: 1, by: -2) { series = series * square + 1 / Double(odd) }
    return exponent * 0.6931471805599453 + 2 * z * series
}

/// Coefficients from the constant upwards.
private func polynomial(_ coefficients: [Double], _ x: Double) -> Double {
    var value = 0.0
    for coefficient in coefficients.reversed() { value = value * x + coefficient }
    return value
}

private let centralNumerator = [
    3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
    4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3,
]
private let centralDenominator = [
    1, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3, 2.1213794301586595867e4,
    3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3,
]
private let middleNumerator = [
    1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
    1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4,
]
private let middleDenominator = [
    1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1, 1.48103976427480074590e-1,
    1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9,
]
private let farNumerator = [
    6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
    2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
]
private let farDenominator = [
    1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2, 7.86869131145613259100e-4,
    1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15,
]
