import Files
import Foundation
import SweepExchange
import SweepModel
import SweepSearch
import SweepStore
import TestSupport
import Testing

@Suite struct TensorBoardTests {
    @Test func `a folder is whole, and replaced only if an export has written it`() async throws {
        let sweep = try await VariedSweep(3)
        let path = "\(sweep.directory.path)/runs"
        #expect(try TensorBoardExport.write(sweep.store, sweep.file, to: path) == 3)
        try await sweep.add(3)
        chmod(path, 0o710)
        #expect(try TensorBoardExport.write(sweep.store, sweep.file, to: path) == 4)
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o710)
        func entries(_ path: String) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        }
        #expect(try entries(path) == ["events.out.tfevents.1795842000.revsweep"] + (0...3).map { "trial-0000\($0)" })
        #expect(try entries(sweep.directory.path) == ["results", "runs", "varied.yaml"])
        try sweep.directory.write("mine", to: "runs/notes.txt")
        let error = #expect(throws: DraftFolder.Occupied.self) {
            try TensorBoardExport.write(sweep.store, sweep.file, to: path)
        }
        #expect(error?.found == "notes.txt")
        #expect(try entries(path).count == 6)
        #expect(throws: DraftFolder.Occupied.self) {
            try TensorBoardExport.write(sweep.store, sweep.file, to: "\(path)/notes.txt")
        }
        #expect(try entries(sweep.directory.path) == ["results", "runs", "varied.yaml"])
    }

    /// TensorBoard's own reader and the API of its plugin HParams, without a server.
    private static let script = """
        import json, logging, sys
        logging.disable(logging.CRITICAL)
        from tensorboard import context
        from tensorboard.backend.event_processing import data_provider, plugin_event_multiplexer
        from tensorboard.plugins import base_plugin
        from tensorboard.plugins.hparams import api_pb2, backend_context, get_experiment, list_session_groups
        multiplexer = plugin_event_multiplexer.EventMultiplexer(tensor_size_guidance={"hparams": 0})
        multiplexer.AddRunsFromDirectory(sys.argv[1])
        multiplexer.Reload()
        provider = data_provider.MultiplexerDataProvider(multiplexer, sys.argv[1])
        backend = backend_context.Context(base_plugin.TBContext(data_provider=provider))
        request = context.RequestContext()
        experiment = get_experiment.Handler(
            request, backend, "", api_pb2.GetExperimentRequest(include_metrics=True)).run()
        groups = list_session_groups.Handler(request, backend, "", api_pb2.ListSessionGroupsRequest(
            start_index=0, slice_size=1000, allowed_statuses=[0, 1, 2, 3], include_metrics=True)).run()
        def plain(value):
            kind = value.WhichOneof("kind")
            return getattr(value, kind) if kind else None
        print(json.dumps({
            "infos": {i.name: [i.type, [plain(v) for v in i.domain_discrete.values]] for i in experiment.hparam_infos},
            "metrics": [m.name.tag for m in experiment.metric_infos],
            "runs": sorted([g.name, {k: plain(v) for k, v in g.hparams.items()}, [m.value for m in g.metric_values],
                [s.status for s in g.sessions]] for g in groups.session_groups),
        }))
        """

    private struct Unexpected: Error {
        var text: String
    }

    private static let hasTensorBoard = ConditionTrait.enabled("there is no Python with TensorBoard") {
        await Python.has("tensorboard")
    }

    @Test(hasTensorBoard) func `TensorBoard shows every run with its values, its metric and its state`() async throws {
        let sweep = try await VariedSweep(40, rule: .best)
        try await sweep.store.plan(sweep.trial(40), startingAt: VariedSweep.time(900))
        try await sweep.store.plan(sweep.trial(41))
        let path = "\(sweep.directory.path)/runs"
        #expect(try TensorBoardExport.write(sweep.store, sweep.file, to: path) == 41)
        let printed = try await Python.run(Self.script, [path])
        let seen = try #require(ParameterValue(pythonJSON: printed.utf8))
        guard case .mapping(let fields) = seen else { throw Unexpected(text: printed) }
        let entries = Dictionary(uniqueKeysWithValues: fields.map { ($0.key, $0.value) })
        #expect(entries["metrics"] == .list(["val_accuracy"]))
        guard case .mapping(let infos)? = entries["infos"], case .list(let runs)? = entries["runs"] else {
            throw Unexpected(text: printed)
        }
        #expect(Set(infos.map(\.key)) == Set(sweep.file.sweep.space.parameters.map(\.name)))
        // One kind a parameter: mixed choices are text, and null is a word.
        #expect(
            infos.first { $0.key == "optimizer" }?.value
                == .list([
                    1, .list(["sgd", "adam", "3", "true", "1", "None", "[64,32]", #"{"a":1.5}"#]),
                ]))
        #expect(infos.first { $0.key == "batch" }?.value == .list([3, .list([64.0, 128.0, 256.0])]))
        #expect(runs.count == 41)
        let trials = try sweep.store.trials()
        for run in runs {
            guard case .list(let run) = run, case .string(let name) = run[0], case .mapping(let values) = run[1],
                let number = Int(name.dropFirst("trial ".count))
            else { throw Unexpected(text: "\(run)") }
            let trial = trials[number]
            #expect(Set(values.map(\.key)) == Set(trial.parameters.names))
            for value in values where value.key != "optimizer" && value.key != "fixed" {
                #expect(value.value.asNumber == trial.parameters[value.key]?.asNumber)
            }
            let status = trial.state == .running ? 3 : trial.state == .failed || trial.state == .diverged ? 2 : 1
            #expect(run[3] == .list([.integer(status)]), "\(name)")
            if trial.state == .complete, let value = trial.value {
                // Numbers of metrics have single precision.
                #expect(run[2] == .list([.number(Double(Float(value)))]), "\(name)")
            }
        }
    }
}
