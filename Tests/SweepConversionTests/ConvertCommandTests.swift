import Foundation
import TestSupport
import Testing

/// `revsweep convert`, `check` and `run` on files of other tools, as users type them.
@Suite struct ConvertCommandTests {
    private static let wandb = """
        program: train.py
        method: random
        metric: {name: val/loss}
        parameters: {lr: {distribution: log_uniform_values, min: 1e-5, max: 0.1}, layers: {min: 1, max: 4}}
        """

    private static let files: [(name: String, text: String)] = [
        ("wandb.yaml", wandb),
        ("under.yaml", "sweep:\n  method: grid\n  parameters: {x: {values: [a, b]}}\n"),
        ("hydra.yaml", "hydra: {sweeper: {n_trials: 9, params: {a.lr: 'tag(log, interval(1e-5, 1e-1))'}}}\n"),
        ("space.json", #"{"lr": {"_type": "uniform", "_value": [0, 1]}}"#),
        ("nni.yml", "searchSpaceFile: space.json\ntrialCommand: python3 a.py\nmaxTrialNumber: 3\n"),
        (
            "katib.yaml",
            """
            kind: Experiment
            apiVersion: kubeflow.org/v1beta1
            spec:
              objective: {type: minimize, objectiveMetricName: loss}
              algorithm: {algorithmName: random}
              parameters: [{name: x, parameterType: double, feasibleSpace: {min: "0", max: "1"}}]
            """
        ),
        ("tune.yaml", "{lr: [loguniform, -4, -1]}\n"),
    ]

    @Test func `what convert writes passes check, and check and run say what the file is`() async throws {
        let folder = try TemporaryDirectory()
        for (name, text) in Self.files { try folder.write(text, to: name) }
        for (name, _) in Self.files {
            let output = "sweeps/\(name).revsweep.yaml"
            let result = try await Program.revsweep.run(["convert", name, "-o", output], in: folder.path)
            #expect(result.status == .exited(0), "\(name): \(result.errorOutput)")
            #expect(result.output == "wrote \(output); next: revsweep check \(output)\n")
            let check = try await Program.revsweep.run(["check", output], in: folder.path)
            #expect(check.status == .exited(0), "\(name): \(check.errorOutput)")
            // This one says all that a sweep needs, and is taken as it is.
            for command in ["check", "run"] where name != "wandb.yaml" {
                let foreign = try await Program.revsweep.run([command, name], in: folder.path)
                #expect(foreign.status == .exited(1), "\(command) \(name)")
                #expect(
                    foreign.errorOutput.contains("convert it: revsweep convert \(name) -o "), "\(foreign.errorOutput)")
            }
        }
        let again = try await Program.revsweep.run(
            ["convert", "wandb.yaml", "-o", "sweeps/wandb.yaml.revsweep.yaml"], in: folder.path)
        #expect(again.status == .exited(1))
        #expect(again.errorOutput.contains("already there"))
    }

    @Test func `a page is no file of another tool, and import is named`() async throws {
        let folder = try TemporaryDirectory()
        try folder.write("<!doctype html>\n<style>a { b: c: d }</style>\n", to: "digits.html")
        let result = try await Program.revsweep.run(["convert", "digits.html"], in: folder.path)
        #expect(result.status == .exited(1))
        #expect(result.errorOutput.contains("revsweep import SWEEP digits.html takes its trials"))
    }

    @Test func `without an output the text goes to standard output, and notes to standard error`() async throws {
        let folder = try TemporaryDirectory()
        try folder.write(Self.wandb, to: "a.yaml")
        let result = try await Program.revsweep.run(
            ["convert", "a.yaml", "--metric", "m", "--maximize"], in: folder.path)
        #expect(
            result.output == """
                # a.yaml, a sweep file of W&B, converted by `revsweep convert`.

                metric: {name: m, goal: maximize}

                trainer:
                  command: [/usr/bin/env, python, train.py, '{args:python}']
                  client: wandb  # the program gets wandb.config, and run.log reports

                parameters:
                  lr: {type: loguniform, min: 1e-5, max: 0.1}
                  layers: {type: int, min: 1, max: 4}

                sampler: random
                # note: W&B runs without end; here the sweep ends after 100 trials
                budget: {trials: 100}
                resources: {parallel: 1}  # as one agent of W&B runs them; more at a time: parallel: 4

                """)
        #expect(result.errorOutput == "a.yaml: note: W&B runs without end; here the sweep ends after 100 trials\n")
    }

    @Test func `an experiment starts where its configuration is, whatever the current folder`() async throws {
        let folder = try TemporaryDirectory()
        try folder.write(
            "searchSpace: {x: {_type: uniform, _value: [0, 1]}}\ntrialCommand: python a.py\ntrialCodeDirectory: code\n",
            to: "nni/config.yml")
        try folder.write("", to: "nni/code/a.py")
        for (file, output, current) in [
            ("nni/config.yml", "sweeps/@a.yaml", ""), ("config.yml", "../sweeps/b.yaml", "/nni"),
            (folder.path + "/nni/config.yml", "../../sweeps/c.yaml", "/nni/code"),
        ] {
            let here = folder.path + current
            let result = try await Program.revsweep.run(["convert", file, "-o", output], in: here)
            #expect(result.status == .exited(0), "\(result.errorOutput)")
            let check = try await Program.revsweep.run(["check", output], in: here)
            #expect(check.status == .exited(0), "\(check.errorOutput)")
            let written = try String(contentsOfFile: here + "/" + output, encoding: .utf8)
            #expect(written.contains("\n  directory: '../nni/code'\n"), "\(written)")
        }
    }

    @Test(arguments: [
        ("rules:\n  - be kind\nbranch: main\n", "is no file of a known tool; its keys are rules, branch"),
        (
            "metric: {name: m, goal: minimize}\ntrainer: {command: [a]}\nparameters: {x: {type: constant, value: 1}}\n",
            "is a sweep file already"
        ), ("method: random\nparameters: {x: {vals: [1]}}\n", "did you mean 'values'?"), ("a: [", "error"),
        ("", "known"),
    ])
    func `a file that cannot be converted is refused with a reason`(text: String, words: String) async throws {
        let folder = try TemporaryDirectory()
        try folder.write(text, to: "x.yaml")
        let result = try await Program.revsweep.run(["convert", "x.yaml"], in: folder.path)
        #expect(result.status == .exited(1))
        #expect(result.output.isEmpty)
        #expect(result.errorOutput.contains(words), "\(result.errorOutput)")
    }
}
