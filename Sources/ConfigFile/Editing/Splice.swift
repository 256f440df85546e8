/// Replaces values in a text and keeps every other byte of it.
///
/// Only values at the given paths change, even if anchors and aliases share them with other paths. So if a path leads
/// through an alias, the alias is replaced by the changed value, written out. If a value with an anchor changes, its
/// aliases are replaced by the old value. And a key that a mapping has through a merge is added beside the `<<`.
///
///     base: &b {lr: 0.1}                  base: &b {lr: 0.1}
///     copy: *b                            copy: {lr: 0.2}                     copy.lr set to 0.2
///     run: {<<: *b, name: x}              run: {lr: 0.2, <<: *b, name: x}     run.lr set to 0.2
///
/// Setting base.lr instead gives `base: &b {lr: 0.2}` and `copy: {lr: 0.1}`.
///
/// The places come from the tree, whose marks are indices of the unchanged text. So edits are only collected while the
/// tree is walked, and made at the end in the order of their places.
struct Splice {
    private let tree: SyntaxTree
    private let source: SourceText
    /// Whether the text has the form of JSON, which it must then keep.
    private let isJSON: Bool
    /// In the order in which they were found, which need not be that of the text.
    private var edits: [Edit] = []
    /// Anchors whose values have changed, so that their aliases must be written out with the old value.
    private var changed: Set<SyntaxNode.Anchor> = []

    /// The replacement of one stretch of the text.
    struct Edit {
        /// Indices of the text's scalars; empty to insert without removing.
        var range: Range<Int>
        /// What takes the place of the range; empty to remove it.
        var text: String
    }

    /// The text has a form in which this value cannot be replaced.
    private struct Unwritable: Error {}

    /// - Parameter tree: that of exactly this text.
    init(_ text: String, _ tree: SyntaxTree, isJSON: Bool) {
        self.tree = tree
        self.isJSON = isJSON
        source = SourceText(text)
    }

    /// The text with the changes; nil if it has one of the rare forms in which they cannot be made.
    mutating func text(with change: Change) -> String? {
        guard let root = tree.root, (try? apply(change, to: root, after: nil)) != nil else { return nil }
        if !changed.isEmpty { writeOutAliases(in: root) }
        var result = String.UnicodeScalarView()
        var index = 0
        // Insertions at the same place keep the order in which they were made.
        let order = edits.enumerated().sorted {
            ($0.element.range.lowerBound, $0.offset) < ($1.element.range.lowerBound, $1.offset)
        }
        for edit in order.map(\.element) {
            guard edit.range.lowerBound >= index, edit.range.upperBound <= source.scalars.count else { return nil }
            result.append(contentsOf: source.scalars[index..<edit.range.lowerBound])
            result.append(contentsOf: edit.text.unicodeScalars)
            index = edit.range.upperBound
        }
        result.append(contentsOf: source.scalars[index...])
        return String(result)
    }

    /// The whole text written anew on one line, for when `text(with:)` fails. Scalars keep their form; comments are
    /// lost.
    func rewritten(with change: Change) -> String? {
        tree.root.map { flow($0, change) + source.lineEnd }
    }

    // MARK: Finding the place

    /// Collects the edits that make a change of a node and of what lies below it.
    ///
    /// - Parameter key: the key whose value the node is; nil for an element of a list, and for the whole text.
    /// - Throws: `Unwritable` if the change leads where the tree has no such key or element.
    private mutating func apply(_ change: Change, to node: SyntaxNode, after key: SyntaxNode?) throws(Unwritable) {
        if let value = change.value {
            try replace(node, with: value, after: key)
            noteAnchors(in: node)
            return
        }
        switch node.content {
        case .alias:
            edits.append(Edit(range: node.wholeRange, text: flow(node, change)))
            return
        case .scalar: throw Unwritable()
        case .sequence(let elements):
            for below in change.below {
                guard case .index(let index) = below.step, elements.indices.contains(index) else { throw Unwritable() }
                try apply(below.change, to: elements[index], after: nil)
            }
        case .mapping(let pairs):
            for below in change.below {
                guard case .key(let name) = below.step else { throw Unwritable() }
                if let pair = pairs.first(where: { !$0.key.isMerge && $0.key.scalar == name }) {
                    try apply(below.change, to: pair.value, after: pair.key)
                } else {
                    try insert(name, below.change, into: node, pairs)
                }
            }
        }
        if let anchor = node.anchor { changed.insert(anchor) }
    }

    /// Remembers all anchors in a value that is replaced: they vanish with it, so their aliases must be written out.
    private mutating func noteAnchors(in node: SyntaxNode) {
        if let anchor = node.anchor { changed.insert(anchor) }
        switch node.content {
        case .scalar, .alias: break
        case .sequence(let elements): for element in elements { noteAnchors(in: element) }
        case .mapping(let pairs):
            for pair in pairs {
                noteAnchors(in: pair.key)
                noteAnchors(in: pair.value)
            }
        }
    }

    /// Replaces the aliases of changed values by the values that they stood for.
    private mutating func writeOutAliases(in node: SyntaxNode) {
        switch node.content {
        case .scalar: break
        case .alias(_, let target):
            let range = node.wholeRange
            guard let target, changed.contains(target), !edits.contains(where: { $0.range.overlaps(range) }) else {
                return
            }
            edits.append(Edit(range: range, text: flow(node, nil)))
        case .sequence(let elements): for element in elements { writeOutAliases(in: element) }
        case .mapping(let pairs): for pair in pairs { writeOutAliases(in: pair.value) }
        }
    }

    // MARK: Writing a value

    /// Collects the edits that put a value in the place of a node. A tag that does not fit the new value is removed, as
    /// in `!!int 5` replaced by a text; a comment after the old value stays.
    private mutating func replace(
        _ node: SyntaxNode, with value: ConfigNode, after key: SyntaxNode?
    ) throws(Unwritable) {
        if case .alias = node.content {
            edits.append(Edit(range: node.wholeRange, text: written(value)))
            return
        }
        let (tag, start) = source.parts(of: node)
        if let tag, !Self.fits(value, node.tag) {
            // An anchor may stay: its aliases are written out.
            let blanks = (source[tag.upperBound].map(SourceText.isBlank) ?? false) ? 1 : 0
            edits.append(Edit(range: Range(from: tag.lowerBound, to: tag.upperBound + blanks), text: ""))
        }
        let stop = source.end(of: node, after: key)
        switch node.content {
        case .scalar("", isPlain: true):
            try fill(node, with: written(value, inPlaceOf: node), after: key)
        case .scalar:
            let text = written(value, inPlaceOf: node)
            if source.isBlockScalar(node) {
                // A comment after the '|' is not part of the text, and is kept.
                let header = source.text(Range(from: start, to: source.lineStop(start)))
                let comment = header.firstRange(of: /[ \t]+#.*/).map { String(header[$0]) } ?? ""
                edits.append(Edit(range: Range(from: start, to: stop), text: text + comment))
            } else {
                edits.append(Edit(range: Range(from: start, to: stop), text: text))
            }
        case .sequence, .mapping:
            let text = written(value, inPlaceOf: node)
            guard !node.isFlow, let key, let colon = source.endOfColon(after: key),
                source.lineStart(start) > colon
            else {
                edits.append(Edit(range: Range(from: start, to: stop), text: text))
                return
            }
            // A value on lines of its own: they are removed, and the new one follows the key and its anchor.
            let hasProperties = node.start.index != start && node.anchorName != nil
            edits.append(Edit(range: Range(at: hasProperties ? endOfAnchor(node) : colon), text: " " + text))
            let firstLine = source.previousLineStop(source.lineStart(start))
            edits.append(Edit(range: Range(from: firstLine, to: source.lineStop(stop)), text: ""))
        case .alias: break
        }
    }

    /// A value as it is written into this text. A string gets the same kind of quotes as the string it replaces.
    private func written(_ value: ConfigNode, inPlaceOf old: SyntaxNode? = nil) -> String {
        if isJSON { return FlowText.json(of: value) }
        guard let old else { return FlowText.text(of: value) }
        if case .string(let text) = value.value, case .scalar(_, isPlain: false) = old.content {
            switch source[source.parts(of: old).content] {
            case "\"": return FlowText.doubleQuoted(text)
            case "'": return FlowText.singleQuoted(text) ?? FlowText.doubleQuoted(text)
            default: break
            }
        }
        return FlowText.text(of: value, inPlaceOf: old.plainScalars)
    }

    /// A key as this text would have it: in double quotes in JSON.
    private func written(key name: String) -> String {
        isJSON ? FlowText.jsonString(name) : FlowText.string(name)
    }

    /// The index after a node's anchor and tag, without the white space that follows them.
    private func endOfAnchor(_ node: SyntaxNode) -> Int {
        var untagged = node
        untagged.content = .scalar("", isPlain: true)
        return source.parts(of: untagged).content
    }

    /// Writes a value where there is an empty one.
    private mutating func fill(_ node: SyntaxNode, with text: String, after key: SyntaxNode?) throws(Unwritable) {
        let start = node.start.index
        let stop = source.parts(of: node).content
        if stop > start {
            edits.append(Edit(range: Range(at: stop), text: " " + text))
        } else if let key {
            if let colon = source.endOfColon(after: key) {
                edits.append(Edit(range: Range(at: colon), text: " " + text))
            } else {
                edits.append(Edit(range: Range(at: source.end(of: key)), text: ": " + text))
            }
        } else {
            edits.append(Edit(range: Range(at: start), text: " " + text))
        }
    }

    /// Adds a key to a mapping that has it only through a merge, or not at all.
    private mutating func insert(
        _ name: String, _ change: Change, into mapping: SyntaxNode, _ pairs: [SyntaxPair]
    ) throws(Unwritable) {
        let merged = mergedPairs(of: mapping).first { $0.key.scalar == name }
        let entry =
            "\(merged.map { scalarText($0.key) } ?? written(key: name)): "
            + (merged.map { flow($0.value, change) } ?? written(change.node))
        let start = source.parts(of: mapping).content
        if !mapping.isFlow {
            let indentation = source.text(Range(from: source.lineStart(start), to: start)).unicodeScalars
                .map { $0 == "\t" ? "\t" : " " }.joined()
            edits.append(Edit(range: Range(at: start), text: entry + source.lineEnd + indentation))
        } else if source[start] == "{" {
            edits.append(Edit(range: Range(at: start + 1), text: pairs.isEmpty ? entry : entry + ", "))
        } else {
            throw Unwritable()
        }
    }

    /// Whether the new value may keep the tag of the old one.
    private static func fits(_ value: ConfigNode, _ tag: String?) -> Bool {
        switch (tag.flatMap(CoreTag.init(rawValue:)), value.value) {
        case (.number, .integer), (.number, .number), (.integer, .integer), (.boolean, .boolean), (.string, .string),
            (.nonSpecific, .string), (.null, .null), (.sequence, .sequence), (.mapping, .mapping):
            true
        default: false
        }
    }
}

// MARK: Writing out

extension Splice {
    /// A node on one line, with aliases and merges written out and scalars as they are in the text.
    private func flow(_ node: SyntaxNode, _ change: Change?) -> String {
        if let value = change?.value { return written(value, inPlaceOf: node) }
        switch node.content {
        case .alias(_, let target):
            return target.flatMap { tree.anchored[$0] }.map { flow($0, change) } ?? "null"
        case .scalar: return scalarText(node)
        case .sequence(let elements):
            let texts = elements.enumerated().map { flow($0.element, change?.below(.index($0.offset))) }
            return foreignTag(of: node) + "[\(texts.joined(separator: ", "))]"
        case .mapping:
            let pairs = allPairs(of: node)
            var texts = pairs.map { pair in
                "\(keyText(pair.key)): \(flow(pair.value, pair.key.scalar.flatMap { change?.below(.key($0)) }))"
            }
            let foreign = foreignMerges(of: node).map(scalarText)
            if !foreign.isEmpty {
                texts.append("<<: " + (foreign.count == 1 ? foreign[0] : "[\(foreign.joined(separator: ", "))]"))
            }
            for below in change?.below ?? [] {
                guard case .key(let name) = below.step, !pairs.contains(where: { $0.key.scalar == name }) else {
                    continue
                }
                texts.append("\(written(key: name)): \(written(below.change.node))")
            }
            return foreignTag(of: node) + "{\(texts.joined(separator: ", "))}"
        }
    }

    /// A key on one line. YAML requires a '?' before a list or mapping that is a key.
    private func keyText(_ key: SyntaxNode) -> String {
        key.scalar == nil ? "? \(flow(key, nil)) " : scalarText(key)
    }

    /// The tag of a list or mapping and a space, if only another program understands it; otherwise empty.
    private func foreignTag(of node: SyntaxNode) -> String {
        guard let tag = node.tag, CoreTag(rawValue: tag) == nil else { return "" }
        return source.parts(of: node).tag.map { source.text($0) + " " } ?? ""
    }

    /// A scalar as it is in the text, or in quotes if it could not be written so on one line between commas.
    private func scalarText(_ node: SyntaxNode) -> String {
        guard case .scalar(let text, let isPlain) = node.content else { return "null" }
        let (tag, start) = source.parts(of: node)
        let written = source.text(Range(from: start, to: node.end.index))
        let tagText = tag.map { source.text($0) + " " } ?? ""
        if isPlain, text.isEmpty { return tag == nil ? "null" : tagText + (isNull(node) ? "null" : "''") }
        let isOneLine = !written.unicodeScalars.contains(where: SourceText.isBreak)
        if !isPlain {
            return tagText + (isOneLine && !source.isBlockScalar(node) ? written : quoted(text))
        }
        let isText = YAML11Scalar(text) == .string && ConfigNode.Value.plain(text) == .string(text)
        let isForeign = node.tag.map { CoreTag(rawValue: $0) == nil } ?? false
        return tagText + (isText ? (tag == nil || isForeign ? FlowText.string(text) : quoted(text)) : written)
    }

    /// Whether the node has the tag `!!null`.
    private func isNull(_ node: SyntaxNode) -> Bool { node.tag == CoreTag.null.rawValue }

    /// A string in quotes even where it would need none.
    private func quoted(_ text: String) -> String {
        let plain = FlowText.string(text)
        return plain.hasPrefix("'") || plain.hasPrefix("\"") ? plain : "'\(plain)'"
    }

    /// A mapping's own keys, followed by those that it merges.
    private func allPairs(of node: SyntaxNode) -> [SyntaxPair] {
        guard case .mapping(let pairs) = node.content else { return [] }
        let own = pairs.filter { !$0.key.isMerge }
        var seen = Set(own.compactMap(\.key.scalar))
        return own + mergedPairs(of: node).filter { $0.key.scalar.map { seen.insert($0).inserted } ?? false }
    }

    /// The nodes that a mapping merges and only another program can resolve: `<<: !include x.yaml`.
    private func foreignMerges(of node: SyntaxNode) -> [SyntaxNode] {
        guard case .mapping(let pairs) = node.content else { return [] }
        return pairs.filter(\.key.isMerge).flatMap { foreignMerges(in: $0.value) }
    }

    /// The same for one value of a `<<`, which may be a list or an alias.
    private func foreignMerges(in node: SyntaxNode) -> [SyntaxNode] {
        switch node.content {
        case .mapping: foreignMerges(of: node)
        case .sequence(let elements): elements.flatMap { foreignMerges(in: $0) }
        case .alias(_, let target): target.flatMap { tree.anchored[$0] }.map { foreignMerges(in: $0) } ?? []
        case .scalar: [node]
        }
    }

    /// The keys that a mapping merges. A key may be among them several times; the first one counts.
    private func mergedPairs(of node: SyntaxNode) -> [SyntaxPair] {
        guard case .mapping(let pairs) = node.content else { return [] }
        return pairs.filter(\.key.isMerge).flatMap { merged($0.value) }
    }

    /// The keys of one value of a `<<`: a mapping, a list of mappings, or an alias of either.
    private func merged(_ node: SyntaxNode) -> [SyntaxPair] {
        switch node.content {
        case .mapping: allPairs(of: node)
        case .sequence(let elements): elements.flatMap { merged($0) }
        case .alias(_, let target): target.flatMap { tree.anchored[$0] }.map { merged($0) } ?? []
        case .scalar: []
        }
    }
}

extension SyntaxNode {
    /// From the node's anchor or tag to its end according to libyaml.
    fileprivate var wholeRange: Range<Int> { Range(from: start.index, to: end.index) }

    /// The text of a scalar without its quotes; nil for a list, a mapping or an alias.
    fileprivate var scalar: String? {
        if case .scalar(let text, _) = content { text } else { nil }
    }
}

extension Range<Int> {
    /// The empty range at a place, for an insertion.
    fileprivate init(at place: Int) { self = place..<place }

    /// Empty if the end is before the start.
    fileprivate init(from start: Int, to end: Int) { self = start..<Swift.max(start, end) }
}
