import TerminalDrawing
import TestSupport
import Testing

/// What is seen of frames, on a terminal that cuts long lines when it gets narrower and on one that breaks them.
@Suite struct LivePainterTests {
    private static let features = TerminalFeatures(isLive: true, hasColors: true, hasLinks: true, hasProgress: true)

    private struct Stage {
        var screen: ScreenEmulator
        var painter = LivePainter()
        var size: TerminalSize { TerminalSize(columns: screen.columns, rows: screen.rows) }

        /// - Returns: how many bytes were written.
        @discardableResult
        mutating func frame(
            _ above: [String] = [], _ block: [String], progress: TerminalProgress = .none
        ) -> Int {
            let text = painter.frame(
                above: above.map { StyledText($0) }, block: block.map { StyledText($0, TextStyle(.green)) }, size: size,
                features: LivePainterTests.features, progress: progress)
            screen.feed(text)
            return text.utf8.count
        }
    }

    private static func stage(
        _ resizing: ScreenEmulator.Resizing = .reflows, columns: Int = 20, rows: Int = 6
    ) -> Stage {
        var stage = Stage(screen: ScreenEmulator(columns: columns, rows: rows, resizing: resizing))
        stage.screen.feed("$ run\r\n")
        return stage
    }

    @Test func `lines scroll up above a block that stays`() {
        var stage = Self.stage()
        stage.frame(["one"], ["head", "a"])
        #expect(stage.screen.all == ["$ run", "one", "head", "a"])
        stage.frame(["two", "three"], ["head", "a", "b"])
        #expect(stage.screen.all == ["$ run", "one", "two", "three", "head", "a", "b"])
        #expect(stage.screen.scrollBack == ["$ run"] && stage.screen.cursorColumn == 0)
        stage.frame([], ["head"])
        #expect(stage.screen.all == ["$ run", "one", "two", "three", "head"])
        stage.screen.feed(stage.painter.end() + "done\r\n")
        #expect(stage.screen.all == ["$ run", "one", "two", "three", "done"])
        #expect(stage.screen.alarms == [] && !stage.screen.isInFrame && stage.screen.frames == 3)
    }

    @Test func `a frame without a change is not written`() {
        var stage = Self.stage()
        #expect(stage.frame([], ["head"], progress: .percent(3)) > 0)
        #expect(stage.frame([], ["head"], progress: .percent(3)) == 0)
        #expect(stage.frame([], ["head"], progress: .percent(4)) > 0 && stage.screen.progress == "1;4")
        #expect(stage.frame(["line"], ["head"], progress: .percent(4)) > 0)
        stage.screen.feed(stage.painter.end())
        #expect(stage.screen.progress == "0;0" && stage.screen.all == ["$ run", "line"])
        #expect(stage.painter.end() == "")
    }

    @Test(arguments: [1, 2, 3, 20], [1, 2, 3, 6]) func `nothing wraps, however small it is`(columns: Int, rows: Int) {
        var stage = Self.stage(columns: columns, rows: rows)
        for step in 0..<5 {
            stage.frame(["a line that is far too long"], (0..<step * 3).map { "最適化 of the block \($0)" })
        }
        stage.screen.feed(stage.painter.end())
        // The prompt itself is wrapped in such a window.
        #expect(stage.screen.wraps == (columns < 5 ? ("$ run".count - 1) / columns : 0))
        #expect(
            stage.screen.all.suffix(5).allSatisfy { !$0.isEmpty && TextWidth.columns(of: $0) <= max(1, columns - 1) })
    }

    @Test(arguments: ScreenEmulator.Resizing.allCases, [[40, 24], [10, 24], [20, 9], [9, 5], [20, 30], [3, 4]])
    func `a resized window has the block once, and every line above it`(
        resizing: ScreenEmulator.Resizing, to size: [Int]
    ) {
        var stage = Self.stage(resizing, columns: 20, rows: 12)
        let block = ["head of the block", "first", "second"]
        for number in 0..<20 { stage.frame(["trial \(number)"], block) }
        stage.screen.resize(columns: size[0], rows: size[1])
        stage.frame(["trial 20"], block)
        stage.screen.resize(columns: 20, rows: 12)
        stage.frame(["trial 21"], block)
        stage.screen.feed(stage.painter.end())
        let all = stage.screen.all
        // What was cut cannot be had back. What was broken is whole again.
        let isNarrow = size[0] < 9
        let expected = (0..<22).map { "trial \($0)" }
        if resizing == .reflows && !isNarrow { #expect(all == ["$ run"] + expected) }
        #expect(all.count == 23, "\(all)")
        #expect(!all.contains { $0.hasPrefix("head") || $0.hasPrefix("fir") || $0.hasPrefix("sec") }, "\(all)")
    }
}
