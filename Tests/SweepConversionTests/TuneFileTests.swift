import ConfigFile
import SweepConversion
import SweepSearch
import Testing

@Suite struct TuneFileTests {
    private static let base = SourceFile(
        path: "train.yaml",
        text: """
            Setup: {Network: {hidden: 256, activation: relu}, Optimizer: {lr: 0.1, damping: 0.5, momentum: 0.9}}
            Runtime: {batch_size: 64, name: a}
            Output: {name: b}
            """)

    private static func converted(_ text: String, _ base: SourceFile? = base) throws -> Converted {
        let document = try base.map { (document: try ConfigDocument(parsing: $0, dialect: .foreign), path: $0.path) }
        return try Converted(text, name: "tune_test.yaml", ConversionContext(base: document))
    }

    @Test func `names become paths, and powers of ten numbers`() throws {
        let file = try Self.converted(
            """
            lr: {type: loguniform, min: -4, max: -0.5}
            damping: {type: uniform, min: 0, max: 1}
            momentum: 0.9
            Search:
              hidden: {type: randint, min: 64, max: 513}
              batch_size: {type: choice, values: [32, 64]}
            activation: [relu, tanh]
            """)
        let expected: [(String, Distribution)] = [
            ("Setup.Optimizer.lr", .logUniform(min: 1e-4, max: 0.31622776601683794)),
            ("Setup.Optimizer.damping", .uniform(min: 0, max: 1)), ("Setup.Optimizer.momentum", .constant(0.9)),
            ("Setup.Network.hidden", .integer(min: 64, max: 512, step: 1, log: false)),
            ("Runtime.batch_size", .choice([32, 64])), ("Setup.Network.activation", .choice(["relu", "tanh"])),
        ]
        #expect(file.sweep.space.parameters.map(\.name) == expected.map(\.0))
        #expect(file.sweep.space.parameters.map(\.distribution) == expected.map(\.1))
        #expect(file.conversion.tool == .research)
    }

    @Test func `lists of a type and its arguments are read, and without a configuration names stay bare`() throws {
        let file = try Self.converted(
            """
            {a: [loguniform, -3, 0], b: [choice, [x, y]], c: [choice, 1, 2], d: {type: uniform, min: 1, max: 2}}
            """, nil)
        #expect(
            file.sweep.space.parameters.map(\.distribution) == [
                .logUniform(min: 1e-3, max: 1), .choice(["x", "y"]), .choice([1, 2]), .uniform(min: 1, max: 2),
            ])
        #expect(file.sweep.space.parameters.map(\.name) == ["a", "b", "c", "d"])
    }

    @Test func `everything that cannot be converted is said at once`() throws {
        let error = #expect(throws: DiagnosticsError.self) {
            _ = try Self.converted(
                """
                lr: {type: logunifrom, min: -4, max: -1}
                nmae: {type: uniform, min: 0, max: 1}
                name: [a, b]
                hidden: {type: uniform, min: 0}
                batch_size: {type: randint, min: 3, max: 3}
                """)
        }
        #expect(
            error?.description == """
                tune_test.yaml:1:12: error: the type of 'lr' cannot be the string 'logunifrom'
                1 | lr: {type: logunifrom, min: -4, max: -1}
                  |            ^
                  = help: did you mean 'loguniform'?
                tune_test.yaml:3:1: error: 'name' is in 2 places of train.yaml
                3 | name: [a, b]
                  | ^
                  = help: write which one: Runtime.name, Output.name
                tune_test.yaml:4:9: error: 'hidden' needs a number 'max'
                4 | hidden: {type: uniform, min: 0}
                  |         ^
                tune_test.yaml:5:13: error: the bounds of 'batch_size' must be two integers, the second the larger
                5 | batch_size: {type: randint, min: 3, max: 3}
                  |             ^
                """)
    }

    @Test func `a name that is in no configuration is left out, and said`() throws {
        let file = try Self.converted("{lr: [loguniform, -4, -1], dim_ratio: [uniform, 1, 3]}")
        #expect(file.names == ["Setup.Optimizer.lr"])
        let note = "'dim_ratio' is nowhere in train.yaml, so the research code passes over it"
        #expect(file.conversion.notes.contains { $0.text == note })
        #expect(file.conversion.text.contains(note))
        #expect(throws: DiagnosticsError.self) { try Self.converted("{dim_ratio: [uniform, 1, 3]}") }
    }

    @Test(arguments: [
        "x: {type: loguniform, low: 1e-4, high: 1e2}", "x: {type: loguniform, lower: 1e-6, upper: 1}",
        "x: {type: choice, options: [a]}", "x: {type: uniform, min: 0, max: 1, scale: log}",
        "x: {type: uniform, min: 0, max: 1}\ny: {type: float, min: 0, max: 1}",
        "x: {type: choice, values: [1]}\nsection: {y: {type: categorical, values: [1]}}",
        "x: {distribution: uniform, min: 0, max: 1}",
    ])
    func `words that the research code does not have are those of another program`(text: String) throws {
        #expect(try ForeignFile.recognize(SourceFile(path: "space.json", text: text))?.tool == nil)
    }

    @Test func `bounds that can only be values are no exponents`() throws {
        let file = try Self.converted("x: {type: loguniform, min: 1, max: 3}", nil)
        #expect(file.distribution("x") == .logUniform(min: 10, max: 1000))
        #expect(file.conversion.notes.contains { $0.location?.line == 1 && $0.text.contains("exponents of 10") })
        for range in ["min: 1e-4, max: 1", "min: 1, max: 512"] {
            #expect(throws: DiagnosticsError.self) { try Self.converted("x: {type: loguniform, \(range)}", nil) }
        }
        #expect(throws: DiagnosticsError.self) {
            try Self.converted("{x: [uniform, 0, 1], y: {type: uniform, min: 0, mx: 1}}", nil)
        }
    }

    @Test(arguments: ["x: {type: choice, values: []}", "{x: [loguniform, 400, 500]}", "{x: [uniform, 2, 1]}"])
    func `what has no meaning is refused`(text: String) {
        #expect(throws: DiagnosticsError.self) { try Self.converted(text, nil) }
    }

    @Test(arguments: [
        "", "[1]", "x: null", "{}", "metric: {name: a}\nparameters: {x: {type: uniform, min: 0, max: 1}}",
    ])
    func `a file that tunes nothing is none`(text: String) throws {
        #expect(try ForeignFile.recognize(SourceFile(path: "tune_test.yaml", text: text))?.tool == nil)
    }
}
