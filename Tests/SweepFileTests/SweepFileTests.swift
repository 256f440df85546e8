import ConfigFile
import Foundation
import SweepFile
import SweepSearch
import TestSupport
import Testing

@Suite struct SweepFileTests {
    private static let base = """
        # What one run is
        model: {hidden: 64, layers: 2}
        optimizer: {name: adam, learning_rate: 0.001, momentum: 0.9, nesterov: false}
        data: [a, b]
        """

    private static let full = """
        name: digits-2.a_B
        metric: {name: val_accuracy, goal: maximize, value: best}
        trainer:
          command: [python, train.py, "{config}", --seed, "{seed}"]
          config: ../configs/digits.yaml
          env: {KEY: value, COUNT: 3, FLAG: true, EMPTY: ''}
        parameters:
          optimizer.name: {type: choice, values: [sgd, adam, 'no'], weights: [1, 0.5, 2]}
          optimizer.learning_rate: {type: loguniform, min: 1e-4, max: 1}
          optimizer.momentum: {type: uniform, min: 0, max: 0.99, when: {optimizer.name: sgd}}
          optimizer.nesterov: {type: choice, values: [true, false], \
        when: {optimizer.name: [sgd, adam], model.layers: 3}}
          model.hidden: {type: int, min: 32, max: 512, log: true}
          model.layers: {type: int, min: 1, max: 9, step: 2.0}
        enqueue: [{optimizer.name: adam, optimizer.learning_rate: 1}, {}]
        sampler: {name: random, seed: 7}
        budget: {trials: 60, time: 1h30m, failures: 20}
        resources: {parallel: 3, threads: 2, timeout: 90s}
        retry: {attempts: 3, on: [timeout, no_metric, launch]}
        reproducible: {lag: 8}
        """

    private static func read(_ text: String, base: String? = nil, path: String = "sweeps/s.yaml")
        throws(DiagnosticsError) -> SweepFile
    {
        try SweepFile(
            source: SourceFile(path: path, text: text), base: base.map { SourceFile(path: "/c/digits.yaml", text: $0) },
            directory: "/sweeps")
    }

    @Test func `every key of a file is read`() throws {
        let sweep = try Self.read(Self.full, base: Self.base).sweep
        #expect(sweep.name == "digits-2.a_B")
        #expect(sweep.metric.name == "val_accuracy")
        #expect(sweep.metric.goal == .maximize)
        #expect(sweep.metric.rule == .best)
        #expect(sweep.trainer.command.map(\.text) == ["python", "train.py", nil, "--seed", nil])
        #expect(
            sweep.trainer.environment.mapValues(\.text) == ["KEY": "value", "COUNT": "3", "FLAG": "true", "EMPTY": ""])
        #expect(
            sweep.space.parameters == [
                Parameter("optimizer.name", .choice(values: ["sgd", "adam", "no"], weights: [1, 0.5, 2])),
                Parameter("optimizer.learning_rate", .logUniform(min: 1e-4, max: 1)),
                Parameter(
                    "optimizer.momentum", .uniform(min: 0, max: 0.99), when: [.init("optimizer.name", .equals("sgd"))]),
                Parameter(
                    "optimizer.nesterov", .choice([true, false]),
                    when: [.init("optimizer.name", .isOneOf(["sgd", "adam"])), .init("model.layers", .equals(3))]),
                Parameter("model.hidden", .integer(min: 32, max: 512, step: 1, log: true)),
                Parameter("model.layers", .integer(min: 1, max: 9, step: 2, log: false)),
            ])
        #expect(sweep.enqueued == [["optimizer.name": "adam", "optimizer.learning_rate": 1.0], [:]])
        #expect(sweep.sampler.name == .random)
        #expect(sweep.sampler.seed == 7)
        #expect(sweep.budget.trials == 60)
        #expect(sweep.budget.time == .seconds(5400))
        #expect(sweep.budget.failures == 20)
        #expect(sweep.resources.parallel == 3)
        #expect(sweep.resources.threads == 2)
        #expect(sweep.resources.timeout == .seconds(90))
        #expect(sweep.retry.attempts == 3)
        #expect(sweep.retry.causes == [.timeout, .noMetric, .launch])
        #expect(sweep.planning == .reproducible(lag: 8))
    }

    @Test func `what a file does not say has a default`() throws {
        let sweep = try Self.read(SweepText().text).sweep
        #expect(sweep.name == "s")
        #expect(sweep.metric.rule == .last)
        #expect(sweep.trainer.environment == [:])
        #expect(sweep.enqueued == [])
        #expect(sweep.sampler.name == .auto)
        #expect(sweep.sampler.seed == 0)
        #expect(sweep.budget.time == nil)
        #expect(sweep.budget.failures == nil)
        #expect(sweep.resources.parallel == nil)
        #expect(sweep.resources.threads == 1)
        #expect(sweep.resources.timeout == nil)
        #expect(sweep.retry.attempts == 1)
        #expect(sweep.retry.causes == [.crash, .timeout])
        #expect(sweep.planning == .asTrialsEnd)
    }

    @Test func `sections may be left empty, and short forms mean the long ones`() throws {
        let sweep = try SweepText(
            rest: "sampler:\nresources: {parallel: auto}\nretry:\nreproducible: true\nenqueue: []"
        ).read().sweep
        #expect(sweep.sampler.name == .auto)
        #expect(sweep.resources.parallel == nil)
        #expect(sweep.retry.attempts == 1)
        #expect(sweep.planning == .reproducible(lag: nil))
        #expect(try SweepText(rest: "sampler: random\nreproducible: false").read().sweep.sampler.name == .random)
    }

    @Test(arguments: [("digits.yaml", "digits"), ("/a b/run.v2.yml", "run.v2"), ("x", "x")])
    func `a sweep without a name has that of its file`(path: String, name: String) throws {
        #expect(try Self.read(SweepText().text, path: path).sweep.name == name)
    }

    @Test(arguments: [(nil, 1, 8, 8), (nil, 3, 8, 2), (nil, 16, 8, 1), (5, 4, 8, 5)])
    func `trials share the cores unless told otherwise`(parallel: Int?, threads: Int, cores: Int, expected: Int) throws
    {
        let text = "resources: {threads: \(threads), parallel: \(parallel.map(String.init) ?? "auto")}"
        #expect(try SweepText(rest: text).read().sweep.resources.parallel(onCores: cores) == expected)
    }

    // MARK: The base configuration

    @Test func `a base configuration is found from the folder of the sweep file`() throws {
        let folder = try TemporaryDirectory()
        try folder.write(Self.base, to: "configs/digits.yaml")
        let path = try folder.write(Self.full, to: "sweeps/digits.yaml")
        let file = try SweepFile.read(path: path)
        #expect(file.base?.source.path == "\(folder.path)/configs/digits.yaml")
        #expect(file.directory == "\(folder.path)/sweeps")
        #expect(file.document.source.path == path)
    }

    @Test func `a stored sweep needs none of its files`() throws {
        let folder = try TemporaryDirectory()
        try folder.write(Self.base, to: "configs/digits.yaml")
        let path = try folder.write(Self.full, to: "sweeps/digits.yaml")
        let file = try SweepFile.read(path: path)
        try FileManager.default.removeItem(atPath: folder.path)
        let stored = try SweepFile(source: file.document.source, base: file.base?.source, directory: file.directory)
        #expect(stored.sweep.space == file.sweep.space)
        #expect(stored.changes(since: file) == [])
        #expect(throws: DiagnosticsError.self) { try SweepFile.read(path: path) }
    }

    @Test func `a trial's values are laid over the base`() throws {
        let file = try Self.read(Self.full, base: Self.base)
        let assignment = Assignment(
            ["optimizer.name": "sgd", "optimizer.learning_rate": 1e-5, "model.hidden": 32, "model.layers": 1],
            in: file.sweep.space)
        let expected = """
            model: {hidden: 32, layers: 1}
            optimizer: {name: sgd, learning_rate: 1.0e-05, momentum: 0.9, nesterov: false}
            data: [a, b]
            """
        let config = try #require(file.config(for: assignment, seed: 1))
        #expect(try config == ConfigDocument(parsing: SourceFile(path: "c.yaml", text: expected)).root)
        #expect(try SweepText().read().config(for: Assignment([:], in: file.sweep.space), seed: 1) == nil)
    }
}
