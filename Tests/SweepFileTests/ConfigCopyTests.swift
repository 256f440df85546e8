import ConfigFile
import SweepFile
import SweepSearch
import Testing

/// What a trial gets as its configuration.
@Suite struct ConfigCopyTests {
    private static let base = """
        lr: 0.1          # the rate
        use_amp: no
        betas: [0.9, 0.999]
        names: {0: cat}
        d: &d {depth: 3, on: 1}
        run: {<<: *d}
        """

    private static func file(_ parameters: String) throws -> SweepFile {
        try SweepText(
            trainer: "{command: [train, '{config}'], config: base.yaml}", parameters: parameters, base: base
        ).read()
    }

    @Test func `a trial's configuration is the base but for its values`() throws {
        let file = try Self.file(
            """
            lr: {type: loguniform, min: 1e-6, max: 1}
            use_amp: {type: choice, values: [yes, no]}
            betas.1: {type: uniform, min: 0, max: 1}
            run.depth: {type: int, min: 1, max: 9}
            """)
        let assignment = Assignment(
            ["lr": 1e-5, "use_amp": "yes", "betas.1": 0.5, "run.depth": 4], in: file.sweep.space)
        #expect(
            try file.configText(for: assignment) == """
                lr: 1.0e-05          # the rate
                use_amp: yes
                betas: [0.9, 0.5]
                names: {0: cat}
                d: &d {depth: 3, on: 1}
                run: {depth: 4, <<: *d}
                """)
        let none = try SweepText().read()
        #expect(try none.configText(for: Assignment([:], in: none.sweep.space)) == nil)
    }

    @Test func `an element of a list that is not there is refused with the nearest path`() throws {
        let error = #expect(throws: DiagnosticsError.self) {
            try Self.file("betas.2: {type: uniform, min: 0, max: 1}")
        }
        #expect(
            error?.description == """
                s.yaml:5:3: error: 'betas.2' is not in base.yaml
                5 |   betas.2: {type: uniform, min: 0, max: 1}
                  |   ^
                  = help: did you mean 'betas.0'?
                """)
    }

    @Test func `a key that begins with x- holds anchors and nothing else`() throws {
        let sweep = SweepText(
            parameters: "a: *range\nb: {<<: *range, max: 2}", rest: "x-shared: &unused 1\nx-: {y: 2}")
        let file = try SweepFile(
            source: SourceFile(path: "s.yaml", text: "x-range: &range {type: uniform, min: 0, max: 1}\n" + sweep.text),
            base: nil, directory: "/")
        #expect(file.sweep.space.parameters.map(\.name) == ["a", "b"])
        let other = try SweepFile(
            source: SourceFile(path: "s.yaml", text: "x-r: &range {type: uniform, min: 0, max: 1}\n" + sweep.text),
            base: nil, directory: "/")
        #expect(file.changes(since: other).isEmpty)
        #expect(throws: DiagnosticsError.self) { try SweepText(rest: "xx: 1").read() }
        #expect(throws: DiagnosticsError.self) { try SweepText(budget: "{trials: 3, x-y: 1}").read() }
    }
}
