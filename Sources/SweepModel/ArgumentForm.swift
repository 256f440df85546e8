import SweepSearch

/// How `{args}` writes the active parameters, in words behind it: `{args:space:dashes}`.
public struct ArgumentForm: Sendable, Hashable {
    public enum Style: Sendable, Hashable {
        /// `--NAME=VALUE`
        case equals
        /// `--NAME VALUE`, and of a list `--NAME VALUE VALUE …`, as argparse and click take them.
        case space
        /// `NAME=VALUE`, as Hydra takes them.
        case plain
        /// One JSON object.
        case json
        /// The path of a file that holds it.
        case file
    }

    /// What becomes of true and false.
    public enum Flags: Sendable, Hashable {
        /// Values like others.
        case asValues
        /// `--NAME` or nothing.
        case present
        /// `--NAME` or `--no-NAME`.
        case negated
    }

    public var style: Style
    public var flags: Flags
    /// Whether `_` in a name is written `-`.
    public var hasDashes: Bool

    public init(_ style: Style = .equals, flags: Flags = .asValues, hasDashes: Bool = false) {
        self.style = style
        self.flags = flags
        self.hasDashes = hasDashes
    }

    /// Whether all parameters are one text, which may be part of an argument.
    package var isOneText: Bool {
        switch style {
        case .json, .file: true
        case .equals, .space, .plain: false
        }
    }
}

extension ArgumentForm {
    /// The arguments for these parameters in this form; the forms that are one text are made elsewhere.
    ///
    /// - Parameter text: a value as it is written in the sweep file.
    func arguments(
        for parameters: [(name: String, value: ParameterValue)], text: (ParameterValue, _ name: String) -> String
    ) -> [String] {
        parameters.flatMap { name, value -> [String] in
            if style == .plain { return ["\(name)=\(PlainText.text(of: value, text(value, name)))"] }
            let option = hasDashes ? name.replacing("_", with: "-") : name
            switch value {
            // Command lines have no word for it: an option that is not there is the trainer's own default, mostly None.
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

    /// A value that stands alone. argparse takes `-1e-05` for an option, and `-0.00001` for a number.
    private func spaced(_ value: ParameterValue, _ text: String) -> String {
        guard case .number(let number) = value, number < 0, text == value.argument else { return text }
        return Self.withoutExponent(text)
    }

    /// `-1.5e-07` as `-0.00000015`.
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

/// Values as Hydra reads them behind `NAME=`.
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

    /// Whether text needs no quotes: it is not read as anything else, nor as part of what is around it.
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

    /// Between quotes a backslash counts only before a quote, and `${` would be looked up.
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

    /// A key cannot be quoted; what would end it gets a backslash.
    private static func key(_ text: String) -> String {
        text.unicodeScalars.map { $0.isASCII && "\\()[]{}:=, \t".unicodeScalars.contains($0) ? "\\\($0)" : String($0) }
            .joined()
    }
}
