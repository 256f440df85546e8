import TerminalDrawing
import Testing

@Suite struct StyledTextTests {
    private static let line =
        StyledText("trial 3  ") + StyledText("failed", TextStyle(.red, bold: true)) + StyledText("  最適化", .dim)

    private static let colored = TerminalFeatures(isLive: true, hasColors: true)

    @Test func `style is no part of the width`() {
        #expect(Self.line.columns == 23 && Self.line.text == "trial 3  failed  最適化")
        #expect(
            Self.line.encoded(for: Self.colored)
                == "trial 3  \u{1B}[1;31mfailed\u{1B}[0m\u{1B}[2m  最適化\u{1B}[0m")
        #expect(Self.line.encoded(for: .plain) == Self.line.text)
    }

    @Test(arguments: 0...30) func `what is cut has at most the width it is cut to`(width: Int) {
        let cut = Self.line.cut(to: width)
        #expect(cut.columns == TextWidth.columns(of: cut.text) && cut.columns <= width)
        // A wide character may leave one column free.
        #expect(cut.columns >= min(width, Self.line.columns) - 1)
        #expect(width >= Self.line.columns || width == 0 || cut.text.hasSuffix("…"))
    }

    @Test func `what is cut keeps its style`() {
        #expect(
            Self.line.cut(to: 12).encoded(for: Self.colored).hasSuffix("\u{1B}[1;31mfa\u{1B}[0m\u{1B}[1;31m…\u{1B}[0m"))
        #expect(Self.line.cut(to: 23) == Self.line)
        #expect(Self.line.cut(to: 21).text == "trial 3  failed  最…")
    }

    @Test func `padding counts columns`() {
        #expect(StyledText("最").padded(to: 4, .right).text == "  最")
        #expect(StyledText("最").padded(to: 4).trimmed() == StyledText("最"))
        #expect(StyledText("long").padded(to: 2).text == "long")
    }

    @Test(arguments: 1...40) func `wrapped lines fit and hold every word`(width: Int) {
        let text =
            StyledText("the trainer, which is ") + StyledText("not_to_be_had_anywhere", .bold) + StyledText(" 最適化 now")
        let lines = text.wrapped(to: width)
        #expect(lines.allSatisfy { $0.columns <= width })
        if width > 1 {
            #expect(lines.map(\.text).joined().filter { $0 != " " } == text.text.filter { $0 != " " })
        }
        if width > 22 { #expect(lines.contains { $0.text.contains("not_to_be_had_anywhere") }) }
    }

    @Test(
        arguments: [
            ("abcd efgh", 4, ["abcd", "efgh"]), ("abcd ef gh", 4, ["abcd", "ef", "gh"]),
            ("ab abcd   ef", 4, ["ab", "abcd", "ef"]), ("abcdefgh ij", 4, ["abcd", "efgh", "ij"]),
            ("最適 化", 4, ["最適", "化"]), ("abcd    ", 4, ["abcd"]), ("ab      cd", 4, ["ab", "cd"]),
            ("  ab cd", 4, ["  ab", "cd"]), ("abc de", 4, ["abc", "de"]), ("", 4, [""]), ("   ", 2, [""]),
            ("最", 1, ["…"]),
        ])
    func `no line begins or ends with the spaces at which it was broken`(text: String, width: Int, lines: [String]) {
        #expect(StyledText(text).wrapped(to: width).map(\.text) == lines)
    }

    @Test func `spaces at the beginning of a style are no part of the next line`() {
        let text = StyledText("abcd", .bold) + StyledText("  efgh ") + StyledText(" ij", .dim)
        let lines = text.wrapped(to: 4)
        #expect(lines.map(\.text) == ["abcd", "efgh", "ij"])
        #expect(lines.map(\.columns) == [4, 4, 2])
        #expect(lines.compactMap { $0.spans.last?.style } == [.bold, .plain, .dim])
    }

    @Test func `a word of any length is broken, however long it is`() {
        let lines = StyledText(String(repeating: "x", count: 100_000) + " y").wrapped(to: 8)
        #expect(lines.count == 12_501 && lines.last?.text == "y" && lines.allSatisfy { $0.columns <= 8 })
    }

    @Test func `whatever it is made of, it commands nothing`() {
        let evil = "a\u{1B}[2J\u{9B}31m\u{202E}\r\n\u{7}\u{1B}]52;c;ZXZpbA==\u{1B}\\z"
        let text = StyledText(evil, .bold, link: "file:///x\u{1B}\\\u{7}\u{9C}y z")
        #expect(text.encoded(for: .plain) == "a�[2J�31m�����]52;c;ZXZpbA==�\\z")
        let linked = text.encoded(for: TerminalFeatures(isLive: true, hasColors: true, hasLinks: true))
        #expect(linked.hasPrefix("\u{1B}]8;;file:///x\\yz\u{1B}\\\u{1B}[1ma�[2J"))
        #expect(linked.unicodeScalars.count { $0 == "\u{1B}" } == 6)
        #expect(StyledText("a\u{9B}ś損█").encoded(for: TerminalFeatures(isUnicode: false)) == "a??" + "??#")
    }
}

@Suite struct TerminalFeaturesTests {
    private static func features(_ environment: [String: String], isTerminal: Bool = true) -> TerminalFeatures {
        TerminalFeatures(environment: ["TERM": "xterm-256color"].merging(environment) { $1 }, isTerminal: isTerminal)
    }

    @Test(
        arguments: [
            ([:], true), (["TERM": "xterm"], true), (["TERM": "dumb"], false), (["TERM": ""], false),
            (["TERM": "vt100"], false),
            (["TERM": "vt100", "COLORTERM": "truecolor"], true), (["NO_COLOR": "1"], false), (["NO_COLOR": ""], true),
            (["CLICOLOR": "0"], false), (["CLICOLOR": "1"], true), (["CLICOLOR_FORCE": "1", "TERM": "dumb"], true),
            (["CLICOLOR_FORCE": "0", "CLICOLOR": "0"], false), (["NO_COLOR": "1", "CLICOLOR_FORCE": "1"], false),
        ])
    func `colours are what the environment wants`(environment: [String: String], hasColors: Bool) {
        #expect(Self.features(environment).hasColors == hasColors)
        #expect(
            Self.features(environment, isTerminal: false).hasColors
                == (hasColors && environment["CLICOLOR_FORCE"] == "1"))
    }

    @Test(
        arguments: [
            ([:], false), (["LANG": "C"], false), (["LANG": "en_US.UTF-8"], true), (["LANG": "C.utf8"], true),
            (["LC_ALL": "POSIX", "LANG": "de_DE.UTF-8"], false), (["LC_CTYPE": "UTF-8"], true),
            (["LC_ALL": "", "LC_CTYPE": "C.UTF-8", "LANG": "C"], true),
        ])
    func `the locale says whether there is more than ASCII`(environment: [String: String], isUnicode: Bool) {
        #expect(Self.features(environment).isUnicode == isUnicode)
    }

    @Test func `a pipe and a dumb terminal are not drawn on`() {
        #expect(Self.features(["TERM": "xterm"]).isLive)
        #expect(!Self.features(["TERM": "dumb"]).isLive)
        let pipe = Self.features(["TERM": "xterm-kitty", "WT_SESSION": "1"], isTerminal: false)
        #expect(!pipe.isLive && !pipe.hasLinks && !pipe.hasProgress)
    }

    @Test func `links and progress are for terminals that are known to have them`() {
        for (environment, links, progress) in [
            (["TERM": "xterm-256color"], false, false), (["TERM": "xterm-kitty"], true, false),
            (["VTE_VERSION": "7600"], true, false), (["VTE_VERSION": "8002"], true, true),
            (["WT_SESSION": "x"], true, true), (["WT_SESSION": "x", "TMUX": "/tmp/t,1,0"], false, false),
            (["TERM_PROGRAM": "ghostty"], true, true), (["TERM": "screen-256color", "WT_SESSION": "x"], false, false),
            (["FORCE_HYPERLINK": "1"], true, false), (["TERM": "foot", "FORCE_HYPERLINK": "0"], false, false),
            (["VTE_VERSION": "many"], false, false),
        ] {
            let features = Self.features(environment)
            #expect(features.hasLinks == links && features.hasProgress == progress, "\(environment)")
        }
    }
}
