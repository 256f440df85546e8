import Foundation
import SweepModel
import SweepStore
import Testing

/// Times as the store writes them, compared with Foundation's.
@Suite struct TimestampTests {
    private static func reference(_ date: Date) -> String {
        let milliseconds = (date.timeIntervalSince1970 * 1000).rounded()
        return Date(timeIntervalSince1970: (milliseconds + 0.25) / 1000)
            .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    @Test func `every day of a cycle of 400 years is written as Foundation writes it`() {
        // One time of each third day, at another time of the day each: days, leap years and milliseconds.
        for day in stride(from: -135_000, to: 146_097, by: 3) {
            let date = Date(timeIntervalSince1970: Double(day) * 86_400 + Double((day * 7919) & 0xFFFF) * 1.317)
            #expect(date.timestamp == Self.reference(date))
        }
    }

    @Test func `fractions are rounded to milliseconds, also into the next day`() {
        for (seconds, text) in [
            (0.0, "1970-01-01T00:00:00.000Z"), (86_399.9996, "1970-01-02T00:00:00.000Z"),
            (-0.001, "1969-12-31T23:59:59.999Z"), (951_782_400.1234, "2000-02-29T00:00:00.123Z"),
            (1_709_210_096.125, "2024-02-29T12:34:56.125Z"), (4_107_542_399, "2100-02-28T23:59:59.000Z"),
        ] {
            #expect(Date(timeIntervalSince1970: seconds).timestamp == text)
        }
    }

    @Test func `times are read back from the database as they were written`() async throws {
        let sweep = try StoredSweep()
        var created: [Date] = []
        for (number, seconds) in [0.0, 0.001, 951_782_400.123, -86_400.5, 4_107_542_399.999, 1_772_357_400.5]
            .enumerated()
        {
            var trial = StoredSweep.trial(number)
            trial.created = Date(timeIntervalSince1970: seconds)
            created.append(trial.created)
            try await sweep.store.plan(trial)
        }
        #expect(try sweep.store.trials().map(\.created.timestamp) == created.map(\.timestamp))
    }
}
