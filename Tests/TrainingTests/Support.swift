import ConfigFile
import Foundation
import LinearAlgebra
import ReversibleCore
import Training
import TrialProtocol

func config(_ yaml: String, name: String = "run.yaml") throws -> TrainingConfig {
    try TrainingConfig(ConfigDocument(parsing: SourceFile(path: name, text: yaml)))
}

/// A run of a quarter of a second at most, in each optimizer's words.
let optimizers: [String: String] = Dictionary(
    uniqueKeysWithValues: schedules.map { ("sgd, \($0)", "{name: sgd, learning_rate: 0.05, schedule: \($1)}") }
).merging(plainOptimizers) { $1 }

private let plainOptimizers = [
    "sgd": "{name: sgd, learning_rate: 0.05, momentum: 0.9, weight_decay: 1e-4}",
    "adam": "{name: adam, learning_rate: 2e-3}",
    "adamw": "{name: adamw, learning_rate: 2e-3, weight_decay: 0.01}",
    "gauss_newton": "{name: gauss_newton, learning_rate: 0.3, momentum: 0.5}",
    "gauss_newton, adaptive":
        "{name: gauss_newton, learning_rate: 0.3, pseudo_inverse: {method: adaptive_randomized_svd, tolerance: 0.05}}",
    "gauss_newton, randomized":
        "{name: gauss_newton, learning_rate: 0.3, pseudo_inverse: {method: randomized_svd, rank: 20, oversampling: 5}}",
    "gauss_newton, noisy": "{name: gauss_newton, learning_rate: 0.1, pseudo_inverse: {noise: 1e-3}}",
    "sgd, nesterov": "{name: sgd, learning_rate: 0.05, momentum: 0.9, nesterov: true}",
]

/// Schedules that change the rate within and between the epochs of a small run.
let schedules: [String: String] = [
    "step, per epoch": "{name: step, step_size: 1, gamma: 0.7}",
    "step, per batch": "{name: step, per: batch, step_size: 5, gamma: 0.8, warmup: 3}",
    "cosine, per epoch": "{name: cosine, warmup: 1}",
    "cosine, per batch": "{name: cosine, per: batch, min: 1e-4, warmup: 4}",
]

func smallConfig(_ optimizer: String, epochs: Int = 3, checkpointEvery: Int = 1) -> String {
    """
    seed: 4
    data: {batch_size: 100}
    model: {blocks: 2, hidden: 40}
    optimizer: \(optimizers[optimizer]!)
    training: {epochs: \(epochs)}
    output: {checkpoint_every: \(checkpointEvery)}
    """
}

/// What a run leaves behind that must not depend on how often it was interrupted.
struct Remains: Equatable {
    var parameters: Parameters<Float>
    var epochs: Int
    /// The lines of the log without the one number that differs from run to run.
    var log: [String]

    init(of folder: String) throws {
        let trained = try TrainedNetwork(readingFrom: folder)
        parameters = trained.network.parameters
        epochs = trained.epochs
        log = withoutSeconds(try String(contentsOfFile: "\(folder)/metrics.jsonl", encoding: .utf8))
    }
}

/// The reports among the lines of a text, without the time they took.
func withoutSeconds(_ text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
        guard var report = MetricReport(line: line.utf8) else { return nil }
        report.metrics.removeAll { $0.name == "seconds" }
        return report.line
    }
}
