import Foundation
import ImportanceAnalysis
import SweepExchange
import SweepModel
import SweepSearch
import SweepStore
import TestSupport
import Testing

/// Our exports as the real Optuna sees them.
@Suite(.enabled("there is no Python with Optuna") { await Python.has("optuna") })
struct OptunaPackageTests {
    /// Loads the journal and the database, compares them field by field, and has Optuna validate every trial.
    private static let script = """
        import json, sys, optuna, warnings
        from optuna.storages import JournalStorage
        from optuna.storages.journal import JournalFileBackend
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        warnings.simplefilter("error", UserWarning)
        studies = [
            optuna.load_study(study_name="varied", storage=JournalStorage(JournalFileBackend(sys.argv[1]))),
            optuna.load_study(study_name="varied", storage="sqlite:///" + sys.argv[2]),
        ]
        def fields(t):
            return (t.number, t.state, t.values, t.params, t.distributions, t.user_attrs, t.system_attrs,
                {k: v for k, v in t.intermediate_values.items() if v == v}, t.datetime_start, t.datetime_complete)
        first, second = [s.trials for s in studies]
        assert len(first) == len(second)
        for a, b in zip(first, second):
            assert fields(a) == fields(b), (fields(a), fields(b))
            a._validate()
        study = studies[0]
        assert study.metric_names == ["val_accuracy"], study.metric_names
        from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances
        importances = [get_param_importances(s, evaluator=PedAnovaImportanceEvaluator()) for s in studies]
        assert importances[0] == importances[1]
        # A study can go on where ours ended.
        study.sampler = optuna.samplers.RandomSampler(seed=1)
        study.optimize(lambda trial: trial.suggest_float("rate", 1e-4, 1, log=True), n_trials=1)
        print(json.dumps({
            "best": study.best_trial.number if study.best_value < 1 else -1,
            "value": studies[1].best_value, "bestOfDatabase": studies[1].best_trial.number,
            "states": [t.state.name for t in second], "importances": importances[0],
            "params": studies[1].best_params,
        }))
        """

    private struct Seen: Decodable {
        var value: Double
        var bestOfDatabase: Int
        var states: [String]
        var importances: [String: Double]
    }

    @Test func `Optuna loads both files, finds our best trial and computes importances`() async throws {
        let sweep = try await VariedSweep(60)
        try await sweep.store.plan(sweep.trial(60))
        var text = ""
        try StudyExport(of: sweep.store, sweep.file).journal { text += $0 }
        let journal = try sweep.directory.write(text, to: "study.log")
        let database = "\(sweep.directory.path)/study.db"
        try StudyExport(of: sweep.store, sweep.file).writeDatabase(to: database)
        let printed = try await Python.run(Self.script, [journal, database])
        let seen = try JSONDecoder().decode(Seen.self, from: Data(printed.utf8))
        let best = try #require(try sweep.store.bestTrial())
        #expect(seen.bestOfDatabase == best.number && seen.value == best.value)
        // Optuna has no ordinals and no weights, and our analysis takes them as they are exported.
        let analysis = PedANOVA(
            of: try sweep.store.trials(), in: sweep.file.sweep.space, metric: sweep.file.sweep.metric)
        #expect(Set(seen.importances.keys) == Set(analysis.importances.map(\.name)))
        for importance in analysis.importances {
            let theirs = seen.importances[importance.name] ?? .nan
            #expect(abs(theirs - importance.share) < 1e-9, "\(importance): \(theirs)")
        }
        #expect(
            seen.states.prefix(8) == [
                "COMPLETE", "COMPLETE", "COMPLETE", "PRUNED", "COMPLETE", "FAIL", "COMPLETE", "FAIL",
            ])
        #expect(seen.states.last == "WAITING")
    }

    /// The application of optuna-dashboard, asked as its own page asks it, without a network.
    private static let dashboard = """
        import io, json, sys
        import optuna
        from optuna.storages import JournalStorage
        from optuna.storages.journal import JournalFileBackend
        from optuna_dashboard import wsgi
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        application = wsgi(JournalStorage(JournalFileBackend(sys.argv[1])))
        def get(path):
            statuses = []
            environment = {
                "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "localhost",
                "SERVER_PORT": "80", "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http",
            }
            body = b"".join(application(environment, lambda status, headers, *rest: statuses.append(status)))
            assert statuses == ["200 OK"], statuses
            return json.loads(body)
        study = get("/api/studies")["study_summaries"][0]
        detail = get(f"/api/studies/{study['study_id']}")
        print(json.dumps({
            "name": study["study_name"], "states": [trial["state"] for trial in detail["trials"]],
            "best": [trial["number"] for trial in detail["best_trials"]],
        }))
        """

    @Test(.enabled("there is no Python with optuna-dashboard") { await Python.has("optuna_dashboard") })
    func `optuna-dashboard serves a mirror`() async throws {
        struct Served: Decodable {
            var name: String
            var states: [String]
            var best: [Int]
        }
        let sweep = try await VariedSweep(30)
        try await sweep.store.plan(sweep.trial(30), startingAt: VariedSweep.time(900))
        let path = "\(sweep.directory.path)/mirror.log"
        let mirror = try StudyMirror(replacing: path, store: sweep.store, sweep.file)
        try mirror.update()
        let served = try JSONDecoder().decode(
            Served.self, from: Data(try await Python.run(Self.dashboard, [path]).utf8))
        let best = try #require(try sweep.store.bestTrial())
        #expect(served.name == "varied" && served.best == [best.number])
        #expect(served.states.count == 31 && served.states.last == "Running")
    }

    @Test func `Optuna reads a mirror at any moment`() async throws {
        let script = """
            import json, sys, optuna
            from optuna.storages import JournalStorage
            from optuna.storages.journal import JournalFileBackend
            optuna.logging.set_verbosity(optuna.logging.ERROR)
            study = optuna.load_study(study_name="varied", storage=JournalStorage(JournalFileBackend(sys.argv[1])))
            print(json.dumps([[t.state.name, len(t.params), len(t.intermediate_values)] for t in study.trials]))
            """
        let sweep = try await VariedSweep(2)
        let path = "\(sweep.directory.path)/mirror.log"
        let mirror = try StudyMirror(replacing: path, store: sweep.store, sweep.file)
        try await sweep.store.plan(sweep.trial(2), startingAt: VariedSweep.time(20))
        try await sweep.store.record([
            MetricRecord(trial: 2, attempt: 1, step: 1, name: "val_accuracy", value: 0.25)
        ])
        try mirror.update()
        let count = sweep.trial(2).parameters.count
        let counts = (0..<2).map { sweep.trial($0).parameters.count }
        #expect(
            try await Python.run(script, [path])
                == "[[\"COMPLETE\", \(counts[0]), 3], [\"COMPLETE\", \(counts[1]), 3], [\"RUNNING\", \(count), 1]]\n")
        try await sweep.store.end(2, .complete(0.25), metrics: [], at: VariedSweep.time(30))
        try mirror.update()
        #expect(try await Python.run(script, [path]).hasSuffix("[\"COMPLETE\", \(count), 1]]\n"))
    }
}
