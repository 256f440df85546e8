import Foundation
import ImportanceAnalysis
import SweepModel
import SweepReport
import SweepSearch
import TerminalDrawing
import TrialProtocol

/// The full-screen view of many sweeps, as a value: keys, new sizes and data go in, and ``lines`` come out.
///
/// It never waits, reads or writes. What it wants to be kept up to date, ``request`` says.
///
///     var state = ScreenState(size: TerminalSize(columns: 80, rows: 24), time: .now)
///     state.apply(.data(.overviews([overview])))
///     state.apply(.key(.character("i")))       // the importance of the parameters
///     state.request.needsImportance            // true
///     state.lines                              // 24 lines of at most 80 columns
public struct ScreenState: Sendable {
    public private(set) var size: TerminalSize
    var time: Date
    var overviews: [SweepOverview] = []
    /// The folder of the sweep whose trials are shown.
    var sweep: String?
    var content: SweepContent?
    var table = TrialTable()
    var curves: [Int: TrialCurve] = [:]
    var importance: PedANOVA?
    var log: (lines: [String], choice: LogChoice)?

    var pane = Pane.trials
    var view = DetailView.curves
    /// The trials whose curves are shown, in the order in which they were marked; none for the one under the cursor.
    var marked: [Int] = []
    /// The place of the parameter that is plotted, among those that vary.
    var parameter = 0
    var isLogarithmic = false
    var shownLog = TrialLog.output
    /// How many lines from its end the log is scrolled back.
    var logOffset = 0
    var showsHelp = false
    /// The first line of the help that is seen.
    private(set) var helpTop = 0
    /// The filter while it is typed.
    var input: String?

    public init(size: TerminalSize, time: Date) {
        self.size = size
        self.time = time
    }

    /// The sweep whose trials are shown.
    var overview: SweepOverview? { overviews.first { $0.directory == sweep } }

    /// The trials whose curves are shown.
    var curveTrials: [Int] { marked.isEmpty ? [table.chosen].compactMap(\.self) : marked }

    /// What has to be kept up to date.
    public var request: ScreenRequest {
        var request = ScreenRequest()
        request.sweep = sweep
        switch view {
        case .curves: request.curves = curveTrials
        case .log: request.log = table.chosen.map { LogChoice(trial: $0, log: shownLog) }
        case .importance: request.needsImportance = true
        case .parameters, .history: break
        }
        return request
    }

    // MARK: Events

    /// Takes in what has happened.
    ///
    /// - Returns: what is to be done beside drawing.
    public mutating func apply(_ event: ScreenEvent) -> ScreenAction {
        var action = ScreenAction.nothing
        switch event {
        case .key(let key): action = press(key)
        case .resized(let size): self.size = size
        case .time(let time): self.time = time
        case .data(let data): take(data)
        }
        table.scroll(rows: layout.trialRows)
        scrollHelp(by: 0)
        return action
    }

    private mutating func take(_ data: ScreenData) {
        switch data {
        case .overviews(let overviews):
            self.overviews = overviews
            if overview == nil, let first = overviews.first(where: \.isRun) ?? overviews.first {
                choose(sweep: first.directory)
            }
        case .content(let content, let directory):
            guard directory == sweep else { return }
            if let content { table.update(content) }
            self.content = content ?? self.content
        case .curves(let curves, let directory):
            if directory == sweep { self.curves = curves }
        case .importance(let importance, let directory):
            if directory == sweep { self.importance = importance }
        case .log(let lines, let choice, let directory):
            if directory == sweep { log = (lines, choice) }
        }
    }

    mutating func choose(sweep directory: String) {
        if directory == sweep { return }
        sweep = directory
        (content, table, curves, importance, log) = (nil, TrialTable(), [:], nil, nil)
        (marked, parameter, logOffset) = ([], 0, 0)
    }

    /// The panes that there are, in the order of the tab key.
    var panes: [Pane] { overviews.count > 1 ? [.sweeps, .trials, .detail] : [.trials, .detail] }

    // MARK: Help

    /// How many lines of the help are seen at once.
    var helpRows: Int { max(0, size.rows - 2) }

    /// The first line of the help that can be seen at the top; 0 where all of it can be seen.
    var lastHelpTop: Int { max(0, KeyHelp.lines(columns: max(1, size.columns)).count - helpRows) }

    /// Shows other lines of the help, as far as there are any. Once it is closed it begins at the top again.
    mutating func scrollHelp(by distance: Int) {
        helpTop = showsHelp ? min(lastHelpTop, max(0, helpTop + distance)) : 0
    }
}
