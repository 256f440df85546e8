import ConfigFile
import SweepConversion
import SweepModel
import SweepSearch
import Testing

/// What a Hydra configuration leaves to other files, and the forms of older and stranger ones.
@Suite struct HydraSettingsTests {
    private static func converted(_ settings: String, above: String = "", _ context: ConversionContext? = nil) throws
        -> Converted
    {
        try Converted(
            "\(above)hydra:\n  sweeper:\n    params: {x: 'interval(0.0, 1.0)'}\n\(settings)", name: "optuna.yaml",
            context ?? ConversionContext(variable: { _ in nil }))
    }

    @Test func `a setting that another file says is noted, and no default is claimed`() throws {
        let converted = try Self.converted(
            """
                n_trials: ${n}
                n_jobs: ${jobs}
                study_name: a-${now:%H}
                sampler: {_target_: optuna.samplers.TPESampler, seed: "${seed}"}
            """, above: "optimized_metric: ${task.metric}\n")
        #expect(converted.sweep.budget.trials == 20)
        #expect(converted.sweep.resources.parallel(onCores: 8) == 2)
        #expect(!converted.conversion.text.contains("default of Hydra"))
        for (line, words) in [
            (5, "'n_trials' is ${n}, which another file of the configuration says; the default is written"),
            (6, "'n_jobs' is ${jobs}"), (7, "'study_name' is a-${now:%H}, which only Hydra can fill in"),
            (8, "'sampler.seed' is ${seed}"),
            (1, "'optimized_metric' is ${task.metric}"),
        ] {
            let note = converted.conversion.notes.first { $0.location?.line == line }
            #expect(note?.text.hasPrefix(words) == true, "\(line)")
            #expect(converted.conversion.text.contains("# note: " + words.prefix(20)))
        }
    }

    /// Hydra hands over the values by itself, and gives each job a folder of its own.
    @Test(arguments: [
        (nil, ["python", "train.py", "x=0.5", "hydra.run.dir=/t"], false),
        ("python -m app", ["python", "-m", "app", "x=0.5", "hydra.run.dir=/t"], true),
        ("./run {args}", ["./run", "--x=0.5"], false), ("./run {param:x}", ["./run", "0.5"], false),
    ])
    func `the program gets the values of a trial`(command: String?, wanted: [String], isNoted: Bool) throws {
        let words = try command.map { try CommandText.command($0) }
        let converted = try Self.converted("", ConversionContext(command: words, variable: { _ in nil }))
        #expect(converted.arguments([("x", 0.5)]) == ["/usr/bin/env"] + wanted)
        let notes = converted.conversion.notes.filter { $0.text.hasPrefix("the command takes no values of the trial") }
        #expect(notes.count == (isNoted ? 1 : 0))
    }

    @Test func `a setting that this file says elsewhere, or that has a default, is read`() throws {
        let converted = try Self.converted(
            """
                n_trials: ${optuna.trials}
                n_jobs: ${oc.env:JOBS,4}
                direction: ${way}
                study_name: ${oc.env:NAME,'my study'}
            """, above: "optuna: {trials: 7}\nway: maximize\n")
        #expect(converted.sweep.budget.trials == 7)
        #expect(converted.sweep.resources.parallel(onCores: 8) == 4)
        #expect(converted.sweep.metric.goal == .maximize)
        #expect(converted.sweep.name == "my-study")
        let notes = converted.conversion.notes.map(\.text)
        #expect(notes.contains("'n_trials' is ${optuna.trials}, which is 7 on line 1"))
        #expect(notes.contains("'n_jobs' is ${oc.env:JOBS,4}, a variable of the environment; its default is written"))
    }

    @Test func `a direction that another file says has to be given`() throws {
        expect(
            """
            sweep.yaml:1:30: error: 'hydra.sweeper.direction' is ${a.b}, which another file says
            1 | hydra: {sweeper: {direction: '${a.b}', n_trials: 3, params: {x: 'choice(1, 2)'}}}
              |                              ^
              = help: write minimize or maximize, here or as --minimize, --maximize
            """, ofConverting: "hydra: {sweeper: {direction: '${a.b}', n_trials: 3, params: {x: 'choice(1, 2)'}}}")
        let given = try Self.converted("    direction: ${a.b}\n", ConversionContext(goal: .maximize))
        #expect(given.sweep.metric.goal == .maximize)
    }

    @Test(arguments: [
        ("params: {x: 'interval(1, 5)'}", Distribution.integer(min: 1, max: 4, step: 1, log: false)),
        ("params: {x: 'range(1, 6, 2)'}", .integer(min: 1, max: 3, step: 2, log: false)),
        ("search_space: {x: {type: int, low: 1, high: 5}}", .integer(min: 1, max: 4, step: 1, log: false)),
        ("search_space: {x: {type: int, low: 1, high: 5, step: 2}}", .integer(min: 1, max: 3, step: 2, log: false)),
        ("search_space: {x: {type: float, low: 0.1, high: 0.4, step: 0.1}}", .ordinal([0.1, 0.2, 0.3])),
    ])
    func `the grid of the Optuna sweeper leaves the last number out`(space: String, expected: Distribution) throws {
        let grid = try Converted(
            "hydra: {sweeper: {n_trials: 9, sampler: {_target_: optuna.samplers.GridSampler}, \(space)}}")
        #expect(grid.distribution("x") == expected)
    }

    @Test(arguments: ["interval(3, 3)", "interval(0, 1.0)", "range(-9000000000000000000, 9000000000000000000)"])
    func `a grid of nothing, or of all real numbers, is refused`(text: String) {
        #expect(throws: DiagnosticsError.self) {
            try Converted("hydra: {sweeper: {n_trials: 9, sampler: {_target_: a.GridSampler}, params: {x: '\(text)'}}}")
        }
    }

    @Test func `passwords stay where they are`() throws {
        let converted = try Self.converted("    n_trials: 2\n    storage: mysql://ada:secret@host:1/db?password=hush\n")
        #expect(converted.conversion.text.contains("mysql://ada:…@host:1/db?…"))
        #expect(!converted.conversion.text.contains("secret"))
        #expect(!converted.conversion.text.contains("hush"))
    }

    @Test func `keys of older versions and of nobody are accepted`() throws {
        let converted = try Self.converted(
            """
                n_trials: 2
                experiment_sequence: hydra_plugins.hydra_optuna_sweeper._impl.OptunaExperimentSequence
                pruner:
                  _target_: optuna.pruners.MedianPruner
            """)
        #expect(converted.conversion.notes.contains { $0.location?.line == 6 && $0.text.hasPrefix("'pruner' is no") })
        let old = try Converted(
            """
            optuna_config: {direction: maximize, n_trials: 15, n_jobs: 3, sampler: random, seed: 123}
            search_space: {x: {type: float, low: 0, high: 1}}
            """)
        #expect(old.conversion.tool == .hydra)
        #expect(old.sweep.metric.goal == .maximize)
        #expect(old.sweep.sampler.name == .random)
        #expect(old.sweep.sampler.seed == 123)
        #expect(old.sweep.budget.trials == 15)
    }

    @Test(arguments: [
        ("hydra: {sweeper: {n_trials: 3, direction: maximize}}", "there is nothing to vary in it"),
        ("optuna_config: {n_trials: 3, sampler: tpe}", "there is nothing to vary in it"),
        ("hydra: {sweeper: {search_space: {x: {type: choice, choices: [1]}}}}", "did you mean 'categorical'?"),
        ("hydra: {sweeper: {n_trials: 3, params: {x: 'interval(${a}, 1)'}}}", "'start' of 'interval()' is ${a}, which"),
        ("hydra: {sweeper: {search_space: {x: {type: int, low: '${a}', high: 1}}}}", "'low' is ${a}, which"),
        ("hydra: {sweeper: {search_space: {x: {type: loguniform, low: 1, high: 2}}}}", "'float' with log: true"),
    ])
    func `what is missing or misnamed is said`(text: String, words: String) {
        let error = #expect(throws: DiagnosticsError.self) { _ = try Converted(text) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }
}
