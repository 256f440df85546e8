import CYAML

/// Writes a YAML text with libyaml's emitter, one event after the other.
///
///     let emitter = YAMLEmitter()
///     for event in [.start, .mapping, .scalar("lr", .plainIfPossible), .scalar("0.1", .plain), .mappingEnd, .end]
///         as [YAMLEmitter.Event]
///     {
///         emitter.emit(event)
///     }
///     emitter.text                // "lr: 0.1\n"
///
/// It cannot be copied, since two copies would delete one emitter twice.
struct YAMLEmitter: ~Copyable {
    /// Whether a scalar is written in quotes.
    enum ScalarStyle {
        /// Without quotes: the caller knows that the text reads back as the right value.
        case plain
        /// Without quotes if the emitter finds that the characters allow it.
        case plainIfPossible
        /// In single quotes, or in double quotes where the emitter finds characters that must be escaped.
        case quoted
    }

    enum Event {
        /// The beginning and the end of the whole text.
        case start, end
        case scalar(String, ScalarStyle)
        /// The beginning of a list: in brackets on one line, or with a line for each element.
        case sequence(isFlow: Bool)
        case sequenceEnd
        /// The beginning of a mapping, whose keys and values follow in turn, and its end.
        case mapping, mappingEnd
    }

    /// The text so far. A class, because libyaml's callback can carry only a pointer.
    private final class Output {
        var bytes: [UInt8] = []
    }

    private let emitter: UnsafeMutablePointer<yaml_emitter_t>
    private let output = Output()
    /// False if there was no memory for an emitter; the text is then empty.
    private let works: Bool

    /// An emitter that writes Unicode as it is and never breaks long lines: a break inside a text would be read as a
    /// space.
    init() {
        emitter = .allocate(capacity: 1)
        works = yaml_emitter_initialize(emitter) == 1
        guard works else { return }
        yaml_emitter_set_output(
            emitter,
            { output, buffer, size in
                guard let output, let buffer else { return 0 }
                let bytes = UnsafeBufferPointer(start: buffer, count: size)
                Unmanaged<Output>.fromOpaque(output).takeUnretainedValue().bytes.append(contentsOf: bytes)
                return 1
            }, Unmanaged.passUnretained(output).toOpaque())
        yaml_emitter_set_width(emitter, -1)
        yaml_emitter_set_unicode(emitter, 1)
    }

    deinit {
        if works { yaml_emitter_delete(emitter) }
        emitter.deallocate()
    }

    /// What has been written so far. The emitter holds some of it back until the event `end`.
    var text: String { String(decoding: output.bytes, as: UTF8.self) }

    /// Writes one event. The caller must give events in an order that makes up a text: the emitter fails only for a
    /// wrong order, or for lack of memory.
    func emit(_ event: Event) {
        switch event {
        case .start:
            emit { yaml_stream_start_event_initialize(&$0, YAML_UTF8_ENCODING) }
            emit { yaml_document_start_event_initialize(&$0, nil, nil, nil, 1) }
        case .end:
            emit { yaml_document_end_event_initialize(&$0, 1) }
            emit { yaml_stream_end_event_initialize(&$0) }
        case .scalar(var text, let style):
            let cStyle =
                switch style {
                case .plain: YAML_PLAIN_SCALAR_STYLE
                case .plainIfPossible: YAML_ANY_SCALAR_STYLE
                case .quoted: YAML_SINGLE_QUOTED_SCALAR_STYLE
                }
            emit { event in
                text.withUTF8 { bytes in
                    yaml_scalar_event_initialize(
                        &event, nil, nil, bytes.baseAddress, Int32(clamping: bytes.count), 1, 1, cStyle)
                }
            }
        case .sequence(let isFlow):
            let style = isFlow ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE
            emit { yaml_sequence_start_event_initialize(&$0, nil, nil, 1, style) }
        case .sequenceEnd: emit { yaml_sequence_end_event_initialize(&$0) }
        case .mapping: emit { yaml_mapping_start_event_initialize(&$0, nil, nil, 1, YAML_BLOCK_MAPPING_STYLE) }
        case .mappingEnd: emit { yaml_mapping_end_event_initialize(&$0) }
        }
    }

    /// Passes an event on to libyaml, once it is made; nothing happens if there was no memory for it.
    private func emit(_ initialize: (inout yaml_event_t) -> Int32) {
        var event = yaml_event_t()
        // The emitter becomes the owner of the event, and deletes it even if it fails.
        if works, initialize(&event) == 1 { _ = yaml_emitter_emit(emitter, &event) }
    }
}
