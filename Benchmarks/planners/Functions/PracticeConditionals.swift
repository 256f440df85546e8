import Foundation
import SweepSearch

/// Conditional spaces to practise on: many branches, deep chains, branches of unequal size, and independent switches.
let practiceConditionals = [solvers, chain, unequal, switches]

// Four methods with rates of their own and tails in common; the best decay depends on the effective rate.
private let solvers = BenchFunction(
    .practice, "solvers", optimum: 0,
    [
        Parameter("method", .choice(["plain", "adaptive", "layerwise", "newton"])),
        Parameter("plain_rate", .logUniform(min: 1e-4, max: 10), when: [Condition("method", .equals("plain"))]),
        Parameter("adaptive_rate", .logUniform(min: 1e-6, max: 0.1), when: [Condition("method", .equals("adaptive"))]),
        Parameter("layer_rate", .logUniform(min: 1e-4, max: 1), when: [Condition("method", .equals("layerwise"))]),
        Parameter("trust", .uniform(min: 0, max: 1), when: [Condition("method", .equals("layerwise"))]),
        Parameter("damping", .logUniform(min: 1e-8, max: 1), when: [Condition("method", .equals("newton"))]),
        Parameter(
            "memory", .integer(min: 2, max: 64, step: 1, log: true), when: [Condition("method", .equals("newton"))]),
        Parameter(
            "average", .uniform(min: 0, max: 0.999), when: [Condition("method", .isOneOf(["plain", "adaptive"]))]),
        Parameter("decay", .logUniform(min: 1e-7, max: 1)),
        Parameter("batch", .integer(min: 8, max: 512, step: 1, log: true)),
    ]
) { v in
    let batch = log2(v["batch"] / 64)
    var loss: Double
    var tail = 0.0
    switch v.text("method") {
    case "plain":
        let rate = log10(v["plain_rate"]) - log10(1 - v["average"]) - 0.3 * batch - 0.2
        tail = 0.3 * rate
        loss = 0.02 + 0.3 * (1 - exp(-square(rate) / 0.3)) + 0.05 * square(v["average"] - 0.7)
    case "adaptive":
        let rate = log10(v["adaptive_rate"]) - 0.15 * batch + 2.8
        tail = 0.2 * rate
        loss = 0.03 + 0.15 * (1 - exp(-square(rate) / 1.2)) + 0.04 * square(v["average"] - 0.9)
    case "layerwise":
        let rate = log10(v["layer_rate"]) + 1.6
        loss = 0.15 * (1 - exp(-square(rate) / 0.4)) + 0.2 * square(v["trust"] - 0.35 - 0.1 * rate)
    default:
        let damping = log10(v["damping"]) + 3.5 + 0.2 * batch
        loss = 0.05 + 0.1 * (1 - exp(-square(damping) / 2)) + 0.02 * square(log2(v["memory"]) - 4)
    }
    return loss + 0.08 * (1 - exp(-square(log10(v["decay"]) + 3 - tail) / 2.5)) + 0.004 * batch * batch
}

// Conditions on conditions, four deep; whether to go down is only worth it with the right values at the bottom.
private let chain = BenchFunction(
    .practice, "chain", optimum: 0,
    [
        Parameter("augment", .choice(["none", "light", "strong"])),
        Parameter(
            "strength", .integer(min: 1, max: 10, step: 1, log: false),
            when: [Condition("augment", .equals("strong"))]),
        Parameter("mix", .choice(["no", "yes"]), when: [Condition("strength", .comparison(.greaterOrEqual, 4))]),
        Parameter("alpha", .logUniform(min: 0.01, max: 10), when: [Condition("mix", .equals("yes"))]),
        Parameter("backbone", .choice(["dense", "convolution"])),
        Parameter("units", .integer(min: 16, max: 1024, step: 1, log: true)),
        Parameter(
            "stages", .integer(min: 1, max: 4, step: 1, log: false),
            when: [Condition("backbone", .equals("convolution"))]),
        Parameter("kernel", .choice([3, 5, 7]), when: [Condition("stages", .comparison(.greaterOrEqual, 2))]),
        Parameter("rate", .logUniform(min: 1e-5, max: 1)),
    ]
) { v in
    var loss = 0.1 * (1 - exp(-square(log10(v["rate"]) + 2.2) / 0.8))
    switch v.text("augment") {
    case "none": loss += 0.06
    case "light": loss += 0.035
    default:
        loss += 0.02 + 0.0015 * square(v["strength"] - 6)
        if v.text("mix") == "yes" { loss += -0.02 + 0.04 * (1 - exp(-square(log10(v["alpha"]) + 0.5) / 0.3)) }
    }
    if v.text("backbone") == "dense" { return loss + 0.06 + 0.02 * square(log10(v["units"]) - 2.5) }
    let stages = v["stages"]
    loss += 0.01 * square(stages - 3) + 0.03 * square(log10(v["units"]) - 2)
    return stages < 2 ? loss : loss + ([3: 0.01, 5: 0, 7: 0.03][v["kernel"]] ?? 0)
}

// The best branch has six parameters, a mediocre one a single one that is quickly settled.
private let unequal = BenchFunction(
    .practice, "unequal", optimum: 0,
    [
        Parameter("family", .choice(["linear", "kernel", "deep"])),
        Parameter(
            "cost", .logUniform(min: 1e-4, max: 1e4), when: [Condition("family", .isOneOf(["linear", "kernel"]))]),
        Parameter("gamma", .logUniform(min: 1e-5, max: 10), when: [Condition("family", .equals("kernel"))]),
    ]
        + (1...6).map { index in
            Parameter("d\(index)", .uniform(min: 0, max: 1), when: [Condition("family", .equals("deep"))])
        }
) { v in
    switch v.text("family") {
    case "linear": return 0.11 + 0.05 * (1 - exp(-square(log10(v["cost"])) / 3))
    case "kernel":
        let (cost, gamma) = (log10(v["cost"]) - 1, log10(v["gamma"]) + 2)
        return 0.05 + 0.15 * (1 - exp(-square(cost + gamma) / 0.8 - square(gamma) / 3))
    default:
        let best = [0.3, 0.7, 0.45, 0.2, 0.6, 0.85]
        let weights = [1, 0.6, 0.3, 0.3, 0.1, 0.05]
        let x = zip((1...6).map({ v["d\($0)"] }), best).map { $0 - $1 }
        let sum = zip(x, weights).reduce(0) { $0 + $1.1 * square($1.0) } + 0.5 * x[0] * x[1]
        return 0.4 * (1 - exp(-sum / 0.4))
    }
}

// Five parts that can be left out, each with a parameter of its own that decides whether it helps or hurts.
private let switches = BenchFunction(
    .practice, "switches", optimum: 0,
    (1...5).flatMap { index in
        [
            Parameter("use\(index)", .choice(["no", "yes"])),
            Parameter("amount\(index)", .uniform(min: 0, max: 1), when: [Condition("use\(index)", .equals("yes"))]),
        ]
    } + [Parameter("rate", .logUniform(min: 1e-4, max: 1))]
) { v in
    let best = [0.2, 0.8, 0.5, 0.35, 0.6]
    let gains = [0.08, 0.05, 0.03, 0.02, -0.02]
    let rate = log10(v["rate"]) + 2
    var loss = 0.1 * (1 - exp(-square(rate) / 0.6)) + 0.18
    for index in 0..<5 where v.text("use\(index + 1)") == "yes" {
        let distance = square(v["amount\(index + 1)"] - best[index] - (index == 1 ? 0.1 * rate : 0))
        loss += 0.15 * (1 - exp(-distance / 0.05)) - gains[index]
    }
    return loss
}
