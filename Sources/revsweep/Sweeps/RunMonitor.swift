import Foundation
import SweepEngine
import SweepModel
import SweepReport
import SweepStore
import Synchronization
import TerminalDrawing

/// Shows a running sweep: with a block of lines that changes on a terminal, and as plain lines in a pipe or a file.
///
/// It is called from many tasks at once and never makes them wait: lines are collected, and a queue of its own writes
/// them. On a terminal that is at most ten times a second, and only if something has changed.
///
/// On a terminal, with two trials running:
///
///     trial  state       val_loss       time  learning_rate  curve
///        11  complete        0.21 ★    3.0 s         0.0123  █▅▃▂▁
///     digits  ━━━━━──────────────────────────────────  12/100 ended  about 5 m 08 s left
///     2 running  12 complete  1029 trials/h  42 s
///     best val_loss 0.21  trial 11, 1 s ago  learning_rate=0.0123
///     trial  state       val_loss       time  learning_rate  curve
///        12  running         0.35        1 s        0.00301  █▆▅
///        13  running                     0 s         0.0211
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
        /// What stays and has not been written yet.
        var waiting: [RunDisplay.Above] = []
        /// How many lines were dropped because the reader had stopped reading.
        var unread = 0
        var isWriting = false
        /// Whether anything has happened since the last frame.
        var hasNews = true
    }

    /// What is on the terminal. Only the queue uses it.
    private struct Shown {
        var painter = LivePainter()
        var size: TerminalSize?
        /// The time of the last frame in whole seconds: times that are shown change with these.
        var second: Int64?
    }

    /// Everything is written on this queue. A reader that has stopped reading (`| less`, a frozen terminal) blocks the
    /// queue, and not the sweep.
    private let output = DispatchQueue(label: "output")
    /// More lines are dropped, so that memory does not grow through a night without a reader.
    private static let maxWaiting = 10_000
    private static let interval = Duration.milliseconds(100)

    /// Chosen once, at the beginning of the run.
    private let style: Style
    private let features: TerminalFeatures
    /// Called in the task that reports the end of the trial, so that `best.yaml` is written even if nothing is
    /// displayed.
    private let improved: @Sendable (TrialRecord) -> Void
    /// What is known of the run. Nothing is written while the lock is held.
    private let state: Mutex<State>
    private let shown = Mutex(Shown())
    private let began = SuspendingClock.now

    /// - Parameter improved: called with each trial that is the best so far.
    init(
        _ display: RunDisplay, style: Style, features: TerminalFeatures,
        improved: @escaping @Sendable (TrialRecord) -> Void
    ) {
        state = Mutex(State(display: display))
        self.style = style
        self.features = features
        self.improved = improved
    }

    /// Says which sweep runs, and where.
    func begin(_ sweep: OpenSweep, parallel: Int) {
        let verb = sweep.isNew ? "starting" : "going on with"
        show(.text("\(verb) sweep '\(sweep.file.sweep.name)', \(parallel) at once, in \(sweep.directory)"))
        if let lesson = sweep.lessonWords { show(.text(lesson)) }
    }

    /// Takes in what happens in the sweep.
    ///
    /// It may be called from any task, also from several at once, and returns before anything is written.
    @Sendable func notice(_ notice: SweepNotice) {
        switch notice {
        case .recovered(let trials):
            let numbers = trials.map(String.init).joined(separator: ", ")
            show(.text("interrupted before, and run again: trial \(numbers)"))
        case .started(let trial): change { $0.trialStarted(trial, at: .now) }
        case .reported(let trial, let report): change { $0.trialReported(trial, report) }
        case .judged(let decision): change { $0.trialJudged(decision) }
        case .ended(let trial):
            let ended = change { $0.trialEnded(trial, at: .now) }
            if ended.isBest { improved(trial) }
            show(.trial(ended))
        case .stopping(let ending):
            let text = state.withLock { state in
                if ending == .interrupted { state.interruptions += 1 }
                let text = Self.stopping(ending, interruptions: state.interruptions)
                state.display.stopping(because: text)
                state.hasNews = true
                return text
            }
            guard style == .plain else { return }
            show(.text(text))
            // Whoever has pressed Ctrl-C waits for an answer, also where the lines go into a file or to `tee`, which
            // the same Ctrl-C has ended.
            if ending == .interrupted { Console.printWhereOutputIsNotSeen(text) }
        case .notice(let text): show(.text(text))
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

    private func change<Result: Sendable>(_ body: (inout RunDisplay) -> Result) -> Result {
        state.withLock { state in
            state.hasNews = true
            return body(&state.display)
        }
    }

    // MARK: Writing

    /// Runs `body`, and meanwhile keeps the terminal up to date.
    ///
    /// - Throws: whatever `body` throws.
    func watching<Value: Sendable>(_ body: @Sendable () async throws -> Value) async throws -> Value {
        guard style == .live else { return try await body() }
        // A warning in the middle of the block would be drawn over.
        Console.divertErrors { [self] in show(.text($0)) }
        TerminalInput.begin(suspending: { [self] in leave() })
        defer {
            Console.divertErrors(nil)
            TerminalInput.end()
        }
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { [self] in
                while !Task.isCancelled {
                    write()
                    try await Task.sleep(for: Self.interval)
                }
            }
            defer { tasks.cancelAll() }
            return try await body()
        }
    }

    /// Waits until everything is written, and removes the block.
    func finish() { leave() }

    /// Leaves the terminal as if there had never been a block.
    private func leave() {
        output.sync { [self] in
            guard style == .live else { return }
            draw(withBlock: false)
            shown.withLock { shown in
                _ = try? Console.write(shown.painter.end())
                shown = Shown()
            }
        }
    }

    /// Adds a line that stays. In a pipe it is written at once, and on a terminal with the next frame.
    private func show(_ line: RunDisplay.Above) {
        if style == .silent { return }
        state.withLock { state in
            state.hasNews = true
            if state.waiting.count < Self.maxWaiting { state.waiting.append(line) } else { state.unread += 1 }
        }
        if style == .plain { write() }
    }

    /// Has the queue write what has been collected, unless that is already about to happen.
    private func write() {
        let isNeeded = state.withLock { state in
            defer { state.isWriting = true }
            return !state.isWriting
        }
        guard isNeeded else { return }
        output.async { [self] in
            state.withLock { $0.isWriting = false }
            if style == .live { draw(withBlock: TerminalInput.isInForeground) } else { writeLines() }
        }
    }

    /// Takes the lines that wait.
    private func take(_ state: inout State) -> [RunDisplay.Above] {
        let missed =
            state.unread > 0 ? [RunDisplay.Above.text("… \(state.unread) unread lines are left out")] : []
        defer { (state.waiting, state.unread, state.hasNews) = ([], 0, false) }
        return state.waiting + missed
    }

    /// Writes the lines that wait into a pipe. Only to be called on the queue.
    private func writeLines() {
        let lines = state.withLock { take(&$0) }.map { line -> String in
            switch line {
            case .text(let text): TerminalText.lines(text)
            case .trial(let ended): ended.line
            }
        }
        if !lines.isEmpty { _ = try? Console.write(lines.map { $0 + "\n" }.joined()) }
    }

    /// Draws the next frame if anything can have changed. Only to be called on the queue.
    ///
    /// - Parameter withBlock: a program in the background must not draw over what its user types.
    private func draw(withBlock: Bool) {
        let now = SuspendingClock.now
        let size = Console.size
        let second = (now - began).components.seconds
        shown.withLock { shown in
            let frame = state.withLock { state -> RunDisplay.Frame? in
                guard state.hasNews || shown.size != size || shown.second != second || !withBlock else { return nil }
                let lines = take(&state)
                return state.display.frame(above: lines, size: size, at: now)
            }
            guard let frame else { return }
            (shown.size, shown.second) = (size, second)
            let text = shown.painter.frame(
                above: frame.above, block: withBlock ? frame.block : [], size: size, features: features,
                progress: withBlock ? frame.progress : .none)
            if !text.isEmpty { _ = try? Console.write(text) }
        }
    }
}
