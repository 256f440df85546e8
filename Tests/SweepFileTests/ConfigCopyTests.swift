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
            try file.configText(for: assignment, seed: 1) == """
                lr: 1.0e-05          # the rate
                use_amp: yes
                betas: [0.9, 0.5]
                names: {0: cat}
                d: &d {depth: 3, on: 1}
                run: {depth: 4, <<: *d}
                """)
        let none = try SweepText().read()
        #expect(try none.configText(for: Assignment([:], in: none.sweep.space), seed: 1) == nil)
    }

    @Test func `quotes stay quotes, and JSON stays JSON`() throws {
        let values = "opt: {type: choice, values: [sgd, \"it's\"]}\nl: {type: choice, values: [[x, null]]}"
        func text(_ base: String) throws -> String? {
            let file = try SweepText(
                trainer: "{command: [train, '{config}'], config: base.yaml}", parameters: values, base: base
            ).read()
            return try file.configText(for: ["opt": "sgd", "l": .list(["x", .null])], seed: 1)
        }
        #expect(try text("{\"opt\": \"adam\", \"l\": [\"a\"]}\n") == "{\"opt\": \"sgd\", \"l\": [\"x\", null]}\n")
        #expect(try text("opt: \"adam\"\nl: [a]\n") == "opt: \"sgd\"\nl: [x, null]\n")
        #expect(try text("opt: 'adam'\nl: [a]\n") == "opt: 'sgd'\nl: [x, null]\n")
        #expect(try text("opt: adam\nl: [a]\n") == "opt: sgd\nl: [x, null]\n")
    }

    @Test func `what a list or mapping holds stays as it is written, where the base is read the same way`() throws {
        let file = try SweepText(
            trainer: "{command: [train, '{config}'], config: base.yaml}",
            parameters: """
                flags: {type: choice, values: [[no, yes], [off]]}
                run: {type: choice, values: [{amp: no, umask: 0022, t: 12:30, n: 1_000, v: 3.10}]}
                names: {type: choice, values: [[no, yes]]}
                """,
            base: """
                flags: [yes, no]
                run: {amp: no, umask: 0022, t: 12:30, n: 1_000, v: 1.0}
                names: ['yes', a]
                """
        ).read()
        guard case .choice(let flags, _)? = file.sweep.space["flags"]?.distribution,
            case .choice(let runs, _)? = file.sweep.space["run"]?.distribution
        else { throw CancellationError() }
        #expect(
            try file.configText(for: ["flags": flags[0], "run": runs[0], "names": flags[0]], seed: 1) == """
                flags: [no, yes]
                run: {amp: no, umask: 0022, t: 12:30, 'n': 1_000, v: 3.10}
                names: ['no', 'yes']
                """)
    }

    @Test func `what only the trainer understands is passed on as it is`() throws {
        let base = """
            lr: 0.1
            data: !include data.yaml
            size: !!python/tuple [32, 32]
            key: !!binary aGk=
            ? [a, b]
            : {c: 1}
            run: !run {steps: 3, tags: [!x y]}
            <<: !include more.yaml
            opt: {steps: 3, kind: !ref adam}
            """
        let file = try SweepText(
            trainer: "{command: [train, '{config}'], config: base.yaml}",
            parameters: "lr: {type: uniform, min: 0, max: 1}\nopt.steps: {type: int, min: 1, max: 9}", base: base
        ).read()
        #expect(
            try file.configText(for: ["lr": 0.5, "opt.steps": 4], seed: 1)
                == base.replacing("lr: 0.1", with: "lr: 0.5").replacing("opt: {steps: 3", with: "opt: {steps: 4"))
        let config = try #require(file.config(for: ["lr": 0.5, "opt.steps": 4], seed: 1))
        #expect(config[path: "opt.steps"]?.value == .integer(4))
        #expect(config[path: "data"]?.value == .string("data.yaml"))
        #expect(throws: DiagnosticsError.self) { try SweepText(rest: "x-a: !include a.yaml").read() }
        #expect(throws: DiagnosticsError.self) { try SweepText(rest: "x-a: {? [a, b] : 1}").read() }
    }

    @Test(arguments: [
        ("a: auto", "{type: choice, values: [auto, 0.5, 3]}"), ("a: '???'", "{type: uniform, min: 0, max: 1}"),
        ("a: ???", "{type: choice, values: [1, b]}"), ("a: \"${x.y}\"", "{type: int, min: 1, max: 3}"),
        ("a: 2", "{type: choice, values: [[1, 2], [3]]}"), ("a: 2", "{type: choice, values: [null, 2.5]}"),
        ("a: [1, 2]", "{type: choice, values: [null, 7]}"), ("a: x", "{type: choice, values: [null, {k: v}]}"),
        ("a: 1_000", "{type: int, min: 1, max: 3}"), ("a: 0b11", "{type: int, min: 1, max: 3}"),
        ("a: 1_0.5", "{type: uniform, min: 1, max: 3}"), ("a: no", "{type: choice, values: [false, true]}"),
        ("a: off", "{type: ordinal, values: [false, true]}"), ("a: yes", "{type: constant, value: true}"),
        ("a: -0b1_1", "{type: int, min: 1, max: 3}"), ("a: 12:30", "{type: int, min: 1, max: 3}"),
        ("a: x", "{type: constant, value: [1]}"), ("a: 0.5", "{type: choice, values: [0.1, [1, 2]]}"),
        ("a:", "{type: choice, values: [1, x]}"),
        ("a: ${oc.env:X}/y", "{type: choice, values: [1, true]}"), ("a: ???", "{type: uniform, min: 0, max: 1}"),
        ("a: !!int 0b11", "{type: constant, value: [1]}"),
    ])
    func `a choice may offer values of several kinds`(base: String, parameter: String) throws {
        let sweep = SweepText(
            trainer: "{command: [train, '{config}'], config: base.yaml}", parameters: "a: \(parameter)", base: base)
        #expect(throws: Never.self) { try sweep.read() }
    }

    @Test func `infinity in a list of values is no JSON`() throws {
        let parameter = "a: {type: choice, values: [1.5, .inf]}"
        let trainer = "{command: [train, '{config}'], config: base.json}"
        expect(
            """
            s.yaml:5:6: error: 'a' cannot be .inf in the base configuration, which is JSON
            5 |   a: {type: choice, values: [1.5, .inf]}
              |      ^
              = help: JSON has no word for it, YAML has
            """
        ) { _ = try SweepText(trainer: trainer, parameters: parameter, base: "{\"a\": 1.5}").read() }
        _ = try SweepText(trainer: trainer, parameters: parameter, base: "{a: 1.5}").read()
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
