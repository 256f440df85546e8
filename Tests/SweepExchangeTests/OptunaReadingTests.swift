import Foundation
import GRDB
import SweepExchange
import SweepModel
import SweepSearch
import TestSupport
import Testing

/// Studies that the real Optuna wrote.
@Suite struct OptunaReadingTests {
    private static let script = """
        import json, math, sys, optuna
        from optuna.storages import JournalStorage
        from optuna.storages.journal import JournalFileBackend
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        kind, path = sys.argv[1:3]
        storage = JournalStorage(JournalFileBackend(path)) if kind == "journal" else "sqlite:///" + path
        optuna.create_study(study_name="empty", storage=storage)
        study = optuna.create_study(study_name="digits", storage=storage, direction="maximize",
            sampler=optuna.samplers.RandomSampler(seed=1))
        study.set_metric_names(["accuracy"])
        study.set_user_attr("note", "é😀")

        def objective(trial):
            name = trial.suggest_categorical("name", ["sgd", "adam", None, True, 3, 0.5])
            rate = trial.suggest_float("rate", 1e-4, 1, log=True)
            layers = trial.suggest_int("layers", 1, 9, step=2)
            trial.suggest_int("width", 8, 512, log=True)
            trial.suggest_float("dropout", 0, 0.5, step=0.1)
            if name == "sgd":
                trial.suggest_float("momentum", 0, 0.99)
            for step in range(3):
                trial.report(rate * step if trial.number != 5 else math.inf, step)
            if trial.number % 7 == 3:
                raise optuna.TrialPruned()
            if trial.number % 7 == 5:
                raise ValueError("no")
            return math.inf if trial.number == 8 else rate + layers

        study.optimize(objective, n_trials=20, catch=(ValueError,))
        study.enqueue_trial({"name": "adam", "rate": 0.5})

        def plain(x):
            return repr(x) if isinstance(x, float) and not math.isfinite(x) else x
        print(json.dumps([{
            "number": t.number, "state": t.state.name, "values": [plain(v) for v in t.values or []],
            "params": [[k, v] for k, v in sorted(t.params.items())],
            "reports": [[s, plain(v)] for s, v in sorted(t.intermediate_values.items())],
        } for t in study.trials]))
        """

    @Test(
        .enabled("there is no Python with Optuna") { await Python.has("optuna") },
        arguments: [OptunaFile.Kind.journal, .database])
    func `a study that Optuna wrote is read as Optuna reads it`(kind: OptunaFile.Kind) async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/study"
        let printed = try await Python.run(Self.script, [kind == .journal ? "journal" : "database", path])
        let expected = try #require(ParameterValue(json: printed.trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(try OptunaFile.kind(of: path) == kind)
        #expect(try OptunaFile.studies(in: path).map(\.name) == ["empty", "digits"])
        let study = try OptunaFile.study(in: path, named: "digits")
        #expect(study.directions == [.maximize])
        #expect(study.metricNames == ["accuracy"])
        #expect(study.userAttributes["note"] == "é😀")
        #expect(study.trials.count == 21)
        #expect(study.trials.last?.fixedParameters.map(\.value) == ["adam", 0.5])
        func plain(_ number: Double) -> ParameterValue {
            number.isNaN ? "nan" : number.isInfinite ? .string(number < 0 ? "-inf" : "inf") : .number(number)
        }
        let read = study.trials.map { trial -> ParameterValue in
            let parameters = trial.parameters.sorted { $0.name < $1.name }
            return .mapping([
                .init("number", .integer(trial.number)), .init("state", .string("\(trial.state)".uppercased())),
                .init("values", .list(trial.values.map(plain))),
                .init("params", .list(parameters.map { .list([.string($0.name), $0.value]) })),
                .init("reports", .list(trial.reports.map { .list([.integer($0.step), plain($0.value)]) })),
            ])
        }
        #expect(ParameterValue.list(read) == expected)
        #expect(study.trials.dropLast().allSatisfy { $0.started != nil && $0.ended != nil })
    }

    @Test func `a database of an old release is refused with what to do`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/study.db"
        let queue = try DatabaseQueue(path: path)
        try queue.write { database in
            try database.execute(
                sql: """
                    CREATE TABLE studies (study_id INTEGER); CREATE TABLE trials (trial_id INTEGER);
                    CREATE TABLE trial_params (param_id INTEGER); CREATE TABLE trial_values (trial_id INTEGER);
                    CREATE TABLE trial_intermediate_values (trial_id INTEGER);
                    CREATE TABLE alembic_version (version_num TEXT); INSERT INTO alembic_version VALUES ('v2.6.0.a');
                    """)
        }
        try queue.close()
        let error = #expect(throws: ExchangeError.self) { try OptunaFile.studies(in: path) }
        #expect(error?.problem == "the database was made by a release of Optuna before 3.0 (v2.6.0.a)")
        #expect(error?.help == "optuna storage upgrade --storage sqlite:///\(path)")
    }

    @Test func `a database of another program is no study`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/other.db"
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: "CREATE TABLE trials (trial_id INTEGER)") }
        try queue.close()
        #expect(try OptunaFile.kind(of: path) == nil)
    }
}
