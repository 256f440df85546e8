import ConfigFile
import SweepFile
import TestSupport
import Testing

/// A sweep file of which a test says only what it is about; every other section stands on one line and is right.
struct SweepText: Sendable {
    var metric = "{name: loss, goal: minimize}"
    var trainer = "{command: [train]}"
    var budget = "{trials: 3}"
    /// One parameter a line, from line 5 on.
    var parameters = "x: {type: uniform, min: 0, max: 1}"
    var rest = ""
    /// The base configuration, which the trainer must name.
    var base: String?

    var text: String {
        """
        metric: \(metric)
        trainer: \(trainer)
        budget: \(budget)
        parameters:
          \(parameters.replacing("\n", with: "\n  "))
        \(rest)
        """
    }

    func read() throws(DiagnosticsError) -> SweepFile {
        try SweepFile(
            source: SourceFile(path: "s.yaml", text: text),
            base: base.map { SourceFile(path: "/stored/base.yaml", text: $0) },
            directory: "/nowhere")
    }
}

/// A mistake and all that its author is told about it.
struct Mistake: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let sweep: SweepText
    let report: String

    init(_ description: String, _ sweep: SweepText, _ report: String) {
        testDescription = description
        self.sweep = sweep
        self.report = report
    }

    /// Expects reading to fail with exactly the words of the report.
    func check(sourceLocation: Testing.SourceLocation = #_sourceLocation) {
        expect(report, sourceLocation: sourceLocation) { _ = try sweep.read() }
    }
}

/// Expects reading to fail with exactly these words, the path of `folder` written FOLDER.
func expect(
    _ report: String, in folder: TemporaryDirectory? = nil, sourceLocation: Testing.SourceLocation = #_sourceLocation,
    of read: () throws -> Void
) {
    let error = #expect(throws: DiagnosticsError.self, sourceLocation: sourceLocation) { try read() }
    let words = error?.description
    #expect(folder.map { words?.replacing($0.path, with: "FOLDER") } ?? words == report, sourceLocation: sourceLocation)
}
