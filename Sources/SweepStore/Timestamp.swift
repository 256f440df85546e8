import Foundation

/// Times in the store: ISO 8601 in UTC to the millisecond, which sort as text and which SQLite's functions read.
extension Date {
    public var timestamp: String {
        // The format cuts off what is less than a millisecond, and a whole number of them is seldom exact.
        let milliseconds = (timeIntervalSince1970 * 1000).rounded()
        return Date(timeIntervalSince1970: (milliseconds + 0.25) / 1000)
            .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    init?(timestamp: String) {
        guard let date = try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(timestamp) else {
            return nil
        }
        self = date
    }
}
