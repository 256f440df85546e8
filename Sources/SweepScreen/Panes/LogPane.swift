import SweepModel
import TerminalDrawing

/// The end of what the trial under the cursor has printed.
struct LogPane {
    let state: ScreenState

    func lines(_ area: ScreenLayout.Area) -> [StyledText] {
        guard let chosen = state.table.chosen else {
            return [StyledText("no trial is chosen", .dim).cut(to: area.columns)]
        }
        let choice = LogChoice(trial: chosen, log: state.shownLog)
        guard let log = state.log, log.choice == choice else { return [StyledText("reading …", .dim)] }
        if log.lines.isEmpty { return [StyledText("nothing has been printed", .dim).cut(to: area.columns)] }
        let end = max(min(log.lines.count, area.rows), log.lines.count - state.logOffset)
        return log.lines[max(0, end - area.rows)..<end].map { StyledText($0).cut(to: area.columns) }
    }
}
