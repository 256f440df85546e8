/// A value that takes the place of what a file says: `model.hidden=128`, as an argument of a command.
///
/// What stands before the first `=` is a dotted path, in which a number counts the elements of a list from 0; what
/// stands behind it is YAML. A value that is a list or a mapping replaces the whole of what was there.
///
///     let settings = ["seed=3", "data.augmentations=[horizontal_flip]"].map { ConfigSetting($0, option: "--set") }
///     let root = document.root(with: settings, problems: problems)
///
/// Mistakes in it are reported with the argument in the place of the file:
///
///     --set model.hiden: error: unknown key 'model.hiden'
///       | model.hiden=128
///       | ^
///       = help: did you mean 'model.hidden'?
public struct ConfigSetting: Sendable, Hashable {
    /// The dotted path.
    public let key: String
    /// The value as it is written; nil if there is no `=`.
    public let value: String?
    /// The whole argument.
    let source: SourceFile

    /// - Parameters:
    ///   - argument: `key=value`.
    ///   - option: the option that it was given with, for messages.
    public init(_ argument: String, option: String) {
        let equals = argument.firstIndex(of: "=")
        key = String(argument[..<(equals ?? argument.endIndex)])
        value = equals.map { String(argument[argument.index(after: $0)...]) }
        var source = SourceFile(path: key.isEmpty ? option : "\(option) \(key)", text: argument)
        source.isArgument = true
        self.source = source
    }
}

extension ConfigDocument {
    /// The values of the file with those of some settings in their place, one after the other: of two settings for one
    /// key the last one counts. Keys that the file leaves out are added.
    ///
    /// - Parameter problems: receives what is wrong with the settings; the caller goes on, to find all mistakes.
    public func root(with settings: [ConfigSetting], problems: DiagnosticCollector) -> ConfigNode {
        settings.reduce(root) { root, setting in
            var place = SourceLocation(line: 1, column: 1)
            place.text = problems.add(setting.source)
            return setting.applied(to: root, at: place, problems: problems)
        }
    }
}

extension ConfigSetting {
    /// - Parameter place: of the setting's beginning.
    fileprivate func applied(
        to root: ConfigNode, at place: SourceLocation, problems: DiagnosticCollector
    ) -> ConfigNode {
        let components = key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard components.allSatisfy({ !$0.isEmpty }), components.count <= SyntaxReader.maxDepth else {
            problems.report(
                key.isEmpty ? "a key is missing" : "'\(key)' is not a key", at: place,
                help: "write key=value, where the key is a name or a path such as model.hidden")
            return root
        }
        guard let node = node(at: place, problems: problems) else { return root }
        // Keys that are in the file may have dots themselves.
        if let steps = root.steps(to: key) { return Self.replacing(steps[...], in: root, with: node, place) }
        do {
            return try Self.placing(node, at: components[...], below: "", in: root, place)
        } catch {
            problems.report(error.message, at: place, help: error.help)
            return root
        }
    }

    /// The value, with its places in the argument; nil if it is not YAML, which has been reported.
    private func node(at place: SourceLocation, problems: DiagnosticCollector) -> ConfigNode? {
        guard let value else {
            problems.report("'\(key)' has no value", at: place, help: "write \(key)=VALUE")
            return nil
        }
        let start = key.unicodeScalars.count + 1
        func moved(_ location: SourceLocation?) -> SourceLocation {
            guard let location else { return place }
            var moved = location
            moved.text = place.text
            if location.line == 1 { moved.column += start }
            return moved
        }
        var text = SourceFile(path: source.path, text: value)
        text.isArgument = true
        do {
            return try ConfigDocument(parsing: text).root.relocated(moved)
        } catch {
            for problem in error.diagnostics {
                problems.report(problem.message, at: moved(problem.location), help: problem.help)
            }
            return nil
        }
    }

    /// A copy of `node` with another value at a path where there is one already. Its key counts as written in the
    /// setting, so that what is said of it names the setting.
    private static func replacing(
        _ steps: ArraySlice<PathStep>, in node: ConfigNode, with value: ConfigNode, _ place: SourceLocation
    ) -> ConfigNode {
        guard let step = steps.first else { return value }
        var node = node
        switch (step, node.value) {
        case (.index(let index), .sequence(var nodes)) where nodes.indices.contains(index):
            nodes[index] = replacing(steps.dropFirst(), in: nodes[index], with: value, place)
            node.value = .sequence(nodes)
        case (.key(let key), .mapping(var entries)):
            guard let index = entries.firstIndex(where: { $0.key == key }) else { return node }
            entries[index].node = replacing(steps.dropFirst(), in: entries[index].node, with: value, place)
            if steps.count == 1 { entries[index].keyLocation = place }
            node.value = .mapping(entries)
        case (.index, _), (.key, _): break
        }
        return node
    }

    private struct Refusal: Error {
        var message: String
        var help: String
    }

    /// A copy of `node` with a value at a path where there is none so far. What is null may become a mapping.
    ///
    /// - Parameters:
    ///   - path: of `node`.
    ///   - place: where new keys are said to be.
    private static func placing(
        _ value: ConfigNode, at components: ArraySlice<String>, below path: String, in node: ConfigNode,
        _ place: SourceLocation
    ) throws(Refusal) -> ConfigNode {
        guard let first = components.first else { return value }
        let rest = components.dropFirst()
        let name = path.isEmpty ? first : "\(path).\(first)"
        switch node.value {
        case .null, .mapping:
            var entries = node.entries
            if let index = entries.firstIndex(where: { $0.key == first }) {
                entries[index].node = try placing(value, at: rest, below: name, in: entries[index].node, place)
            } else {
                let empty = ConfigNode(.null, at: place)
                let node = try placing(value, at: rest, below: name, in: empty, place)
                entries.append(ConfigEntry(key: first, at: place, node: node))
            }
            return ConfigNode(.mapping(entries), at: node.location ?? place)
        case .sequence(var nodes):
            guard let index = Int(first), String(index) == first, nodes.indices.contains(index) else {
                throw Refusal(
                    message: "'\(path)' is a list and has no '\(first)'",
                    help: nodes.isEmpty
                        ? "it is empty; write the whole list: \(path)=[…]"
                        : "its last element is \(path).\(nodes.count - 1); or write the whole list: \(path)=[…]")
            }
            nodes[index] = try placing(value, at: rest, below: name, in: nodes[index], place)
            return ConfigNode(.sequence(nodes), at: node.location)
        case .boolean, .integer, .number, .string:
            throw Refusal(
                message: "'\(path)' is \(node.kindDescription) and has no '\(first)'",
                help: "write the whole value: \(path)=…")
        }
    }
}

extension ConfigNode {
    /// A copy with other places, also of what is in it.
    fileprivate func relocated(_ moved: (SourceLocation?) -> SourceLocation) -> ConfigNode {
        var node = self
        node.location = moved(location)
        switch value {
        case .sequence(let nodes): node.value = .sequence(nodes.map { $0.relocated(moved) })
        case .mapping(let entries):
            node.value = .mapping(
                entries.map {
                    ConfigEntry(key: $0.key, at: moved($0.keyLocation), node: $0.node.relocated(moved))
                })
        case .null, .boolean, .integer, .number, .string: break
        }
        return node
    }
}
