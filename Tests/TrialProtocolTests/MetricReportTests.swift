import RandomStreams
import Testing
import TrialProtocol

@Suite struct MetricReportTests {
    private static let epochs = #"{"step": 3, "val_accuracy": 0.91, "train_loss": 0.2}"#

    @Test(
        arguments: [
            (epochs, 3, [.init("val_accuracy", 0.91), .init("train_loss", 0.2)]),
            (#"  {"loss":1}  "#, nil, [.init("loss", 1)]), ("\t{ \"loss\" : 1 }\r", nil, [.init("loss", 1)]),
            // Steps
            (#"{"step": 3.0, "a": 1}"#, 3, [.init("a", 1)]), (#"{"step": -1, "a": 1}"#, -1, [.init("a", 1)]),
            (#"{"step": 1e3, "a": 1}"#, 1000, [.init("a", 1)]),
            (#"{"step": 1, "step": 2, "a": 1}"#, 2, [.init("a", 1)]),
            (#"{"step": null, "a": 1}"#, nil, [.init("a", 1)]),
            // Numbers
            (#"{"a": -0, "b": 1E-3, "c": -1.5e+2}"#, nil, [.init("a", -0.0), .init("b", 0.001), .init("c", -150)]),
            (
                #"{"a": 1e400, "b": -1e400, "c": 1e-400}"#, nil,
                [.init("a", .infinity), .init("b", -.infinity), .init("c", 0)]
            ),
            (#"{"a": 0.1000000000000000055511151231257827}"#, nil, [.init("a", 0.1)]),
            // No JSON, but what `bc` prints.
            (#"{"a": .5, "b": -.5, "c": 5.}"#, nil, [.init("a", 0.5), .init("b", -0.5), .init("c", 5)]),
            (
                #"{"a": Infinity, "b": -Infinity, "c": inf, "d": -inf}"#, nil,
                [
                    .init("a", .infinity), .init("b", -.infinity), .init("c", .infinity), .init("d", -.infinity),
                ]
            ),
            (#"{"a": "Infinity", "b": "-inf", "c": "inf "}"#, nil, [.init("a", .infinity), .init("b", -.infinity)]),
            // What is passed over
            (#"{"a": 1, "text": "NaN?", "yes": true, "no": false, "none": null}"#, nil, [.init("a", 1)]),
            (#"{"list": [1, [2, {"x": 3}], "]", {"y": 4}], "a": 1}"#, nil, [.init("a", 1)]),
            // Objects in the object
            (
                #"{"map": {"a": 5, "}": {}, "b": {"step": 7, "t": "6"}}, "a": 1}"#, nil,
                [.init("map.a", 5), .init("map.b.step", 7), .init("a", 1)]
            ),
            (#"{"val": {"loss": NaN}, "val.loss": 2}"#, nil, [.init("val.loss", 2)]),
            (#"{"step": 1, "val": {"loss": 2}}"#, 1, [.init("val.loss", 2)]),
            (#"{"a": 1, "b": 2, "a": 3}"#, nil, [.init("a", 3), .init("b", 2)]),
            (#"{"a": 1, "a": "one"}"#, nil, [.init("a", 1)]),
            // Names
            (#"{"": 1}"#, nil, [.init("", 1)]),
            (#"{"a b": 1, "größe": 2}"#, nil, [.init("a b", 1), .init("größe", 2)]),
            (#"{"\"\\\/\b\f\n\r\t": 1}"#, nil, [.init("\"\\/\u{8}\u{C}\n\r\t", 1)]),
            (#"{"\u0041\u00e9\ud83e\udD8A": 1}"#, nil, [.init("Aé🦊", 1)]),
            (#"{"\ud83e": 1, "\udd8a": 2, "\ud83ex": 3}"#, nil, [.init("\u{FFFD}", 2), .init("\u{FFFD}x", 3)]),
            (#"{"\ud83e\u0041": 1, "\ud83e\n": 2}"#, nil, [.init("\u{FFFD}A", 1), .init("\u{FFFD}\n", 2)]),
        ] as [(String, Int?, [MetricReport.Metric])])
    func `a line that is one JSON object with a number is a report`(
        line: String, step: Int?, metrics: [MetricReport.Metric]
    ) throws {
        let report = try #require(MetricReport(line: line.utf8))
        #expect(report == MetricReport(step: step, metrics: metrics))
        #expect(report.metrics.map(\.value.bitPattern) == metrics.map(\.value.bitPattern))
    }

    @Test(arguments: ["NaN", "nan", "NAN", "-nan", "+NaN", "\"NaN\"", "\"nan\""])
    func `what is not a number is told from what is absent`(word: String) throws {
        let report = try #require(MetricReport(line: #"{"loss": \#(word)}"#.utf8))
        #expect(report["loss"]?.isNaN == true)
        #expect(report["accuracy"] == nil)
    }

    @Test(arguments: [
        "2.5", "1e300", "1e400", "-1e400", "NaN", "9223372036854775808", "\"3\"", "\"NaN\"", "true", "[3]",
        "{\"a\": 3}",
    ])
    func `a step that is no whole number is passed over, and that is known`(step: String) throws {
        let report = try #require(MetricReport(line: "{\"step\": \(step), \"a\": 1}".utf8))
        #expect(report == MetricReport(hasUnusableStep: true, metrics: [.init("a", 1)]))
    }

    @Test(arguments: [
        "", " ", "epoch 3", "{", "}", "{}", #"{"step": 3}"#, #"{"step": 2.5}"#, #"{"text": "a"}"#,
        #"{"a": true}"#, "[1]", #"[{"a": 1}]"#,
        "1", "NaN",
        #""a": 1"#, #"{"a": 1"#, #"{"a": 1,}"#, #"{"a": 1}}"#, #"{"a": 1} {"a": 2}"#, #"{"a": 1}, "#, #"{"a": 1} done"#,
        #"{"a" 1}"#, #"{"a":}"#, #"{"a": }"#, #"{a: 1}"#, #"{'a': 1}"#, #"{1: 1}"#,
        #"{"a": 1 "b": 2}"#, #"{,}"#,
        #"{"a": 1; "b": 2}"#, #"{"a": +1}"#, #"{"a": 0x10}"#, #"{"a": 0X1p3}"#, #"{"a": 1f}"#,
        #"{"a": nan(1)}"#,
        #"{"a": -}"#, #"{"a": 1.2.3}"#, #"{"a": 1e}"#, #"{"a": ١}"#, #"{"a": 1_000}"#, #"{"a": 1, "b": [}"#,
        #"{"a": 1, "b": [1}"#,
        #"{"a": 1, "b": {"c"}}"#, #"{"a": 1, "b": [1,]}"#, #"{"a": 1, "b": [1 2]}"#, #"{"a": 1, "b": wrong}"#,
        #"{"a": 1, "b": "}"#,
        #"{"a": 1, "b": "\x"}"#, #"{"a": 1, "b": "\u12"}"#, #"{"a": 1, "b": "\u-000"}"#, #"{"a": 1, "b": "\u00g0"}"#,
        #"{"a": 1, "b": "\"#, "{\"a\": 1, \"b\": \"\u{1}\"}", "{\"a\": 1, \"b\": \"line\nline\"}", "{\"a\": 1}\0",
    ])
    func `any other line is log`(line: String) {
        #expect(MetricReport(line: line.utf8) == nil)
    }

    @Test func `text in another encoding does not cost the numbers beside it`() throws {
        // Latin-1, and UTF-8 cut in the middle.
        let line =
            Array(#"{"loss": 0.5, "note": "caf"#.utf8) + [0xE9] + Array("\", \"".utf8) + [0xE5, 0xAD]
            + Array("\": 2}".utf8)
        let report = try #require(MetricReport(line: line))
        #expect(report.metrics == [.init("loss", 0.5), .init("\u{FFFD}", 2)])
    }

    @Test func `a report may hold what nests 64 deep, and no deeper`() {
        func line(depth: Int) -> String {
            #"{"a": 1, "b": "# + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}"
        }
        #expect(MetricReport(line: line(depth: 64).utf8) != nil)
        #expect(MetricReport(line: line(depth: 65).utf8) == nil)
        #expect(MetricReport(line: line(depth: 400_000).utf8) == nil)
        #expect(MetricReport(line: (#"{"a": "# + String(repeating: #"{"a":"#, count: 100_000)).utf8) == nil)
    }

    @Test func `names in inner objects do not fill the memory`() throws {
        let outer = String(repeating: "x", count: 1 << 19)
        let values = (0..<40_000).map { "\"\($0)\": 1" }.joined(separator: ",")
        let report = try #require(MetricReport(line: "{\"\(outer)\": {\(values)}, \"a\": 1}".utf8))
        #expect(report == MetricReport(metrics: [.init("a", 1)]))
        let short = try #require(MetricReport(line: "{\"x\": {\(values)}, \"a\": 1}".utf8))
        #expect(short.metrics.map(\.name.utf8.count).reduce(0, +) <= 1 << 16 && short["x.0"] == 1 && short["a"] == 1)
    }

    @Test func `a line of very many names is read in a moment`() throws {
        let count = 80_000
        let line = "{" + (0..<count).map { "\"name\($0)\": \($0)" }.joined(separator: ",") + "}"
        let start = ContinuousClock.now
        #expect(MetricReport(line: line.utf8)?.metrics.count == count)
        // A tenth of a second where nothing else runs; minutes if every name were compared with every other.
        #expect(ContinuousClock.now - start < .seconds(60))
    }

    // MARK: Writing

    @Test func `a report is written as a trainer would`() {
        let report = MetricReport(
            step: 3, metrics: [.init("val_accuracy", 0.91), .init("loss", 1e-7), .init("bad", -.infinity)])
        #expect(report.line == #"{"step": 3, "val_accuracy": 0.91, "loss": 1e-07, "bad": -Infinity}"#)
        #expect(MetricReport(metrics: [.init("a", .nan)]).line == #"{"a": NaN}"#)
    }

    @Test(arguments: 0..<300) func `what is written reads back the same, to the last bit`(seed: Int) throws {
        var random = RandomStream(seed: UInt64(seed), stream: 2)
        let report = Self.report(using: &random)
        let read = try #require(MetricReport(line: report.line.utf8))
        #expect(read.step == report.step)
        #expect(read.metrics.map(\.name) == report.metrics.map(\.name))
        // The bits of a NaN are not kept.
        #expect(
            zip(read.metrics, report.metrics).allSatisfy { read, written in
                read.value.bitPattern == written.value.bitPattern || read.value.isNaN && written.value.isNaN
            })
    }

    private static func report(using random: inout RandomStream) -> MetricReport {
        let scalars = Array("ab\"\\/\n\r\t\0\u{1F}\u{7F}é学🦊 {}[]:,".unicodeScalars)
        var metrics: [MetricReport.Metric] = []
        for index in 0...random.integer(below: 6) {
            var name = String.UnicodeScalarView()
            for _ in 0..<random.integer(below: 6) {
                name.append(scalars[Int(random.integer(below: UInt64(scalars.count)))])
            }
            // The number keeps the names apart.
            metrics.append(.init("\(String(name))\(index)", Double(bitPattern: random.next())))
        }
        return MetricReport(step: random.integer(below: 2) == 0 ? nil : Int(random.next() >> 12), metrics: metrics)
    }

    // MARK: Anything at all

    private static let parts: [String] = [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "d83e", "\\ud83e", " ", "-", "1", "1e", "e999", ".", "NaN",
        "-inf", "Infinity",
        "null", "true", "\"step\":", "\"a\":1", "9223372036854775808", "\u{0}", "é", "🦊", "0x1p3", "\t", "\r", "\n",
    ]

    @Test func `no line makes the reader trap`() {
        var random = RandomStream(seed: 1, stream: 3)
        var reports = 0
        for _ in 0..<100_000 {
            var line = random.integer(below: 2) == 0 ? Array(Self.epochs.utf8) : []
            for _ in 0...random.integer(below: 5) {
                let place = Int(random.integer(below: UInt64(line.count + 1)))
                switch random.integer(below: 4) {
                case 0: line.insert(UInt8(random.integer(below: 256)), at: place)
                case 1: line.removeSubrange(place..<min(line.count, place + Int(random.integer(below: 4))))
                default:
                    let part = Self.parts[Int(random.integer(below: UInt64(Self.parts.count)))]
                    line.insert(contentsOf: part.utf8, at: place)
                }
            }
            if MetricReport(line: line) != nil { reports += 1 }
        }
        // Some mutations leave a report, and most of them none.
        #expect((1000..<50_000).contains(reports))
    }
}
