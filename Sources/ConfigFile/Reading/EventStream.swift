import CYAML

/// Reads a YAML text with libyaml, one event at a time.
///
///     lr: [1]     streamStart, documentStart, mappingStart, scalar "lr", sequenceStart, scalar "1", sequenceEnd,
///                 mappingEnd, documentEnd, streamEnd
///
/// No other type handles libyaml's memory for reading: each event is copied and deleted before the next is read, and
/// the parser is deleted together with the stream. It cannot be copied, since two copies would delete one parser twice.
struct EventStream: ~Copyable {
    /// Allocated, since the parser stores its own address and must not be moved.
    private let parser: UnsafeMutablePointer<yaml_parser_t>

    /// The text is not YAML, or there is no memory.
    struct Failure: Error {
        var problem: SyntaxProblem
    }

    /// Begins to read a text; nothing of it is looked at before the first `next()`.
    ///
    /// - Parameter bytes: UTF-8 text, which must stay valid as long as the stream is used.
    /// - Throws: `Failure` if there is not enough memory for a parser.
    init(_ bytes: UnsafeBufferPointer<UInt8>) throws(Failure) {
        parser = .allocate(capacity: 1)
        guard yaml_parser_initialize(parser) == 1 else {
            parser.deallocate()
            throw Failure(problem: .outOfMemory)
        }
        // Otherwise libyaml would guess the encoding from the first bytes.
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    /// The next event. After the end of the text it is `streamEnd`, as often as it is asked for.
    ///
    /// - Throws: `Failure` if the text is not YAML at this place; the stream cannot be used afterwards.
    func next() throws(Failure) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else {
            throw Failure(problem: SyntaxProblem(parser.pointee))
        }
        defer { yaml_event_delete(&event) }
        return YAMLEvent(event)
    }
}

/// A place in a text as libyaml counts it: index, line and column all from 0, in Unicode scalars.
struct TextMark: Sendable, Hashable {
    var index: Int
    var line: Int
    var column: Int

    init(_ mark: yaml_mark_t) {
        index = Int(clamping: mark.index)
        line = Int(clamping: mark.line)
        column = Int(clamping: mark.column)
    }

    /// The same place as messages count it, from 1.
    var location: SourceLocation { SourceLocation(line: line + 1, column: column + 1) }
}

/// A copy of one of libyaml's events, with the parts that `SyntaxReader` needs.
struct YAMLEvent {
    /// What the event is. A list or mapping is in the flow style if it is written with brackets.
    enum Kind {
        case streamStart, streamEnd, documentStart, documentEnd, sequenceEnd, mappingEnd
        case alias(String)
        case scalar(String, isPlain: Bool)
        case sequenceStart(isFlow: Bool)
        case mappingStart(isFlow: Bool)
    }

    var kind: Kind
    /// Where the event begins in the text, including an anchor or tag.
    var start: TextMark
    var end: TextMark
    /// The name after `&`; nil if there is none.
    var anchor: String?
    /// In full: `tag:yaml.org,2002:str`, not `!!str`.
    var tag: String?

    fileprivate init(_ event: yaml_event_t) {
        start = TextMark(event.start_mark)
        end = TextMark(event.end_mark)
        switch event.type {
        case YAML_STREAM_START_EVENT: kind = .streamStart
        case YAML_DOCUMENT_START_EVENT: kind = .documentStart
        case YAML_DOCUMENT_END_EVENT: kind = .documentEnd
        case YAML_SEQUENCE_END_EVENT: kind = .sequenceEnd
        case YAML_MAPPING_END_EVENT: kind = .mappingEnd
        case YAML_ALIAS_EVENT: kind = .alias(Self.text(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            kind = .scalar(String(decoding: bytes, as: UTF8.self), isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE)
            anchor = Self.text(scalar.anchor)
            tag = Self.text(scalar.tag)
        case YAML_SEQUENCE_START_EVENT:
            let sequence = event.data.sequence_start
            kind = .sequenceStart(isFlow: sequence.style == YAML_FLOW_SEQUENCE_STYLE)
            anchor = Self.text(sequence.anchor)
            tag = Self.text(sequence.tag)
        case YAML_MAPPING_START_EVENT:
            let mapping = event.data.mapping_start
            kind = .mappingStart(isFlow: mapping.style == YAML_FLOW_MAPPING_STYLE)
            anchor = Self.text(mapping.anchor)
            tag = Self.text(mapping.tag)
        // After the end of the stream libyaml returns events without a type.
        default: kind = .streamEnd
        }
    }

    /// A copy of a text of libyaml's; nil where there is none.
    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }
}

/// Why a text is not YAML, as libyaml puts it: the problem and its place, and the context (a mapping, a list, a text in
/// quotes) with the place where that begins.
struct SyntaxProblem {
    enum Place {
        /// A place by line and column.
        case mark(TextMark)
        /// An offset in bytes from the start of the text, for text that is not UTF-8 or has forbidden characters.
        case byte(Int)
        /// There is none, as where memory ran out.
        case unknown
    }

    var text: String
    var place: Place
    /// What was being read, in libyaml's words, such as `while scanning an alias`; nil if it does not say.
    var context: String?
    /// Where that begins.
    var begun: TextMark?
    /// The ends of the brackets that were open, the outermost first. Of a mapping that a list holds without brackets,
    /// as in `[a: 1]`, it is where its first key begins.
    var brackets: [TextMark] = []

    static let outOfMemory = SyntaxProblem(text: "there is not enough memory to read the text", place: .unknown)

    private init(text: String, place: Place) {
        self.text = text
        self.place = place
    }

    /// - Parameter parser: one that has just failed.
    fileprivate init(_ parser: yaml_parser_t) {
        text = parser.problem.map { String(cString: $0) } ?? "the text cannot be read as YAML"
        switch parser.error {
        case YAML_READER_ERROR:
            place = .byte(Int(clamping: parser.problem_offset))
        case YAML_SCANNER_ERROR, YAML_PARSER_ERROR, YAML_COMPOSER_ERROR:
            place = .mark(TextMark(parser.problem_mark))
            if let words = parser.context {
                context = String(cString: words)
                begun = TextMark(parser.context_mark)
            }
        default:
            self = .outOfMemory
        }
    }
}
