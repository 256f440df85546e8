/// A change of one value in a text: of the whole value, or of some values inside it.
///
///     var change = Change()
///     change.set([.key("optimizer"), .key("lr")], to: ConfigNode(.number(0.01)))
///     change.below(.key("optimizer"))?.below(.key("lr"))?.value       // the node 0.01
///
/// All changes of one text are collected in one tree before any is made, so that each place in the text is touched
/// once.
struct Change {
    /// What replaces the value as a whole; nil if only parts of it change.
    var value: ConfigNode?
    /// The changes inside it, in the order in which they were made.
    var below: [(step: PathStep, change: Change)] = []

    /// The change of the value one step further; nil if nothing changes there.
    func below(_ step: PathStep) -> Change? {
        below.first { $0.step == step }?.change
    }

    /// Adds a change.
    ///
    /// - Parameter steps: must be possible in the tree that the changes so far result in.
    mutating func set(_ steps: ArraySlice<PathStep>, to node: ConfigNode) {
        guard let step = steps.first else {
            self = Change(value: node)
            return
        }
        if let value {
            self.value = value.replacing(steps, with: node)
            return
        }
        if let position = below.firstIndex(where: { $0.step == step }) {
            below[position].change.set(steps.dropFirst(), to: node)
        } else {
            var change = Change()
            change.set(steps.dropFirst(), to: node)
            below.append((step, change))
        }
    }

    /// The new value, if there was none before: a mapping of the changes below, in the order in which they were made.
    var node: ConfigNode {
        if let value { return value }
        return ConfigNode(
            .mapping(
                below.map { below in
                    guard case .key(let key) = below.step else { return ConfigEntry(key: "", node: ConfigNode(.null)) }
                    return ConfigEntry(key: key, node: below.change.node)
                }))
    }
}

extension ConfigDocument {
    /// The text of the file with other values at some dotted paths. Everything else stays byte for byte as it is:
    /// comments, order, quotes, line ends.
    ///
    ///     optimizer: {lr: 0.001, name: 'sgd'}   # by hand
    ///
    ///     try document.text(setting: [
    ///         ("optimizer.lr", ConfigNode(.number(0.01))), ("optimizer.name", ConfigNode(.string("adam"))),
    ///     ])
    ///
    ///     optimizer: {lr: 0.01, name: 'adam'}   # by hand
    ///
    /// The new values read the same by the rules of YAML 1.1 and 1.2. A node's own `text` is used if all readers take
    /// it for the node's value, or if the old value was of the same kind. A string is in quotes if the old one was, and
    /// a file in the form of JSON stays in it.
    ///
    /// The new text is read again before it is returned, so that it never says anything else than was asked for. If the
    /// values cannot be put into the text as it is, the whole file is written anew on one line, without its comments.
    ///
    /// - Parameter values: later ones may lie inside earlier ones. A path that is not there is added; the file must
    ///   allow it.
    /// - Throws: `DiagnosticsError` if a path leads through a scalar, or to or through a value that only another
    ///   program understands, or if the file has a form in which the values cannot be written.
    public func text(setting values: [(path: String, node: ConfigNode)]) throws(DiagnosticsError) -> String {
        let isJSON = isJSON
        var intended = root
        var change = Change()
        for (path, node) in values {
            if let foreign = root.foreignValue(onTheWayTo: path) {
                throw refusal("'\(path)' leads to what has the tag \(foreign.tag)")
            }
            guard let steps = intended.stepsForSetting(path) else {
                throw refusal("'\(path)' leads through a value that is neither a mapping nor a list")
            }
            if isJSON, !node.canBeJSON { throw refusal("JSON has no word for what '\(path)' would be") }
            intended = intended.replacing(steps[...], with: node)
            change.set(steps[...], to: node)
        }
        if values.isEmpty { return source.wholeText }
        var splice = Splice(source.text, syntax, isJSON: isJSON)
        for candidate in [splice.text(with: change), splice.rewritten(with: change)] {
            guard let candidate else { continue }
            let result = SourceFile(
                path: source.path, text: source.hasByteOrderMark ? "\u{FEFF}" + candidate : candidate)
            if let read = try? ConfigDocument(parsing: result, dialect: dialect), read.root.means(intended) {
                return result.wholeText
            }
        }
        let paths = values.map { "'\($0.path)'" }.joined(separator: ", ")
        throw refusal("no text could be made of the file that differs from it in \(paths) alone")
    }

    /// An error about the file as a whole.
    private func refusal(_ message: String) -> DiagnosticsError {
        DiagnosticsError([Diagnostic(path: source.path, message: message)])
    }
}
