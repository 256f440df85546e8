import LinearAlgebra
import RealModule

/// What training makes small. Both are means over the batch, without a factor ½; Z: logits, Y: targets, `[n, K]` each:
///
///     mse            Σ Σ (Z − Y)² / (n K)
///     cross entropy  − Σ Σ Y' log softmax(Z) / n        Y' = (1 − ε) Y + ε/K, with ε the smoothing of the labels
///
/// ```swift
/// let loss = Loss.crossEntropy(.identity)
/// let value = loss.value(logits, targets: targets)                    // natural logarithms
/// let slopes = loss.gradient(logits, targets: targets)                // for SGD and Adam
/// let tangent = loss.gaussNewtonTangent(logits, targets: targets)     // for a Gauss-Newton step
/// ```
///
/// Numbers are taken in `Double` whatever the network's precision: there are few of them, and exponentials among them.
///
/// Source: Buffelli et al. 2024, "Exact, Tractable Gauss-Newton Optimization in Deep Reversible Architectures Reveal
/// Poor Generalization" (arXiv:2411.07979), for what a Gauss-Newton step takes of a loss, with the factors and the
/// curvature of its published code; smoothed labels: Szegedy et al. 2016, "Rethinking the Inception Architecture for
/// Computer Vision".
public enum Loss: Hashable, Sendable {
    /// The factor is that of its Gauss-Newton tangent alone, factor·(z − y): 2 as in the published code, 1 for the
    /// Newton step, `H⁺` of the gradient.
    case squaredError(tangentFactor: Double)
    /// Smoothed labels stand for the targets wherever these appear, in every curvature.
    case crossEntropy(Curvature, smoothing: Double = 0)

    /// With the published factor.
    public static let meanSquaredError = Loss.squaredError(tangentFactor: 2)

    /// What stands for the Hessian of the cross entropy, `H = diag(p) − p pᵀ` for each sample, in a Gauss-Newton step.
    public enum Curvature: Hashable, Sendable {
        /// The identity, as published.
        case identity
        /// H itself, by its pseudo-inverse.
        case exact
        /// H + λ·1, sample by sample.
        case damped(Double)
    }
}

extension Loss {
    /// The same loss of the targets as they are, for judging: a comparison of smoothings needs one that has none.
    public var unsmoothed: Loss {
        switch self {
        case .squaredError: self
        case .crossEntropy(let curvature, _): .crossEntropy(curvature)
        }
    }

    /// The loss of a batch.
    ///
    /// - Parameters:
    ///   - logits: Z, shape `[n, K]`.
    ///   - targets: Y, shape `[n, K]`; for the cross entropy every row sums to 1.
    public func value<Scalar: BLASScalar>(_ logits: Matrix<Scalar>, targets: Matrix<Scalar>) -> Double {
        value(logits.view, targets: targets.view)
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func value<Scalar: BLASScalar>(
        _ logits: MatrixView<Scalar>, targets: MatrixView<Scalar>
    ) -> Double {
        var sum = 0.0
        forEachRow(logits, targets) { _, row in
            switch self {
            case .squaredError: sum += row.sum { (row.z($0) - row.y($0)) * (row.z($0) - row.y($0)) } / Double(row.count)
            case .crossEntropy:
                let total = row.logSumExp
                sum += row.sum { row.y($0) == 0 ? 0 : row.y($0) * (total - row.z($0)) }
            }
        }
        return sum / Double(logits.rows)
    }

    /// The derivative of `value` by the logits, shape `[n, K]`: 2 (Z − Y)/(n K), or (softmax(Z) − Y')/n.
    public func gradient<Scalar: BLASScalar>(_ logits: Matrix<Scalar>, targets: Matrix<Scalar>) -> Matrix<Scalar> {
        var slopes = logits
        write(gradient: logits.view, targets: targets.view, into: slopes.mutableView())
        return slopes
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func write<Scalar: BLASScalar>(
        gradient logits: MatrixView<Scalar>, targets: MatrixView<Scalar>, into slopes: MutableMatrixView<Scalar>
    ) {
        forEachRow(logits, targets) { index, row in
            let slopes = slopes[index]
            switch self {
            case .squaredError:
                let scale = 2 / Double(logits.rows * row.count)
                row.set(slopes) { scale * (row.z($0) - row.y($0)) }
            case .crossEntropy:
                let total = row.logSumExp
                row.set(slopes) { (row.p($0, total) - row.y($0)) / Double(logits.rows) }
            }
        }
    }

    /// δ: by how much each sample's logits overshoot, in the metric of the curvature; shape `[n, K]`, not divided by n.
    ///
    /// | loss, curvature | δ, with p = softmax(z) and y smoothed |
    /// |---|---|
    /// | mse | factor·(z − y): 2 as published, H⁺ε itself with 1 |
    /// | `identity` | p − y |
    /// | `exact` | H⁺(p − y) = mean_j(y_j/p_j)·1 − y/p |
    /// | `damped` λ | (H + λ·1)⁻¹(p − y) |
    ///
    /// With factor 1, and with `exact`, that is `H⁺ ∇` for each sample, H and ∇ being the second and the first
    /// derivative by its logits: 2·1/K and 2(z − y)/K of the mse, diag(p) − p pᵀ and p − y of the cross entropy. H⁺
    /// leaves out the direction in which all logits grow alike, which changes no p.
    ///
    /// y/p is computed as y·exp(logsumexp(z) − z), which overflows only where the answer does. The damped inverse is
    /// Sherman and Morrison's on diag(p) + λ·1,
    ///
    ///     (p − y − p·S/P)/(p + λ)        S = Σ (p − y)/(p + λ), P = Σ p/(p + λ)
    ///
    /// where the correction Σ p(p−y)/(p+λ) / (1 − Σ p²/(p+λ)) is written as −S/P, since Σ p = Σ y = 1: for a small λ
    /// its parts cancel.
    public func gaussNewtonTangent<Scalar: BLASScalar>(
        _ logits: Matrix<Scalar>, targets: Matrix<Scalar>
    ) -> Matrix<Scalar> {
        var tangent = logits
        write(gaussNewtonTangent: logits.view, targets: targets.view, into: tangent.mutableView())
        return tangent
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func write<Scalar: BLASScalar>(
        gaussNewtonTangent logits: MatrixView<Scalar>, targets: MatrixView<Scalar>,
        into tangent: MutableMatrixView<Scalar>
    ) {
        forEachRow(logits, targets) { index, row in
            let tangent = tangent[index]
            switch self {
            case .squaredError(let factor): row.set(tangent) { factor * (row.z($0) - row.y($0)) }
            case .crossEntropy(.identity, _):
                let total = row.logSumExp
                row.set(tangent) { row.p($0, total) - row.y($0) }
            case .crossEntropy(.exact, _):
                let total = row.logSumExp
                func ratio(_ j: Int) -> Double { row.y(j) == 0 ? 0 : row.y(j) * Double.exp(total - row.z(j)) }
                let mean = row.sum(ratio) / Double(row.count)
                row.set(tangent) { mean - ratio($0) }
            case .crossEntropy(.damped(let lambda), _):
                let total = row.logSumExp
                let excess = row.sum {
                    let p = row.p($0, total)
                    return (p - row.y($0)) / (p + lambda)
                }
                let weight = row.sum {
                    let p = row.p($0, total)
                    return p / (p + lambda)
                }
                row.set(tangent) {
                    let p = row.p($0, total)
                    return (p - row.y($0) - p * excess / weight) / (p + lambda)
                }
            }
        }
    }

    /// How many rows have their largest logit where their largest target is.
    public static func correct<Scalar: BLASScalar>(_ logits: Matrix<Scalar>, targets: Matrix<Scalar>) -> Int {
        correct(logits.view, targets: targets.view)
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package static func correct<Scalar: BLASScalar>(
        _ logits: MatrixView<Scalar>, targets: MatrixView<Scalar>
    ) -> Int {
        var count = 0
        Loss.meanSquaredError.forEachRow(logits, targets) { _, row in
            if (0..<row.count).max(by: { row.z($0) < row.z($1) }) == (0..<row.count).max(by: { row.y($0) < row.y($1) })
            {
                count += 1
            }
        }
        return count
    }

    /// Calls `body` with each row of both matrices.
    @inline(__always)
    private func forEachRow<Scalar: BLASScalar>(
        _ logits: MatrixView<Scalar>, _ targets: MatrixView<Scalar>, _ body: (Int, LossRow<Scalar>) -> Void
    ) {
        precondition(
            logits.rows == targets.rows && logits.columns == targets.columns,
            "targets \(targets.shape) for logits \(logits.shape)")
        let smoothing = if case .crossEntropy(_, let smoothing) = self { smoothing } else { 0.0 }
        for row in 0..<logits.rows {
            body(
                row,
                LossRow(
                    logits: logits[row], targets: targets[row], smoothing: smoothing))
        }
    }
}

/// One sample, its numbers in `Double`.
private struct LossRow<Scalar: BLASScalar> {
    let logits: UnsafeBufferPointer<Scalar>
    let targets: UnsafeBufferPointer<Scalar>
    let smoothing: Double

    var count: Int { logits.count }

    func z(_ j: Int) -> Double { Double(logits[j]) }

    /// `Y'`.
    func y(_ j: Int) -> Double {
        let y = Double(targets[j])
        return smoothing > 0 ? (1 - smoothing) * y + smoothing / Double(count) : y
    }

    /// softmax(z), given `logSumExp`.
    func p(_ j: Int, _ total: Double) -> Double { Double.exp(z(j) - total) }

    /// log Σ exp z, without overflow.
    var logSumExp: Double {
        var largest = count > 0 ? z(0) : 0
        for j in 0..<count { largest = max(largest, z(j)) }
        guard largest.isFinite else { return .nan }
        return largest + Double.log(sum { Double.exp(z($0) - largest) })
    }

    func sum(_ term: (Int) -> Double) -> Double {
        var sum = 0.0
        for j in 0..<count { sum += term(j) }
        return sum
    }

    func set(_ result: UnsafeMutableBufferPointer<Scalar>, _ value: (Int) -> Double) {
        for j in 0..<count { result[j] = Scalar(value(j)) }
    }
}
