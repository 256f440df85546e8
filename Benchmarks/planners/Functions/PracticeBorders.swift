import Foundation
import SweepSearch

/// Functions to practise on whose optimum lies on the border of the space, in some parameters or in all.
let practiceBorders = [slope5, cornerBowl4, outside3, largest5, borderValley3, borderRastrigin3]

// Linear: the optimum is a corner, and the slopes differ by a factor of a hundred.
private let slope5 = BenchFunction(.practice, "slope5", optimum: 0, cube(5, -5, 5)) { v in
    zip(v.vector(5), [1, -3, 10, -30, 100]).reduce(0) { $0 + 5 * abs($1.1) - $1.0 * $1.1 }
}

// A bowl with two parameters at the ends of their ranges.
private let cornerBowl4 = BenchFunction(.practice, "corner-bowl4", optimum: 0, cube(4, 0, 1)) { v in
    zip(v.vector(4), [0, 0.3, 1, 0.75]).reduce(0) { $0 + square($1.0 - $1.1) }
}

// A bowl whose lowest point lies outside the space.
private let outside3 = BenchFunction(.practice, "outside3", optimum: 0.05, cube(3, 0, 1)) { v in
    zip(v.vector(3), [1.2, -0.1, 0.4]).reduce(0) { $0 + square($1.0 - $1.1) }
}

// A training where the largest network without dropout and decay is best, at a rate in between.
private let largest5 = BenchFunction(
    .practice, "largest5", optimum: 0.1,
    [
        Parameter("rate", .logUniform(min: 1e-5, max: 1)), Parameter("dropout", .uniform(min: 0, max: 0.7)),
        Parameter("decay", .logUniform(min: 1e-6, max: 1e-1)),
        Parameter("units", .integer(min: 8, max: 1024, step: 1, log: true)),
        Parameter("layers", .integer(min: 1, max: 6, step: 1, log: false)),
    ]
) { v in
    let size: Double = log2(1024 / v["units"]) + 6 - v["layers"]
    let rate: Double = log10(v["rate"]) + 2.3 - 0.1 * size
    let rest: Double = 0.05 * square(v["dropout"]) + 0.004 * square(log10(v["decay"]) + 6)
    return 0.1 + 0.3 * (1 - exp(-square(rate))) + 0.01 * size + rest
}

// Rosenbrock's valley, which ends at the border.
private let borderValley3 = BenchFunction(.practice, "border-valley3", optimum: 0, cube(3, -2, 1)) { v in
    let x = v.vector(3)
    return zip(x, x.dropFirst()).reduce(0) { $0 + 100 * square($1.1 - $1.0 * $1.0) + square(1 - $1.0) }
}

// Many deep minima, the deepest of them in a corner.
private let borderRastrigin3 = BenchFunction(.practice, "border-rastrigin3", optimum: 0, cube(3, 0, 6)) { v in
    rastrigin(zip(v.vector(3), [0, 6, 0]).map { $0 - $1 })
}
