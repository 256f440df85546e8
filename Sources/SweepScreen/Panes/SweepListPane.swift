import Foundation
import SweepModel
import SweepReport
import TerminalDrawing

/// The list of sweeps: a line for each, with how far it is and what is best.
struct SweepListPane {
    let state: ScreenState

    func lines(_ area: ScreenLayout.Area) -> [StyledText] {
        if area.rows <= 0 { return [] }
        let place = state.overviews.firstIndex { $0.directory == state.sweep } ?? 0
        let rows = area.rows - 1
        let top = max(0, min(place - rows / 2, state.overviews.count - rows))
        let shown = state.overviews.dropFirst(top).prefix(max(0, rows))
        // The names are as wide as the widest of those that are seen, but leave room for the rest.
        let widest = shown.map { TextWidth.columns(of: TerminalText.line($0.name)) }.max() ?? 0
        let nameWidth = min(widest, max(6, area.columns / 3))
        let running = state.overviews.count(where: \.isRun)
        let title = "\(state.overviews.count) sweep\(state.overviews.count == 1 ? "" : "s"), \(running) running"
        return [PaneTitle.line(title, isFocused: state.pane == .sweeps)]
            + shown.map { line($0, nameWidth, area.columns) }
    }

    private func line(_ overview: SweepOverview, _ nameWidth: Int, _ columns: Int) -> StyledText {
        let isChosen = overview.directory == state.sweep
        let name = StyledText(overview.name, isChosen ? .bold : .plain).cut(to: nameWidth).padded(to: nameWidth)
        var parts = [StyledText(isChosen ? "→ " : "  ", TextStyle(.cyan)) + name]
        if let problem = overview.problem {
            parts.append(StyledText(problem, TextStyle(.red)))
        } else if overview.metric == nil {
            parts.append(StyledText("…", .dim))
        } else {
            parts.append(OverviewText.state(overview).padded(to: 7))
            parts.append(StyledText(OverviewText.count(overview)).padded(to: 9, .right))
            if columns >= 70 {
                parts.append(
                    overview.fraction.map { ProgressBar.text($0, columns: 10) }
                        ?? StyledText(String(repeating: " ", count: 10)))
            }
            parts.append(OverviewText.best(overview))
        }
        let line = StyledText.joined(parts).cut(to: columns)
        return isChosen && state.pane == .sweeps ? line.padded(to: columns).styled(.inverse) : line
    }
}

/// Parts of a line about a sweep.
enum OverviewText {
    static func state(_ overview: SweepOverview) -> StyledText {
        if overview.isRun { return StyledText("running", TextStyle(.green)) }
        if let budget = overview.budget, overview.ended >= budget { return StyledText("done", TextStyle(.cyan)) }
        return StyledText("stopped", TextStyle(.yellow))
    }

    /// `42/100`
    static func count(_ overview: SweepOverview) -> String {
        "\(overview.ended)" + (overview.budget.map { $0 < overview.ended ? "" : "/\($0)" } ?? "")
    }

    /// `★ 0.0412 (trial 17)`
    static func best(_ overview: SweepOverview) -> StyledText {
        guard let best = overview.best else { return StyledText() }
        return StyledText("★ \(HumanText.number(best.value))", TextStyle(.green))
            + StyledText(" (trial \(best.number))")
    }

    /// How many trials are in each state, as `3 running  1 failed`; those that are complete are the usual case.
    static func states(_ overview: SweepOverview) -> StyledText {
        let states: [TrialState] = [.running, .waiting, .pruned, .diverged, .failed]
        return .joined(
            states.compactMap { state in
                overview.counts[state].map { StyledText("\($0) \(state.rawValue)", state.style) }
            })
    }
}

/// The first line of a pane.
enum PaneTitle {
    static func line(_ title: String, isFocused: Bool) -> StyledText {
        StyledText(title, isFocused ? TextStyle(.cyan, bold: true) : .dim)
    }
}
