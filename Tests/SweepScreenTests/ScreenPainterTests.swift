import SweepScreen
import TerminalDrawing
import TestSupport
import Testing

@Suite struct ScreenPainterTests {
    private static let features = TerminalFeatures(isLive: true, hasColors: true)

    private static func shown(_ state: ScreenState) -> [String] {
        state.lines.map { $0.trimmed().text }
    }

    @Test func `what a terminal shows is the frame, whatever came before`() throws {
        var state = try Example.state(columns: 80, rows: 24, sweeps: 2)
        var screen = ScreenEmulator(columns: 80, rows: 24)
        screen.feed("$ revsweep top\r\n")
        screen.feed(ScreenPainter.begin)
        var painter = ScreenPainter()
        for keys in ["", "j", "p", "]", "i", "h", "l", "/ada\n", "s", "?", "?", "GG", "c"] {
            state.press(keys)
            screen.feed(painter.frame(state.lines, size: state.size, features: Self.features))
            #expect(screen.lines == Self.shown(state), "\(keys)")
            #expect(painter.frame(state.lines, size: state.size, features: Self.features).isEmpty, "\(keys)")
            #expect(!screen.isInFrame && !screen.isCursorShown && screen.isSecondScreen)
        }
        for (columns, rows) in [(40, 12), (120, 40), (20, 5), (80, 24)] {
            screen.resize(columns: columns, rows: rows)
            _ = state.apply(.resized(TerminalSize(columns: columns, rows: rows)))
            screen.feed(painter.frame(state.lines, size: state.size, features: Self.features))
            #expect(screen.lines == Self.shown(state), "\(columns)×\(rows)")
        }
        screen.feed(ScreenPainter.end)
        #expect(screen.all == ["$ revsweep top"])
        #expect(screen.isCursorShown && !screen.isSecondScreen && !screen.isPasteMarked)
        #expect(screen.wraps == 0 && screen.scrollBack.isEmpty && screen.alarms.isEmpty, "\(screen.alarms)")
    }

    @Test func `only lines that have changed are written`() throws {
        var state = try Example.state(columns: 80, rows: 24)
        state.press("h")
        var painter = ScreenPainter()
        let whole = painter.frame(state.lines, size: state.size, features: Self.features)
        state.press("j")
        let change = painter.frame(state.lines, size: state.size, features: Self.features)
        #expect(!change.isEmpty && change.utf8.count < whole.utf8.count / 2)
        painter.forget()
        let again = painter.frame(state.lines, size: state.size, features: Self.features)
        #expect(again.utf8.count > whole.utf8.count / 2)
    }
}
