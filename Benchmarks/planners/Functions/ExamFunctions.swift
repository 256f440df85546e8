import Foundation
import RandomStreams
import SweepSearch

/// Functions on which the samplers were measured only after their constants had been chosen.
let examFunctions = [camel6, michalewicz5, styblinski8, sparse20, noisyhartmann3, pipeline, table5, valleys6]

private let camel6 = BenchFunction(
    .exam, "camel6", optimum: -1.0316284534898774,
    [Parameter("x1", .uniform(min: -3, max: 3)), Parameter("x2", .uniform(min: -2, max: 2))]
) { v in
    let (x, y) = (v["x1"], v["x2"])
    return (4 - 2.1 * x * x + x * x * x * x / 3) * x * x + x * y + (4 * y * y - 4) * y * y
}

private let michalewicz5 = BenchFunction(.exam, "michalewicz5", optimum: -4.687658179088148, cube(5, 0, .pi)) { v in
    var sum = 0.0
    for (index, x) in v.vector(5).enumerated() { sum += sin(x) * pow(sin(Double(index + 1) * x * x / .pi), 20) }
    return -sum
}

private let styblinski8 = BenchFunction(.exam, "styblinski8", optimum: -39.16616570377142 * 8, cube(8, -5, 5)) { v in
    var sum = 0.0
    for x in v.vector(8) { sum += (x * x * x * x - 16 * x * x + 5 * x) / 2 }
    return sum
}

// Twenty dimensions of which four matter.
private let sparse20 = BenchFunction(.exam, "sparse20", optimum: 0, cube(20, 0, 1)) { v in
    let (a, b, c, d) = (v["x3"] - 0.2, v["x8"] - 0.7, v["x14"] - 0.4, v["x19"] - 0.85)
    return square(a + b) + square(a - 0.7 * b) + 2 * square(c) + square(d + 0.5 * c)
}

private let noisyhartmann3 = BenchFunction(
    .exam, "noisyhartmann3", optimum: -3.8627797869493365, noise: 0.2, cube(3, 0, 1)
) { v in
    hartmann(
        v.vector(3), [[3, 10, 30], [0.1, 10, 35], [3, 10, 30], [0.1, 10, 35]],
        [[3689, 1170, 2673], [4699, 4387, 7470], [1091, 8732, 5547], [381, 5743, 8828]])
}

// An optimizer's learning rates with cliffs, chains of conditions and divergence.
private let pipeline = BenchFunction(
    .exam, "pipeline", optimum: 0.2,
    [
        Parameter("scaling", .choice(["none", "standard", "quantile"])),
        Parameter(
            "bins", .integer(min: 2, max: 1000, step: 1, log: true), when: [Condition("scaling", .equals("quantile"))]
        ),
        Parameter("solver", .choice(values: ["sgd", "lbfgs", "newton"], weights: [2, 1, 1])),
        Parameter(
            "rate", .logUniform(min: 1e-5, max: 10), when: [Condition("solver", .isOneOf(["sgd", "newton"]))]),
        Parameter("momentum", .uniform(min: 0, max: 0.99), when: [Condition("solver", .equals("sgd"))]),
        Parameter("damping", .logUniform(min: 1e-8, max: 10), when: [Condition("solver", .equals("newton"))]),
        Parameter(
            "memory", .integer(min: 1, max: 50, step: 1, log: true), when: [Condition("solver", .equals("lbfgs"))]),
        Parameter("penalty", .logUniform(min: 1e-6, max: 1e3)),
        Parameter("ratio", .uniform(min: 0, max: 1), when: [Condition("penalty", .comparison(.greater, 1e-3))]),
    ]
) { v in
    var loss = 0.2
    switch v.text("scaling") {
    case "none": loss += 0.06
    case "standard": loss += 0.02
    default: loss += 0.03 * square(log10(v["bins"]) - 1.7)
    }
    switch v.text("solver") {
    case "sgd":
        let rate = log10(v["rate"]) - log10(1 - v["momentum"]) + 1
        if rate > 1.5 { return .nan }
        loss += 0.01 + 0.1 * (1 - exp(-square(rate) / 0.6))
    case "newton":
        let rate = log10(v["rate"])
        if rate > 0.6 && v["damping"] < 1e-3 { return .nan }
        loss += 0.15 * (1 - exp(-square(rate) / 0.5)) + 0.02 * square(log10(v["damping"]) + 2)
    default: loss += 0.03 + 0.02 * (1 - exp(-square(log10(v["memory"]) - 1)))
    }
    let penalty = log10(v["penalty"])
    loss += 0.1 * (1 - exp(-square(penalty + 1) / 2))
    return loss + (penalty > -3 ? 0.05 * square(v["ratio"] - 0.3) : 0)
}

// A table of 5·8·6·4·7 entries: ordered sizes, one category, and roughness.
private let table5 = BenchFunction(
    .exam, "table5", optimum: 0,
    [
        Parameter("a", .integer(min: 0, max: 4, step: 1, log: false)),
        Parameter("b", .integer(min: 1, max: 8, step: 1, log: true)), Parameter("c", .choice([0, 1, 2, 3, 4, 5])),
        Parameter("d", .integer(min: 0, max: 3, step: 1, log: false)),
        Parameter("e", .integer(min: 0, max: 6, step: 1, log: false)),
    ]
) { v in
    let index = ["a", "b", "c", "d", "e"].map { UInt64(v[$0]) }
    if index == [3, 2, 4, 1, 5] { return 0 }
    var rough = RandomStream(seed: 7, stream: index[0] * 8 + index[1], index[2], index[3] * 7 + index[4])
    let (a, b, d, e) = (v["a"] - 3, log2(v["b"]) - 1, v["d"] - 1, v["e"] - 5)
    let category = [0.3, 0.1, 0.5, 0.2, 0, 0.4][Int(index[2])]
    return 0.02 + 0.05 * rough.uniform() + category + 0.05 * square(a + 0.5 * d) + 0.08 * square(b - 0.3 * e)
        + 0.03 * (square(d) + square(e))
}

// The mean of two far apart valleys of different widths: a broad one and a narrow, deeper one.
private let valleys6 = BenchFunction(.exam, "valleys6", optimum: 0, cube(6, 0, 1)) { v in
    let x = v.vector(6)
    let broad = x.reduce(0) { $0 + square($1 - 0.3) }
    let narrow = x.reduce(0) { $0 + square($1 - 0.75) }
    return min(0.15 + broad, 6 * narrow)
}
