/// What can be shown where the output goes, as far as the environment tells.
///
/// It is read once and handed to whatever draws. Drawing itself is the same everywhere; ``StyledText/encoded(for:)``
/// leaves out or replaces what cannot be shown.
///
///     let features = TerminalFeatures(environment: ["TERM": "xterm", "LANG": "C"], isTerminal: true)
///     features.hasColors     // true
///     features.isUnicode     // false: lines and bars are drawn with ASCII characters
public struct TerminalFeatures: Sendable, Hashable {
    /// Whether the output is a terminal whose cursor can be moved: lines can be drawn over. False in a pipe, in a file,
    /// and with `TERM=dumb`.
    public var isLive: Bool
    public var hasColors: Bool
    /// Whether characters beyond ASCII are shown as what they are.
    public var isUnicode: Bool
    /// Whether text can link to a file (OSC 8). Terminals that do not know this may print the link's address.
    public var hasLinks: Bool
    /// Whether the terminal can show a program's progress, in its tab or the task bar (OSC 9;4). Some terminals
    /// without it take the sequence for a notification, so it is only sent to those that are known.
    public var hasProgress: Bool

    public init(
        isLive: Bool = false, hasColors: Bool = false, isUnicode: Bool = true, hasLinks: Bool = false,
        hasProgress: Bool = false
    ) {
        self.isLive = isLive
        self.hasColors = hasColors
        self.isUnicode = isUnicode
        self.hasLinks = hasLinks
        self.hasProgress = hasProgress
    }

    /// Text alone, as into a file: every character, and no sequence for a terminal.
    public static let plain = TerminalFeatures()

    /// - Parameters:
    ///   - environment: the variables of the process.
    ///   - isTerminal: whether the output is a terminal.
    public init(environment: [String: String], isTerminal: Bool) {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let term = value("TERM") ?? ""
        isLive = isTerminal && !term.isEmpty && term != "dumb"
        hasColors = Self.hasColors(isLive: isLive, value)
        isUnicode = Self.isUnicode(value)
        // A multiplexer hides the terminal, whose variables it passes on all the same.
        let isMultiplexed = value("TMUX") != nil || value("STY") != nil || term.hasPrefix("screen")
        hasLinks = isLive && (value("FORCE_HYPERLINK").map { $0 != "0" } ?? (!isMultiplexed && Self.hasLinks(value)))
        hasProgress = isLive && !isMultiplexed && Self.hasProgress(value)
    }

    /// The conventions of no-color.org and bixense.com/clicolors: `NO_COLOR` wins, and `CLICOLOR_FORCE` colours even
    /// a pipe.
    private static func hasColors(isLive: Bool, _ value: (String) -> String?) -> Bool {
        if value("NO_COLOR") != nil { return false }
        if let force = value("CLICOLOR_FORCE"), force != "0" { return true }
        guard isLive, value("CLICOLOR") != "0" else { return false }
        return value("COLORTERM") != nil || !(value("TERM") ?? "").hasPrefix("vt")
    }

    /// The first of the variables that is set decides, as in the C library.
    private static func isUnicode(_ value: (String) -> String?) -> Bool {
        let locale = value("LC_ALL") ?? value("LC_CTYPE") ?? value("LANG") ?? "C"
        let encoding = locale.uppercased()
        return encoding.contains("UTF-8") || encoding.contains("UTF8")
    }

    private static func hasLinks(_ value: (String) -> String?) -> Bool {
        let term = value("TERM") ?? ""
        let known = ["xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm", "contour"]
        if known.contains(where: term.hasPrefix) { return true }
        if let program = value("TERM_PROGRAM") {
            let programs = ["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "terminology", "rio", "zed", "Tabby"]
            if programs.contains(program) { return true }
        }
        if let version = value("VTE_VERSION").flatMap({ Int($0) }), version >= 5000 { return true }
        if let version = value("KONSOLE_VERSION").flatMap({ Int($0) }), version >= 201200 { return true }
        return value("WT_SESSION") != nil || value("DOMTERM") != nil
    }

    private static func hasProgress(_ value: (String) -> String?) -> Bool {
        if value("WT_SESSION") != nil || value("ConEmuANSI") == "ON" { return true }
        if let program = value("TERM_PROGRAM"), ["WezTerm", "ghostty"].contains(program) { return true }
        if (value("TERM") ?? "").hasPrefix("xterm-ghostty") { return true }
        // iTerm2 lists what it can do; P is progress.
        if value("TERM_PROGRAM") == "iTerm.app", value("TERM_FEATURES")?.contains("P") == true { return true }
        return value("VTE_VERSION").flatMap { Int($0) }.map { $0 >= 8000 } ?? false
    }
}

/// Columns and rows of a terminal.
public struct TerminalSize: Sendable, Hashable {
    public var columns: Int
    public var rows: Int

    public init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }
}
