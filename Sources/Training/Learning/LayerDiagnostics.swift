import LinearAlgebra
import ReversibleCore
import TrialProtocol

/// What one step said about one coupling.
public struct LayerDiagnostics: Hashable, Sendable {
    /// The block and the half: `0.f`, `0.g`, `1.f`, ….
    public var layer: String
    /// Of the gradient, or of the Gauss-Newton step before it is multiplied by the learning rate.
    public var directionNorm: Double
    /// Of the weights after the step, without the bias: the square root of the sum of squares.
    public var weightNorm: Double
    /// Of the same numbers: the mean square deviation from their mean.
    public var weightVariance: Double
    /// What the pseudo-inverse of a Gauss-Newton step saw of the features; empty in a gradient step.
    public var evidence = PseudoInverse.Evidence()
}

/// What one step said about every coupling.
///
///     diagnostics.metrics.first?.name       // "0.f.direction_norm"
public struct StepDiagnostics: Hashable, Sendable {
    /// The epoch from 1, the batch from 0.
    public var epoch: Int
    public var batch: Int
    /// Steps made in the run, this one included: what logs count by.
    public var iteration: Int
    /// In the order of the forward pass: F and G of block 0, F and G of block 1, ….
    public var layers: [LayerDiagnostics]

    /// The numbers by name, in the order of the forward pass: `0.f.direction_norm` and so on.
    public var metrics: [MetricReport.Metric] {
        layers.flatMap { layer -> [MetricReport.Metric] in
            let numbers: [(String, Double?)] = [
                ("direction_norm", layer.directionNorm), ("weight_norm", layer.weightNorm),
                ("weight_variance", layer.weightVariance),
                ("kept_rank", layer.evidence.keptRank.map { Double($0) }),
                ("largest_singular_value", layer.evidence.largestSingularValue),
                ("smallest_singular_value", layer.evidence.smallestKeptSingularValue),
            ]
            return numbers.compactMap { name, value in
                value.map { MetricReport.Metric("\(layer.layer).\(name)", $0) }
            }
        }
    }
}

extension LayerDiagnostics {
    /// Of every coupling of a network.
    ///
    /// - Parameters:
    ///   - network: with the parameters after the step.
    ///   - direction: what the parameters were moved along.
    ///   - evidence: of each coupling; empty in a gradient step.
    ///
    /// - Returns: one for each coupling, in the order of the forward pass: `0.f`, `0.g`, `1.f`, ….
    static func all(
        _ network: ReversibleNetwork<Float>, direction: Parameters<Float>, evidence: [PseudoInverse.Evidence]
    ) -> [LayerDiagnostics] {
        network.parameters.coefficients.enumerated().map { index, coefficients in
            let weights = coefficients.rows(0..<coefficients.rows - (network.architecture.bias ? 1 : 0))
            let (sum, squares) = sums(weights)
            let mean = sum / Double(weights.count)
            return LayerDiagnostics(
                layer: "\(index / 2).\(index % 2 == 0 ? "f" : "g")",
                directionNorm: sums(direction.coefficients[index]).squares.squareRoot(),
                weightNorm: squares.squareRoot(),
                // Rounding may take the difference of two equal numbers below 0.
                weightVariance: max(squares / Double(weights.count) - mean * mean, 0),
                evidence: evidence.isEmpty ? .init() : evidence[index])
        }
    }
}

/// The sum of the elements and of their squares, in double precision.
private func sums(_ matrix: Matrix<Float>) -> (sum: Double, squares: Double) {
    matrix.withElements { elements in
        var (sum, squares) = (0.0, 0.0)
        for index in 0..<elements.count {
            let value = Double(elements[index])
            sum += value
            squares += value * value
        }
        return (sum, squares)
    }
}
