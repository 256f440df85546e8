import TerminalDrawing

/// What the keys do, as much of it as there is room for.
struct HelpPane {
    let state: ScreenState

    func lines(_ area: ScreenLayout.Area) -> [StyledText] {
        Array(KeyHelp.lines(columns: area.columns).dropFirst(state.helpTop).prefix(area.rows))
    }
}
