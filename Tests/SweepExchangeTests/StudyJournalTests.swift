import Foundation
import SweepExchange
import SweepModel
import SweepSearch
import TestSupport
import Testing

@Suite struct StudyJournalTests {
    private static let study = #"{"op_code":0,"worker_id":"x","study_name":"digits","directions":[2]}"#
    private static let rate =
        #"{\"name\": \"FloatDistribution\", \"attributes\": {\"step\": null, \"low\": 0.001, \"high\": 1.0, "#
        + #"\"log\": true}}"#
    private static let trial = """
        {"op_code":4,"worker_id":"x","study_id":0,"datetime_start":"2026-11-28T05:00:00.000000+00:00",\
        "datetime_complete":"2026-11-28T05:00:06.250000+00:00","state":1,"value":0.86,"values":null,\
        "distributions":{"lr":"\(rate)"},"params":{"lr":0.01},"user_attrs":{},"system_attrs":{},\
        "intermediate_values":{"2":0.86,"1":0.5}}
        """

    private func read(_ lines: [String], ending: String = "\n", named name: String? = nil) throws -> OptunaStudy {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/study.log"
        try (lines.joined(separator: "\n") + ending).write(toFile: path, atomically: true, encoding: .utf8)
        return try OptunaFile.study(in: path, named: name)
    }

    @Test func `a trial in one line is read with all it has`() throws {
        let study = try read([Self.study, Self.trial])
        #expect(study.name == "digits")
        #expect(study.directions == [.maximize])
        let trial = try #require(study.trials.first)
        #expect(trial.state == .complete)
        #expect(trial.values == [0.86])
        #expect(trial.parameters == [.init("lr", 0.01, from: .float(low: 0.001, high: 1, step: nil, log: true))])
        #expect(trial.reports == [.init(step: 1, value: 0.5), .init(step: 2, value: 0.86)])
        #expect(trial.ended.flatMap { end in trial.started.map { end.timeIntervalSince($0) } } == 6.25)
    }

    @Test func `a trial in many lines is what these make of it, and what is written after its end does not count`()
        throws
    {
        let study = try read([
            Self.study,
            #"{"op_code":3,"study_id":0,"system_attr":{"study:metric_names":["accuracy"]}}"#,
            #"{"op_code":4,"worker_id":"x","study_id":0,"datetime_start":null,"state":4,"user_attrs":{},"#
                + #""system_attrs":{"fixed_params":{"name":"a"}},"intermediate_values":{}}"#,
            #"{"op_code":6,"worker_id":"x","trial_id":0,"state":0,"values":null,"#
                + #""datetime_start":"2026-11-28T06:00:00.500000+01:00"}"#,
            #"{"op_code":5,"worker_id":"x","trial_id":0,"param_name":"name","param_value_internal":1,"distribution":"#
                + #""{\"name\":\"CategoricalDistribution\",\"attributes\":{\"choices\":[\"a\",null,3]}}"}"#,
            #"{"op_code":5,"worker_id":"x","trial_id":0,"param_name":"layers","param_value_internal":4.0,"#
                + #""distribution":"{\"name\":\"IntUniformDistribution\","#
                + #"\"attributes\":{\"low\":1,\"high\":9,\"step\":1}}"}"#,
            #"{"op_code":7,"worker_id":"x","trial_id":0,"step":2,"intermediate_value":NaN}"#,
            #"{"op_code":7,"worker_id":"x","trial_id":0,"step":1,"intermediate_value":-Infinity}"#,
            #"{"op_code":8,"worker_id":"x","trial_id":0,"user_attr":{"note":"\ud83d\ude00"}}"#,
            #"{"op_code":6,"worker_id":"x","trial_id":0,"state":2,"values":[1.5],"#
                + #""datetime_complete":"2026-11-28T05:00:01+00:00"}"#,
            #"{"op_code":6,"worker_id":"x","trial_id":0,"state":3,"values":null,"datetime_complete":null}"#,
            #"{"op_code":7,"worker_id":"x","trial_id":0,"step":3,"intermediate_value":9}"#,
        ])
        #expect(study.metricNames == ["accuracy"])
        let trial = try #require(study.trials.first)
        #expect(trial.state == .pruned)
        #expect(trial.values == [1.5])
        #expect(trial.fixedParameters.map(\.value) == ["a"])
        #expect(trial.parameters.map(\.value) == [.null, 4])
        #expect(trial.parameters["layers"]?.distribution == .integer(low: 1, high: 9, step: 1, log: false))
        #expect(trial.reports.map(\.step) == [1, 2])
        #expect(trial.reports[0].value == -.infinity && trial.reports[1].value.isNaN)
        #expect(trial.userAttributes["note"] == "😀")
        #expect(trial.started == Date(timeIntervalSince1970: 1_795_842_000.5))
    }

    @Test func `identifiers count lines, whatever study they belong to, and deleted studies keep theirs`() throws {
        let study = try read(
            [
                Self.study,
                #"{"op_code":0,"worker_id":"y","study_name":"digits","directions":[1]}"#,
                #"{"op_code":0,"worker_id":"y","study_name":"other","directions":[1]}"#,
                #"{"op_code":4,"study_id":0,"datetime_start":null,"state":4}"#,
                #"{"op_code":4,"study_id":1,"datetime_start":null,"state":0}"#,
                #"{"op_code":1,"study_id":0}"#,
                #"{"op_code":4,"study_id":0,"datetime_start":null,"state":4}"#,
                #"{"op_code":4,"study_id":1,"datetime_start":null,"state":0}"#,
                #"{"op_code":10,"trial_ids":[0]}"#,
                #"{"op_code":77,"anything":{}}"#,
                #"{"op_code":6,"trial_id":2,"state":1,"values":[2.5],"datetime_complete":null}"#,
            ], named: "other")
        #expect(study.directions == [.minimize])
        #expect(study.trials.map(\.state) == [.running, .complete])
        #expect(study.trials[1].values == [2.5])
    }

    @Test func `a line that is still being written is passed over`() throws {
        for length in [1, 40, Self.trial.utf8.count] {
            let study = try read([Self.study, Self.trial, String(Self.trial.prefix(length))], ending: "")
            #expect(study.trials.count == 1)
        }
    }

    @Test(arguments: [
        (#"{"op_code":4,"study_id":0,"datetime_start":null,"state":9}"#, "study.log:2: Optuna has no trials"),
        (#"{"op_code":4,"study_id":0,"datetime_start":null,"params":{"a":1}}"#, "the parameter 'a' has no number"),
        (
            #"{"op_code":4,"study_id":0,"datetime_start":null,"params":{"a":1},"distributions":{"a":"{}"}}"#,
            "distribution that is not known: {}"
        ),
        (#"{"op_code":7,"trial_id":0,"step":1}"#, "study.log:2: this line reports nothing"),
        ("[]", "study.log:2: this line is not a JSON object"),
        (#"{"op_code":0,"study_name":"#, "study.log:2: this line is not a JSON object"),
    ])
    func `a line that makes no sense is named`(line: String, words: String) throws {
        let error = #expect(throws: ExchangeError.self) { try read([Self.study, line]) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "none")")
    }

    @Test func `of several studies one is chosen by name, or all are listed`() throws {
        let studies = ["first", "second"].map {
            #"{"op_code":0,"worker_id":"x","study_name":"\#($0)","directions":[1]}"#
        }
        #expect(try read(studies, named: "second").name == "second")
        let none = #expect(throws: ExchangeError.self) { try read(studies) }
        #expect(none?.problem == "there are 2 studies in this file: 'first', 'second'")
        let unknown = #expect(throws: ExchangeError.self) { try read(studies, named: "secnd") }
        #expect(unknown?.help == "did you mean 'second'?")
    }

    @Test(arguments: [
        "", "\n\n", "number,state\n0,complete\n", "{\"op_code\": 1}\n", "metric: {name: loss}\n", "[1]\n",
    ])
    func `a file is known by its content`(text: String) throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/study.log"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try OptunaFile.kind(of: path) == nil)
        #expect(throws: ExchangeError.self) { try OptunaFile.study(in: path) }
    }

    @Test(arguments: [
        (
            #"{"name": "FloatDistribution", "attributes": {"step": 0.25, "low": 0, "high": 1.0, "log": false}}"#,
            OptunaDistribution.float(low: 0, high: 1, step: 0.25, log: false)
        ),
        (
            #"{"name": "IntDistribution", "attributes": {"log": true, "step": 1, "low": 1, "high": 64}}"#,
            .integer(low: 1, high: 64, step: 1, log: true)
        ),
        (
            #"{"name": "CategoricalDistribution", "attributes": {"choices": ["a", null, true, 3, 0.5]}}"#,
            .categorical(["a", .null, true, 3, 0.5])
        ),
        (
            #"{"name": "UniformDistribution", "attributes": {"low": 1.0, "high": 2.0}}"#,
            .float(low: 1, high: 2, step: nil, log: false)
        ),
        (
            #"{"name": "LogUniformDistribution", "attributes": {"low": 1.0, "high": 2.0}}"#,
            .float(low: 1, high: 2, step: nil, log: true)
        ),
        (
            #"{"name": "DiscreteUniformDistribution", "attributes": {"low": 1.0, "high": 2.0, "q": 0.5}}"#,
            .float(low: 1, high: 2, step: 0.5, log: false)
        ),
        (
            #"{"name": "IntUniformDistribution", "attributes": {"low": 1, "high": 9, "step": 2}}"#,
            .integer(low: 1, high: 9, step: 2, log: false)
        ),
        (
            #"{"name": "IntLogUniformDistribution", "attributes": {"low": 1, "high": 9, "step": 1}}"#,
            .integer(low: 1, high: 9, step: 1, log: true)
        ),
        (#"{"type": "int", "low": 1, "high": 9}"#, .integer(low: 1, high: 9, step: 1, log: false)),
        (#"{"type": "categorical", "choices": [1]}"#, .categorical([1])),
    ])
    func `distributions of all releases are read`(json: String, distribution: OptunaDistribution) {
        #expect(OptunaDistribution(json: json) == distribution)
        #expect(OptunaDistribution(json: distribution.json) == distribution)
    }
}
