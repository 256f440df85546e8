import ConfigFile
import SweepConversion
import SweepModel
import SweepSearch
import Testing

/// Experiments as people and NNI's own examples write them.
@Suite struct NNIExperimentTests {
    private static let space = "searchSpace: {x: {_type: uniform, _value: [0, 1]}}\n"

    @Test(arguments: [
        """
        experiment_name: e
        search_space: {lr: {_type: uniform, _value: [0, 1]}}
        trial_command: python a.py
        trial_concurrency: 2
        max_trial_number: 9
        tuner: {name: Evolution, class_args: {optimize_mode: minimize}}
        """,
        """
        ExperimentName: e
        SEARCHSPACE: {lr: {_type: uniform, _value: [0, 1]}}
        trialCommand: python a.py
        TrialConcurrency: 2
        maxTrialNumber: 9
        nniManagerIP: localhost
        Tuner: {Name: evolution, classArgs: {optimize_mode: minimize}}
        """,
    ])
    func `the case of letters and underscores in keys do not count`(text: String) throws {
        let converted = try Converted(text, name: "config.yml")
        #expect(converted.conversion.tool == .nniExperiment)
        #expect(converted.sweep.name == "e")
        #expect(converted.names == ["lr"])
        #expect(converted.sweep.metric.goal == .minimize)
        #expect(converted.sweep.budget.trials == 9)
        #expect(converted.sweep.resources.parallel(onCores: 8) == 2)
        #expect(converted.arguments([]) == ["/usr/bin/env", "python", "a.py"])
    }

    @Test(arguments: [
        ("builtinTunerName: PBTTuner", SamplerSettings.Name.auto), ("name: MetisTuner", .auto), ("name: GPTuner", .gp),
        ("builtinTunerName: tpe", .tpe), ("name: gridsearch", .grid), ("name: BatchTuner", .grid),
    ])
    func `a tuner is known with and without the last part of its name`(tuner: String, expected: SamplerSettings.Name)
        throws
    {
        let converted = try Converted(Self.space + "trialCommand: a\ntuner: {\(tuner)}\n", name: "c.yml")
        #expect(converted.sweep.sampler.name == expected)
    }

    @Test(arguments: [
        ("builtinAdvisorName: Hyperband, classArgs: {R: 100, eta: 4}", "min_steps: 1, max_steps: 100, reduction: 4"),
        ("name: Hyperband", "min_steps: 1, max_steps: 60, reduction: 3"),
        ("name: BOHB, classArgs: {min_budget: 2, max_budget: 27}", "min_steps: 2, max_steps: 27, reduction: 3"),
    ])
    func `the budgets of an advisor become those of a pruner`(advisor: String, expected: String) throws {
        let converted = try Converted(Self.space + "trialCommand: a\nadvisor: {\(advisor)}\n", name: "c.yml")
        #expect(converted.conversion.text.contains("pruner: {name: hyperband, \(expected)}"))
        #expect(converted.conversion.notes.contains { $0.location?.line == 3 && $0.text.contains("budget of steps") })
    }

    @Test(arguments: ["R: 0", "eta: 1", "eta: many"])
    func `budgets without meaning are refused`(arguments: String) {
        #expect(throws: DiagnosticsError.self) {
            try Converted(Self.space + "advisor: {name: Hyperband, classArgs: {\(arguments)}}\n", name: "c.yml")
        }
    }

    @Test func `each kind of service has its command and its key`() throws {
        let frameworks = try Converted(
            Self.space + """
                trainingServicePlatform: frameworkcontroller
                trial:
                  codeDir: .
                  taskRoles: [{name: worker, command: python3 mnist.py, gpuNum: 2}, {name: ps, command: serve}]
                frameworkcontrollerConfig: {storage: nfs}
                amlConfig: {}
                """, name: "c.yml")
        #expect(frameworks.arguments([]) == ["/usr/bin/env", "python3", "mnist.py"])
        #expect(frameworks.sweep.resources.gpus == .whole(2))
        #expect(frameworks.conversion.notes.contains { $0.text.contains("2 kinds of processes") })
        let kubeflow = try Converted(
            Self.space + "trial: {worker: {command: python3 w.py}}\nkubeflowConfig: {operator: tf-operator}\n",
            name: "c.yml")
        #expect(kubeflow.arguments([]) == ["/usr/bin/env", "python3", "w.py"])
        let hybrid = try Converted(
            Self.space + "trialCommand: a\ntrainingService: [{platform: local}, {platform: remote}, {platform: aml}]\n",
            name: "c.yml")
        #expect(hybrid.conversion.notes.contains { $0.text.contains("trials ran on 'remote', 'aml'") })
    }

    @Test func `trials start in the folder that the configuration names`() throws {
        func folder(_ line: String, in folder: String?, exists: Bool = true) throws -> Converted {
            try Converted(
                Self.space + "trialCommand: a\n" + line, name: "c.yml",
                ConversionContext(directory: "../here", folder: folder, isFolder: { _ in exists }))
        }
        #expect(try folder("", in: nil).file.sharedTrainerDirectory == "/nowhere")
        #expect(try folder("", in: "../nni").file.sharedTrainerDirectory == "/nni")
        #expect(try folder("trialCodeDirectory: ./code", in: "a").file.sharedTrainerDirectory == "/nowhere/a/code")
        #expect(try folder("trial_code_directory: ..", in: "a/b").file.sharedTrainerDirectory == "/nowhere/a")
        #expect(try folder("trialCodeDirectory: /opt/x", in: "a").file.sharedTrainerDirectory == "/opt/x")
        let missing = try folder("trialCodeDirectory: code", in: "a", exists: false)
        #expect(missing.file.sharedTrainerDirectory == "/nowhere/a")
        #expect(missing.conversion.gaps.contains { $0.text.hasSuffix("write directory: a/code below trainer") })
    }

    @Test func `an experiment without a search space says where it has it`() {
        expect(
            """
            c.yml:3:1: error: the search space is in the annotations of the program, which are not read
            3 | useAnnotation: true
              | ^
              = help: write the space as JSON, and searchSpaceFile: search_space.json here
            """, ofConverting: "trialConcurrency: 1\ntrial: {command: a}\nuseAnnotation: true\n", name: "c.yml")
        expect(
            """
            c.yml:2:1: error: the experiment names no search space; it has a tuner of its own
            2 | tuner: {className: Mine}
              | ^
              = help: write the space as JSON, and searchSpaceFile: search_space.json here
            """, ofConverting: "trialCommand: a\ntuner: {className: Mine}\n", name: "c.yml")
    }

    @Test func `a space in an option needs a name`() {
        expect(
            """
            s.json:1:53: error: 'l': an option holds a space of its own, which needs a name
            1 | {"l": {"_type": "choice", "_value": ["a", ["conv", {"_type": "choice", "_value": [2]}]]}}
              |                                                     ^
              = help: {"_name": "conv", "size": {"_type": …, "_value": […]}}
            """,
            ofConverting: #"{"l": {"_type": "choice", "_value": ["a", ["conv", {"_type": "choice", "_value": [2]}]]}}"#,
            name: "s.json")
    }

    @Test func `what old files and slips of the pen mean is kept`() throws {
        let converted = try Converted(
            #"{"n": {"_type": "randint", "_value": [8]}, "coef0 ": {"_type": "uniform", "_value": [0, 1]}}"#,
            name: "s.json")
        #expect(converted.names == ["n", "coef0"])
        #expect(converted.distribution("n") == .integer(min: 0, max: 7, step: 1, log: false))
        #expect(converted.conversion.notes.contains { $0.text.hasPrefix("the name 'coef0 ' has a space") })
        #expect(converted.conversion.text.contains("# note: the name 'coef0 ' has a space"))
        let long = try Converted(Self.space + "trialCommand: a\nmaxExperimentDuration: 99999d\n", name: "c.yml")
        #expect(long.sweep.budget.time == nil)
        expect(
            """
            s.json:1:7: error: 'x._value' is missing
            1 | {"x": {"_type": "quniform", "min": 1}}
              |       ^
              = help: "_value": […]
            """, ofConverting: #"{"x": {"_type": "quniform", "min": 1}}"#, name: "s.json")
    }

    @Test func `a tag matters only where the converter reads`() throws {
        let converted = try Converted(
            Self.space
                + "trialCommand: a\ntuner: {className: T, classDirectory: !!python/object/apply:pathlib.Path []}\n",
            name: "c.yml")
        let note = converted.conversion.notes.first { $0.text.contains("pathlib") }
        #expect(note?.location?.line == 3)
        #expect(note?.text.contains("'tuner.classDirectory'") == true)
        #expect(throws: DiagnosticsError.self) {
            try Converted("searchSpace: {x: {_type: choice, _value: [!a 1]}}\ntrialCommand: a\n", name: "c.yml")
        }
    }
}
