import Foundation

/// Times in the store: ISO 8601 in UTC to the millisecond, such as `2026-03-01T09:30:00.125Z`. They sort as text, and
/// SQLite's functions of dates read them.
extension Date {
    public var timestamp: String {
        // The format cuts off fractions of a millisecond. A whole number of milliseconds is seldom exact in binary and
        // could lose one, hence the quarter that is added.
        let milliseconds = (timeIntervalSince1970 * 1000).rounded()
        return Date(timeIntervalSince1970: (milliseconds + 0.25) / 1000)
            .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    /// Nil for a text that is not a time in this form.
    init?(timestamp: String) {
        guard let date = try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(timestamp) else {
            return nil
        }
        self = date
    }
}
