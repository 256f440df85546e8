import Dispatch
import Synchronization
import TerminalDrawing
import Training
import TrialProtocol

/// Shows a run on a terminal while it trains: a table of epochs that scrolls up, and a bar below it.
///
/// The training loop only leaves what it has counted in `show`, which takes a lock for a moment, allocates nothing for
/// a batch, and never waits for the terminal. A timer looks at it ten times a second, and writes what has changed as
/// one frame. So the bar also follows the clock and the width of the terminal while a batch takes long.
///
///     let screen = TrainingScreen(TrainingView(plan), surroundings)
///     screen.begin()
///     try run.run { screen.show($0) }
///     screen.end { view in summary(of: view).lines(width: 80) }
public final class TrainingScreen: Sendable {
    /// The terminal, and what is outside of the run.
    public struct Surroundings: Sendable {
        public var features: TerminalFeatures
        public var size: @Sendable () -> TerminalSize
        public var write: @Sendable (String) -> Void
        public var isStopping: @Sendable () -> Bool
        /// Whether epochs are shown; else they are printed elsewhere, and the bar alone is shown.
        public var showsEpochs: Bool

        public init(
            features: TerminalFeatures, showsEpochs: Bool, size: @escaping @Sendable () -> TerminalSize,
            isStopping: @escaping @Sendable () -> Bool, write: @escaping @Sendable (String) -> Void
        ) {
            self.features = features
            self.showsEpochs = showsEpochs
            self.size = size
            self.isStopping = isStopping
            self.write = write
        }
    }

    /// What has happened since the last frame.
    private struct Inbox {
        var progress: TrainingView.Progress?
        var resumed: Int?
        var ended: [MetricReport] = []
    }

    private struct Shown {
        var view: TrainingView
        var painter = LivePainter()
        var hasEnded = false
    }

    private let surroundings: Surroundings
    private let inbox = Mutex(Inbox())
    private let shown: Mutex<Shown>
    private let queue = DispatchQueue(label: "revmlp.screen", qos: .utility)
    private let start = ContinuousClock.now

    public init(_ view: TrainingView, _ surroundings: Surroundings) {
        self.surroundings = surroundings
        shown = Mutex(Shown(view: view))
    }

    /// Draws from now on, ten times a second at most.
    public func begin() { tick() }

    /// What the run reports.
    public func show(_ event: TrainingEvent) {
        switch event {
        case .progress(let epoch, let batch, _, let loss):
            inbox.withLock { $0.progress = .init(epoch: epoch, batch: batch, loss: loss) }
        case .epoch(let report):
            if surroundings.showsEpochs { inbox.withLock { $0.ended.append(report) } }
        case .resumed(let epoch): inbox.withLock { $0.resumed = epoch }
        case .alreadyComplete(let epochs): inbox.withLock { $0.resumed = epochs + 1 }
        case .diagnostics: break
        }
    }

    /// Removes the bar while another line is printed. The next frame draws it again.
    public func interrupt(toPrint print: () throws -> Void) rethrows {
        try shown.withLock { shown in
            let text = shown.painter.end()
            if !text.isEmpty { surroundings.write(text) }
            try print()
        }
    }

    /// The last frame: the epochs that were not shown yet, and what is said at the end in the place of the bar.
    public func end(_ lastLines: (TrainingView, _ width: Int) -> [StyledText] = { _, _ in [] }) {
        shown.withLock { shown in
            guard !shown.hasEnded else { return }
            shown.hasEnded = true
            let size = surroundings.size()
            let width = max(1, size.columns - 1)
            let lines = newLines(of: &shown, width) + lastLines(shown.view, width)
            write(lines, block: [], &shown, size, .none)
            let rest = shown.painter.end()
            if !rest.isEmpty { surroundings.write(rest) }
        }
    }

    private func tick() {
        let goesOn = shown.withLock { shown in
            guard !shown.hasEnded else { return false }
            let size = surroundings.size()
            let width = max(1, size.columns - 1)
            let lines = newLines(of: &shown, width)
            guard surroundings.features.isLive else {
                write(lines, block: [], &shown, size, .none)
                return true
            }
            let progress = inbox.withLock { $0.progress }
            let bar = shown.view.bar(
                progress, at: ContinuousClock.now - start, isStopping: surroundings.isStopping(), width: width)
            write(lines, block: [bar], &shown, size, .percent(shown.view.percent(progress)))
            return true
        }
        guard goesOn else { return }
        queue.asyncAfter(deadline: .now() + .milliseconds(100)) { [weak self] in self?.tick() }
    }

    private func newLines(of shown: inout Shown, _ width: Int) -> [StyledText] {
        let news = inbox.withLock { inbox in
            defer { (inbox.resumed, inbox.ended) = (nil, []) }
            return inbox
        }
        if let epoch = news.resumed { shown.view.resumes(inEpoch: epoch) }
        for report in news.ended { shown.view.ended(report) }
        return surroundings.showsEpochs ? shown.view.newLines(width: width) : []
    }

    private func write(
        _ lines: [StyledText], block: [StyledText], _ shown: inout Shown, _ size: TerminalSize,
        _ progress: TerminalProgress
    ) {
        let features = surroundings.features
        let text =
            features.isLive
            ? shown.painter.frame(above: lines, block: block, size: size, features: features, progress: progress)
            : lines.map { $0.encoded(for: features) + "\n" }.joined()
        if !text.isEmpty { surroundings.write(text) }
    }
}
