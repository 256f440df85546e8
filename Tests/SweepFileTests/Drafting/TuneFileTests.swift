import ConfigFile
import SweepFile
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

    private static func draft(_ text: String, _ base: SourceFile? = base) throws -> SweepDraft {
        let file = TuneFile(
            try ConfigDocument(parsing: SourceFile(path: "tune_test.yaml", text: text)),
            base: try base.map { try ConfigDocument(parsing: $0) })
        return try file.draft(config: base.map(\.path))
    }

    @Test func `names become paths, and powers of ten numbers`() throws {
        let draft = try Self.draft(
            """
            lr: {type: loguniform, min: -4, max: -0.5}
            damping: {type: uniform, min: 0, max: 1}
            momentum: 0.9
            Search:
              hidden: {type: randint, min: 64, max: 513}
              batch_size: {type: choice, values: [32, 64]}
            activation: [relu, tanh]
            """)
        let file = try SweepFile(source: SourceFile(path: "s.yaml", text: draft.text), base: Self.base, directory: "/")
        let expected: [(String, Distribution)] = [
            ("Setup.Optimizer.lr", .logUniform(min: 1e-4, max: 0.31622776601683794)),
            ("Setup.Optimizer.damping", .uniform(min: 0, max: 1)), ("Setup.Optimizer.momentum", .constant(0.9)),
            ("Setup.Network.hidden", .integer(min: 64, max: 512, step: 1, log: false)),
            ("Runtime.batch_size", .choice([32, 64])), ("Setup.Network.activation", .choice(["relu", "tanh"])),
        ]
        #expect(file.sweep.space.parameters.map(\.name) == expected.map(\.0))
        #expect(file.sweep.space.parameters.map(\.distribution) == expected.map(\.1))
        #expect(draft.text.hasPrefix("# tune_test.yaml, converted by `revsweep convert`.\n"))
    }

    @Test func `lists of a type and its arguments are read, and without a configuration names stay bare`() throws {
        let draft = try Self.draft(
            """
            {a: [loguniform, -3, 0], b: [choice, [x, y]], c: [choice, 1, 2], \
            d: {distribution: uniform, low: 1, high: 2}}
            """, nil)
        let file = try SweepFile(source: SourceFile(path: "s.yaml", text: draft.text), base: nil, directory: "/")
        #expect(
            file.sweep.space.parameters.map(\.distribution) == [
                .logUniform(min: 1e-3, max: 1), .choice(["x", "y"]), .choice([1, 2]), .uniform(min: 1, max: 2),
            ])
        #expect(file.sweep.space.parameters.map(\.name) == ["a", "b", "c", "d"])
    }

    @Test func `everything that cannot be converted is said at once`() throws {
        expect(
            """
            tune_test.yaml:1:12: error: the type of 'lr' cannot be the string 'logunifrom'
            1 | lr: {type: logunifrom, min: -4, max: -1}
              |            ^
              = help: did you mean 'loguniform'?
            tune_test.yaml:2:1: error: 'nmae' is nowhere in train.yaml
            2 | nmae: {type: uniform, min: 0, max: 1}
              | ^
              = help: did you mean 'name'?
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
            """
        ) {
            _ = try Self.draft(
                """
                lr: {type: logunifrom, min: -4, max: -1}
                nmae: {type: uniform, min: 0, max: 1}
                name: [a, b]
                hidden: {type: uniform, min: 0}
                batch_size: {type: randint, min: 3, max: 3}
                """)
        }
    }

    @Test(arguments: ["", "[1]", "x: null", "{}"]) func `a file that tunes nothing is refused`(text: String) {
        #expect(throws: DiagnosticsError.self) { try Self.draft(text, nil) }
    }
}
