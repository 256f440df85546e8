import Foundation
import TestSupport
import Testing

/// The values that trainers receive, from the sweep file to the process.
@Suite struct ValueTests {
    /// A sweep whose trainer prints its arguments and some variables to standard error, one a line.
    private func place(_ sweep: String, base: String? = nil) throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        try directory.write(
            """
            #!/bin/sh
            for argument do echo "argument <$argument>" >&2; done
            env | grep -a -e '^V_' -e '^REVSWEEP_PARAMS' | LC_ALL=C sort | cut -c 1-300 >&2
            [ -n "$REVSWEEP_PARAMS_FILE" ] && wc -c <"$REVSWEEP_PARAMS_FILE" >&2
            echo '{"loss": 1}'
            """, to: "show.sh", executable: true)
        try directory.write("metric: {name: loss, goal: minimize}\n" + sweep, to: "test.yaml")
        if let base { try directory.write(base, to: "base.yaml") }
        return directory
    }

    private func shown(_ directory: TemporaryDirectory, trial: Int = 0) throws -> String {
        try String(contentsOfFile: "\(directory.path)/results/test/trials/00000\(trial)/stderr.log", encoding: .utf8)
    }

    @Test func `a trainer gets words and values as they were written`() async throws {
        let place = try place(
            """
            trainer:
              command: [./show.sh, 3.10, 02139, "{args:space}", "x={param:zip}", "$HOME/d", "{args:file}"]
              env: {V_CODE: 007, V_ON: True, V_DIR: "{sweep_dir}/d", V_ZIP: "{param:zip}", \
            V_HOME: "~/d", V_TEXT: $$HOME}
            parameters:
              zip: {type: choice, values: [02139]}
              id: {type: constant, value: 12345678901234567890}
              depth: {type: quniform, min: 3, max: 3, step: 1}
              layers: {type: choice, values: [[128, 1.0]]}
              note: {type: constant, value: null}
            budget: {trials: 1}
            """)
        let result = try await Program.revsweep.run(
            ["run", "test.yaml"], in: place.path, environment: ["HOME": "/home/me"])
        #expect(result.status == .exited(0), "\(result.output) \(result.errorOutput)")
        #expect(result.output.contains("zip=2139 id=12345678901234567890 depth=3 layers=[128,1.0] note=null"))
        let json = #"{"zip": 2139, "id": 12345678901234567890, "depth": 3, "layers": [128, 1.0], "note": null}"#
        #expect(
            try shown(place) == """
                argument <3.10>
                argument <02139>
                argument <--zip>
                argument <02139>
                argument <--id>
                argument <12345678901234567890>
                argument <--depth>
                argument <3>
                argument <--layers>
                argument <128>
                argument <1.0>
                argument <x=02139>
                argument </home/me/d>
                argument <\(place.path)/results/test/trials/000000/params.json>
                REVSWEEP_PARAMS=\(json)
                REVSWEEP_PARAMS_FILE=\(place.path)/results/test/trials/000000/params.json
                V_CODE=007
                V_DIR=\(place.path)/d
                V_HOME=/home/me/d
                V_ON=True
                V_TEXT=$HOME
                V_ZIP=02139
                \(json.utf8.count + 1)

                """)
    }

    @Test func `values of any kind are run, stored, resumed, enqueued, asked for and exported`() async throws {
        let place = try place(
            """
            trainer: {command: [./show.sh, "{args:plain}"], config: base.yaml}
            parameters:
              schedule: {type: choice, values: [null, cosine]}
              layers: {type: choice, values: [[128, 32], [64]]}
              optimizer: {type: choice, values: [{name: sgd, lr: 0.1}, {name: adam, lr: 0.001}]}
            enqueue: [{schedule: null, layers: [64], optimizer: {lr: 0.001, name: adam}}]
            sampler: {name: tpe, seed: 1}
            budget: {trials: 2}
            """, base: "schedule: cosine\nlayers: [128, 32]\noptimizer: {name: sgd, lr: 0.1}\n")
        func revsweep(_ arguments: String...) async throws -> String {
            let result = try await Program.revsweep.run(arguments, in: place.path)
            #expect(result.status == .exited(0), "\(arguments) \(result.output) \(result.errorOutput)")
            return result.output
        }
        _ = try await revsweep("run", "test.yaml")
        let arguments = try shown(place).split(separator: "\n").prefix(3)
        #expect(
            arguments == [
                "argument <schedule=null>", "argument <layers=[64]>", "argument <optimizer={name:adam,lr:0.001}>",
            ])
        #expect(
            try await revsweep(
                "enqueue", "test", "schedule=cosine", "layers=[128, 32]", "optimizer={name: sgd, lr: 0.1}"
            )
            .contains("tried next"))
        let text = try String(contentsOfFile: "\(place.path)/test.yaml", encoding: .utf8)
        try place.write(text.replacing("trials: 2", with: "trials: 13"), to: "test.yaml")
        let asked = try await revsweep("ask", "test.yaml")
        #expect(
            asked.contains(
                #""params": {"schedule": "cosine", "layers": [128, 32], "optimizer": {"name": "sgd", "lr": 0.1}}"#))
        _ = try await revsweep("tell", "test", "2", "--value", "0.5")
        // By now TPE draws from its model of the finished trials.
        _ = try await revsweep("run", "test.yaml")
        let csv = try await revsweep("export", "test", "--format", "csv")
        #expect(csv.contains(#",null,[64],"{""name"":""adam"",""lr"":0.001}""#))
        let best = try await revsweep("export", "test")
        #expect(best.contains("layers: [128, 32]\noptimizer: {name: sgd, lr: 0.1}\n"))
        let json = try await revsweep("trials", "test", "--json")
        #expect(json.contains("\"schedule\": null"))
        #expect(try await revsweep("trials", "test").contains("{\"name\":\"adam\",\"lr\":0.001}"))
    }

    @Test func `parameters that are too large for a variable are in a file`() async throws {
        let sweep = """
            trainer: {command: [./show.sh]}
            parameters: {text: {type: constant, value: \(String(repeating: "x", count: 200_000))}}
            budget: {trials: 2}
            """
        let place = try place(sweep)
        let result = try await Program.revsweep.run(["run", "test.yaml"], in: place.path)
        #expect(result.status == .exited(0))
        let words = result.output + result.errorOutput
        #expect(words.components(separatedBy: "REVSWEEP_PARAMS_FILE names a file that holds them").count == 2)
        #expect(
            try shown(place) == """
                REVSWEEP_PARAMS_FILE=\(place.path)/results/test/trials/000000/params.json
                200013

                """)
        try place.write(
            "metric: {name: loss, goal: minimize}\n" + sweep.replacing("[./show.sh]", with: "[./show.sh, '{args}']"),
            to: "other.yaml")
        let other = try await Program.revsweep.run(["run", "other.yaml"], in: place.path)
        #expect(other.status != .exited(0))
        #expect(
            (other.output + other.errorOutput).contains(
                "the argument '--text=xxxxxxxxxxxxx…' is 200007 bytes long, and Linux takes 131071"))
    }

    @Test func `the environment passes through byte for byte, but for an outer trial's`() async throws {
        let place = try place(
            "trainer: {command: [./show.sh]}\nparameters: {x: {type: constant, value: 1}}\nbudget: {trials: 1}")
        let result = try await Program.shell.run(
            [
                "-c",
                """
                export V_BYTES="$(printf 'a\\377b')" V_ODD='x=y' REVSWEEP_PARAMS_FILE=/outer; \
                exec env 9x=1 "$revsweep" run test.yaml
                """,
            ], in: place.path, environment: ["revsweep": Program.revsweep.path])
        #expect(result.status == .exited(0), "\(result.errorOutput)")
        let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(place.path)/results/test/trials/000000/stderr.log"))
        #expect(bytes == Data("REVSWEEP_PARAMS={\"x\": 1}\nV_BYTES=a".utf8) + [0xFF] + Data("b\nV_ODD=x=y\n".utf8))
    }

    @Test(arguments: ["min: -1", "min: -9223372036854775808, step: 3"])
    func `integers of the widest ranges come to the trainer, and into every picture and file`(
        bound: String
    ) async throws {
        let place = try place(
            """
            trainer: {command: [./show.sh, "{param:p}"]}
            parameters: {p: {type: int, \(bound), max: 9223372036854775807}, z: {type: uniform, min: 0, max: 1}}
            budget: {trials: 4}
            """)
        let commands = [
            ["run", "test.yaml", "--quiet", "--mirror", "mirror.log"], ["report", "test"], ["plot", "edf", "test"],
            ["importance", "test"], ["export", "test", "-o", "all.csv"], ["export", "test", "-o", "study.log"],
            ["export", "test", "-o", "study.db"], ["explain", "test"],
        ]
        for command in commands {
            let result = try await Program.revsweep.run(command, in: place.path)
            #expect(result.status == .exited(0) || command[0] == "explain", "\(command): \(result.errorOutput)")
            #expect(result.status == .exited(0) || result.status == .exited(1), "\(command): \(result.errorOutput)")
        }
        #expect(try shown(place).hasPrefix("argument <"))
    }
}
