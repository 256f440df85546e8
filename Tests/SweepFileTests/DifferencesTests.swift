import SweepFile
import Testing

@Suite struct DifferencesTests {
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
                    $0.parameters =
                        "# first\nx:\n  max: 1 # one\n  min: 0\n  type: 'uniform'\n\ny.z: {type: choice, values: [0x1, 2]}"
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
            ("the budget", changed { $0.budget = "{trials: 99, time: 3h}" }),
            ("the resources", changed { $0.rest += "\nresources: {parallel: 2, timeout: 3s}" }),
        ] as [(String, SweepText)])
    func `what alters no trial is no difference`(what: String, other: SweepText) throws {
        #expect(try other.read().differences(from: Self.sweep.read()) == [])
        #expect(try Self.sweep.read().differences(from: other.read()) == [])
    }

    @Test(
        arguments: [
            (["parameters.x.max"], changed { $0.parameters = $0.parameters.replacing("max: 1", with: "max: 2") }),
            (["parameters.y.z.values"], changed { $0.parameters = $0.parameters.replacing("[1, 2]", with: "[2, 1]") }),
            (
                ["parameters.y.z"],
                changed {
                    $0.parameters = "x: {type: uniform, min: 0, max: 1}"
                    $0.rest = "enqueue: [{x: 0.1, }]"
                }
            ),
            (
                ["metric.goal", "sampler"],
                changed {
                    $0.metric = "{name: loss, goal: maximize}"
                    $0.rest += "\nsampler: random"
                }
            ),
            (["enqueue"], changed { $0.rest = "enqueue: [{x: 0.1, y.z: 1}]" }),
            (["enqueue"], changed { $0.rest = "enqueue: [{x: 0.1, y.z: 2}, {}]" }),
            (["trainer.command"], changed { $0.trainer = "{command: [train, now], config: base.yaml}" }),
            (
                ["x (of the base configuration)", "y.w (of the base configuration)"],
                changed { $0.base = "x: 0.25\ny: {z: 1, w: 3}" }
            ),
        ] as [([String], SweepText)])
    func `what alters a trial is named by its path`(paths: [String], other: SweepText) throws {
        let differences = try other.read().differences(from: Self.sweep.read())
        #expect(differences.filter { !$0.hasPrefix("enqueue") || paths.contains("enqueue") } == paths)
    }

    @Test func `what is not a number is no difference from itself`() throws {
        let sweep = Self.changed { $0.base = "x: 0.5\ny: {z: 1, w: .nan}" }
        #expect(try sweep.read().differences(from: sweep.read()) == [])
    }

    @Test func `a base that comes or goes is a difference`() throws {
        let without = Self.changed {
            $0.trainer = "{command: [train]}"
            $0.base = nil
        }
        #expect(
            try without.read().differences(from: Self.sweep.read()) == [
                "trainer.config", "all (of the base configuration)",
            ])
    }
}
