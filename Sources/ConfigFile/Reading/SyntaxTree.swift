/// A node of a YAML text as it is written, with its place. Aliases are not resolved and scalars are not interpreted:
/// that is done by `NodeBuilder`, while `Splice` needs the places to replace values in the text.
struct SyntaxNode: Sendable {
    /// What stands there, without anchor and tag.
    enum Content: Sendable {
        /// Text, without its quotes and with its escapes resolved; plain if it has no quotes and is not on lines of its
        /// own.
        case scalar(String, isPlain: Bool)
        case sequence([SyntaxNode])
        case mapping([SyntaxPair])
        /// The target is nil if there is no anchor of that name before the alias.
        case alias(String, target: Anchor?)
    }

    /// The number of an anchored value, by its order in the text. Names do not identify anchors: one may be used again
    /// for another value.
    typealias Anchor = Int

    var content: Content
    /// Where the node begins, including its anchor and tag.
    var start: TextMark
    /// Where the node ends according to libyaml. In block style that is where the next node begins.
    var end: TextMark
    /// Whether a list or mapping is written with brackets.
    var isFlow = false
    /// In full, such as `tag:yaml.org,2002:str`; nil if the text has none.
    var tag: String?
    var anchor: Anchor?
    /// The name after `&`, by which messages suggest it.
    var anchorName: String?

    /// Where the node begins, as messages count it.
    var location: SourceLocation { start.location }
}

/// A key of a mapping and its value, as they are written.
struct SyntaxPair: Sendable {
    var key: SyntaxNode
    var value: SyntaxNode
}

/// The nodes of a whole text.
struct SyntaxTree: Sendable {
    /// Nil for a text without content.
    var root: SyntaxNode?
    /// Every value that has an anchor.
    var anchored: [SyntaxNode.Anchor: SyntaxNode] = [:]
}

/// Builds the tree of a text from libyaml's events. Limits on size and depth keep a file, by mistake or on purpose,
/// from using up memory, time or the stack.
struct SyntaxReader: ~Copyable {
    /// How many values a file may hold. A value counts again for each alias of it: a few lines of nested aliases can
    /// stand for billions of values.
    static let maxNodes = 100_000
    /// How deep lists and mappings may nest, so that functions which call themselves for each level cannot use up the
    /// stack.
    static let maxDepth = 100

    /// How many %TAG directives a file may have. libyaml compares each with all others, so thousands would take long.
    private static let maxDirectives = 100

    /// Why the reading of a text ended before its end. Each is reported once, as nothing after it is looked at.
    private enum Stop: Error {
        case syntax(SyntaxProblem)
        case secondDocument(SourceLocation)
        case tooDeep(SourceLocation)
        case tooMany(SourceLocation, hasAnchors: Bool)
    }

    private let events: EventStream
    private var depth = 0
    private var count = 0
    /// Where the brackets end that were opened and not closed so far.
    private var brackets: [TextMark] = []
    private var tree = SyntaxTree()
    /// By name, the last anchor of that name so far: an alias stands for it.
    private var anchors: [String: SyntaxNode.Anchor] = [:]
    private var anchorCount = 0

    private init(_ events: consuming EventStream) {
        self.events = events
    }

    /// The tree of a file; nil if the text is not a single YAML document within the limits, which has been reported.
    static func read(_ source: SourceFile, problems: DiagnosticCollector) -> SyntaxTree? {
        let preamble = source.text.unicodeScalars.lines.lazy.prefix { !$0.starts(with: "---".unicodeScalars) }
        let directives = preamble.enumerated().filter { $0.element.starts(with: "%TAG".unicodeScalars) }
        if let excess = directives.dropFirst(maxDirectives).first {
            problems.report(
                "the file has more than \(maxDirectives) %TAG directives",
                at: SourceLocation(line: excess.offset + 1, column: 1))
            return nil
        }
        let bytes = ContiguousArray(source.text.utf8)
        let result = bytes.withUnsafeBufferPointer { buffer -> Result<SyntaxTree, Stop> in
            do throws(EventStream.Failure) {
                var reader = SyntaxReader(try EventStream(buffer))
                return Result { () throws(Stop) in try reader.document() }
            } catch {
                return .failure(.syntax(error.problem))
            }
        }
        switch result {
        case .success(let tree): return tree
        case .failure(.syntax(let problem)): problems.report(problem)
        case .failure(.tooDeep(let place)): problems.reportTooDeep(at: place)
        case .failure(.tooMany(let place, let hasAnchors)): problems.reportTooMany(at: place, hasAnchors: hasAnchors)
        case .failure(.secondDocument(let place)):
            problems.report(
                "a second document begins here", at: place,
                help: "a file holds one; '---' may stand only before the first")
        }
        return nil
    }

    private func next() throws(Stop) -> YAMLEvent {
        do {
            return try events.next()
        } catch {
            var problem = error.problem
            problem.brackets = brackets
            throw .syntax(problem)
        }
    }

    /// Reads the text to its end. A text without content is a tree without a root.
    private mutating func document() throws(Stop) -> SyntaxTree {
        while true {
            let event = try next()
            switch event.kind {
            case .streamEnd: return tree
            case .streamStart, .documentEnd: continue
            case .documentStart:
                guard tree.root == nil else { throw .secondDocument(event.start.location) }
                tree.root = try node(try next())
            case .alias, .scalar, .sequenceStart, .sequenceEnd, .mappingStart, .mappingEnd:
                // libyaml gives such events only inside a document, where `node` takes them.
                continue
            }
        }
    }

    /// Reads a node whose first event has been read already, with all that is in it.
    ///
    /// - Parameter isKey: keys do not count towards `maxNodes`; their values do.
    private mutating func node(_ event: YAMLEvent, isKey: Bool = false) throws(Stop) -> SyntaxNode {
        var node = SyntaxNode(
            content: .sequence([]), start: event.start, end: event.end, tag: event.tag, anchorName: event.anchor)
        if !isKey { try countOne(event) }
        switch event.kind {
        case .alias(let name):
            node.content = .alias(name, target: anchors[name])
            return node
        case .scalar(let text, let isPlain):
            node.content = .scalar(text, isPlain: isPlain)
        case .sequenceStart(let isFlow):
            node.isFlow = isFlow
            try enter(event, isFlow: isFlow)
            var elements: [SyntaxNode] = []
            var event = try next()
            while !event.kind.isEnd {
                elements.append(try self.node(event))
                event = try next()
            }
            leave(isFlow: isFlow)
            node.content = .sequence(elements)
            node.end = event.end
        case .mappingStart(let isFlow):
            node.isFlow = isFlow
            try enter(event, isFlow: isFlow)
            var pairs: [SyntaxPair] = []
            var event = try next()
            while !event.kind.isEnd {
                let key = try self.node(event, isKey: true)
                pairs.append(SyntaxPair(key: key, value: try self.node(try next())))
                event = try next()
            }
            leave(isFlow: isFlow)
            node.content = .mapping(pairs)
            node.end = event.end
        case .streamStart, .streamEnd, .documentStart, .documentEnd, .sequenceEnd, .mappingEnd:
            // libyaml never gives these events where a value belongs.
            node.content = .scalar("", isPlain: true)
        }
        if let name = event.anchor {
            // Set only after the content was read: an alias inside it refers to an earlier anchor of this name.
            node.anchor = anchorCount
            anchors[name] = anchorCount
            tree.anchored[anchorCount] = node
            anchorCount += 1
        }
        return node
    }

    private mutating func countOne(_ event: YAMLEvent) throws(Stop) {
        count += 1
        if count > Self.maxNodes { throw .tooMany(event.start.location, hasAnchors: anchorCount > 0) }
    }

    /// Goes one level deeper; `leave` goes back up when the list or mapping has been read.
    private mutating func enter(_ event: YAMLEvent, isFlow: Bool) throws(Stop) {
        if depth == Self.maxDepth { throw .tooDeep(event.start.location) }
        depth += 1
        if isFlow { brackets.append(event.end) }
    }

    private mutating func leave(isFlow: Bool) {
        depth -= 1
        if isFlow { brackets.removeLast() }
    }
}

extension YAMLEvent.Kind {
    /// Whether the event ends a list or mapping, or the text.
    fileprivate var isEnd: Bool {
        switch self {
        case .sequenceEnd, .mappingEnd, .documentEnd, .streamEnd: true
        case .streamStart, .documentStart, .alias, .scalar, .sequenceStart, .mappingStart: false
        }
    }
}
