import LinearAlgebra

/// The centred kernel of one representation of n samples, by which it is compared with others.
///
///     HSIC(K, L) = <HKH, HLH>              K, L: [n, n]   H = 1 − 11ᵀ/n
///     CKA(K, L)  = HSIC(K, L) / √(HSIC(K, K) HSIC(L, L))
///
/// HSIC without its factor 1/(n − 1)², which cancels. CKA is 1 for representations that differ by a rotation and a
/// scale, and 0 for independent ones, but for a bias that grows with the width over n:
/// `MinibatchAlignment` has none.
///
/// Source: Kornblith, Norouzi, Lee, Hinton, "Similarity of Neural Network Representations Revisited", ICML 2019
/// (arXiv:1905.00414), section 3.
///
///     let x = Matrix<Double>(rows: 3, columns: 1, elements: [0, 1, 2])
///     let y = Matrix<Double>(rows: 3, columns: 1, elements: [4, 2, 0])
///     let (k, l) = (CentredKernel(of: x, .linear), CentredKernel(of: y, .linear))
///     k.independence(from: l)      // 16: ⟨K, L⟩ with centred x = (−1, 0, 1), y = (2, 0, −2)
///     k.alignment(with: l)         // 1: y is x scaled and turned round
public struct CentredKernel: Sendable {
    /// `H K H`, `[n, n]`.
    private let matrix: Matrix<Double>

    /// - Parameter features: what a layer makes of n samples, shape `[n, width]`.
    public init<Scalar: BLASScalar>(of features: Matrix<Scalar>, _ kernel: SampleKernel) {
        matrix = kernel.matrix(of: features).withColumnsCentred().transposed().withColumnsCentred()
    }

    /// HSIC(K, L).
    ///
    /// 0 for independent representations, but for the bias of few samples; larger the more they have in common; in the
    /// units of both kernels.
    public func independence(from other: CentredKernel) -> Double {
        matrix.dot(other.matrix)
    }

    /// CKA(K, L), 0...1; `nil` where one of the representations makes all samples the same.
    public func alignment(with other: CentredKernel) -> Double? {
        let scale = matrix.norm * other.matrix.norm
        return scale > 0 ? matrix.dot(other.matrix) / scale : nil
    }
}

/// CKA of many samples, estimated batch by batch.
///
///     HSIC₁(K, L) = (tr(K̃L̃) + 1ᵀK̃1·1ᵀL̃1/((n−1)(n−2)) − 2·1ᵀK̃L̃1/(n−2)) / (n(n−3))
///
/// with K̃ the kernel without its diagonal is an unbiased estimate of HSIC for every batch of n ≥ 4 samples; the means
/// of the three over the batches make the ratio. The memory is that of one batch.
///
/// Source: Song, Smola, Gretton, Bedo, Borgwardt, "Feature Selection via Dependence Maximization", JMLR 2012, for the
/// estimator; Nguyen, Raghu, Kornblith, "Do Wide and Deep Networks Learn the Same Things?", ICLR 2021, for its use
/// here.
///
///     var estimate = MinibatchAlignment()
///     for batch in batches { estimate.add(kernel.matrix(of: batch.left), kernel.matrix(of: batch.right)) }
///     estimate.alignment      // nil before the first batch
public struct MinibatchAlignment: Sendable {
    /// HSIC₁ of both representations, summed over the batches; the next two are those of each with itself.
    private var between = 0.0
    private var first = 0.0
    private var second = 0.0
    /// How many batches were added.
    public private(set) var batches = 0

    public init() {}

    /// The minimum number of samples of a batch: the estimate divides by n − 3.
    public static let minSamples = 4

    /// - Parameters: the kernels of the same samples in both representations, `[n, n]` each, not centred. A radial
    ///   kernel must have the same σ in all batches, or there is no one kernel that HSIC is estimated of.
    public mutating func add(_ left: Matrix<Double>, _ right: Matrix<Double>) {
        between += Self.unbiasedIndependence(left, right)
        first += Self.unbiasedIndependence(left, left)
        second += Self.unbiasedIndependence(right, right)
        batches += 1
    }

    /// The estimate, which may exceed 1 or fall below 0 by its error; `nil` where a representation shows no variance.
    public var alignment: Double? {
        first > 0 && second > 0 ? between / (first * second).squareRoot() : nil
    }

    /// HSIC₁ of one batch.
    ///
    /// It may be below 0 where the representations have little in common: an estimate without bias must be, now and
    /// then.
    ///
    /// - Parameters: kernels of the same n ≥ `minSamples` samples, `[n, n]` each. Their diagonals are not looked at.
    ///
    /// Complexity: O(n²); the products with K̃ and L̃ are sums of rows, so that no n × n product is formed.
    public static func unbiasedIndependence(_ left: Matrix<Double>, _ right: Matrix<Double>) -> Double {
        precondition(
            left.rows == left.columns && right.rows == left.rows && right.columns == left.rows,
            "\(left.shape) and \(right.shape) are not kernels of the same samples")
        precondition(left.rows >= minSamples, "\(left.rows) samples are too few for an unbiased estimate")
        let n = left.rows
        var (trace, leftSum, rightSum, mixed) = (0.0, 0.0, 0.0, 0.0)
        left.withElements { left in
            right.withElements { right in
                for row in 0..<n {
                    var (leftRow, rightRow) = (0.0, 0.0)
                    for column in 0..<n where column != row {
                        let (k, l) = (left[row * n + column], right[row * n + column])
                        trace += k * l
                        leftRow += k
                        rightRow += l
                    }
                    leftSum += leftRow
                    rightSum += rightRow
                    mixed += leftRow * rightRow
                }
            }
        }
        let size = Double(n)
        return (trace + leftSum * rightSum / ((size - 1) * (size - 2)) - 2 * mixed / (size - 2)) / (size * (size - 3))
    }
}
