import TerminalDrawing

/// Turns frames into what is written to the terminal: the lines that have changed, in one piece.
///
///     var painter = ScreenPainter()
///     write(ScreenPainter.begin)
///     write(painter.frame(state.lines, size: state.size, features: features))
///     write(ScreenPainter.end)
public struct ScreenPainter: Sendable {
    private var shown: [String] = []
    private var size: TerminalSize?

    /// Opens the second screen of the terminal. Pasted text is marked there, so that it can be left out.
    public static let begin =
        TerminalSequence.enterFullScreen + TerminalSequence.hideCursor + TerminalSequence.wrapOff + "\u{1B}[?2004h"
        + TerminalSequence.home + TerminalSequence.eraseBelow

    /// Leaves the terminal as it was.
    public static let end =
        TerminalSequence.endFrame + "\u{1B}[?2004l" + TerminalSequence.wrapOn + TerminalSequence.showCursor
        + TerminalSequence.leaveFullScreen

    public init() {}

    /// The text of the next frame; empty if nothing has changed.
    ///
    /// - Parameter lines: as many as the terminal has rows, none wider than its columns.
    public mutating func frame(_ lines: [StyledText], size: TerminalSize, features: TerminalFeatures) -> String {
        let encoded = lines.map { $0.encoded(for: features) }
        let isWhole = size != self.size || encoded.count != shown.count
        var text = isWhole ? TerminalSequence.home + TerminalSequence.eraseBelow : ""
        for (row, line) in encoded.enumerated() where isWhole ? !line.isEmpty : line != shown[row] {
            text += "\u{1B}[\(row + 1);1H" + line
            // At the end of a full line the cursor is still on its last column, and erasing would take that away.
            if !isWhole, lines[row].columns < size.columns { text += TerminalSequence.eraseToEndOfLine }
        }
        (shown, self.size) = (encoded, size)
        return text.isEmpty ? "" : TerminalSequence.beginFrame + text + TerminalSequence.endFrame
    }

    /// Forgets what the terminal shows, so that the next frame draws all of it.
    public mutating func forget() { (shown, size) = ([], nil) }
}
