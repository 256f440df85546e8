import AllocationCounter
import LinearAlgebra
import RandomStreams
import ReversibleCore
import Testing

private func normal(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix<Float> {
    var random = RandomStream(seed: seed, stream: 1)
    return Matrix(rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in Float(random.normal()) })
}

/// A network of three blocks on a batch, and what it is trained with.
struct StepCase: Sendable {
    var name: String
    var batch: Int
    var hidden: Int
    var direction: StepDirection
    var rule: UpdateRule
    var activations: ActivationMemory
    var features = 24

    func network() throws -> ReversibleNetwork<Float> {
        try ReversibleNetwork(
            initializing: Architecture(features: features, blocks: 3, hidden: hidden, bias: true, classes: 5), seed: 3)
    }

    var input: Matrix<Float> { normal(batch, features, seed: 4) }

    var targets: Matrix<Float> {
        var targets = Matrix<Float>(rows: batch, columns: 5)
        for row in 0..<batch { targets[row, row % 5] = 1 }
        return targets
    }

    /// Wide enough for two tasks to solve for some columns each, with eigenvectors; the first block's are few enough
    /// for LAPACK to take them one by one.
    static let wide = StepCase(
        name: "wide", batch: 140, hidden: 256, direction: .gaussNewton(PseudoInverse(relativeThreshold: 0.3)),
        rule: .descent(rate: 0.05, momentum: 0, weightDecay: 0), activations: .keep, features: 64)

    static let all: [StepCase] = {
        let descent = UpdateRule.descent(rate: 0.05, momentum: 0.9, weightDecay: 1e-4)
        let adam = UpdateRule.adam(rate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0)
        let truncating = PseudoInverse(relativeThreshold: 0.05)
        return ActivationMemory.allCases.flatMap { activations in
            [
                ("adam", 130, 70, StepDirection.gradient, adam), ("sgd", 130, 40, .gradient, descent),
                ("more features than samples", 130, 400, .gaussNewton(PseudoInverse()), descent),
                ("more samples than features", 200, 60, .gaussNewton(PseudoInverse()), descent),
                ("truncating", 140, 400, .gaussNewton(truncating), descent),
                (
                    "damped", 140, 400, .gaussNewton(PseudoInverse(.damped, relativeThreshold: 0.01)), descent
                ),
                ("few samples", 20, 60, .gaussNewton(truncating), descent),
            ].map {
                StepCase(
                    name: "\($0.0), \(activations)", batch: $0.1, hidden: $0.2, direction: $0.3, rule: $0.4,
                    activations: activations)
            }
        }
    }()
}

extension StepCase: CustomTestStringConvertible {
    var testDescription: String { name }
}

/// Three steps, and what is left of them.
private func train(_ setting: StepCase) throws -> (Parameters<Float>, [Double]) {
    var (network, optimizer) = (try setting.network(), Optimizer<Float>(setting.rule))
    let step = TrainingStep(for: network, batch: setting.batch, activations: setting.activations)
    let losses = try (0..<3).map { _ in
        try step.perform(
            on: &network, &optimizer, loss: .crossEntropy(.identity), setting.direction, input: setting.input,
            targets: setting.targets
        ).loss
    }
    return (network.parameters, losses)
}

@Suite struct TrainingStepTests {
    @Test func `what is remembered is chosen by its size alone`() {
        // 2 blocks of 2 couplings with 401 columns, of 100 samples in 4 bytes each.
        let bytes = 4 * 401 * 100 * 4
        var shape = Architecture(features: 24, blocks: 2, hidden: 400, bias: true, classes: 5)
        #expect(ActivationMemory.fastest(for: shape, batch: 100, within: bytes) == .keep)
        #expect(ActivationMemory.fastest(for: shape, batch: 100, within: bytes - 1) == .reverse)
        #expect(ActivationMemory.fastest(for: shape, batch: .max, within: .max) == .reverse)
        // Which keeps its slopes besides.
        shape.activation = .gelu
        #expect(ActivationMemory.fastest(for: shape, batch: 100, within: 2 * bytes) == .keep)
        #expect(ActivationMemory.fastest(for: shape, batch: 100, within: 2 * bytes - 1) == .reverse)
    }

    @Test(arguments: StepCase.all)
    func `a step is what direction and update make of it apart`(setting: StepCase) throws {
        let loss = Loss.crossEntropy(.identity)
        var (network, optimizer) = (try setting.network(), Optimizer<Float>(setting.rule))
        for _ in 0..<3 {
            let pass = network.forward(Halves(splitting: setting.input), activations: setting.activations)
            let logits = network.logits(of: pass.output)
            let direction =
                switch setting.direction {
                case .gradient:
                    network.gradient(
                        pass, cotangent: network.atOutput(loss.gradient(logits, targets: setting.targets))
                    ).parameters
                case .gaussNewton(let pseudoInverse, let draw):
                    try network.gaussNewtonStep(
                        pass,
                        tangent: network.atOutput(loss.gaussNewtonTangent(logits, targets: setting.targets)),
                        pseudoInverse: pseudoInverse, draw: draw
                    ).update
                }
            optimizer.update(&network.parameters, along: direction)
        }
        var difference = network.parameters
        difference.add(try train(setting).0, scale: -1)
        // The products are associated otherwise, V = (δ) Uᵀ; a Gauss-Newton direction is conditioned by 1/0.01.
        #expect(difference.norm < 2e-4 * network.parameters.norm)
    }

    /// In a process of its own, because the number of threads is the same for all tests of one.
    @Test func `the number of threads changes no bit`() async {
        await #expect(processExitsWith: .success) {
            for setting in StepCase.all {
                BLASThreads.set(1)
                let alone = try train(setting)
                BLASThreads.set(3)
                let shared = try train(setting)
                try #require(alone.0 == shared.0 && alone.1 == shared.1, "\(setting.name)")
            }
        }
    }

    /// Of tasks that got into each other's way, most runs would still end well.
    @Test func `eigenvectors shared by two threads change no bit, however often`() async {
        await #expect(processExitsWith: .success) {
            BLASThreads.set(1)
            let alone = try train(.wide)
            BLASThreads.set(2)
            for _ in 0..<40 {
                let shared = try train(.wide)
                try #require(alone.0 == shared.0 && alone.1 == shared.1)
            }
        }
    }

    @Test(arguments: StepCase.all)
    func `a warm step allocates nothing`(setting: StepCase) throws {
        var (network, optimizer) = (try setting.network(), Optimizer<Float>(setting.rule))
        let (input, targets) = (setting.input, setting.targets)
        let step = TrainingStep(for: network, batch: setting.batch, activations: setting.activations)
        var counts: [UInt] = [0, 0, 0, 0]
        for index in counts.indices {
            let before = allocationsOfThisThread()
            _ = try step.perform(
                on: &network, &optimizer, loss: .crossEntropy(.identity), setting.direction, input: input,
                targets: targets)
            counts[index] = allocationsOfThisThread() - before
        }
        // The counter counts: the first step plans.
        #if os(Linux)
            #expect(counts[0] > 0)
        #endif
        #expect(counts[2...] == [0, 0])
    }

    @Test func `Adam's moments of parameters that rest become zero and not less than normal`() {
        let rule = UpdateRule.adam(rate: 1e-3, beta1: 0.9, beta2: 0.9, epsilon: 1e-8, weightDecay: 0)
        var (optimizer, parameters) = (
            Optimizer<Float>(rule), Parameters(coefficients: [Matrix<Float>(rows: 1, columns: 9)])
        )
        let moving = Parameters(coefficients: [Matrix<Float>(rows: 1, columns: 9, repeating: 1)])
        optimizer.update(&parameters, along: moving)
        let resting = Parameters(zerosLike: parameters)
        for _ in 0..<1000 {
            optimizer.update(&parameters, along: resting)
            for moment in optimizer.memory { #expect(!moment.coefficients[0].elements.contains { $0.isSubnormal }) }
        }
        #expect(optimizer.memory.allSatisfy { $0.norm == 0 })
    }
}
