import ConfigFile
import Foundation
import ReversibleCore
import TestSupport
import Testing
import Training

/// Keys that a config warns of are those that change no bit of a run, and the other way round.
@Suite struct TrainingKeyEffectTests {
    private static let small = """
        data: {name: gaussian, batch_size: 32, synthetic: {features: 8, classes: 4, samples: 76, test_samples: 16}}
        model: {blocks: 2, hidden: 16}
        optimizer: {momentum: 0.3, learning_rate: 0.05}
        training: {epochs: 3}
        """

    /// What the choices are that decide about other keys.
    private static let choices: [[String]] = [
        [], ["optimizer.name=sgd"], ["optimizer.name=adam"],
        ["optimizer.name=adamw", "optimizer.schedule={name: cosine, warmup: 1}"],
        ["loss.name=mse"], ["loss.name=mse", "optimizer.name=sgd"],
        ["loss.curvature=exact", "optimizer.learning_rate=1e-3"],
        ["loss.curvature=damped", "optimizer.schedule={name: step, step_size: 2}"],
        ["loss.curvature=damped", "optimizer.name=sgd"],
        ["optimizer.pseudo_inverse.method=qr"],
        ["optimizer.pseudo_inverse.method=transpose", "optimizer.learning_rate=1e-3"],
        ["optimizer.pseudo_inverse.method=damped"],
        ["optimizer.pseudo_inverse={method: randomized_svd, rank: 4, oversampling: 2}"],
        ["optimizer.pseudo_inverse.method=adaptive_randomized_svd", "model.hidden=64"],
        ["optimizer.schedule={name: constant, warmup: 2}"],
        ["optimizer.schedule={name: step, step_size: 2}", "model.activation=leaky_relu"],
        ["data.validation=test", "training.evaluate_on=9"], ["model.hidden=0", "training.evaluate_training_set=true"],
        ["data.name=correlated", "data.validation=test"], ["data.validation=test", "data.subset=40"],
        ["task.name=regression", "loss.name=mse"], ["task.name=teacher"],
        ["task.name=teacher", "loss.name=mse", "model.output_projection=false"],
    ]

    /// Each key with a value that is neither its default nor that of any of the choices.
    private static let settings = [
        "seed=3", "data.batch_size=15", "data.validation_seed=5", "data.synthetic.correlation=0.5",
        "data.synthetic.separation=2", "data.synthetic.seed=4", "task.outputs=5", "task.noise=0.7", "task.seed=9",
        "task.blocks=3", "task.hidden=12", "model.bias=false", "model.slope=0.3", "model.initialization=he",
        "loss.curvature=exact", "loss.damping=0.5", "loss.label_smoothing=0.2", "loss.tangent_factor=1",
        "optimizer.momentum=0.6", "optimizer.nesterov=true", "optimizer.weight_decay=0.1", "optimizer.beta1=0.5",
        "optimizer.beta2=0.5", "optimizer.epsilon=0.1", "optimizer.schedule.step_size=1",
        "optimizer.schedule.gamma=0.5", "optimizer.schedule.min=1e-3", "optimizer.schedule.per=batch",
        "optimizer.pseudo_inverse.rtol=0.6", "optimizer.pseudo_inverse.atol=30", "optimizer.pseudo_inverse.rank=2",
        "optimizer.pseudo_inverse.oversampling=0", "optimizer.pseudo_inverse.power_iterations=0",
        "optimizer.pseudo_inverse.tolerance=0.9", "optimizer.pseudo_inverse.noise=0.1", "model.initial_deviation=0.3",
        "training.evaluate_every=2", "training.evaluate_on=5",
    ]

    private struct Trained {
        /// Nil for a run that diverged in its first epoch.
        var parameters: Parameters<Float>?
        var log: [String]
    }

    /// What a run leaves behind, and what it was warned of; nil for a config that is refused.
    private func train(_ settings: [String]) throws -> (trained: Trained, warnings: [Diagnostic])? {
        var warnings: [Diagnostic] = []
        let document = try ConfigDocument(parsing: SourceFile(path: "run.yaml", text: Self.small))
        guard
            let config = try? TrainingConfig(
                document, settings: settings.map { ConfigSetting($0, option: "--set") },
                warn: { warnings.append($0) })
        else { return nil }
        let folder = try TemporaryDirectory()
        var run = try TrainingRun(config, folder: folder.path)
        var reports: [String] = []
        _ = try run.run { if case .epoch(let report) = $0 { reports.append(report.line) } }
        return (
            Trained(
                parameters: try? TrainedNetwork(readingFrom: folder.path).network.parameters,
                log: withoutSeconds(reports.joined(separator: "\n"))),
            warnings
        )
    }

    @Test(arguments: choices)
    func `a key is warned of exactly where another value of it changes no bit of the run`(choice: [String]) throws {
        let base = try #require(try train(choice))
        for setting in Self.settings where !choice.contains(setting) {
            guard let other = try train(choice + [setting]) else { continue }
            let changes =
                other.trained.parameters != base.trained.parameters || other.trained.log != base.trained.log
            let key = setting.prefix { $0 != "=" }
            let isWarnedOf = other.warnings.contains { $0.path == "--set \(key)" }
            #expect(changes != isWarnedOf, "\(setting) beside \(choice): \(other.warnings)")
        }
    }

    /// What is warned of in a file, as the names of the keys.
    private func warned(_ yaml: String) throws -> [String] {
        var names: [String] = []
        _ = try TrainingConfig(
            ConfigDocument(parsing: SourceFile(path: "run.yaml", text: yaml)),
            warn: { names.append(String($0.message.dropFirst().prefix { $0 != "'" })) })
        return names
    }

    @Test(arguments: [
        ("data: {path: x}", ["data.path"]), ("data: {name: mnist, path: x}", []),
        ("data: {synthetic: {classes: 3}}", ["data.synthetic"]), ("output: {log_every: batch}", ["output.log_every"]),
        ("output: {log_every: batch, logs: [csv]}", []),
        ("optimizer: {name: adam, momentum: 0.9}", ["optimizer.momentum"]),
        ("optimizer: {name: sgd}\nloss: {curvature: damped, damping: 0.1}", ["loss.curvature", "loss.damping"]),
        (
            "optimizer: {schedule: {name: cosine, step_size: 10, gamma: 0.1, min: 0}}",
            ["optimizer.schedule.step_size", "optimizer.schedule.gamma"]
        ),
        ("model: {hidden: 0, slope: 0.2}", ["model.slope"]), ("{}", []),
    ])
    func `keys that decide nothing about numbers are warned of as well`(yaml: String, names: [String]) throws {
        #expect(try warned(yaml) == names)
    }

    @Test func `a config with every default written warns of nothing, nor do those that are shipped`() throws {
        for name in ["sgd", "adam", "gauss_newton"] {
            let all = try config("optimizer: {name: \(name)}").resolved.yaml()
            #expect(try warned(all) == [])
        }
        for name in try FileManager.default.contentsOfDirectory(atPath: Project.path("configs"))
        where name.hasSuffix(".yaml") {
            _ = try TrainingConfig.read(path: Project.path("configs/\(name)"), warn: { Issue.record("\($0)") })
        }
    }
}
