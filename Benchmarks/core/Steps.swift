import Foundation
import LinearAlgebra
import RandomStreams
import ReversibleCore

/// One kind of step at one size, as `torch_gauss_newton.py` names it.
struct StepCase {
    var features = 784
    var blocks = 2
    var hidden = 8000
    var batch = 1000
    var classes = 10
    var optimizer = "gn"
    var activations = ActivationMemory.keep
    var activation = Activation.relu
    var rate = 0.1

    var architecture: Architecture {
        Architecture(
            features: features, blocks: blocks, hidden: hidden, bias: true, classes: classes,
            activation: activation)
    }
}

/// What a number of steps took.
struct StepTimes: Codable {
    var seconds: [Double]
    var lossFirst: Double
    var lossAfter: Double
    var plannedBytes: Int
    var parameterBytes: Int
    var peakMiB: Double
}

/// Steps on standard normal inputs and random labels, like those of the peer; the first one is not timed.
func measure(_ setting: StepCase, steps: Int) throws -> StepTimes {
    var network = try ReversibleNetwork<Float>(initializing: setting.architecture, seed: 1)
    var random = RandomStream(seed: 1, stream: 1)
    let input = Matrix<Float>(
        rows: setting.batch, columns: setting.features,
        elements: (0..<setting.batch * setting.features).map { _ in Float(random.normal()) })
    var targets = Matrix<Float>(rows: setting.batch, columns: setting.classes)
    for row in 0..<setting.batch { targets[row, Int(random.integer(below: UInt64(setting.classes)))] = 1 }
    let loss = Loss.crossEntropy(.identity)
    let rule: UpdateRule =
        setting.optimizer == "adam"
        ? .adam(rate: setting.rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0)
        : .descent(rate: setting.rate, momentum: 0, weightDecay: 0)
    var optimizer = Optimizer<Float>(rule)
    let direction: StepDirection = setting.optimizer == "gn" ? .gaussNewton(PseudoInverse()) : .gradient
    let step = TrainingStep(for: network, batch: setting.batch, activations: setting.activations)
    let clock = ContinuousClock()
    var (seconds, first): ([Double], Double) = ([], .nan)
    for index in 0...steps {
        let start = clock.now
        let report = try step.perform(
            on: &network, &optimizer, loss: loss, direction, input: input, targets: targets)
        if index == 0 { first = report.loss } else { seconds.append((clock.now - start) / .seconds(1)) }
    }
    return StepTimes(
        seconds: seconds, lossFirst: first,
        lossAfter: step.loss(of: network, loss, input: input, targets: targets).loss,
        plannedBytes: step.byteCount, parameterBytes: 4 * setting.architecture.parameterCount, peakMiB: peakMemory())
}

/// The most memory that this program had at any time, in MiB. Not `getrusage`'s, which counts what the parent had
/// before it became this program.
func peakMemory() -> Double {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line.flatMap { Double($0.split(separator: " ").dropFirst().first ?? "") }.map { $0 / 1024 } ?? .nan
}
