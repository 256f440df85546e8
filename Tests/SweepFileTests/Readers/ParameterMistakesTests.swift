import SweepFile
import Testing

@Suite struct ParameterMistakesTests {
    @Test(arguments: [
        Mistake(
            "min above max", SweepText(parameters: "x: {type: uniform, min: 1, max: 0.5}"),
            """
            s.yaml:5:27: error: 'parameters.x': min 1.0 is larger than max 0.5
            5 |   x: {type: uniform, min: 1, max: 0.5}
              |                           ^
            """),
        Mistake(
            "min above max of integers", SweepText(parameters: "x:\n  type: int\n  max: 3\n  min: 4"),
            """
            s.yaml:8:10: error: 'parameters.x': min 4 is larger than max 3
            8 |     min: 4
              |          ^
            """),
        Mistake(
            "logarithm of 0", SweepText(parameters: "x: {type: loguniform, min: 0, max: 1}"),
            """
            s.yaml:5:30: error: 'parameters.x': a logarithmic range needs min > 0, and min is 0.0
            5 |   x: {type: loguniform, min: 0, max: 1}
              |                              ^
            """),
        Mistake(
            "logarithm of a negative integer", SweepText(parameters: "x: {type: int, min: -4, max: 8, log: true}"),
            """
            s.yaml:5:23: error: 'parameters.x': a logarithmic range needs min > 0, and min is -4
            5 |   x: {type: int, min: -4, max: 8, log: true}
              |                       ^
            """),
        Mistake(
            "infinite bound", SweepText(parameters: "x: {type: uniform, min: 0, max: .inf}"),
            """
            s.yaml:5:35: error: 'parameters.x.max' must be finite, found inf
            5 |   x: {type: uniform, min: 0, max: .inf}
              |                                   ^
            """),
        Mistake(
            "a bound that is no number", SweepText(parameters: "x: {type: uniform, min: .nan, max: 1e999}"),
            """
            s.yaml:5:27: error: 'parameters.x.min' must be finite, found nan
            5 |   x: {type: uniform, min: .nan, max: 1e999}
              |                           ^
            s.yaml:5:38: error: 'parameters.x.max' must be finite, found inf
            5 |   x: {type: uniform, min: .nan, max: 1e999}
              |                                      ^
            """),
        Mistake(
            "bounds of another kind", SweepText(parameters: "x: {type: uniform, min: low, max: [1]}"),
            """
            s.yaml:5:27: error: 'parameters.x.min' must be a number, found the string 'low'
            5 |   x: {type: uniform, min: low, max: [1]}
              |                           ^
            s.yaml:5:37: error: 'parameters.x.max' must be a number, found a list
            5 |   x: {type: uniform, min: low, max: [1]}
              |                                     ^
            """),
        Mistake(
            "integer bounds that are none", SweepText(parameters: "x: {type: int, min: 0.5, max: 1e400, log: 3}"),
            """
            s.yaml:5:23: error: 'parameters.x.min' must be an integer, found the number 0.5
            5 |   x: {type: int, min: 0.5, max: 1e400, log: 3}
              |                       ^
            s.yaml:5:33: error: 'parameters.x.max' must be an integer, found the number .inf
            5 |   x: {type: int, min: 0.5, max: 1e400, log: 3}
              |                                 ^
            s.yaml:5:45: error: 'parameters.x.log' must be true or false, found the integer 3
            5 |   x: {type: int, min: 0.5, max: 1e400, log: 3}
              |                                             ^
            """),
        Mistake(
            "step of 0", SweepText(parameters: "x: {type: int, min: 0, max: 8, step: 0}"),
            """
            s.yaml:5:40: error: 'parameters.x': step must be at least 1, and is 0
            5 |   x: {type: int, min: 0, max: 8, step: 0}
              |                                        ^
            """),
        Mistake(
            "no bounds", SweepText(parameters: "x: {type: uniform}"),
            """
            s.yaml:5:6: error: 'parameters.x.min' is missing
            5 |   x: {type: uniform}
              |      ^
            s.yaml:5:6: error: 'parameters.x.max' is missing
            5 |   x: {type: uniform}
              |      ^
            """),
        Mistake(
            "no bounds, with settings that depend on them", SweepText(parameters: "x: {type: int, step: 2, log: true}"),
            """
            s.yaml:5:6: error: 'parameters.x.min' is missing
            5 |   x: {type: int, step: 2, log: true}
              |      ^
            s.yaml:5:6: error: 'parameters.x.max' is missing
            5 |   x: {type: int, step: 2, log: true}
              |      ^
            """),
    ])
    func `a range without numbers in it is refused`(mistake: Mistake) {
        mistake.check()
    }

    @Test(arguments: [
        Mistake(
            "no values", SweepText(parameters: "x: {type: choice}"),
            """
            s.yaml:5:6: error: 'parameters.x.values' is missing
            5 |   x: {type: choice}
              |      ^
              = help: values: […]
            """),
        Mistake(
            "empty", SweepText(parameters: "x: {type: choice, values: []}"),
            """
            s.yaml:5:29: error: 'parameters.x': there is no value to choose from
            5 |   x: {type: choice, values: []}
              |                             ^
            """),
        Mistake(
            "no list", SweepText(parameters: "x: {type: choice, values: adam}"),
            """
            s.yaml:5:29: error: 'parameters.x.values' must be a list, found the string 'adam'
            5 |   x: {type: choice, values: adam}
              |                             ^
            """),
        Mistake(
            "not a number", SweepText(parameters: "x: {type: choice, values: [1, [.nan], .nan]}"),
            """
            s.yaml:5:33: error: an element of 'parameters.x.values' must be a value without '.nan', found a list
            5 |   x: {type: choice, values: [1, [.nan], .nan]}
              |                                 ^
            s.yaml:5:41: error: an element of 'parameters.x.values' must be a value without '.nan', \
            found the number .nan
            5 |   x: {type: choice, values: [1, [.nan], .nan]}
              |                                         ^
            """),
        Mistake(
            "twice the same", SweepText(parameters: "x: {type: choice, values: [a, b, a]}"),
            """
            s.yaml:5:36: error: 'parameters.x': the value a is listed twice
            5 |   x: {type: choice, values: [a, b, a]}
              |                                    ^
            """),
        Mistake(
            "twice the same number", SweepText(parameters: "x: {type: choice, values: [1, 2, 1.0]}"),
            """
            s.yaml:5:36: error: 'parameters.x': the value 1.0 is listed twice
            5 |   x: {type: choice, values: [1, 2, 1.0]}
              |                                    ^
            """),
        Mistake(
            "too few weights", SweepText(parameters: "x: {type: choice, values: [a, b, c], weights: [1, 2]}"),
            """
            s.yaml:5:49: error: 'parameters.x': there are 2 weights for 3 values
            5 |   x: {type: choice, values: [a, b, c], weights: [1, 2]}
              |                                                 ^
            """),
        Mistake(
            "weights, no list", SweepText(parameters: "x: {type: choice, values: [a, b], weights: 1}"),
            """
            s.yaml:5:46: error: 'parameters.x.weights' must be a list, found the integer 1
            5 |   x: {type: choice, values: [a, b], weights: 1}
              |                                              ^
            """),
        Mistake(
            "weights, no numbers", SweepText(parameters: "x: {type: choice, values: [a, b], weights: [1, b]}"),
            """
            s.yaml:5:50: error: an element of 'parameters.x.weights' must be a number, found the string 'b'
            5 |   x: {type: choice, values: [a, b], weights: [1, b]}
              |                                                  ^
            """),
        Mistake(
            "a negative weight", SweepText(parameters: "x: {type: choice, values: [a, b], weights: [1, -1]}"),
            """
            s.yaml:5:46: error: 'parameters.x': a weight must be a number from 0 up, not -1.0
            5 |   x: {type: choice, values: [a, b], weights: [1, -1]}
              |                                              ^
            """),
        Mistake(
            "an infinite weight", SweepText(parameters: "x: {type: choice, values: [a, b], weights: [1, .inf]}"),
            """
            s.yaml:5:46: error: 'parameters.x': a weight must be a number from 0 up, not .inf
            5 |   x: {type: choice, values: [a, b], weights: [1, .inf]}
              |                                              ^
            """),
        Mistake(
            "no weight", SweepText(parameters: "x: {type: choice, values: [a, b], weights: [0, 0]}"),
            """
            s.yaml:5:46: error: 'parameters.x': all weights are 0
            5 |   x: {type: choice, values: [a, b], weights: [0, 0]}
              |                                              ^
            """),
        Mistake(
            "weights without a finite sum",
            SweepText(parameters: "x: {type: choice, values: [a, b], weights: [1e308, 1e308]}"),
            """
            s.yaml:5:46: error: 'parameters.x': the sum of the weights is too large for a number; only their ratios \
            matter
            5 |   x: {type: choice, values: [a, b], weights: [1e308, 1e308]}
              |                                              ^
            """),
        Mistake(
            "weights without values", SweepText(parameters: "x: {type: choice, weights: [0, 0]}"),
            """
            s.yaml:5:6: error: 'parameters.x.values' is missing
            5 |   x: {type: choice, weights: [0, 0]}
              |      ^
              = help: values: […]
            """),
    ])
    func `a choice among nothing is refused`(mistake: Mistake) {
        mistake.check()
    }

    @Test(arguments: [
        Mistake(
            "no type", SweepText(parameters: "x: {min: 0, max: 1}"),
            """
            s.yaml:5:6: error: 'parameters.x.type' is missing
            5 |   x: {min: 0, max: 1}
              |      ^
              = help: of a range: type: uniform, loguniform (a logarithmic scale) or int (integers)
            """),
        Mistake(
            "misspelt", SweepText(parameters: "x: {type: logunifrom, min: 1, max: 2}"),
            """
            s.yaml:5:13: error: 'parameters.x.type' cannot be 'logunifrom'
            5 |   x: {type: logunifrom, min: 1, max: 2}
              |             ^
              = help: did you mean 'loguniform'?
            """),
        Mistake(
            "near nothing", SweepText(parameters: "x: {type: beta, mean: 1, std: 2}"),
            """
            s.yaml:5:13: error: 'parameters.x.type' cannot be 'beta'
            5 |   x: {type: beta, mean: 1, std: 2}
              |             ^
              = help: known are uniform, quniform, loguniform, qloguniform, normal, qnormal, \
            lognormal, qlognormal, int, choice, ordinal, constant
            """),
        Mistake(
            "no string", SweepText(parameters: "x: {type: 3, min: 1}"),
            """
            s.yaml:5:13: error: 'parameters.x.type' must be a string, found the integer 3
            5 |   x: {type: 3, min: 1}
              |             ^
              = help: anything in quotes is one
            """),
    ])
    func `an unknown type is refused, and its settings with it`(mistake: Mistake) {
        mistake.check()
    }

    @Test(arguments: [
        Mistake(
            "empty", SweepText(parameters: "'': {type: uniform, min: 0, max: 1}"),
            """
            s.yaml:5:3: error: a parameter cannot be called ''
            5 |   '': {type: uniform, min: 0, max: 1}
              |   ^
              = help: a name has no spaces, control characters, '=', '{' and '}'
            """),
        Mistake(
            "with a space", SweepText(parameters: "learning rate: {type: uniform, min: 0, max: 1}"),
            """
            s.yaml:5:3: error: a parameter cannot be called 'learning rate'
            5 |   learning rate: {type: uniform, min: 0, max: 1}
              |   ^
              = help: a name has no spaces, control characters, '=', '{' and '}'
            """),
        Mistake(
            "with an equals sign", SweepText(parameters: "a=b: {type: uniform, min: 0, max: 1}"),
            """
            s.yaml:5:3: error: a parameter cannot be called 'a=b'
            5 |   a=b: {type: uniform, min: 0, max: 1}
              |   ^
              = help: a name has no spaces, control characters, '=', '{' and '}'
            """),
        Mistake(
            "with a brace", SweepText(parameters: "'a}': {type: uniform, min: 0, max: 1}"),
            """
            s.yaml:5:3: error: a parameter cannot be called 'a}'
            5 |   'a}': {type: uniform, min: 0, max: 1}
              |   ^
              = help: a name has no spaces, control characters, '=', '{' and '}'
            """),
    ])
    func `a parameter is called what a command line can say`(mistake: Mistake) {
        mistake.check()
    }
}
