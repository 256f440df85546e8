import TerminalDrawing

/// What the keys do, as lines, of which there may be more than the screen has.
enum KeyHelp {
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
        ("?", "this help; Esc, q or ? closes it"),
        ("q Ctrl-C", "quit; the sweeps go on"),
    ]

    /// Where there is less room beside the keys, what they do stands below them.
    private static let leastRoom = 24

    /// All keys, in lines that are no wider than this.
    static func lines(columns: Int) -> [StyledText] {
        let width = keys.reduce(0) { max($0, TextWidth.columns(of: $1.keys)) } + 2
        let isBeside = columns - width >= leastRoom
        let margin = StyledText(String(repeating: " ", count: isBeside ? width : 2))
        return keys.flatMap { keys, meaning -> [StyledText] in
            let words = StyledText(meaning).wrapped(to: columns - margin.columns)
            let title = StyledText(keys, .bold)
            guard isBeside, let first = words.first else { return [title] + words.map { margin + $0 } }
            return [title.padded(to: width) + first] + words.dropFirst().map { margin + $0 }
        }.map { $0.cut(to: columns) }
    }
}
