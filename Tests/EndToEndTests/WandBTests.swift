import Foundation
import TestSupport
import Testing

/// A W&B sweep runs as it is: unchanged file, unchanged program, no account and no network.
@Suite struct WandBTests {
    /// A sweep as people have it: the program takes its values from `wandb.config`, and logs.
    private static let sweep = """
        program: train.py
        method: random
        project: fields
        metric: {name: val/loss, goal: minimize}
        run_cap: 6
        early_terminate: {type: hyperband, min_iter: 2, eta: 2}
        parameters:
          lr: {distribution: log_uniform_values, min: 1e-6, max: 1e-5}
          optimizer:
            parameters:
              name: {values: [adam, sgd]}
              nesterov: {value: true}
          layers: {value: [32, 16]}
          note: {value: "it's é"}
        """

    private static let trainer = """
        import os
        import wandb

        with wandb.init(config={"lr": 1.0, "epochs": 4}) as run:
            config = run.config
            assert isinstance(config["lr"], float) and 1e-6 <= config["lr"] <= 1e-5, config["lr"]
            assert config["optimizer"]["name"] in ("adam", "sgd") and config["optimizer"]["nesterov"] is True
            assert list(config["layers"]) == [32, 16] and config["note"] == "it's \\u00e9" and config["epochs"] == 4
            print("a bar without its end", end="")
            for epoch in range(config["epochs"]):
                loss = config["lr"] * (5 - epoch)
                run.log({"val/loss": loss, "n": {"epoch": epoch}, "word": "text", "flag": True})
            wandb.summary["best"] = 7
        """

    @Test(.enabled("there is no Python with wandb") { await Python.onPathHas("wandb") && Machine.has("python") })
    func `a sweep runs with the real wandb, offline`() async throws {
        let folder = try TemporaryDirectory()
        try folder.write(Self.sweep, to: "configs/sweep.yaml")
        try folder.write(Self.trainer, to: "train.py")
        // A server that must not be asked.
        let environment = ["WANDB_BASE_URL": "http://127.0.0.1:9", "WANDB_MODE": "online"]
        let result = try await Program.revsweep.run(
            ["run", "configs/sweep.yaml"], in: folder.path, environment: environment)
        #expect(result.status == .exited(0), "\(result.output)\n\(result.errorOutput)")
        #expect(result.errorOutput.contains("configs/sweep.yaml is a sweep file of W&B, and is run as it is"))
        let trials = try await Self.trials(in: folder)
        #expect(trials.count == 6)
        for trial in trials where trial["state"] as? String == "complete" {
            let metrics = try #require(trial["metrics"] as? [String: Double])
            let parameters = try #require(trial["params"] as? [String: Any])
            let rate = try #require(parameters["lr"] as? Double)
            let loss = try #require(metrics["val/loss"])
            #expect(abs(loss - 2 * rate) < 1e-15 * rate)
            #expect(metrics["n.epoch"] == 3 && metrics["best"] == 7 && metrics["word"] == nil && metrics["flag"] == nil)
        }
        // The runs of wandb are with their trials, named so that `wandb sync` shows them as this sweep's.
        let files = try FileManager.default.contentsOfDirectory(
            atPath: "\(folder.path)/results/sweep/trials/000000/wandb")
        #expect(files.contains { $0.hasPrefix("offline-run-") })
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/wandb"))
    }

    /// A package with the parts of wandb that the reports are taken from, to try what the real one does not do by
    /// itself.
    private static let package = [
        "wandb/__init__.py": "",
        "wandb/sdk/__init__.py": "",
        "wandb/sdk/wandb_run.py": """
        class Run:
            def log(self, data, step=None, commit=None):
                assert isinstance(data, dict)
            def define_metric(self, name, summary=None, goal=None):
                pass
        """,
        "wandb/sdk/wandb_summary.py": """
        class Summary:
            def _update(self, record):
                pass
        """,
    ]

    @Test(.enabled("there is no Python") { await Python.onPathHas("json") })
    func `what is logged is reported at once, and sitecustomize of others still runs`() async throws {
        let folder = try TemporaryDirectory()
        for (path, text) in Self.package { try folder.write(text, to: "packages/\(path)") }
        try folder.write("import sys; sys.former = 'was run'", to: "packages/sitecustomize.py")
        try folder.write(
            """
            metric: {name: loss, goal: minimize}
            trainer:
              command: [/usr/bin/env, python3, train.py]
              client: wandb
              env: {PYTHONPATH: "\(folder.path)/packages"}
            parameters: {x: {type: choice, values: [1e-7, 2.5, [1, a], {b: 1e-9}, null, true, "no", 7]}}
            sampler: grid
            """, to: "grid.yaml")
        try folder.write(
            """
            import json, os, sys
            from wandb.sdk.wandb_run import Run
            from wandb.sdk.wandb_summary import Summary
            assert sys.former == "was run"
            class Item:
                key, value = ("top", "k"), 3
            class Record:
                update = [Item]
            class Tensor:
                def __float__(self): return 0.5
            run = Run()
            run.define_metric("acc*", summary="max")
            run.log({"acc.a": 2, "loss": Tensor()}, step=10)
            run.log({"acc.a": 1, "loss": 3, "image": object(), "n": {"m": {"k": 1}}}, 20)
            Summary()._update(Record)
            print(open(os.environ["WANDB_SWEEP_PARAM_PATH"]).read(), file=open("values.txt", "a"))
            given = os.environ
            print(given["WANDB_MODE"], given["WANDB_RUN_GROUP"], given["WANDB_DIR"] == given["REVSWEEP_TRIAL_DIR"])
            """, to: "train.py")
        let result = try await Program.revsweep.run(["run", "grid.yaml", "--quiet"], in: folder.path)
        #expect(result.status == .exited(0), "\(result.output)\n\(result.errorOutput)")
        let trials = try await Self.trials(in: folder, "grid")
        #expect(trials.count == 8)
        for trial in trials {
            #expect(
                trial["metrics"] as? [String: Double]
                    == ["loss": 3, "acc.a": 1, "acc.a.max": 2, "n.m.k": 1, "top.k": 3])
        }
        let written = try String(contentsOfFile: "\(folder.path)/values.txt", encoding: .utf8)
        for value in ["1.0e-07", "2.5", "[1, \"a\"]", "{\"b\": 1.0e-09}", "null", "true", "\"no\"", "7"] {
            #expect(written.contains("wandb_version: 1\n\"x\": {\"value\": \(value)}\n"), "\(value)")
        }
        let log = try String(contentsOfFile: "\(folder.path)/results/grid/trials/000000/stdout.log", encoding: .utf8)
        #expect(log.contains("{\"acc.a\": 2, \"loss\": 0.5, \"acc.a.max\": 2, \"step\": 10}\n"))
        #expect(log.contains("offline grid True"))
    }

    @Test func `check and run say what a file is, and what it lacks`() async throws {
        let folder = try TemporaryDirectory()
        try folder.write(Self.sweep, to: "sweep.yaml")
        try folder.write("print(1)", to: "train.py")
        let checked = try await Program.revsweep.run(["check", "sweep.yaml"], in: folder.path)
        #expect(checked.status == .exited(0), "\(checked.errorOutput)")
        #expect(checked.errorOutput.contains("sweep.yaml is a sweep file of W&B"))
        #expect(checked.output.contains("minimize val/loss"))
        try folder.write("method: random\nparameters: {x: {min: 0.0, max: 1.0}}\n", to: "bare.yaml")
        for command in ["check", "run"] {
            let result = try await Program.revsweep.run([command, "bare.yaml"], in: folder.path)
            #expect(result.status == .exited(1))
            #expect(result.errorOutput.contains("the file names no metric"), "\(result.errorOutput)")
            #expect(result.errorOutput.contains("the file names no program"), "\(result.errorOutput)")
            #expect(result.errorOutput.contains("revsweep convert bare.yaml -o bare.revsweep.yaml"))
        }
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/results"))
    }

    @Test func `a sweep file of revsweep with a key of W&B is not taken for W&B's`() async throws {
        let place = try Workplace(settings: "method: tpe")
        let checked = try await place.revsweep("check", "test.yaml")
        #expect(checked.status == .exited(1))
        #expect(checked.errorOutput.contains("test.yaml:6:1: error: unknown key 'method'"), "\(checked.errorOutput)")
        #expect(!checked.errorOutput.contains("distribution"))
        let text = try place.directory.text(of: "test.yaml")
        let bare = text.replacing("trainer: {command: ", with: "command: ")
            .replacing(", directory: \"{trial_dir}\"}", with: "")
        try place.directory.write(bare, to: "bare.yaml")
        let other = try await place.revsweep("check", "bare.yaml")
        #expect(other.errorOutput.contains("unknown key 'method'"), "\(other.errorOutput)")
    }

    private static func trials(in folder: TemporaryDirectory, _ sweep: String = "sweep") async throws -> [[String: Any]]
    {
        let listing = try await Program.revsweep.run(["trials", sweep, "--json"], in: folder.path)
        return try #require(JSONSerialization.jsonObject(with: Data(listing.output.utf8)) as? [[String: Any]])
    }
}
