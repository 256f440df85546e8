import ConfigFile
import SweepConversion
import SweepFile
import SweepModel
import SweepSearch
import TestSupport
import Testing

@Suite struct OptunaTests {
    /// A journal with one line for each trial: its parameters by name, as Optuna's distributions and stored numbers.
    private static func journal(directions: String = "[2]", _ trials: [[(name: String, kind: String, value: Double)]])
        -> String
    {
        func quoted(_ text: String) -> String { "\"" + text.replacing("\"", with: "\\\"") + "\"" }
        let study = #"{"op_code":0,"worker_id":"x","study_name":"my study","directions":\#(directions)}"#
        let lines = trials.map { parameters in
            let distributions = parameters.map { "\(quoted($0.name)):\(quoted($0.kind))" }.joined(separator: ",")
            let values = parameters.map { "\(quoted($0.name)):\($0.value)" }.joined(separator: ",")
            return #"{"op_code":4,"worker_id":"x","study_id":0,"datetime_start":null,"state":1,"value":0.5,"#
                + #""values":null,"distributions":{\#(distributions)},"params":{\#(values)},"user_attrs":{},"#
                + #""system_attrs":{},"intermediate_values":{}}"#
        }
        return ([study] + lines).joined(separator: "\n") + "\n"
    }

    private static func float(_ low: Double, _ high: Double, step: String = "null", log: Bool = false) -> String {
        #"{"name": "FloatDistribution", "attributes": {"step": \#(step), "low": \#(low), "high": \#(high), "#
            + #""log": \#(log)}}"#
    }
    private static func integer(_ low: Int, _ high: Int, step: Int = 1, log: Bool = false) -> String {
        #"{"name": "IntDistribution", "attributes": {"log": \#(log), "step": \#(step), "low": \#(low), "#
            + #""high": \#(high)}}"#
    }
    private static func choice(_ values: String) -> String {
        #"{"name": "CategoricalDistribution", "attributes": {"choices": \#(values)}}"#
    }

    private static func sweep(_ journal: String) throws -> (conversion: Conversion, sweep: Sweep) {
        let folder = try TemporaryDirectory()
        let path = try folder.write(journal, to: "study.log")
        let conversion = try #require(try ForeignFile.recognize(path: path)).converted()
        let file = try SweepFile(
            source: SourceFile(path: "s.yaml", text: conversion.text), base: nil, directory: "/nowhere")
        return (conversion, file.sweep)
    }

    @Test func `the space is the union of what the trials were drawn from`() throws {
        let (conversion, sweep) = try Self.sweep(
            Self.journal([
                [
                    ("lr", Self.float(1e-5, 0.1, log: true), 0.01), ("layers", Self.integer(1, 4), 2),
                    ("opt", Self.choice(#"["adam", null, 3]"#), 0), ("width", Self.integer(16, 64, step: 16), 32),
                    ("drop", Self.float(0, 0.5, step: "0.25"), 0.25),
                ],
                [
                    ("lr", Self.float(1e-4, 1, log: true), 0.01), ("layers", Self.integer(2, 6), 2),
                    ("opt", Self.choice(#"["adam", "sgd"]"#), 1), ("momentum", Self.float(0, 0.99), 0.5),
                ],
            ]))
        let distributions = Dictionary(uniqueKeysWithValues: sweep.space.parameters.map { ($0.name, $0.distribution) })
        #expect(distributions["lr"] == .logUniform(min: 1e-5, max: 1))
        #expect(distributions["layers"] == .integer(min: 1, max: 6, step: 1, log: false))
        #expect(distributions["opt"] == .choice(["adam", .null, 3, "sgd"]))
        #expect(distributions["width"] == .integer(min: 16, max: 64, step: 16, log: false))
        #expect(distributions["drop"] == .quantized(.linear, min: 0, max: 0.5, step: 0.25))
        #expect(distributions["momentum"] == .uniform(min: 0, max: 0.99))
        #expect(sweep.name == "my-study")
        #expect(sweep.metric.goal == .maximize)
        #expect(conversion.notes.contains { $0.text.hasPrefix("'momentum' exists in 1 of 2 trials") })
        #expect(conversion.notes.contains { $0.text.hasPrefix("'lr' had 2 ranges") })
    }

    @Test func `ranges that have no common grid, and no common kind, are not joined into one that excludes trials`()
        throws
    {
        let (conversion, sweep) = try Self.sweep(
            Self.journal([
                [("x", Self.float(0, 1, step: "0.2"), 0.4), ("y", Self.float(0, 1), 0.5)],
                [("x", Self.float(0.1, 1.1, step: "0.2"), 0.3), ("y", Self.integer(1, 4), 2)],
            ]))
        let distributions = Dictionary(uniqueKeysWithValues: sweep.space.parameters.map { ($0.name, $0.distribution) })
        #expect(distributions["x"] == .uniform(min: 0, max: 1.1))
        #expect(conversion.notes.contains { $0.text.hasPrefix("'x' had 2 ranges in the study; this is their union") })
        #expect(distributions["y"] == .integer(min: 1, max: 4, step: 1, log: false))
        #expect(conversion.notes.contains { $0.text.hasPrefix("'y' had 2 ranges in the study; they are of different") })
    }

    @Test func `a condition that fits all trials is written`() throws {
        let kind = Self.choice(#"["adam", "sgd", "lion"]"#)
        let rate = ("lr", Self.float(1e-5, 0.1), 0.01)
        let momentum = ("momentum", Self.float(0, 0.99), 0.5)
        let (conversion, sweep) = try Self.sweep(
            Self.journal([
                [("opt", kind, 0), rate], [("opt", kind, 1), rate, momentum], [("opt", kind, 2), rate, momentum],
                [("opt", kind, 0), rate],
            ]))
        let parameter = try #require(sweep.space.parameters.first { $0.name == "momentum" })
        #expect(parameter.conditions == [Condition("opt", .isOneOf(["sgd", "lion"]))], "\(parameter.conditions)")
        #expect(conversion.notes.contains { $0.text.hasPrefix("'momentum' exists in 2 of 4 trials; a study") })
    }

    @Test func `several objectives become several metrics`() throws {
        let (_, sweep) = try Self.sweep(Self.journal(directions: "[1,2]", [[("x", Self.float(0, 1), 0.5)]]))
        #expect(sweep.objectives.metrics.map(\.name) == ["value_0", "value_1"])
        #expect(sweep.objectives.metrics.map(\.goal) == [.minimize, .maximize])
    }

    @Test func `a study without parameters is refused`() {
        #expect(throws: DiagnosticsError.self) { try Self.sweep(Self.journal([[]])) }
    }
}
