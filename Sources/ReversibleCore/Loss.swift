import Foundation
import LinearAlgebra

/// What training makes small. Both are means, without a factor ½:
///
///     mse            Σ Σ (Z − Y)² / (n K)
///     cross entropy  − Σ Σ Y' log softmax(Z) / n        Y' = (1 − ε) Y + ε/K, with ε the smoothing of the labels
///
/// Numbers are taken in `Double` whatever the network's precision: there are few of them, and exponentials among them.
public enum Loss: Hashable, Sendable {
    /// The factor is that of its Gauss-Newton tangent alone, factor·(z − y): 2 as published, 1 for the Newton step.
    case squaredError(tangentFactor: Double)
    /// Smoothed labels (Szegedy et al. 2016) stand for the targets wherever these appear, in every curvature.
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

    /// `Y'` of one row.
    private func smoothed(_ y: [Double]) -> [Double] {
        guard case .crossEntropy(_, let smoothing) = self, smoothing > 0 else { return y }
        let share = smoothing / Double(y.count)
        return y.map { (1 - smoothing) * $0 + share }
    }

    /// The loss of a batch.
    ///
    /// - Parameters:
    ///   - logits: Z, shape `[n, K]`.
    ///   - targets: Y, shape `[n, K]`; for the cross entropy every row sums to 1.
    public func value<Scalar: BLASScalar>(_ logits: Matrix<Scalar>, targets: Matrix<Scalar>) -> Double {
        var sum = 0.0
        forEachRow(logits, targets) { _, z, y in
            let y = smoothed(y)
            switch self {
            case .squaredError:
                for j in z.indices { sum += (z[j] - y[j]) * (z[j] - y[j]) / Double(z.count) }
            case .crossEntropy:
                let total = logSumExp(z)
                for j in z.indices where y[j] != 0 { sum += y[j] * (total - z[j]) }
            }
        }
        return sum / Double(logits.rows)
    }

    /// The derivative of `value` by the logits, shape `[n, K]`.
    public func gradient<Scalar: BLASScalar>(_ logits: Matrix<Scalar>, targets: Matrix<Scalar>) -> Matrix<Scalar> {
        rowByRow(logits, targets) { z, y in
            let y = smoothed(y)
            switch self {
            case .squaredError:
                let scale = 2 / Double(logits.rows * z.count)
                for j in z.indices { z[j] = scale * (z[j] - y[j]) }
            case .crossEntropy:
                z = softmax(z)
                for j in z.indices { z[j] = (z[j] - y[j]) / Double(logits.rows) }
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
    /// y/p is computed as y·exp(logsumexp(z) − z), which overflows only where the answer does. The damped inverse is
    /// Sherman and Morrison's on diag(p) + λ·1, its denominator 1 − Σ p²/(p+λ) written as Σ λp/(p+λ), which has nothing
    /// to cancel.
    public func gaussNewtonTangent<Scalar: BLASScalar>(
        _ logits: Matrix<Scalar>, targets: Matrix<Scalar>
    ) -> Matrix<Scalar> {
        rowByRow(logits, targets) { z, y in
            let y = smoothed(y)
            switch self {
            case .squaredError(let factor):
                for j in z.indices { z[j] = factor * (z[j] - y[j]) }
            case .crossEntropy(.identity, _):
                z = softmax(z)
                for j in z.indices { z[j] -= y[j] }
            case .crossEntropy(.exact, _):
                let total = logSumExp(z)
                for j in z.indices { z[j] = y[j] == 0 ? 0 : -y[j] * exp(total - z[j]) }
                let mean = -z.reduce(0, +) / Double(z.count)
                for j in z.indices { z[j] += mean }
            case .crossEntropy(.damped(let lambda), _):
                let p = softmax(z)
                var (numerator, denominator) = (0.0, 0.0)
                for j in z.indices {
                    numerator += p[j] * (p[j] - y[j]) / (p[j] + lambda)
                    denominator += lambda * p[j] / (p[j] + lambda)
                }
                for j in z.indices { z[j] = (p[j] - y[j] + p[j] * numerator / denominator) / (p[j] + lambda) }
            }
        }
    }

    /// How many rows have their largest logit where their largest target is.
    public static func correct<Scalar: BLASScalar>(_ logits: Matrix<Scalar>, targets: Matrix<Scalar>) -> Int {
        var count = 0
        forEachRow(logits, targets) { _, z, y in
            if z.indices.max(by: { z[$0] < z[$1] }) == y.indices.max(by: { y[$0] < y[$1] }) { count += 1 }
        }
        return count
    }
}

/// log Σ exp z, without overflow.
private func logSumExp(_ z: [Double]) -> Double {
    let largest = z.max() ?? 0
    guard largest.isFinite else { return .nan }
    var sum = 0.0
    for value in z { sum += exp(value - largest) }
    return largest + log(sum)
}

private func softmax(_ z: [Double]) -> [Double] {
    let total = logSumExp(z)
    return z.map { exp($0 - total) }
}

/// Calls `body` with each row of both matrices.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func forEachRow<Scalar: BLASScalar>(
    _ logits: Matrix<Scalar>, _ targets: Matrix<Scalar>, _ body: (Int, inout [Double], [Double]) -> Void
) {
    precondition(
        logits.rows == targets.rows && logits.columns == targets.columns,
        "targets \(targets.shape) for logits \(logits.shape)")
    let width = logits.columns
    var (z, y) = ([Double](repeating: 0, count: width), [Double](repeating: 0, count: width))
    for row in 0..<logits.rows {
        logits.withElements { span in for j in 0..<width { z[j] = Double(span[row * width + j]) } }
        targets.withElements { span in for j in 0..<width { y[j] = Double(span[row * width + j]) } }
        body(row, &z, y)
    }
}

/// The matrix of what `body` leaves in its first argument for each row.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func rowByRow<Scalar: BLASScalar>(
    _ logits: Matrix<Scalar>, _ targets: Matrix<Scalar>, _ body: (inout [Double], [Double]) -> Void
) -> Matrix<Scalar> {
    var result = Matrix<Scalar>(rows: logits.rows, columns: logits.columns)
    let width = logits.columns
    result.withMutableElements { span in
        forEachRow(logits, targets) { row, z, y in
            body(&z, y)
            for j in 0..<width { span[row * width + j] = Scalar(z[j]) }
        }
    }
    return result
}
