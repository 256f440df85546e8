import Foundation
import SweepExchange
import SweepModel
import SweepSearch
import SweepStore
import TestSupport
import Testing

@Suite struct OptunaExportTests {
    private func journal(of sweep: VariedSweep) throws -> (text: String, study: OptunaStudy) {
        var text = ""
        try StudyExport(of: sweep.store, sweep.file).journal { text += $0 }
        let path = try sweep.directory.write(text, to: "journal.log")
        return (text, try OptunaFile.study(in: path))
    }

    @Test func `a trial in each state is what Optuna has for it`() async throws {
        let sweep = try await VariedSweep(8)
        try await sweep.store.plan(sweep.trial(8), startingAt: VariedSweep.time(100))
        try await sweep.store.record([
            MetricRecord(trial: 8, attempt: 1, step: 1, name: "val_accuracy", value: 0.25)
        ])
        try await sweep.store.plan(sweep.trial(9), startingAt: VariedSweep.time(100))
        try await sweep.store.end(
            9, TrialEnding(.waiting, .paused("rung 0")), metrics: [], at: VariedSweep.time(101))
        try await sweep.store.plan(sweep.trial(10))
        try SweepStore.enqueue(
            [["rate": 0.5, "optimizer": .list([64, 32])]], in: "\(sweep.directory.path)/results/varied", at: Date())
        let study = try journal(of: sweep).study
        #expect(study.directions == [.maximize] && study.metricNames == ["val_accuracy"])
        #expect(study.trials.map(\.number) == Array(0...11))
        let states = study.trials.map(\.state)
        #expect(states[3] == .pruned && states[5] == .fail && states[7] == .fail && states[0] == .complete)
        #expect(Array(states[8...]) == [.running, .running, .waiting, .waiting])
        let trials = try sweep.store.trials()
        #expect(study.trials[0].values == trials[0].value.map { [$0] })
        #expect(study.trials[3].values == study.trials[3].reports.last.map { [$0.value] })
        #expect(study.trials[3].userAttributes["revsweep:reason"] == "rung 1: \"worst\" of 3")
        #expect(study.trials[5].values.isEmpty)
        #expect(study.trials[5].userAttributes["revsweep:reason"] == "crash: exit 2")
        #expect(study.trials[7].values.isEmpty && study.trials[7].reports.map(\.step) == [1, 2])
        #expect(study.trials[7].userAttributes["revsweep:state"] == "diverged")
        #expect(study.trials[8].reports == [.init(step: 1, value: 0.25)] && study.trials[8].ended == nil)
        #expect(study.trials[10].parameters.isEmpty)
        #expect(study.trials[10].fixedParameters.map(\.name) == trials[10].parameters.names)
        #expect(
            Dictionary(uniqueKeysWithValues: study.trials[11].fixedParameters.map { ($0.name, $0.value) })
                == ["rate": 0.5, "optimizer": "[64,32]"])
        #expect(study.trials[0].started == trials[0].started && study.trials[0].ended == trials[0].ended)
        if case .mapping(let metrics)? = study.trials[0].userAttributes["revsweep:metrics"] {
            #expect(metrics.map(\.key) == ["loss"])
        } else {
            Issue.record("the other metrics are missing")
        }
    }

    @Test func `a journal is strict JSON, without NaN`() async throws {
        let sweep = try await VariedSweep(30)
        let text = try journal(of: sweep).text
        #expect(!text.contains("NaN") && !text.contains("Infinity") && !text.contains("nan") && !text.contains("inf,"))
        for line in text.split(separator: "\n") {
            #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) }
        }
    }

    @Test func `one name has one kind and the same choices in all trials, and every value is in its range`()
        async throws
    {
        let sweep = try await VariedSweep(60)
        let study = try journal(of: sweep).study
        for parameter in study.distributions { #expect(parameter.distributions.count == 1, "\(parameter.name)") }
        for trial in study.trials {
            for parameter in trial.parameters {
                switch (parameter.distribution, parameter.value) {
                case (.float(let low, let high, _, _), .number(let number)): #expect((low...high).contains(number))
                case (.integer(let low, let high, _, _), .integer(let number)): #expect((low...high).contains(number))
                case (.categorical(let choices), let value): #expect(choices.contains(value))
                default: Issue.record("\(parameter)")
                }
            }
        }
        func distribution(_ name: String) -> OptunaDistribution? {
            study.distributions.first { $0.name == name }?.distributions.first
        }
        #expect(distribution("rate") == .float(low: 1e-4, high: 1, step: nil, log: true))
        // Optuna's grid begins at `low`; ours are the multiples.
        #expect(distribution("dropout") == .float(low: 0.1, high: 0.5, step: 0.1, log: false))
        #expect(distribution("decay") == .float(low: 0.1, high: 100, step: nil, log: true))
        #expect(distribution("layers") == .integer(low: 1, high: 7, step: 3, log: false))
        #expect(distribution("width") == .integer(low: 8, high: 512, step: 1, log: true))
        #expect(distribution("batch") == .categorical([64, 128, 256]))
        #expect(distribution("shift") == .float(low: -4, high: 4, step: nil, log: false))
        // In Python 1 == True, and a list cannot be a choice.
        #expect(
            distribution("optimizer")
                == .categorical(["sgd", "adam", 3, true, "1", .null, "[64,32]", #"{"a":1.5}"#]))
        let momentum = study.trials.filter { $0.parameters["momentum"] != nil }
        #expect(!momentum.isEmpty && momentum.allSatisfy { $0.parameters["optimizer"]?.value == "sgd" })
        #expect(momentum.count < study.trials.count)
    }

    @Test func `the database holds what the journal holds`() async throws {
        let sweep = try await VariedSweep(20)
        try await sweep.store.plan(sweep.trial(20))
        let journal = try journal(of: sweep).study
        let path = "\(sweep.directory.path)/study.db"
        try "an old file".write(toFile: path, atomically: true, encoding: .utf8)
        try StudyExport(of: sweep.store, sweep.file).writeDatabase(to: path)
        var database = try OptunaFile.study(in: path)
        // A database may hold that a report was not a number.
        #expect(database.trials[7].reports.last?.value.isNaN == true)
        for number in database.trials.indices {
            database.trials[number].reports.removeAll { !$0.value.isFinite }
            database.trials[number].parameters.sort { $0.name < $1.name }
        }
        var other = journal
        for number in other.trials.indices { other.trials[number].parameters.sort { $0.name < $1.name } }
        #expect(database == other)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: sweep.directory.path).sorted()
                == ["journal.log", "results", "study.db", "varied.yaml"])
    }

    @Test func `values from before a change of the file widen the ranges`() async throws {
        let sweep = try await VariedSweep(2)
        var odd = sweep.trial(2)
        let values: [String: ParameterValue] = [
            "optimizer": "lion", "rate": 5, "layers": 20, "shift": 7.5, "batch": 64,
        ]
        odd.parameters = Assignment(values, in: sweep.file.sweep.space)
        try await sweep.store.plan(odd, startingAt: VariedSweep.time(30))
        try await sweep.store.log(EventRecord(.changeAccepted, at: VariedSweep.time(40)))
        let study = try journal(of: sweep).study
        #expect(study.trials[2].parameters["optimizer"]?.value == "lion")
        for parameter in study.distributions { #expect(parameter.distributions.count == 1) }
        #expect(study.trials[0].parameters["rate"]?.distribution == .float(low: 1e-4, high: 5, step: nil, log: true))
        #expect(
            study.trials[0].parameters["layers"]?.distribution == .integer(low: 1, high: 20, step: 3, log: false))
        #expect(study.trials[0].parameters["shift"]?.distribution == .float(low: -4, high: 7.5, step: nil, log: false))
    }
}
