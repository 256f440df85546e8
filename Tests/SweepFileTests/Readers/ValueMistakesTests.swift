import ConfigFile
import SweepFile
import Testing

@Suite struct ValueMistakesTests {
    @Test(arguments: [
        Mistake(
            "metric, a string", SweepText(metric: "loss"),
            """
            s.yaml:1:9: error: 'metric' must be a mapping, found the string 'loss'
            1 | metric: loss
              |         ^
            """),
        Mistake(
            "metric, nothing", SweepText(metric: ""),
            """
            s.yaml:1:8: error: 'metric.name' is missing
            1 | metric: 
              |        ^
            s.yaml:1:8: error: 'metric.goal' is missing
            1 | metric: 
              |        ^
              = help: goal: minimize or goal: maximize
            """),
        Mistake(
            "goal", SweepText(metric: "{name: loss, goal: minimum}"),
            """
            s.yaml:1:28: error: 'metric.goal' cannot be 'minimum'
            1 | metric: {name: loss, goal: minimum}
              |                            ^
              = help: known are minimize, maximize
            """),
        Mistake(
            "goal, near nothing", SweepText(metric: "{name: loss, goal: up}"),
            """
            s.yaml:1:28: error: 'metric.goal' cannot be 'up'
            1 | metric: {name: loss, goal: up}
              |                            ^
              = help: known are minimize, maximize
            """),
        Mistake(
            "metric.name", SweepText(metric: "{name: 3, goal: minimize}"),
            """
            s.yaml:1:16: error: 'metric.name' must be a string, found the integer 3
            1 | metric: {name: 3, goal: minimize}
              |                ^
              = help: anything in quotes is one
            """),
        Mistake(
            "metric.name, taken", SweepText(metric: "{name: step, goal: minimize}"),
            """
            s.yaml:1:16: error: the metric cannot be 'step'
            1 | metric: {name: step, goal: minimize}
              |                ^
              = help: it is the name of a number that the trainer reports; 'step' only counts its reports
            """),
        Mistake(
            "trainer", SweepText(trainer: "[train]"),
            """
            s.yaml:2:10: error: 'trainer' must be a mapping, found a list
            2 | trainer: [train]
              |          ^
              = help: trainer: {command: [PROGRAM, ARGUMENT, …]}
            """),
        Mistake(
            "trainer.env", SweepText(trainer: "{command: [train], env: [A, B]}"),
            """
            s.yaml:2:34: error: 'trainer.env' must be a mapping, found a list
            2 | trainer: {command: [train], env: [A, B]}
              |                                  ^
            """),
        Mistake(
            "a variable", SweepText(trainer: "{command: [train], env: {A: [1], B=C: 1, D: }}"),
            """
            s.yaml:2:38: error: 'trainer.env.A' must be text, found a list
            2 | trainer: {command: [train], env: {A: [1], B=C: 1, D: }}
              |                                      ^
            s.yaml:2:43: error: an environment variable cannot be called 'B=C'
            2 | trainer: {command: [train], env: {A: [1], B=C: 1, D: }}
              |                                           ^
            s.yaml:2:54: error: 'trainer.env.D' must be text, found nothing
            2 | trainer: {command: [train], env: {A: [1], B=C: 1, D: }}
              |                                                      ^
              = help: anything in quotes is one: ""
            """),
        Mistake(
            "a variable of revsweep's own", SweepText(trainer: "{command: [train], env: {REVSWEEP_TRIAL: 7}}"),
            """
            s.yaml:2:35: error: 'trainer.env.REVSWEEP_TRIAL' is set by revsweep for each trial
            2 | trainer: {command: [train], env: {REVSWEEP_TRIAL: 7}}
              |                                   ^
              = help: by it the trainer's processes are known as this trial's
            """),
        Mistake(
            "trainer.config", SweepText(trainer: "{command: [train], config: 7}"),
            """
            s.yaml:2:37: error: 'trainer.config' must be a string, found the integer 7
            2 | trainer: {command: [train], config: 7}
              |                                     ^
              = help: anything in quotes is one
            """),
        Mistake(
            "parameters, a list", SweepText(parameters: "- x"),
            """
            s.yaml:5:3: error: 'parameters' must be a mapping, found a list
            5 |   - x
              |   ^
            """),
        Mistake(
            "parameters, nothing", SweepText(parameters: ""),
            """
            s.yaml:4:12: error: 'parameters' is empty
            4 | parameters:
              |            ^
              = help: parameters: {NAME: {type: uniform, min: 0, max: 1}}
            """),
        Mistake(
            "parameters, empty", SweepText(parameters: "{}", rest: "enqueue: [{x: 1}]"),
            """
            s.yaml:5:3: error: 'parameters' is empty
            5 |   {}
              |   ^
              = help: parameters: {NAME: {type: uniform, min: 0, max: 1}}
            """),
        Mistake(
            "a parameter", SweepText(parameters: "x: uniform"),
            """
            s.yaml:5:6: error: 'parameters.x' must be a mapping, found the string 'uniform'
            5 |   x: uniform
              |      ^
              = help: write {type: uniform, min: …, max: …}
            """),
        Mistake(
            "budget", SweepText(budget: "60"),
            """
            s.yaml:3:9: error: 'budget' must be a mapping, found the integer 60
            3 | budget: 60
              |         ^
              = help: budget: {trials: 100}
            """),
        Mistake(
            "budget.trials", SweepText(budget: "{trials: 0}"),
            """
            s.yaml:3:18: error: 'budget.trials' must lie between 1 and 10000000, found 0
            3 | budget: {trials: 0}
              |                  ^
            """),
        Mistake(
            "budget.trials, a fraction", SweepText(budget: "{trials: 2.5}"),
            """
            s.yaml:3:18: error: 'budget.trials' must be an integer, found the number 2.5
            3 | budget: {trials: 2.5}
              |                  ^
            """),
        Mistake(
            "budget.trials, beyond 64 bits", SweepText(budget: "{trials: 9223372036854775808}"),
            """
            s.yaml:3:18: error: 'budget.trials' must be an integer, found the number 9.223372036854776e+18
            3 | budget: {trials: 9223372036854775808}
              |                  ^
            """),
        Mistake(
            "sampler", SweepText(rest: "sampler: tps"),
            """
            s.yaml:6:10: error: 'sampler' cannot be 'tps'
            6 | sampler: tps
              |          ^
              = help: did you mean 'tpe'?
            """),
        Mistake(
            "sampler, a list", SweepText(rest: "sampler: [tpe]"),
            """
            s.yaml:6:10: error: 'sampler' must be a name or a mapping, found a list
            6 | sampler: [tpe]
              |          ^
              = help: sampler: tpe or sampler: {name: tpe, seed: 7}
            """),
        Mistake(
            "sampler.seed", SweepText(rest: "sampler: {name: tpe, seed: -1}"),
            """
            s.yaml:6:28: error: 'sampler.seed' must be at least 0, found -1
            6 | sampler: {name: tpe, seed: -1}
              |                            ^
            """),
        Mistake(
            "resources.parallel", SweepText(rest: "resources: {parallel: many, threads: 0}"),
            """
            s.yaml:6:23: error: 'resources.parallel' must be an integer or 'auto', found the string 'many'
            6 | resources: {parallel: many, threads: 0}
              |                       ^
            s.yaml:6:38: error: 'resources.threads' must lie between 1 and 4096, found 0
            6 | resources: {parallel: many, threads: 0}
              |                                      ^
            """),
        Mistake(
            "retry.on", SweepText(rest: "retry: {attempts: 2, on: crash}"),
            """
            s.yaml:6:26: error: 'retry.on' must be a list, found the string 'crash'
            6 | retry: {attempts: 2, on: crash}
              |                          ^
              = help: on: [crash, timeout]
            """),
        Mistake(
            "an element of retry.on", SweepText(rest: "retry: {attempts: 2, on: [crsh, 3, launch]}"),
            """
            s.yaml:6:27: error: 'retry.on' cannot be 'crsh'
            6 | retry: {attempts: 2, on: [crsh, 3, launch]}
              |                           ^
              = help: did you mean 'crash'?
            s.yaml:6:33: error: an element of 'retry.on' must be a string, found the integer 3
            6 | retry: {attempts: 2, on: [crsh, 3, launch]}
              |                                 ^
              = help: known are crash, timeout, stall, memory, processes, launch, no_metric
            """),
        Mistake(
            "reproducible", SweepText(rest: "reproducible: yes"),
            """
            s.yaml:6:15: error: 'reproducible' must be true, false or {lag: N}, found the string 'yes'
            6 | reproducible: yes
              |               ^
            """),
        Mistake(
            "reproducible.lag", SweepText(rest: "reproducible: {lag: 0}"),
            """
            s.yaml:6:21: error: 'reproducible.lag' must lie between 1 and 4096, found 0
            6 | reproducible: {lag: 0}
              |                     ^
            """),
    ])
    func `a value of the wrong kind is refused with what it must be`(mistake: Mistake) {
        mistake.check()
    }

    @Test(arguments: [
        Mistake(
            "no unit", SweepText(budget: "{time: 30}"),
            """
            s.yaml:3:16: error: 'budget.time' must be a length of time, found the integer 30
            3 | budget: {time: 30}
              |                ^
              = help: a number with its unit: 500ms, 90s, 30m, 2h, 1h30m, 1d
            """),
        Mistake(
            "another unit", SweepText(budget: "{time: 30min}"),
            """
            s.yaml:3:16: error: 'budget.time' must be a length of time, found the string '30min'
            3 | budget: {time: 30min}
              |                ^
              = help: a number with its unit: 500ms, 90s, 30m, 2h, 1h30m, 1d
            """),
        Mistake(
            "nothing", SweepText(budget: "{time: 0s}"),
            """
            s.yaml:3:16: error: 'budget.time' must be a length of time, found the string '0s'
            3 | budget: {time: 0s}
              |                ^
              = help: a number with its unit: 500ms, 90s, 30m, 2h, 1h30m, 1d
            """),
        Mistake(
            "less than nothing", SweepText(rest: "resources: {timeout: -3s}"),
            """
            s.yaml:6:22: error: 'resources.timeout' must be a length of time, found the string '-3s'
            6 | resources: {timeout: -3s}
              |                      ^
              = help: a number with its unit: 500ms, 90s, 30m, 2h, 1h30m, 1d
            """),
    ])
    func `a length of time must be positive and have a unit`(mistake: Mistake) {
        mistake.check()
    }

    @Test(arguments: [
        ("budget: {trials: 3, time: 36525d1ms}", "'budget.time' is too long: at most 36525d, found 36525d1ms"),
        ("resources: {timeout: 106751d}", "'resources.timeout' is too long: at most 36525d, found 106751d"),
        (
            "resources: {stall: 99999999999999999999h}",
            "'resources.stall' is too long: at most 36525d, found 99999999999999999999h"
        ),
        ("retry: {backoff: 1e9d}", "'retry.backoff' must be a length of time, found the string '1e9d'"),
        ("retry: {backoff: 9999999h}", "'retry.backoff' is too long: at most 36525d, found 9999999h"),
        ("resources: {memory: 8388608TiB}", "'resources.memory' is too large: at most 8388607TiB, found 8388608TiB"),
        ("resources: {memory: 99999999 TB}", "'resources.memory' is too large: at most 8388607TiB, found 99999999 TB"),
    ])
    func `what is more than can be kept is told from what is no length of time and no amount of memory`(
        section: String, message: String
    ) {
        let text = """
            metric: {name: loss, goal: minimize}
            trainer: {command: [train]}
            parameters: {x: {type: uniform, min: 0, max: 1}}
            \(section.hasPrefix("budget") ? "" : "budget: {trials: 3}")
            \(section)
            """
        let error = #expect(throws: DiagnosticsError.self) {
            try SweepFile(source: SourceFile(path: "s.yaml", text: text), base: nil, directory: "/")
        }
        #expect(error?.diagnostics.map(\.message) == [message])
    }

    @Test func `the most that can be kept is read`() throws {
        let resources = try SweepText(rest: "resources: {timeout: 36525d, memory: 8388607TiB}").read().sweep.resources
        #expect(resources.timeout == .seconds(36_525 * 86_400))
        #expect(resources.memory == 8_388_607 << 40)
    }

    @Test(arguments: [
        Mistake(
            "empty", SweepText(rest: "name: ''"),
            """
            s.yaml:6:7: error: the sweep's name cannot be ''
            6 | name: ''
              |       ^
              = help: a name is up to 100 letters, digits, '.', '_' and '-', the first neither '.' nor '-'
            """),
        Mistake(
            "a path", SweepText(rest: "name: a/b"),
            """
            s.yaml:6:7: error: the sweep's name cannot be 'a/b'
            6 | name: a/b
              |       ^
              = help: a name is up to 100 letters, digits, '.', '_' and '-', the first neither '.' nor '-'
            """),
        Mistake(
            "hidden", SweepText(rest: "name: .."),
            """
            s.yaml:6:7: error: the sweep's name cannot be '..'
            6 | name: ..
              |       ^
              = help: a name is up to 100 letters, digits, '.', '_' and '-', the first neither '.' nor '-'
            """),
        Mistake(
            "like an option", SweepText(rest: "name: --json"),
            """
            s.yaml:6:7: error: the sweep's name cannot be '--json'
            6 | name: --json
              |       ^
              = help: a name is up to 100 letters, digits, '.', '_' and '-', the first neither '.' nor '-'
            """),
        Mistake(
            "letters that are not ASCII", SweepText(rest: "name: größe"),
            """
            s.yaml:6:7: error: the sweep's name cannot be 'größe'
            6 | name: größe
              |       ^
              = help: a name is up to 100 letters, digits, '.', '_' and '-', the first neither '.' nor '-'
            """),
        Mistake(
            "a number", SweepText(rest: "name: 7"),
            """
            s.yaml:6:7: error: 'name' must be a string, found the integer 7
            6 | name: 7
              |       ^
              = help: anything in quotes is one
            """),
    ])
    func `a name that cannot be a folder's is refused`(mistake: Mistake) {
        mistake.check()
    }

    @Test(arguments: [
        ("runs/my sweep.yaml", "my-sweep"), ("_1.yaml", "_1"), (".hidden.yaml", "hidden"), ("größe.yaml", "gr--e"),
        (String(repeating: "a", count: 120) + ".yaml", String(repeating: "a", count: 100)),
    ])
    func `a sweep is called like its file, as far as a folder can be`(path: String, name: String) throws {
        let source = SourceFile(path: path, text: SweepText().text)
        #expect(try SweepFile(source: source, base: nil, directory: "/").sweep.name == name)
    }

    @Test func `a file name of which nothing can be the sweep's asks for a name`() {
        let source = SweepText().text
        expect(
            """
            runs/学.yaml: error: the sweep cannot have its file's name, '学'
              = help: give it one: name: NAME, up to 100 letters, digits, '.', '_' and '-', \
            the first neither '.' nor '-'
            """
        ) { _ = try SweepFile(source: .init(path: "runs/学.yaml", text: source), base: nil, directory: "/") }
    }
}
