import LinearAlgebra
import ReversibleCore

/// How far a vector of weights has moved from θ0 to θ1.
///
///     let before = Matrix<Double>(rows: 1, columns: 2, elements: [3, 0])
///     let after = Matrix<Double>(rows: 1, columns: 2, elements: [3, 4])
///     let change = WeightChange(from: [before], to: [after])
///     change.normBefore      // 3
///     change.normAfter       // 5
///     change.difference      // 4
///     change.relative        // 1.333
///     change.cosine          // 0.6: 9/(3·5)
public struct WeightChange: Hashable, Sendable {
    /// |θ0| and |θ1|.
    public let normBefore: Double
    public let normAfter: Double
    /// |θ1 − θ0|.
    public let difference: Double
    /// <θ0, θ1>.
    private let product: Double

    /// |θ1 − θ0| / |θ0|; `nil` where θ0 is 0, as biases are at the start.
    public var relative: Double? { normBefore > 0 ? difference / normBefore : nil }

    /// The cosine of the angle between θ0 and θ1; `nil` where one of them is 0.
    public var cosine: Double? {
        normBefore > 0 && normAfter > 0 ? product / (normBefore * normAfter) : nil
    }

    /// The matrices are taken together as one long vector. Sums are made in double precision.
    public init<Scalar: BLASScalar>(from before: [Matrix<Scalar>], to after: [Matrix<Scalar>]) {
        precondition(before.map(\.shape) == after.map(\.shape), "weights of different networks")
        var (first, second, difference, product) = (0.0, 0.0, 0.0, 0.0)
        for (before, after) in zip(before, after) {
            before.withElements { before in
                after.withElements { after in
                    for index in 0..<before.count {
                        let (x, y) = (Double(before[index]), Double(after[index]))
                        first += x * x
                        second += y * y
                        difference += (y - x) * (y - x)
                        product += x * y
                    }
                }
            }
        }
        normBefore = first.squareRoot()
        normAfter = second.squareRoot()
        self.difference = difference.squareRoot()
        self.product = product
    }
}

/// The change of one of a network's weights, or of some of them together.
public struct NamedWeightChange: Hashable, Sendable {
    /// `0.f.weight`, `0.f.bias`, `0.g.weight`, …: block, half and kind; `weights`: all of these, `all`: and the biases.
    public let name: String
    /// How far it has moved.
    public let change: WeightChange
}

extension NamedWeightChange {
    /// The changes between two sets of weights of one network, layer by layer and of the whole.
    public static func changes<Scalar: BLASScalar>(
        from before: Parameters<Scalar>, to after: Parameters<Scalar>, of architecture: Architecture
    ) -> [NamedWeightChange] {
        let (first, second) = (parts(of: before, architecture), parts(of: after, architecture))
        var changes = zip(first, second).map { first, second in
            NamedWeightChange(name: first.name, change: WeightChange(from: [first.matrix], to: [second.matrix]))
        }
        func total(_ name: String, _ isIncluded: (Part<Scalar>) -> Bool) {
            changes.append(
                NamedWeightChange(
                    name: name,
                    change: WeightChange(
                        from: first.filter(isIncluded).map(\.matrix), to: second.filter(isIncluded).map(\.matrix))))
        }
        total("weights") { !$0.isBias }
        total("all") { _ in true }
        return changes
    }

    /// One weight matrix, or one bias as a matrix of one row.
    private struct Part<Scalar: BLASScalar> {
        var name: String
        var isBias: Bool
        var matrix: Matrix<Scalar>
    }

    private static func parts<Scalar: BLASScalar>(
        of parameters: Parameters<Scalar>, _ architecture: Architecture
    ) -> [Part<Scalar>] {
        parameters.coefficients.enumerated().flatMap { index, coefficients in
            let layer = "\(index / 2).\(index % 2 == 0 ? "f" : "g")"
            let inputs = coefficients.rows - (architecture.bias ? 1 : 0)
            var parts = [Part(name: "\(layer).weight", isBias: false, matrix: coefficients.rows(0..<inputs))]
            if architecture.bias {
                parts.append(
                    Part(name: "\(layer).bias", isBias: true, matrix: coefficients.rows(inputs..<coefficients.rows)))
            }
            return parts
        }
    }
}
