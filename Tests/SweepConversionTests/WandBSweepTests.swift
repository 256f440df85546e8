import ConfigFile
import EarlyStopping
import SweepConversion
import SweepModel
import SweepSearch
import Testing

@Suite struct WandBSweepTests {
    private static let whole = """
        program: train.py
        method: bayes
        name: "lr search (v2)"
        description: finds a rate
        project: digits
        metric: {name: val/loss best, goal: maximize, target: 0.99}
        run_cap: 30
        early_terminate: {type: hyperband, min_iter: 3, eta: 2}
        parameters:
          lr: {distribution: log_uniform_values, min: 1e-5, max: 0.1}
          optimizer:
            parameters:
              name: {values: [adam, sgd]}
              momentum: {min: 0.0, max: 0.99}
          epochs: {value: 20}
          flag: {values: [true, false]}
        command:
          - ${env}
          - ${interpreter}
          - ${program}
          - ${args}
        """

    @Test(arguments: [(27, 2, 3, [3, 9]), (100, 2, 3, [11, 33]), (27, 2, 2, [6, 12]), (9, 1, 3, [3])])
    func `there are as many rungs as bands`(maxIter: Int, count: Int, eta: Int, rungs: [Int]) throws {
        let sweep = try Converted(
            """
            method: random
            metric: {name: loss}
            early_terminate: {type: hyperband, max_iter: \(maxIter), s: \(count), eta: \(eta)}
            parameters: {x: {min: 0.0, max: 1.0}}
            program: a.py
            """
        ).sweep
        let expected = Rungs(
            minSteps: rungs[0], reductionFactor: eta, maxSteps: rungs[rungs.count - 1] * eta, bracket: 0)
        #expect(sweep.pruning == .stopping(AsynchronousHalvingPruner(expected)))
        #expect((0...rungs.count).map(expected.step(of:)) == rungs.map { $0 } + [nil])
    }

    @Test(arguments: ["max_iter: 1000, s: 63, eta: 1.1", "max_iter: 9000000000000000000, s: 64, eta: 2.6"])
    func `no number of bands is too many`(settings: String) throws {
        let text = """
            method: random
            metric: {name: loss}
            early_terminate: {type: hyperband, \(settings)}
            parameters: {x: {min: 0.0, max: 1.0}}
            program: a.py
            """
        #expect(try Converted(text).sweep.pruning != nil)
    }

    @Test func `a sweep below a trainer of another tool is found`() throws {
        let converted = try Converted(
            """
            trainer: {max_epochs: 10}
            sweep: {method: bayes, metric: {name: loss}, program: a.py, parameters: {x: {min: 0.0, max: 1.0}}}
            """)
        #expect(converted.names == ["x"])
    }

    @Test func `a whole file keeps its meaning`() throws {
        let converted = try Converted(Self.whole)
        let sweep = converted.sweep
        #expect(sweep.name == "lr-search--v2-")
        #expect(sweep.metric == Metric(name: "val/loss best", goal: .maximize, rule: .last))
        #expect(sweep.budget.trials == 30)
        #expect(sweep.budget.target == 0.99)
        #expect(sweep.sampler.name == .auto)
        #expect(
            sweep.pruning
                == .stopping(
                    AsynchronousHalvingPruner(Rungs(minSteps: 3, reductionFactor: 2, maxSteps: nil, bracket: 0)))
        )
        #expect(converted.names == ["lr", "optimizer.name", "optimizer.momentum", "epochs", "flag"])
        #expect(sweep.resources.parallel(onCores: 8) == 1)
        #expect(converted.conversion.gaps.isEmpty)
        #expect(
            converted.arguments([
                ("lr", 1e-5), ("optimizer.name", "adam"), ("optimizer.momentum", 0.5), ("epochs", 20), ("flag", true),
            ]) == [
                "/usr/bin/env", "python", "train.py", "--lr=1e-05", "--optimizer={'name': 'adam', 'momentum': 0.5}",
                "--epochs=20", "--flag=True",
            ])
    }

    @Test(arguments: ["sweep:\n", "# mine\n\nsweep_config:\n", "wandb:\n"])
    func `everything may stand below a key`(key: String) throws {
        let indented = Self.whole.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }
        let text = key + indented.joined(separator: "\n")
        #expect(try Converted(text).sweep.budget.trials == 30)
        // Windows line ends, and a byte order mark.
        let windows = "\u{FEFF}" + Self.whole.replacing("\n", with: "\r\n")
        #expect(try Converted(windows).names.count == 5)
    }

    @Test(arguments: [
        ("${args}", ["--lr=1e-06", "--big=True", "--none=None", "--layers=[32, 'a']"]),
        ("${args_no_equals}", ["--lr", "1e-06", "--big", "True", "--none", "None", "--layers", "[32, 'a']"]),
        ("${args_no_hyphens}", ["lr=1e-06", "big=True", "none=None", "layers=[32, 'a']"]),
        ("${args_append_hydra}", ["+lr=1e-06", "+big=True", "+none=None", "+layers=[32, 'a']"]),
        ("${args_override_hydra}", ["++lr=1e-06", "++big=True", "++none=None", "++layers=[32, 'a']"]),
        ("${args_no_boolean_flags}", ["--lr=1e-06", "--big", "--none=None", "--layers=[32, 'a']"]),
        ("${args_json}", [#"{"lr": 1e-06, "big": true, "none": null, "layers": [32, "a"]}"#]),
        ("${args_json_file}", ["/t/params.json"]), ("${args_dict}", []), ("${nonsense}", []),
        ("${envvar:DATA}", ["/data"]), ("--data=${envvar:DATA}/x", ["--data=/data/x"]), ("${envvar:UNSET}", ["UNSET"]),
        ("a ${args}", ["a ${args}"]), ("$HOME/{x}", ["$HOME/{x}"]), ("$(date) 5$", ["$(date) 5$"]),
        ("--n=3", ["--n=3"]),
    ])
    func `each macro of a command has its counterpart`(macro: String, expected: [String]) throws {
        let text = """
            method: random
            metric: {name: loss}
            program: train.py
            command: [python, '${program}', '\(macro)']
            parameters: {lr: {value: 1e-6}, big: {value: true}, none: {value: null}, layers: {value: [32, a]}}
            """
        let converted = try Converted(text, ConversionContext(variable: { $0 == "DATA" ? "/data" : nil }))
        let arguments = converted.arguments(
            [("lr", 1e-6), ("big", true), ("none", .null), ("layers", [32, "a"])], variables: ["DATA": "/data"])
        #expect(arguments == ["/usr/bin/env", "python", "train.py"] + expected)
        #expect(converted.conversion.gaps.isEmpty)
    }

    @Test func `a shell in a command keeps its variables`() throws {
        let converted = try Converted(
            """
            method: random
            metric: {name: loss}
            command: [bash, -c, "source env.sh && python train.py --out ${OUT} $HOME {a}"]
            parameters: {lr: {value: 1}}
            """)
        #expect(
            converted.arguments([])
                == ["/usr/bin/env", "bash", "-c", "source env.sh && python train.py --out ${OUT} $HOME {a}"])
    }

    @Test(arguments: [
        ("{type: hyperband, min_iter: 5}", 5, 3, Int?.none), ("{type: hyperband, max_iter: 27, s: 2}", 3, 3, 27),
        ("{type: hyperband, max_iter: 81, s: 3, eta: 2, strict: true}", 10, 2, 80),
        ("{type: hyperband, max_iter: 4, s: 9, eta: 2}", 1, 2, 4),
        ("{type: hyperband, min_iter: 2, eta: 2.6}", 2, 3, nil),
        ("{type: hyperband, min_iter: 2, extra: 1}", 2, 3, nil),
    ])
    func `hyperband becomes asha with the same first band`(
        definition: String, first: Int, reduction: Int, last: Int?
    ) throws {
        let converted = try Converted(
            "method: random\nmetric: {name: loss}\nearly_terminate: \(definition)\nparameters: {x: {min: 0, max: 1}}\n")
        let rungs = Rungs(minSteps: first, reductionFactor: reduction, maxSteps: last, bracket: 0)
        #expect(converted.sweep.pruning == .stopping(AsynchronousHalvingPruner(rungs)))
    }

    @Test func `what the file does not say is filled in, and said`() throws {
        let converted = try Converted("method: random\nparameters: {x: {min: 0, max: 1}}\n")
        #expect(converted.sweep.metric.name == "val_loss")
        #expect(converted.sweep.budget.trials == 100)
        #expect(
            converted.conversion.notes.map(\.description) == [
                "sweep.yaml: note: the file names no metric; write the number that the program reports, and which way "
                    + "is better",
                "sweep.yaml:1:1: note: the file names no program; write yours in the place of train.py",
                "sweep.yaml: note: W&B runs without end; here the sweep ends after 100 trials",
            ])
        for note in converted.conversion.notes {
            #expect(
                converted.conversion.text.replacing("\n# ", with: " ").replacing("\n  # ", with: " ").contains(
                    note.text))
        }
    }

    @Test func `the last of two equal keys counts, and anchors are followed`() throws {
        let converted = try Converted(
            """
            common: &rate {distribution: log_uniform_values, min: 1e-4, max: 0.1}
            method: grid
            method: random
            metric: {name: loss}
            parameters:
              a: *rate
              b: {<<: *rate, max: 1}
              a: {value: 3}
            """)
        #expect(converted.sweep.sampler.name == .random)
        #expect(converted.distribution("a") == .constant(3))
        #expect(converted.distribution("b") == .logUniform(min: 1e-4, max: 1))
        #expect(converted.conversion.notes.contains { $0.text.hasPrefix("'method' is given twice") })
    }

    @Test func `names that are words elsewhere, and many of them, stay`() throws {
        let names = ["type", "values", "when", "no", "parameters.x", "a-b", "^lr", "1x"] + (0..<200).map { "p\($0)" }
        let lines = names.map { "  \"\($0)\": {values: [1, 2]}" }.joined(separator: "\n")
        let converted = try Converted("method: random\nmetric: {name: loss}\nprogram: t.py\nparameters:\n\(lines)\n")
        #expect(converted.names == names)
    }

    @Test func `what the user wrote cannot leave its comment`() throws {
        let converted = try Converted(
            "method: random\nmetric: {name: loss}\ndescription: \"a\\nbudget: {trials: 1}\\u2028x: 1\"\n"
                + "parameters: {x: {min: 0, max: 1}}\n")
        #expect(converted.sweep.budget.trials == 100)
    }

    @Test(arguments: [
        "rules:\n  - no magic numbers\nbranch: main\n",
        "metric: {name: loss, goal: minimize}\n"
            + "trainer: {command: [train]}\nparameters: {x: {type: uniform, min: 0, max: 1}}\n", "", "[1, 2]",
        "lr: 0.1\n",
        "metric: {name: loss, goal: minimize}\ncommand: [train]\nbudget: {trials: 9}\n"
            + "parameters: {x: {type: uniform, min: 0, max: 1}}\n",
    ])
    func `a file that is something else is not taken for a sweep`(text: String) throws {
        #expect(try ForeignFile.recognize(SourceFile(path: "sweep.yaml", text: text))?.tool != .wandb)
    }
}
