import LinearAlgebra

/// A batch of states, or of tangents or cotangents of states, cut in two: `x = [x1 | x2]`, each of shape `[n, m]`.
///
/// The halves are matrices of their own because every formula of a reversible block treats them apart.
public struct Halves<Scalar: BLASScalar>: Equatable, Sendable {
    public var first: Matrix<Scalar>
    public var second: Matrix<Scalar>

    public init(first: Matrix<Scalar>, second: Matrix<Scalar>) {
        precondition(
            first.rows == second.rows && first.columns == second.columns,
            "the halves \(first.shape) and \(second.shape) make no state")
        self.first = first
        self.second = second
    }

    /// Cuts `[n, d]` after column d/2.
    public init(splitting whole: Matrix<Scalar>) {
        precondition(whole.columns % 2 == 0, "\(whole.shape) cannot be cut in two halves")
        let half = whole.columns / 2
        first = whole.columns(0..<half)
        second = whole.columns(half..<whole.columns)
    }

    /// `[x1 | x2]`, shape `[n, d]`.
    public var joined: Matrix<Scalar> { first.joined(with: second) }

    /// n.
    public var batch: Int { first.rows }

    public var isFinite: Bool { first.isFinite && second.isFinite }
}
