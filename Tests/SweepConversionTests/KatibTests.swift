import ConfigFile
import Foundation
import SweepConversion
import SweepModel
import SweepSearch
import Testing

@Suite struct KatibTests {
    private static let whole = """
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: kubeflow}
        ---
        apiVersion: kubeflow.org/v1beta1
        kind: Experiment
        metadata:
          namespace: kubeflow
          name: tpe-example
        spec:
          objective:
            type: maximize
            goal: 0.99
            objectiveMetricName: Validation-accuracy
            additionalMetricNames: [Train-accuracy]
          algorithm:
            algorithmName: tpe
            algorithmSettings: [{name: random_state, value: "7"}]
          earlyStopping:
            algorithmName: medianstop
            algorithmSettings: [{name: min_trials_required, value: "2"}, {name: start_step, value: "5"}]
          parallelTrialCount: 3
          maxTrialCount: 12
          maxFailedTrialCount: 4
          parameters:
            - name: lr
              parameterType: double
              feasibleSpace: {min: "0.01", max: "0.03"}
            - name: num-layers
              parameterType: int
              feasibleSpace: {min: "2", max: "5"}
            - name: optimizer
              parameterType: categorical
              feasibleSpace: {list: [sgd, adam, ftrl]}
          trialTemplate:
            primaryContainerName: training-container
            trialParameters:
              - {name: learningRate, description: Learning rate, reference: lr}
              - {name: numberLayers, reference: num-layers}
              - {name: opt, reference: optimizer}
              - {name: trial, reference: "${trialSpec.Metadata.Name}"}
            trialSpec:
              apiVersion: batch/v1
              kind: Job
              spec:
                template:
                  spec:
                    containers:
                      - name: training-container
                        image: docker.io/kubeflowkatib/mxnet-mnist:v1beta1
                        command:
                          - "python3"
                          - "/opt/mnist.py"
                          - "--batch-size=64"
                          - "--lr=${trialParameters.learningRate}"
                          - "--num-layers=${trialParameters.numberLayers}"
                          - "--optimizer=${trialParameters.opt}"
                          - "--name=t-${trialParameters.trial}"
                    restartPolicy: Never
        """

    @Test func `no failure at all may be too many`() throws {
        let text = Self.whole.replacing("maxFailedTrialCount: 4", with: "maxFailedTrialCount: 0")
        #expect(try Converted(text).sweep.budget.failures == 1)
    }

    @Test(arguments: [
        "{collector: {kind: File}, source: {fileSystemPath: {path: /katib/metrics.log, kind: File}}}",
        "{source: {filter: {metricsFormat: ['(\\w+):(\\d+)']}}}",
    ])
    func `a collector that reads otherwise is noted`(collector: String) throws {
        let text = Self.whole.replacing(
            "  maxTrialCount: 12", with: "  maxTrialCount: 12\n  metricsCollectorSpec: \(collector)")
        let converted = try Converted(text)
        #expect(converted.sweep.trainer.reports.isEmpty)
        #expect(converted.conversion.notes.contains { $0.text.contains("'trainer.reports' describes") })
        let plain = Self.whole.replacing(
            "  maxTrialCount: 12", with: "  maxTrialCount: 12\n  metricsCollectorSpec: {collector: {kind: StdOut}}")
        #expect(try Converted(plain).sweep.trainer.reports.count == 2)
    }

    @Test func `a whole Experiment keeps its meaning`() throws {
        let converted = try Converted(Self.whole, name: "tpe.yaml")
        let sweep = converted.sweep
        #expect(converted.conversion.tool == .katib)
        #expect(sweep.name == "tpe-example")
        #expect(sweep.metric == Metric(name: "Validation-accuracy", goal: .maximize, rule: .best))
        #expect(
            sweep.trainer.reports.map(\.text) == [
                "Validation-accuracy = {Validation-accuracy}", "Train-accuracy = {Train-accuracy}",
            ])
        #expect(sweep.budget.trials == 12)
        #expect(sweep.budget.failures == 4)
        #expect(sweep.budget.target == 0.99)
        #expect(sweep.sampler.name == .tpe)
        #expect(sweep.sampler.seed == 7)
        #expect(sweep.pruning != nil)
        #expect(converted.conversion.notes.contains { $0.text.hasPrefix("Katib compares with the mean") })
        #expect(sweep.resources.parallel(onCores: 8) == 3)
        #expect(converted.names == ["lr", "num-layers", "optimizer"])
        #expect(
            converted.arguments([("lr", 0.02), ("num-layers", 3), ("optimizer", "adam")]) == [
                "/usr/bin/env", "python3", "/opt/mnist.py", "--batch-size=64", "--lr=0.02", "--num-layers=3",
                "--optimizer=adam", "--name=t-0",
            ])
        #expect(converted.conversion.notes.contains { $0.location?.line == 2 || $0.text.contains("another document") })
    }

    private static func text(_ parameter: String, rest: String = "") -> String {
        """
        apiVersion: kubeflow.org/v1beta1
        kind: Experiment
        spec:
          objective: {type: minimize, objectiveMetricName: loss}
          algorithm: {algorithmName: random}
          parameters: [{name: x, \(parameter)}]
        \(rest)
        """
    }

    private static let ranges: [(String, Distribution)] = [
        (#"parameterType: double, feasibleSpace: {min: "0.1", max: "1"}"#, .uniform(min: 0.1, max: 1)),
        (
            #"parameterType: double, feasibleSpace: {min: 1e-5, max: "0.1", distribution: logUniform}"#,
            .logUniform(min: 1e-5, max: 0.1)
        ),
        (
            #"parameterType: double, feasibleSpace: {min: "0", max: "1", step: "0.25"}"#,
            .quantized(.linear, min: 0, max: 1, step: 0.25)
        ),
        (#"parameterType: double, feasibleSpace: {min: "0.1", max: "0.7", step: "0.3"}"#, .ordinal([0.1, 0.4, 0.7])),
        (
            #"parameterType: double, feasibleSpace: {min: "1", max: "7", distribution: normal}"#,
            .normal(mean: 4, std: 1, min: 1, max: 7)
        ),
        (
            #"parameterType: int, feasibleSpace: {min: "1", max: "64", step: "", distribution: uniform}"#,
            .integer(min: 1, max: 64, step: 1, log: false)
        ),
        (
            #"parameterType: int, feasibleSpace: {min: "16", max: "64", step: "16"}"#,
            .integer(min: 16, max: 64, step: 16, log: false)
        ),
        (
            #"parameterType: int, feasibleSpace: {min: "1", max: "64", distribution: logUniform}"#,
            .integer(min: 1, max: 64, step: 1, log: true)
        ),
        (#"parameterType: discrete, feasibleSpace: {list: ["0.1", "2", 4]}"#, .choice([0.1, 2, 4])),
        (#"parameterType: categorical, feasibleSpace: {list: [a, "32", "no"]}"#, .choice(["a", 32, "no"])),
    ]

    @Test(arguments: ranges)
    func `each parameter has its counterpart`(parameter: String, expected: Distribution) throws {
        #expect(try Converted(Self.text(parameter)).distribution("x") == expected)
    }

    @Test func `a logarithmic bell is centred between its bounds`() throws {
        let parameter = #"parameterType: double, feasibleSpace: {min: "0.01", max: "1", distribution: logNormal}"#
        guard case .real(.logNormal(let mean, let std), 0.01, 1) = try Converted(Self.text(parameter)).distribution("x")
        else {
            Issue.record("it is no such bell")
            return
        }
        #expect((mean - log(0.1)).magnitude < 1e-12)
        #expect((std - log(100) / 6).magnitude < 1e-12)
    }

    @Test(arguments: [
        #"parameterType: float, feasibleSpace: {min: "0", max: "1"}"#,
        #"parameterType: double, feasibleSpace: {min: "0"}"#,
        #"parameterType: double, feasibleSpace: {min: "1", max: "0"}"#,
        #"parameterType: double, feasibleSpace: {min: a, max: "1"}"#,
        #"parameterType: int, feasibleSpace: {min: "0.5", max: "2"}"#,
        #"parameterType: discrete, feasibleSpace: {list: [a]}"#,
        #"parameterType: categorical, feasibleSpace: {list: []}"#, #"parameterType: categorical, feasibleSpace: {}"#,
        #"parameterType: double, feasibleSpace: {min: "0", max: "1", distribution: logUniform}"#,
        #"parameterType: double, feasibleSpace: {min: "0", max: "1", distribution: cauchy}"#,
        #"parameterType: double, feasibleSpace: {min: "0", max: "1", stp: "1"}"#, #"parameterType: double"#,
        #"parameterTyp: double, feasibleSpace: {min: "0", max: "1"}"#,
    ])
    func `a parameter without meaning is refused`(parameter: String) {
        #expect(throws: DiagnosticsError.self) { try Converted(Self.text(parameter)) }
    }

    private static let good = #"parameterType: double, feasibleSpace: {min: "0", max: "1"}"#

    @Test(arguments: [
        "  nasConfig: {graphConfig: {numLayers: 8}}", "  maxTrialCount: many", "  maxTrialCout: 3",
        "  earlyStopping: {algorithmName: median}",
        "  trialTemplate: {trialSpec: {spec: {containers: [{command: [a, '${trialParameters.lrr}']}]}}}",
    ])
    func `what has no counterpart is refused`(rest: String) {
        #expect(throws: DiagnosticsError.self) { try Converted(Self.text(Self.good, rest: rest)) }
    }

    @Test func `an Experiment without a command gets one to replace`() throws {
        let converted = try Converted(Self.text(Self.good))
        #expect(converted.arguments([("x", 0.5)]) == ["/usr/bin/env", "python", "train.py", "--x=0.5"])
        #expect(converted.sweep.budget.trials == 100)
        #expect(throws: DiagnosticsError.self) {
            try Converted(Self.text(Self.good) + "\n---\n" + Self.text(Self.good))
        }
    }
}
