/// What can go wrong with numbers that were legal to begin with.
public enum NumericalFailure: Error, Hashable, Sendable {
    /// An infinity or NaN reached a place that cannot go on with it, named in words.
    case nonFinite(String)
    /// LAPACK gave up; the routine's name.
    case didNotConverge(String)
    /// A matrix to be factored as `L Lᵀ` is not positive definite; the order of the first minor that says so.
    case notPositiveDefinite(minor: Int)
    /// LAPACK found no memory for its workspace; the routine's name.
    case outOfMemory(String)
}

extension NumericalFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .nonFinite(let place): "\(place) has infinite or undefined numbers"
        case .didNotConverge(let routine): "\(routine) did not converge"
        case .notPositiveDefinite(let minor): "the matrix is not positive definite (minor of order \(minor))"
        case .outOfMemory(let routine): "no memory for the workspace of \(routine)"
        }
    }
}
