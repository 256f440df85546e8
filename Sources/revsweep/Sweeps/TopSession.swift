import Foundation
import SweepReport
import SweepScreen
import TerminalDrawing

/// The screen of `revsweep top` from its first frame to its last: takes keys and data to the screen's state, and draws
/// it when it has changed.
struct TopSession {
    private let terminal: FullScreenTerminal
    private let reader: TopReader
    private let features: TerminalFeatures
    private var state: ScreenState
    private var painter = ScreenPainter()
    private var keys = KeyReader()
    /// When the last frame was drawn.
    private var drawn: ContinuousClock.Instant?
    /// When the files were last looked at.
    private var looked = ContinuousClock.now
    /// When a key last sent something.
    private var pressedLast = ContinuousClock.now
    private var isDue = true

    /// The least time between two frames.
    private static let frame = Duration.milliseconds(100)
    /// How often the files are looked at.
    private static let look = Duration.milliseconds(500)
    /// After which time an Escape is a key, and not the beginning of another one.
    private static let escape = Duration.milliseconds(50)

    init(_ folders: SweepFolders, features: TerminalFeatures) throws {
        self.features = features
        terminal = try FullScreenTerminal(begin: ScreenPainter.begin, end: ScreenPainter.end)
        reader = TopReader(folders: folders, wake: terminal.waker)
        state = ScreenState(size: Self.size, time: Date())
    }

    private static var size: TerminalSize {
        let size = Console.size
        return TerminalSize(columns: size.columns, rows: size.rows)
    }

    /// Returns when the user has had enough, or the terminal is gone.
    mutating func run() {
        defer {
            reader.end()
            terminal.leave()
        }
        reader.look()
        while true {
            if isDue, !draw() { return }
            let news = terminal.wait(milliseconds: pause)
            if news.isClosed { return }
            if news.isStopped { suspend() }
            if news.isContinued { resume() }
            if news.isResized, apply(.resized(Self.size)) == .quit { return }
            for data in reader.take() where apply(.data(data)) == .quit { return }
            var pressed = keys.take(news.input)
            if !news.input.isEmpty { pressedLast = .now }
            if keys.isWaiting, ContinuousClock.now - pressedLast >= Self.escape { pressed += keys.flush() }
            for key in pressed {
                switch apply(.key(key)) {
                case .nothing: break
                case .quit: return
                case .suspend: suspend()
                case .redraw: painter.forget()
                }
            }
            if ContinuousClock.now - looked >= Self.look {
                looked = .now
                _ = apply(.time(Date()))
                reader.look()
            }
        }
    }

    private mutating func apply(_ event: ScreenEvent) -> ScreenAction {
        let action = state.apply(event)
        reader.request(state.request)
        isDue = true
        return action
    }

    /// For how long nothing has to be done unless something happens.
    private var pause: Int {
        var wait = Self.look - (ContinuousClock.now - looked)
        if isDue, let drawn { wait = min(wait, Self.frame - (ContinuousClock.now - drawn)) }
        if keys.isWaiting { wait = min(wait, Self.escape) }
        return max(0, Int((wait / .milliseconds(1)).rounded(.up)))
    }

    /// Draws what has changed, unless the last frame was a moment ago; the next round then draws it.
    ///
    /// - Returns: false if the terminal is gone.
    private mutating func draw() -> Bool {
        if let drawn, ContinuousClock.now - drawn < Self.frame { return true }
        isDue = false
        let text = painter.frame(state.lines, size: state.size, features: features)
        if text.isEmpty { return true }
        drawn = .now
        return terminal.write(text)
    }

    private mutating func suspend() {
        terminal.suspend()
        resume()
    }

    /// Draws everything anew after the process was stopped: other programs have had the terminal.
    private mutating func resume() {
        terminal.enter()
        painter.forget()
        _ = apply(.resized(Self.size))
    }
}
