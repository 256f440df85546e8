import ConfigFile
import SweepConversion
import SweepModel
import SweepSearch
import Testing

@Suite struct HydraTests {
    private static let whole = """
        # @package _global_
        defaults:
          - override /hydra/sweeper: optuna
          - override /hydra/sweeper/sampler: tpe

        optimized_metric: "val/acc_best"
        trainer: {max_epochs: 10}

        hydra:
          mode: "MULTIRUN"
          sweeper:
            _target_: hydra_plugins.hydra_optuna_sweeper.optuna_sweeper.OptunaSweeper
            storage: null
            study_name: mnist study
            n_jobs: 1
            direction: maximize
            n_trials: 25
            sampler:
              _target_: optuna.samplers.TPESampler
              seed: 1234
              n_startup_trials: 10
            params:
              model.optimizer.lr: interval(0.0001, 0.1)
              +data.batch_size: choice(32, 64, 128, 256)
              ++model.net: tag(log, int(interval(16, 512)))
        """

    @Test func `a whole file keeps its meaning`() throws {
        let converted = try Converted(Self.whole, name: "mnist_optuna.yaml")
        let sweep = converted.sweep
        #expect(converted.conversion.tool == .hydra)
        #expect(sweep.name == "mnist-study")
        #expect(sweep.metric == Metric(name: "val/acc_best", goal: .maximize, rule: .last))
        #expect(sweep.budget.trials == 25)
        #expect(sweep.sampler.name == .tpe)
        #expect(sweep.sampler.seed == 1234)
        #expect(sweep.resources.parallel(onCores: 8) == 1)
        #expect(converted.names == ["model.optimizer.lr", "+data.batch_size", "++model.net"])
        #expect(converted.distribution("model.optimizer.lr") == .uniform(min: 0.0001, max: 0.1))
        #expect(converted.distribution("++model.net") == .integer(min: 16, max: 512, step: 1, log: true))
        #expect(
            converted.arguments([("model.optimizer.lr", 0.01), ("+data.batch_size", 32)])
                == [
                    "/usr/bin/env", "python", "train.py", "model.optimizer.lr=0.01", "+data.batch_size=32",
                    "hydra.run.dir=/t",
                ])
    }

    private static func distribution(_ text: String, sampler: String = "tpe") throws -> Distribution? {
        try Converted(
            """
            hydra:
              sweeper:
                n_trials: 5
                sampler: {_target_: optuna.samplers.X, seed: 1}
                params:
                  x: \(text)
            """.replacing("samplers.X", with: "samplers.\(sampler)Sampler")
        ).distribution("x")
    }

    private static let overrides: [(String, Distribution)] = [
        ("choice(1, 2)", .choice([1, 2])), ("adam, sgd", .choice(["adam", "sgd"])),
        ("choice(adam, 'a b', \"it's\")", .choice(["adam", "a b", "it's"])),
        ("a,1,true,null", .choice(["a", 1, true, .null])),
        ("choice([1,2],[3])", .choice([[1, 2], [3]])), ("choice(1.5e-4,1)", .choice([1.5e-4, 1])),
        ("choice('1', 1)", .choice(["1", 1])), ("choice(/a/b-c.pt, ../x)", .choice(["/a/b-c.pt", "../x"])),
        ("range(1, 8)", .integer(min: 1, max: 8, step: 1, log: false)),
        ("range(16, 256, step=16)", .integer(min: 16, max: 256, step: 16, log: false)),
        ("range(start=1, stop=9, step=3)", .integer(min: 1, max: 9, step: 3, log: false)),
        ("range(0.0, 1.0, 0.25)", .quantized(.linear, min: 0, max: 1, step: 0.25)),
        ("range(1, 2, 0.5)", .quantized(.linear, min: 1, max: 2, step: 0.5)),
        ("range(0.1, 1.0, 0.3)", .ordinal([0.1, 0.4, 0.7, 1.0])),
        (
            "float(range(1, 3))",
            .quantized(.linear, min: 1, max: 3, step: 1)
        ),
        ("shuffle(range(1, 4))", .choice([1, 2, 3])), ("shuffle(a, b)", .choice(["a", "b"])),
        ("sort(3, 1, 2)", .choice([3, 1, 2])), ("interval(1, 8)", .integer(min: 1, max: 8, step: 1, log: false)),
        ("interval(1, 8.0)", .uniform(min: 1, max: 8)), ("interval(-5.0, 5)", .uniform(min: -5, max: 5)),
        ("float(interval(1, 8))", .uniform(min: 1, max: 8)),
        ("int(interval(1.5, 8.5))", .integer(min: 1, max: 8, step: 1, log: false)),
        ("interval(start=0, end=1.0)", .uniform(min: 0, max: 1)),
        ("tag(log, interval(1e-5, 1e-1))", .logUniform(min: 1e-5, max: 1e-1)),
        ("tag(a, log, interval(1, 100))", .integer(min: 1, max: 100, step: 1, log: true)),
        ("tag(tags=[log], sweep=interval(1.0, 2.0))", .logUniform(min: 1, max: 2)),
        ("int(tag(log, interval(1.0, 100.0)))", .integer(min: 1, max: 100, step: 1, log: true)),
        ("tag(note, choice(1, 2))", .choice([1, 2])), ("str(choice(1, 2))", .choice(["1", "2"])),
        ("int(choice('3', 4.7))", .choice([3, 4])), ("5", .constant(5)), ("hello", .constant("hello")),
        ("'a, b'", .choice(["a", "b"])), ("no", .constant(false)),
        ("[1, 2]", .constant([1, 2])), ("'[1,2]'", .constant([1, 2])), ("{a: 1}", .constant(.mapping([.init("a", 1)]))),
        ("choice(inf, -INF, 1)", .choice([.number(.infinity), .number(-.infinity), 1])),
        (#"choice('x\\y', 'it\'s', 'end\\', z)"#, .choice([#"x\\y"#, "it's", #"end\"#, "z"])),
        (#"\ 5"#, .constant(" 5")), (#"choice(a\ , \ true)"#, .choice(["a ", " true"])),
        ("float(choice(inf, 1))", .choice([.number(.infinity), 1.0])),
        (#"foo\dbar"#, .constant(#"foo\dbar"#)), (#"a\,b"#, .constant("a,b")),
        ("null", .constant(.null)), ("''", .constant("")), ("1e-3", .constant(1e-3)),
    ]

    @Test(arguments: overrides)
    func `the grammar of overrides is read as Optuna's sweeper reads it`(text: String, expected: Distribution) throws {
        #expect(try Self.distribution(text) == expected)
    }

    @Test func `a grid leaves the upper end out`() throws {
        #expect(
            try Self.distribution("range(1, 8)", sampler: "Grid") == .integer(min: 1, max: 7, step: 1, log: false))
        #expect(try Self.distribution("range(0.0, 1.0, 0.5)", sampler: "Grid") == .ordinal([0.0, 0.5]))
        #expect(throws: DiagnosticsError.self) { try Self.distribution("interval(0.0, 1.0)", sampler: "Grid") }
    }

    private static let spaces: [(String, Distribution)] = [
        ("{type: float, low: 0.0001, high: 0.1}", .uniform(min: 0.0001, max: 0.1)),
        ("{type: float, low: 1, high: 2}", .uniform(min: 1, max: 2)),
        ("{type: float, low: 1e-5, high: 1e-1, log: true}", .logUniform(min: 1e-5, max: 1e-1)),
        ("{type: float, low: 0.0, high: 1.0, step: 0.5}", .quantized(.linear, min: 0, max: 1, step: 0.5)),
        ("{type: int, low: 1, high: 8}", .integer(min: 1, max: 8, step: 1, log: false)),
        ("{type: int, low: 1, high: 64, log: true, step: null}", .integer(min: 1, max: 64, step: 1, log: true)),
        ("{type: int, low: 2, high: 8, step: 2}", .integer(min: 2, max: 8, step: 2, log: false)),
        ("{type: categorical, choices: [32, 64]}", .choice([32, 64])),
        ("{type: categorical, choices: [relu, true, null]}", .choice(["relu", true, .null])),
    ]

    @Test(arguments: spaces)
    func `the older search_space is read`(definition: String, expected: Distribution) throws {
        let converted = try Converted("hydra: {sweeper: {direction: minimize, search_space: {x: \(definition)}}}")
        #expect(converted.distribution("x") == expected)
        #expect(converted.sweep.budget.trials == 20)
        #expect(converted.sweep.resources.parallel(onCores: 8) == 2)
    }

    @Test func `a value that Hydra fills in is passed on`() throws {
        let converted = try Converted(
            "hydra: {sweeper: {n_trials: 3, params: {x: 'choice(1, 2)', seed: '${seed}', y: '${a.b}/c'}}}")
        #expect(converted.names == ["x"])
        #expect(
            converted.arguments([("x", 1)])
                == [
                    "/usr/bin/env", "python", "train.py", "x=1", "hydra.run.dir=/t", "seed=${seed}", "y=${a.b}/c",
                ])
    }

    @Test func `Hydra's own sweeper walks a grid, and a file of its config group is known`() throws {
        let basic = try Converted("hydra: {mode: MULTIRUN, sweeper: {params: {a: 'choice(1, 2)', b: 'range(1, 4)'}}}")
        #expect(basic.sweep.sampler.name == .grid)
        #expect(GridSampler().size(in: basic.sweep.space) == .points(6))
        let group = try Converted(
            """
            # @package hydra.sweeper
            _target_: hydra_plugins.hydra_optuna_sweeper.optuna_sweeper.OptunaSweeper
            defaults:
              - sampler: random
            direction: [maximize]
            n_trials: 7
            max_failure_rate: 0.0
            params: {x: "interval(0, 1.0)"}
            """)
        #expect(group.sweep.budget.trials == 7)
        #expect(group.sweep.metric.goal == .maximize)
    }

    @Test func `a mistake is said at its place`() {
        expect(
            """
            sweep.yaml:1:44: error: 'x': Hydra has no function 'choise'
            1 | hydra: {sweeper: {n_trials: 3, params: {x: 'choise(1, 2)'}}}
              |                                            ^
              = help: did you mean 'choice'?
            """, ofConverting: "hydra: {sweeper: {n_trials: 3, params: {x: 'choise(1, 2)'}}}")
    }

    @Test(arguments: [
        "interval(2.0, 1.0)", "interval(1)", "interval(a, b)", "range(1, 5, 0)", "range()",
        "tag(log, interval(0, 1.0))",
        "choice()", "choice(1, 2", "choice(1 2))", "glob(*)", "choice(range(1, 3), 2)", "range(5, 1)", "'a'b\"",
        "tag()", "int(choice(a, b))", "${unclosed, a", "choice(\"a)",
    ])
    func `what Hydra would not read either is refused`(text: String) {
        let quoted = "'" + text.replacing("'", with: "''") + "'"
        #expect(throws: DiagnosticsError.self) {
            try Converted("hydra: {sweeper: {n_trials: 3, params: {x: \(quoted)}}}")
        }
    }

    @Test(arguments: [
        "hydra: {sweeper: {n_trials: 3, direction: [minimize, up], params: {x: 'choice(1, 2)'}}}",
        "hydra: {sweeper: {n_trials: 3, direction: [], params: {x: 'choice(1, 2)'}}}",
        "hydra: {sweeper: {n_trials: 3, direction: maximise, params: {x: 'choice(1, 2)'}}}",
        "hydra: {sweeper: {n_trials: many, params: {x: 'choice(1, 2)'}}}",
        "hydra: {sweeper: {n_trials: 3, n_trails: 4, params: {x: 'choice(1, 2)'}}}",
        "hydra: {sweeper: {custom_search_space: a.b.c, params: {x: 'choice(1, 2)'}}}",
        "hydra: {sweeper: {_target_: hydra_plugins.hydra_ax_sweeper.ax_sweeper.AxSweeper, params: {x: '1, 2'}}}",
        "hydra: {sweeper: {search_space: {x: {type: double, low: 0, high: 1}}}}",
        "hydra: {sweeper: {search_space: {x: {type: float, low: 0}}}}",
        "hydra: {sweeper: {search_space: {x: {type: float, lo: 0, low: 0, high: 1}}}}",
        "hydra: {sweeper: {n_trials: 3, params: {'a b': 'choice(1, 2)'}}}",
        "hydra: {sweeper: {n_trials: 3, params: {}, sampler: {seed: 1}}}",
    ])
    func `what has no counterpart is refused`(text: String) {
        #expect(throws: DiagnosticsError.self) { try Converted(text) }
    }

    @Test(arguments: [("optuna.samplers.NSGAIISampler", "nsga2"), ("NSGAIIISampler", "nsga2"), ("TPESampler", "tpe")])
    func `samplers for several metrics have their counterparts`(target: String, name: String) throws {
        let sweep = try Converted(
            """
            hydra:
              sweeper:
                _target_: hydra_plugins.hydra_optuna_sweeper.optuna_sweeper.OptunaSweeper
                direction: [minimize, maximize]
                sampler: {_target_: \(target)}
                params: {x: 'interval(0.0, 1.0)'}
            """
        ).sweep
        #expect(sweep.sampler.name.rawValue == name)
    }

    @Test func `several directions become several metrics`() throws {
        let converted = try Converted(
            "hydra: {sweeper: {n_trials: 3, direction: [minimize, maximize], params: {x: 'choice(1, 2)'}}}")
        #expect(converted.sweep.objectives.metrics.map(\.name) == ["value_0", "value_1"])
        #expect(converted.sweep.objectives.metrics.map(\.goal) == [.minimize, .maximize])
    }
}
