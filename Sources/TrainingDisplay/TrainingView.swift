import TerminalDrawing
import Training
import TrialProtocol

/// What a person sees of a run while it trains, as a value: events go in, lines come out. It knows no clock and no
/// terminal.
///
///     var view = TrainingView(plan)
///     view.ended(report)                                          // an epoch
///     let rows = view.newLines(width: 80)                         // what scrolls up
///     let bar = view.bar(progress, at: .seconds(3), width: 80)    // what stays at the bottom
public struct TrainingView: Sendable {
    /// How far a run is: `batch` of the batches of an epoch are done.
    public struct Progress: Hashable, Sendable {
        public var epoch: Int
        public var batch: Int
        public var loss: Double

        public init(epoch: Int, batch: Int, loss: Double) {
            self.epoch = epoch
            self.batch = batch
            self.loss = loss
        }
    }

    /// So many epochs of an earlier part of the run are shown; a long run is not shown again as a whole.
    static let maxEarlier = 5

    public let plan: TrainingPlan
    /// The epoch at which this part of the run began.
    private var firstEpoch = 1
    public private(set) var best: MetricReport?
    public private(set) var last: MetricReport?
    private var table: EpochTable
    private var waiting: [Line] = []
    private var rate = StepRate()

    private enum Line: Sendable {
        case note(String)
        case epoch(MetricReport, isBest: Bool, isEarlier: Bool)
    }

    public init(_ plan: TrainingPlan) {
        self.plan = plan
        table = EpochTable(plan)
    }

    /// The run goes on in this epoch; the ones before it are reported next.
    public mutating func resumes(inEpoch epoch: Int) {
        firstEpoch = epoch
        if epoch <= plan.epochs { note("goes on in epoch \(epoch)") }
        let hidden = epoch - 1 - Self.maxEarlier
        if hidden > 0 { note("\(hidden) earlier epoch\(hidden == 1 ? " is" : "s are") not shown") }
    }

    /// A line that scrolls up.
    public mutating func note(_ text: String) { waiting.append(.note(text)) }

    /// An epoch has ended, in this part of the run or in an earlier one.
    public mutating func ended(_ report: MetricReport) {
        let epoch = report.step ?? 0
        let isBest = plan.best.isBetter(report, than: best)
        if isBest { best = report }
        if report[plan.best.rawValue]?.isFinite == true { last = report }
        if epoch < firstEpoch - Self.maxEarlier { return }
        waiting.append(.epoch(report, isBest: isBest, isEarlier: epoch < firstEpoch))
    }

    /// The lines that have come since the last call, for a terminal of this width.
    public mutating func newLines(width: Int) -> [StyledText] {
        defer { waiting = [] }
        return waiting.flatMap { line -> [StyledText] in
            switch line {
            case .note(let text): StyledText(text, .dim).wrapped(to: width)
            case .epoch(let report, let isBest, let isEarlier):
                table.lines(report, isBest: isBest, isEarlier: isEarlier, width: width).map { $0.cut(to: width) }
            }
        }
    }
}

// MARK: The bar

extension TrainingView {
    /// The line at the bottom: how far the run is, how fast, and how long it will take. What does not fit is left out,
    /// the least important first.
    ///
    /// - Parameters:
    ///   - progress: of the last batch; nil before the first.
    ///   - time: since any moment, the same for all calls.
    ///   - isStopping: whether the run ends after the batch under way.
    public mutating func bar(
        _ progress: Progress?, at time: Duration, isStopping: Bool = false, width: Int
    ) -> StyledText {
        let epoch = progress?.epoch ?? firstEpoch
        let steps = progress.map { ($0.epoch - 1) * plan.batches + $0.batch } ?? (firstEpoch - 1) * plan.batches
        let total = max(1, plan.epochs * plan.batches)
        if progress != nil { rate.note(steps: steps, at: time) }
        let fraction = Double(steps) / Double(total)
        let place = StyledText("epoch \(min(epoch, plan.epochs))/\(plan.epochs)", .bold)
        let percent = StyledText("\(Int(100 * min(1, fraction)))%")
        if isStopping {
            let start = StyledText.joined([place, percent])
            let (long, short) = (
                StyledText("stopping after this batch", TextStyle(.yellow)), StyledText("stopping", TextStyle(.yellow))
            )
            let lines: [StyledText] = [.joined([start, long]), .joined([start, short])]
            return (lines.first { $0.columns <= width } ?? short).cut(to: width)
        }
        // By importance; the order of the line is that of the numbers.
        let parts: [(order: Int, text: StyledText)] = [
            (0, place), (2, percent), (6, timeLeft(total - steps, "", " left")), (4, speed),
            (7, epochLeft(progress)), (3, batch(progress)), (5, loss(progress)),
        ]
        var shown: [(order: Int, text: StyledText)] = []
        var used = 0
        // Of more importance than what is behind the percents.
        let least = width >= 36 ? 10 : 0
        for part in parts where !part.text.isEmpty {
            let needed = part.text.columns + (shown.isEmpty ? 0 : 2)
            let reserved = shown.count >= 2 && least > 0 ? least + 2 : 0
            if used + needed + reserved > width, !shown.isEmpty { continue }
            shown.append(part)
            used += needed
        }
        // The bar takes what is left over, within reason.
        let room = min(width - used - 2, 30)
        if room >= 4 { shown.append((1, ProgressBar.text(fraction, columns: room))) }
        return StyledText.joined(shown.sorted { $0.order < $1.order }.map(\.text)).cut(to: width)
    }

    /// The run as a whole, in percent, as terminals show it in their tabs.
    public func percent(_ progress: Progress?) -> Int {
        guard let progress else { return 0 }
        let steps = (progress.epoch - 1) * plan.batches + progress.batch
        return min(100, 100 * steps / max(1, plan.epochs * plan.batches))
    }

    private var speed: StyledText { StyledText(rate.stepsPerSecond.map(NumberText.rate) ?? "") }

    private func timeLeft(_ steps: Int, _ before: String, _ behind: String) -> StyledText {
        guard let stepsPerSecond = rate.stepsPerSecond, stepsPerSecond > 0 else { return StyledText() }
        return StyledText(before + NumberText.duration(Double(max(0, steps)) / stepsPerSecond) + behind)
    }

    private func batch(_ progress: Progress?) -> StyledText {
        guard let progress, plan.batches > 1 else { return StyledText() }
        return StyledText(
            progress.batch == plan.batches ? "evaluating" : "batch \(progress.batch)/\(plan.batches)", .dim)
    }

    private func epochLeft(_ progress: Progress?) -> StyledText {
        guard let progress, plan.batches > 1, progress.batch < plan.batches else { return StyledText() }
        return timeLeft(plan.batches - progress.batch, "(epoch: ", ")").styled(.dim)
    }

    private func loss(_ progress: Progress?) -> StyledText {
        StyledText(progress.map { "loss \(NumberText.loss($0.loss))" } ?? "", .dim)
    }
}
