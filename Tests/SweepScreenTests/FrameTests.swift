import Foundation
import JSONWriting
import SweepModel
import SweepScreen
import TerminalDrawing
import TestSupport
import Testing

/// What is seen, as text in `Frames`.
@Suite struct FrameTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var columns: Int
        var rows: Int
        var sweeps = 1
        var keys = ""

        var testDescription: String { name }
    }

    private static let cases = [
        Case(name: "small", columns: 20, rows: 6),
        Case(name: "small-importance", columns: 20, rows: 6, keys: "i"),
        Case(name: "small-history", columns: 20, rows: 5, keys: "h"),
        Case(name: "curves", columns: 80, rows: 24, keys: " j j j "),
        Case(name: "sorted", columns: 80, rows: 24, keys: "sssrh"),
        Case(name: "importance", columns: 80, rows: 24, sweeps: 3, keys: "i"),
        Case(name: "parameters", columns: 80, rows: 24, keys: "p]"),
        Case(name: "choices", columns: 80, rows: 24, keys: "p"),
        Case(name: "filter", columns: 80, rows: 24, keys: "/failed\nl"),
        Case(name: "typing", columns: 50, rows: 16, keys: "/val"),
        Case(name: "wide", columns: 120, rows: 40, sweeps: 3, keys: "pjj"),
        Case(name: "help", columns: 60, rows: 20, keys: "?"),
    ]

    private static let folder = Project.path("Tests/SweepScreenTests/Frames")
    /// With this variable the test writes the files, to be looked at before they are kept.
    private static let isWriting = ProcessInfo.processInfo.environment["REVSWEEP_WRITE_FRAMES"] != nil
    private static let hasFrames = isWriting || FileManager.default.fileExists(atPath: folder)

    @Test(.enabled(if: hasFrames, "no frames are kept: REVSWEEP_WRITE_FRAMES=1 writes them"), arguments: cases)
    func `frames are as they were looked at`(frame: Case) throws {
        var state = try Example.state(columns: frame.columns, rows: frame.rows, sweeps: frame.sweeps)
        state.press(frame.keys)
        let text = state.text.map { $0 + "\n" }.joined()
        let path = "\(Self.folder)/\(frame.name).txt"
        if Self.isWriting {
            try FileManager.default.createDirectory(atPath: Self.folder, withIntermediateDirectories: true)
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        let expected = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        #expect(text == expected, "\(frame.name):\n\(text)")
    }

    @Test func `without UTF-8 there is nothing but ASCII`() throws {
        for keys in ["", "p", "i", "h", "?", "/ü"] {
            var state = try Example.state(columns: 100, rows: 30, sweeps: 3)
            state.press(keys)
            let ascii = TerminalFeatures(isLive: true, hasColors: true, isUnicode: false)
            let encoded = state.lines.map { $0.encoded(for: ascii) }
            #expect(encoded.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } }, "\(keys)")
            var unstyled = ascii
            unstyled.hasColors = false
            let plain = state.lines.map { $0.encoded(for: unstyled) }
            #expect(plain.allSatisfy { !$0.utf8.contains(0x1B) }, "\(keys)")
        }
    }

    @Test func `text of others is inert, whatever it holds`() throws {
        let evil = "\u{1B}]0;evil\u{7}\u{1B}[2J\u{9B}31m\u{202E}\r\n中文"
        var content = try Example.content(12)
        for index in content.trials.indices {
            content.trials[index].reason = .told(evil)
            content.trials[index].parameters = ["optimizer.name": .string(evil + "\(index)")]
        }
        content.objectives = Objectives([Metric(name: evil, goal: content.metric.goal, rule: content.metric.rule)])
        var overview = Example.overview(content)
        (overview.name, overview.problem) = (evil, evil)
        for (columns, rows) in [(20, 5), (80, 24), (250, 80)] {
            for keys in ["c", "l", "p", "i", "h", "/\(evil.filter { $0.isLetter })"] {
                var state = ScreenState(size: TerminalSize(columns: columns, rows: rows), time: Example.time)
                _ = state.apply(.data(.overviews([overview] + Example.others)))
                _ = state.apply(.data(.content(content, directory: Example.directory)))
                state.press(keys)
                if let log = state.request.log {
                    _ = state.apply(.data(.log([evil, evil], log, directory: Example.directory)))
                }
                expectFits(state, "\(columns)×\(rows) \(keys)")
                let harm = state.text.joined().unicodeScalars.filter(\.isHiddenOnTerminal)
                #expect(harm.isEmpty, "\(harm)")
            }
        }
    }
}

/// Checks that the frame has as many lines as the terminal and none is too wide.
func expectFits(_ state: ScreenState, _ comment: String) {
    let lines = state.lines
    let isRight =
        lines.count == max(1, state.size.rows)
        && lines.allSatisfy { line in
            line.columns <= max(1, state.size.columns) && TextWidth.columns(of: line.text) == line.columns
        }
    #expect(isRight, "\(comment): \(lines.count) lines, \(lines.map(\.columns).max() ?? 0) columns")
}
