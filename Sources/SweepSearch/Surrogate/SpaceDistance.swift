/// How far assignments of a space are from each other.
///
///     let distance = SpaceDistance(space)
///     distance.values(from: assignment, to: others)       // [0.02, 0.71]
///
/// Numbers are compared by their quantiles: from end to end of a range is 1, on a logarithmic axis in equal steps of
/// the logarithm. Two different choices are 1 apart. An inactive parameter lies in the middle, as for the Gaussian
/// process. The distance is the square root of the sum of the squares.
public struct SpaceDistance {
    private let landscape: Landscape

    public init(_ space: SearchSpace) { landscape = Landscape(SpaceEncoding(space)) }

    /// The distance from one assignment to each of the others.
    public func values(from assignment: Assignment, to others: [Assignment]) -> [Double] {
        let columns = landscape.columns(of: [assignment] + others)
        return others.indices.map { index in
            zip(landscape.dimensions, columns).reduce(0) { $0 + $1.0.distance($1.1[0], $1.1[index + 1]) }.squareRoot()
        }
    }
}
