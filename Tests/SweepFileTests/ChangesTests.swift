import SweepFile
import Testing

@Suite struct ChangesTests {
    private static let base = "x: 0.5\ny: {z: 1}"
    private static let sweep = SweepText(
        trainer: "{command: [train], config: base.yaml}",
        parameters: "x: {type: uniform, min: 0, max: 1}\ny.z: {type: choice, values: [1, 2]}",
        rest: "enqueue: [{x: 0.1, y.z: 2}]",
        base: base)

    private static func changed(_ change: (inout SweepText) -> Void) -> SweepText {
        var sweep = sweep
        change(&sweep)
        return sweep
    }

    @Test(
        arguments: [
            ("nothing", changed { _ in }),
            (
                "comments and layout",
                changed {
                    $0.parameters = """
                        # first
                        x:
                          max: 1 # one
                          min: 0
                          type: 'uniform'

                        y.z: {type: choice, values: [1, 2]}
                        """
                    $0.base = "# base\nx: 0.50\ny:\n  z: 1"
                }
            ),
            (
                "the order of keys",
                changed {
                    $0.parameters = "y.z: {values: [1, 2], type: choice}\nx: {type: uniform, min: 0, max: 1}"
                    $0.rest = "enqueue: [{y.z: 2, x: 0.1}]"
                    $0.base = "y: {z: 1}\nx: 0.5"
                }
            ),
            ("a number of a range written otherwise", changed { $0.parameters.replace("min: 0", with: "min: 0.0") }),
            ("equal weights", changed { $0.parameters.replace("[1, 2]}", with: "[1, 2], weights: [3, 3]}") }),
            ("a default for later", changed { $0.parameters.replace("max: 1}", with: "max: 1, default: 0.5}") }),
            ("a tuned value of the base", changed { $0.base = "x: 0.75\ny: {z: 2}" }),
            (
                "defaults that are written down",
                changed {
                    $0.metric = "{name: loss, goal: minimize, value: last}"
                    $0.rest += """

                        name: s
                        sampler: {name: auto, seed: 0}
                        constraints: []
                        reproducible: false
                        retry: {attempts: 1, on: [stall]}
                        resources: {threads: 1}
                        """
                }
            ),
            ("a name in place of a mapping", changed { $0.rest += "\nsampler: auto" }),
            ("the budget", changed { $0.budget = "{trials: 99, time: 3h}" }),
            ("the resources", changed { $0.rest += "\nresources: {parallel: 2, timeout: 3s}" }),
        ] as [(String, SweepText)])
    func `what alters no trial is no change`(what: String, other: SweepText) throws {
        #expect(try other.read().changes(since: Self.sweep.read()) == [])
        #expect(try Self.sweep.read().changes(since: other.read()) == [])
    }

    @Test(
        arguments: [
            (
                ["parameters.x.max: 1 → 2"],
                changed { $0.parameters = $0.parameters.replacing("max: 1", with: "max: 2") }
            ),
            (
                ["parameters.y.z.values: [1, 2] → [2, 1]"],
                changed { $0.parameters = $0.parameters.replacing("[1, 2]", with: "[2, 1]") }
            ),
            (
                ["parameters.y.z.values: [1, 2] → [0x1, 2]"],
                changed { $0.parameters = $0.parameters.replacing("[1, 2]", with: "[0x1, 2]") }
            ),
            (
                ["parameters.y.z: {type: choice, values: [1, 2]} → none"],
                changed {
                    $0.parameters = "x: {type: uniform, min: 0, max: 1}"
                    $0.rest = "enqueue: [{x: 0.1, }]"
                }
            ),
            (
                ["metric.goal: minimize → maximize", "sampler: auto → random"],
                changed {
                    $0.metric = "{name: loss, goal: maximize}"
                    $0.rest += "\nsampler: random"
                }
            ),
            (
                ["sampler: auto → {name: tpe, seed: 3}", "pruner: none → median", "retry: none → {attempts: 2}"],
                changed {
                    $0.rest += "\nsampler: {name: tpe, seed: 3}\npruner: median\nretry: {attempts: 2}"
                }
            ),
            (
                ["constraints: none → [x < 0.5]", "reproducible: false → {lag: 2}"],
                changed { $0.rest += "\nconstraints: ['x < 0.5']\nreproducible: {lag: 2}" }
            ),
            (["enqueue: [{x: 0.1, y.z: 2}] → [{x: 0.1, y.z: 1}]"], changed { $0.rest = "enqueue: [{x: 0.1, y.z: 1}]" }),
            (
                ["enqueue: [{x: 0.1, y.z: 2}] → [{x: 0.1, y.z: 2}, {}]"],
                changed { $0.rest = "enqueue: [{x: 0.1, y.z: 2}, {}]" }
            ),
            (
                ["trainer.command: [train] → [train, 3.10]"],
                changed { $0.trainer = "{command: [train, 3.10], config: base.yaml}" }
            ),
            (
                ["trainer.command: [train] → [train, now]", "trainer.env: none → {KEY: 1}"],
                changed { $0.trainer = "{command: [train, now], config: base.yaml, env: {KEY: 1}}" }
            ),
            (
                ["y.w in the base configuration: none → 3"],
                changed { $0.base = "x: 0.25\ny: {z: 1, w: 3}" }
            ),
        ] as [([String], SweepText)])
    func `what alters a trial is said with its old and its new value`(words: [String], other: SweepText) throws {
        let changes = try other.read().changes(since: Self.sweep.read()).map(\.description)
        #expect(changes.filter { !$0.hasPrefix("enqueue") || words[0].hasPrefix("enqueue") } == words)
    }

    @Test func `an argument is compared by its text`() throws {
        let (old, new) = (
            Self.changed { $0.trainer = "{command: [train, 3.1, 1e5], config: base.yaml}" },
            Self.changed { $0.trainer = "{command: [train, 3.10, 1e5], config: base.yaml}" }
        )
        #expect(
            try new.read().changes(since: old.read()).map(\.description)
                == ["trainer.command: [train, 3.1, 1e5] → [train, 3.10, 1e5]"])
    }

    @Test(arguments: [
        ("./train.sh", "././train.sh", true), ("./train.sh", "sub/../train.sh", true),
        ("./train.sh", "/nowhere/train.sh", true), ("../bin/train", "./../bin/./train", true),
        ("train.sh", "./train.sh", false), ("./train.sh", "./train2.sh", false), ("/bin/a", "/bin/b", false),
    ])
    func `a program is the same whichever way its path takes`(old: String, new: String, isSame: Bool) throws {
        let changes = try SweepText(trainer: "{command: [\(new), x]}").read()
            .changes(since: SweepText(trainer: "{command: [\(old), x]}").read()).map(\.description)
        #expect(changes == (isSame ? [] : ["trainer.command: [\(old), x] → [\(new), x]"]))
    }

    @Test func `a value that a trainer gets in another form is a change`() throws {
        func sweep(_ values: String) -> SweepText { SweepText(parameters: "k: {type: choice, values: \(values)}") }
        let changes = try sweep("[1.0, '2', yes]").read().changes(since: sweep("[1, 2, yes]").read())
        #expect(changes.map(\.description) == ["parameters.k.values: [1, 2, yes] → [1.0, '2', yes]"])
    }

    @Test(arguments: [
        (nil, ".", true), (nil, "'{sweep_dir}'", true), ("data", "./data/", true), ("data", "/nowhere/data", true),
        (nil, "'{trial_dir}'", false), ("data", "/data", false),
    ])
    func `trainers are started in the same folder whichever way it is written`(
        old: String?, new: String, isSame: Bool
    ) throws {
        func sweep(_ directory: String?) -> SweepText {
            SweepText(trainer: "{command: [train]\(directory.map { ", directory: \($0)" } ?? "")}")
        }
        let changes = try sweep(new).read().changes(since: sweep(old).read())
        #expect(changes.map(\.path) == (isSame ? [] : ["trainer.directory"]))
    }

    @Test func `a constraint that is gone is a change, though there are as many`() throws {
        func file(_ constraints: String) -> SweepText { Self.changed { $0.rest = "constraints: \(constraints)" } }
        let two = file("['x < 0.5', 'x > 0.1']")
        let twice = file("['x < 0.5', 'x < 0.5']")
        #expect(try twice.read().changes(since: two.read()).count == 1)
        #expect(try two.read().changes(since: twice.read()).count == 1)
        #expect(try file("['x < 0.5']").read().changes(since: twice.read()).isEmpty)
    }

    @Test func `conditions, constraints and causes mean the same in any order and notation`() throws {
        func sweep(_ when: String, _ rest: String) -> SweepText {
            SweepText(
                parameters: """
                    k: {type: choice, values: [a, b]}
                    n: {type: int, min: 1, max: 9}
                    x: {type: uniform, min: 0, max: 1, when: \(when)}
                    """,
                rest: rest)
        }
        let first = sweep(
            "{k: a, n: [1, 2]}", "constraints: ['n > 1', 'x < 0.5']\nretry: {attempts: 2, on: [crash, stall]}")
        let second = sweep(
            "{n: [2, 1], k: [a]}", "constraints: ['x<0.5', '( n > 1 )']\nretry: {attempts: 2, on: [stall, crash]}")
        #expect(try second.read().changes(since: first.read()) == [])
    }

    @Test func `what is not a number is no change from itself`() throws {
        let sweep = Self.changed { $0.base = "x: 0.5\ny: {z: 1, w: .nan}" }
        #expect(try sweep.read().changes(since: sweep.read()) == [])
    }

    @Test func `a base that comes or goes is a change`() throws {
        let without = Self.changed {
            $0.trainer = "{command: [train]}"
            $0.base = nil
        }
        #expect(
            try without.read().changes(since: Self.sweep.read()).map(\.description) == [
                "trainer.config: base.yaml → none"
            ])
    }
}
