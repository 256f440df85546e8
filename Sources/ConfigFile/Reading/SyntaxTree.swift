/// A YAML text as it is written: its values with the places they take, aliases not followed, scalars not interpreted.
struct SyntaxNode: Sendable {
    enum Content: Sendable {
        case scalar(String, isPlain: Bool)
        case sequence([SyntaxNode])
        case mapping([SyntaxPair])
        /// The target is nil where no anchor of that name stands before.
        case alias(String, target: Anchor?)
    }

    /// The number of an anchored value: anchors of the same name are different ones.
    typealias Anchor = Int

    var content: Content
    /// Where the value begins with its anchor and tag, if it has them.
    var start: TextMark
    /// Where libyaml says that it ends. For what is in block style that is where the next value begins.
    var end: TextMark
    var isFlow = false
    var tag: String?
    var anchor: Anchor?
    var anchorName: String?

    var location: SourceLocation { start.location }
}

struct SyntaxPair: Sendable {
    var key: SyntaxNode
    var value: SyntaxNode
}

/// All that a text holds.
struct SyntaxTree: Sendable {
    /// Nil for a text without content.
    var root: SyntaxNode?
    /// Every value that has an anchor.
    var anchored: [SyntaxNode.Anchor: SyntaxNode] = [:]
}

/// Builds the tree of a text from its events, and refuses what would take too much of anything.
struct SyntaxReader: ~Copyable {
    /// The most values that a file may hold, each counted as often as an alias repeats it.
    static let mostNodes = 100_000
    /// How deep lists and mappings may nest, so that nothing that walks a tree can exhaust the stack.
    static let deepest = 100

    /// The most tag directives that a file may have: each is compared with all others.
    private static let mostDirectives = 100

    private enum Stop: Error {
        case syntax(SyntaxProblem)
        case secondDocument(SourceLocation)
        case tooDeep(SourceLocation)
        case tooMany(SourceLocation, hasAnchors: Bool)
    }

    private let events: EventStream
    private var depth = 0
    private var count = 0
    private var tree = SyntaxTree()
    private var anchors: [String: SyntaxNode.Anchor] = [:]
    private var anchorCount = 0

    private init(_ events: consuming EventStream) {
        self.events = events
    }

    /// Nil if the text is not one YAML document of a fair size; that has then been reported.
    static func read(_ source: SourceFile, problems: DiagnosticCollector) -> SyntaxTree? {
        let preamble = source.text.unicodeScalars.lines.lazy.prefix { !$0.starts(with: "---".unicodeScalars) }
        let directives = preamble.enumerated().filter { $0.element.starts(with: "%TAG".unicodeScalars) }
        if let excess = directives.dropFirst(mostDirectives).first {
            problems.report(
                "the file has more than \(mostDirectives) %TAG directives",
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
            throw .syntax(error.problem)
        }
    }

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
                // libyaml gives content only between the ends of a document.
                continue
            }
        }
    }

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
            try enter(event)
            var elements: [SyntaxNode] = []
            var event = try next()
            while !event.kind.isEnd {
                elements.append(try self.node(event))
                event = try next()
            }
            depth -= 1
            node.content = .sequence(elements)
            node.end = event.end
        case .mappingStart(let isFlow):
            node.isFlow = isFlow
            try enter(event)
            var pairs: [SyntaxPair] = []
            var event = try next()
            while !event.kind.isEnd {
                let key = try self.node(event, isKey: true)
                pairs.append(SyntaxPair(key: key, value: try self.node(try next())))
                event = try next()
            }
            depth -= 1
            node.content = .mapping(pairs)
            node.end = event.end
        case .streamStart, .streamEnd, .documentStart, .documentEnd, .sequenceEnd, .mappingEnd:
            // Not where libyaml expects a value.
            node.content = .scalar("", isPlain: true)
        }
        if let name = event.anchor {
            // Only now: a value that holds an alias of its own name means an earlier one.
            node.anchor = anchorCount
            anchors[name] = anchorCount
            tree.anchored[anchorCount] = node
            anchorCount += 1
        }
        return node
    }

    private mutating func countOne(_ event: YAMLEvent) throws(Stop) {
        count += 1
        if count > Self.mostNodes { throw .tooMany(event.start.location, hasAnchors: anchorCount > 0) }
    }

    private mutating func enter(_ event: YAMLEvent) throws(Stop) {
        if depth == Self.deepest { throw .tooDeep(event.start.location) }
        depth += 1
    }
}

extension YAMLEvent.Kind {
    /// Whether a list or mapping is over, or all of the text.
    fileprivate var isEnd: Bool {
        switch self {
        case .sequenceEnd, .mappingEnd, .documentEnd, .streamEnd: true
        case .streamStart, .documentStart, .alias, .scalar, .sequenceStart, .mappingStart: false
        }
    }
}
