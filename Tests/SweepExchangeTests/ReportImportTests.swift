import Foundation
import ReportFormat
import SweepEngine
import SweepExchange
import SweepFile
import SweepModel
import SweepPage
import SweepSearch
import SweepStore
import TestSupport
import Testing

/// A page of `revsweep report` as a source of trials.
@Suite struct ReportImportTests {
    /// The page of these sweeps.
    static func page(_ sweeps: [VariedSweep], names: [String] = []) throws -> String {
        var page = try ReportPage(program: "revsweep test")
        for (place, sweep) in sweeps.enumerated() {
            var record = try sweep.store.sweep()
            if names.indices.contains(place) { record.name = names[place] }
            try page.add(sweep.store, sweep.file, record, planner: "not running")
        }
        return page.html()
    }

    private static func message(_ folder: TemporaryDirectory, _ sweep: Sweep, study: String? = nil) -> String {
        do throws(ExchangeError) {
            _ = try ForeignTrials(in: "\(folder.path)/page", study: study, for: sweep)
            return ""
        } catch { return error.problem + (error.help.map { "; \($0)" } ?? "") }
    }

    @Test func `of several sweeps one is chosen by its name`() async throws {
        let (first, second) = (try await VariedSweep(8), try await VariedSweep(5))
        let folder = first.directory
        let path = try folder.write(try Self.page([first, second], names: ["one", "two"]), to: "page")
        let sweep = first.file.sweep
        let two = try ForeignTrials(in: path, study: "two", for: sweep)
        #expect(two.trials.count == 5 && two.source.hasSuffix("/page: two"))
        #expect(try ForeignTrials(in: path, study: "one", for: sweep).trials.count == 8)
        #expect(
            Self.message(folder, sweep) == "there are 2 sweeps in this report: 'one', 'two'; --study NAME chooses one")
        #expect(
            Self.message(folder, sweep, study: "tow")
                == "there is no sweep 'tow' in this report; did you mean 'two'?")
    }

    @Test func `integers of 64 bits are read back exactly`() async throws {
        let folder = try TemporaryDirectory()
        let text = """
            name: seeds
            metric: {name: loss, goal: minimize}
            trainer: {command: [train]}
            parameters:
              seed: {type: int, min: 0, max: 9223372036854775807}
              odd: {type: choice, values: [9007199254740993, 18446744073709551617, "1", 1.0, "</script>"]}
            budget: {trials: 9}
            """
        let file = try SweepFile.read(path: try folder.write(text, to: "seeds.yaml"))
        let directory = "\(folder.path)/seeds"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try SweepStore.create(
            in: directory,
            SweepRecord(
                name: "seeds", metric: file.sweep.metric, parameterNames: ["seed", "odd"], lag: nil,
                file: .init(path: "seeds.yaml", text: text), base: nil, directory: folder.path,
                created: VariedSweep.time(0)))
        let store = try SweepStore(runningSweepIn: directory)
        guard case .choice(let choices, _)? = file.sweep.space["odd"]?.distribution else { return }
        let seeds = [9_223_372_036_854_775_807, 9_007_199_254_740_993, 5, 0, 1 << 40]
        for (number, seed) in seeds.enumerated() {
            let values: [String: ParameterValue] = ["seed": .integer(seed), "odd": choices[number]]
            try await store.plan(
                TrialRecord(
                    number: number, origin: .enqueued, seed: 0, parameters: Assignment(values, in: file.sweep.space),
                    created: VariedSweep.time(0)), startingAt: VariedSweep.time(1))
            try await store.end(number, .complete(1 / Double(number + 3)), metrics: [], at: VariedSweep.time(2))
        }
        var page = try ReportPage(program: "revsweep test")
        try page.add(store, file, store.sweep(), planner: "not running")
        let path = try folder.write(page.html(), to: "page")
        let foreign = try ForeignTrials(in: path, for: file.sweep)
        let imported = TrialImport(of: foreign.trials, from: foreign.source, for: file.sweep)
        #expect(imported.leftOut.isEmpty)
        let old = try store.trials()
        #expect(imported.trials.map(\.parameters) == old.map(\.parameters))
        #expect(imported.trials.map(\.value) == old.map(\.value))
        #expect(imported.trials.allSatisfy { $0.origin == .enqueued })
    }

    @Test func `a report of another metric is refused`() async throws {
        let sweep = try await VariedSweep(3)
        _ = try sweep.directory.write(try Self.page([sweep]), to: "page")
        var other = sweep.file.sweep
        other.objectives = Objectives([Metric(name: "val_accuracy", goal: .minimize, rule: .last)])
        #expect(
            Self.message(sweep.directory, other).hasPrefix(
                "the sweep 'varied' of this report is to maximize 'val_accuracy', and this one is to minimize"))
        other.objectives = Objectives([Metric(name: "loss", goal: .maximize, rule: .last)])
        #expect(Self.message(sweep.directory, other).contains("and this one is to maximize 'loss'"))
        // By another rule the values are those of the reports, and that is said.
        other.objectives = Objectives([Metric(name: "val_accuracy", goal: .maximize, rule: .best)])
        let foreign = try ForeignTrials(in: "\(sweep.directory.path)/page", for: other)
        #expect(foreign.notes.count == 1 && foreign.notes[0].contains("5 digits"))
    }

    @Test func `pages that are no reports are named as what they are`() async throws {
        let sweep = try await VariedSweep(1)
        let folder = sweep.directory
        let cases = [
            ("<!doctype html><title>digits</title>", "this is a page, but none that revsweep report has written"),
            (
                "<!DOCTYPE html><script type=\"application/json\" id=\"data\" data-source=\"data.json\"></script>",
                "this page was saved from a server"
            ),
            ("<html><script type=\"application/json\" id=\"data\">{]</script>", "they are no JSON"),
            ("<html><script type=\"application/json\" id=\"data\">[1]</script>", "are not those of a report"),
            (
                "<html><script type=\"application/json\" id=\"data\">{\"format\": 2, \"sweeps\": []}</script>",
                "this report has the format 2"
            ),
            (
                "<html><script type=\"application/json\" id=\"data\">{\"format\": 1, \"sweeps\": []}</script>",
                "there is no sweep in this report"
            ),
            (
                "<html><script type=\"application/json\" id=\"data\">{\"format\": 1, \"sweeps\": [7]}</script>",
                "are damaged: metric: it is missing"
            ),
        ]
        for (text, words) in cases {
            _ = try folder.write(text, to: "page")
            #expect(Self.message(folder, sweep.file.sweep).contains(words), "\(text)")
        }
        // A table is one, whatever stands in its cells.
        let table = "rate,value,note\n0.5,1,\"<script type=\"\"application/json\"\" id=\"\"data\"\">\"\n"
        _ = try folder.write(table, to: "page")
        #expect(try ForeignTrials(in: "\(folder.path)/page", for: sweep.file.sweep).trials.count == 1)
    }

    @Test func `a file that is cut off anywhere is refused`() async throws {
        let sweep = try await VariedSweep(6)
        let page = Array(try Self.page([sweep]).utf8)
        let start = try #require(page.firstRange(of: Array("id=\"data\">".utf8))).upperBound
        let end = try #require(page[start...].firstRange(of: Array("</script>".utf8))).lowerBound
        for cut in stride(from: start, through: end, by: max(1, (end - start) / 40)) {
            _ = try sweep.directory.write(String(decoding: page[..<cut], as: UTF8.self), to: "page")
            #expect(
                Self.message(sweep.directory, sweep.file.sweep).hasPrefix("the file ends in the middle of its data"))
        }
        // The rest of the page is not needed.
        _ = try sweep.directory.write(String(decoding: page[..<(end + 9)], as: UTF8.self), to: "page")
        #expect(Self.message(sweep.directory, sweep.file.sweep) == "")
    }

    @Test func `a small file that claims to be a large one is refused`() async throws {
        let sweep = try await VariedSweep(3)
        let page = try Self.page([sweep])
        let start = try #require(page.firstRange(of: "\"state\":{")).upperBound
        let end = try #require(page[start...].firstRange(of: ",\"words\"")).lowerBound
        let zeros = ReportColumn.counts(Array(repeating: 0, count: 2_000_000), as: UInt8.self).packed
        let column = "\"type\":\"u8\",\"packed\":true,\"data\":\"\(zeros.base64)\""
        _ = try sweep.directory.write(String(page[..<start]) + column + String(page[end...]), to: "page")
        #expect(zeros.isPacked && zeros.base64.count < 10_000)
        #expect(Self.message(sweep.directory, sweep.file.sweep).contains("'state': there are more trials than in any"))
    }

    @Test func `a list with fewer entries than none is refused`() async throws {
        let sweep = try await VariedSweep(4)
        let page = try Self.page([sweep])
        let column = try #require(ReportColumn.integers(cells: [.value(2), .value(-5), .value(1), .value(2)])).packed
        let lengths = "\"lengths\":{\"type\":\"i32\",\"packed\":\(column.isPacked),\"data\":\"\(column.base64)\"}"
        var places = page[...].ranges(of: /"lengths":\{[^}]*\}/)
        #expect(places.count == 3)
        while let place = places.popLast() {
            _ = try sweep.directory.write(page.replacingCharacters(in: place, with: lengths), to: "page")
            #expect(Self.message(sweep.directory, sweep.file.sweep).contains("'lengths': -5 is no length"))
        }
    }

    /// Each change makes the data say what cannot be; none may be believed, and none may end the program.
    @Test(arguments: [
        (#""state":{"type":"u8","#, #""state":{"type":"f64","#), (#""state":{"type":"u8","#, #""state":{"type":"x","#),
        (#""running","complete","#, #""running","gone","#), (#""value":{"type":"f64","#, #""value":{"type":"f32","#),
        (#""value":{"type":"f64","#, #""value":{"type":"f64","packed":true,"#), (#""tick":"#, #""lengths":7,"tick":"#),
        (#""reasons":{"type":"text","#, #""reasons":{"type":"u8","#), (#""kind":"category""#, #""name":null,"k":"""#),
        (#""words":["sgd","adam","#, #""words":["#), (#""parameters":["#, #""parameters":7,"p":["#),
        (#""decisions":{"#, #""d":{"#), (#""start":"2"#, #""start":"x"#), (#""data":""#, #""data":"@"#),
    ])
    func `data that are damaged are refused`(old: String, new: String) async throws {
        let sweep = try await VariedSweep(9)
        let page = try Self.page([sweep])
        #expect(page.contains(old), "\(old)")
        let start = try #require(page.firstRange(of: "id=\"data\">")).upperBound
        let changed = page[..<start] + page[start...].replacing(old, with: new)
        _ = try sweep.directory.write(String(changed), to: "page")
        let message = Self.message(sweep.directory, sweep.file.sweep)
        #expect(message.hasPrefix("the data of the sweep 'varied' are damaged: "), "\(old): '\(message)'")
    }
}
