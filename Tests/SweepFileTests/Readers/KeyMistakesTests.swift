import SweepFile
import Testing

@Suite struct KeyMistakesTests {
    @Test(arguments: [
        Mistake(
            "at the top", SweepText(rest: "smapler: tpe"),
            """
            s.yaml:6:1: error: unknown key 'smapler'
            6 | smapler: tpe
              | ^
              = help: did you mean 'sampler'?
            """),
        Mistake(
            "at the top, near nothing", SweepText(rest: "comment: best so far"),
            """
            s.yaml:6:1: error: unknown key 'comment'
            6 | comment: best so far
              | ^
              = help: known are name, metric, metrics, bounds, trainer, parameters, constraints, enqueue, \
            sampler, pruner, warm_start, budget, resources, retry, reproducible, replicates, launcher
            """),
        Mistake(
            "in a section", SweepText(metric: "{name: loss, gaol: minimize, goal: minimize}"),
            """
            s.yaml:1:22: error: unknown key 'metric.gaol'
            1 | metric: {name: loss, gaol: minimize, goal: minimize}
              |                      ^
              = help: did you mean 'goal'?
            """),
        Mistake(
            "in a nested section", SweepText(rest: "reproducible: {log: 8}"),
            """
            s.yaml:6:16: error: unknown key 'reproducible.log'
            6 | reproducible: {log: 8}
              |                ^
              = help: did you mean 'lag'?
            """),
        Mistake(
            "in a parameter", SweepText(parameters: "x: {type: uniform, mim: 0, min: 0, max: 1}"),
            """
            s.yaml:5:22: error: unknown key 'parameters.x.mim'
            5 |   x: {type: uniform, mim: 0, min: 0, max: 1}
              |                      ^
              = help: did you mean 'min'?
            """),
        Mistake(
            "of another type of parameter", SweepText(parameters: "x: {type: uniform, min: 0, max: 1, log: true}"),
            """
            s.yaml:5:38: error: unknown key 'parameters.x.log'
            5 |   x: {type: uniform, min: 0, max: 1, log: true}
              |                                      ^
              = help: on a logarithmic scale are {type: loguniform, …} and {type: int, …, log: true}
            """),
        Mistake(
            "in the budget, in place of the one it needs", SweepText(budget: "{trial: 60}"),
            """
            s.yaml:3:10: error: unknown key 'budget.trial'
            3 | budget: {trial: 60}
              |          ^
              = help: did you mean 'trials'?
            """),
    ])
    func `an unknown key is refused with the nearest known one`(mistake: Mistake) {
        mistake.check()
    }

    @Test(arguments: [
        Mistake(
            "two of a parameter's", SweepText(parameters: "x: {type: int, min: 0, min: 1, max: 2}"),
            """
            s.yaml:5:26: error: the key 'min' is given twice
            5 |   x: {type: int, min: 0, min: 1, max: 2}
              |                          ^
              = help: it is first given on line 5
            """),
        Mistake(
            "two parameters", SweepText(parameters: "x: {type: choice, values: [1]}\n'x': {type: choice, values: [2]}"),
            """
            s.yaml:6:3: error: the key 'x' is given twice
            6 |   'x': {type: choice, values: [2]}
              |   ^
              = help: it is first given on line 5
            """),
        Mistake(
            "three sections and two settings",
            SweepText(
                rest: "sampler: tpe\nretry: {attempts: 2, attempts: 3}\nsampler: random\nsampler: tpe"),
            """
            s.yaml:7:22: error: the key 'attempts' is given twice
            7 | retry: {attempts: 2, attempts: 3}
              |                      ^
              = help: it is first given on line 7
            s.yaml:8:1: error: the key 'sampler' is given twice
            8 | sampler: random
              | ^
              = help: it is first given on line 6
            s.yaml:9:1: error: the key 'sampler' is given twice
            9 | sampler: tpe
              | ^
              = help: it is first given on line 6
            """),
    ])
    func `a key that is given twice is refused where it is given again`(mistake: Mistake) {
        mistake.check()
    }

    @Test(arguments: [
        (
            "no sections", "name: s",
            """
            s.yaml: error: 'metric' is missing
              = help: metric: {name: val_loss, goal: minimize}
            s.yaml: error: 'trainer' is missing
              = help: trainer: {command: [PROGRAM, ARGUMENT, …]}
            s.yaml: error: 'parameters' is missing
              = help: parameters: {NAME: {type: uniform, min: 0, max: 1}}
            s.yaml: error: the sweep would never end: 'budget' needs 'trials' or 'time'
              = help: budget: {trials: 100}
            """
        ),
        (
            "no keys", "metric: {}\ntrainer: {}\nparameters: {x: {}}\nbudget: {failures: 3}",
            """
            s.yaml:1:9: error: 'metric.name' is missing
            1 | metric: {}
              |         ^
            s.yaml:1:9: error: 'metric.goal' is missing
            1 | metric: {}
              |         ^
              = help: goal: minimize or goal: maximize
            s.yaml:2:10: error: 'trainer.command' is missing
            2 | trainer: {}
              |          ^
              = help: command: [PROGRAM, ARGUMENT, …]
            s.yaml:3:17: error: 'parameters.x.type' is missing
            3 | parameters: {x: {}}
              |                 ^
              = help: known are uniform, quniform, loguniform, qloguniform, normal, qnormal, \
            lognormal, qlognormal, int, choice, ordinal, constant
            s.yaml:4:9: error: the sweep would never end: 'budget' needs 'trials' or 'time'
            4 | budget: {failures: 3}
              |         ^
              = help: budget: {trials: 100}
            """
        ),
        (
            "not a mapping", "- a\n- b",
            """
            s.yaml:1:1: error: the file must be a mapping, found a list
            1 | - a
              | ^
            """
        ),
        (
            "one word", "hello",
            """
            s.yaml:1:1: error: the file must be a mapping, found the string 'hello'
            1 | hello
              | ^
            """
        ),
    ])
    func `what is missing is named once, with an example`(what: String, text: String, report: String) {
        expect(report) { _ = try SweepFile(source: .init(path: "s.yaml", text: text), base: nil, directory: "/") }
    }

    @Test func `all mistakes are reported at once, in the order of the text, none twice`() {
        let sweep = SweepText(
            metric: "{name: loss, goal: minimise}", trainer: "{command: [train, '{confg}', '{param:y}']}",
            budget: "{time: 3}",
            parameters: "x: {type: uniform, min: 2, max: 1}\nz: {type: int, min: a, max: b, step: 0.5}",
            rest: "sampler: {nam: tpe}\nfoo: 1\nretry: {on: [crash, oom, oom]}")
        expect(
            """
            s.yaml:1:28: error: 'metric.goal' cannot be 'minimise'
            1 | metric: {name: loss, goal: minimise}
              |                            ^
              = help: did you mean 'minimize'?
            s.yaml:2:28: error: '{confg}' is not a placeholder
            2 | trainer: {command: [train, '{confg}', '{param:y}']}
              |                            ^
              = help: did you mean '{config}'?
            s.yaml:2:39: error: '{param:y}' names no parameter of this sweep
            2 | trainer: {command: [train, '{confg}', '{param:y}']}
              |                                       ^
            s.yaml:3:16: error: 'budget.time' must be a length of time, found the integer 3
            3 | budget: {time: 3}
              |                ^
              = help: a number with its unit: 500ms, 90s, 30m, 2h, 1h30m, 1d
            s.yaml:5:27: error: 'parameters.x': min 2.0 is larger than max 1.0
            5 |   x: {type: uniform, min: 2, max: 1}
              |                           ^
            s.yaml:6:23: error: 'parameters.z.min' must be an integer, found the string 'a'
            6 |   z: {type: int, min: a, max: b, step: 0.5}
              |                       ^
            s.yaml:6:31: error: 'parameters.z.max' must be an integer, found the string 'b'
            6 |   z: {type: int, min: a, max: b, step: 0.5}
              |                               ^
            s.yaml:6:40: error: 'parameters.z.step' must be an integer, found the number 0.5
            6 |   z: {type: int, min: a, max: b, step: 0.5}
              |                                        ^
            s.yaml:7:11: error: unknown key 'sampler.nam'
            7 | sampler: {nam: tpe}
              |           ^
              = help: did you mean 'name'?
            s.yaml:8:1: error: unknown key 'foo'
            8 | foo: 1
              | ^
              = help: known are name, metric, metrics, bounds, trainer, parameters, constraints, enqueue, \
            sampler, pruner, warm_start, budget, resources, retry, reproducible, replicates, launcher
            s.yaml:9:21: error: 'retry.on' cannot be 'oom'
            9 | retry: {on: [crash, oom, oom]}
              |                     ^
              = help: known are crash, timeout, stall, memory, processes, launch, no_metric
            s.yaml:9:26: error: 'retry.on' cannot be 'oom'
            9 | retry: {on: [crash, oom, oom]}
              |                          ^
              = help: known are crash, timeout, stall, memory, processes, launch, no_metric
            """
        ) { _ = try sweep.read() }
    }
}
