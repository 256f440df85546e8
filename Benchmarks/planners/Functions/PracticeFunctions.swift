import Foundation
import RandomStreams
import SweepSearch

/// Functions of each kind, on which the constants of the samplers were chosen.
let practiceFunctions =
    [levy4, rastrigin3, ellipsoid6, hills5, training, branches, categories10, stairs4]
    + practiceConditionals + practiceLandscapes + practiceValleys + practiceFailures
    + practiceNoise + practiceBorders

// Smooth with many shallow minima.
private let levy4 = BenchFunction(.practice, "levy4", optimum: 0, cube(4, -10, 10)) { v in levy(v.vector(4)) }

// Many deep minima.
private let rastrigin3 = BenchFunction(.practice, "rastrigin3", optimum: 0, cube(3, -5.12, 5.12)) { v in
    rastrigin(zip(v.vector(3), [1.1, -2.3, 0.7]).map { $0 - $1 })
}

// Smooth, rotated, a thousand times steeper in one direction than in another.
private let ellipsoid6 = BenchFunction(.practice, "ellipsoid6", optimum: 0, cube(6, -5, 5)) { v in
    rotatedEllipsoid(v.vector(6))
}

// Bumps of different heights under noise.
private let hills5 = BenchFunction(.practice, "hills5", optimum: -1, noise: 0.05, cube(5, 0, 1)) { v in
    hills(v.vector(5))
}

// A training run that diverges where the rate is too high.
private let training = BenchFunction(
    .practice, "training", optimum: 0.1, noise: 0.003,
    [
        Parameter("rate", .logUniform(min: 1e-6, max: 10)), Parameter("momentum", .uniform(min: 0, max: 0.999)),
        Parameter("batch", .choice([16, 32, 64, 128, 256, 512])),
        Parameter("depth", .integer(min: 1, max: 12, step: 1, log: false)),
        Parameter("width", .integer(min: 16, max: 2048, step: 1, log: true)),
        Parameter("decay", .logUniform(min: 1e-8, max: 1)),
    ]
) { v in
    let rate = log10(v["rate"]) - log10(1 - v["momentum"]) - 0.5 * log10(v["batch"] / 64) + 1.2
    if rate > 0.9 { return .nan }
    let size = log2(v["width"]) + 2 * log2(v["depth"]) - 12
    return 0.1 + 0.2 * (1 - exp(-square(rate) / 1.5)) + 0.01 * abs(size) + 0.05 * (1 - exp(-size * size / 9))
        + 0.05 * (1 - exp(-square(log10(v["decay"]) + 3.5 + 0.2 * size) / 2))
}

// Three models with what they share, children and grandchildren.
private let branches = BenchFunction(
    .practice, "branches", optimum: 0,
    [
        Parameter("model", .choice(["forest", "boosting", "network"])),
        Parameter("regularization", .logUniform(min: 1e-6, max: 10)),
        Parameter("features", .uniform(min: 0.1, max: 1)),
        Parameter(
            "trees", .integer(min: 10, max: 1000, step: 1, log: true),
            when: [Condition("model", .isOneOf(["forest", "boosting"]))]),
        Parameter(
            "shrinkage", .logUniform(min: 1e-3, max: 1), when: [Condition("model", .equals("boosting"))]),
        Parameter(
            "layers", .integer(min: 1, max: 4, step: 1, log: false), when: [Condition("model", .equals("network"))]),
        Parameter("rate", .logUniform(min: 1e-5, max: 1), when: [Condition("model", .equals("network"))]),
        Parameter("skip", .choice(["no", "yes"]), when: [Condition("layers", .comparison(.greaterOrEqual, 3))]),
    ]
) { v in
    // What the models share matters to all of them in the same way.
    let shared = 0.3 * square(log10(v["regularization"]) + 2) / 9 + 0.4 * square(v["features"] - 0.6)
    switch v.text("model") {
    case "forest": return shared + 0.08 + 0.1 * square(log10(v["trees"]) - 2.7)
    case "boosting":
        let budget = log10(v["trees"]) + log10(v["shrinkage"]) - 1.3
        return shared + 0.2 * (1 - exp(-square(budget) / 0.3)) + 0.02 * square(log10(v["trees"]) - 2.5)
    default:
        let (layers, rate) = (v["layers"], log10(v["rate"]))
        let skip = layers < 3 ? 0 : v.text("skip") == "yes" ? -0.02 : 0.05
        return shared + 0.04 + 0.01 * (4 - layers) + skip + 0.2 * (1 - exp(-square(rate + 2.5) / 0.5))
    }
}

// Categories only, neighbours interact.
private let categories10 = BenchFunction(
    .practice, "categories10", optimum: 0,
    (0..<10).map { index in
        Parameter("c\(index)", .choice((0..<(2 + index % 5)).map { .integer($0) }))
    }
) { v in plantedCategories((0..<10).map { Int(v["c\($0)"]) }) }

// Stairs of integers.
private let stairs4 = BenchFunction(
    .practice, "stairs4", optimum: 0,
    (0..<4).map { Parameter("k\($0)", .integer(min: 0, max: 20 + 30 * $0, step: 1, log: false)) }
) { v in
    (0..<4).reduce(0) { sum, index in
        let distance = abs(v["k\(index)"] - [13, 11, 62, 40][index]) / Double(20 + 30 * index)
        return sum + (8 * distance).rounded(.up) / 8 + 0.3 * distance
    }
}

func levy(_ x: [Double]) -> Double {
    let w = x.map { 1 + ($0 - 1) / 4 }
    let last = w[w.count - 1]
    var sum = square(sin(.pi * w[0])) + square(last - 1) * (1 + square(sin(2 * .pi * last)))
    for u in w.dropLast() { sum += square(u - 1) * (1 + 10 * square(sin(.pi * u + 1))) }
    return sum
}

func rastrigin(_ x: [Double]) -> Double {
    var sum = 0.0
    for u in x { sum += 10 + u * u - 10 * cos(2 * .pi * u) }
    return sum
}

private func rotatedEllipsoid(_ x: [Double]) -> Double {
    // Two reflections make a rotation without an axis of its own.
    let centre = [1.3, -0.4, 2.2, -3.1, 0.2, 1.9]
    var y = zip(x, centre).map { $0 - $1 }
    for mirror in [[1, 2, -1, 0.5, 1, -2], [0.5, -1, 1, 2, -0.5, 1]] as [[Double]] {
        let length: Double = mirror.map(square).reduce(0, +)
        let scale: Double = 2 * zip(y, mirror).map(*).reduce(0, +) / length
        y = zip(y, mirror).map { $0 - scale * $1 }
    }
    var sum = 0.0
    for (index, u) in y.enumerated() { sum += pow(10, 0.6 * Double(index)) * u * u }
    return sum
}

/// The upper hull of 12 bumps, the highest of height 1.
private func hills(_ x: [Double]) -> Double {
    var random = RandomStream(seed: 5, stream: 1)
    var best = 0.0
    for bump in 0..<12 {
        let centre = x.map { _ in 0.1 + 0.8 * random.uniform() }
        let width = 0.15 + 0.25 * random.uniform()
        let height = bump == 0 ? 1 : 0.3 + 0.55 * random.uniform()
        let distance = zip(x, centre).reduce(0) { $0 + square($1.0 - $1.1) }
        best = max(best, height * exp(-distance / (2 * width * width)))
    }
    return -best
}

private func plantedCategories(_ chosen: [Int]) -> Double {
    var random = RandomStream(seed: 6, stream: 1)
    var sum = 0.0
    var previous: (choice: Int, isBest: Bool)?
    for (index, choice) in chosen.enumerated() {
        let count = 2 + index % 5
        let best = Int(random.integer(below: UInt64(count)))
        let costs = (0..<count).map { _ in random.uniform() }
        let pairs = (0..<36).map { _ in random.uniform() }
        let isBest = choice == best
        if !isBest { sum += costs[choice] }
        if let previous, !(isBest && previous.isBest) { sum += 0.7 * pairs[6 * previous.choice + choice] }
        previous = (choice, isBest)
    }
    return sum
}
