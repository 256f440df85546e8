/// The parts of a text between the places that libyaml names: where an anchor ends and its value begins, where the ':'
/// of a key stands.
struct SourcePlaces {
    let scalars: [Unicode.Scalar]
    /// How the lines of the text end.
    let lineEnd: String

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

    subscript(index: Int) -> Unicode.Scalar? { scalars.indices.contains(index) ? scalars[index] : nil }

    func text(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[range.clamped(to: scalars.indices)])
        return String(view)
    }

    static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": true
        default: false
        }
    }

    static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }

    /// Where the next thing stands that is neither blank nor comment.
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

    /// Where the line begins in which `index` is.
    func lineStart(_ index: Int) -> Int {
        var start = min(index, scalars.count)
        while start > 0, let before = self[start - 1], !Self.isBreak(before) { start -= 1 }
        return start
    }

    /// Where the line ends in which `index` is, before its line break.
    func lineStop(_ index: Int) -> Int {
        var stop = index
        while let scalar = self[stop], !Self.isBreak(scalar) { stop += 1 }
        return min(stop, scalars.count)
    }

    /// Where the line before the one that begins at `start` ends.
    func previousLineStop(_ start: Int) -> Int {
        if start >= 2, self[start - 1] == "\n", self[start - 2] == "\r" { return start - 2 }
        return max(0, start - 1)
    }

    // MARK: Parts of a value

    /// Where a node's tag stands, and where its value begins behind tag and anchor.
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
        // Behind the properties of a value that is not there comes something else.
        if case .scalar("", isPlain: true) = node.content { return (tag, stop) }
        return (tag, stop == node.start.index ? stop : skippingBlanks(from: stop))
    }

    private func endOfWord(from start: Int) -> Int {
        var index = start
        while let scalar = self[index], !Self.isBlank(scalar), !Self.isBreak(scalar),
            !",[]{}".unicodeScalars.contains(scalar)
        {
            index += 1
        }
        return index
    }

    private func endOfVerbatimTag(from start: Int) -> Int {
        var index = start
        while let scalar = self[index], !Self.isBreak(scalar) {
            index += 1
            if scalar == ">" { break }
        }
        return index
    }

    /// Where the ':' of a key ends; nil for a key without.
    func endOfColon(after key: SyntaxNode) -> Int? {
        let start = skippingBlanks(from: end(of: key))
        return self[start] == ":" ? start + 1 : nil
    }

    /// Where the last character of a value ends: libyaml counts what follows a value in block style as part of it.
    func end(of node: SyntaxNode, after key: SyntaxNode? = nil) -> Int {
        switch node.content {
        case .alias: return node.end.index
        case .scalar("", isPlain: true):
            let start = node.start.index
            let stop = parts(of: node).content
            if stop > start { return stop }
            // An empty value stands where the next thing begins.
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

    /// Whether the value is text in lines of its own behind a `|` or `>`.
    func isBlockScalar(_ node: SyntaxNode) -> Bool {
        guard case .scalar(_, isPlain: false) = node.content else { return false }
        let first = self[parts(of: node).content]
        return first == "|" || first == ">"
    }
}
