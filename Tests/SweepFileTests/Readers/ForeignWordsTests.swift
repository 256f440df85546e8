import ConfigFile
import SweepFile
import Testing

/// The words of other tools for what a sweep file has, too.
@Suite struct ForeignWordsTests {
    @Test(arguments: [
        ("float", "{type: uniform, min: …, max: …}, or loguniform for a logarithmic scale"),
        ("categorical", "{type: choice, values: […]}"), ("bool", "{type: choice, values: [true, false]}"),
        ("log_uniform", "{type: loguniform, min: …, max: …}"),
        ("log-uniform", "{type: loguniform, min: …, max: …}"),
        ("randint", "{type: int, min: …, max: …}, both bounds included"),
        ("hp.quniform", "{type: quniform, min: …, max: …, step: …}"),
        ("q_uniform", "{type: quniform, min: …, max: …, step: …}"),
        ("suggest_float", "{type: uniform, min: …, max: …}, or loguniform for a logarithmic scale"),
    ])
    func `a type of another tool is answered with the one that is right here`(word: String, help: String?) throws {
        let error = #expect(throws: (any Error).self) { try SweepText(parameters: "x: {type: \(word)}").read() }
        let words = "\(try #require(error))"
        #expect(words.contains("'parameters.x.type' cannot be '\(word)'"))
        if let help { #expect(words.contains("= help: write \(help)")) }
    }

    @Test func `so are keys`() {
        expect(
            """
            s.yaml:5:22: error: unknown key 'parameters.x.low'
            5 |   x: {type: uniform, low: 0, high: 1, q: 0.1}
              |                      ^
              = help: the key is 'min'
            s.yaml:5:30: error: unknown key 'parameters.x.high'
            5 |   x: {type: uniform, low: 0, high: 1, q: 0.1}
              |                              ^
              = help: the key is 'max'
            s.yaml:5:39: error: unknown key 'parameters.x.q'
            5 |   x: {type: uniform, low: 0, high: 1, q: 0.1}
              |                                       ^
              = help: the key is 'step', and the type quniform, qloguniform, qnormal, qlognormal or int
            """
        ) { _ = try SweepText(parameters: "x: {type: uniform, low: 0, high: 1, q: 0.1}").read() }
    }

    @Test(arguments: [
        ("n_trials: 3", "budget.trials"), ("max_trials: 3", "budget.trials"), ("num_samples: 3", "budget.trials"),
        ("run_cap: 3", "budget.trials"), ("Max_Evals: 3", "budget.trials"), ("trials: 3", "budget.trials"),
        ("parallel: 3", "resources.parallel"), ("jobs: 3", "resources.parallel"), ("n_jobs: 3", "resources.parallel"),
        ("threads: 3", "resources.threads"), ("seed: 3", "sampler.seed"), ("method: bayes", "sampler"),
        ("algorithm: tpe", "sampler"), ("search_alg: tpe", "sampler"), ("scheduler: asha", "pruner"),
        ("early_stopping: asha", "pruner"), ("early_terminate: {type: hyperband}", "pruner"),
        ("space: {}", "parameters"), ("search_space: {}", "parameters"), ("objective: loss", "metric"),
        ("direction: minimize", "metric.goal"), ("command: [a]", "trainer.command"), ("program: a", "trainer.command"),
        ("retries: 3", "retry.attempts"),
    ])
    func `a key of another tool at the top is answered with the one that is meant`(line: String, key: String) {
        let error = #expect(throws: DiagnosticsError.self) { try SweepText(rest: line).read() }
        #expect(error?.diagnostics.map(\.help) == ["did you mean '\(key)'?"])
    }

    @Test func `a limit of time at the top may be each trial's or that of the sweep`() {
        expect(
            """
            s.yaml:6:1: error: unknown key 'timeout'
            6 | timeout: 3h
              | ^
              = help: did you mean 'resources.timeout', for each trial, or 'budget.time', for all of them?
            """
        ) { _ = try SweepText(rest: "timeout: 3h").read() }
    }

    @Test(arguments: [
        ("{max_trials: 3}", "", "trials"), ("{timeout: 3h}", "", "time"),
        ("{trials: 3}", "resources: {n_jobs: 3}", "parallel"), ("{trials: 3}", "resources: {cpus: 3}", "threads"),
        ("{trials: 3}", "sampler: {type: tpe}", "name"), ("{trials: 3}", "sampler: {random_state: 3}", "seed"),
        ("{trials: 3}", "retry: {max_retries: 3}", "attempts"),
    ])
    func `so is one in a section`(budget: String, rest: String, key: String) {
        let error = #expect(throws: DiagnosticsError.self) { try SweepText(budget: budget, rest: rest).read() }
        #expect(error?.diagnostics.map(\.help) == ["did you mean '\(key)'?"])
    }

    @Test(arguments: [
        ("{values: [1, 2]}", "of several values: type: choice"), ("{value: 3}", "of one value: type: constant"),
        ("{min: 0, max: 1}", "of a range: type: uniform, loguniform (a logarithmic scale) or int (integers)"),
        ("{distribution: log_uniform_values, min: 0, max: 1}", "write {type: loguniform, min: …, max: …}"),
        ("[1, 2]", "of several values: {type: choice, values: […]}; of a range: {type: uniform, min: …, max: …}"),
        ("0.1", "of one value: {type: constant, value: …}; of a range: {type: uniform, min: …, max: …}"),
        ("loguniform(1e-5, 1)", "write {type: loguniform, min: …, max: …}"),
        ("of a kind", "a parameter is {type: uniform, min: …, max: …}, {type: choice, values: […]} and the like"),
    ])
    func `a parameter without a type is answered with what it may be`(definition: String, help: String) throws {
        let error = #expect(throws: (any Error).self) { try SweepText(parameters: "x: \(definition)").read() }
        #expect("\(try #require(error))".contains("= help: \(help)"))
    }
}
