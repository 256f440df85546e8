import JSONWriting

/// What a trainer says on one line of standard output: numbers by name, and the step they belong to. The planner reads
/// reports from everything a trainer prints; a trainer written in Swift prints them with `line`.
///
///     let report = MetricReport(line: #"{"step": 3, "val_accuracy": 0.91, "note": "warm-up"}"#.utf8)
///     report?.step             // 3
///     report?["val_accuracy"]  // 0.91
///     report?["note"]          // nil: not a number
///
/// Every numeric value is kept, those of an object in the object under both names: `{"val": {"loss": 0.3}}` has
/// `val.loss`. Text, booleans, null and lists are skipped. Besides JSON's numbers, the spellings that programming
/// languages print for non-finite ones are read: `NaN`, `nan`, `Infinity`, `inf`, with or without a sign, bare or in
/// quotes. A number beyond the range of a Double is infinite.
///
/// A line is a report if it is one JSON object, or other text that ends with one: `INFO:root:{"loss": 0.5}`. If the
/// line overwrote itself, as progress bars do, only what follows the last carriage return counts; colours and a byte
/// order mark are ignored. Any other line is ordinary log output.
///
/// A step is a whole number, which may be negative and may be written as `3.0` or `1e3`. Any other value (`1.5`,
/// `"3"`, `1e400`) is ignored, as if the report had no step: see `hasUnusableStep`.
public struct MetricReport: Sendable, Hashable {
    /// One named number of a report; the value may be infinite or NaN.
    public struct Metric: Sendable, Hashable {
        public var name: String
        public var value: Double

        public init(_ name: String, _ value: Double) {
            self.name = name
            self.value = value
        }
    }

    /// Nil if the trainer gives no step; the reader of the reports then numbers them.
    public var step: Int?
    /// Whether the trainer gave a step that is not a whole number, so that its user can be told.
    public var hasUnusableStep: Bool
    /// In the order of the line. If a name occurs twice, it keeps its first place and has its last value.
    public var metrics: [Metric]

    /// A report of these metrics, whose names must differ.
    public init(step: Int? = nil, hasUnusableStep: Bool = false, metrics: [Metric]) {
        self.step = step
        self.hasUnusableStep = hasUnusableStep
        self.metrics = metrics
    }

    /// The value of the metric with this name; nil if the report does not have it.
    public subscript(name: String) -> Double? {
        metrics.first { $0.name == name }?.value
    }

    /// Reads a line, given without its line end; nil if it is ordinary log output, or an object with no number but a
    /// step.
    public init?(line: some BidirectionalCollection<UInt8>) {
        guard let text = ReportLine.text(of: line) else { return nil }
        var scanner = ReportScanner(text)
        guard case .object(let report?, _) = scanner.lastObject() else { return nil }
        self = report
    }

    /// The bytes of the JSON object with which a line ends, whether or not it holds a number; nil if there is none.
    ///
    /// With it, a trainer that reports text where a number is expected can be told so.
    public static func object(in line: some BidirectionalCollection<UInt8>) -> [UInt8]? {
        guard let text = ReportLine.text(of: line) else { return nil }
        var scanner = ReportScanner(text)
        guard case .object(_, let place) = scanner.lastObject() else { return nil }
        return Array(text[place...])
    }

    /// The report as a line of JSON, without a line end. Numbers have the fewest digits that read back as the same
    /// Double, and non-finite ones are written as Python does: `NaN`, `Infinity`.
    public var line: String {
        var fields = metrics.map { "\(JSONText.quoted($0.name)): \(Self.number($0.value))" }
        if let step { fields.insert("\"step\": \(step)", at: 0) }
        return "{" + fields.joined(separator: ", ") + "}"
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
        return value.description
    }
}
