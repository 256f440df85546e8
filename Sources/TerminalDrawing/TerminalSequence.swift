/// The sequences that command a terminal, by what they do.
///
/// They are for the code that writes whole frames; texts never hold one (``StyledText``).
public enum TerminalSequence {
    /// Until the end, the terminal shows nothing of what is drawn: a frame appears at once. Terminals that do not know
    /// it ignore it.
    public static let beginFrame = "\u{1B}[?2026h"
    public static let endFrame = "\u{1B}[?2026l"
    /// Without wrapping, what is too long for a line is cut by the terminal.
    public static let wrapOff = "\u{1B}[?7l"
    public static let wrapOn = "\u{1B}[?7h"
    public static let eraseToEndOfLine = "\u{1B}[K"
    public static let eraseBelow = "\u{1B}[J"
    /// A second screen without scroll-back, which leaves the first as it was.
    public static let enterFullScreen = "\u{1B}[?1049h"
    public static let leaveFullScreen = "\u{1B}[?1049l"
    public static let hideCursor = "\u{1B}[?25l"
    public static let showCursor = "\u{1B}[?25h"
    public static let home = "\u{1B}[H"

    /// Moves the cursor up, and not at all for 0.
    public static func up(_ lines: Int) -> String { lines > 0 ? "\u{1B}[\(lines)A" : "" }

    /// Text that links to an address (OSC 8).
    ///
    /// - Parameter address: characters that could end the sequence are left out of it.
    public static func link(_ text: String, to address: String) -> String {
        let safe = String(String.UnicodeScalarView(address.unicodeScalars.filter { (0x21..<0x7F).contains($0.value) }))
        return "\u{1B}]8;;\(safe)\u{1B}\\\(text)\u{1B}]8;;\u{1B}\\"
    }

    /// The progress that a terminal shows in its tab or the task bar (OSC 9;4).
    public static func progress(_ progress: TerminalProgress) -> String {
        switch progress {
        case .none: "\u{1B}]9;4;0;0\u{1B}\\"
        case .percent(let percent): "\u{1B}]9;4;1;\(min(100, max(0, percent)))\u{1B}\\"
        case .unknown: "\u{1B}]9;4;3;0\u{1B}\\"
        }
    }
}

/// How far a program is, as a terminal shows it beside the text.
public enum TerminalProgress: Sendable, Hashable {
    /// Nothing is shown.
    case none
    case percent(Int)
    /// Work goes on, and nobody knows for how long.
    case unknown
}
