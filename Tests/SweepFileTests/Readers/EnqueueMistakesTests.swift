import SweepFile
import SweepSearch
import Testing

@Suite struct EnqueueMistakesTests {
    private static let space = """
        optimizer: {type: choice, values: [sgd, adam]}
        momentum: {type: uniform, min: 0, max: 1, when: {optimizer: sgd}}
        beta: {type: uniform, min: 0, max: 1, when: {optimizer: adam}}
        layers: {type: int, min: 1, max: 9, step: 2}
        """

    private static func sweep(_ enqueue: String) -> SweepText {
        SweepText(parameters: space, rest: "enqueue: \(enqueue)")
    }

    @Test(arguments: [
        Mistake(
            "a mapping", sweep("{layers: 3}"),
            """
            s.yaml:9:10: error: 'enqueue' must be a list of mappings, found a mapping
            9 | enqueue: {layers: 3}
              |          ^
              = help: enqueue: [{NAME: VALUE, …}, …]
            """),
        Mistake(
            "of numbers", sweep("[3, {layers: 3}, ]"),
            """
            s.yaml:9:11: error: an element of 'enqueue' must be a mapping, found the integer 3
            9 | enqueue: [3, {layers: 3}, ]
              |           ^
              = help: enqueue: [{NAME: VALUE, …}, …]
            """),
        Mistake(
            "no parameter", sweep("[{layers: 3}, {layer: 3, depth: 3}]"),
            """
            s.yaml:9:25: error: 'layer' is not a parameter of this sweep
            9 | enqueue: [{layers: 3}, {layer: 3, depth: 3}]
              |                         ^
              = help: did you mean 'layers'?
            s.yaml:9:35: error: 'depth' is not a parameter of this sweep
            9 | enqueue: [{layers: 3}, {layer: 3, depth: 3}]
              |                                   ^
            """),
        Mistake(
            "outside", sweep("[{layers: 10}]"),
            """
            s.yaml:9:20: error: 'layers' cannot be the integer 10
            9 | enqueue: [{layers: 10}]
              |                    ^
              = help: it is an integer from 1 to 9 in steps of 2
            """),
        Mistake(
            "between the steps", sweep("[{layers: 4}]"),
            """
            s.yaml:9:20: error: 'layers' cannot be the integer 4
            9 | enqueue: [{layers: 4}]
              |                    ^
              = help: it is an integer from 1 to 9 in steps of 2
            """),
        Mistake(
            "no such choice, on which another rests", sweep("[{optimizer: sdg, momentum: 0.5}]"),
            """
            s.yaml:9:23: error: 'optimizer' cannot be the string 'sdg'
            9 | enqueue: [{optimizer: sdg, momentum: 0.5}]
              |                       ^
              = help: it is one of sgd, adam
            """),
        Mistake(
            "another kind", sweep("[{optimizer: [sgd], momentum: high, layers: }]"),
            """
            s.yaml:9:23: error: 'optimizer' cannot be [sgd]
            9 | enqueue: [{optimizer: [sgd], momentum: high, layers: }]
              |                       ^
              = help: it is one of sgd, adam
            s.yaml:9:40: error: 'momentum' cannot be the string 'high'
            9 | enqueue: [{optimizer: [sgd], momentum: high, layers: }]
              |                                        ^
              = help: it is a number from 0.0 to 1.0
            s.yaml:9:54: error: 'layers' cannot be nothing
            9 | enqueue: [{optimizer: [sgd], momentum: high, layers: }]
              |                                                      ^
              = help: it is an integer from 1 to 9 in steps of 2
            """),
        Mistake(
            "inactive", sweep("\n  - layers: 3\n  - optimizer: adam\n    momentum: 0.5"),
            """
            s.yaml:12:5: error: 'momentum' has a value but exists only when optimizer = sgd
            12 |     momentum: 0.5
               |     ^
            """),
        Mistake(
            "contradictory", sweep("[{layers: 3}, {momentum: 0.5, beta: 0.5}]"),
            """
            s.yaml:9:24: error: the values given need optimizer = sgd and optimizer = adam, which exclude each other
            9 | enqueue: [{layers: 3}, {momentum: 0.5, beta: 0.5}]
              |                        ^
            """),
    ])
    func `values that no trial can have are refused`(mistake: Mistake) {
        mistake.check()
    }

    @Test func `what is missing may be missing, and numbers may be written as people do`() throws {
        let sweep = try Self.sweep("[{}, {momentum: 1}, {optimizer: adam, layers: 3.0}]").read().sweep
        #expect(sweep.enqueued == [[:], ["momentum": 1.0], ["optimizer": "adam", "layers": 3]])
    }
}
