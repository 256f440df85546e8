import Foundation
import SweepSearch

/// Error against size: functions with choices and conditional parameters.
let mixedVectorFunctions = [netcost, netdigits]

// The error and the cost of a made-up network. Its shape decides about the cost and the least error; optimizer and
// regularizer about how much is lost of that, which can be nothing. So the front is that of the shapes.
private let netcost = VectorFunction(
    .mixed, "netcost", reference: [0.35, 20], front: NetShape.all.map { [$0.error, $0.cost] },
    [
        Parameter("kind", .choice(["dense", "convolution"])),
        Parameter("layers", .integer(min: 1, max: 6, step: 1, log: false)),
        Parameter("units", .integer(min: 8, max: 512, step: 1, log: true)),
        Parameter("kernel", .choice([3, 5, 7]), when: [Condition("kind", .equals("convolution"))]),
        Parameter("optimizer", .choice(["sgd", "adam"])),
        Parameter("sgd_rate", .logUniform(min: 1e-4, max: 1), when: [Condition("optimizer", .equals("sgd"))]),
        Parameter("momentum", .uniform(min: 0, max: 0.99), when: [Condition("optimizer", .equals("sgd"))]),
        Parameter("adam_rate", .logUniform(min: 1e-6, max: 0.1), when: [Condition("optimizer", .equals("adam"))]),
        Parameter("regularizer", .choice(["none", "dropout", "decay"])),
        Parameter("dropout", .uniform(min: 0, max: 0.8), when: [Condition("regularizer", .equals("dropout"))]),
        Parameter("decay", .logUniform(min: 1e-7, max: 0.1), when: [Condition("regularizer", .equals("decay"))]),
    ]
) { v in
    let shape = NetShape(
        layers: v["layers"], units: v["units"], kernel: v.text("kind") == "dense" ? nil : v["kernel"])
    let width = log2(shape.units / 64)
    var error = shape.error
    if v.text("optimizer") == "sgd" {
        let rate = log10(v["sgd_rate"]) - log10(1 - v["momentum"]) + 0.8 + 0.2 * width
        error += 0.25 * (1 - exp(-square(rate) / 0.3)) + 0.06 * square(v["momentum"] - 0.9)
    } else {
        let rate = log10(v["adam_rate"]) + 2.8 + 0.1 * width
        error += 0.01 + 0.15 * (1 - exp(-square(rate) / 0.8))
    }
    let excess = max(0, shape.capacity - 3)
    switch v.text("regularizer") {
    case "dropout": error += 0.1 * square(v["dropout"] - 0.08 * excess)
    case "decay": error += 0.004 + 0.02 * (1 - exp(-square(log10(v["decay"]) + 3.5) / 2))
    default: error += 0.02 * excess
    }
    return ObjectiveVector(values: [error, shape.cost])
}

private struct NetShape {
    var layers: Double
    var units: Double
    /// Nil where the layers are dense.
    var kernel: Double?

    static let all: [NetShape] = (1...6).flatMap { layers in
        (8...512).flatMap { units in
            ([nil, 3, 5, 7] as [Double?]).map { NetShape(layers: Double(layers), units: Double(units), kernel: $0) }
        }
    }

    var capacity: Double {
        let gains: [Double: Double] = [5: 0.25, 7: 0.35]
        let gain = kernel.flatMap { gains[$0] } ?? 0
        return 0.35 * log2(units) + (kernel == nil ? 0.5 : 0.65) * layers + gain
    }

    /// The least one.
    var error: Double { 0.04 + 0.5 * exp(-0.55 * capacity) }

    /// In milliseconds for an input.
    var cost: Double {
        let factors: [Double: Double] = [3: 2, 5: 3.5, 7: 6]
        let factor = kernel.flatMap { factors[$0] } ?? 1
        return layers * (0.1 + units / 100) * factor
    }
}

// Networks that were trained on the handwritten digits: the test error, and the decimal logarithm of how many weights
// they have. `netdigits.csv` has a row for each, made by `netdigits.py`; other numbers of units and other rates are
// those of the nearest one.
private let netdigits = VectorFunction(
    .mixed, "netdigits", reference: [0.6, 4.2], front: NetTable.digits.values,
    [
        Parameter("layers", .integer(min: 1, max: 3, step: 1, log: false)),
        Parameter("units", .integer(min: 2, max: 64, step: 1, log: true)),
        Parameter("activation", .choice(["relu", "tanh"])), Parameter("optimizer", .choice(["sgd", "adam"])),
        Parameter("sgd_rate", .logUniform(min: 1e-3, max: 1), when: [Condition("optimizer", .equals("sgd"))]),
        Parameter("adam_rate", .logUniform(min: 1e-4, max: 0.1), when: [Condition("optimizer", .equals("adam"))]),
    ]
) { v in ObjectiveVector(values: NetTable.digits.values(of: v)) }

private struct NetTable: Sendable {
    private struct Net: Sendable {
        var layers: Double
        var units: Double
        var activation: String
        var optimizer: String
        var rate: Double
        /// The error, and the decimal logarithm of the number of weights.
        var values: [Double]
    }

    static let digits = NetTable()
    private let nets: [Net]

    var values: [[Double]] { nets.map(\.values) }

    private init() {
        nets = resourceRows("netdigits").map { fields in
            let numbers = fields.map { Double($0) ?? .nan }
            return Net(
                layers: numbers[0], units: numbers[1], activation: fields[2], optimizer: fields[3], rate: numbers[4],
                values: [numbers[5], log10(numbers[6])])
        }
    }

    /// Those of the nearest net with the same layers, activation and optimizer.
    func values(of v: Values) -> [Double] {
        let rate = v["\(v.text("optimizer"))_rate"]
        func distance(_ net: Net) -> Double { abs(log(net.units / v["units"])) + abs(log(net.rate / rate)) }
        let alike = nets.filter { net in
            net.layers == v["layers"] && net.activation == v.text("activation")
                && net.optimizer == v.text("optimizer")
        }
        return alike.min { distance($0) < distance($1) }?.values ?? [.nan, .nan]
    }
}
