import ConfigFile
import EarlyStopping
import SweepConversion
import SweepModel
import SweepSearch
import Testing

@Suite struct NNITests {
    private static func distribution(_ definition: String) throws -> Distribution? {
        try Converted("{\"x\": \(definition)}", name: "search_space.json").distribution("x")
    }

    private static let types: [(String, Distribution)] = [
        (#"{"_type": "choice", "_value": [32, "a", true, null]}"#, .choice([32, "a", true, .null])),
        (#"{"_type": "choice", "_value": [8, 8, 16]}"#, .choice(values: [8, 16], weights: [2, 1])),
        (#"{"_type": "choice", "_value": [[1, 2], {"a": 1}]}"#, .choice([[1, 2], .mapping([.init("a", 1)])])),
        (#"{"_type": "randint", "_value": [1, 8]}"#, .integer(min: 1, max: 7, step: 1, log: false)),
        (#"{"_type": "uniform", "_value": [0.1, 1]}"#, .uniform(min: 0.1, max: 1)),
        (#"{"_type": "loguniform", "_value": [1e-5, 0.1]}"#, .logUniform(min: 1e-5, max: 0.1)),
        (#"{"_type": "quniform", "_value": [0, 100, 5]}"#, .quantized(.linear, min: 0, max: 100, step: 5)),
        (#"{"_type": "quniform", "_value": [0.1, 1, 0.25]}"#, .quantized(.linear, min: 0.1, max: 1, step: 0.25)),
        // 6 rounds to 10, which is clipped to 9, and so does 9.
        (#"{"_type": "quniform", "_value": [6, 9, 10]}"#, .constant(9)),
        (#"{"_type": "qloguniform", "_value": [16, 512, 16]}"#, .quantized(.logarithmic, min: 16, max: 512, step: 16)),
        (#"{"_type": "normal", "_value": [5, 2]}"#, .normal(mean: 5, std: 2)),
        (#"{"_type": "lognormal", "_value": [0, 0.5]}"#, .logNormal(mean: 0, std: 0.5)),
    ]

    @Test(arguments: types)
    func `each type has its counterpart`(definition: String, expected: Distribution) throws {
        #expect(try Self.distribution(definition) == expected)
    }

    @Test func `nested spaces become conditions`() throws {
        let converted = try Converted(
            """
            {"layer": {"_type": "choice", "_value": [
                {"_name": "conv", "kernel": {"_type": "choice", "_value": [3, 5]},
                 "size": {"_type": "randint", "_value": [1, 4]}},
                {"_name": "pool", "size": {"_type": "randint", "_value": [2, 3]},
                 "more": {"_type": "choice", "_value": [{"_name": "a", "b": {"_type": "uniform", "_value": [0, 1]}}]}},
                {"_name": "Empty"}]},
             "lr": {"_type": "uniform", "_value": [0, 1]}}
            """, name: "search_space.json")
        let space = converted.sweep.space
        #expect(
            converted.names == [
                "layer", "layer.kernel", "layer.conv.size", "layer.pool.size", "layer.more", "layer.more.b", "lr",
            ])
        #expect(converted.distribution("layer") == .choice(["conv", "pool", "Empty"]))
        let conditions = Dictionary(uniqueKeysWithValues: space.parameters.map { ($0.name, $0.conditions) })
        #expect(conditions["layer.kernel"] == [Condition("layer", .equals("conv"))])
        #expect(conditions["layer.pool.size"] == [Condition("layer", .equals("pool"))])
        #expect(conditions["layer.more.b"] == [Condition("layer.more", .equals("a"))])
        #expect(conditions["lr"] == [])
    }

    private static let space = #"{"lr": {"_type": "loguniform", "_value": [0.0001, 0.1]}}"#

    @Test func `an experiment names trials, tuner and limits`() throws {
        let config = """
            experimentName: mnist
            searchSpaceFile: search_space.json
            trialCommand: python3 mnist.py --epochs 3
            trialCodeDirectory: code
            trialGpuNumber: 0
            trialConcurrency: 4
            maxTrialNumber: 30
            maxExperimentDuration: 2h
            tuner:
              name: TPE
              classArgs: {optimize_mode: minimize, seed: 3}
            assessor: {name: Medianstop, classArgs: {start_step: 5}}
            trainingService: {platform: local}
            """
        let files = ["search_space.json": Self.space, "config.yml": config]
        let context = ConversionContext(
            folder: "experiments", neighbour: { name in files[name].map { SourceFile(path: name, text: $0) } },
            variable: { _ in nil })
        for (text, name, tool) in [(config, "a.yml", ForeignTool.nniExperiment), (Self.space, "b.json", .nniSpace)] {
            let converted = try Converted(text, name: name, context)
            let sweep = converted.sweep
            #expect(converted.conversion.tool == tool)
            #expect(converted.names == ["lr"])
            #expect(sweep.name == "mnist")
            #expect(sweep.metric == Metric(name: "default", goal: .minimize, rule: .last))
            #expect(sweep.budget.trials == 30)
            #expect(sweep.budget.time == .seconds(7200))
            #expect(sweep.sampler.name == .tpe)
            #expect(sweep.sampler.seed == 3)
            #expect(sweep.resources.parallel(onCores: 8) == 4)
            #expect(sweep.pruning != nil)
            if case .stopping(let pruner as PercentilePruner)? = sweep.pruning {
                #expect(pruner.startupTrials == 1)
                #expect(converted.conversion.notes.contains { $0.text.hasPrefix("NNI compares with the median") })
            }
            #expect(converted.conversion.gaps.count == 1)
            #expect(converted.arguments([]) == ["/usr/bin/env", "python3", "mnist.py", "--epochs", "3"])
            #expect(converted.file.sharedTrainerDirectory == "/nowhere/experiments/code")
            // The command is in the configuration, whichever of the two is converted.
            let place = converted.conversion.gaps.first
            #expect(place?.path == (tool == .nniSpace ? "config.yml" : "a.yml"))
            #expect(place?.location?.line == 3)
        }
    }

    @Test func `the first version's keys and a space inside the file are read`() throws {
        let converted = try Converted(
            """
            authorName: default
            trialConcurrency: 1
            maxTrialNum: 10
            maxExecDuration: 1h
            trainingServicePlatform: local
            useAnnotation: false
            searchSpace:
              no: {_type: choice, _value: [yes, 1]}
            tuner: {builtinTunerName: Random, classArgs: {optimize_mode: maximize}}
            trial: {command: "cd src && python3 a.py > log", codeDir: ., gpuNum: 0}
            """, name: "config.yml")
        #expect(converted.sweep.sampler.name == .random)
        #expect(converted.sweep.budget.trials == 10)
        #expect(converted.sweep.metric.goal == .maximize)
        #expect(converted.arguments([]) == ["/usr/bin/env", "sh", "-c", "cd src && python3 a.py > log"])
    }

    @Test(arguments: [
        #"{"x": {"_type": "unifrom", "_value": [0, 1]}}"#, #"{"x": {"_type": "uniform", "_value": [0]}}"#,
        #"{"x": {"_type": "uniform", "_value": [1, 0]}}"#, #"{"x": {"_type": "uniform", "_value": 3}}"#,
        #"{"x": {"_type": "randint", "_value": [3, 3]}}"#, #"{"x": {"_type": "randint", "_value": [0.5, 3]}}"#,
        #"{"x": {"_type": "loguniform", "_value": [0, 1]}}"#, #"{"x": {"_type": "choice", "_value": []}}"#,
        #"{"x": {"_type": "quniform", "_value": [0, 1, 0]}}"#, #"{"x": {"_type": "normal", "_value": [0, 0]}}"#,
        #"{"x": {"_type": "uniform", "_value": [0, 1], "q": 1}}"#, #"{"x": {"_type": "mutable_layer", "_value": [1]}}"#,
        #"{"x": {"_type": "uniform", "_value": [0, 1]}, "y": 3}"#, #"{"x": {"_value": [0, 1], "_type": null}}"#,
        #"{"a b": {"_type": "uniform", "_value": [0, 1]}}"#,
        "searchSpaceFile: missing.json\ntrialCommand: a\n", "trialCommand: a\ntuner: {name: TPE}\n",
        "searchSpace: {x: {_type: uniform, _value: [0, 1]}}\ntuner: {name: TPO}\n",
        "searchSpace: {x: {_type: uniform, _value: [0, 1]}}\ntuner: {name: TPE, classArgs: {optimize_mode: max}}\n",
        "searchSpace: {x: {_type: uniform, _value: [0, 1]}}\nmaxTrialNumbr: 3\n",
        "searchSpace: {x: {_type: uniform, _value: [0, 1]}}\nmaxTrialNumber: many\n",
    ])
    func `what has no meaning is refused`(text: String) {
        #expect(throws: DiagnosticsError.self) { try Converted(text, name: "x.yml") }
    }
}
