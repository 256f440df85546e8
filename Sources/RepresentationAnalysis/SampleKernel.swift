import LinearAlgebra
import RealModule

/// How alike two samples are, judged by what a network makes of them.
///
/// | kernel | k(x, y) |
/// |---|---|
/// | `linear` | x·y |
/// | `radial` | exp(−|x − y|²/(2σ²)) |
///
///     let x = Matrix<Double>(rows: 2, columns: 1, elements: [0, 2])
///     SampleKernel.linear.matrix(of: x)                        // [[1, −1], [−1, 1]]: of x − 1
///     SampleKernel.radial(.squared(2)).matrix(of: x)           // 1 on the diagonal, exp(−4/4) = 0.368 beside it
public enum SampleKernel: Hashable, Sendable {
    /// The inner product; the same answer for a representation and its rotation.
    case linear
    /// Near samples count, and distant ones do not: σ says what near is.
    case radial(Bandwidth)

    /// σ² of a radial kernel.
    public enum Bandwidth: Hashable, Sendable {
        /// The median of the squared distances of all pairs that are not 0.
        case median
        /// This σ² itself, in the squared units of the features.
        case squared(Double)
    }
}

extension SampleKernel {
    /// The kernel of every pair of rows, `[n, n]`, in `Double` whatever the precision of the rows.
    ///
    /// - Parameter features: what a layer makes of n samples, shape `[n, width]`.
    public func matrix<Scalar: BLASScalar>(of features: Matrix<Scalar>) -> Matrix<Double> {
        let features = features.converted(to: Double.self)
        switch self {
        case .linear:
            // Moving every sample by the same vector changes no centred kernel, and a mean that is gone rounds nothing.
            let centred = features.withColumnsCentred()
            return centred.timesTransposed(centred)
        case .radial(let bandwidth):
            let distances = squaredDistances(features)
            let variance =
                switch bandwidth {
                case .median: Self.medianSquaredDistance(distances)
                case .squared(let given): given
                }
            var kernel = distances
            kernel.withMutableElements { elements in
                // Where all samples are one, every distance is 0 and any σ will do.
                let scale = variance > 0 ? -1 / (2 * variance) : 0
                for index in 0..<elements.count { elements[index] = Double.exp(scale * elements[index]) }
            }
            return kernel
        }
    }

    /// σ² by the median of the squared distances of these rows.
    ///
    /// For other samples of the same layer: batches that were to be compared must share one σ.
    public static func medianBandwidth<Scalar: BLASScalar>(of features: Matrix<Scalar>) -> Bandwidth {
        .squared(medianSquaredDistance(squaredDistances(features.converted(to: Double.self))))
    }

    /// 0 where there is no pair of different rows.
    private static func medianSquaredDistance(_ distances: Matrix<Double>) -> Double {
        var values: [Double] = []
        for row in 0..<distances.rows {
            for column in row + 1..<max(distances.columns, row + 1) where distances[row, column] > 0 {
                values.append(distances[row, column])
            }
        }
        guard !values.isEmpty else { return 0 }
        values.sort()
        return (values[(values.count - 1) / 2] + values[values.count / 2]) / 2
    }
}

/// |x_i − x_j|², shape `[n, n]`.
///
/// By differences and not as |x|² + |y|² − 2x·y: equal rows must be exactly 0 apart, or their rounding noise would
/// count among the distances that are not 0.
private func squaredDistances(_ features: Matrix<Double>) -> Matrix<Double> {
    let (count, width) = (features.rows, features.columns)
    var distances = Matrix<Double>(rows: count, columns: count)
    features.withElements { x in
        distances.withMutableElements { distances in
            for row in 0..<count {
                for column in 0..<row {
                    var sum = 0.0
                    for index in 0..<width {
                        let difference = x[row * width + index] - x[column * width + index]
                        sum += difference * difference
                    }
                    distances[row * count + column] = sum
                    distances[column * count + row] = sum
                }
            }
        }
    }
    return distances
}

extension Matrix<Double> {
    /// `H A`, H = 1 − 11ᵀ/n: every column with its mean taken away.
    func withColumnsCentred() -> Matrix {
        guard rows > 0 else { return self }
        var centred = self
        centred.withMutableElements { elements in
            var means = [Double](repeating: 0, count: columns)
            for row in 0..<rows {
                for column in 0..<columns { means[column] += elements[row * columns + column] }
            }
            for column in 0..<columns { means[column] /= Double(rows) }
            for row in 0..<rows {
                for column in 0..<columns { elements[row * columns + column] -= means[column] }
            }
        }
        return centred
    }
}
