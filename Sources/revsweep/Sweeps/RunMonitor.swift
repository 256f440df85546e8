import Foundation
import SweepEngine
import SweepModel
import SweepReport
import SweepStore
import Synchronization

/// Shows a running sweep: with lines that change on a terminal, and as plain lines in a pipe or a file.
///
/// It is called from many tasks at once and never makes them wait: lines are collected, and a queue of its own writes
/// them.
///
/// On a terminal, with two trials running:
///
///     trial  11  complete  val_loss 0.21 *  3.0 s  lr=0.01
///     digits  12/100 ended  best trial 11: val_loss 0.21  42 s, about 5 m 08 s left
///       trial  12  1.2 s  step 4 val_loss 0.35  lr=0.003
///       trial  13  0.4 s  started  lr=0.02
final class RunMonitor: Sendable {
    enum Style {
        /// On a terminal: lines that stay, and below them lines that change.
        case live
        /// In a pipe or a file: only lines that stay.
        case plain
        /// With `--quiet` or `--json`: nothing.
        case silent
    }

    /// What tasks and the queue share.
    private struct State {
        var display: RunDisplay
        var interruptions = 0
        /// Lines that stay and have not been written yet.
        var waiting: [String] = []
        /// How many lines were dropped because the reader had stopped reading.
        var unread = 0
        var isWriting = false
    }

    /// Everything is written on this queue. A reader that has stopped reading (`| less`, a frozen terminal) blocks the
    /// queue, and not the sweep.
    private let output = DispatchQueue(label: "output")
    /// More lines are dropped, so that memory does not grow through a night without a reader.
    private static let maxWaiting = 10_000

    /// Chosen once, at the beginning of the run.
    private let style: Style
    /// Called in the task that reports the end of the trial, so that `best.yaml` is written even if nothing is
    /// displayed.
    private let improved: @Sendable (TrialRecord) -> Void
    /// What is known of the run. Nothing is written while the lock is held.
    private let state: Mutex<State>
    /// How many changing lines are on the terminal now, and have to be overwritten.
    private let shownLines = Mutex(0)

    /// - Parameter improved: called with each trial that is the best so far.
    init(_ display: RunDisplay, style: Style, improved: @escaping @Sendable (TrialRecord) -> Void) {
        state = Mutex(State(display: display))
        self.style = style
        self.improved = improved
    }

    /// Says which sweep runs, and where.
    func begin(_ sweep: OpenSweep, parallel: Int) {
        let verb = sweep.isNew ? "starting" : "going on with"
        show("\(verb) sweep '\(sweep.file.sweep.name)', \(parallel) at once, in \(sweep.directory)")
    }

    /// Takes in what happens in the sweep.
    ///
    /// It may be called from any task, also from several at once, and returns before anything is written.
    @Sendable func notice(_ notice: SweepNotice) {
        switch notice {
        case .recovered(let trials):
            show("interrupted before, and run again: trial \(trials.map(String.init).joined(separator: ", "))")
        case .started(let trial): state.withLock { $0.display.trialStarted(trial, at: .now) }
        case .reported(let trial, let report): state.withLock { $0.display.trialReported(trial, report) }
        case .ended(let trial):
            let (line, isBest) = state.withLock { $0.display.trialEnded(trial) }
            if isBest { improved(trial) }
            show(line)
        case .stopping(let ending):
            let text = state.withLock { state in
                if ending == .interrupted { state.interruptions += 1 }
                let text = Self.stopping(ending, interruptions: state.interruptions)
                state.display.stopping(because: text)
                return text
            }
            if style == .plain { show(text) }
        case .notice(let text): show(text)
        }
    }

    /// What the next signal will do: each one asks more firmly than the one before.
    private static func stopping(_ ending: SweepEnding, interruptions: Int) -> String {
        switch (ending, interruptions) {
        case (.interrupted, 1): "stopping: running trials may end; Ctrl-C again ends them"
        case (.interrupted, 2): "ending the running trials; Ctrl-C again kills them"
        case (.interrupted, _): "killing the running trials"
        default: "the time is up: running trials may end"
        }
    }

    /// Runs `body`, and meanwhile writes the changing lines ten times a second.
    ///
    /// - Throws: whatever `body` throws.
    func watching<Value: Sendable>(_ body: @Sendable () async throws -> Value) async throws -> Value {
        guard style == .live else { return try await body() }
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { [self] in
                while !Task.isCancelled {
                    write()
                    try await Task.sleep(for: .milliseconds(100))
                }
            }
            defer { tasks.cancelAll() }
            return try await body()
        }
    }

    /// Waits until everything is written, and removes the changing lines.
    func finish() {
        output.sync { [self] in
            guard style == .live else { return }
            drain(changing: [])
        }
    }

    /// Adds a line that stays, and has it written.
    private func show(_ line: String) {
        if style == .silent { return }
        state.withLock { state in
            if state.waiting.count < Self.maxWaiting { state.waiting.append(line) } else { state.unread += 1 }
        }
        write()
    }

    /// Has the queue write what has been collected, unless that is already about to happen.
    private func write() {
        let isNeeded = state.withLock { state in
            defer { state.isWriting = true }
            return !state.isWriting
        }
        guard isNeeded else { return }
        output.async { [self] in
            let size = Console.size
            let changing = state.withLock { state in
                state.isWriting = false
                return style == .live ? state.display.liveLines(columns: size.columns, rows: size.rows, at: .now) : []
            }
            drain(changing: changing)
        }
    }

    /// Writes the waiting lines and, on a terminal, the changing lines below them. Only to be called on the queue.
    private func drain(changing: [String]) {
        let (lines, unread) = state.withLock { state in
            defer { (state.waiting, state.unread) = ([], 0) }
            return (state.waiting, state.unread)
        }
        let missed = unread > 0 ? ["… \(unread) unread lines are left out"] : []
        let text = (lines.map(TerminalText.lines) + missed + changing).map { $0 + "\n" }.joined()
        guard style == .live else {
            _ = try? Console.write(text)
            return
        }
        // Moves up to the first of the changing lines and clears everything from there.
        let up = shownLines.withLock { shown in
            defer { shown = changing.count }
            return shown > 0 ? "\u{1B}[\(shown)A" : ""
        }
        _ = try? Console.write(up + "\r\u{1B}[J" + text)
    }
}
