import Foundation
import SweepModel
import SweepSearch
import TerminalDrawing

/// Trials as a table that fits a terminal: a line for each, only the parameters that vary, by short names, and the best
/// marked.
///
///     let table = TerminalTable(listing, best: try store.bestTrial()?.number)
///     for line in table.lines(columns: 80) { print(line.encoded(for: features)) }
///     // trial  state     val_loss       time  learning_rate  reason
///     //     0  complete    0.21  ★    3.0 s           0.01
///     //     1  failed                 0.4 s           0.3   crash: exit 1
///
/// What does not fit is left out, the last parameters first and the values last. Long names of metrics are cut before
/// that. The table of `TrialListing`, which has everything, is for pipes.
public struct TerminalTable: Sendable {
    /// One column with a cell for each trial, all of the same width.
    private struct Column {
        var title: StyledText
        var cells: [StyledText]
        var width: Int
        var alignment: StyledText.Alignment

        init(_ title: String, _ cells: [StyledText], _ alignment: StyledText.Alignment) {
            self.title = StyledText(title)
            self.cells = cells
            self.alignment = alignment
            width = max(self.title.columns, cells.reduce(0) { max($0, $1.columns) })
        }

        /// Cuts the title, so that the column is no wider than this if its cells are not.
        mutating func cutTitle(to limit: Int) {
            let cells = cells.reduce(0) { max($0, $1.columns) }
            title = title.cut(to: max(limit, cells))
            width = max(title.columns, cells)
        }
    }

    private let listing: TrialListing
    private let best: Int?
    private let address: String?

    private static let gap = "  "
    private static let longestText = 24
    /// The name of a metric is no longer where room is scarce.
    private static let longestName = 14
    /// A column of reasons that is narrower says nothing.
    private static let shortestReason = 16

    /// - Parameters:
    ///   - best: the number of the sweep's best trial. Where there are several objectives, the trials of the front are
    ///     marked instead.
    ///   - address: of the sweep's folder, as `file://host/path`, for links to the folders of trials.
    public init(_ listing: TrialListing, best: Int?, address: String? = nil) {
        self.listing = listing
        self.best = best
        self.address = address
    }

    /// The titles and the trials, no line longer than the terminal is wide.
    public func lines(columns: Int) -> [StyledText] {
        let width = max(1, columns - 1)
        let reasons = Column("reason", listing.trials.map { StyledText(listing.why($0), .dim) }, .left)
        let hasReasons = reasons.cells.contains { !$0.isEmpty }
        var shown = results(within: width)
        var room = width - shown.reduce(-Self.gap.count) { $0 + $1.width + Self.gap.count }
        func add(_ column: Column, keeping reserve: Int) {
            let needed = column.width + Self.gap.count
            guard needed + reserve <= room else { return }
            shown.append(column)
            room -= needed
        }
        // A third of a wide terminal is for reasons, if there are any.
        let reserve = hasReasons ? min(reasons.width + Self.gap.count, width / 3) : 0
        for column in parameters { add(column, keeping: reserve) }
        if hasReasons, room >= Self.shortestReason { shown.append(reasons) }
        let titles = shown.map { $0.title.padded(to: $0.width, $0.alignment) }
        let head = joined(titles).trimmed().cut(to: width).styled(TextStyle(bold: true))
        return [head]
            + listing.trials.indices.map { row in
                joined(shown.map { $0.cells[row].padded(to: $0.width, $0.alignment) }).trimmed().cut(to: width)
            }
    }

    /// The columns besides those of parameters, as many as fit. The values are always there: they come before the
    /// states, and these before the rest.
    private func results(within width: Int) -> [Column] {
        var columns = [numbers, states, values] + furtherValues + [times]
        let (number, state, value) = (0, 1, 2)
        let metrics = value..<(columns.count - 1)
        if columns.reduce(-Self.gap.count, { $0 + $1.width + Self.gap.count }) > width {
            for place in metrics { columns[place].cutTitle(to: Self.longestName) }
        }
        var room = width + Self.gap.count
        var chosen: Set<Int> = []
        for place in [number, value, state] + Array((value + 1)..<columns.count) {
            let limit = room - Self.gap.count
            if metrics.contains(place), columns[place].width > limit { columns[place].cutTitle(to: limit) }
            guard columns[place].width <= limit || place == number || place == value else { continue }
            chosen.insert(place)
            room -= columns[place].width + Self.gap.count
        }
        return columns.indices.filter(chosen.contains).map { columns[$0] }
    }

    private func joined(_ cells: [StyledText]) -> StyledText {
        var line = StyledText()
        for (index, cell) in cells.enumerated() {
            if index > 0 { line += StyledText(Self.gap) }
            line += cell
        }
        return line
    }

    // MARK: Columns

    private func isMarked(_ trial: TrialRecord) -> Bool {
        listing.objectives.areSeveral ? listing.front.contains(trial.number) : trial.number == best
    }

    private func style(_ trial: TrialRecord) -> TextStyle { isMarked(trial) ? SweepHeader.bestStyle : .plain }

    private var numbers: Column {
        Column(
            "trial",
            listing.trials.map { trial in
                let link = address.map { "\($0)/\(TrialRecord.folder(of: trial.number))" }
                return StyledText(String(trial.number), style(trial), link: link)
            }, .right)
    }

    private var states: Column {
        Column("state", listing.trials.map { StyledText($0.state.rawValue, $0.state.style) }, .left)
    }

    private var values: Column {
        let texts = listing.trials.map { listing.shownValue(of: $0).map(HumanText.number) ?? "" }
        let aligned = DecimalColumn(texts)
        return Column(
            listing.metric.name,
            zip(listing.trials, texts).map { trial, text in
                guard !text.isEmpty else { return StyledText() }
                let mark = isMarked(trial) ? " ★" : "  "
                return StyledText(aligned.aligned(text) + mark, trial.state == .running ? .dim : style(trial))
            }, .right)
    }

    /// The other metrics that the sweep optimizes or bounds.
    private var furtherValues: [Column] {
        listing.objectives.further.map { metric in
            let texts = listing.trials.map { $0.further[metric.name].map(HumanText.number) ?? "" }
            let aligned = DecimalColumn(texts)
            return Column(
                metric.name,
                zip(listing.trials, texts).map { trial, text in
                    text.isEmpty ? StyledText() : StyledText(aligned.aligned(text), style(trial))
                }, .right)
        }
    }

    private var times: Column {
        let texts = listing.trials.map { $0.seconds(at: listing.now).map(HumanText.duration(seconds:)) ?? "" }
        return Column("time", texts.map { StyledText($0) }, .right)
    }

    private var parameters: [Column] {
        let names = ParameterNames.varying(listing.parameterNames, over: listing.trials)
        let short = ParameterNames.short(listing.parameterNames, besides: Set(TrialField.fixed.map(\.name)))
        return names.map { name in
            let values = listing.trials.map { $0.parameters[name] }
            let texts = values.map { $0.map(HumanText.value) ?? "" }
            let areNumbers = values.allSatisfy { $0.map { $0.asNumber != nil } ?? true }
            let aligned = areNumbers ? DecimalColumn(texts) : nil
            let cells = zip(listing.trials, texts).map { trial, text in
                text.isEmpty
                    ? StyledText()
                    : StyledText(aligned?.aligned(text) ?? text, style(trial)).cut(to: Self.longestText)
            }
            return Column(short[name] ?? name, cells, areNumbers ? .right : .left)
        }
    }
}
