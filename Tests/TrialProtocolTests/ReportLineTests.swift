import Testing
import TrialProtocol

@Suite struct ReportLineTests {
    @Test(arguments: [
        // Behind other text
        #"INFO:root:{"a": 1}"#, #"loss {"a": 1}"#, #"Epoch 4/5 {"a": 1}"#, #"[2026-01-01 12:00:01] {"a": 1}"#,
        #"epoch {4} of {5}: {"a": 1}"#, #"config={"lr": 0.1} metrics={"a": 1}"#, #"was {'a': 2} is {"a": 1}"#,
        #"continue? {"a": 1}"#, #"0: {"a": 1}"#, #"it's "quoted" {"a": 1}"#, "50%|███  | {\"a\": 1}",
        #"say {"} {"a": 1}"#,
        // Written over itself
        "\r 50%\r100%\r{\"a\": 1}", "{\"a\": 2}\r{\"a\": 1}", "bar\rINFO {\"a\": 1}\r",
        // Colours and marks
        "\u{1B}[32m{\"a\": 1}\u{1B}[0m", "\u{1B}[1;31mINFO\u{1B}[m {\"a\": 1}", "{\"a\": \u{1B}[36m1\u{1B}[0m}",
        "{\"a\": 1}\u{1B}[K", "{\"a\": 1}\u{1B}(B\u{1B}[m", "{\"a\": 1}\u{1B}[m\u{F}", "\u{FEFF}{\"a\": 1}",
        "\u{1B}]0;title\u{7}{\"a\": 1}", "\r\u{1B}[2K{\"a\": 1}  ",
    ])
    func `a report is what a terminal shows at the end of the line`(line: String) {
        #expect(MetricReport(line: line.utf8) == MetricReport(metrics: [.init("a", 1)]))
        #expect(MetricReport.object(in: line.utf8).map { String(decoding: $0, as: UTF8.self) } == #"{"a": 1}"#)
    }

    @Test(arguments: [
        // More than one object, or less
        #"{"a": 1} {"a": 2}"#, #"{"a": 1}{"a": 2}"#, #"{"b": {"a": 1}"#, #"INFO {"b": {"a": 1}"#, #"INFO {"a": 1}}"#,
        // Parts of an object that is on several lines
        #"  "metrics": {"a": 1}"#, #"'metrics': {"a": 1}"#, #"  [{"a": 1}"#,
        // Something behind it
        #"INFO {"a": 1} done"#, "{\"a\": 1}\r 50%", #"{"a": 1};"#, "{\"a\": 1}m", "{\"a\": 1}\u{1B}[0mdone",
        // No numbers
        #"INFO {"a": "1"}"#, #"INFO {"step": 1}"#, #"INFO {}"#, "a}", "\u{1B}[m", "\u{1B}", "}", "\u{1B}[31m}",
    ])
    func `what does not end with one object is log`(line: String) {
        #expect(MetricReport(line: line.utf8) == nil)
    }

    @Test(arguments: [
        #"{rank 0} cfg={a: 1} -> {"step": 1, "loss": 0.5}"#, #"cfg={"a": None} -> {"step": 1, "loss": 0.5}"#,
        #"{0} {"step": 1, "loss": 0.5}"#,
    ])
    func `braces that are no object may stand before a report`(line: String) {
        let report = MetricReport(line: line.utf8)
        #expect(report?.step == 1 && report?["loss"] == 0.5)
    }

    @Test(arguments: [
        "{", "{\"", "{ ", "x{\"a", "x{\"a\"", "x{\"\\\"", "x{}", "x{\"a\":1}", "\u{1B}[", "\r", "x{\"a\":[", "}", " }",
    ])
    func `a line of a megabyte is read in a moment, whatever it repeats`(part: String) {
        let line = Array(("x" + String(repeating: part, count: (1 << 20) / part.utf8.count) + "}").utf8)
        let start = ContinuousClock.now
        _ = MetricReport(line: line)
        _ = MetricReport(line: line.dropFirst())
        // A second where nothing else runs; hours if every brace were looked at with all behind it.
        #expect(ContinuousClock.now - start < .seconds(60))
    }
}
