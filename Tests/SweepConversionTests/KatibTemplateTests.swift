import ConfigFile
import SweepConversion
import SweepModel
import SweepSearch
import Testing

/// How the values of an Experiment reach the program, in the many kinds of jobs that Katib starts.
@Suite struct KatibTemplateTests {
    private static func converted(_ template: String, _ context: ConversionContext? = nil) throws -> Converted {
        let indented = template.split(separator: "\n", omittingEmptySubsequences: false).map { "    " + $0 }
        return try Converted(
            """
            apiVersion: kubeflow.org/v1beta1
            kind: Experiment
            metadata: {name: e, namespace: team}
            spec:
              objective: {type: minimize, objectiveMetricName: loss}
              algorithm: {algorithmName: random}
              maxTrialCount: 3
              parameters:
                - {name: lr, parameterType: double, feasibleSpace: {min: "0", max: "1"}}
                - {name: n, parameterType: int, feasibleSpace: {min: "1", max: "9"}}
              trialTemplate:
                trialParameters:
                  - {name: learningRate, reference: lr}
                  - {name: number, reference: n}
                  - {name: trialName, reference: "${trialSpec.Name}"}
                  - {name: space, reference: "${trialSpec.Namespace}"}
                  - {name: label, reference: "${trialSpec.Labels[k]}"}
            \(indented.joined(separator: "\n"))
            """, name: "e.yaml", context ?? ConversionContext(isFolder: { _ in false }, variable: { _ in nil }))
    }

    private static func job(_ container: String) -> String {
        "trialSpec: {kind: Job, metadata: {labels: {k: v}}, spec: {template: {spec: {containers: [\(container)]}}}}"
    }

    /// The variables of the trainer for these values.
    private static func variables(_ converted: Converted) -> [String: String] {
        converted.sweep.trainer.environment.mapValues { template in
            template.arguments(
                in: CommandTemplate.Context(
                    config: nil, trialDirectory: "/t", sweepDirectory: "/s", number: 4, attempt: 1, seed: 0,
                    resources: Resources(), parameters: [("lr", 0.5), ("n", 3)], written: converted.sweep.written,
                    variable: { _ in nil })
            ).joined()
        }
    }

    private static let values: [(name: String, value: ParameterValue)] = [("lr", 0.5), ("n", 3)]

    @Test func `variables of the environment are kept`() throws {
        let converted = try Self.converted(
            Self.job(
                """
                {name: a, command: [python, t.py, "--root=$(ROOT)/x", "$(pwd)"], env: [
                  {name: LR, value: "${trialParameters.learningRate}"}, {name: N, value: "{{trialParameters.number}}"},
                  {name: ROOT, value: /data}, {name: NAME, value: "t-${trialParameters.trialName}"},
                  {name: SPACE, value: "${trialParameters.space}-${trialParameters.label}"},
                  {name: KEY, valueFrom: {secretKeyRef: {name: s, key: k}}}], envFrom: [{secretRef: {name: s}}]}
                """))
        #expect(
            Self.variables(converted) == ["LR": "0.5", "N": "3", "ROOT": "/data", "NAME": "t-4", "SPACE": "team-v"])
        #expect(
            converted.arguments(Self.values) == ["/usr/bin/env", "python", "t.py", "--root=/data/x", "$(pwd)"])
        let gaps = converted.conversion.gaps.map(\.text)
        #expect(gaps.contains { $0.hasPrefix("the variable 'KEY' comes from the cluster (secretKeyRef)") })
        #expect(gaps.contains { $0.hasPrefix("'envFrom'") })
        #expect(!gaps.contains { $0.contains("nowhere") })
        #expect(converted.conversion.notes.contains { $0.text.contains("{{trialParameters.number}}") })
    }

    @Test func `a program of an image that reads its environment gets no arguments`() throws {
        let converted = try Self.converted(
            Self.job(
                "{image: a, env: [{name: LR, value: '${trialParameters.learningRate}-${trialParameters.number}'}]}"))
        #expect(converted.arguments(Self.values) == ["/usr/bin/env", "python", "train.py"])
        #expect(Self.variables(converted) == ["LR": "0.5-3"])
    }

    @Test func `a parameter that reaches the program nowhere is said`() throws {
        let converted = try Self.converted(
            Self.job("{command: [python, t.py, '--lr=${trialParameters.learningRate}']}"))
        let gap = converted.conversion.gaps.first
        #expect(converted.conversion.gaps.count == 1)
        #expect(gap?.text == "'n' is varied, and the command passes it nowhere")
        #expect(gap?.location?.line == 10)
    }

    @Test func `GPUs and the folder are kept, and what surrounds the container is said`() throws {
        let text = Self.job(
            """
            {command: [t, '${trialParameters.learningRate}${trialParameters.number}'], workingDir: /work,
             resources: {limits: {cpu: 1, nvidia.com/gpu: 2}}}
            """
        ).replacing("containers:", with: "initContainers: [{command: [prepare]}], replicas: 3, containers:")
        let there = try Self.converted(text, ConversionContext(isFolder: { _ in true }, variable: { _ in nil }))
        #expect(there.file.sharedTrainerDirectory == "/work")
        #expect(there.sweep.resources.gpus == .whole(2))
        #expect(there.arguments(Self.values) == ["/usr/bin/env", "t", "0.53"])
        let notes = there.conversion.notes.map(\.text)
        #expect(notes.contains { $0.hasPrefix("'initContainers' run before") })
        #expect(notes.contains { $0.hasPrefix("a trial has 3 processes") })
        let elsewhere = try Self.converted(text)
        #expect(elsewhere.file.sharedTrainerDirectory == "/nowhere")
        #expect(elsewhere.conversion.gaps.contains { $0.text.contains("the program starts in '/work'") })
    }

    private static let kinds: [(String, [String])] = [
        (
            """
            trialSpec:
              kind: Workflow
              spec:
                templates:
                  - name: prepare
                    container: {command: [python, prepare.py]}
                  - name: train
                    inputs: {parameters: [{name: size}]}
                    container: {command: [python, t.py], args: ["${trialParameters.learningRate}"]}
            """, ["python", "t.py", "0.5"]
        ),
        (
            """
            primaryContainerName: step-train
            trialSpec:
              kind: PipelineRun
              spec:
                params: [{name: lr, value: "${trialParameters.learningRate}"}, {name: size, value: "60"}]
                pipelineSpec:
                  tasks:
                    - taskSpec: {steps: [{name: prepare, command: [a, $(params.size)]}]}
                    - params: [{name: lr, value: $(params.lr)}]
                      taskSpec: {steps: [{name: train, command: [t, "--lr=$(params.lr)", "$(params.size)"]}]}
            """, ["t", "--lr=0.5", "60"]
        ),
        (
            """
            trialSpec:
              kind: TrainJob
              spec: {trainer: {numNodes: 2, command: [t, "${trialParameters.learningRate}"]}}
            """, ["t", "0.5"]
        ),
        (
            """
            trialSpec:
              kind: Workflow
              spec:
                templates: [{script: {command: [sh], source: "train --lr=${trialParameters.learningRate} $(nproc)"}}]
            """, ["sh", "-c", "train --lr=0.5 $(nproc)"]
        ),
        (
            """
            trialSpec:
              kind: Workflow
              spec: {arguments: [{value: "export LR=${trialParameters.learningRate} && sbatch t"}]}
            """, ["sh", "-c", "export LR=0.5 && sbatch t"]
        ),
        (
            """
            primaryContainerName: train
            trialSpec:
              spec: {containers: [{name: log, command: [log]}, {name: train, command: python t.py --a 'b c'}]}
            """, ["python", "t.py", "--a", "b c"]
        ),
    ]

    @Test(arguments: kinds)
    func `the command is found in each kind of job`(template: String, expected: [String]) throws {
        #expect(try Self.converted(template).arguments(Self.values) == ["/usr/bin/env"] + expected)
    }

    @Test func `what another part of a pipeline fills in is said`() throws {
        let converted = try Self.converted(
            """
            trialSpec:
              kind: Workflow
              spec:
                templates:
                  - steps: [[{arguments: {parameters: [{name: a, value: "{{steps.b.outputs.result}}"}]}}]]
                  - container: {command: [t, "{{inputs.parameters.a}}", "{{x}}", "${trialParameters.learningRate}"]}
            """)
        #expect(converted.arguments(Self.values).dropFirst(2) == ["{{steps.b.outputs.result}}", "{{x}}", "0.5"])
        #expect(
            converted.conversion.gaps.contains {
                $0.text.hasPrefix("'{{steps.b.outputs.result}}' is filled in by another part of the Workflow")
            })
    }

    @Test(arguments: [
        ("goTemplate: {rawTemplate: 'a: {{if .Trial}}b{{end}}'}", "the trial is described by a Go template"),
        ("configMap: {configMapName: a}", "the trial is described by a ConfigMap"),
        ("trialSpec: {kind: SparkApplication, spec: {}}", "the trial is described by a SparkApplication, in which no"),
        ("trialSpec: {spec: {containers: [{image: a/b}]}}", "the program is the one that the image 'a/b' starts"),
        ("retain: true", "the file does not say how the program is started"),
    ])
    func `where there is no command, the file's own way of starting is said`(template: String, words: String) throws {
        let converted = try Self.converted(template)
        #expect(converted.arguments(Self.values) == ["/usr/bin/env", "python", "train.py", "--lr=0.5", "--n=3"])
        #expect(converted.conversion.gaps.contains { $0.text.hasPrefix(words) && $0.location?.line == 11 })
    }

    private static let older: [(String, [String])] = [
        (
            """
            - {name: "{{.Trial}}", command: [python3, main.py, "--name={{.Trial}}"], args: [
                {{- with .HyperParameters}}
                {{- range .}}
                "{{.Name}}={{.Value}}",
                {{- end}}
                {{- end}}
              ]}
            """, ["python3", "main.py", "--name=0", "--lr=0.5", "--n=3"]
        ),
        (
            """
            - name: {{.Trial}}
              command: [sh, -c]
              args: ["cd a; t {{ .Name }} {{ .Value }} > log"]
            """, ["sh", "-c", "cd a; t --lr --n 0.5 3 > log"]
        ),
        (
            """
            - image: a
              args:
              {{- range .HyperParameters}}
              - "{{.Name}}={{.Value}}"
              {{- end}}
            """, ["python", "train.py", "--lr=0.5", "--n=3"]
        ),
    ]

    @Test(arguments: older)
    func `the templates of version v1alpha3 are read`(containers: String, expected: [String]) throws {
        let indented = containers.split(separator: "\n").map { "            " + $0 }.joined(separator: "\n")
        let converted = try Converted(
            """
            apiVersion: kubeflow.org/v1alpha3
            kind: Experiment
            spec:
              objective: {type: minimize, objectiveMetricName: loss}
              algorithm: {algorithmName: random}
              parameters:
                - {name: --lr, parameterType: double, feasibleSpace: {min: "0", max: "1"}}
                - {name: --n, parameterType: int, feasibleSpace: {min: "1", max: "9"}}
              trialTemplate:
                goTemplate:
                  rawTemplate: |-
                    kind: Job
                    metadata: {name: "{{.Trial}}"}
                    containers:
            \(indented)
            """)
        #expect(converted.arguments([("--lr", 0.5), ("--n", 3)]) == ["/usr/bin/env"] + expected)
        #expect(!converted.conversion.notes.contains { $0.text.contains("nowhere") })
    }

    @Test func `a search for an architecture is refused for what it is`() {
        expect(
            """
            nas.yaml:5:30: error: the algorithm 'enas' searches for an architecture, which has no counterpart
            5 |   algorithm: {algorithmName: enas}
              |                              ^
            nas.yaml:6:3: error: 'spec.nasConfig' searches for an architecture, which has no counterpart
            6 |   nasConfig:
              |   ^
            """,
            ofConverting: """
                apiVersion: kubeflow.org/v1beta1
                kind: Experiment
                spec:
                  objective: {type: minimize, objectiveMetricName: loss}
                  algorithm: {algorithmName: enas}
                  nasConfig:
                    graphConfig: {numLayers: 8}
                """, name: "nas.yaml")
    }

    @Test func `another version is said`() throws {
        let text = """
            apiVersion: kubeflow.org/v1alpha3
            kind: Experiment
            spec:
              objective: {type: minimize, objectiveMetricName: loss}
              algorithm: {algorithmName: random}
              parameters: [{name: x, parameterType: double, feasibleSpace: {min: "0", max: "1"}}]
            """
        #expect(
            try Converted(text).conversion.notes.contains { $0.location?.line == 1 && $0.text.contains("v1alpha3") })
    }
}
