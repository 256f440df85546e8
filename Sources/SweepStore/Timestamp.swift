import Foundation

/// Times in the store: ISO 8601 in UTC to the millisecond, which sort as text and which SQLite's functions read.
extension Date {
    public var timestamp: String {
        formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    init?(timestamp: String) {
        guard let date = try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(timestamp) else {
            return nil
        }
        self = date
    }
}
