import Foundation
import SweepEngine
import SweepExchange
import SweepModel
import SweepReport
import SweepSearch
import SweepStore
import TestSupport
import Testing

/// A sweep that is written as another program's file and imported again has the same history.
@Suite struct RoundTripTests {
    enum Format: CaseIterable { case journal, database, csv, report }

    private func export(_ sweep: VariedSweep, as format: Format) throws -> String {
        let path = "\(sweep.directory.path)/exported"
        switch format {
        case .journal:
            var text = ""
            try StudyExport(of: sweep.store, sweep.file).journal { text += $0 }
            try sweep.directory.write(text, to: "exported")
        case .database: try StudyExport(of: sweep.store, sweep.file).writeDatabase(to: path)
        case .csv:
            let table = TrialTable(parameterNames: try sweep.store.sweep().parameterNames)
            let lines = try sweep.store.trials().map { table.line(for: $0) }
            try sweep.directory.write(table.header + lines.joined(), to: "exported")
        case .report: try sweep.directory.write(try ReportImportTests.page([sweep]), to: "exported")
        }
        return path
    }

    @Test(arguments: Format.allCases, [Metric.Rule.last, .best])
    func `what was exported is imported as the same history with the same best`(
        format: Format, rule: Metric.Rule
    ) async throws {
        let sweep = try await VariedSweep(50, goal: format == .csv ? .minimize : .maximize, rule: rule)
        try await sweep.store.plan(sweep.trial(50), startingAt: VariedSweep.time(900))
        let path = try export(sweep, as: format)
        let foreign = try ForeignTrials(in: path, for: sweep.file.sweep)
        let imported = TrialImport(of: foreign.trials, from: foreign.source, for: sweep.file.sweep)
        #expect(imported.leftOut.isEmpty, "\(imported.leftOut)")
        let old = try sweep.store.trials().filter { $0.state.isFinal && $0.state != .failed }
        #expect(imported.unfinished == 51 - old.count)
        #expect(imported.trials.map { $0.source?.trial } == old.map(\.number))
        for (new, old) in zip(imported.trials, old) {
            #expect(new.parameters == old.parameters)
            #expect(new.state == old.state && new.value == old.value && new.reason == old.reason)
            #expect(new.started == old.started && new.ended == old.ended && new.seconds == old.seconds)
        }
        let metric = sweep.file.sweep.metric
        #expect(metric.ranked(imported.trials).first?.source?.trial == metric.ranked(old).first?.number)
        if format != .csv {
            let curves = try sweep.store.curves(ofMetric: metric.name)
            for past in foreign.trials where past.state != .running {
                let reported = past.reports.map(\.value).filter(\.isFinite)
                let stored = (curves[past.number] ?? []).map(\.value)
                // A page has them with 16 binary digits.
                let tolerance = format == .report ? 0x1p-16 : 0
                #expect(reported.count == stored.count)
                #expect(zip(reported, stored).allSatisfy { abs($0 - $1) <= tolerance * abs($1) })
            }
        }
    }

    @Test func `what is known already, does not fit or has not ended is counted`() async throws {
        let sweep = try await VariedSweep(16)
        let path = try export(sweep, as: .journal)
        let foreign = try ForeignTrials(in: path, for: sweep.file.sweep)
        let first = TrialImport(of: foreign.trials, from: foreign.source, for: sweep.file.sweep)
        let again = TrialImport(
            of: foreign.trials, from: foreign.source, for: sweep.file.sweep, after: first.trials)
        #expect(again.trials.isEmpty && again.known == first.trials.count)
        // The same file in another order, and another file of the same name.
        let reversed = foreign.trials.reversed().enumerated().map { place, trial in
            var trial = trial
            trial.number = place
            return trial
        }
        let sorted = TrialImport(
            of: reversed, from: foreign.source, for: sweep.file.sweep, after: first.trials)
        #expect(sorted.trials.isEmpty && sorted.known == first.trials.count)
        let better = foreign.trials.map { trial in
            var trial = trial
            trial.value = trial.value.map { $0 - 1 }
            return trial
        }
        let replaced = TrialImport(of: better, from: foreign.source, for: sweep.file.sweep, after: first.trials)
        #expect(replaced.trials.count == first.trials.count { $0.value != nil })
        let other = TrialImport(of: foreign.trials, from: "/other", for: sweep.file.sweep, after: first.trials)
        #expect(other.trials.first?.number == first.trials.count)
        var odd = foreign.trials
        odd[0].parameters["rate"] = 7
        odd[1].parameters["unknown"] = 7
        odd[2].parameters["batch"] = nil
        let leftOut = TrialImport(of: odd, from: "/other", for: sweep.file.sweep).leftOut
        #expect(leftOut.count == 3)
        #expect(leftOut[0].hasPrefix("trial 0: 7 is not a legal value of 'rate'"))
        #expect(leftOut[1] == "trial 1: it has a value of 'unknown', which is gone")
        #expect(leftOut[2].hasPrefix("trial 2: 'batch' needs a default:"))
    }
}
