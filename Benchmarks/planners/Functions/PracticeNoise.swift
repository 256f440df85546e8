import Foundation
import SweepSearch

/// Functions to practise on whose noise is as large as what the parameters do, and rugged ones.
let practiceNoise = [
    noisyBowl2, noisyBowl5, noisyTraining, noisyTable, noisyHills3, rugged4, ruggedMixed5, plateaus4, integers5,
    weierstrass4, katsuura4, schaffer5, ruggedIntegers5,
]

private func bowl(_ x: [Double]) -> Double {
    zip(x, [0.3, 0.65, 0.2, 0.8, 0.45]).reduce(0) { $0 + square($1.0 - $1.1) }
}

// The noise is as large as the standard deviation of the values over the space.
private let noisyBowl2 = BenchFunction(.practice, "noisy-bowl2", optimum: 0, noise: 0.15, cube(2, 0, 1)) { v in
    bowl(v.vector(2))
}

private let noisyBowl5 = BenchFunction(.practice, "noisy-bowl5", optimum: 0, noise: 0.25, cube(5, 0, 1)) { v in
    bowl(v.vector(5))
}

// Accuracies of short trainings: seeds differ by as much as sensible settings do.
private let noisyTraining = BenchFunction(
    .practice, "noisy-training", optimum: 0.1, noise: 0.05,
    [
        Parameter("rate", .logUniform(min: 1e-5, max: 1)), Parameter("decay", .logUniform(min: 1e-6, max: 1e-1)),
        Parameter("dropout", .uniform(min: 0, max: 0.8)),
        Parameter("layers", .integer(min: 1, max: 8, step: 1, log: false)),
    ]
) { v in
    let rate: Double = 0.3 * (1 - exp(-square(log10(v["rate"]) + 2.6 + 0.1 * v["layers"]) / 0.8))
    let rest: Double = 0.0125 * square(log10(v["decay"]) + 4) + 0.1 * square(v["dropout"] - 0.25)
    return 0.1 + rate + rest + 0.004 * square(v["layers"] - 4)
}

// A table of 300 settings with the result of one seed each.
private let noisyTable = BenchFunction(
    .practice, "noisy-table", optimum: 0, noise: 0.1,
    [
        Parameter("depth", .choice([2, 4, 6, 8, 10])), Parameter("width", .choice([16, 32, 64, 128, 256])),
        Parameter("kind", .choice(["a", "b", "c"])), Parameter("rate", .choice([0.001, 0.01, 0.1, 1])),
    ]
) { v in
    let kinds: [String: Double] = ["a": 0.06, "b": 0, "c": 0.12]
    let kind = kinds[v.text("kind")] ?? 0
    let rate: Double = 0.08 * square(log10(v["rate"]) + 2)
    let size: Double = 0.003 * square(v["depth"] - 6) + 0.02 * square(log2(v["width"]) - 6)
    return kind + rate + size
}

// Two hills of nearly the same height, of which noise hides which is higher.
private let noisyHills3 = BenchFunction(.practice, "noisy-hills3", optimum: 0, noise: 0.3, cube(3, 0, 1)) { v in
    let x = v.vector(3)
    let first = exp(-8 * zip(x, [0.25, 0.3, 0.7]).reduce(0) { $0 + square($1.0 - $1.1) })
    let second = 0.8 * exp(-8 * zip(x, [0.8, 0.7, 0.3]).reduce(0) { $0 + square($1.0 - $1.1) })
    return 1 - max(first, second)
}

// A slope with waves on it that no smooth model sees.
private let rugged4 = BenchFunction(.practice, "rugged4", optimum: 0, cube(4, 0, 1)) { v in
    zip(v.vector(4), [0.37, 0.61, 0.28, 0.53]).reduce(0) { sum, pair in
        let distance = pair.0 - pair.1
        return sum + square(distance) + 0.15 * (1 - cos(40 * distance))
    }
}

private let ruggedMixed5 = BenchFunction(
    .practice, "rugged-mixed5", optimum: 0,
    [
        Parameter("a", .uniform(min: 0, max: 1)), Parameter("b", .uniform(min: 0, max: 1)),
        Parameter("c", .logUniform(min: 1e-3, max: 1)),
        Parameter("n", .integer(min: 0, max: 60, step: 1, log: false)), Parameter("m", .choice(["x", "y", "z"])),
    ]
) { v in
    let shifts: [String: Double] = ["x": 0.1, "y": 0, "z": 0.25]
    let shift = shifts[v.text("m")] ?? 0
    let (a, n) = (v["a"] - 0.42 - shift, v["n"] - 23)
    let waves: Double = 0.2 * (1 - cos(30 * a)) + 0.1 * (1 - cos(0.4 * Double.pi * n))
    let slopes: Double = 2 * square(a) + abs(v["b"] - 0.7) + 0.3 * square(log10(v["c"]) + 1.3) + 0.02 * abs(n)
    return waves + slopes + shift
}

// Values in steps: most small changes change nothing.
private let plateaus4 = BenchFunction(.practice, "plateaus4", optimum: 0, cube(4, -3, 3)) { v in
    zip(v.vector(4), [0.7, -1.2, 1.9, -0.4]).reduce(0) { $0 + square((2 * ($1.0 - $1.1)).rounded()) / 4 }
}

// Integers only, which act on each other.
private let integers5 = BenchFunction(
    .practice, "integers5", optimum: 0,
    (1...5).map { Parameter("n\($0)", .integer(min: 0, max: 30, step: 1, log: false)) }
) { v in
    let best: [Double] = [7, 19, 12, 25, 3]
    let n = (1...5).map { v["n\($0)"] - best[$0 - 1] }
    let pairs: Double = square(n[0] + n[1]) + square(n[1] - n[2]) + 4 * square(n[2]) + square(0.5 * n[3] + n[4])
    return 0.01 * pairs + 0.02 * abs(n[3])
}

// Weierstrass's function, continuous and nearly without slopes: waves upon waves, each half as high and three times as
// narrow.
private let weierstrass4 = BenchFunction(.practice, "weierstrass4", optimum: 0, cube(4, -0.5, 0.5)) { v in
    zip(v.vector(4), [0.13, -0.22, 0.31, -0.08]).reduce(0) { sum, pair in
        let distance = pair.0 - pair.1
        return (0..<12).reduce(sum) { sum, wave in
            sum + pow(0.5, Double(wave)) * (1 - cos(2 * Double.pi * pow(3, Double(wave)) * distance))
        }
    }
}

// Katsuura's function: many minima of nearly the same depth, without any order.
private let katsuura4 = BenchFunction(.practice, "katsuura4", optimum: 0, cube(4, -5, 5)) { v in
    let product = zip(v.vector(4), [1.3, -2.2, 3.1, -0.8]).enumerated().reduce(1.0) { product, pair in
        let x = pair.element.0 - pair.element.1
        let sum = (1...32).reduce(0.0) { sum, power in
            let scaled = pow(2, Double(power)) * x
            return sum + abs(scaled - scaled.rounded()) / pow(2, Double(power))
        }
        return product * pow(1 + Double(pair.offset + 1) * sum, 10 / pow(4, 1.2))
    }
    return 10.0 / 16 * (product - 1)
}

// Schaffer's seventh function: waves in the distance of neighbours, which grow towards the optimum.
private let schaffer5 = BenchFunction(.practice, "schaffer5", optimum: 0, cube(5, -5, 5)) { v in
    let z = zip(v.vector(5), [1.3, -2.2, 3.1, -0.8, 2.4]).map { $0 - $1 }
    let sum = zip(z, z.dropFirst()).reduce(0.0) { sum, pair in
        let s = (pair.0 * pair.0 + pair.1 * pair.1).squareRoot()
        return sum + s.squareRoot() * (1 + square(sin(50 * pow(s, 0.2))))
    }
    return square(sum / 4)
}

// Waves over integers and numbers.
private let ruggedIntegers5 = BenchFunction(
    .practice, "rugged-integers5", optimum: 0,
    [
        Parameter("n1", .integer(min: -5, max: 5, step: 1, log: false)),
        Parameter("n2", .integer(min: -10, max: 10, step: 1, log: false)),
        Parameter("n3", .integer(min: 0, max: 3, step: 1, log: false)),
        Parameter("x1", .uniform(min: -5, max: 5)), Parameter("x2", .uniform(min: -5, max: 5)),
    ]
) { v in
    let z = [v["n1"] - 2, 0.5 * (v["n2"] + 3), v["n3"] - 1, v["x1"] - 1.7, v["x2"] + 2.6]
    return z.reduce(0) { $0 + square($1) + 10 * (1 - cos(2 * Double.pi * $1)) }
}
