import ConfigFile
import Foundation
import TestSupport
import Testing
import Training

@Suite struct TrainingConfigTests {
    private func mistakes(_ yaml: String) -> String? {
        do {
            _ = try config(yaml)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func `the config that comes with the package is read, and says what its comments say`() throws {
        let file = Project.path("configs/digits.yaml")
        let read = try TrainingConfig.read(path: file)
        #expect(read.model.blocks == 3 && read.training.epochs == 10)
        #expect(read.optimizer.rate == 0.3)
        // Its keys are the keys that a sweep may name.
        let document = try ConfigDocument.read(path: file)
        for path in [
            "optimizer.name", "optimizer.learning_rate", "optimizer.pseudo_inverse.rtol", "optimizer.momentum",
            "model.hidden", "data.batch_size",
        ] { #expect(document.root[path: path] != nil, "\(path)") }

        // A value in brackets is the default; that of the learning rate depends on the optimizer.
        let lines = try String(contentsOfFile: file, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        let defaults = try config("seed: 0").resolved
        for path in document.root.leafPaths where path != "optimizer.learning_rate" {
            guard let line = document.root[path: path]?.location?.line, let value = defaults[path: path] else {
                continue
            }
            let bracket = lines[line - 1].split(separator: "[").last?.split(separator: "]").first
            let text = value.yaml().trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(Double(text).map { $0 == bracket.flatMap { Double($0) } } ?? (bracket == text[...]), "\(path)")
        }
    }

    @Test func `a config that was made explicit reads back as the same`() throws {
        for (optimizer, _) in optimizers {
            let original = try config(smallConfig(optimizer))
            var again = try config(original.resolved.yaml())
            #expect(again.resolved == original.resolved)
            again.output = original.output
            #expect(again == original)
        }
        for outputs in ["", ", outputs: 7"] {
            let task = try config("loss: {name: mse}\ntask: {name: regression, noise: 0.25\(outputs)}")
            let again = try config(task.resolved.yaml())
            #expect(again.task == task.task && again.resolved == task.resolved)
        }
        let test = try config("data: {validation: test}")
        #expect(try config(test.resolved.yaml()).data.validation == .test)
    }

    @Test func `every mistake is reported at once, in the order of the file`() {
        #expect(
            mistakes(
                """
                sede: 1
                data: {batch_size: 0, validation: 1.5}
                optimizer:
                  name: gaus_newton
                  learning_rate: fast
                  pseudo_inverse: {rtoll: 1e-3}
                training: {epochs: 2.5}
                """) == """
                    run.yaml:1:1: error: unknown key 'sede'
                    1 | sede: 1
                      | ^
                      = help: did you mean 'seed'?
                    run.yaml:2:20: error: 'data.batch_size' must be at least 1, found 0
                    2 | data: {batch_size: 0, validation: 1.5}
                      |                    ^
                    run.yaml:2:35: error: 'data.validation' must be a fraction between 0 and 1, or test
                    2 | data: {batch_size: 0, validation: 1.5}
                      |                                   ^
                      = help: 0.15 holds back 15 % of the training images; test validates on the test images
                    run.yaml:4:9: error: 'optimizer.name' cannot be 'gaus_newton'
                    4 |   name: gaus_newton
                      |         ^
                      = help: did you mean 'gauss_newton'?
                    run.yaml:5:18: error: 'optimizer.learning_rate' must be a number, found the string 'fast'
                    5 |   learning_rate: fast
                      |                  ^
                    run.yaml:6:20: error: unknown key 'optimizer.pseudo_inverse.rtoll'
                    6 |   pseudo_inverse: {rtoll: 1e-3}
                      |                    ^
                      = help: did you mean 'rtol'?
                    run.yaml:7:20: error: 'training.epochs' must be an integer, found the number 2.5
                    7 | training: {epochs: 2.5}
                      |                    ^
                    """)
    }

    @Test func `an empty file is a mistake`() {
        #expect(
            mistakes("") == "run.yaml: error: the file is empty\n  = help: a config begins, for example, with 'seed: 0'"
        )
    }

    @Test(arguments: [
        ("optimizer: {learning_rate: 0}", "'optimizer.learning_rate' must be greater than 0, found 0.0"),
        ("optimizer: {momentum: 1}", "'optimizer.momentum' must be at least 0.0 and less than 1.0, found 1.0"),
        (
            "optimizer: {schedule: {name: cosine, min: 1}}",
            "'optimizer.schedule.min' is 1.0, more than the learning rate 0.1 that it is to fall from"
        ),
        ("optimizer: {schedule: {per: step}}", "'optimizer.schedule.per' cannot be 'step'"),
        ("optimizer: {name: sgd, nesterov: true}", "'optimizer.nesterov' needs a momentum"),
        (
            "optimizer: {pseudo_inverse: {rank: 0}}",
            "'optimizer.pseudo_inverse.rank' must lie between 1 and 1000000, found 0"
        ),
        ("optimizer: {learning_rate: .nan}", "'optimizer.learning_rate' must be finite, found nan"),
        ("optimizer: {weight_decay: 1e400}", "'optimizer.weight_decay' must be finite, found inf"),
        (
            "optimizer: {name: adam, epsilon: 1e-46}",
            "'optimizer.epsilon' must lie between 1e-30 and 1e+30, found 1e-46"
        ),
        (
            "optimizer: {pseudo_inverse: {method: svd, rtol: 1.5}}",
            "'optimizer.pseudo_inverse.rtol' must be at least 0.0 and less than 1.0, found 1.5"
        ),
        (
            "model: {blocks: 10000, hidden: 1000000}",
            "'model.blocks' times 'model.hidden' must be at most 100000000, found 10000000000"
        ),
        (
            "data: {name: correlated, synthetic: {samples: 1000000000, features: 1000000, test_samples: 5}}",
            "1000000005 samples of 1000000 features are more than any memory holds"
        ),
        ("optimizer: {weight_decay: -1}", "'optimizer.weight_decay' must be at least 0, found -1.0"),
        ("model: {hidden: -1}", "'model.hidden' must lie between 0 and 1000000, found -1"),
        ("model: {bias: no}", "'model.bias' must be true or false, found the string 'no'"),
        ("model: relu", "'model' must be a mapping, found the string 'relu'"),
        ("seed: -3", "'seed' must be at least 0, found -3"),
        ("data: {name: imagenet}", "'data.name' cannot be 'imagenet'"),
        ("data: {subset: 0}", "'data.subset' must be at least 1, found 0"),
        (
            "data: {synthetic: {features: 4, classes: 5}}",
            "'data.synthetic.classes' must not exceed the 4 features, found 5"
        ),
        ("data: {synthetic: {features: 17}}", "'data.synthetic.features' must be even, found 17"),
        (
            "data: {synthetic: {correlation: 1}}",
            "'data.synthetic.correlation' must be at least 0.0 and less than 1.0, found 1.0"
        ),
        ("data: {validation: 0}", "'data.validation' must be a fraction between 0 and 1, or test"),
        ("loss: {curvature: damped, damping: 0}", "'loss.damping' must be greater than 0, found 0.0"),
        (
            "loss: {label_smoothing: 1}",
            "'loss.label_smoothing' must be at least 0.0 and less than 1.0, found 1.0"
        ),
        ("task: {name: regression}", "'task.name' regression needs the loss mse"),
        ("[1, 2]", "the file must be a mapping, found a list"),
    ])
    func `a value out of its range says so`(yaml: String, words: String) {
        #expect(
            mistakes(yaml)?.split(separator: "\n").first?.hasSuffix("error: \(words)") == true,
            "\(mistakes(yaml) ?? "")")
    }

    @Test func `the folder is the config's, else the trial's, else named like the config`() throws {
        let plain = try config("seed: 0")
        #expect(plain.directory(configPath: "a/b/mnist.gn.yaml", environment: [:]) == "results/runs/mnist.gn")
        #expect(plain.directory(configPath: "x.yaml", environment: ["REVSWEEP_TRIAL_DIR": "/t"]) == "/t")
        let placed = try config("output: {directory: here}")
        #expect(placed.directory(configPath: "x.yaml", environment: [:]) == "here")
        // A planner's trials share the folder they are started in.
        #expect(placed.directory(configPath: "x.yaml", environment: ["REVSWEEP_TRIAL_DIR": "/t"]) == "/t/here")
        let absolute = try config("output: {directory: /here}")
        #expect(absolute.directory(configPath: "x.yaml", environment: ["REVSWEEP_TRIAL_DIR": "/t"]) == "/here")
    }

    @Test func `the threads are the config's, else the environment's, else one`() throws {
        let plain = try config("seed: 0")
        #expect(plain.threads(environment: [:]) == 1)
        #expect(plain.threads(environment: ["OPENBLAS_NUM_THREADS": "3"]) == 3)
        #expect(plain.threads(environment: ["OPENBLAS_NUM_THREADS": "many"]) == 1)
        #expect(plain.threads(environment: ["OPENBLAS_NUM_THREADS": "999999999"]) == 1024)
        #expect(try config("training: {threads: 2}").threads(environment: ["OPENBLAS_NUM_THREADS": "3"]) == 2)
    }
}
