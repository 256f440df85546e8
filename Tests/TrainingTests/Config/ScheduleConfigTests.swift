import ConfigFile
import Foundation
import TestSupport
import Testing
import Training

/// The keys that say when a run is evaluated, on what, and from which weights it begins.
@Suite struct ScheduleConfigTests {
    private func mistakes(_ yaml: String) -> String? {
        do {
            _ = try config(yaml)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func `the keys are read, and what they resolve to is read again`() throws {
        let read = try config(
            """
            model: {hidden: off, initial_deviation: 1e-6}
            optimizer: {pseudo_inverse: {noise: 1e-3}}
            training: {evaluate_every: 10, evaluate_on: 1e3, start_from: "runs/adam-{seed}"}
            output: {keep_every: 5, train_metrics: [after_steps, after_epoch]}
            """)
        #expect(read.model.hidden == 0 && read.model.initialDeviation == 1e-6)
        #expect(read.optimizer.pseudoInverseNoise == 1e-3)
        #expect(read.training.evaluateEvery == 10 && read.training.evaluationSamples == .count(1000))
        #expect(read.training.startFrom == "runs/adam-{seed}" && read.training.startChecksum == nil)
        #expect(read.output.keepEvery == 5 && read.output.trainMetrics == [.afterSteps, .afterEpoch])
        let again = try config(read.resolved.yaml())
        #expect(again.resolved == read.resolved && again.training == read.training && again.model == read.model)
        #expect(try config("training: {evaluate_on: 0.1}").training.evaluationSamples == .fraction(0.1))
        #expect(try config("training: {evaluate_on: all, start_from: none}").training == config("{}").training)
        #expect(try config("model: {hidden: false}").model.hidden == 0)
    }

    /// A check sum of digits alone, or with an e among them, must not become a number on its way through a file.
    @Test(arguments: ["1234567890123456", "12345678901234e5", "0000000000000000", "00000000000e1234"])
    func `a check sum stays a text`(sum: String) throws {
        var read = try config("training: {start_from: a.npz}")
        read.training.startChecksum = sum
        #expect(try config(read.resolved.yaml()).training.startChecksum == sum)
    }

    @Test(arguments: [
        ("training: {evaluate_every: 0}", "1:28: error: 'training.evaluate_every' must lie between 1 and 1000000"),
        ("training: {evaluate_every: 2.5}", "1:28: error: 'training.evaluate_every' must be an integer"),
        ("training: {evaluate_on: 0}", "1:25: error: 'training.evaluate_on' must be all, a whole number of samples"),
        ("training: {evaluate_on: 1.0}", "1:25: error: 'training.evaluate_on' must be all"),
        ("training: {evaluate_on: 10.5}", "1:25: error: 'training.evaluate_on' must be all"),
        ("training: {evaluate_on: some}", "1:25: error: 'training.evaluate_on' must be all"),
        ("training: {start_from: 7}", "1:24: error: 'training.start_from' must be a string"),
        ("training: {start_from: ''}", "1:24: error: 'training.start_from' must be a path"),
        ("training: {start_from: 'a-{sede}'}", "= help: {seed} stands for the run's seed"),
        ("training: {start_from: a, start_checksum: xyz}", "must be 16 hexadecimal digits, found 'xyz'"),
        ("training: {evaluate_evry: 3}", "= help: did you mean 'evaluate_every'?"),
        ("model: {initial_deviation: -1}", "1:28: error: 'model.initial_deviation' must be at least 0, found -1.0"),
        ("model: {initial_deviation: .inf}", "1:28: error: 'model.initial_deviation' must be finite, found inf"),
        ("model: {hidden: of}", "1:17: error: 'model.hidden' must be an integer, found the string 'of'"),
        ("optimizer: {pseudo_inverse: {noise: -1}}", "1:37: error: 'optimizer.pseudo_inverse.noise' must be at least"),
        ("output: {keep_every: -1}", "1:22: error: 'output.keep_every' must lie between 0 and 1000000, found -1"),
        ("output: {train_metrics: after_steps}", "1:25: error: 'output.train_metrics' must be a list"),
        ("output: {train_metrics: [after_step]}", "= help: did you mean 'after_steps'?"),
    ])
    func `a mistake is told where it is`(yaml: String, message: String) throws {
        let text = try #require(mistakes(yaml))
        #expect(text.hasPrefix("run.yaml:1:") && text.contains(message), "\(text)")
    }

    @Test(arguments: [
        ("model: {initialization: he, initial_deviation: 0.1}", ["model.initial_deviation"]),
        (
            "model: {initialization: he, initial_deviation: 0.1}\ntraining: {start_from: a}",
            ["model.initialization", "model.initial_deviation"]
        ),
        ("training: {start_checksum: 0123456789abcdef}", ["training.start_checksum"]),
        ("optimizer: {name: adam, pseudo_inverse: {noise: 0.1}}", ["optimizer.pseudo_inverse"]),
        ("data: {validation: test, validation_seed: 1}", ["data.validation_seed"]),
        ("data: {validation: test, validation_seed: 1}\ntraining: {evaluate_on: 10}", []),
    ])
    func `keys that decide nothing beside the others are warned of`(yaml: String, names: [String]) throws {
        var warned: [String] = []
        _ = try TrainingConfig(
            ConfigDocument(parsing: SourceFile(path: "run.yaml", text: yaml)),
            warn: { warned.append(String($0.message.dropFirst().prefix { $0 != "'" })) })
        #expect(warned == names)
    }
}
