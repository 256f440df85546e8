import SweepModel
import SweepReport
import TerminalDrawing
import TrialProtocol

/// The screen as lines of text.
extension ScreenState {
    /// As many lines as the terminal has rows, none wider than its columns.
    public var lines: [StyledText] {
        let rows = max(1, size.rows)
        let columns = max(1, size.columns)
        var lines = [head.cut(to: columns)]
        if rows >= 3 { lines += body(columns: columns, rows: rows - 2) }
        while lines.count < rows - 1 { lines.append(StyledText()) }
        lines = Array(lines.prefix(max(1, rows - 1)))
        if rows >= 2 { lines.append(foot.cut(to: columns)) }
        return lines
    }

    // MARK: The first and the last line

    private var head: StyledText {
        guard let overview else { return StyledText("revsweep top", .bold) }
        var parts = [StyledText(overview.name, .bold)]
        if let problem = overview.problem {
            parts.append(StyledText(problem, TextStyle(.red)))
        } else if overview.metric != nil {
            parts.append(StyledText(OverviewText.count(overview)))
            if size.columns >= 60, let fraction = overview.fraction {
                parts.append(ProgressBar.text(fraction, columns: min(30, size.columns / 6)))
            }
            parts.append(OverviewText.state(overview))
            parts.append(OverviewText.best(overview))
            parts.append(OverviewText.states(overview))
        }
        return .joined(parts)
    }

    private var foot: StyledText {
        if let input {
            // The end of a long text is what is being typed.
            let room = max(1, size.columns - 3)
            var shown = Substring(input)
            while TextWidth.columns(of: String(shown)) > room { shown.removeFirst() }
            return StyledText("/ ", .bold) + StyledText(String(shown)) + StyledText("█", .dim)
        }
        if showsHelp { return keyLine((lastHelpTop > 0 ? [("↑ ↓", "scroll")] : []) + [("q", "close")]) }
        if let problem = table.filterProblem { return StyledText(problem, TextStyle(.red)) }
        return keyLine([
            ("q", "quit"), ("?", "help"), ("tab", "pane"), ("s", "sort"), ("/", "filter"), ("space", "mark"),
            ("c", "curves"), ("l", "log"), ("p", "parameters"), ("i", "importance"), ("h", "history"),
        ])
    }

    /// Keys with what they do, as many as fit.
    private func keyLine(_ keys: [(String, String)]) -> StyledText {
        var line = StyledText()
        for (key, meaning) in keys {
            let part = StyledText(key, .bold) + StyledText(" \(meaning)", .dim)
            // A key that does not fit whole is left out.
            if line.columns + 2 + part.columns > size.columns, !line.isEmpty { break }
            line = .joined([line, part])
        }
        return line
    }

    // MARK: Between them

    private func body(columns: Int, rows: Int) -> [StyledText] {
        if showsHelp { return HelpPane(state: self).lines(.init(columns: columns, rows: rows)) }
        let layout = layout
        let sweeps = fitting(SweepListPane(state: self).lines(layout.sweeps), layout.sweeps)
        let trials = fitting(TrialTablePane(state: self).lines(layout.trials), layout.trials)
        let detail = fitting(detailLines(layout.detail), layout.detail)
        guard layout.isSideBySide else { return sweeps + trials + detail }
        return sweeps
            + zip(trials, detail).map { left, right in
                left.padded(to: layout.trials.columns) + StyledText("│", .dim) + right
            }
    }

    /// Exactly as many lines as the area has, each as wide at most.
    private func fitting(_ lines: [StyledText], _ area: ScreenLayout.Area) -> [StyledText] {
        let cut = lines.prefix(max(0, area.rows)).map { $0.cut(to: area.columns) }
        return cut + Array(repeating: StyledText(), count: max(0, area.rows - cut.count))
    }

    private func detailLines(_ area: ScreenLayout.Area) -> [StyledText] {
        if area.rows <= 0 { return [] }
        let below = ScreenLayout.Area(columns: area.columns, rows: area.rows - 1)
        let lines =
            switch view {
            case .curves: CurvesPane(state: self).lines(below)
            case .log: LogPane(state: self).lines(below)
            case .parameters: ParametersPane(state: self).lines(below)
            case .importance: ImportancePane(state: self).lines(below)
            case .history: HistoryPane(state: self).lines(below)
            }
        return [PaneTitle.line(detailTitle, isFocused: pane == .detail)] + lines
    }

    private var detailTitle: String {
        let metric = content?.metric.name ?? ""
        switch view {
        case .curves: return "curves of \(metric)" + (isLogarithmic ? ", logarithmic" : "")
        case .log: return "log of trial \(table.chosen.map(String.init) ?? "…"), \(shownLog.fileName)"
        case .parameters: return "parameter and \(metric)" + (isLogarithmic ? ", logarithmic" : "")
        case .importance: return "importance for \(metric), by PED-ANOVA"
        case .history: return "history of \(metric)" + (isLogarithmic ? ", logarithmic" : "")
        }
    }
}
