import Foundation
import SweepSearch

/// The functions of Zitzler, Deb and Thiele 2000, "Comparison of Multiobjective Evolutionary Algorithms: Empirical
/// Results", but for the one of bit strings.
///
/// All have six parameters, but the last one the original thirty. The first objective lies between 0 and 1, and the
/// reference at 1.1. In the second one the reference is what a random trial reaches: at 1.1, as it is usual for runs of
/// ten thousand trials, the first hundred would not count at all on most of these functions.
let zdtFunctions = [
    zdt("zdt1", cube(6, 0, 1), below: 11) { first, g in 1 - (first / g).squareRoot() },
    zdt("zdt2", cube(6, 0, 1), below: 11) { first, g in 1 - square(first / g) },
    // A front in five parts.
    zdt("zdt3", cube(6, 0, 1), below: 11) { first, g in
        1 - (first / g).squareRoot() - first / g * sin(10 * .pi * first)
    },
    zdt4,
    zdt6,
    zdt("zdt1-30", cube(30, 0, 1), below: 11) { first, g in 1 - (first / g).squareRoot() },
]

// Many local fronts: 21 values of each further parameter are better than those beside them.
private let zdt4 = zdt(
    "zdt4", [Parameter("x1", .uniform(min: 0, max: 1))] + cube(6, -5, 5).dropFirst(), below: 110,
    shape: { first, g in 1 - (first / g).squareRoot() },
    distance: { x in x.reduce(1) { $0 + rastrigin($1) } })

private func rastrigin(_ x: Double) -> Double { 10 + x * x - 10 * cos(4 * .pi * x) }

// The first objective is far from uniform, and so are the distances to the front.
private let zdt6 = zdt(
    "zdt6", cube(6, 0, 1), below: 11,
    shape: { first, g in 1 - square(first / g) },
    first: { 1 - exp(-4 * $0) * pow(sin(6 * .pi * $0), 6) },
    distance: { x in 1 + 9 * pow(x.reduce(0, +) / Double(x.count), 0.25) })

/// The objectives f₁ = first(x₁) and f₂ = g·shape(f₁, g), with g = distance(x₂ … x_d), which is 1 on the front.
///
/// - Parameter reference: of the second objective.
private func zdt(
    _ name: String, _ parameters: [Parameter], below reference: Double,
    shape: @escaping @Sendable (_ first: Double, _ g: Double) -> Double,
    first: @escaping @Sendable (Double) -> Double = { $0 },
    distance: @escaping @Sendable ([Double]) -> Double = { 1 + 9 * $0.reduce(0, +) / Double($0.count) }
) -> VectorFunction {
    let front = (0...20_000).map { index in
        let value = first(Double(index) / 20_000)
        return [value, shape(value, 1)]
    }
    return VectorFunction(.zdt, name, reference: [1.1, reference], front: front, parameters) { v in
        let x = v.vector(parameters.count)
        let (value, g) = (first(x[0]), distance(Array(x.dropFirst())))
        return ObjectiveVector(values: [value, g * shape(value, g)])
    }
}
