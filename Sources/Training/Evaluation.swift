import Datasets
import LinearAlgebra
import ReversibleCore

/// How well a network does on a set of samples; every sample weighs the same.
public struct Evaluation: Hashable, Sendable {
    /// Of the targets as they are, not smoothed.
    public let loss: Double
    /// The fraction that is classified correctly, 0...1.
    public let accuracy: Double
    public let samples: Int

    /// The most samples that are run through the network at once, which bounds the memory.
    static let chunk = 1024

    public init(_ network: ReversibleNetwork<Float>, on samples: LabelledImages, loss: Loss) {
        precondition(samples.count > 0, "nothing to evaluate on")
        let loss = loss.unsmoothed
        let width = network.architecture.outputs
        var (sum, correct) = (0.0, 0)
        for start in stride(from: 0, to: samples.count, by: Self.chunk) {
            let part = samples.samples(at: start..<min(start + Self.chunk, samples.count))
            let targets = part.targets(width: width)
            let logits = network.logits(of: network.output(of: Halves(splitting: part.images)))
            sum += loss.value(logits, targets: targets) * Double(part.count)
            correct += Loss.correct(logits, targets: targets)
        }
        self.loss = sum / Double(samples.count)
        accuracy = Double(correct) / Double(samples.count)
        self.samples = samples.count
    }
}
