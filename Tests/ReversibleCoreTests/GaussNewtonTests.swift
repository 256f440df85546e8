import LinearAlgebra
import ReversibleCore
import Testing

private let exact = PseudoInverse(.svd, relativeThreshold: 0, absoluteThreshold: 0)

/// Shapes in which every A has full row rank: no more samples than columns of block 0's A, which has rank m + 1.
private let fullRank: [Shape] = {
    let sizes: [(features: Int, blocks: Int, hidden: Int?, classes: Int?, batch: Int)] = [
        (10, 2, 14, 3, 5), (12, 1, 20, 4, 6), (8, 4, 9, 3, 4), (16, 3, 30, nil, 7), (6, 6, nil, 2, 3),
        (20, 8, 40, 10, 9),
    ]
    return sizes.enumerated().map { index, size in
        let architecture = Architecture(
            features: size.features, blocks: size.blocks, hidden: size.hidden, bias: true, classes: size.classes)
        return Shape(architecture: architecture, batch: size.batch, seed: UInt64(index))
    }
}()

@Suite struct GaussNewtonTests {
    /// A network whose weights are small enough that no block is badly conditioned, its output, and an aim there.
    private func setting(_ shape: Shape) throws -> (
        network: ReversibleNetwork<Double>, input: Halves<Double>, output: Halves<Double>, aim: Halves<Double>
    ) {
        var network = try shape.network(Double.self)
        network.parameters = shape.direction(stream: 1, deviation: 0.1)
        let input: Halves<Double> = shape.states(stream: 2)
        return (network, input, network.output(of: input), shape.states(stream: 3))
    }

    @Test(arguments: fullRank)
    func `with full row rank the output moves by the tangent once for every block`(shape: Shape) throws {
        let (network, input, output, aim) = try setting(shape)
        let step = try network.gaussNewtonStep(output: output, tangent: aim, pseudoInverse: exact)
        let change = network.jvp(input: input, direction: step.update)
        var wanted = aim.joined
        wanted.add(aim.joined, scale: Double(shape.architecture.blocks - 1))
        var error = change.joined
        error.add(wanted, scale: -1)
        // 1e-14 where A is as well conditioned as a Gaussian; rounding grows with s_max/s_min.
        let condition = step.evidence.map { ($0.largestSingularValue ?? 1) / ($0.smallestKeptSingularValue ?? 1) }.max()
        let allowed = max(1e-14, 10 * Double.ulpOfOne * (condition ?? 1))
        #expect(Double(error.norm) < allowed * Double(wanted.norm))
    }

    /// `J Δθ = B V − Σ_b D_b r_b`, with `r_b` what block b could not reach and `D_b` the derivative of the output by
    /// the output of block b.
    @Test(
        arguments: Shape.drawn(30, stream: 61),
        [exact, PseudoInverse(.svd, relativeThreshold: 0.2, absoluteThreshold: 0), PseudoInverse(.qr)])
    func `what the output misses is what the blocks could not reach`(shape: Shape, method: PseudoInverse) throws {
        let (network, input, output, aim) = try setting(shape)
        let blocks = shape.architecture.blocks
        let step = try network.gaussNewtonStep(output: output, tangent: aim, pseudoInverse: method)
        // Rounding grows with s_max/s_min, which is large where a smooth activation makes columns that hardly differ; a
        // thousandfold for the sizes of the steps in between.
        let conditions = step.evidence.map { ($0.largestSingularValue ?? 1) / ($0.smallestKeptSingularValue ?? 1) }
        let allowed = max(1e-9, 1000 * Double.ulpOfOne * (conditions.max() ?? 1)) * (1 + Double(aim.joined.norm))

        var wanted = Halves(first: aim.first, second: aim.second)
        wanted.first.add(aim.first, scale: Double(blocks - 1))
        wanted.second.add(aim.second, scale: Double(blocks - 1))
        var (state, tangent) = (output, aim)
        for block in (0..<blocks).reversed() {
            let visit = network.visit(block, output: state)
            // What the block's own change makes of its output: moving only its parameters.
            var alone = Parameters(zerosLike: step.update)
            alone.coefficients[2 * block] = step.update.coefficients[2 * block]
            alone.coefficients[2 * block + 1] = step.update.coefficients[2 * block + 1]
            let reached = network.jvp(input: input, direction: alone)
            // Carried to the output, the block's aim is V itself, so what it misses is V − reached.
            wanted.first.add(aim.first, scale: -1)
            wanted.first.add(reached.first)
            wanted.second.add(aim.second, scale: -1)
            wanted.second.add(reached.second)

            // And its own residual r_b, from projections onto the kept directions of its features.
            let projectedF = visit.featuresF.times(
                try method.applied(of: visit.featuresF, to: tangent.first).value)
            var leaked = tangent
            leaked.first = projectedF
            leaked.second = Matrix(rows: leaked.batch, columns: shape.architecture.half)
            let below = network.tangentBelow(block, visit: visit, tangent: leaked)
            // tangentBelow gives u2 = 0 − dG(y1)[P_F v1]: the remainder for G is v2 + u2.
            var remainder = tangent.second
            remainder.add(below.second)
            let projectedG = visit.featuresG.times(try method.applied(of: visit.featuresG, to: remainder).value)
            var residualF = tangent.first
            residualF.add(projectedF, scale: -1)
            var residualG = remainder
            residualG.add(projectedG, scale: -1)

            // r_b carried to the output by the blocks above is V − reached.
            var missing = aim
            missing.first.add(reached.first, scale: -1)
            missing.second.add(reached.second, scale: -1)
            let carried = carry(
                Halves(first: residualF, second: residualG), through: block + 1..<blocks, of: network, input: input)
            #expect(distance(carried, missing) < allowed)

            tangent = network.tangentBelow(block, visit: visit, tangent: tangent)
            state = visit.input
        }
        let change = network.jvp(input: input, direction: step.update)
        #expect(distance(change, wanted) < allowed)
    }

    /// The derivative of the output along a change of the state after the blocks below `blocks`.
    private func carry(
        _ tangent: Halves<Double>, through blocks: Range<Int>, of network: ReversibleNetwork<Double>,
        input: Halves<Double>
    ) -> Halves<Double> {
        guard !blocks.isEmpty else { return tangent }
        let states = [input] + network.blockOutputs(of: input)
        var tangent = tangent
        for block in blocks {
            // tangentBelow inverts the derivative of a block; solving it forward: t1 = u1 + dF(x2)[u2], t2 = u2 +
            // dG(y1)[t1].
            let visit = network.visit(block, output: states[block + 1])
            let zero = Matrix<Double>(rows: tangent.batch, columns: tangent.first.columns)
            let alongF = network.tangentBelow(block, visit: visit, tangent: Halves(first: zero, second: tangent.second))
            tangent.first.add(alongF.first, scale: -1)
            let alongG = network.tangentBelow(block, visit: visit, tangent: Halves(first: tangent.first, second: zero))
            tangent.second.add(alongG.second, scale: -1)
        }
        return tangent
    }

    @Test(arguments: [(10, 12, 5), (8, 5, 5), (6, nil, 4), (12, 40, 6)] as [(Int, Int?, Int)])
    func `for one block of full row rank the step is the pseudo-inverse of the jacobian`(
        features: Int, hidden: Int?, batch: Int
    ) throws {
        let shape = Shape(
            architecture: Architecture(features: features, blocks: 1, hidden: hidden, bias: true, classes: nil),
            batch: batch, seed: 4)
        let (network, input, output, aim) = try setting(shape)
        let step = try network.gaussNewtonStep(output: output, tangent: aim, pseudoInverse: exact)
        // J by columns, one parameter at a time.
        var columns: [Matrix<Double>] = []
        for index in step.update.coefficients.indices {
            for place in 0..<step.update.coefficients[index].count {
                var unit = Parameters(zerosLike: step.update)
                let width = step.update.coefficients[index].columns
                unit.coefficients[index][place / width, place % width] = 1
                let change = network.jvp(input: input, direction: unit).joined
                columns.append(Matrix(rows: 1, columns: change.count, elements: change.elements))
            }
        }
        let jacobian = Matrix(
            rows: columns.count, columns: columns[0].count, elements: columns.flatMap(\.elements)
        ).transposed()
        let whole = try exact.applied(
            of: jacobian, to: Matrix(rows: jacobian.rows, columns: 1, elements: aim.joined.elements))
        let dense = whole.value.elements
        let ours = step.update.coefficients.flatMap(\.elements)
        #expect(distance(ours, dense) < 1e-9 * size(dense))
    }

    @Test func `on a linear model one step of rate 1 reaches the optimum of the squared error`() throws {
        let architecture = Architecture(
            features: 6, blocks: 1, hidden: nil, bias: true, classes: nil, activation: .identity)
        let shape = Shape(architecture: architecture, batch: 40, seed: 3)
        var network = try ReversibleNetwork<Double>(initializing: architecture, seed: 3)
        network.parameters = Parameters(zerosLike: network.parameters)
        let input: Halves<Double> = shape.states(stream: 2)
        let targets: Halves<Double> = shape.states(stream: 5)
        // H⁺ε = z − y, half of the published factor.
        func tangent() -> Halves<Double> {
            let output = network.output(of: input)
            var aim = output
            aim.first.add(targets.first, scale: -1)
            aim.second.add(targets.second, scale: -1)
            return aim
        }
        var optimizer = Optimizer<Double>(.descent(rate: 1, momentum: 0, weightDecay: 0))
        let step = try network.gaussNewtonStep(output: input, tangent: tangent(), pseudoInverse: exact)
        optimizer.update(&network.parameters, along: step.update)
        // At the optimum of the first half, its residual is orthogonal to what F can change.
        let residual = tangent()
        let features = network.visit(0, output: network.output(of: input)).featuresF
        #expect(Double(features.transposedTimes(residual.first).norm) < 1e-12 * Double(targets.joined.norm))
    }

    @Test func `numbers that are not finite stop the step with an error`() throws {
        let shape = fullRank[0]
        let (network, _, output, aim) = try setting(shape)
        for method in PseudoInverse.Method.allCases {
            var broken = aim
            broken.second[0, 0] = .nan
            #expect(throws: NumericalFailure.self) {
                try network.gaussNewtonStep(output: output, tangent: broken, pseudoInverse: PseudoInverse(method))
            }
            var far = output
            far.first[1, 1] = .infinity
            #expect(throws: NumericalFailure.self) {
                try network.gaussNewtonStep(output: far, tangent: aim, pseudoInverse: PseudoInverse(method))
            }
        }
    }
}
