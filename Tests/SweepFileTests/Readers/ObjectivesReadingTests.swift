import ConfigFile
import SweepFile
import SweepModel
import SweepSearch
import Testing

/// Several metrics in one sweep file, and bounds.
@Suite struct ObjectivesReadingTests {
    /// A sweep file that begins with what it optimizes; what else it needs follows on three lines.
    struct Text: Sendable {
        var objectives: String
        var budget = "{trials: 3}"
        var rest = ""

        func read() throws(DiagnosticsError) -> SweepFile {
            let text = """
                \(objectives)
                trainer: {command: [train]}
                budget: \(budget)
                parameters: {x: {type: uniform, min: 0, max: 1}}
                \(rest)
                """
            return try SweepFile(
                source: SourceFile(path: "s.yaml", text: text), base: nil, directory: "/nowhere")
        }
    }

    private static let several = "metrics: [{name: loss, goal: minimize}, {name: size, goal: minimize}]"
    private static let loss = Metric(name: "loss", goal: .minimize, rule: .last)
    private static let size = Metric(name: "size", goal: .maximize, rule: .best)

    @Test(
        arguments: [
            ("metric: {name: loss, goal: minimize}", Objectives([loss])),
            ("metrics: [{name: loss, goal: minimize}]", Objectives([loss])),
            (
                "metrics:\n- {name: size, goal: maximize, value: best}\n- {goal: minimize, name: loss, value: last}",
                Objectives([size, loss])
            ),
            (
                "metric: {name: loss, goal: minimize}\nbounds: [latency <= 20, acc >= 0.5, loss >= -1e3]",
                Objectives(
                    [loss],
                    bounds: [
                        MetricBound(metric: "latency", .atMost, 20), MetricBound(metric: "acc", .atLeast, 0.5),
                        MetricBound(metric: "loss", .atLeast, -1000),
                    ])
            ),
            // A list of one needs no brackets, and the rule is that of the metric.
            (
                "metrics: [{name: loss, goal: minimize}, {name: size, goal: maximize, value: best}]\nbounds: size>=2",
                Objectives([loss, size], bounds: [MetricBound(metric: "size", .atLeast, 2, rule: .best)])
            ),
            (
                "bounds: ['val/loss of all.mean   <=3']\nmetric: {name: loss, goal: minimize}",
                Objectives([loss], bounds: [MetricBound(metric: "val/loss of all.mean", .atMost, 3)])
            ),
            ("metric: {name: loss, goal: minimize}\nbounds: []", Objectives([loss])),
        ] as [(String, Objectives)])
    func `metrics and bounds are read in their order`(text: String, objectives: Objectives) throws {
        let sweep = try Text(objectives: text).read().sweep
        #expect(sweep.objectives == objectives)
        #expect(sweep.metric == objectives.metrics[0])
    }

    @Test func `what has to be reported is every metric once, those that are optimized first`() throws {
        let text = """
            metrics: [{name: loss, goal: minimize, value: best}, {name: size, goal: maximize}]
            bounds: [latency <= 20, size <= 9, latency >= 1, loss <= 3, acc >= 0.5]
            """
        let objectives = try Text(objectives: text).read().sweep.objectives
        #expect(objectives.areSeveral && !objectives.areOne)
        #expect(objectives.measured.map(\.name) == ["loss", "size", "latency", "acc"])
        #expect(objectives.further.map(\.goal) == [.maximize, .minimize, .maximize])
        #expect(objectives.measured.map(\.rule) == [.best, .last, .last, .last])
        #expect(objectives.bounds.map(\.rule) == [.last, .last, .last, .best, .last])
    }

    @Test(arguments: ["auto", "gp", "tpe", "nsga2", "sobol", "random", "{name: nsga2, seed: 3}"])
    func `these samplers take several metrics and bounds`(sampler: String) throws {
        let text = Text(objectives: Self.several + "\nbounds: [latency <= 20]", rest: "sampler: \(sampler)")
        let sweep = try text.read().sweep
        #expect(sweep.objectives.metrics.count == 2 && sweep.objectives.bounds.count == 1)
        #expect(sampler.contains(sweep.sampler.name.rawValue))
    }

    @Test func `one metric with bounds may have a pruner and a target`() throws {
        let text = Text(
            objectives: "metric: {name: loss, goal: minimize}\nbounds: [latency <= 20]",
            budget: "{trials: 3, target: 0.5}", rest: "pruner: median")
        let sweep = try text.read().sweep
        #expect(sweep.pruning != nil && sweep.budget.target == 0.5 && !sweep.objectives.areOne)
    }

    /// A mistake with all that is said of it.
    struct Wrong: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: Text
        let report: String

        init(_ description: String, _ text: Text, _ report: String) {
            (testDescription, self.text, self.report) = (description, text, report)
        }
    }

    @Test(arguments: [
        Wrong(
            "a metric in place of a list", Text(objectives: "metrics: {name: loss, goal: minimize}"),
            """
            s.yaml:1:10: error: 'metrics' must be a list of metrics, found a mapping
            1 | metrics: {name: loss, goal: minimize}
              |          ^
              = help: metrics: [{name: val_loss, goal: minimize}, {name: size, goal: minimize}]
            """),
        Wrong(
            "no metric at all", Text(objectives: "metrics: []"),
            """
            s.yaml:1:10: error: 'metrics' must be a list of metrics, found an empty list
            1 | metrics: []
              |          ^
              = help: metrics: [{name: val_loss, goal: minimize}, {name: size, goal: minimize}]
            """),
        Wrong(
            "both keys", Text(objectives: "metric: {name: loss, goal: minimize}\n" + several),
            """
            s.yaml:1:9: error: 'metric' and 'metrics' are both there
            1 | metric: {name: loss, goal: minimize}
              |         ^
              = help: several metrics are one list: metrics: [{name: val_loss, goal: minimize}, …]
            """),
        Wrong(
            "a name in place of a metric", Text(objectives: "metrics: [{name: loss, goal: minimize}, size]"),
            """
            s.yaml:1:41: error: 'metrics[1]' must be a mapping, found the string 'size'
            1 | metrics: [{name: loss, goal: minimize}, size]
              |                                         ^
            """),
        Wrong(
            "no goal, and no name", Text(objectives: "metrics:\n- {name: loss}\n- {goal: minimize}"),
            """
            s.yaml:2:3: error: 'metrics[0].goal' is missing
            2 | - {name: loss}
              |   ^
              = help: goal: minimize or goal: maximize
            s.yaml:3:3: error: 'metrics[1].name' is missing
            3 | - {goal: minimize}
              |   ^
            """),
        Wrong(
            "a goal, a rule and a name that cannot be",
            Text(objectives: "metrics: [{name: step, goal: minimise, value: bset}]"),
            """
            s.yaml:1:18: error: the metric cannot be 'step'
            1 | metrics: [{name: step, goal: minimise, value: bset}]
              |                  ^
              = help: it is the name of a number that the trainer reports; 'step' only counts its reports
            s.yaml:1:30: error: 'metrics[0].goal' cannot be 'minimise'
            1 | metrics: [{name: step, goal: minimise, value: bset}]
              |                              ^
              = help: did you mean 'minimize'?
            s.yaml:1:47: error: 'metrics[0].value' cannot be 'bset'
            1 | metrics: [{name: step, goal: minimise, value: bset}]
              |                                               ^
              = help: did you mean 'best'?
            """),
        Wrong(
            "a metric that is there twice",
            Text(objectives: "metrics: [{name: a, goal: minimize}, {name: a, goal: maximize}]"),
            """
            s.yaml:1:45: error: 'a' is optimized twice
            1 | metrics: [{name: a, goal: minimize}, {name: a, goal: maximize}]
              |                                             ^
            """),
        Wrong(
            "an unknown key", Text(objectives: "metrics: [{name: a, goal: minimize, valu: best}]"),
            """
            s.yaml:1:37: error: unknown key 'metrics[0].valu'
            1 | metrics: [{name: a, goal: minimize, valu: best}]
              |                                     ^
              = help: did you mean 'value'?
            """),
        Wrong(
            "an unknown key in place of one that is needed", Text(objectives: "metrics: [{name: a, gaol: minimize}]"),
            """
            s.yaml:1:11: error: 'metrics[0].goal' is missing
            1 | metrics: [{name: a, gaol: minimize}]
              |           ^
              = help: goal: minimize or goal: maximize
            s.yaml:1:21: error: unknown key 'metrics[0].gaol'
            1 | metrics: [{name: a, gaol: minimize}]
              |                     ^
              = help: did you mean 'goal'?
            """),
        Wrong(
            "bounds without a metric", Text(objectives: "bounds: [latency <= 20]"),
            """
            s.yaml: error: 'metric' is missing
              = help: metric: {name: val_loss, goal: minimize}
            """),
    ])
    func `a mistake in the metrics is named where it is`(wrong: Wrong) {
        expect(wrong.report) { _ = try wrong.text.read() }
    }

    /// What stands under `bounds`, and how it is called.
    @Test(arguments: [
        ("20", "the integer 20"), ("{latency: 20}", "a mapping"), ("true", "the boolean true"),
    ])
    func `bounds are a list`(bounds: String, found: String) {
        let text = Text(objectives: "metric: {name: loss, goal: minimize}\nbounds: \(bounds)")
        expect(
            """
            s.yaml:2:9: error: 'bounds' must be a list, found \(found)
            2 | bounds: \(bounds)
              |         ^
              = help: bounds: [latency <= 20]
            """
        ) { _ = try text.read() }
    }

    @Test(arguments: [
        "latency < 20", "latency =< 20", "latency == 20", "latency", "latency <=", "<= 20", "20 >= latency",
        "latency <= fast", "latency <= 20 ms", "latency <= .inf", "latency <= inf", "latency <= nan",
        "latency <= 1e999", "latency <= 1_000", "step <= 3", "latency <= 20 and size <= 3", "0 <= latency <= 20", "3",
        "0.5", "true",
    ])
    func `a bound is a metric, a relation and a finite number`(bound: String) {
        let text = Text(objectives: "metric: {name: loss, goal: minimize}\nbounds: [size <= 3, \(bound)]")
        expect(
            """
            s.yaml:2:21: error: a bound is a metric, <= or >=, and a number; found \(bound)
            2 | bounds: [size <= 3, \(bound)]
              |                     ^
              = help: bounds: [latency <= 20, val_accuracy >= 0.9]
            """
        ) { _ = try text.read() }
    }

    @Test(arguments: ["size >= 4", "size >= 3.5"])
    func `bounds that no value can meet are refused`(bound: String) {
        let text = Text(objectives: "metric: {name: loss, goal: minimize}\nbounds: [size <= 3, \(bound)]")
        expect(
            """
            s.yaml:2:21: error: no trial can have size <= 3 and \(bound)
            2 | bounds: [size <= 3, \(bound)]
              |                     ^
              = help: leave out one of them
            """
        ) { _ = try text.read() }
    }

    @Test(arguments: ["size >= 3", "size <= 2", "time >= 9", "size >= -1"])
    func `bounds that one value can meet are read`(bound: String) throws {
        let text = Text(objectives: "metric: {name: loss, goal: minimize}\nbounds: [size <= 3, \(bound)]")
        #expect(try text.read().sweep.objectives.bounds.count == 2)
    }

    @Test(arguments: [
        Wrong(
            "a sampler for one metric", Text(objectives: several, rest: "sampler: cmaes"),
            """
            s.yaml:5:10: error: the sampler 'cmaes' knows one metric only
            5 | sampler: cmaes
              |          ^
              = help: auto, gp, tpe and nsga2 search for several metrics and within bounds
            """),
        Wrong(
            "a sampler without bounds",
            Text(
                objectives: "metric: {name: loss, goal: minimize}\nbounds: [latency <= 20]",
                rest: "sampler: {name: cmaes}"),
            """
            s.yaml:6:10: error: the sampler 'cmaes' knows no bounds
            6 | sampler: {name: cmaes}
              |          ^
              = help: auto, gp, tpe and nsga2 search for several metrics and within bounds
            """),
        Wrong(
            "a pruner and a target of several metrics",
            Text(objectives: several, budget: "{trials: 3, target: 0.5}", rest: "pruner: median"),
            """
            s.yaml:3:29: error: a target ends a sweep by one metric, and there are 2
            3 | budget: {trials: 3, target: 0.5}
              |                             ^
              = help: leave out 'target'
            s.yaml:5:9: error: a pruner compares trials by one metric, and there are 2
            5 | pruner: median
              |         ^
              = help: leave out 'pruner', or optimize one metric and give the others bounds: [size <= 100000]
            """),
    ])
    func `what goes with one metric only is refused beside several`(wrong: Wrong) {
        expect(wrong.report) { _ = try wrong.text.read() }
    }
}

/// What a changed file says of metrics and bounds.
@Suite struct ObjectivesChangesTests {
    private typealias Text = ObjectivesReadingTests.Text

    private static let metric = "metric: {name: loss, goal: minimize}"
    private static let metrics = "metrics: [{name: loss, goal: minimize}, {name: size, goal: minimize}]"

    @Test(arguments: [
        (metric, "metrics: [{name: loss, goal: minimize}]"), (metric, metric + "\nbounds: []"),
        (metrics, "metrics:\n- {goal: minimize, name: loss}\n# second\n- {name: size, goal: minimize, value: last}"),
        (metric + "\nbounds: [latency <= 20]", "bounds: latency<=2.0e1\n" + metric),
        (metrics + "\nbounds: [a <= 1]", "bounds: ['a <= 1.0']\n" + metrics),
    ])
    func `what means the same is no change`(old: String, new: String) throws {
        let (old, new) = (try Text(objectives: old).read(), try Text(objectives: new).read())
        #expect(new.changes(since: old) == [] && old.changes(since: new) == [])
    }

    @Test(
        arguments: [
            (metric, metric + "\nbounds: [latency <= 20]", ["bounds: none → [latency <= 20]"]),
            (
                metrics, "metrics: [{name: size, goal: minimize}, {name: loss, goal: minimize}]",
                [
                    "metrics: [{name: loss, goal: minimize}, {name: size, goal: minimize}] → "
                        + "[{name: size, goal: minimize}, {name: loss, goal: minimize}]"
                ]
            ),
            (
                metric, metrics,
                [
                    "metric: {name: loss, goal: minimize} → none",
                    "metrics: none → [{name: loss, goal: minimize}, {name: size, goal: minimize}]",
                ]
            ),
            (
                metric + "\nbounds: [a <= 1]", "metric: {name: loss, goal: maximize, value: best}\nbounds: [a >= 1]",
                ["metric.goal: minimize → maximize", "metric.value: last → best", "bounds: [a <= 1] → [a >= 1]"]
            ),
        ] as [(String, String, [String])])
    func `what is optimized otherwise is a change of the metric`(old: String, new: String, words: [String]) throws {
        let changes = try Text(objectives: new).read().changes(since: Text(objectives: old).read())
        #expect(changes.map(\.description) == words)
        #expect(changes.allSatisfy { $0.part == .metric })
    }

    @Test func `another limit on what is measured is a change of the bounds`() throws {
        let (old, new) = (
            Self.metric + "\nbounds: [latency <= 20, a >= 1]", Self.metric + "\nbounds: [latency <= 25, a >= 1]"
        )
        let changes = try Text(objectives: new).read().changes(since: Text(objectives: old).read())
        #expect(changes.map(\.description) == ["bounds: [latency <= 20, a >= 1] → [latency <= 25, a >= 1]"])
        #expect(changes.map(\.part) == [.bounds])
    }
}
