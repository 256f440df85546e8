import Datasets
import LinearAlgebra
import ReversibleCore

/// How well a network does on a set of samples; every sample weighs the same.
///
///     let evaluation = Evaluation(network, on: split.test, loss: .crossEntropy(.identity, smoothing: 0.1))
///     evaluation.accuracy      // 0.9417: 339 of 360
///     evaluation.loss          // without the smoothing
public struct Evaluation: Hashable, Sendable {
    /// Of the targets as they are, not smoothed.
    public let loss: Double
    /// The fraction that is classified correctly, 0...1; of no meaning in a regression.
    public let accuracy: Double
    /// How many there were.
    public let samples: Int

    /// - Parameters:
    ///   - task: what was to be learned, and `split` which samples these are, all of them.
    ///   - chosen: the indices of those that count; `nil`: all.
    ///   - chunk: how many samples are run through the network at once at most, which bounds the memory.
    ///
    /// The result depends on `chunk` only by the rounding of sums.
    public init(
        _ network: ReversibleNetwork<Float>, on samples: LabelledImages, loss: Loss,
        task: LearningTask = .classification, split: SplitName = .test, among chosen: [Int]? = nil, chunk: Int = 1024
    ) {
        let count = chosen?.count ?? samples.count
        precondition(count > 0, "nothing to evaluate on")
        let loss = loss.unsmoothed
        let width = network.architecture.outputs
        var (sum, correct) = (0.0, 0)
        for start in stride(from: 0, to: count, by: chunk) {
            let places = start..<min(start + chunk, count)
            let indices = chosen.map { $0[places] } ?? Array(places)[...]
            let some = samples.samples(at: indices)
            let targets = task.targets(of: some, in: split, at: indices, width: width)
            let logits = network.logits(of: network.output(of: Halves(splitting: some.images)))
            sum += loss.value(logits, targets: targets) * Double(some.count)
            correct += Loss.correct(logits, targets: targets)
        }
        self.loss = sum / Double(count)
        accuracy = Double(correct) / Double(count)
        self.samples = count
    }
}
