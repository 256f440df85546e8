import Foundation

/// Numbers as tables show them.
enum NumberText {
    /// Three significant digits: `0.0174`, `1.2e-05`, `87.3`.
    static func short(_ value: Double) -> String {
        value.isFinite ? String(format: "%.3g", value) : value.isNaN ? "–" : value > 0 ? "∞" : "−∞"
    }

    static func short(_ value: Double?) -> String { value.map(short) ?? "–" }

    /// `never` where there is none.
    static func step(_ value: Int?) -> String { value.map(String.init) ?? "never" }
}
