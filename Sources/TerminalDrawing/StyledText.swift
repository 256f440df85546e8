/// One line of text with colours and links, which are kept apart from it: its width is that of what is seen.
///
/// It is inert by construction: whatever it is made of, it holds no character that a terminal would act on. Sequences
/// are added only when it is encoded.
///
///     let line = StyledText("trial 3  ") + StyledText("failed", .init(.red))
///     line.columns                                // 15
///     line.cut(to: 10).text                       // "trial 3  …"
///     line.encoded(for: features)                 // "trial 3  \u{1B}[31mfailed\u{1B}[0m"
public struct StyledText: Sendable, Hashable {
    /// A part of the line that looks the same throughout.
    public struct Span: Sendable, Hashable {
        public fileprivate(set) var text: String
        public var style: TextStyle
        /// The address that it links to, as `file://host/path`.
        public var link: String?
    }

    public private(set) var spans: [Span]
    /// How many columns it takes.
    public private(set) var columns: Int

    /// An empty line.
    public init() {
        spans = []
        columns = 0
    }

    /// - Parameter text: anything; what could do harm on a terminal is replaced, line breaks included.
    public init(_ text: String, _ style: TextStyle = .plain, link: String? = nil) {
        let inert = TerminalText.line(text)
        spans = inert.isEmpty ? [] : [Span(text: inert, style: style, link: link)]
        columns = TextWidth.columns(of: inert)
    }

    /// What is read, without its style.
    public var text: String { spans.map(\.text).joined() }

    public var isEmpty: Bool { spans.isEmpty }

    public static func += (left: inout StyledText, right: StyledText) {
        left.spans += right.spans
        left.columns += right.columns
    }

    public static func + (left: StyledText, right: StyledText) -> StyledText {
        var result = left
        result += right
        return result
    }

    /// The parts one after another, with `separator` between those that are not empty.
    public static func joined(_ parts: [StyledText], separator: String = "  ") -> StyledText {
        var result = StyledText()
        for part in parts where !part.isEmpty {
            if !result.isEmpty { result += StyledText(separator) }
            result += part
        }
        return result
    }

    /// The same text, with this style in place of those it has.
    public func styled(_ style: TextStyle) -> StyledText {
        var result = self
        for index in result.spans.indices { result.spans[index].style = style }
        return result
    }

    // MARK: Width

    /// The text if it fits; else its beginning and `…`.
    public func cut(to limit: Int) -> StyledText {
        guard columns > limit else { return self }
        guard limit > 0 else { return StyledText() }
        var result = StyledText()
        for span in spans {
            let room = limit - 1 - result.columns
            let (start, width) = Self.start(of: span.text[...], within: room)
            if !start.isEmpty { result.spans.append(Span(text: String(start), style: span.style, link: span.link)) }
            result.columns += width
            if start.utf8.count < span.text.utf8.count {
                result.spans.append(Span(text: "…", style: span.style, link: span.link))
                break
            }
        }
        result.columns += 1
        return result
    }

    /// The text with spaces before or behind it, up to this width; one that is wider stays as it is.
    public func padded(to width: Int, _ alignment: Alignment = .left) -> StyledText {
        guard columns < width else { return self }
        let spaces = StyledText(String(repeating: " ", count: width - columns))
        return alignment == .left ? self + spaces : spaces + self
    }

    public enum Alignment: Sendable {
        case left, right
    }

    /// Without the spaces at its end.
    public func trimmed() -> StyledText {
        var result = self
        while let last = result.spans.last {
            let kept = last.text.reversed().drop { $0 == " " }.reversed()
            if kept.count == last.text.count { break }
            result.columns -= last.text.count - kept.count
            if kept.isEmpty {
                result.spans.removeLast()
            } else {
                result.spans[result.spans.count - 1].text = String(kept)
                break
            }
        }
        return result
    }

    /// Lines of at most this width, broken at spaces where there are any. The spaces at which a line ends are left out.
    public func wrapped(to width: Int) -> [StyledText] {
        let limit = max(1, width)
        var lines: [StyledText] = []
        var line = StyledText()
        for span in spans {
            for word in Self.words(of: span.text) {
                var rest = word[...]
                // Without the spaces behind it, which need no room at the end of a line.
                var columns = TextWidth.columns(of: word.trimmingSpaces)
                if line.columns > 0, line.columns + columns > limit {
                    lines.append(line.trimmed())
                    line = StyledText()
                }
                while columns > limit {
                    var (start, used) = Self.start(of: rest, within: limit)
                    if start.isEmpty {
                        // A wide character in a single column cannot be shown whole; it must not stop the loop.
                        start = rest.prefix(1)
                        used = TextWidth.columns(of: start)
                    }
                    lines.append(
                        StyledText(spans: [Span(text: String(start), style: span.style, link: span.link)], used))
                    rest = rest[start.endIndex...]
                    columns -= used
                }
                if line.isEmpty, !lines.isEmpty { rest = rest.drop { $0 == " " } }
                if rest.isEmpty { continue }
                line.spans.append(Span(text: String(rest), style: span.style, link: span.link))
                line.columns += TextWidth.columns(of: rest)
            }
        }
        if !line.isEmpty || lines.isEmpty { lines.append(line.trimmed()) }
        return lines.map { $0.cut(to: limit) }
    }

    private init(spans: [Span], _ columns: Int) {
        self.spans = spans
        self.columns = columns
    }

    /// The longest beginning that takes no more columns than this, and how many it takes.
    private static func start(of text: Substring, within limit: Int) -> (text: Substring, columns: Int) {
        var width = 0
        let end = text.indices.first { index in
            let next = TextWidth.columns(of: text[index])
            if width + next > limit { return true }
            width += next
            return false
        }
        return (text[..<(end ?? text.endIndex)], width)
    }

    /// Words with the spaces behind them.
    private static func words(of text: String) -> [String] {
        var words: [String] = []
        var isBehindSpace = true
        for character in text {
            if isBehindSpace && character != " " { words.append("") }
            if words.isEmpty { words.append("") }
            words[words.count - 1].append(character)
            isBehindSpace = character == " "
        }
        return words
    }

    // MARK: Encoding

    /// What to write: with the sequences that this terminal knows, and in ASCII where it shows nothing else.
    public func encoded(for features: TerminalFeatures) -> String {
        var result = ""
        for span in spans {
            let text = features.isUnicode ? span.text : ASCIIText.replacing(span.text)
            let codes = features.hasColors ? span.style.codes.map(String.init) : []
            let shown = codes.isEmpty ? text : "\u{1B}[\(codes.joined(separator: ";"))m\(text)\u{1B}[0m"
            if features.hasLinks, let link = span.link {
                result += TerminalSequence.link(shown, to: link)
            } else {
                result += shown
            }
        }
        return result
    }
}

extension String {
    fileprivate var trimmingSpaces: String { String(reversed().drop { $0 == " " }.reversed()) }
}
