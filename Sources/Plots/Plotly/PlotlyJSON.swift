import Foundation
import JSONWriting

/// Writes JSON. Objects keep the order of their keys, so that the same figure gives the same bytes.
indirect enum PlotlyJSON {
    case string(String)
    case number(Double?)
    case bool(Bool)
    case array([PlotlyJSON])
    case object([(String, PlotlyJSON)])

    static func numbers(_ values: [Double?]) -> PlotlyJSON { .array(values.map { .number($0) }) }
    static func strings(_ values: [String]) -> PlotlyJSON { .array(values.map { .string($0) }) }

    /// JSON knows no NaN and no infinity: both are null, as are values that do not exist.
    var text: String {
        switch self {
        case .string(let string): return Self.quoted(string)
        case .number(let number):
            guard let number, number.isFinite else { return "null" }
            let text = "\(number)"
            return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
        case .bool(let bool): return bool ? "true" : "false"
        case .array(let items): return "[" + items.map(\.text).joined(separator: ",") + "]"
        case .object(let pairs):
            return "{" + pairs.map { Self.quoted($0.0) + ":" + $0.1.text }.joined(separator: ",") + "}"
        }
    }

    /// A string as JSON that may also stand inside of HTML: `<` is escaped, so that no `</script>` can end the element
    /// around it.
    private static func quoted(_ text: String) -> String {
        JSONText.quoted(text).replacing("<", with: "\\u003c")
    }
}
