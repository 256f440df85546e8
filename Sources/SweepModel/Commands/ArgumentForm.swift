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
///     {args:python}                --lr_max=0.1 --bias=True
public struct ArgumentForm: Sendable, Hashable {
    /// How a name and its value become arguments.
    public enum Style: Sendable, Hashable {
        /// `--NAME=VALUE`
        case equals
        /// `--NAME VALUE`, and for a list `--NAME VALUE VALUE …`, as argparse and click read them.
        case space
        /// `NAME=VALUE`, as Hydra reads them.
        case plain
        /// `+NAME=VALUE`, with which Hydra adds to a configuration.
        case append
        /// `++NAME=VALUE`, with which Hydra adds to a configuration or changes it.
        case override
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

    /// How values are spelled.
    public enum Spelling: Sendable, Hashable {
        /// As the sweep file has them, lists and mappings as JSON; for Hydra in its own grammar.
        case written
        /// As Python prints them: `True`, `None`, `[32, 'a']`, as agents of W&B pass them on.
        case python
    }

    public var style: Style
    public var flags: Flags
    public var spelling: Spelling
    /// Whether parameters whose names begin alike before a dot are one mapping: `opt.lr` and `opt.name` become
    /// `--opt={"lr":0.1,"name":"sgd"}`.
    public var isNested: Bool
    /// Whether `_` in a name becomes `-`, the usual form of options.
    public var hasDashes: Bool

    public init(
        _ style: Style = .equals, flags: Flags = .asValues, hasDashes: Bool = false, spelling: Spelling = .written,
        isNested: Bool = false
    ) {
        self.style = style
        self.flags = flags
        self.hasDashes = hasDashes
        self.spelling = spelling
        self.isNested = isNested
    }

    /// Whether all parameters become one text. Only then may the placeholder be a part of an argument.
    package var isOneText: Bool {
        switch style {
        case .json, .file: true
        case .equals, .space, .plain, .append, .override: false
        }
    }

    /// What stands before the name where Hydra reads it; nil for the other styles.
    private var hydraPrefix: String? {
        switch style {
        case .plain: ""
        case .append: "+"
        case .override: "++"
        case .equals, .space, .json, .file: nil
        }
    }
}

extension ArgumentForm {
    /// The arguments for these parameters. Not for the forms `json` and `file`, which are one text and are made by
    /// `CommandTemplate`.
    ///
    /// - Parameter written: how the sweep file spells the values.
    func arguments(
        for parameters: [(name: String, value: ParameterValue)], written: WrittenValues
    ) -> [String] {
        let parameters = isNested ? ParameterValue.nested(parameters) : parameters
        return parameters.flatMap { name, value -> [String] in
            if let hydraPrefix {
                let text =
                    spelling == .python
                    ? PythonText.text(of: value) : PlainText.text(of: value, written.text(of: value, of: name))
                return ["\(hydraPrefix)\(name)=\(text)"]
            }
            let option = hasDashes ? name.replacing("_", with: "-") : name
            if case .boolean(let flag) = value, flags != .asValues {
                return flag ? ["--\(option)"] : flags == .negated ? ["--no-\(option)"] : []
            }
            if spelling == .python {
                let text = PythonText.text(of: value)
                return style == .space ? ["--\(option)", spaced(value, text)] : ["--\(option)=\(text)"]
            }
            switch value {
            // Command lines have no word for null. Without the option the trainer uses its default, which is mostly
            // None.
            case .null: return []
            case .list(let elements) where style == .space:
                return ["--\(option)"] + zip(elements, written.texts(of: elements, of: name)).map(spaced)
            case .integer, .number, .string, .boolean, .largeInteger, .list, .mapping:
                let text = written.text(of: value, of: name)
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
