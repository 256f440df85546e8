import SweepFile
import Testing

@Suite struct ConditionMistakesTests {
    @Test(arguments: [
        Mistake(
            "on itself", SweepText(parameters: "x: {type: choice, values: [1, 2], when: {x: 1}}"),
            """
            s.yaml:5:44: error: parameters depend on each other in a circle: x → x
            5 |   x: {type: choice, values: [1, 2], when: {x: 1}}
              |                                            ^
            """),
        Mistake(
            "of two",
            SweepText(
                parameters: """
                    a: {type: choice, values: [1, 2], when: {b: 1}}
                    b: {type: choice, values: [1, 2], when: {a: 1}}
                    """),
            """
            s.yaml:5:44: error: parameters depend on each other in a circle: a → b → a
            5 |   a: {type: choice, values: [1, 2], when: {b: 1}}
              |                                            ^
            """),
        Mistake(
            "of three",
            SweepText(
                parameters: """
                    free: {type: uniform, min: 0, max: 1}
                    a: {type: choice, values: [1, 2], when: {c: 1}}
                    b: {type: choice, values: [1, 2], when: {a: 1}}
                    c:
                      type: choice
                      values: [1, 2]
                      when:
                        b: [1, 2]
                    """),
            """
            s.yaml:6:44: error: parameters depend on each other in a circle: a → c → b → a
            6 |   a: {type: choice, values: [1, 2], when: {c: 1}}
              |                                            ^
            """),
        Mistake(
            "of one without a range",
            SweepText(
                parameters: """
                    a: {type: uniform, min: 2, max: 1, when: {b: 1}}
                    b: {type: choice, values: [1, 2], when: {a: 1}}
                    """),
            """
            s.yaml:5:27: error: 'parameters.a': min 2.0 is larger than max 1.0
            5 |   a: {type: uniform, min: 2, max: 1, when: {b: 1}}
              |                           ^
            s.yaml:5:45: error: parameters depend on each other in a circle: a → b → a
            5 |   a: {type: uniform, min: 2, max: 1, when: {b: 1}}
              |                                             ^
            """),
    ])
    func `conditions in a circle are refused`(mistake: Mistake) {
        mistake.check()
    }

    @Test(arguments: [
        Mistake(
            "misspelt",
            SweepText(
                parameters: """
                    optimizer.name: {type: choice, values: [sgd, adam]}
                    momentum: {type: uniform, min: 0, max: 1, when: {optimiser.name: sgd}}
                    """),
            """
            s.yaml:6:52: error: 'momentum' depends on 'optimiser.name', which is not a parameter of this sweep
            6 |   momentum: {type: uniform, min: 0, max: 1, when: {optimiser.name: sgd}}
              |                                                    ^
              = help: did you mean 'optimizer.name'?
            """),
        Mistake(
            "near nothing, beside another mistake",
            SweepText(
                parameters: """
                    optimizer: {type: choice, values: []}
                    momentum: {type: uniform, min: 0, max: 1, when: {kind: sgd}}
                    """),
            """
            s.yaml:5:37: error: 'parameters.optimizer': there is no value to choose from
            5 |   optimizer: {type: choice, values: []}
              |                                     ^
            s.yaml:6:52: error: 'momentum' depends on 'kind', which is not a parameter of this sweep
            6 |   momentum: {type: uniform, min: 0, max: 1, when: {kind: sgd}}
              |                                                    ^
            """),
    ])
    func `a condition on no parameter is refused`(mistake: Mistake) {
        mistake.check()
    }

    @Test(arguments: [
        Mistake(
            "no such value",
            SweepText(
                parameters: """
                    optimizer: {type: choice, values: [sgd, adam]}
                    momentum: {type: uniform, min: 0, max: 1, when: {optimizer: sdg}}
                    """),
            """
            s.yaml:6:52: error: 'momentum' is never active: no value of 'optimizer' satisfies optimizer = sdg
            6 |   momentum: {type: uniform, min: 0, max: 1, when: {optimizer: sdg}}
              |                                                    ^
              = help: 'optimizer' is one of sgd, adam
            """),
        Mistake(
            "no such values",
            SweepText(
                parameters: """
                    width: {type: int, min: 1, max: 9}
                    depth: {type: int, min: 1, max: 9, when: {width: [0, 10, wide]}}
                    """),
            """
            s.yaml:6:45: error: 'depth' is never active: no value of 'width' satisfies width in [0, 10, wide]
            6 |   depth: {type: int, min: 1, max: 9, when: {width: [0, 10, wide]}}
              |                                             ^
              = help: 'width' is an integer from 1 to 9
            """),
        Mistake(
            "excluded by what the parent needs",
            SweepText(
                parameters: """
                    a: {type: choice, values: [1, 2]}
                    b: {type: choice, values: [1, 2], when: {a: 1}}
                    c: {type: choice, values: [1, 2], when: {b: 1, a: 2}}
                    """),
            """
            s.yaml:7:50: error: 'c' is never active: a = 2 and a = 1 exclude each other
            7 |   c: {type: choice, values: [1, 2], when: {b: 1, a: 2}}
              |                                                  ^
            """),
    ])
    func `a condition that never holds is refused`(mistake: Mistake) {
        mistake.check()
    }

    @Test(arguments: [
        Mistake(
            "a string", SweepText(parameters: "x: {type: int, min: 1, max: 9, when: y == 1}"),
            """
            s.yaml:5:40: error: 'when' must be a mapping, found the string 'y == 1'
            5 |   x: {type: int, min: 1, max: 9, when: y == 1}
              |                                        ^
              = help: when: {PARENT: VALUE}, {PARENT: [VALUE, …]}, {PARENT: "< NUMBER"} \
            or {PARENT: {">=": NUMBER, "<": NUMBER}}
            """),
        Mistake(
            "empty",
            SweepText(
                parameters: """
                    x: {type: int, min: 1, max: 9}
                    y: {type: int, min: 1, max: 9, when: {x: []}}
                    """, rest: "enqueue: [{x: 10}]"),
            """
            s.yaml:6:44: error: a condition on 'x' must be a value, a list of values or a comparison, \
            found an empty list
            6 |   y: {type: int, min: 1, max: 9, when: {x: []}}
              |                                            ^
              = help: when: {PARENT: VALUE}, {PARENT: [VALUE, …]}, {PARENT: "< NUMBER"} \
            or {PARENT: {">=": NUMBER, "<": NUMBER}}
            """),
        Mistake(
            "not of values",
            SweepText(
                parameters: """
                    x: {type: int, min: 1, max: 9}
                    y: {type: int, min: 1, max: 9, when: {x: [[1]]}}
                    z: {type: int, min: 1, max: 9, when: {x: }}
                    """),
            """
            s.yaml:6:41: error: 'y' is never active: no value of 'x' satisfies x in [[1]]
            6 |   y: {type: int, min: 1, max: 9, when: {x: [[1]]}}
              |                                         ^
              = help: 'x' is an integer from 1 to 9
            s.yaml:7:44: error: a condition on 'x' must be a value, a list of values or a comparison, found nothing
            7 |   z: {type: int, min: 1, max: 9, when: {x: }}
              |                                            ^
              = help: when: {PARENT: VALUE}, {PARENT: [VALUE, …]}, {PARENT: "< NUMBER"} \
            or {PARENT: {">=": NUMBER, "<": NUMBER}}
            """),
    ])
    func `a condition is a value, a list of values or a comparison`(mistake: Mistake) {
        mistake.check()
    }
}
