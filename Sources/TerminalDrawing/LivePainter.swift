/// Keeps a block of lines at the bottom of what a program prints, and lets other lines scroll up above it.
///
/// It is told what is to be seen and gives the text to write, all of a frame in one piece. Between frames the cursor
/// stands at the beginning of the block. So a terminal that is resized cannot mislead it: whatever becomes of the lines
/// below, which some terminals break and some cut, the next frame begins at the same place and draws over them.
///
///     var painter = LivePainter()
///     write(painter.frame(above: [row], block: header, size: size, features: features))
///     write(painter.end())
public struct LivePainter: Sendable {
    private var shown: [String] = []
    private var size: TerminalSize?
    private var progress = TerminalProgress.none

    public init() {}

    /// The text of the next frame; empty if nothing has changed.
    ///
    /// - Parameters:
    ///   - above: lines that stay, and scroll up with all others.
    ///   - block: the lines that stay at the bottom. Those that do not fit below the first row of the terminal are
    ///     left out.
    ///   - progress: what the terminal is to show beside the text.
    public mutating func frame(
        above: [StyledText], block: [StyledText], size: TerminalSize, features: TerminalFeatures,
        progress: TerminalProgress = .none
    ) -> String {
        let fitting = block.prefix(max(1, size.rows - 1))
        let lines = fitting.map { Self.line($0, size, features) }
        var text = ""
        let isResized = self.size.map { $0 != size } ?? false
        if !above.isEmpty || lines != shown || isResized {
            // A terminal that has broken lines keeps in mind which rows belong together, until they are erased.
            text = "\r" + (isResized ? TerminalSequence.eraseBelow : "")
            text += above.map { Self.line($0, size, features) + "\r\n" }.joined()
            text += lines.joined(separator: "\r\n")
            // A line that is drawn anew is erased to its end. More is left over only if there were more lines.
            let isShorter = above.count + lines.count < shown.count || lines.isEmpty && !shown.isEmpty
            if isShorter { text += TerminalSequence.eraseBelow }
            text += TerminalSequence.up(lines.count - 1) + "\r"
        }
        (shown, self.size) = (lines, size)
        if features.hasProgress, progress != self.progress {
            text += TerminalSequence.progress(progress)
            self.progress = progress
        }
        if text.isEmpty { return "" }
        return TerminalSequence.beginFrame + TerminalSequence.wrapOff + text + TerminalSequence.wrapOn
            + TerminalSequence.endFrame
    }

    /// The last text: it removes the block, and leaves the cursor where it began.
    public mutating func end() -> String {
        var text = shown.isEmpty ? "" : "\r" + TerminalSequence.eraseBelow
        if progress != .none { text += TerminalSequence.progress(.none) }
        (shown, size, progress) = ([], nil, .none)
        return text
    }

    /// One column stays free: some terminals wrap a full line at once.
    private static func line(_ line: StyledText, _ size: TerminalSize, _ features: TerminalFeatures) -> String {
        line.cut(to: max(1, size.columns - 1)).encoded(for: features) + TerminalSequence.eraseToEndOfLine
    }
}
