/// The tags of YAML's core schema, with which a file states the type of a value: `!!str 1` is text.
enum CoreTag: String, CaseIterable {
    case string = "tag:yaml.org,2002:str"
    case integer = "tag:yaml.org,2002:int"
    case number = "tag:yaml.org,2002:float"
    case boolean = "tag:yaml.org,2002:bool"
    case null = "tag:yaml.org,2002:null"
    case sequence = "tag:yaml.org,2002:seq"
    case mapping = "tag:yaml.org,2002:map"
    /// On a scalar this tag means text; on a list or mapping it changes nothing.
    case nonSpecific = "!"

    /// The tag in the form in which users write it: `!!str`.
    var written: String { Self.written(rawValue) }

    /// A tag in the form in which users write it: `!!str` for `tag:yaml.org,2002:str`; other tags stay as they are.
    static func written(_ tag: String) -> String {
        tag.replacing("tag:yaml.org,2002:", with: "!!", maxReplacements: 1)
    }

    /// What a value with the tag is, in the words of messages.
    var noun: String {
        switch self {
        case .string, .nonSpecific: "text"
        case .integer: "an integer"
        case .number: "a number"
        case .boolean: "true or false"
        case .null: "nothing or 'null'"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }

    /// The value of a scalar with this tag; nil if its text is not of that type.
    ///
    /// With a tag, numbers such as `1_000` and booleans such as `yes` are accepted too. Without a tag they have these
    /// types only in YAML 1.1; here the tag leaves no doubt.
    ///
    ///     CoreTag.integer.value(of: "1_000")      // .integer(1000)
    ///     CoreTag.integer.value(of: "1.5")        // nil
    ///     CoreTag.number.value(of: "1")           // .number(1.0)
    ///     CoreTag.boolean.value(of: "yes")        // .boolean(true)
    func value(of text: String) -> ConfigNode.Value? {
        switch self {
        case .string, .nonSpecific: return .string(text)
        case .null:
            return ConfigNode.Value.plain(text) == .null ? .null : nil
        case .boolean:
            if case .boolean(let flag) = ConfigNode.Value.plain(text) { return .boolean(flag) }
            return switch text {
            case "yes", "Yes", "YES", "on", "On", "ON": .boolean(true)
            case "no", "No", "NO", "off", "Off", "OFF": .boolean(false)
            default: nil
            }
        case .integer:
            switch ConfigNode.Value.plain(Self.withoutUnderscores(text)) {
            case .integer(let number): return .integer(number)
            // An integer that does not fit in 64 bits is read as a number.
            case .number(let number) where text.utf8.allSatisfy({ $0 != UInt8(ascii: ".") && $0 | 0x20 != 0x65 }):
                return number.isFinite ? .number(number) : nil
            case .null, .boolean, .number, .string, .sequence, .mapping: return nil
            }
        case .number:
            switch ConfigNode.Value.plain(Self.withoutUnderscores(text)) {
            case .integer(let number): return .number(Double(number))
            case .number(let number): return .number(number)
            case .null, .boolean, .string, .sequence, .mapping: return nil
            }
        case .sequence, .mapping: return nil
        }
    }

    /// The text of a number without the underscores between its digits. One at the beginning stays: `_1` is no number.
    private static func withoutUnderscores(_ text: String) -> String {
        text.first?.isASCII == true && text.first != "_" ? text.replacing("_", with: "") : text
    }
}
