import SweepModel
import SweepReport
import SweepSearch
import Testing

@Suite struct ParameterNamesTests {
    @Test(
        arguments: [
            (["optimizer.learning_rate", "model.hidden"], ["learning_rate", "hidden"]),
            (["optimizer.name", "model.name", "name2"], ["optimizer.name", "model.name", "name2"]),
            (["a.x.lr", "b.x.lr", "c.y.lr"], ["a.x.lr", "b.x.lr", "y.lr"]),
            (["lr", "optimizer.lr"], ["lr", "optimizer.lr"]),
            (["optimizer.time", "layers.0", "layers.1"], ["optimizer.time", "0", "1"]),
            (["a.", ".b", ".", "..", ""], ["a.", "b", ".", "..", ""]),
            (["損失.率"], ["率"]),
        ])
    func `a short name means one parameter only`(names: [String], expected: [String]) {
        let short = ParameterNames.short(names, besides: ["time", "state"])
        #expect(names.map { short[$0] } == expected)
    }

    @Test func `the same path twice keeps its name`() {
        #expect(ParameterNames.short(["a.b", "a.b"]) == ["a.b": "a.b"])
    }

    @Test func `what has one value in all trials does not vary`() {
        let trials = [
            Example.trial(0, ["lr": 0.1, "kind": "sgd", "depth": 1, "momentum": 0.9]),
            Example.trial(1, ["lr": 0.2, "kind": "adam", "depth": .number(1)]),
        ]
        let names = ["momentum", "kind", "lr", "depth"]
        #expect(ParameterNames.varying(names, over: trials) == ["kind", "lr"])
        #expect(ParameterNames.varying(names, over: trials.prefix(1)) == names)
        #expect(ParameterNames.varying(names, over: []) == names)
    }

    @Test func `a constant of the space does not vary`() throws {
        let space = try Example.sweep().space
        #expect(ParameterNames.varying(in: space) == ["lr", "kind"])
    }
}
