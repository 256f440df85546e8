/// A YAML text by index, and where the parts of its values are.
///
/// libyaml tells where a node begins and ends, but not what lies between: where an anchor or tag ends and the value
/// begins, or where the ':' of a key is. To replace a value in the text these are needed as well.
struct SourceText {
    /// All of the text; libyaml's marks are indices of it.
    let scalars: [Unicode.Scalar]
    /// The line end that the text uses: that of its first line.
    let lineEnd: String

    /// Divides the text into scalars. A text of one line, which has no line end, uses `\n`.
    init(_ text: String) {
        let scalars = Array(text.unicodeScalars)
        self.scalars = scalars
        let first = scalars.firstIndex { $0 == "\n" || $0 == "\r" }
        lineEnd =
            first.map { index in
                guard scalars[index] == "\r" else { return "\n" }
                return index + 1 < scalars.count && scalars[index + 1] == "\n" ? "\r\n" : "\r"
            } ?? "\n"
    }

    /// The character at an index; nil beyond the text, so that a loop needs no check of its own.
    subscript(index: Int) -> Unicode.Scalar? { scalars.indices.contains(index) ? scalars[index] : nil }

    /// The text of a range, which may reach beyond the end.
    func text(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[range.clamped(to: scalars.indices)])
        return String(view)
    }

    /// Whether libyaml ends a line at the character.
    static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": true
        default: false
        }
    }

    static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }

    /// The index of the next character at or after `start` that is neither white space nor in a comment.
    func skippingBlanks(from start: Int) -> Int {
        var index = start
        while let scalar = self[index] {
            if scalar == "#" {
                while let next = self[index], !Self.isBreak(next) { index += 1 }
            } else if Self.isBlank(scalar) || Self.isBreak(scalar) {
                index += 1
            } else {
                break
            }
        }
        return index
    }

    /// The index at which the line of `index` begins.
    func lineStart(_ index: Int) -> Int {
        var start = min(index, scalars.count)
        while start > 0, let before = self[start - 1], !Self.isBreak(before) { start -= 1 }
        return start
    }

    /// The index at which the line of `index` ends, before its line break.
    func lineStop(_ index: Int) -> Int {
        var stop = index
        while let scalar = self[stop], !Self.isBreak(scalar) { stop += 1 }
        return min(stop, scalars.count)
    }

    /// The index at which the line before the one that begins at `start` ends, before its line break.
    func previousLineStop(_ start: Int) -> Int {
        if start >= 2, self[start - 1] == "\n", self[start - 2] == "\r" { return start - 2 }
        return max(0, start - 1)
    }

    // MARK: Parts of a value

    /// Where a node's tag is, and where its value begins after tag and anchor, which come in either order.
    ///
    ///     lr: &rate !!float 1         tag: the range of `!!float`; content: the index of `1`
    func parts(of node: SyntaxNode) -> (tag: Range<Int>?, content: Int) {
        var index = node.start.index
        var tag: Range<Int>?
        var stop = index
        for _ in 0..<2 {
            let start = skippingBlanks(from: index)
            if node.anchorName != nil, self[start] == "&" {
                index = endOfWord(from: start)
            } else if node.tag != nil, self[start] == "!" {
                index = self[start + 1] == "<" ? endOfVerbatimTag(from: start) : endOfWord(from: start)
                tag = start..<index
            } else {
                break
            }
            stop = index
        }
        // An empty value ends with its tag and anchor; what follows them belongs to the next node.
        if case .scalar("", isPlain: true) = node.content { return (tag, stop) }
        return (tag, stop == node.start.index ? stop : skippingBlanks(from: stop))
    }

    /// The index after an anchor or a tag: at the next space, line end, comma or bracket.
    private func endOfWord(from start: Int) -> Int {
        var index = start
        while let scalar = self[index], !Self.isBlank(scalar), !Self.isBreak(scalar),
            !",[]{}".unicodeScalars.contains(scalar)
        {
            index += 1
        }
        return index
    }

    /// The index after a tag of the form `!<tag:yaml.org,2002:int>`, in which commas and brackets may stand.
    private func endOfVerbatimTag(from start: Int) -> Int {
        var index = start
        while let scalar = self[index], !Self.isBreak(scalar) {
            index += 1
            if scalar == ">" { break }
        }
        return index
    }

    /// The index after the ':' of a key; nil for a key without one.
    func endOfColon(after key: SyntaxNode) -> Int? {
        let start = skippingBlanks(from: end(of: key))
        return self[start] == ":" ? start + 1 : nil
    }

    /// The index after the last character of a value. libyaml's own end is not used for values in block style: it
    /// counts the blank lines and comments that follow as part of them.
    ///
    /// - Parameter key: the key whose value it is, for a value that is empty and has no place of its own.
    func end(of node: SyntaxNode, after key: SyntaxNode? = nil) -> Int {
        switch node.content {
        case .alias: return node.end.index
        case .scalar("", isPlain: true):
            let start = node.start.index
            let stop = parts(of: node).content
            if stop > start { return stop }
            // libyaml puts an empty value where the next node begins; it is taken to be right after its key.
            return key.map { endOfColon(after: $0) ?? end(of: $0) } ?? start
        case .scalar:
            guard isBlockScalar(node) else { return node.end.index }
            var stop = min(node.end.index, scalars.count)
            while stop > node.start.index, let before = self[stop - 1],
                Self.isBlank(before) || Self.isBreak(before)
            {
                stop -= 1
            }
            return lineStop(stop)
        case .sequence(let elements):
            if node.isFlow { return node.end.index }
            return elements.last.map { end(of: $0) } ?? parts(of: node).content
        case .mapping(let pairs):
            if node.isFlow { return node.end.index }
            return pairs.last.map { end(of: $0.value, after: $0.key) } ?? parts(of: node).content
        }
    }

    /// Whether the value is a block scalar: text on its own lines after a `|` or `>`.
    func isBlockScalar(_ node: SyntaxNode) -> Bool {
        guard case .scalar(_, isPlain: false) = node.content else { return false }
        let first = self[parts(of: node).content]
        return first == "|" || first == ">"
    }
}
