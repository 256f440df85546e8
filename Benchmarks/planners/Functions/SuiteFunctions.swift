import Foundation
import SweepSearch

/// The eight functions on which the peers were measured.
let suiteFunctions = [branin, hartmann6, rosenbrock4, ackley5, lrwd, mixed, condopt, svmdigits]

private let branin = BenchFunction(
    .suite, "branin", optimum: 0.39788735772973816,
    [
        Parameter("x1", .uniform(min: -5, max: 10)), Parameter("x2", .uniform(min: 0, max: 15)),
    ]
) { v in
    let x = v["x1"]
    let u = v["x2"] - 5.1 / (4 * .pi * .pi) * x * x + 5 / .pi * x - 6
    return u * u + 10 * (1 - 1 / (8 * .pi)) * cos(x) + 10
}

private let hartmann6 = BenchFunction(.suite, "hartmann6", optimum: -3.3223680114155147, cube(6, 0, 1)) { v in
    hartmann(v.vector(6), hartmann6Scales, hartmann6Centres)
}

private let rosenbrock4 = BenchFunction(.suite, "rosenbrock4", optimum: 0, cube(4, -2.048, 2.048)) { v in
    rosenbrock(v.vector(4))
}

private let ackley5 = BenchFunction(.suite, "ackley5", optimum: 0, cube(5, -32.768, 32.768)) { v in
    ackley(zip(v.vector(5), [7.3, -12.1, 3.9, 18.4, -21.7]).map { $0 - $1 })
}

private let lrwd = BenchFunction(
    .suite, "lrwd", optimum: 0.05,
    [
        Parameter("lr", .logUniform(min: 1e-5, max: 1)), Parameter("weight_decay", .logUniform(min: 1e-7, max: 0.1)),
        Parameter("momentum", .uniform(min: 0, max: 0.99)), Parameter("warmup", .uniform(min: 0, max: 0.5)),
    ]
) { v in
    let (rate, momentum) = (log10(v["lr"]), v["momentum"])
    let effective = rate - log10(1 - momentum) + 1.5
    let decay = rate + log10(v["weight_decay"]) + 6
    return 0.05 + 0.15 * (1 - exp(-square(effective) / 0.5)) + 0.10 * (1 - exp(-square(decay) / 1.28))
        + 0.3 * square(v["warmup"] - 0.1) + 0.6 * (1 - exp(-3 * square(max(0, effective - 0.7))))
        + 0.05 * square(momentum - 0.9)
}

private let mixed = BenchFunction(
    .suite, "mixed", optimum: 0.02,
    [
        Parameter("layers", .integer(min: 1, max: 6, step: 1, log: false)),
        Parameter("units", .integer(min: 8, max: 512, step: 1, log: true)),
        Parameter("activation", .choice(["relu", "tanh", "gelu", "sigmoid"])),
        // In twentieths.
        Parameter("dropout", .integer(min: 0, max: 12, step: 1, log: false)),
        Parameter("batch", .choice([16, 32, 64, 128, 256])),
        Parameter("norm", .choice(["none", "batch", "layer"])),
        Parameter("lr", .logUniform(min: 1e-5, max: 0.1)),
    ]
) { v in mixedNetwork(v) }

private let condopt = BenchFunction(
    .suite, "condopt", optimum: 0.04,
    [
        Parameter("optimizer", .choice(["sgd", "adam"])),
        Parameter("sgd_lr", .logUniform(min: 1e-4, max: 1), when: [Condition("optimizer", .equals("sgd"))]),
        Parameter("sgd_momentum", .uniform(min: 0, max: 0.99), when: [Condition("optimizer", .equals("sgd"))]),
        Parameter("sgd_nesterov", .choice(["no", "yes"]), when: [Condition("optimizer", .equals("sgd"))]),
        Parameter("adam_lr", .logUniform(min: 1e-6, max: 0.1), when: [Condition("optimizer", .equals("adam"))]),
        Parameter("adam_beta1", .uniform(min: 0.5, max: 0.99), when: [Condition("optimizer", .equals("adam"))]),
        Parameter("adam_eps", .logUniform(min: 1e-10, max: 1e-3), when: [Condition("optimizer", .equals("adam"))]),
        Parameter("schedule", .choice(["constant", "cosine", "step"])),
        Parameter("step_gamma", .uniform(min: 0.1, max: 0.9), when: [Condition("schedule", .equals("step"))]),
        Parameter("weight_decay", .logUniform(min: 1e-7, max: 0.1)),
    ]
) { v in conditionalOptimizer(v) }

private let svmdigits = BenchFunction(
    .suite, "svmdigits", optimum: 0.013,
    [
        Parameter("kernel", .choice(["linear", "rbf", "poly"])),
        Parameter("C", .logUniform(min: 0.03125, max: 32768)),
        Parameter(
            "gamma", .logUniform(min: 3.0517578125e-05, max: 8),
            when: [Condition("kernel", .isOneOf(["rbf", "poly"]))]),
        Parameter(
            "degree", .integer(min: 2, max: 5, step: 1, log: false), when: [Condition("kernel", .equals("poly"))]),
    ]
) { v in SupportVectorTable.digits.error(v) }

let hartmann6Scales: [[Double]] = [
    [10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14],
]
let hartmann6Centres: [[Double]] = [
    [1312, 1696, 5569, 124, 8283, 5886], [2329, 4135, 8307, 3736, 1004, 9991],
    [2348, 1451, 3522, 2883, 3047, 6650], [4047, 8828, 8732, 5743, 1091, 381],
]

/// - Parameter centres: in ten-thousandths.
func hartmann(_ x: [Double], _ scales: [[Double]], _ centres: [[Double]]) -> Double {
    var sum = 0.0
    for (weight, (scale, centre)) in zip([1, 1.2, 3, 3.2], zip(scales, centres)) {
        var exponent = 0.0
        for dimension in x.indices { exponent += scale[dimension] * square(x[dimension] - centre[dimension] * 1e-4) }
        sum += weight * exp(-exponent)
    }
    return -sum
}

func rosenbrock(_ x: [Double]) -> Double {
    zip(x, x.dropFirst()).reduce(0) { sum, pair in
        sum + 100 * square(pair.1 - pair.0 * pair.0) + square(1 - pair.0)
    }
}

func ackley(_ x: [Double]) -> Double {
    let count = Double(x.count)
    let squares = x.map(square).reduce(0, +)
    let cosines = x.map { cos(2 * .pi * $0) }.reduce(0, +)
    return -20 * exp(-0.2 * (squares / count).squareRoot()) - exp(cosines / count) + 20 + M_E
}

private func mixedNetwork(_ v: Values) -> Double {
    let (layers, batch) = (v["layers"], v["batch"])
    let (activation, norm) = (v.text("activation"), v.text("norm"))
    var loss = 0.02 + (["relu": 0.03, "tanh": 0.05, "sigmoid": 0.12][activation] ?? 0)
    if activation == "sigmoid" && norm == "none" { loss += 0.02 * (layers - 1) }
    loss += norm == "none" ? 0.04 : norm == "layer" ? 0.015 : batch >= 64 ? 0 : 0.05
    let capacity = 0.5 * log2(v["units"]) + layers - 6.5
    loss += 0.2 * (1 - exp(-0.08 * square(capacity)))
    loss += 0.6 * square(v["dropout"] / 20 - (0.1 + 0.05 * capacity))
    let rate = log10(v["lr"]) + 2.7 - 0.5 * log10(batch / 64)
    return loss + 0.25 * (1 - exp(-0.5 * square(rate)))
}

private func conditionalOptimizer(_ v: Values) -> Double {
    var loss: Double
    if v.text("optimizer") == "sgd" {
        let momentum = v["sgd_momentum"]
        let rate = log10(v["sgd_lr"]) - log10(1 - momentum) + 0.5
        loss = 0.04 + 0.25 * (1 - exp(-square(rate) / 0.18)) + 0.08 * square(momentum - 0.9)
        if v.text("sgd_nesterov") == "no" { loss += 0.01 }
    } else {
        let rate = log10(v["adam_lr"]) + 3
        loss =
            0.06 + 0.2 * (1 - exp(-square(rate) / 0.98)) + 0.1 * square(v["adam_beta1"] - 0.9)
            + 0.002 * square(log10(v["adam_eps"]) + 8)
    }
    switch v.text("schedule") {
    case "constant": loss += 0.03
    case "step": loss += 0.008 + 0.06 * square(v["step_gamma"] - 0.4)
    default: break
    }
    return loss + 0.06 * (1 - exp(-square(log10(v["weight_decay"]) + 3.5) / 2))
}

/// Test errors of support vector machines on the handwritten digits, tabulated; `svmdigits.csv` has a row for each.
private struct SupportVectorTable: Sendable {
    static let digits = SupportVectorTable()
    private let errors: [String: Double]

    private init() {
        var errors = [String: Double]()
        for fields in resourceRows("svmdigits") {
            let numbers = fields[1...3].map { Double($0) ?? 0 }
            errors[Self.key(fields[0], numbers[0], numbers[1], numbers[2])] = Double(fields[4])
        }
        self.errors = errors
    }

    func error(_ v: Values) -> Double {
        let kernel = v.text("kernel")
        let (cost, gamma) = (log2(v["C"]), log2(v["gamma"]))
        let key =
            switch kernel {
            case "linear": Self.key(kernel, snap(cost, -5, 0.5, 41), 0, 0)
            case "rbf": Self.key(kernel, snap(cost, -5, 0.5, 41), snap(gamma, -15, 0.5, 37), 0)
            default: Self.key(kernel, snap(cost, -5, 1, 21), snap(gamma, -15, 1, 19), v["degree"])
            }
        return errors[key] ?? .nan
    }

    private static func key(_ kernel: String, _ cost: Double, _ gamma: Double, _ degree: Double) -> String {
        "\(kernel) \(cost) \(gamma) \(degree)"
    }
}

/// The nearest of `count` points from `start` in steps.
private func snap(_ x: Double, _ start: Double, _ step: Double, _ count: Double) -> Double {
    start + step * min(max(((x - start) / step + 0.5).rounded(.down), 0), count - 1)
}
