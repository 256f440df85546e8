import Foundation

/// Numbers as people read them in a table.
enum NumberText {
    /// A loss: four decimals, so that the points of a column are below each other; with an exponent where that would
    /// show nothing of it, or too much.
    static func loss(_ value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
        let isPlain = value == 0 || (0.001..<10_000).contains(abs(value))
        return String(format: isPlain ? "%.4f" : "%.2e", value)
    }

    /// A part of 1 as percent.
    static func percent(_ value: Double) -> String {
        value.isFinite ? String(format: "%.2f %%", 100 * value) : "nan"
    }

    /// Up to four digits, without zeros at the end: of a learning rate.
    static func short(_ value: Double) -> String { String(format: "%.4g", value) }

    static func seconds(_ value: Double) -> String {
        value.isFinite ? String(format: value < 10_000 ? "%.2f" : "%.0f", value) : "nan"
    }

    /// `412 steps/s`; of slow steps `3.1 s/step`.
    static func rate(_ stepsPerSecond: Double) -> String {
        switch stepsPerSecond {
        case 100...: String(format: "%.0f steps/s", stepsPerSecond)
        case 10...: String(format: "%.1f steps/s", stepsPerSecond)
        case 1...: String(format: "%.2f steps/s", stepsPerSecond)
        case 1e-9...: String(format: "%.1f s/step", 1 / stepsPerSecond)
        default: ""
        }
    }

    /// `7s`, `1m 24s`, `2h 05m`, `3d 4h`.
    static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e9 else { return "?" }
        let whole = Int(max(0, seconds).rounded(.up))
        let (minutes, hours, days) = (whole / 60, whole / 3600, whole / 86_400)
        if days > 0 { return "\(days)d \(hours % 24)h" }
        if hours > 0 { return String(format: "%dh %02dm", hours, minutes % 60) }
        if minutes > 0 { return String(format: "%dm %02ds", minutes, whole % 60) }
        return "\(whole)s"
    }
}
