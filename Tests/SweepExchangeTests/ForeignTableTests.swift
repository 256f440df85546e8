import Foundation
import GRDB
import SweepEngine
import SweepExchange
import SweepFile
import SweepModel
import SweepSearch
import TestSupport
import Testing

/// Tables of comma-separated values that other programs write.
@Suite struct ForeignTableTests {
    private let directory: TemporaryDirectory
    private let sweep: Sweep

    init() throws {
        directory = try TemporaryDirectory()
        let path = try directory.write(
            """
            metric: {name: val_loss, goal: minimize}
            trainer: {command: [train]}
            parameters:
              optimizer.name: {type: choice, values: [sgd, adam, "", null, true, "1"]}
              optimizer.rate: {type: loguniform, min: 1e-4, max: 1}
              model.layers: {type: int, min: 1, max: 9}
              momentum: {type: uniform, min: 0, max: 1, when: {optimizer.name: sgd}}
            budget: {trials: 3}
            """, to: "sweep.yaml")
        sweep = try SweepFile.read(path: path).sweep
    }

    private func read(_ text: String, for other: Sweep? = nil) throws -> [PastTrial] {
        try ForeignTrials(in: directory.write(text, to: "table.csv"), for: other ?? sweep).trials
    }

    /// Python computes 0.1 + 3 · 0.2, and counts whole numbers exactly.
    @Test func `numbers of a list may differ by rounding, and whole ones not at all`() throws {
        let path = try directory.write(
            """
            metric: {name: loss, goal: minimize}
            trainer: {command: [train]}
            parameters:
              q: {type: ordinal, values: [0.1, 0.3, 0.5, 0.7]}
              seed: {type: choice, values: [1000000000, 5]}
            budget: {trials: 3}
            """, to: "rounded.yaml")
        let sweep = try SweepFile.read(path: path).sweep
        let table = "q,seed,loss\n0.7000000000000001,5,1\n0.30000000000000004,1000000001,2\n0.71,5,3\n"
        let trials = try ForeignTrials(in: directory.write(table, to: "rounded.csv"), for: sweep).trials
        let imported = TrialImport(of: trials, from: "/rounded.csv", for: sweep)
        #expect(imported.trials.map(\.parameters["q"]) == [0.7])
        #expect(imported.leftOut.count == 2)
    }

    @Test func `what was imported is known by what the file says, and by all its results`() throws {
        func sweep(default value: String) throws -> Sweep {
            try SweepFile.read(
                path: directory.write(
                    """
                    metrics: [{name: loss, goal: minimize}, {name: size, goal: minimize}]
                    trainer: {command: [train]}
                    parameters:
                      x: {type: uniform, min: 0, max: 1}
                      q: {type: uniform, min: 0, max: 1, default: \(value)}
                    budget: {trials: 3}
                    """, to: "two.yaml")
            ).sweep
        }
        func imported(_ text: String, _ sweep: Sweep, after present: [TrialRecord] = []) throws -> TrialImport {
            let foreign = try ForeignTrials(in: directory.write(text, to: "two.csv"), for: sweep)
            return TrialImport(of: foreign.trials, from: foreign.source, for: sweep, after: present)
        }
        let table = "x,loss,size\n0.5,1,3\n0.25,2,4\n"
        let first = try imported(table, try sweep(default: "0.5"))
        #expect(first.trials.count == 2, "\(first.leftOut)")
        let changed = try imported(table, try sweep(default: "0.75"), after: first.trials)
        #expect(changed.known == 2 && changed.trials.isEmpty)
        let corrected = try imported(
            "x,loss,size\n0.5,1,3\n0.25,2,5\n", try sweep(default: "0.5"), after: first.trials)
        #expect(corrected.known == 1 && corrected.trials.map(\.further) == [["size": 5]])
    }

    @Test(arguments: [
        // As pandas writes a study of Optuna's.
        """
        ,number,value,datetime_start,datetime_complete,duration,\
        params_layers,params_momentum,params_name,params_rate,state
        0,0,0.5,2026-11-28 05:00:00.125,2026-11-28 05:00:02.125,0 days 00:00:02,3.0,0.5,sgd,0.01,COMPLETE
        1,1,,2026-11-28 05:00:00,2026-11-28 05:00:02,0 days 00:00:02,4,,adam,0.02,FAIL

        """,
        // As W&B exports its table of runs.
        """
        "Name","State","optimizer.name","optimizer.rate","model.layers","momentum","val_loss","Notes"\r
        "sweepy-1","finished","sgd","0.01","3","0.5","0.5","a ""note"", in\r
        two lines"\r
        "sweepy-2","crashed","adam","0.02","4","","",""\r

        """,
        "\u{FEFF}optimizer.name;optimizer.rate;model.layers;momentum;val_loss\nsgd;0.01;3;0.5;0.5\nadam;0.02;4;;\n",
        "name\trate\tlayers\tmomentum\tvalue\nsgd\t1e-2\t3\t.5\t5e-1\nadam\t0.02\t4\t\t",
    ])
    func `columns are found by the names that programs give them`(text: String) throws {
        let trials = try read(text)
        #expect(trials.map(\.state) == [.complete, .failed])
        #expect(trials.map(\.number) == [0, 1] && trials[0].value == 0.5)
        #expect(
            trials[0].parameters
                == ["optimizer.name": "sgd", "optimizer.rate": 0.01, "model.layers": 3, "momentum": 0.5])
        #expect(trials[1].parameters == ["optimizer.name": "adam", "optimizer.rate": 0.02, "model.layers": 4])
    }

    /// `revmlp` itself reports its `seconds`.
    @Test(arguments: ["number", "seconds", "value", "attempts", "reason", "ended", "lat"])
    func `a metric may have the name of a column that an export has`(name: String) throws {
        let path = try directory.write(
            """
            metric: {name: loss, goal: minimize}
            bounds: [\(name) <= 20]
            trainer: {command: [train]}
            parameters: {x: {type: uniform, min: 0, max: 1}}
            budget: {trials: 3}
            """, to: "named.yaml")
        let sweep = try SweepFile.read(path: path).sweep
        func trial(_ text: String) throws -> PastTrial? {
            try ForeignTrials(in: directory.write(text, to: "table.csv"), for: sweep).trials.first
        }
        let header = "number,state,value,reason,started,ended,seconds,attempts,param.x"
        let row = "7,complete,0.5,,2026-11-28T05:00:00.000Z,2026-11-28T05:00:02.000Z,2.5,1,0.25"
        let own = try trial("\(header),metric.loss,metric.\(name)\n\(row),0.75,12.5\n")
        #expect(own?.further == [name: 12.5] && own?.value == 0.5 && own?.number == 7 && own?.seconds == 2.5)
        // Without its column nothing else is taken for it.
        #expect(try trial("\(header)\n\(row)\n")?.further == [:])
        // To another program a name is a name.
        #expect(try trial("x,loss,\(name)\n0.25,0.5,12.5\n")?.further == [name: 12.5])
    }

    /// Parameters called as columns of an export are called, and one with a prefix that another has without.
    @Test func `a parameter of our own table is what it says`() throws {
        let path = try directory.write(
            """
            metric: {name: loss, goal: minimize}
            trainer: {command: [train]}
            parameters:
              front: {type: uniform, min: 0, max: 1}
              x: {type: uniform, min: 0, max: 1}
              param.x: {type: uniform, min: 0, max: 1}
            budget: {trials: 3}
            """, to: "named.yaml")
        let names = "number,state,value,reason,started,ended,seconds,attempts,front"
        let table = try directory.write(
            "\(names),param.front,param.x,param.param.x\n0,complete,1,,,,,1,true,0.25,0.5,0.75\n", to: "table.csv")
        let trials = try ForeignTrials(in: table, for: SweepFile.read(path: path).sweep).trials
        #expect(trials.map(\.parameters) == [["front": 0.25, "x": 0.5, "param.x": 0.75]])
    }

    @Test func `the metric's own column is its value, and not a column called so`() throws {
        #expect(try read("optimizer.rate,value,val_loss\n0.01,5,0.25\n").map(\.value) == [0.25])
        #expect(
            throws: ExchangeError(
                "\(directory.path)/table.csv", line: 1, "there are several columns 'val_loss', which is a metric")
        ) { try read("optimizer.rate,val_loss,val_loss\n0.01,5,0.25\n") }
    }

    @Test func `a cell is the value that the parameter has, however it is written`() throws {
        let names = ["\"\"", "", "None", "True", "true", "1", "oops"]
        let trials = try read(
            "number,param.optimizer.name,value\n"
                + names.enumerated().map { "\($0 + 4),\($1),1\n" }.joined())
        #expect(trials.map(\.number) == Array(4...10))
        let values: [ParameterValue?] = ["", nil, .null, true, true, "1", "oops"]
        #expect(trials.map { $0.parameters["optimizer.name"] } == values)
    }

    @Test func `a value that is no number is diverged, and a state is taken as it is`() throws {
        let trials = try read(
            "layers,state,value\n1,complete,nan\n2,complete,inf\n3,pruned,0.5\n4,RUNNING,\n5,diverged,\n")
        #expect(trials.map(\.state) == [.diverged, .diverged, .pruned, .running, .diverged])
    }

    @Test(arguments: [
        ("", "it is empty"),
        ("a,b\n1,2\n", "its first line names no parameter of the sweep: a, b"),
        ("layers,val_los\n1,2\n", "table.csv:1: there is no column for the metric"),
        ("layers,val_loss\n1,two\n", "table.csv:2: the metric is 'two', which is no number"),
        ("layers,val_loss\n1\n", "table.csv:2: this row has 1 cells"),
        ("layers,val_loss\n1,\"2\n", "table.csv:2: a quote begins here that never ends"),
        ("layers,val_loss,state\n1,2,odd\n", "table.csv:2: 'odd' is no state"),
        ("layers,param.model.layers,val_loss\n1,2,3\n", "'layers' and 'param.model.layers' are both"),
        (
            """
            {"number": 0, "state": "complete", "value": NaN, "params": {"model.layers": 3}}
            {"number": 1, "state": "failed", "value": null, "params": {"model.layers": 4}}

            """, "it is lines of JSON, as revsweep writes trials for other programs\n  = help: the sweep itself can"
        ),
        (
            """
            [
              {"number": 0, "value": 1, "params": {}}
            ]

            """, "it is JSON, as revsweep writes trials for other programs\n  = help: the sweep itself can be imported"
        ),
        ("{\"layers\": 3}\n", "it is lines of JSON\n  = help: a table can be imported"),
        ("[layers,val_loss]\n1,2\n", "its first line names no parameter of the sweep: [layers, val_loss]"),
    ])
    func `what cannot be read is said with its line`(text: String, words: String) throws {
        let error = #expect(throws: ExchangeError.self) { try read(text) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "none")")
    }

    @Test(arguments: [
        ("CREATE TABLE a (b)", "it is a database, but none of Optuna's, which has a table 'studies'\n"),
        ("CREATE TABLE studies (b)", "it is a database, but none of Optuna's, which has a table 'trials'\n"),
        (
            "CREATE TABLE sweep (a); CREATE TABLE trial (a); CREATE TABLE parameter (a)",
            "this is the database of a sweep\n  = help: name the sweep, or the folder that it is in, where it is called"
        ),
    ])
    func `a database of another program is called one`(tables: String, words: String) throws {
        let path = directory.path + "/x.db"
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: tables) }
        try queue.close()
        let error = #expect(throws: ExchangeError.self) { try ForeignTrials(in: path, for: sweep) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "none")")
    }

    @Test func `a study that optimizes the other way is refused`() throws {
        let study = #"{"op_code":0,"worker_id":"x","study_name":"s","directions":[2]}"# + "\n"
        let error = #expect(throws: ExchangeError.self) { try read(study) }
        #expect(error?.problem == "the study 's' is to maximize, and the sweep is to minimize 'val_loss'")
        let both = #"{"op_code":0,"worker_id":"x","study_name":"s","directions":[2,1]}"# + "\n"
        #expect(throws: ExchangeError.self) { try read(both) }
        let named =
            both + #"{"op_code":3,"study_id":0,"system_attr":{"study:metric_names":["acc","val_loss"]}}"# + "\n"
            + #"{"op_code":4,"study_id":0,"datetime_start":null,"state":1,"values":[0.9,0.25]}"# + "\n"
        #expect(try read(named).map(\.value) == [0.25])
    }

    /// As `revsweep convert` names them.
    @Test func `several objectives without names are called by their places`() throws {
        let study =
            #"{"op_code":0,"worker_id":"x","study_name":"s","directions":[2,1]}"# + "\n"
            + #"{"op_code":4,"study_id":0,"datetime_start":null,"state":1,"values":[0.9,0.25]}"# + "\n"
        let error = #expect(throws: ExchangeError.self) { try read(study) }
        #expect(error?.help?.hasSuffix(", or value_0, value_1 in the sweep") == true, "\(error?.help ?? "none")")
        let path = try directory.write(
            """
            metric: {name: value_1, goal: minimize}
            trainer: {command: [train]}
            parameters: {x: {type: uniform, min: 0, max: 1}}
            budget: {trials: 1}
            """, to: "other.yaml")
        #expect(try read(study, for: SweepFile.read(path: path).sweep).map(\.value) == [0.25])
    }
}
