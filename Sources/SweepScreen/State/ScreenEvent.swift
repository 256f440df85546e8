import Foundation
import TerminalDrawing

/// Something that the screen has to take in.
public enum ScreenEvent: Sendable {
    case key(Key)
    case resized(TerminalSize)
    /// The time of day, for how long trials have been running.
    case time(Date)
    case data(ScreenData)
}

/// What the program has to do after an event, beside drawing.
public enum ScreenAction: Sendable, Hashable {
    case nothing
    case quit
    /// Stop the process, as Ctrl-Z does, until its user wants it back.
    case suspend
    /// Draw everything anew, because other programs may have written on the terminal.
    case redraw
}

/// The parts of the screen, between which the tab key changes.
enum Pane: Sendable, Hashable {
    case sweeps, trials, detail
}

/// What is shown beside the table of trials.
enum DetailView: String, Sendable, Hashable, CaseIterable {
    case curves, log, parameters, importance, history

    /// The key that shows it.
    var key: Character {
        switch self {
        case .curves: "c"
        case .log: "l"
        case .parameters: "p"
        case .importance: "i"
        case .history: "h"
        }
    }

    init?(key: Character) {
        guard let view = Self.allCases.first(where: { $0.key == key }) else { return nil }
        self = view
    }
}
