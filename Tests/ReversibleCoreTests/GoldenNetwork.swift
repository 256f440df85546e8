import LinearAlgebra
import ReversibleCore

// The kinds `net` and `net_f32`: one network, one batch, everything that is computed of them.

/// The names that the reference gives to methods and losses.
func pseudoInverse(_ entry: [String: Any]) throws -> PseudoInverse {
    let methods: [String: PseudoInverse.Method] = ["default": .svd, "qr": .qr, "tp": .transpose, "damped": .damped]
    guard let method = methods[entry["method"] as? String ?? ""], let relative = number(entry["rtol"]),
        let absolute = number(entry["atol"])
    else { throw GoldenError(text: "an unknown pseudo-inverse: \(entry)") }
    return PseudoInverse(method, relativeThreshold: relative, absoluteThreshold: absolute)
}

func loss(_ entry: [String: Any]) throws -> Loss {
    switch entry["loss"] as? String {
    case "mse": return .meanSquaredError
    case "ce_identity", "cross_entropy": return .crossEntropy(.identity)
    case "ce": return .crossEntropy(.exact)
    case "ce_damped": return .crossEntropy(.damped(number(entry["damping"]) ?? 0))
    default: throw GoldenError(text: "an unknown loss: \(entry["loss"] ?? "none")")
    }
}

private func label(_ entry: [String: Any]) -> String {
    "\(entry["loss"] ?? "") by \(entry["method"] ?? "") \(entry["rtol"] ?? "")/\(entry["atol"] ?? "")"
}

private let backpropagated: [(key: String, loss: Loss)] = [
    ("mse", .meanSquaredError), ("cross_entropy", .crossEntropy(.identity)),
]

func networkQuantities<Scalar: BLASScalar>(
    _ contents: GoldenContents, _: Scalar.Type, disturbance: UInt64? = nil
) throws -> [Quantity] {
    let reader = GoldenReader<Scalar>(contents: contents, disturbance: disturbance)
    let network = try reader.network()
    let architecture = network.architecture
    let layers = contents.root["layer_order"] as? [String] ?? []
    var quantities: [Quantity] = []
    func note(_ name: String, _ matrix: Matrix<Scalar>) {
        quantities.append(Quantity(name: name, values: matrix.elements.map { Double($0) }))
    }
    func note(_ name: String, _ parameters: Parameters<Scalar>) {
        quantities.append(Quantity(name: name, values: flattened(parameters, bias: architecture.bias)))
    }

    let (input, targets) = (Halves(splitting: try reader.matrix("X")), try reader.matrix("Y"))
    for (block, output) in network.blockOutputs(of: input).enumerated() { note("block \(block)", output.joined) }
    let output = network.output(of: input)
    note("out", output.joined)
    let logits = network.logits(of: output)
    note("logits", logits)
    note("reversed", network.input(of: output).joined)
    quantities.append(
        Quantity(
            name: "accuracy",
            values: [100 * Double(Loss.correct(logits, targets: targets)) / Double(logits.rows)]))

    for (key, loss) in backpropagated {
        quantities.append(Quantity(name: "loss \(key)", values: [loss.value(logits, targets: targets)]))
        let gradient = network.gradient(
            output: output, cotangent: network.atOutput(loss.gradient(logits, targets: targets)))
        note("gradient \(key)", gradient.parameters)
        note("gradient \(key) by X", gradient.input.joined)
    }

    // Down the blocks: their features, and the tangent that each is handed.
    var (state, tangent) = (
        output,
        network.atOutput(Loss.crossEntropy(.identity).gaussNewtonTangent(logits, targets: targets))
    )
    for block in (0..<architecture.blocks).reversed() {
        let visit = network.visit(block, output: state)
        for (features, layer) in [(visit.featuresF, layers[2 * block]), (visit.featuresG, layers[2 * block + 1])] {
            let singular = try SingularValueDecomposition(of: features).values
            quantities.append(Quantity(name: "singular values \(layer)", values: singular.map { Double($0) }))
        }
        tangent = network.tangentBelow(block, visit: visit, tangent: tangent)
        note("tangent below block \(block)", tangent.joined)
        state = visit.input
    }

    for entry in contents.expected["gn"] as? [[String: Any]] ?? [] {
        let (label, loss) = (label(entry), try loss(entry))
        note("tangent \(label)", network.atOutput(loss.gaussNewtonTangent(logits, targets: targets)).joined)
        // The reference's damped updates answer a tangent in which the inverse is averaged over the batch: theirs is
        // then given, and ours is compared with the tangent per sample.
        let given = entry["tangent_at_output_per_sample_correct"] == nil ? nil : entry["tangent_at_output"] as? String
        let aim =
            try given.map { Halves(splitting: try reader.matrix($0)) }
            ?? network.atOutput(loss.gaussNewtonTangent(logits, targets: targets))
        let step = try network.gaussNewtonStep(output: output, tangent: aim, pseudoInverse: pseudoInverse(entry))
        for (layer, evidence) in zip(layers, step.evidence) {
            quantities.append(
                Quantity(name: "kept rank \(layer), \(label)", values: [Double(evidence.keptRank ?? -1)]))
        }
        note("update \(label)", step.update)
        let change = network.jvp(input: input, direction: step.update)
        note("function space change \(label)", change.joined)
        // The factor c by which c·V comes closest to the change.
        let (v, j) = (aim.joined, change.joined)
        quantities.append(
            Quantity(name: "least squares factor \(label)", values: [Double(v.dot(j)) / Double(v.dot(v))]))
    }
    return quantities
}

func networkExpectations(_ contents: GoldenContents) throws -> [Expectation] {
    let expected = contents.expected
    var expectations: [Expectation] = []
    func expect(_ name: String, tensor: Any?, tolerance: Double) throws {
        guard let tensor = tensor as? String, contents.has(tensor) else { return }
        expectations.append(Expectation(name, try contents.tensor(tensor).values, tolerance: tolerance))
    }
    let forward = try contents.tolerance("forward_rel")
    for (block, tensor) in (expected["block_outputs"] as? [String] ?? []).enumerated() {
        try expect("block \(block)", tensor: tensor, tolerance: forward)
    }
    try expect("out", tensor: expected["out"], tolerance: forward)
    try expect("logits", tensor: expected["logits"], tolerance: forward)
    expectations.append(
        Expectation(
            "reversed", try contents.tensor("X").values, tolerance: try contents.tolerance("reverse_max_abs"), scale: 1)
    )
    if let accuracy = number(expected["accuracy_percent"]) {
        expectations.append(Expectation("accuracy", [accuracy], tolerance: 1e-9, scale: 1))
    }
    let losses = expected["loss"] as? [String: Any] ?? [:]
    let gradients = expected["backprop"] as? [String: [String: Any]] ?? [:]
    for (key, _) in backpropagated {
        if let value = number(losses[key]) ?? number((losses[key] as? [String: Any])?["value"]) {
            expectations.append(Expectation("loss \(key)", [value], tolerance: try contents.tolerance("loss_rel")))
        }
        let tolerance = try contents.tolerance("grad_rel")
        try expect("gradient \(key)", tensor: gradients[key]?["grad_theta"], tolerance: tolerance)
        try expect("gradient \(key) by X", tensor: gradients[key]?["grad_X"], tolerance: tolerance)
    }
    for (layer, values) in (expected["singular_values"] as? [String: [Any]] ?? [:]).sorted(by: { $0.key < $1.key }) {
        let values = values.compactMap(number)
        // Not every kind states it; in those the values are those of the forward pass.
        let tolerance = try (try? contents.tolerance("singular_values_rel_to_max")) ?? contents.tolerance("forward_rel")
        expectations.append(
            Expectation("singular values \(layer)", values, tolerance: tolerance, scale: values.max()))
    }
    for (block, tensor) in (expected["tangent_at_block_inputs_ce_identity"] as? [String] ?? []).enumerated() {
        try expect("tangent below block \(block)", tensor: tensor, tolerance: try contents.tolerance("grad_rel"))
    }
    for entry in expected["gn"] as? [[String: Any]] ?? [] {
        let label = label(entry)
        let tolerance = number(entry["tol_rel"]) ?? 0
        try expect(
            "tangent \(label)", tensor: entry["tangent_at_output_per_sample_correct"] ?? entry["tangent_at_output"],
            tolerance: try contents.tolerance("grad_rel"))
        for (layer, rank) in (entry["kept_rank"] as? [String: Any] ?? [:]).sorted(by: { $0.key < $1.key }) {
            expectations.append(
                Expectation("kept rank \(layer), \(label)", [number(rank) ?? -1], tolerance: 0, scale: 1))
        }
        try expect("update \(label)", tensor: entry["update"], tolerance: tolerance)
        try expect(
            "function space change \(label)", tensor: entry["function_space_change"], tolerance: tolerance)
        if let factor = number(entry["c_least_squares"]) {
            expectations.append(Expectation("least squares factor \(label)", [factor], tolerance: tolerance))
        }
    }
    return expectations
}
