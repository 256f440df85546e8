import LinearAlgebra
import RandomStreams

/// Random points around one centre for each class.
///
///     x = c_k + z,   k uniform in 0..<K,   c_k ~ N(0, s²/(2d) I)   z ~ N(0, Σ),   Σ_ij = ρ^|i−j|
///
///     var synthetic = SyntheticDataset()
///     synthetic.features = 16
///     synthetic.dataset(isCorrelated: true).training.images       // [1000, 16]
///
/// Two centres lie a distance of about s apart, in standard deviations of the points around them: at s = 0 the labels
/// are independent of the inputs. A sample is a function of the seed and its index, so that a larger data set begins
/// with the smaller one.
public struct SyntheticDataset: Hashable, Sendable {
    /// d, even.
    public var features = 64
    /// K.
    public var classes = 10
    /// How many training samples are drawn.
    public var samples = 1000
    /// How many test samples are drawn, from the same centres.
    public var testSamples = 1000
    /// s.
    public var separation = 4.0
    /// ρ, of neighbouring features, in `0..<1`.
    public var correlation = 0.9
    /// Of the centres and of all samples; apart from the seed of a training run.
    public var seed = 0

    /// The sizes that a config has where it names none.
    public init() {}

    /// Draws all samples anew at each call.
    ///
    /// - Parameter isCorrelated: whether neighbouring features have the given correlation, or none.
    public func dataset(isCorrelated: Bool) -> PublishedDataset {
        precondition(features > 0 && features % 2 == 0, "\(features) features cannot be cut in two halves")
        precondition(classes > 0 && samples > 0 && testSamples > 0, "an empty data set")
        precondition((0..<1).contains(correlation), "a correlation of \(correlation)")
        let rho = isCorrelated ? correlation : 0
        let spread = separation / Double(2 * features).squareRoot()
        let centres = (0..<classes).map { index in
            var random = RandomStream(seed: UInt64(seed), stream: .syntheticCentres, UInt64(index))
            return (0..<features).map { _ in spread * random.normal() }
        }
        func draw(_ count: Int, _ stream: StreamName) -> LabelledImages {
            var images = Matrix<Float>(rows: count, columns: features)
            var labels: [Int] = []
            // x₀ = e₀, x_j = ρ x_{j−1} + √(1−ρ²) e_j has the wanted Σ.
            let fresh = (1 - rho * rho).squareRoot()
            images.withMutableElements { elements in
                for row in 0..<count {
                    var random = RandomStream(seed: UInt64(seed), stream: stream, UInt64(row))
                    let label = Int(random.integer(below: UInt64(classes)))
                    var z = 0.0
                    for column in 0..<features {
                        z = column == 0 ? random.normal() : rho * z + fresh * random.normal()
                        elements[row * features + column] = Float(centres[label][column] + z)
                    }
                    labels.append(label)
                }
            }
            return LabelledImages(images: images, labels: labels, classes: classes)
        }
        return PublishedDataset(training: draw(samples, .syntheticTraining), test: draw(testSamples, .syntheticTest))
    }
}
