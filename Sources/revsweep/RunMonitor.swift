import Foundation
import SweepEngine
import SweepReport
import SweepStore
import Synchronization

/// Shows a running sweep: with lines that change on a terminal, as plain lines in a pipe.
final class RunMonitor: Sendable {
    enum Style {
        case live, plain, silent
    }

    private struct State {
        var display: RunDisplay
        /// How many changing lines stand on the terminal.
        var shownLines = 0
    }

    private let style: Style
    private let improved: @Sendable (TrialRecord) -> Void
    private let state: Mutex<State>

    /// - Parameter improved: called with each trial that is the best so far.
    init(_ display: RunDisplay, style: Style, improved: @escaping @Sendable (TrialRecord) -> Void) {
        state = Mutex(State(display: display))
        self.style = style
        self.improved = improved
    }

    func begin(_ sweep: OpenSweep, parallel: Int) {
        let verb = sweep.isNew ? "starting" : "going on with"
        show("\(verb) sweep '\(sweep.file.sweep.name)', \(parallel) at once, in \(sweep.directory)")
    }

    @Sendable func notice(_ notice: SweepNotice) {
        switch notice {
        case .recovered(let trials):
            show("interrupted before, and run again: trial \(trials.map(String.init).joined(separator: ", "))")
        case .started(let trial): state.withLock { $0.display.trialStarted(trial) }
        case .reported(let trial, let report): state.withLock { $0.display.trialReported(trial, report) }
        case .ended(let trial):
            let (line, isBest) = state.withLock { $0.display.trialEnded(trial) }
            if isBest { improved(trial) }
            show(line)
        case .stopping(let ending):
            let text =
                ending == .interrupted
                ? "stopping: running trials may end; Ctrl-C again ends them" : "the time is up: running trials may end"
            state.withLock { $0.display.stopping(because: text) }
            if style == .plain { show(text) }
        }
    }

    /// Runs `body` and keeps the changing lines fresh meanwhile.
    func watching<Value: Sendable>(_ body: @Sendable () async throws -> Value) async throws -> Value {
        guard style == .live else { return try await body() }
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { [self] in
                while !Task.isCancelled {
                    state.withLock { Self.redraw(&$0, above: nil) }
                    try await Task.sleep(for: .milliseconds(100))
                }
            }
            defer {
                tasks.cancelAll()
                state.withLock { Self.erase(&$0) }
            }
            return try await body()
        }
    }

    private func show(_ line: String) {
        switch style {
        case .silent: break
        case .plain: Console.print(line)
        case .live: state.withLock { Self.redraw(&$0, above: line) }
        }
    }

    /// Draws the changing lines anew, below a line that stays.
    private static func redraw(_ state: inout State, above line: String?) {
        let lines = state.display.liveLines(width: Console.width, at: Date())
        var text = moveToTop(state.shownLines)
        if let line { text += line + "\n" }
        text += lines.map { $0 + "\n" }.joined()
        Console.write(text)
        state.shownLines = lines.count
    }

    private static func erase(_ state: inout State) {
        Console.write(moveToTop(state.shownLines))
        state.shownLines = 0
    }

    /// Up to the first of the changing lines, and everything from there on cleared.
    private static func moveToTop(_ count: Int) -> String {
        (count > 0 ? "\u{1B}[\(count)A" : "") + "\r\u{1B}[J"
    }
}
