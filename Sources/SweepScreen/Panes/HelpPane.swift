import TerminalDrawing

/// What the keys do.
struct HelpPane {
    private static let keys: [(keys: String, meaning: String)] = [
        ("↑ ↓  j k", "one trial up or down; in the list, one sweep"),
        ("PgUp PgDn", "a page up or down"),
        ("g G", "the first, the last"),
        ("Tab", "the next pane"),
        ("s S", "sort by the next, the former column"),
        ("r", "reverse the order"),
        ("/", "filter the trials; Esc shows all again"),
        ("Space x", "mark a trial for the curves; unmark all"),
        ("c", "curves of the marked trials"),
        ("l e", "log of the trial; its standard error"),
        ("p ← →", "a parameter against the metric; another one"),
        ("i", "importance of the parameters"),
        ("h", "history of the best"),
        ("y", "logarithmic values in plots"),
        ("?", "this help"),
        ("q Ctrl-C", "quit; the sweeps go on"),
    ]

    func lines(_ area: ScreenLayout.Area) -> [StyledText] {
        let width = Self.keys.map { TextWidth.columns(of: $0.keys) }.max() ?? 0
        return Self.keys.prefix(area.rows).map { keys, meaning in
            (StyledText(keys, .bold).padded(to: width) + StyledText("  ") + StyledText(meaning)).cut(to: area.columns)
        }
    }
}
