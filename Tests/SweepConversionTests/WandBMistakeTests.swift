import Testing

/// What W&B would not understand is refused at its place, with what is near.
@Suite struct WandBMistakeTests {
    @Test(arguments: [
        (
            "method: random\nmetric: {name: loss, goal: maximum}\nparameters: {x: {value: 1}}\n",
            """
            sweep.yaml:2:28: error: 'metric.goal' cannot be 'maximum'
            2 | metric: {name: loss, goal: maximum}
              |                            ^
              = help: did you mean 'maximize'?
            """
        ),
        (
            "method: baies\nparameters: {x: {value: 1}}\n",
            """
            sweep.yaml:1:9: error: 'method' cannot be 'baies'
            1 | method: baies
              |         ^
              = help: did you mean 'bayes'?
            """
        ),
        (
            "parameters: {x: {values: [1]}}\n",
            """
            sweep.yaml:1:1: error: 'method' is missing
            1 | parameters: {x: {values: [1]}}
              | ^
              = help: method: grid, random or bayes
            """
        ),
        (
            "method: random\nearly_terminat: {type: hyperband}\nparameters: {x: {value: 1}}\n",
            """
            sweep.yaml:2:1: error: unknown key 'early_terminat'
            2 | early_terminat: {type: hyperband}
              | ^
              = help: did you mean 'early_terminate'?
            """
        ),
        (
            "method: random\nparameters: {x: {distribution: loguniform, min: 1, max: 2}}\n",
            """
            sweep.yaml:2:32: error: 'parameters.x.distribution' cannot be 'loguniform'
            2 | parameters: {x: {distribution: loguniform, min: 1, max: 2}}
              |                                ^
              = help: did you mean 'log_uniform'?
            """
        ),
        (
            "method: random\nparameters: {x: {min: 5, max: 2}}\n",
            """
            sweep.yaml:2:23: error: 'parameters.x.min' is larger than max: 5 and 2
            2 | parameters: {x: {min: 5, max: 2}}
              |                       ^
            """
        ),
        (
            "method: random\nparameters: {x: 3}\n",
            """
            sweep.yaml:2:17: error: 'parameters.x' must be a mapping, found the integer 3
            2 | parameters: {x: 3}
              |                 ^
              = help: x: {value: 3}
            """
        ),
        (
            "method: random\nparameters: {x: {distribution: beta, a: 2}}\n",
            """
            sweep.yaml:2:17: error: 'parameters.x': a beta distribution has no counterpart in a sweep file
            2 | parameters: {x: {distribution: beta, a: 2}}
              |                 ^
              = help: only that with a: 1 and b: 1 has, which is uniform from 0 to 1; normal can have min and max
            """
        ),
        (
            "method: grid\nparameters: {x: {min: 0.0, max: 1}}\n",
            """
            sweep.yaml:2:17: error: 'parameters.x': a grid cannot have 'uniform'
            2 | parameters: {x: {min: 0.0, max: 1}}
              |                 ^
              = help: W&B refuses it too: give 'values', or write method: random
            """
        ),
        (
            "method: random\nparameters: {x: {distribution: uniform, min: 0, max: 1, q: 0.1}}\n",
            """
            sweep.yaml:2:57: error: unknown key 'parameters.x.q'
            2 | parameters: {x: {distribution: uniform, min: 0, max: 1, q: 0.1}}
              |                                                         ^
              = help: only the distributions that begin with 'q_' have it
            """
        ),
        (
            "method: random\nparameters: {x: {distribution: log_uniform, min: 800, max: 900}}\n",
            """
            sweep.yaml:2:17: error: 'parameters.x': e to the power of 800 is no number that can be searched
            2 | parameters: {x: {distribution: log_uniform, min: 800, max: 900}}
              |                 ^
              = help: min and max are exponents of e; values stand in log_uniform_values
            """
        ),
        (
            "method: random\nparameters: {x: {value: !!python/tuple [1, 2]}}\n",
            """
            sweep.yaml:2:25: error: the tag '!!python/tuple' is not understood
            2 | parameters: {x: {value: !!python/tuple [1, 2]}}
              |                         ^
              = help: known are !!str, !!int, !!float, !!bool, !!null, !!seq, !!map
            """
        ),
    ])
    func `a mistake is said at its place`(text: String, report: String) {
        expect(report, ofConverting: text)
    }

    @Test(arguments: [
        "method: random\nparameters: {}\n", "method: random\nparameters:\n", "method: random\nparameters: [a]\n",
        "method: random\nparameters: {x: }\n", "method: random\nparameters: {x: {}}\n",
        "method: random\nparameters: {x: {values: 3}}\n", "method: random\nparameters: {x: {values: []}}\n",
        "method: random\nparameters: {x: {min: 0}}\n", "method: random\nparameters: {x: {vales: [1]}}\n",
        "method: random\nparameters: {x: {min: .nan, max: 1}}\n", "method: random\nparameters: {x: {value: .nan}}\n",
        "method: random\nparameters: {x: {values: [1, 2], probabilities: [1]}}\n",
        "method: random\nparameters: {x: {distribution: log_uniform_values, min: 0, max: 1}}\n",
        "method: random\nparameters: {x: {distribution: normal, sigma: 0}}\n",
        "method: random\nparameters: {x: {distribution: q_uniform, min: 0, max: 1, q: 0}}\n",
        "method: random\nparameters: {x: {distribution: int_uniform, min: 0.5, max: 1}}\n",
        "method: random\nparameters: {'a b': {value: 1}}\n", "method: random\nparameters: {'': {value: 1}}\n",
        "method: random\nparameters: {x: {parameters: {}}}\n",
        "method: random\nrun_cap: 0\nparameters: {x: {value: 1}}\n",
        "method: random\nearly_terminate: {type: median}\nparameters: {x: {value: 1}}\n",
        "method: random\nearly_terminate: {type: hyperband}\nparameters: {x: {value: 1}}\n",
        "method: random\nearly_terminate: {type: hyperband, max_iter: 9}\nparameters: {x: {value: 1}}\n",
        "method: custom\nmetrics: [{name: a}, {name: b}]\nparameters: {x: {value: 1}}\n",
        "method: random\nmetric: {name: a, gol: maximize}\nparameters: {x: {value: 1}}\n",
        "method: random\nmetric: loss\nparameters: {x: {value: 1}}\n",
        "method: random\ncommand: [[a]]\nparameters: {x: {value: 1}}\n",
        "method: random\nparameters: {a.b: {value: 1}, a: {parameters: {b: {value: 2}}}}\n",
        "method: random\nparameters: {x: {value: 1}}\n  bad: [\n",
    ])
    func `what has no meaning is refused`(text: String) {
        #expect(throws: (any Error).self) { try Converted(text) }
    }
}
