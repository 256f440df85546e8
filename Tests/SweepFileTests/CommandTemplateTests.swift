import SweepFile
import SweepModel
import SweepSearch
import Testing

@Suite struct CommandTemplateTests {
    private func arguments(_ argument: String, config: String? = "/t/config.yaml") throws -> [String] {
        let sweep = SweepText(
            trainer: "{command: [train, \(argument)], config: base.yaml}",
            parameters: """
                rate: {type: uniform, min: 0, max: 1}
                name: {type: choice, values: [a b, 'no']}
                x.y: {type: choice, values: [true]}
                """, base: "rate: 0.5\nname: a\nx: {y: false}")
        let context = CommandTemplate.Context(
            config: config, trialDirectory: "/t/0 7", sweepDirectory: "/sweeps", number: 7, attempt: 2, seed: .max,
            resources: Resources(threads: 4, memory: 3 << 20 + 1, gpus: .whole(2)),
            parameters: [("rate", .number(1e-7)), ("name", "a b")])
        return try sweep.read().sweep.trainer.command[1].arguments(in: context)
    }

    @Test(arguments: [
        ("'{config}'", "/t/config.yaml"), ("'--out={trial_dir}/x'", "--out=/t/0 7/x"), ("'{sweep_dir}'", "/sweeps"),
        ("'{number}'", "7"),
        ("'{attempt}'", "2"), ("'{seed}'", "18446744073709551615"), ("'-t{threads}'", "-t4"),
        ("'{param:rate}'", "1e-07"),
        ("'{param:name}'", "a b"), ("'{number}{attempt}-{number}'", "72-7"),
        ("'{{number}}'", "{number}"), ("'{{{number}}}'", "{7}"), ("'}'", "}"), ("'}}'", "}"), ("'a}b'", "a}b"),
        ("'{{'", "{"),
        ("''", ""), ("plain text", "plain text"), ("3", "3"), ("1e-7", "1e-7"), ("true", "true"), ("'1e-7'", "1e-7"),
        ("'$$HOME; rm *'", "$HOME; rm *"),
    ])
    func `a placeholder becomes its value, and other text stays as it is`(argument: String, expanded: String) throws {
        #expect(try arguments(argument) == [expanded])
    }

    @Test func `the arguments are one for each active parameter`() throws {
        #expect(try arguments("'{args}'") == ["--rate=1e-07", "--name=a b"])
    }

    @Test func `no configuration is no text`() throws {
        #expect(try arguments("'<{config}>'", config: nil) == ["<>"])
    }

    @Test func `only a command without placeholders has a text of its own`() throws {
        let command = try SweepText(trainer: "{command: [train, '{number}', 'a{number}', '{{']}").read().sweep.trainer
            .command
        #expect(command.map(\.text) == ["train", nil, nil, "{"])
    }
}
