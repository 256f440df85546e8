import TerminalDrawing

/// Where the panes are: between a line that names the sweep, at the top, and a line of keys at the bottom.
///
///     wide            high            small
///     sweeps          sweeps          the pane
///     trials│detail   trials          that has
///                     detail          the keys
struct ScreenLayout: Sendable, Hashable {
    struct Area: Sendable, Hashable {
        var columns = 0
        var rows = 0
    }

    /// Without rows where there is no room for it, or only one sweep.
    var sweeps = Area()
    var trials = Area()
    var detail = Area()
    /// Whether the trials are to the left of the detail, and not above it.
    var isSideBySide = false
    /// Whether only one pane is shown.
    var isSingle = false

    init(size: TerminalSize, sweepCount: Int, pane: Pane) {
        let columns = max(1, size.columns)
        let body = max(0, size.rows - 2)
        if body < 14 || columns < 40 {
            isSingle = true
            let whole = Area(columns: columns, rows: body)
            switch pane {
            case .sweeps: sweeps = whole
            case .trials: trials = whole
            case .detail: detail = whole
            }
            return
        }
        if sweepCount > 1 { sweeps = Area(columns: columns, rows: min(sweepCount, max(2, body / 5)) + 1) }
        let rest = body - sweeps.rows
        if columns >= 110 {
            isSideBySide = true
            let left = columns * 11 / 20
            trials = Area(columns: left, rows: rest)
            // One column is the line between them.
            detail = Area(columns: columns - left - 1, rows: rest)
        } else {
            trials = Area(columns: columns, rows: rest - rest / 2)
            detail = Area(columns: columns, rows: rest / 2)
        }
    }

    /// How many rows of a table there are below its title and the names of its columns.
    var trialRows: Int { max(0, trials.rows - 2) }
    var sweepRows: Int { max(0, sweeps.rows - 1) }
    var detailRows: Int { max(0, detail.rows - 1) }
}

extension ScreenState {
    var layout: ScreenLayout { ScreenLayout(size: size, sweepCount: overviews.count, pane: pane) }
}
