import Foundation
import LinearAlgebra
import RandomStreams
import ReversibleCore

/// What a step is made of, each operation by itself: those of one coupling of size n, m, h (block 0 aside, which is
/// narrower), in single precision, cut into tasks as a step cuts them.
struct OperationTable {
    let setting: StepCase
    let threads: Int
    let peak: MachinePeak

    private var n: Int { setting.batch }
    private var m: Int { setting.features / 2 }
    private var h: Int { setting.hidden }

    static func printHead() {
        print(
            """
            | d, hidden, batch | operation | threads | ms | spread | MFLOP | of GFLOP/s | MB | of GB/s |
            |---|---|---|---|---|---|---|---|---|
            """)
    }

    func printRows() throws {
        BLASThreads.set(threads)
        products()
        try pseudoInverse()
        elements()
        updates()
    }

    // MARK: Cubic

    private func products() {
        let arena = Arena<Float>([(n, m), (m, h), (n, h), (h, m), (n, m), (h, m)])
        let (x, c, a) = (arena.take(n, m), arena.take(m, h), arena.take(n, h))
        let (theta, y, direction) = (arena.take(h, m), arena.take(n, m), arena.take(h, m))
        for view in [x, c, a, theta] { fill(view) }
        let operations = 2 * Double(n) * Double(m) * Double(h)
        let bytes = 4 * Double(n * m + m * h + n * h)
        let n = n
        let h = h
        row("x C", operations, bytes: bytes) {
            inParallel(2) { a.rows(part($0, of: 2, in: n)).set(x.view.rows(part($0, of: 2, in: n)), times: c.view) }
        }
        row("A Θ", operations, bytes: bytes) {
            inParallel(2) { y.rows(part($0, of: 2, in: n)).set(a.view.rows(part($0, of: 2, in: n)), times: theta.view) }
        }
        row("Aᵀ w", operations, bytes: bytes) {
            inParallel(2) { task in
                let rows = part(task, of: 2, in: h)
                direction.rows(rows).set(a.view.columns(rows).transposed, times: y.view)
            }
        }
        withExtendedLifetime(arena) {}
    }

    private func pseudoInverse() throws {
        let order = min(n, h)
        let solver = FeatureSolver<Float>(PseudoInverse(), rows: n, columns: h, values: m)
        let arena = Arena<Float>([(n, h), (order, m)])
        let (a, values) = (arena.take(n, h), arena.take(order, m))
        fill(a)
        setting.activation.apply(to: a, slope: 0)
        let vectors = n <= h ? a.view : a.view.transposed
        let long = Double(max(n, h))
        let (size, few) = (Double(order), Double(m))
        row("Gram matrix, order \(order)", size * size * long, bytes: 4 * (size * long + size * size / 2)) {
            inParallel(FeatureSolver<Float>.tasks) { solver.formGram(of: vectors, task: $0) }
        }
        // To factorise is to know that nothing is truncated as well: a second factor, of S less the threshold.
        var failure: (any Error)?
        row("its factors", 2 * size * size * size / 3, bytes: 4 * 3 * size * size / 2, threads: 1) {
            do { _ = try solver.factorize(describing: false) } catch { failure = error }
        }
        if let failure { throw failure }
        row("solving, \(m) columns", 2 * size * size * few, bytes: 4 * (size * size / 2 + 2 * size * few)) {
            fill(values, value: 1)
            solver.solve(values)
        }
        withExtendedLifetime(arena) {}
    }

    // MARK: Element by element

    private func elements() {
        let arena = Arena<Float>([(n, h)])
        let a = arena.take(n, h)
        let count = Double(n * h)
        let n = n
        fill(a)
        for activation in [Activation.relu, .tanh, .gelu] {
            row(activation.rawValue, count, bytes: 8 * count) {
                inParallel(2) { activation.apply(to: a.rows(part($0, of: 2, in: n)), slope: 0) }
            }
        }
        let classes = setting.classes
        let losses = Arena<Float>((0..<3).map { _ in (n, classes) })
        let (logits, targets, slopes) = (losses.take(n, classes), losses.take(n, classes), losses.take(n, classes))
        fill(logits)
        targets.fill(0)
        for sample in 0..<n { targets[sample][sample % classes] = 1 }
        let loss = Loss.crossEntropy(.identity)
        var sum = 0.0
        row("cross entropy and its tangent", 8 * Double(n * classes), bytes: 12 * Double(n * classes), threads: 1) {
            sum += loss.value(logits.view, targets: targets.view)
            loss.write(gaussNewtonTangent: logits.view, targets: targets.view, into: slopes)
        }
        withExtendedLifetime((arena, losses, sum)) {}
    }

    private func updates() {
        var parameters = Parameters(coefficients: [Matrix<Float>(rows: h + 1, columns: m, repeating: 1)])
        let direction = Parameters(coefficients: [Matrix<Float>(rows: h + 1, columns: m, repeating: 1e-3)])
        let count = Double(parameters.count)
        var sgd = Optimizer<Float>(.descent(rate: 1e-3, momentum: 0, weightDecay: 0))
        row("update, sgd", 4 * count, bytes: 12 * count, threads: 1) {
            sgd.update(&parameters, along: direction)
        }
        var adam = Optimizer<Float>(
            .adam(rate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0))
        row("update, adam", 16 * count, bytes: 28 * count, threads: 1) {
            adam.update(&parameters, along: direction)
        }
    }

    // MARK: Measuring

    private func row(
        _ name: String, _ operations: Double, bytes: Double, threads: Int? = nil, _ body: () -> Void
    ) {
        let seconds = times(of: body).sorted()
        let median = middle(seconds)
        let (first, last) = (seconds.first ?? .nan, seconds.last ?? .nan)
        let cells = [
            "\(setting.features), \(h), \(n)", name, "\(min(threads ?? self.threads, self.threads))",
            String(format: "%.3f", 1e3 * median), String(format: "%.3f to %.3f", 1e3 * first, 1e3 * last),
            String(format: "%.1f", operations / 1e6), peak.share(ofOperations: operations / median),
            String(format: "%.2f", bytes / 1e6), peak.share(ofBandwidth: bytes / median),
        ]
        print("| " + cells.joined(separator: " | ") + " |")
    }

    /// After a first time, for half a second but at least five times.
    private func times(of body: () -> Void) -> [Double] {
        body()
        let (clock, begin) = (ContinuousClock(), ContinuousClock.now)
        var seconds: [Double] = []
        while seconds.count < 5 || (clock.now - begin < .seconds(0.5) && seconds.count < 2000) {
            let start = clock.now
            body()
            seconds.append((clock.now - start) / .seconds(1))
        }
        return seconds
    }

    private func fill(_ view: MutableMatrixView<Float>) {
        var random = RandomStream(seed: 1, stream: 2)
        for row in 0..<view.rows { for column in 0..<view.columns { view[row][column] = Float(random.normal()) } }
    }

    private func fill(_ view: MutableMatrixView<Float>, value: Float) { view.fill(value) }
}
