import SweepSearch

#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

/// Values as YAML on one line.
enum ValueText {
    static func string(_ text: String) -> String { ParameterValue.string(text).description }

    /// A number with the fewest digits that read back the same, a whole one of moderate size without a fraction.
    static func number(_ number: Double) -> String {
        if let whole = Int(exactly: number), whole.magnitude < 1_000_000_000_000_000 { return String(whole) }
        return number.description
    }

    /// A number without the error of adding up steps: with at most 12 digits.
    static func rounded(_ number: Double) -> String {
        guard number != 0, number.isFinite else { return "0" }
        let digits = 11 - Int(log10(number.magnitude).rounded(.down))
        let scaled = (number * pow(10, Double(digits))).rounded()
        guard let whole = Int(exactly: scaled) else { return number.description }
        return "\(whole)e\(-digits)"
    }

    static func list(_ texts: [String]) -> String { "[\(texts.joined(separator: ", "))]" }

    /// A mapping, as most definitions and sections of a sweep file are.
    static func mapping(_ pairs: [(key: String, text: String)]) -> String {
        "{" + pairs.map { "\(string($0.key)): \($0.text)" }.joined(separator: ", ") + "}"
    }
}

/// The definition of a parameter in a sweep file: `{type: int, min: 1, max: 8}`.
struct Definition {
    var type: String
    var settings: [(key: String, text: String)]
    /// What the numbers come from, such as `e^-9.2 to e^-2.3`.
    var remark: String?
    var comments: [String] = []

    init(_ type: String, _ settings: [(key: String, text: String)], remark: String? = nil, comments: [String] = []) {
        self.type = type
        self.settings = settings
        self.remark = remark
        self.comments = comments
    }

    static func range(_ type: String, _ min: String, _ max: String, remark: String? = nil) -> Definition {
        Definition(type, [("min", min), ("max", max)], remark: remark)
    }

    static func constant(_ text: String) -> Definition { Definition("constant", [("value", text)]) }

    static func choice(_ texts: [String]) -> Definition { Definition("choice", [("values", ValueText.list(texts))]) }

    /// The line of a parameter of this name.
    func line(_ name: String) -> OutlineLine { OutlineLine(name, self) }
}
