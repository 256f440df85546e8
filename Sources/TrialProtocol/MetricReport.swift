/// What a trainer says on one line of standard output: numbers by name, and the step they belong to.
///
///     {"step": 3, "val_accuracy": 0.91, "train_loss": 0.2}
///
/// In a report every numeric value is kept; text, booleans, null, lists and objects are passed over. Beyond JSON, the
/// non-numbers that languages print are read as what they are: `NaN`, `nan`, `Infinity`, `inf`, with or without a sign,
/// bare or in quotes. A number beyond the range of a Double is infinite.
///
/// A line is a report if it is one JSON object, or other text that ends with one: `INFO:root:{"loss": 0.5}`. Of a
/// line that was written over itself that is what follows the last carriage return; colours and a byte order mark do
/// not count. Any other line is log.
///
/// A step is a whole number, which may be negative and may be written as `3.0` or `1e3`. Any other (`1.5`, `"3"`,
/// `1e400`) is passed over, and the report counts on as if it had none: see `hasUnusableStep`.
public struct MetricReport: Sendable, Hashable {
    public struct Metric: Sendable, Hashable {
        public var name: String
        public var value: Double

        public init(_ name: String, _ value: Double) {
            self.name = name
            self.value = value
        }
    }

    /// Nil where the trainer does not count; the reader then counts for it.
    public var step: Int?
    /// Whether the trainer gave a step that is no whole number.
    public var hasUnusableStep: Bool
    /// In the order of the line; of a name that comes twice, the last value.
    public var metrics: [Metric]

    public init(step: Int? = nil, hasUnusableStep: Bool = false, metrics: [Metric]) {
        self.step = step
        self.hasUnusableStep = hasUnusableStep
        self.metrics = metrics
    }

    public subscript(name: String) -> Double? {
        metrics.first { $0.name == name }?.value
    }

    /// Reads a line, without its line end; nil if it is log, or an object without a number in it.
    public init?(line: some BidirectionalCollection<UInt8>) {
        guard let text = ReportLine.text(of: line) else { return nil }
        var scanner = ReportScanner(text)
        guard case .object(let report?, _) = scanner.lastObject() else { return nil }
        self = report
    }

    /// The JSON object that makes a line a report, or that would if there were a number in it; nil if there is none.
    public static func object(in line: some BidirectionalCollection<UInt8>) -> [UInt8]? {
        guard let text = ReportLine.text(of: line) else { return nil }
        var scanner = ReportScanner(text)
        guard case .object(_, let place) = scanner.lastObject() else { return nil }
        return Array(text[place...])
    }

    /// The report as a line of JSON, without a line end; numbers with the fewest digits that read back the same.
    public var line: String {
        var fields = metrics.map { "\(Self.quoted($0.name)): \(Self.number($0.value))" }
        if let step { fields.insert("\"step\": \(step)", at: 0) }
        return "{" + fields.joined(separator: ", ") + "}"
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
        return value.description
    }

    /// `text` as a JSON string, in quotes. Characters that a terminal would obey or not show are escaped, so that the
    /// result may be printed as it is.
    ///
    /// JSON of values of our own is written by `ConfigNode.json` in ConfigFile, by the same rules. This module cannot
    /// import that one: it rests on no other, so that neither the store nor a trainer needs a YAML parser.
    public static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case let hidden where hidden.isHiddenOnTerminal:
                for unit in String(hidden).utf16 {
                    let digits = String(unit, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
