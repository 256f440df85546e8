import ConfigFile
import Foundation
import SweepFile
import SweepModel
import SweepReport
import SweepSearch
import Tables
import TerminalDrawing
import Testing

/// The trials of a sweep as tables.
@Suite struct TrialListingTests {
    private static let metric = Metric(name: "loss", goal: .minimize, rule: .last)

    private static func listing(_ trials: [TrialRecord], metrics: [Int: [String: Double]] = [:]) -> TrialListing {
        TrialListing(
            metric: metric, parameterNames: ["lr", "kind"], trials: trials, lastMetrics: metrics, at: Example.time(7))
    }

    @Test func `the table has a row for each trial and says why one has no value`() {
        var rerun = Example.trial(4, ["lr": 1, "kind": .list([1, 2])], .complete(-1234.5678), lasted: 3725)
        rerun.source = .init(trial: 0)
        let listing = Self.listing([
            Example.trial(0, ["lr": 0.00012345678, "kind": "a"], .complete(0.5), lasted: 1.25),
            Example.trial(
                1, ["lr": 0.7], TrialEnding(.failed, .crash(.exit(2)), errorOutput: "first\nlast line\n  \n")),
            Example.trial(2, ["lr": 0.1, "kind": .null], .diverged, lasted: 61),
            Example.trial(3, ["lr": 0.25, "kind": "b"]), rerun,
        ])
        let rows = listing.text.split(separator: "\n").map { $0.split(whereSeparator: \.isWhitespace) }
        #expect(rows[0] == ["trial", "state", "loss", "time", "lr", "kind", "values", "of", "reason"])
        #expect(rows[1].joined(separator: " ") == "0 complete 0.5 1.2 s 0.00012346 a")
        #expect(rows[2].joined(separator: " ") == "1 failed 0.7 crash: exit 2: last line")
        #expect(rows[3].joined(separator: " ") == "2 diverged 1 m 01 s 0.1 null the metric is not a finite number")
        #expect(rows[4].joined(separator: " ") == "3 running 3.5 s 0.25 b", "\(listing.text)")
        // Numbers end in one column, words begin in one.
        let lines = listing.text.split(separator: "\n").map { Array(String($0)) }
        #expect(lines.dropFirst().allSatisfy { $0[4].isNumber && $0[5] == " " && $0[7].isLetter })
        #expect(rows[5].joined(separator: " ") == "4 complete -1234.6 1 h 02 m 1 [1,2] trial 0")
    }

    @Test func `what could command a terminal is not in a table, and a long text is cut`() {
        let evil = Example.trial(
            0, ["lr": 1, "kind": .string(String(repeating: "x", count: 500))],
            TrialEnding(.failed, .told("\u{1B}]0;evil\u{7}\u{202E}")))
        let text = Self.listing([evil]).text
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0 == "\u{202E}" })
        #expect(text.split(separator: "\n").allSatisfy { $0.count < 200 } && text.contains("x…"))
    }

    @Test func `on a terminal a long name is cut before the values are left out`() {
        let name = "validation_loss_of_model"
        let trials = (0..<3).map { number in
            let parameters: Assignment = ["lr": .number(0.1 + Double(number)), "kind": .string("k\(number)")]
            return Example.trial(number, parameters, .complete(0.125 + Double(number)), lasted: 3)
        }
        let listing = TrialListing(
            metric: Metric(name: name, goal: .minimize, rule: .last), parameterNames: ["lr", "kind"], trials: trials,
            lastMetrics: [:], at: Example.time(7))
        let table = TerminalTable(listing, best: 0)
        func text(_ columns: Int) -> [String] { table.lines(columns: columns).map(\.text) }
        func blanks(_ count: Int) -> String { String(repeating: " ", count: count) }
        #expect(
            text(100).prefix(2) == [
                "trial  state     \(name)   time   lr  kind",
                "    0  complete\(blanks(19))0.125 ★  3.0 s  0.1  k0",
            ], "\(text(100))")
        #expect(
            text(40).prefix(2) == [
                "trial  state     validation_lo…   time", "    0  complete\(blanks(9))0.125 ★  3.0 s",
            ], "\(text(40))")
        for columns in 8..<120 {
            let lines = text(columns)
            #expect(lines.allSatisfy { TextWidth.columns(of: $0) < columns }, "\(columns): \(lines)")
            #expect(columns < 18 || lines[1].contains("0.125 ★"), "\(columns): \(lines)")
        }
    }

    @Test func `CSV is that of RFC 4180`() {
        let trial = Example.trial(0, ["lr": 0.1, "kind": "a,\"b\"\r\nc"], TrialEnding(.failed, .told("no\rgood")))
        let table = TrialTable(parameterNames: ["lr", "kind", "other"], metricNames: ["acc", "loss"])
        #expect(
            table.header + table.line(for: trial, metrics: ["acc": 0.5, "loss": .nan])
                == "number,state,value,reason,started,ended,seconds,attempts,"
                + "param.lr,param.kind,param.other,metric.acc,metric.loss\r\n"
                + "0,failed,,\"no\rgood\",2027-01-15T08:00:00.500Z,2027-01-15T08:00:01.000Z,,1,"
                + "0.1,\"a,\"\"b\"\"\r\nc\",,0.5,nan\r\n")
        let empty = Example.trial(1, ["kind": ""], .complete(0.5))
        #expect(table.line(for: empty).hasSuffix(",1,,\"\",,,\r\n"))
        #expect(CSVText.line(["", "a b", "\r\n"], lineEnd: "\n") == ",a b,\"\r\n\"\n")
        #expect(CSVText.line(["a\"\u{301}"]) == "\"a\"\"\u{301}\"\r\n")
    }

    @Test func `for programs every trial is an object with all its values`() {
        let failed = Example.trial(1, ["lr": 0.7], TrialEnding(.failed, .memory(peak: 3 << 20), errorOutput: "oom"))
        let node = Self.listing([failed], metrics: [1: ["loss": 2]]).node(of: failed)
        #expect(
            node.json.hasPrefix(
                "{\"number\": 1, \"state\": \"failed\", \"reason\": \"memory: peak 3 MiB\", \"error_output\": \"oom\", "
                    + "\"attempt\": 1, \"value\": null, \"params\": {\"lr\": 0.7}, \"metrics\": {\"loss\": 2.0}"),
            "\(node.json)")
    }

    @Test func `a trial's line of JSON is its object`() {
        var imported = Example.trial(
            0,
            [
                "lr": .number(.infinity), "kind": .mapping([.init("a\"", .list([1, 2.5, .null, true, "é\n"]))]),
            ], .complete(0.5), lasted: 3)
        imported.source = .init(sweep: "/old", trial: 7)
        let failed = Example.trial(1, ["lr": 0.7], TrialEnding(.failed, .told("\u{1B}no"), errorOutput: "oom"))
        for trial in [imported, failed, Example.trial(2, ["lr": .largeInteger("123456789012345678901")])] {
            let metrics = ["loss": Double.nan, "acc": 0.25]
            let node = Self.listing([trial], metrics: [trial.number: metrics]).node(of: trial)
            var line = ""
            TrialJSON.write(trial, metrics: metrics, .line, to: &line)
            #expect(line == node.json)
            var lines = ""
            TrialJSON.write(trial, metrics: metrics, .lines(margin: 2), to: &lines)
            #expect(lines == node.indentedJSON(by: 2))
        }
    }

    @Test func `the best configuration says where it comes from, where its format has comments`() throws {
        for (path, isCommented) in [("b.yaml", true), ("b.json", false)] {
            let text = """
                metric: {name: loss, goal: minimize}
                trainer: {command: [train, "{config}"], config: \(path)}
                parameters: {lr: {type: uniform, min: 0, max: 1}}
                budget: {trials: 1}
                """
            let file = try SweepFile(
                source: SourceFile(path: "s.yaml", text: text), base: SourceFile(path: path, text: "{\"lr\": 1.0}\n"),
                directory: "/nowhere")
            let record = SweepRecord(
                name: "s", metric: Self.metric, parameterNames: ["lr"], lag: nil,
                file: .init(path: "s.yaml", text: text),
                base: nil, directory: "/nowhere", created: Example.time(0))
            let trial = Example.trial(0, ["lr": 0.5], .complete(1))
            let yaml = try BestConfig(file: file, record: record, trials: [trial]).yaml(of: trial)
            #expect(yaml.hasPrefix("# trial 0 of the sweep 's'") == isCommented)
            #expect(yaml.hasSuffix("{\"lr\": 0.5}\n"))
        }
    }

    @Test func `the best are ranked by the metric, and of equals the first`() {
        let trials = [
            Example.trial(0, ["lr": 1], .complete(2)), Example.trial(1, ["lr": 1], .diverged),
            Example.trial(2, ["lr": 1], .complete(-1)), Example.trial(3, ["lr": 1], .complete(-1)),
        ]
        #expect(Self.metric.ranked(trials).map(\.number) == [2, 3, 0])
        #expect(Metric(name: "loss", goal: .maximize, rule: .last).ranked(trials).map(\.number) == [0, 2, 3])
    }
}
