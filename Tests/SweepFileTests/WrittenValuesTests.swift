import ConfigFile
import SweepFile
import SweepModel
import SweepSearch
import Testing

@Suite struct WrittenValuesTests {
    @Test(arguments: [
        "3.10", "02139", "007", "True", "FALSE", "1e5", "12345678901234567890", "0x1F", "+1", "1.0", "null",
    ])
    func `words of a command, a variable, a constant and a choice arrive as they are written`(text: String) throws {
        let isNull = text == "null"
        let words = isNull ? "x" : text
        let sweep = try SweepText(
            trainer: "{command: [train, \(words), '{param:c}', '{args}'], env: {A: \(words), B: '{param:d}'}}",
            parameters: "c: {type: constant, value: \(text)}\nd: {type: choice, values: [\(text), other]}"
        ).read().sweep
        let value = try #require(sweep.space["c"]?.distribution.legalForm(of: constant(of: sweep)))
        let context = CommandTemplate.Context(
            config: nil, trialDirectory: "/t", sweepDirectory: "/s", number: 0, attempt: 1, seed: 0,
            resources: Resources(), parameters: [("c", value), ("d", value)], written: sweep.written)
        let arguments = Array(sweep.trainer.command.dropFirst()).arguments(in: context)
        #expect(arguments == [words, text] + (isNull ? [] : ["--c=\(text)", "--d=\(text)"]))
        #expect(sweep.trainer.environment["A"]?.value(in: context) == words)
        #expect(sweep.trainer.environment["B"]?.value(in: context) == text)
    }

    private func constant(of sweep: Sweep) throws -> ParameterValue {
        guard case .choice(let values, _)? = sweep.space["c"]?.distribution else { throw CancellationError() }
        return try #require(values.first)
    }

    @Test func `elements of a list that are arguments of their own arrive as they are written`() throws {
        let sweep = try SweepText(
            trainer: "{command: [train, '{args:space}']}",
            parameters: "c: {type: choice, values: [[3.10, 007, True, 1e5, 0x1F, x, null], [1]]}"
        ).read().sweep
        guard case .choice(let values, _)? = sweep.space["c"]?.distribution else { throw CancellationError() }
        func arguments(_ value: ParameterValue) -> [String] {
            let context = CommandTemplate.Context(
                config: nil, trialDirectory: "/t", sweepDirectory: "/s", number: 0, attempt: 1, seed: 0,
                resources: Resources(), parameters: [("c", value)], written: sweep.written)
            return Array(sweep.trainer.command.dropFirst()).arguments(in: context)
        }
        #expect(arguments(values[0]) == ["--c", "3.10", "007", "True", "1e5", "0x1F", "x", "null"])
        #expect(arguments(values[1]) == ["--c", "1"])
        // As JSON of the database, it is the same value.
        #expect(arguments(.list([3.1, 7, true, 100000.0, 31, "x", .null])) == arguments(values[0]))
    }

    @Test func `a configuration without a base has the values as they are written, where all readers agree`() throws {
        let file = try SweepText(
            parameters: """
                a: {type: choice, values: [3.10, 3.9]}
                b: {type: constant, value: 1e-5}
                c: {type: constant, value: 010}
                d: {type: choice, values: [[1.50, x], 2]}
                e: {type: constant, value: 12345678901234567890}
                """
        ).read()
        let values: Assignment = [
            "a": 3.1, "b": 1e-5, "c": 10, "d": .list([1.5, "x"]), "e": .largeInteger("12345678901234567890"),
        ]
        #expect(
            file.writtenNode(of: values).yaml(.unambiguous)
                == "a: 3.10\nb: 1.0e-05\nc: 10\nd: [1.50, x]\ne: 12345678901234567890\n")
    }

    @Test func `numbers stay numbers in JSON, to the last digit`() {
        let node = ConfigNode.parameters([
            ("a", .number(3.1)), ("b", .largeInteger("12345678901234567890")), ("c", .number(.infinity)),
            ("d", .list([.null, true, .integer(1), .number(1)])),
        ])
        #expect(node.json == #"{"a": 3.1, "b": 12345678901234567890, "c": null, "d": [null, true, 1, 1.0]}"#)
    }

    @Test func `integers of more than 64 bits are told apart`() throws {
        let space = try SweepText(
            parameters: "x: {type: choice, values: [12345678901234567890, 12345678901234567891, -12345678901234567890]}"
        ).read().sweep.space
        #expect(
            space["x"]?.distribution
                == .choice([
                    .largeInteger("12345678901234567890"), .largeInteger("12345678901234567891"),
                    .largeInteger("-12345678901234567890"),
                ]))
        // As former releases have stored it.
        #expect(
            space["x"]?.distribution.legalForm(of: .number(Double(12_345_678_901_234_567_890 as UInt64)))
                == .largeInteger("12345678901234567890"))
    }

    @Test(
        arguments: [
            ("quniform, min: 1, max: 9, step: 1", nil, .integer(4)),
            ("quniform, min: 0, max: 9.5, step: 2", nil, .integer(4)),
            ("qloguniform, min: 1e0, max: 1e3, step: 1e0", nil, .integer(4)),
            ("qnormal, mean: 0.5, std: 3, step: 2", nil, .integer(4)),
            ("quniform, min: 1, max: 9, step: 1", "5", .integer(4)),
            ("quniform, min: 1.0, max: 9, step: 1", nil, .number(4)),
            ("quniform, min: 1, max: 9, step: 1.0", nil, .number(4)),
            ("quniform, min: 1, max: 9, step: 1", "5.0", .number(4)),
            ("quniform, min: 1, max: 9, step: 0.5", nil, .number(4)),
        ] as [(String, String?, ParameterValue)])
    func `a quantised parameter with whole bounds and a whole step has whole values`(
        definition: String, base: String?, expected: ParameterValue
    ) throws {
        let file = try SweepText(
            trainer: base == nil ? "{command: [train]}" : "{command: [train], config: base.yaml}",
            parameters: "x: {type: \(definition)}", base: base.map { "x: \($0)" }
        ).read()
        #expect(file.sweep.space["x"]?.distribution.legalForm(of: 4) == .number(4))
        #expect(file.sweep.written.shown(.number(4), of: "x") == expected)
        if base != nil {
            let assignment = Assignment(["x": .number(4)], in: file.sweep.space)
            #expect(file.config(for: assignment, seed: 1)?["x"]?.value == expected.configValue)
        }
    }
}
