import Foundation
import SweepModel
import SweepReport
import TerminalDrawing

/// The table of trials: as many rows and columns as there is room for.
struct TrialTablePane {
    let state: ScreenState

    func lines(_ area: ScreenLayout.Area) -> [StyledText] {
        if area.rows <= 0 { return [] }
        let title = PaneTitle.line(title, isFocused: state.pane == .trials).cut(to: area.columns)
        guard let content = state.content else {
            let words = state.overview?.problem ?? (state.sweep == nil ? "no sweep yet" : "reading …")
            return [title, StyledText(words, .dim).cut(to: area.columns)]
        }
        let table = state.table
        let rows = max(0, area.rows - 2)
        let shown = table.order.dropFirst(table.top).prefix(rows).compactMap { content[$0] }
        if shown.isEmpty {
            var words = content.trials.isEmpty ? "no trial has been planned yet" : "no trial is as the filter says"
            if !content.trials.isEmpty, table.filter.contains("="), !table.filter.contains("==") {
                words += "; to compare, write =="
            }
            return [title, StyledText(table.filterProblem ?? words, .dim).cut(to: area.columns)]
        }
        let columns = columns(shown, content, width: area.columns)
        var heading = StyledText("  ")
        for column in columns { heading += StyledText("  ") + column.heading }
        let lines = shown.enumerated().map { index, trial -> StyledText in
            var line = mark(trial, content)
            for column in columns { line += StyledText("  ") + column.cells[index] }
            line = line.cut(to: area.columns)
            guard trial.number == table.chosen else { return line.trimmed() }
            return line.padded(to: area.columns).styled(state.pane == .trials ? .inverse : .bold)
        }
        return [title, heading.trimmed().cut(to: area.columns)] + lines
    }

    private var title: String {
        let table = state.table
        guard let content = state.content else { return "trials" }
        let count =
            table.order.count == content.trials.count
            ? "\(content.trials.count)" : "\(table.order.count) of \(content.trials.count)"
        var title = "trials \(count), by \(table.title(of: table.sort, metric: content.metric))"
        if table.isReversed { title += " reversed" }
        if !table.filter.isEmpty { title += ", / \(table.filter)" }
        return title
    }

    /// What is at the beginning of a row: a star for the best trial, a dot in its colour for one whose curve is shown.
    private func mark(_ trial: TrialRecord, _ content: SweepContent) -> StyledText {
        let isBest = state.overview?.best?.number == trial.number
        var mark = isBest ? StyledText("★", TextStyle(.green)) : StyledText(" ")
        let place = state.marked.firstIndex(of: trial.number)
        mark += place.map { StyledText("•", TextStyle(CurvesPane.color($0))) } ?? StyledText(" ")
        return mark
    }

    // MARK: Columns

    private struct Column {
        var heading: StyledText
        /// All as wide as the heading.
        var cells: [StyledText]

        var width: Int { heading.columns }
    }

    /// The columns that fit, from the most important one on: number, value and state, then the column that is sorted
    /// by, the time, the parameters in their order, the reason.
    private func columns(_ trials: [TrialRecord], _ content: SweepContent, width: Int) -> [Column] {
        let all = state.table.columns.filter { column in
            column != .reason || trials.contains { $0.reason != nil }
        }
        let order: [TrialColumn] = [.number, .value, .state, state.table.sort, .seconds] + all
        var left = width - 2
        var chosen: [TrialColumn: Column] = [:]
        for kind in order where chosen[kind] == nil && all.contains(kind) {
            var column = wholeColumn(kind, trials, content)
            // A long text is cut rather than left out where it is the last column.
            if kind == .reason, column.width > left - 2, left - 2 >= 12 {
                column.heading = column.heading.cut(to: left - 2).padded(to: left - 2)
                column.cells = column.cells.map { $0.cut(to: left - 2).padded(to: left - 2) }
            }
            // A metric's long name is cut before its values are left out.
            if kind == .value, column.width > left - 2 {
                column = wholeColumn(kind, trials, content, longestTitle: max(1, left - 2))
            }
            guard column.width + 2 <= left || chosen.isEmpty else {
                if case .parameter = kind { break }
                continue
            }
            left -= column.width + 2
            chosen[kind] = column
        }
        return all.compactMap { chosen[$0] }
    }

    private func wholeColumn(
        _ kind: TrialColumn, _ trials: [TrialRecord], _ content: SweepContent, longestTitle: Int = 24
    ) -> Column {
        let cells = trials.map { cell(kind, $0, content) }
        let isNumeric =
            switch kind {
            case .number, .value, .seconds: true
            case .parameter: cells.contains { Double($0.text) != nil }
            case .state, .reason: false
            }
        let arrow = kind == state.table.sort ? (isAscending(kind, content.metric) ? "↑" : "↓") : ""
        let name = StyledText(state.table.title(of: kind, metric: content.metric)).cut(to: longestTitle - arrow.count)
        let title = StyledText(name.text + arrow, arrow.isEmpty ? .dim : .bold)
        var aligned = cells
        if kind == .value || isNumeric, kind != .number, kind != .seconds {
            let decimals = DecimalColumn(cells.map(\.text))
            aligned = cells.map { cell in
                let text = decimals.aligned(cell.text)
                return StyledText(text, cell.spans.first?.style ?? .plain)
            }
        }
        let width = max(title.columns, aligned.map(\.columns).max() ?? 0)
        let side: StyledText.Alignment = isNumeric ? .right : .left
        return Column(
            heading: title.padded(to: width, side), cells: aligned.map { $0.padded(to: width, side) })
    }

    /// Whether the smallest is at the top of the column that is sorted by.
    private func isAscending(_ kind: TrialColumn, _ metric: Metric) -> Bool {
        let isAscending =
            switch kind {
            // The best first.
            case .value: metric.goal == .minimize
            // The longest first.
            case .seconds: false
            case .number, .state, .parameter, .reason: true
            }
        return isAscending != state.table.isReversed
    }

    private func cell(_ kind: TrialColumn, _ trial: TrialRecord, _ content: SweepContent) -> StyledText {
        switch kind {
        case .number: StyledText("\(trial.number)")
        case .state: StyledText(trial.state.rawValue, trial.state.style)
        case .value:
            content.value(of: trial).map { StyledText(HumanText.number($0), trial.state == .complete ? .plain : .dim) }
                ?? StyledText()
        case .seconds: StyledText(seconds(of: trial).map(HumanText.duration(seconds:)) ?? "")
        case .parameter(let name):
            StyledText(trial.parameters[name].map(HumanText.value) ?? "").cut(to: 24)
        case .reason: StyledText(trial.reason?.description ?? "", .dim)
        }
    }

    /// How long a trial took, or has been running.
    private func seconds(of trial: TrialRecord) -> Double? {
        guard trial.state == .running, let started = trial.started else { return trial.seconds }
        // Tenths would change with every look.
        return max(0, state.time.timeIntervalSince(started)).rounded(.down)
    }
}
