import Foundation

/// Numbers as people read them: "0.25", "5e-5", "1h30m". The forms are those of YAML files and command lines,
/// so that a value can be copied from a chart into a sweep file.
enum NumberText {
    /// A number with as many decimals as its axis needs: "0.25", "1200", "5e-5", "2.5e7".
    static func plain(_ value: Double, decimals: Int) -> String {
        let size = abs(value)
        if size != 0 && (size >= 1e6 || size < 1e-4) { return exponential(value, digits: 2) }
        return String(format: "%.\(min(max(decimals, 0), 12))f", value == 0 ? 0 : value)
    }

    /// A number in about three significant digits, for texts beside marks.
    static func short(_ value: Double) -> String {
        guard value.isFinite else { return "-" }
        let size = abs(value)
        if size == 0 { return "0" }
        if size >= 1e5 || size < 1e-3 { return exponential(value, digits: 2) }
        let decimals = max(0, 2 - Int(log10(size).rounded(.down)))
        let text = String(format: "%.\(decimals)f", value)
        guard text.contains(".") else { return text }
        return trimmed(text)
    }

    /// "5e-5" and not "5.00e-05".
    static func exponential(_ value: Double, digits: Int) -> String {
        let parts = String(format: "%.\(digits)e", value).split(separator: "e")
        guard parts.count == 2, let exponent = Int(parts[1]) else { return String(value) }
        let mantissa = parts[0].contains(".") ? trimmed(String(parts[0])) : String(parts[0])
        return "\(mantissa)e\(exponent)"
    }

    /// Seconds as "0", "0.5s", "1m30s", "2h", "1d12h": in as many units as a step needs.
    static func time(_ seconds: Double, step: Double) -> String {
        let size = abs(seconds)
        let sign = seconds < 0 ? "-" : ""
        if size == 0 { return "0" }
        if step < 1 || size < 1 {
            return sign + String(format: "%.\(decimals(ofStep: step))f", size) + "s"
        }
        if size >= 1e11 {
            return sign + exponential(size / 86_400, digits: digits(of: size / 86_400, step: step / 86_400)) + "d"
        }
        var rest = Int(size.rounded())
        var text = ""
        for (unit, name) in [(86_400, "d"), (3_600, "h"), (60, "m"), (1, "s")] where rest >= unit {
            text += "\(rest / unit)\(name)"
            rest %= unit
        }
        return sign + text
    }

    /// How many decimals the multiples of a step have, twelve at most: one for 0.1, 0.2 and 0.5.
    static func decimals(ofStep step: Double) -> Int {
        guard step > 0, step.isFinite else { return 0 }
        // A step of 0.1 out of a computation may be a little less than that, and has one decimal all the same.
        return Int(min(max((-log10(step) - 1e-9).rounded(.up), 0), 12))
    }

    /// How many digits after the first tell multiples of a step apart.
    static func digits(of value: Double, step: Double) -> Int {
        guard value > 0, step > 0 else { return 0 }
        let digits = log10(value).rounded(.down) - (log10(step) + 1e-9).rounded(.down)
        return Int(min(max(digits, 0), 15))
    }

    private static func trimmed(_ text: String) -> String {
        var text = text
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }
}
