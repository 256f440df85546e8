import Foundation
import SweepSearch

/// Functions to practise on of which a part gives no value, or a useless one.
let practiceFailures = [
    halfDiverges4, edgeDiverges5, wall3, wall6, wallOfMost2, wallLog3, flakyBowl4, flakyValley3, flakyTraining,
    flakyHalf4,
]

// Half of the space diverges, and the optimum lies near its border.
private func half(_ x: [Double]) -> Double {
    if x[0] + 0.7 * x[1] > 0.6 { return .nan }
    return square(x[0] + 0.2) + 3 * square(x[1] - 0.9) + square(x[2] - 2.2) + 0.5 * square(x[3] + 1.1 - 0.3 * x[2])
}

private let halfDiverges4 = BenchFunction(.practice, "half-diverges4", optimum: 0, cube(4, -5, 5)) { v in
    half(v.vector(4))
}

// A learning rate that is too large for the width and the momentum diverges; the best is just below.
private let edgeDiverges5 = BenchFunction(
    .practice, "edge-diverges5", optimum: 0,
    [
        Parameter("rate", .logUniform(min: 1e-5, max: 10)), Parameter("width", .uniform(min: 0, max: 1)),
        Parameter("momentum", .uniform(min: 0, max: 1)), Parameter("decay", .logUniform(min: 1e-6, max: 1e-1)),
        Parameter("dropout", .uniform(min: 0, max: 1)),
    ]
) { v in
    let rate = log10(v["rate"])
    let edge = 0.3 - 1.5 * v["width"] - 1.2 * v["momentum"]
    if rate > edge { return .nan }
    return 0.4 * (edge - rate) + square(v["width"] - 0.7) + square(v["momentum"] - 0.4)
        + 0.05 * square(log10(v["decay"]) + 3.5) + 0.3 * square(v["dropout"] - 0.2)
}

/// A wall of finite height that begins beside the optimum.
private func wall(_ x: [Double], height: Double, at border: Double) -> Double {
    let sum = zip(x, [0.35, 0.62, 0.21, 0.74, 0.48, 0.55]).reduce(0) { $0 + 8 * square($1.0 - $1.1) }
    let side = x[0] + 0.5 * x[1] - (0.35 + 0.31) - border
    return side > 0 ? height + 100 * side : sum
}

private let wall3 = BenchFunction(.practice, "wall3", optimum: 0, cube(3, 0, 1)) { v in
    wall(v.vector(3), height: 1e4, at: 0.03)
}

private let wall6 = BenchFunction(.practice, "wall6", optimum: 0, cube(6, 0, 1)) { v in
    wall(v.vector(6), height: 1e4, at: 0.05)
}

// Two thirds of the space lie behind the wall.
private let wallOfMost2 = BenchFunction(.practice, "wall-of-most2", optimum: 0, cube(2, -1, 1)) { v in
    let (x, y) = (v["x1"] + 0.55, v["x2"] - 0.35)
    return x > 0.04 + 0.3 * sin(4 * y) ? 1e4 : 4 * square(x) + 2 * square(y) + square(x * y)
}

// Values over several powers of ten, and a wall that is only a hundred times higher.
private let wallLog3 = BenchFunction(.practice, "wall-log3", optimum: 0, cube(3, -2, 2)) { v in
    let x = v.vector(3)
    if x[2] > 0.5 { return 3e4 }
    return 100 * square(x[1] - square(x[0])) + square(1 - x[0]) + 10 * square(x[2] - 0.4)
}

// A third of all trials fails by chance.
private let flakyBowl4 = BenchFunction(.practice, "flaky-bowl4", optimum: 0, failures: 0.33, cube(4, 0, 1)) { v in
    let x = zip(v.vector(4), [0.31, 0.64, 0.77, 0.42]).map(-)
    return square(x[0] + x[1]) + 2 * square(x[1] - 0.5 * x[2]) + square(x[2]) + 0.5 * square(x[3] + 0.3 * x[0])
}

private let flakyValley3 = BenchFunction(.practice, "flaky-valley3", optimum: 0, failures: 0.2, cube(3, -1, 2)) { v in
    let x = v.vector(3)
    return 20 * square(x[1] - square(x[0])) + square(0.8 - x[0]) + square(x[2] - 0.5 * x[0])
}

private let flakyTraining = BenchFunction(
    .practice, "flaky-training", optimum: 0.1, noise: 0.003, failures: 0.1,
    [
        Parameter("rate", .logUniform(min: 1e-5, max: 1)), Parameter("decay", .logUniform(min: 1e-6, max: 1e-1)),
        Parameter("kind", .choice(["a", "b", "c"])),
        Parameter("layers", .integer(min: 1, max: 8, step: 1, log: false)),
    ]
) { v in
    let kinds: [String: Double] = ["a": 0.02, "b": 0, "c": 0.05]
    let rate: Double = 0.3 * (1 - exp(-square(log10(v["rate"]) + 2.2 + 0.1 * v["layers"]) / 1.2))
    let rest: Double = 0.01 * square(log10(v["decay"]) + 3.4) + 0.003 * square(v["layers"] - 5)
    return 0.1 + rate + rest + (kinds[v.text("kind")] ?? 0)
}

// Half of the space diverges, and elsewhere trials fail by chance.
private let flakyHalf4 = BenchFunction(.practice, "flaky-half4", optimum: 0, failures: 0.15, cube(4, -5, 5)) { v in
    half(v.vector(4))
}
