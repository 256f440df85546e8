import Testing

/// What a process says of a point, and the derivatives of that with respect to some of its coordinates.
typealias PosteriorSlopes = (mean: Double, deviation: Double, meanSlopes: [Double], deviationSlopes: [Double])

/// Expects the slopes at a point to be those of central differences of the posterior, and its moments to be the same.
///
/// - Parameter moving: the indices of the coordinates.
func expectCentralDifferences(
    of posterior: ([Double]) -> (mean: Double, deviation: Double), at point: [Double], along moving: [Int],
    are slopes: PosteriorSlopes, sourceLocation: SourceLocation = #_sourceLocation
) {
    let width = 1e-5
    #expect(slopes.mean == posterior(point).mean, sourceLocation: sourceLocation)
    #expect(slopes.deviation == posterior(point).deviation, sourceLocation: sourceLocation)
    for (index, dimension) in moving.enumerated() {
        let ends = [-width, width].map { shift in
            var moved = point
            moved[dimension] += shift
            return posterior(moved)
        }
        // Rounding at 1e-13 over 1e-5 and a third derivative of the order of 100 times 1e-10.
        let (mean, deviation) = (ends[1].mean - ends[0].mean, ends[1].deviation - ends[0].deviation)
        #expect(abs(mean / (2 * width) - slopes.meanSlopes[index]) < 1e-6, sourceLocation: sourceLocation)
        #expect(abs(deviation / (2 * width) - slopes.deviationSlopes[index]) < 1e-6, sourceLocation: sourceLocation)
    }
}
