import SweepSearch

/// How the placeholder `{args}` writes the active parameters. The form is given by words after it:
/// `{args:space:dashes}`.
///
/// Trainers differ in the options they take. For `lr_max` = 0.1 and `bias` = true:
///
///     {args}                       --lr_max=0.1 --bias=true
///     {args:space:dashes:flags}    --lr-max 0.1 --bias
///     {args:plain}                 lr_max=0.1 bias=true
///     {args:json}                  {"lr_max": 0.1, "bias": true}
public struct ArgumentForm: Sendable, Hashable {
    /// How a name and its value become arguments.
    public enum Style: Sendable, Hashable {
        /// `--NAME=VALUE`
        case equals
        /// `--NAME VALUE`, and for a list `--NAME VALUE VALUE …`, as argparse and click read them.
        case space
        /// `NAME=VALUE`, as Hydra reads them.
        case plain
        /// One JSON object with all parameters.
        case json
        /// The path of a file that holds this object.
        case file
    }

    /// How true and false are written.
    public enum Flags: Sendable, Hashable {
        /// Like any other value: `--NAME=true`.
        case asValues
        /// `--NAME` for true, and nothing for false.
        case present
        /// `--NAME` for true, and `--no-NAME` for false.
        case negated
    }

    public var style: Style
    public var flags: Flags
    /// Whether `_` in a name becomes `-`, the usual form of options.
    public var hasDashes: Bool

    public init(_ style: Style = .equals, flags: Flags = .asValues, hasDashes: Bool = false) {
        self.style = style
        self.flags = flags
        self.hasDashes = hasDashes
    }

    /// Whether all parameters become one text. Only then may the placeholder be a part of an argument.
    package var isOneText: Bool {
        switch style {
        case .json, .file: true
        case .equals, .space, .plain: false
        }
    }
}

extension ArgumentForm {
    /// The arguments for these parameters. Not for the forms `json` and `file`, which are one text and are made by
    /// `CommandTemplate`.
    ///
    /// - Parameter text: gives a value with the spelling of the sweep file.
    func arguments(
        for parameters: [(name: String, value: ParameterValue)], text: (ParameterValue, _ name: String) -> String
    ) -> [String] {
        parameters.flatMap { name, value -> [String] in
            if style == .plain { return ["\(name)=\(PlainText.text(of: value, text(value, name)))"] }
            let option = hasDashes ? name.replacing("_", with: "-") : name
            switch value {
            // Command lines have no word for null. Without the option the trainer uses its default, which is mostly
            // None.
            case .null: return []
            case .boolean(let flag) where flags != .asValues:
                return flag ? ["--\(option)"] : flags == .negated ? ["--no-\(option)"] : []
            case .list(let elements) where style == .space:
                return ["--\(option)"] + elements.map { spaced($0, $0.argument) }
            case .integer, .number, .string, .boolean, .largeInteger, .list, .mapping:
                let text = text(value, name)
                return style == .space ? ["--\(option)", spaced(value, text)] : ["--\(option)=\(text)"]
            }
        }
    }

    /// A value that is an argument of its own. Negative numbers lose their exponent: argparse takes `-1e-05` for an
    /// option, and `-0.00001` for a number.
    private func spaced(_ value: ParameterValue, _ text: String) -> String {
        guard case .number(let number) = value, number < 0, text == value.argument else { return text }
        return Self.withoutExponent(text)
    }

    /// The same number without an exponent: `-1.5e-07` becomes `-0.00000015`. It moves the point in the text, so that
    /// no digit changes.
    static func withoutExponent(_ text: String) -> String {
        let parts = text.split(separator: "e")
        guard parts.count == 2, let exponent = Int(parts[1]) else { return text }
        let isNegative = parts[0].hasPrefix("-")
        let mantissa = parts[0].drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
        let whole = String(mantissa[0])
        let fraction = mantissa.count > 1 && mantissa[1] != "0" ? String(mantissa[1]) : ""
        let digits = whole + fraction
        let point = whole.count + exponent
        let plain: String
        if point <= 0 {
            plain = "0.\(String(repeating: "0", count: -point))\(digits)"
        } else if point >= digits.count {
            plain = "\(digits)\(String(repeating: "0", count: point - digits.count)).0"
        } else {
            plain = "\(digits.prefix(point)).\(digits.dropFirst(point))"
        }
        return (isNegative ? "-" : "") + plain
    }
}

/// Values in the grammar that Hydra reads after `NAME=`.
private enum PlainText {
    static func text(of value: ParameterValue, _ written: String, isInside: Bool = false) -> String {
        switch value {
        case .null: "null"
        case .integer, .number, .boolean, .largeInteger: written
        case .string(let text): isWord(text, isInside: isInside) ? text : quoted(text)
        case .list(let elements):
            "[" + elements.map { text(of: $0, $0.argument, isInside: true) }.joined(separator: ",") + "]"
        case .mapping(let entries):
            "{"
                + entries.map { "\(key($0.key)):\(text(of: $0.value, $0.value.argument, isInside: true))" }
                .joined(separator: ",") + "}"
        }
    }

    /// Whether a text needs no quotes: Hydra would neither read it as another kind of value nor end it early.
    private static func isWord(_ text: String, isInside: Bool) -> Bool {
        if text.isEmpty || ["null", "true", "false", "nan", "inf"].contains(text.lowercased()) { return false }
        let number = text.replacing("_", with: "")
        if Double(number) != nil || number.isEmpty { return false }
        return text.utf8.allSatisfy { isLetterOrDigit($0) || (isInside ? "_-/." : "_-/.+:").utf8.contains($0) }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    /// The text in single quotes. Inside them a backslash is special only before a quote, and `${` would begin an
    /// interpolation, so these get a backslash.
    private static func quoted(_ text: String) -> String {
        var result = "'"
        var backslashes = 0
        let characters = Array(text.unicodeScalars)
        for (position, character) in characters.enumerated() {
            if character == "'" { result += String(repeating: "\\", count: backslashes + 1) }
            if character == "$", position + 1 < characters.count, characters[position + 1] == "{" { result += "\\" }
            result.unicodeScalars.append(character)
            backslashes = character == "\\" ? backslashes + 1 : 0
        }
        return result + String(repeating: "\\", count: backslashes) + "'"
    }

    /// The key of a mapping. Keys cannot be quoted; each character that would end one gets a backslash.
    private static func key(_ text: String) -> String {
        text.unicodeScalars.map { $0.isASCII && "\\()[]{}:=, \t".unicodeScalars.contains($0) ? "\\\($0)" : String($0) }
            .joined()
    }
}
