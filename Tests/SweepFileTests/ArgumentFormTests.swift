import SweepFile
import SweepModel
import SweepSearch
import TestSupport
import Testing

@Suite struct ArgumentFormTests {
    private static let parameters: [(name: String, value: ParameterValue)] = [
        ("learning_rate", .number(-1.5e-7)), ("model.name", "a b"), ("augment", true), ("amp", false), ("note", .null),
        ("layers", [128, "x,y"]), ("opt", .mapping([.init("name", "sgd"), .init("lr", 0.1)])),
    ]

    private func arguments(_ words: String..., parameters: [(name: String, value: ParameterValue)] = parameters) throws
        -> [String]
    {
        let sweep = SweepText(trainer: "{command: [train, \(words.map { "'\($0)'" }.joined(separator: ", "))]}")
        let context = CommandTemplate.Context(
            config: nil, trialDirectory: "/t", sweepDirectory: "/s", number: 0, attempt: 1, seed: 0,
            resources: Resources(), parameters: parameters)
        return try Array(sweep.read().sweep.trainer.command.dropFirst()).arguments(in: context)
    }

    @Test(arguments: [
        (
            "{args}",
            [
                "--learning_rate=-1.5e-07", "--model.name=a b", "--augment=true", "--amp=false",
                "--layers=[128,\"x,y\"]",
                "--opt={\"name\":\"sgd\",\"lr\":0.1}",
            ]
        ),
        (
            "{args:space}",
            [
                "--learning_rate", "-0.00000015", "--model.name", "a b", "--augment", "true", "--amp", "false",
                "--layers", "128", "x,y", "--opt", "{\"name\":\"sgd\",\"lr\":0.1}",
            ]
        ),
        (
            "{args:plain}",
            [
                "learning_rate=-1.5e-07", "model.name='a b'", "augment=true", "amp=false", "note=null",
                "layers=[128,'x,y']", "opt={name:sgd,lr:0.1}",
            ]
        ),
        (
            "{args:flags}",
            [
                "--learning_rate=-1.5e-07", "--model.name=a b", "--augment", "--layers=[128,\"x,y\"]",
                "--opt={\"name\":\"sgd\",\"lr\":0.1}",
            ]
        ),
        (
            "{args:space:flags:no:dashes}",
            [
                "--learning-rate", "-0.00000015", "--model.name", "a b", "--augment", "--no-amp", "--layers", "128",
                "x,y", "--opt", "{\"name\":\"sgd\",\"lr\":0.1}",
            ]
        ),
        ("{args:file}", ["/t/params.json"]), ("--p={args:file}", ["--p=/t/params.json"]),
        (
            "{args:json}",
            [
                "{\"learning_rate\": -1.5e-07, \"model.name\": \"a b\", \"augment\": true, \"amp\": false, "
                    + "\"note\": null, \"layers\": [128, \"x,y\"], \"opt\": {\"name\": \"sgd\", \"lr\": 0.1}}"
            ]
        ),
    ])
    func `parameters are written as the form has them`(form: String, expected: [String]) throws {
        #expect(try arguments(form) == expected)
    }

    private static let nested: [(name: String, value: ParameterValue)] = [
        ("opt.name", "sgd"), ("lr", 1e-5), ("opt.decay.rate", 0.5), ("opt.decay.on", true), ("it", "it's"),
        ("tags", ["a", "b'c", .null]),
    ]

    @Test(arguments: [
        (
            "{args:python:nested}",
            [
                "--opt={'name': 'sgd', 'decay': {'rate': 0.5, 'on': True}}", "--lr=1e-05", "--it=it's",
                #"--tags=['a', "b'c", None]"#,
            ]
        ),
        (
            "{args:nested}",
            [
                #"--opt={"name":"sgd","decay":{"rate":0.5,"on":true}}"#, "--lr=1e-05", "--it=it's",
                #"--tags=["a","b'c",null]"#,
            ]
        ),
        (
            "{args:json:nested}",
            [
                #"{"opt": {"name": "sgd", "decay": {"rate": 0.5, "on": true}}, "lr": 1e-05, "it": "it's", "#
                    + #""tags": ["a", "b'c", null]}"#
            ]
        ),
        ("{args:file:nested}", ["/t/params.nested.json"]),
        (
            "{args:append}",
            [
                "+opt.name=sgd", "+lr=1e-05", "+opt.decay.rate=0.5", "+opt.decay.on=true", #"+it='it\'s'"#,
                #"+tags=[a,'b\'c',null]"#,
            ]
        ),
        (
            "{args:override:python}",
            [
                "++opt.name=sgd", "++lr=1e-05", "++opt.decay.rate=0.5", "++opt.decay.on=True", "++it=it's",
                #"++tags=['a', "b'c", None]"#,
            ]
        ),
    ])
    func `dotted names become mappings, and Python and Hydra get their own spelling`(
        form: String, expected: [String]
    ) throws {
        #expect(try arguments(form, parameters: Self.nested) == expected)
    }

    @Test(arguments: [
        ([("a", ParameterValue.integer(1)), ("a.b", 2)], #"{"a": 1, "a.b": 2}"#),
        ([("a.b", 2), ("a", 1)], #"{"a.b": 2, "a": 1}"#),
        ([("a.b", 2), ("a.b.c", 1)], #"{"a": {"b": 2}, "a.b.c": 1}"#),
        ([("a.", 1), (".b", 2)], #"{"a.": 1, ".b": 2}"#),
    ])
    func `a value has no parts`(parameters: [(String, ParameterValue)], expected: String) throws {
        #expect(try arguments("{args:json:nested}", parameters: parameters.map { ($0.0, $0.1) }) == [expected])
    }

    /// Texts and numbers that Python itself prints.
    @Test(.enabled("there is no Python") { await Python.has("json") })
    func `Python prints the same`() async throws {
        let values: [ParameterValue] = [
            .null, true, false, 0, -7, .largeInteger("123456789012345678901234567890"), 0.1, 1e-5, 1e-4, 123456.0, 1e15,
            9.5e15,
            0x1p53,
            1e16, 1.5e300, -0.0, 2.5e-7, .number(.infinity), "it's", "a\"b", "both ' and \"", "tab\tnew\nline\\", "ä€",
            [1, [2.0, "x"], .mapping([.init("k'", .null)])],
        ]
        for value in values {
            let printed = try await Python.run(
                "import json, sys; print(json.loads(sys.argv[1], parse_constant=float))",
                [value == .number(.infinity) ? "Infinity" : value.json(.spaced)])
            let words = try arguments("{args:python}", parameters: [("x", value)])
            #expect(words == ["--x=" + printed.dropLast()])
        }
    }

    @Test func `no active parameter is no argument`() throws {
        for form in ["{args}", "{args:space}", "{args:plain}", "{args:flags}"] {
            #expect(try arguments(form, parameters: []) == [])
        }
        #expect(try arguments("{args:json}", parameters: []) == ["{}"])
    }

    @Test(arguments: [
        ("sgd", "sgd"), ("resnet/50", "resnet/50"), ("10-fold", "10-fold"), ("", "''"), ("null", "'null'"),
        ("True", "'True'"), ("1e5", "'1e5'"), ("1_000", "'1_000'"), ("it's", #"'it\'s'"#), (#"a\'b"#, #"'a\\\'b'"#),
        (#"ends\"#, #"'ends\\'"#), ("${x}", #"'\${x}'"#), ("a=b", "'a=b'"), ("[1]", "'[1]'"), ("ä", "'ä'"),
        ("inf", "'inf'"), ("f(x)", "'f(x)'"),
    ])
    func `text is quoted where Hydra would read something else`(text: String, expected: String) throws {
        #expect(try arguments("{args:plain}", parameters: [("x", .string(text))]) == ["x=\(expected)"])
    }

    @Test(arguments: [
        (-1e-5, "-0.00001"), (-1.25e-9, "-0.00000000125"), (-2.5e20, "-250000000000000000000.0"),
        (-1.2345e17, "-123450000000000000.0"), (-0.5, "-0.5"), (1e-7, "1e-07"),
    ])
    func `a negative number that stands alone has no exponent`(number: Double, expected: String) throws {
        let words = try arguments("{args:space}", parameters: [("x", .number(number))])
        #expect(words == ["--x", expected])
        #expect(Double(expected) == number)
    }

    @Test(arguments: [
        (
            "{args:spaces}", "'{args:spaces}' is no form of arguments: 'spaces' has no meaning there",
            "did you mean 'space'?"
        ),
        (
            "{args:hydra}", "'{args:hydra}' is no form of arguments: 'hydra' has no meaning there",
            """
            known are {args} {args:space} {args:plain} {args:append} {args:override} {args:json} {args:file}; \
            with :flags, or :flags:no, and :dashes where there are names with '--', :python where it is no JSON, \
            and :nested
            """
        ),
        ("{args:no}", "'{args:no}' is no form of arguments: '--no-NAME' is for flags", "write {args:flags:no}"),
        ("{args:space:space}", "'{args:space:space}' says 'space' twice", nil),
        (
            "{args:json:dashes}", "'{args:json:dashes}' is no form of arguments: there are no names with '--' in it",
            """
            known are {args} {args:space} {args:plain} {args:append} {args:override} {args:json} {args:file}; \
            with :flags, or :flags:no, and :dashes where there are names with '--', :python where it is no JSON, \
            and :nested
            """
        ),
    ])
    func `a form that is none is refused`(form: String, message: String, help: String?) {
        let mistake = Mistake(
            form, SweepText(trainer: "{command: [train, '\(form)']}"),
            """
            s.yaml:2:28: error: \(message)
            2 | trainer: {command: [train, '\(form)']}
              |                            ^
            """ + (help.map { "\n  = help: \($0)" } ?? ""))
        mistake.check()
    }

    @Test(arguments: [
        (["momentum={param:momentum}", "x"], ["x"]), (["--momentum={param:momentum}"], []),
        (["-v", "--momentum", "{param:momentum}", "x"], ["-v", "x"]), (["-m", "{param:momentum}"], []),
        // Those behind it keep their places.
        (["{param:momentum}", "x"], ["", "x"]), (["--x=1", "{param:momentum}"], ["--x=1", ""]),
        (["--shape", "{param:momentum}x{param:momentum}", "x"], ["x"]), (["{param:momentum}x", "y"], ["y"]),
        (["--set", "momentum={param:momentum}", "x"], ["--set", "x"]),
        (["--flag", "--momentum={param:momentum}"], ["--flag"]),
        (["run-{param:opt}-{param:momentum}"], ["run-sgd-"]), (["{number}-{param:momentum}"], ["0-"]),
    ])
    func `an argument about parameters that are not active is left out`(template: [String], expected: [String]) throws {
        let list = template.map { "'\($0)'" }.joined(separator: ", ")
        let sweep = SweepText(
            trainer: "{command: [train, \(list)], env: {MOMENTUM: '{param:momentum}'}}",
            parameters: """
                opt: {type: choice, values: [sgd, adam]}
                momentum: {type: uniform, min: 0, max: 1, when: {opt: adam}}
                """)
        let context = CommandTemplate.Context(
            config: nil, trialDirectory: "/t", sweepDirectory: "/s", number: 0, attempt: 1, seed: 0,
            resources: Resources(), parameters: [("opt", "sgd")])
        let trainer = try sweep.read().sweep.trainer
        #expect(Array(trainer.command.dropFirst()).arguments(in: context) == expected)
        #expect(trainer.environment["MOMENTUM"]?.value(in: context) == nil)
    }
}
