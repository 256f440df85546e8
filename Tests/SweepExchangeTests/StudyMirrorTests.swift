import Foundation
import SweepExchange
import SweepModel
import SweepSearch
import SweepStore
import TestSupport
import Testing

@Suite struct StudyMirrorTests {
    /// What a mirror and an export of the same sweep have in common.
    private func essence(_ path: String) throws -> [OptunaTrial] {
        try OptunaFile.study(in: path).trials.map { trial in
            var trial = trial
            trial.parameters.sort { $0.name < $1.name }
            // The ranges of normal distributions grow with the trials.
            for place in trial.parameters.indices {
                trial.parameters[place].distribution = .categorical([trial.parameters[place].value])
            }
            // One that was seen waiting has kept what it waited with.
            trial.systemAttributes = [:]
            trial.userAttributes = trial.userAttributes.filter { $0.key != "revsweep:metrics" }
            return trial
        }
    }

    @Test func `a mirror that followed a sweep holds what an export holds`() async throws {
        let sweep = try await VariedSweep(3)
        let path = "\(sweep.directory.path)/mirror.log"
        let mirror = try StudyMirror(replacing: path, store: sweep.store, sweep.file)
        try mirror.update()
        #expect(try OptunaFile.study(in: path).trials.map(\.state) == [.complete, .complete, .complete])
        // One trial at a time, in small steps.
        try await sweep.store.plan(sweep.trial(3))
        try mirror.update()
        #expect(try OptunaFile.study(in: path).trials[3].state == .waiting)
        _ = try await sweep.store.start(3, at: VariedSweep.time(40))
        try mirror.update()
        let running = try OptunaFile.study(in: path).trials[3]
        #expect(running.state == .running && running.parameters.count == sweep.trial(3).parameters.count)
        for step in 1...2 {
            try await sweep.store.record([
                MetricRecord(trial: 3, attempt: 1, step: step, name: "val_accuracy", value: 0.25 * Double(step)),
                MetricRecord(trial: 3, attempt: 1, step: step, name: "loss", value: 9),
            ])
            try mirror.update()
            #expect(try OptunaFile.study(in: path).trials[3].reports.count == step)
        }
        try await sweep.store.end(
            3, TrialEnding(.pruned, .pruned("worst"), value: 0.5), metrics: [], at: VariedSweep.time(50))
        try mirror.update()
        // Many at once.
        for number in 4..<20 { try await sweep.add(number) }
        try mirror.update()
        try mirror.update()
        var text = ""
        try StudyExport(of: sweep.store, sweep.file).journal { text += $0 }
        let exported = try sweep.directory.write(text, to: "exported.log")
        #expect(try essence(path) == essence(exported))
        #expect(!(try sweep.directory.text(of: "mirror.log").contains("NaN")))
        // After a kill it is written anew, and nothing is there twice.
        let size = try sweep.directory.text(of: "mirror.log").utf8.count
        try (sweep.directory.text(of: "mirror.log") + "{\"op_code\":4,\"wor")
            .write(toFile: path, atomically: false, encoding: .utf8)
        _ = try StudyMirror(replacing: path, store: sweep.store, sweep.file)
        #expect(try essence(path) == essence(exported))
        #expect(size > 0)
    }

    @Test func `a trial that is run again goes on in the mirror`() async throws {
        let sweep = try await VariedSweep(0)
        let path = "\(sweep.directory.path)/mirror.log"
        let mirror = try StudyMirror(replacing: path, store: sweep.store, sweep.file)
        try await sweep.store.plan(sweep.trial(0), startingAt: VariedSweep.time(0))
        try mirror.update()
        try await sweep.store.end(0, TrialEnding(.waiting, .timeout), metrics: [], at: VariedSweep.time(1))
        try mirror.update()
        #expect(try OptunaFile.study(in: path).trials.map(\.state) == [.running])
        _ = try await sweep.store.start(0, at: VariedSweep.time(2))
        try await sweep.store.end(0, .complete(0.5), metrics: [], at: VariedSweep.time(3))
        try mirror.update()
        let trials = try OptunaFile.study(in: path).trials
        #expect(trials.map(\.state) == [.complete] && trials[0].values == [0.5])
        #expect(trials[0].userAttributes["revsweep:attempts"] == 2)
    }

    @Test func `a file that is no mirror is not replaced`() async throws {
        let directory = try TemporaryDirectory()
        let other = #"{"op_code":0,"worker_id":"someone","study_name":"digits","directions":[2]}"#
        for text in ["name: digits\n", other, "{"] {
            let path = try directory.write(text, to: "file")
            #expect(throws: ExchangeError.self) { try StudyMirror.requireReplaceable(path) }
        }
        try StudyMirror.requireReplaceable("\(directory.path)/none")
        // What cannot be a mirror does not keep a sweep from running, and the reader of a pipe is not waited for.
        let pipe = "\(directory.path)/pipe"
        mkfifo(pipe, 0o600)
        for path in ["/dev/full", directory.path, pipe] {
            try StudyMirror.requireReplaceable(path)
            let sweep = try await VariedSweep(1)
            #expect(throws: ExchangeError.self) {
                try StudyMirror(replacing: path, store: sweep.store, sweep.file)
            }
        }
        try StudyMirror.requireReplaceable(directory.write("", to: "empty"))
        let sweep = try await VariedSweep(1)
        let path = "\(sweep.directory.path)/mirror.log"
        _ = try StudyMirror(replacing: path, store: sweep.store, sweep.file)
        try StudyMirror.requireReplaceable(path)
    }
}
