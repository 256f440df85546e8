import RandomStreams
import SweepSearch
import Testing

@Suite struct SearchSpaceTests {
    private static let unit = Distribution.uniform(min: 0, max: 1)

    @Test(
        arguments: [
            ([Parameter("a", unit), Parameter("a", unit)], [.duplicateName("a")]),
            (
                [Parameter("a", unit, when: [Condition("b", .equals(1))])],
                [.unknownParent(parameter: "a", parent: "b")]
            ),
            ([Parameter("a", unit, when: [Condition("a", .comparison(.less, 1))])], [.cycle(["a"])]),
            (
                [
                    Parameter("a", unit, when: [Condition("c", .comparison(.less, 1))]),
                    Parameter("b", unit, when: [Condition("a", .comparison(.less, 1))]),
                    Parameter("c", unit, when: [Condition("b", .comparison(.less, 1))]),
                    Parameter("d", unit, when: [Condition("c", .comparison(.less, 1))]),
                ],
                [.cycle(["a", "c", "b"])]
            ),
            (
                [Parameter("a", .choice(["x", "y"])), Parameter("b", unit, when: [Condition("a", .equals("z"))])],
                [.conditionNeverHolds(parameter: "b", Condition("a", .equals("z")))]
            ),
            (
                [
                    Parameter("a", .choice(["x", "y"])), Parameter("b", unit, when: [Condition("a", .equals("x"))]),
                    Parameter(
                        "c", unit, when: [Condition("b", .comparison(.less, 0.5)), Condition("a", .equals("y"))]),
                    // Not reported: b's child c is the one to mend.
                    Parameter("d", unit, when: [Condition("c", .comparison(.less, 0.5))]),
                ],
                [.neverActive(parameter: "c", [Condition("a", .equals("y")), Condition("a", .equals("x"))])]
            ),
            (
                [
                    Parameter("a", .choice([])), Parameter("a", unit),
                    Parameter("b", unit, when: [Condition("c", .equals(1)), Condition("a", .equals(7))]),
                ],
                [
                    .distribution(parameter: "a", .noChoices), .duplicateName("a"),
                    .unknownParent(parameter: "b", parent: "c"),
                ]
            ),
        ] as [([Parameter], [SearchSpaceProblem])])
    func `everything wrong with a space is found at once`(parameters: [Parameter], problems: [SearchSpaceProblem]) {
        #expect(throws: SearchSpaceError.self) { try SearchSpace(parameters) }
        do {
            _ = try SearchSpace(parameters)
        } catch {
            #expect(error.problems == problems)
        }
    }

    @Test(
        arguments: [
            (.duplicateName("a"), "'a' is declared twice"),
            (.distribution(parameter: "a", .noChoices), "'a': there is no value to choose from"),
            (.unknownParent(parameter: "a", parent: "b"), "'a' depends on 'b', which is not a parameter"),
            (.cycle(["a", "b"]), "parameters depend on each other: 'a' on 'b' on 'a'"),
            (
                .conditionNeverHolds(parameter: "a", Condition("b", .isOneOf([1, "x y"]))),
                "'a' is never active: no value of 'b' satisfies b in [1, 'x y']"
            ),
            (
                .neverActive(
                    parameter: "a", [Condition("b", .equals("x")), Condition("b", .comparison(.greaterOrEqual, 2))]),
                "'a' is never active: b = x and b >= 2.0 exclude each other"
            ),
        ] as [(SearchSpaceProblem, String)])
    func `what is wrong is said`(problem: SearchSpaceProblem, words: String) {
        #expect(problem.description == words)
    }

    @Test func `a thousand parameters in one chain are a legal space`() throws {
        let space = try SearchSpace(
            (0..<1000).reversed().map { index in
                Parameter(
                    "p\(index)", Self.unit,
                    when: index == 0 ? [] : [Condition("p\(index - 1)", .comparison(.less, 0.999))])
            })
        var random = RandomStream(seed: 1, stream: 0)
        let assignment = RandomSampler().suggest(from: space, given: [], pending: [], using: &random)
        #expect(space.problem(with: assignment) == nil)
    }

    @Test func `a parameter is active when all its conditions hold, through chains and shared children`() throws {
        let space = try discreteConditionalSpace()
        let net = Assignment(
            ["model": "net", "width": 24, "wide": true, "shared": 1, "always": 0, "fixed": 0.5], in: space)
        #expect(space.problem(with: net) == nil)
        #expect(net.names == ["model", "width", "wide", "shared", "always", "fixed"])
        #expect(space.isActive("shared", in: net))
        #expect(!space.isActive("depth", in: net))
        #expect(!space.isActive("leaf", in: net), "its parent is inactive")
        #expect(!space.isActive("tied", in: net), "one of two conditions holds")
        #expect(!space.isActive("nonsense", in: net))
        #expect(everyAssignment(of: space).count == 38)
    }

    @Test func `an assignment that is not one of the space is told why`() throws {
        let space = try discreteConditionalSpace()
        func problem(_ values: [String: ParameterValue]) -> AssignmentProblem? {
            space.problem(with: Assignment(values, in: space))
        }
        let line: [String: ParameterValue] = ["model": "line", "shared": 1, "always": 0, "fixed": 0.5]
        #expect(problem(line) == nil)
        #expect(problem(line.merging(["x": 1]) { $1 }) == .unknownParameter("x"))
        #expect(problem(line.merging(["shared": 3]) { $1 }) == .illegalValue(parameter: "shared", 3, .choice([1, 2])))
        #expect(
            problem(line.merging(["depth": 1]) { $1 })
                == .inactive(parameter: "depth", Condition("model", .equals("tree"))))
        #expect(problem(line.filter { $0.key != "always" }) == .missing(parameter: "always"))
    }

    @Test(arguments: 0..<50) func `whatever is drawn can be given again, whole or in part`(seed: UInt64) throws {
        let space = randomSpace(seed)
        var random = RandomStream(seed: seed, stream: 0)
        let drawn = try space.complete([:], using: &random)
        #expect(space.problem(with: drawn) == nil)
        let partial = Dictionary(
            uniqueKeysWithValues: drawn.filter { _ in random.uniform() < 0.3 }.map { ($0.name, $0.value) })
        let completed = try space.complete(partial, using: &random)
        #expect(space.problem(with: completed) == nil)
        for (name, value) in partial { #expect(completed[name] == value) }
    }

    @Test func `a value pulls in the parents it needs`() throws {
        let space = try discreteConditionalSpace()
        var random = RandomStream(seed: 1, stream: 0)
        for _ in 0..<100 {
            let assignment = try space.complete(["wide": true], using: &random)
            #expect(assignment["model"] == "net")
            #expect(assignment["width"] == 24 || assignment["width"] == 32)
            #expect(space.problem(with: assignment) == nil)
        }
        #expect(try space.complete(["model": "never"], using: &random)["model"] == "never")
        #expect(try space.complete(["always": 1.0], using: &random)["always"] == 1)
    }

    @Test(
        arguments: [
            (["x": 1], "'x' is not a parameter"),
            (["width": 9], "9 is not a legal value of 'width': it must be an integer from 8 to 32 in steps of 8"),
            (["model": "tree", "width": 8], "'width' has a value but exists only when model = net"),
            (["model": "line", "wide": true], "'wide' has a value but exists only when model = net"),
            (
                ["depth": 1, "width": 8],
                "the values given need model = tree and model = net, which exclude each other"
            ),
            (
                ["always": "a", "b": 1],
                "'b' is not a parameter\na is not a legal value of 'always': it must be an integer from 0 to 1"
            ),
        ] as [([String: ParameterValue], String)])
    func `values that cannot be completed are told why`(partial: [String: ParameterValue], words: String) throws {
        let space = try discreteConditionalSpace()
        var random = RandomStream(seed: 1, stream: 0)
        do {
            _ = try space.complete(partial, using: &random)
            Issue.record("\(partial) was completed")
        } catch {
            #expect(error.description == words)
        }
    }
}
