import Foundation
import LinearAlgebra
import ReversibleCore

// Runs of an optimizer over a few batches, in the kind `train` and inside `net_f32`; and the kind `pinvhess`.

/// Where a kind keeps its batches, and the thresholds of its Gauss-Newton runs.
private func settings(_ contents: GoldenContents) -> (inputs: String, targets: String, pseudoInverse: PseudoInverse) {
    let train = contents.root["train"] as? [String: Any] ?? [:]
    return (
        contents.has("Xs") ? "Xs" : "X", contents.has("Ys") ? "Ys" : "Y",
        PseudoInverse(
            relativeThreshold: number(train["gn_rtol"]) ?? 1e-2, absoluteThreshold: number(train["gn_atol"]) ?? 1e-5)
    )
}

private func rule(_ run: [String: Any], _ contents: GoldenContents) throws -> UpdateRule {
    let rate = number(run["lr"]) ?? 0
    let decay = number(run["weight_decay"]) ?? 0
    switch run["optimizer"] as? String {
    case "sgd": return .descent(rate: rate, momentum: number(run["momentum"]) ?? 0, weightDecay: decay)
    case "adam":
        let adam = (contents.root["train"] as? [String: Any])?["adam"] as? [String: Any] ?? [:]
        return .adam(
            rate: rate, beta1: number(adam["beta1"]) ?? 0.9, beta2: number(adam["beta2"]) ?? 0.999,
            epsilon: number(adam["eps"]) ?? 1e-8, weightDecay: decay)
    default: throw GoldenError(text: "an unknown optimizer: \(run["optimizer"] ?? "none")")
    }
}

/// δ as the research code has it for `damped`: (H + λ·1)⁻¹ averaged over the batch, then applied to every sample.
///
/// Not what the package does, which inverts sample by sample; written out from the definition to follow that code's
/// runs.
func batchAveragedTangent<Scalar: BLASScalar>(
    _ logits: Matrix<Scalar>, targets: Matrix<Scalar>, damping: Double
) throws -> Matrix<Scalar> {
    let classes = logits.columns
    var mean = Matrix<Double>(rows: classes, columns: classes)
    var error = Matrix<Double>(rows: logits.rows, columns: classes)
    for row in 0..<logits.rows {
        let exponentials = (0..<classes).map { exp(Double(logits[row, $0])) }
        let p = exponentials.map { $0 / exponentials.reduce(0, +) }
        var hessian = Matrix<Double>(rows: classes, columns: classes)
        for i in 0..<classes {
            error[row, i] = p[i] - Double(targets[row, i])
            for j in 0..<classes { hessian[i, j] = (i == j ? p[i] + damping : 0) - p[i] * p[j] }
        }
        mean.add(
            try CholeskyFactorization(ofUpper: hessian).solution(of: .identity(classes)), scale: 1 / Double(logits.rows)
        )
    }
    return error.times(mean).converted(to: Scalar.self)
}

func trainingQuantities<Scalar: BLASScalar>(
    _ contents: GoldenContents, _: Scalar.Type, disturbance: UInt64? = nil
) throws -> [Quantity] {
    let reader = GoldenReader<Scalar>(contents: contents, disturbance: disturbance)
    let (inputs, targets, pseudoInverse) = settings(contents)
    var quantities: [Quantity] = []
    for run in contents.expected["runs"] as? [[String: Any]] ?? [] {
        let id = run["id"] as? String ?? ""
        let loss = try loss(run)
        var network = try reader.network()
        var optimizer = Optimizer<Scalar>(try rule(run, contents))
        for step in 0..<(run["steps"] as? [Any] ?? []).count {
            let input = Halves(splitting: try reader.matrix(inputs, at: step))
            let target = try reader.matrix(targets, at: step)
            let output = network.output(of: input)
            let logits = network.logits(of: output)
            let before = loss.value(logits, targets: target)

            let direction: Parameters<Scalar>
            if run["gn"] as? Bool == true {
                let delta =
                    run["loss"] as? String == "ce_damped"
                    ? try batchAveragedTangent(logits, targets: target, damping: number(run["damping"]) ?? 0.1)
                    : loss.gaussNewtonTangent(logits, targets: target)
                direction = try network.gaussNewtonStep(
                    output: output, tangent: network.atOutput(delta), pseudoInverse: pseudoInverse
                ).update
            } else {
                direction =
                    network.gradient(
                        output: output, cotangent: network.atOutput(loss.gradient(logits, targets: target))
                    ).parameters
            }
            optimizer.update(&network.parameters, along: direction)
            let after = loss.value(network.logits(of: network.output(of: input)), targets: target)

            let prefix = "run \(id), step \(step + 1):"
            let accuracy = 100 * Double(Loss.correct(logits, targets: target)) / Double(logits.rows)
            quantities += [
                Quantity(name: "\(prefix) loss before", values: [before]),
                Quantity(name: "\(prefix) accuracy before", values: [accuracy]),
                Quantity(
                    name: "\(prefix) parameters", values: flattened(network.parameters, bias: network.architecture.bias)
                ),
                Quantity(name: "\(prefix) loss after", values: [after]),
                // 100 times the difference of two numbers of size 1.
                Quantity(
                    name: "\(prefix) percentage", values: [100 * (after - before) / before], magnitude: 200),
            ]
        }
    }
    return quantities
}

func trainingExpectations(_ contents: GoldenContents) throws -> [Expectation] {
    let start = try contents.tensor("theta").values
    let lossTolerance = try contents.tolerance("loss_rel")
    var expectations: [Expectation] = []
    for run in contents.expected["runs"] as? [[String: Any]] ?? [] {
        let steps = run["steps"] as? [[String: Any]] ?? []
        for (index, step) in steps.enumerated() {
            let prefix = "run \(run["id"] as? String ?? ""), step \(index + 1):"
            if let value = number(step["loss_before"]) {
                expectations.append(Expectation("\(prefix) loss before", [value], tolerance: lossTolerance))
            }
            if let value = number(step["accuracy_before"]) {
                expectations.append(Expectation("\(prefix) accuracy before", [value], tolerance: 1e-9))
            }
            let after = run["theta_after"] as? [String]
            if let name = after?[index] ?? (index == steps.count - 1 ? run["theta_final"] as? String : nil) {
                let values = try contents.tensor(name).values
                expectations.append(
                    Expectation(
                        "\(prefix) parameters", values, tolerance: number(run["tol_rel_of_displacement"]) ?? 0,
                        scale: distance(values, start)))
            }
            if let value = number(step["loss_after"]) {
                expectations.append(Expectation("\(prefix) loss after", [value], tolerance: lossTolerance))
            }
            if let value = number(step["percentage_loss_change"]) {
                // A kind that states no tolerance of its own: 100 times that of the two losses, twice.
                let tolerance = (try? contents.tolerance("percentage_abs")) ?? 200 * lossTolerance
                expectations.append(Expectation("\(prefix) percentage", [value], tolerance: tolerance, scale: 1))
            }
        }
    }
    return expectations
}

// MARK: Tangents of given logits

func tangentQuantities<Scalar: BLASScalar>(
    _ contents: GoldenContents, _: Scalar.Type, disturbance: UInt64? = nil
) throws -> [Quantity] {
    let reader = GoldenReader<Scalar>(contents: contents, disturbance: disturbance)
    let (targets, readout) = (try reader.matrix("Y"), try reader.matrix("U"))
    let logits = try reader.matrix("out").times(readout)
    var quantities: [Quantity] = []
    func note(_ name: String, _ matrix: Matrix<Scalar>) {
        quantities.append(Quantity(name: name, values: matrix.elements.map { Double($0) }))
    }
    note("logits", logits)
    for (key, loss) in [("mse", Loss.meanSquaredError), ("cross_entropy", .crossEntropy(.identity))] {
        quantities.append(Quantity(name: "loss \(key)", values: [loss.value(logits, targets: targets)]))
    }
    for entry in contents.expected["entries"] as? [[String: Any]] ?? [] {
        let name = entry["delta"] as? String ?? ""
        let delta = try loss(entry).gaussNewtonTangent(logits, targets: targets)
        note(name, delta)
        note("\(name) at the output", delta.timesTransposed(readout))
        if entry["delta_per_sample_correct"] != nil {
            let averaged = try batchAveragedTangent(logits, targets: targets, damping: number(entry["damping"]) ?? 0)
            note("\(name) averaged", averaged)
        }
    }
    // Far from 0 the exponentials of the logits overflow; the tangent is that of the same logits near 0.
    var shifted = logits
    shifted.add(Matrix(rows: logits.rows, columns: logits.columns, repeating: 1000))
    note("shifted", Loss.crossEntropy(.exact).gaussNewtonTangent(shifted, targets: targets))
    // An error of one rounding in a logit of 1000 is a relative one of 1000 roundings in its exponential.
    quantities[quantities.count - 1].magnitude = 1000 * size(quantities[quantities.count - 1].values)
    return quantities
}

func tangentExpectations(_ contents: GoldenContents) throws -> [Expectation] {
    let (exact, damped) = (try contents.tolerance("rel"), try contents.tolerance("damped_rel"))
    var expectations = [Expectation("logits", try contents.tensor("logits").values, tolerance: exact)]
    for (key, value) in contents.expected["loss"] as? [String: Any] ?? [:] {
        expectations.append(Expectation("loss \(key)", [number(value) ?? .nan], tolerance: exact))
    }
    for entry in contents.expected["entries"] as? [[String: Any]] ?? [] {
        let name = entry["delta"] as? String ?? ""
        if let perSample = entry["delta_per_sample_correct"] as? String {
            expectations.append(Expectation(name, try contents.tensor(perSample).values, tolerance: damped))
            expectations.append(
                Expectation("\(name) averaged", try contents.tensor(name).values, tolerance: damped))
        } else {
            expectations.append(Expectation(name, try contents.tensor(name).values, tolerance: exact))
            let atOutput = try contents.tensor(entry["V"] as? String ?? "").values
            expectations.append(Expectation("\(name) at the output", atOutput, tolerance: exact))
        }
    }
    if let shifted = contents.expected["shift_1000"] as? [String: Any], contents.has("delta/ce") {
        expectations.append(
            Expectation(
                "shifted", try contents.tensor("delta/ce").values, tolerance: number(shifted["tol_rel"]) ?? exact))
    }
    return expectations
}
