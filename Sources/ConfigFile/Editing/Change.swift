/// What is to change below one value: it as a whole, or what is in it.
struct Change {
    var value: ConfigNode?
    var below: [(step: PathStep, change: Change)] = []

    func below(_ step: PathStep) -> Change? {
        below.first { $0.step == step }?.change
    }

    /// - Parameter steps: a way that the tree allows which the changes so far have led to.
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

    /// What stands where nothing was before.
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
    /// The file with other values at dotted paths, all else byte for byte as it stands: comments, order, quotes, line
    /// ends.
    ///
    /// What is written reads the same by the rules of YAML 1.1 and 1.2. A node that has a `text` is written as that
    /// where all readers take it for the node's value, or where the old value was of the same kind. Text is in quotes
    /// where the old one was, and a file that has the form of JSON keeps it.
    ///
    /// - Throws: `DiagnosticsError` if a path leads through a value, or to one or through one that only another program
    ///   understands, or if the file is of a form that cannot hold the values; never gives a file that says anything
    ///   else.
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

    private func refusal(_ message: String) -> DiagnosticsError {
        DiagnosticsError([Diagnostic(path: source.path, message: message)])
    }
}
